// Detects that the server has culled the page's kernel, and reloads when the visitor is back. The
// state is in the URL.

const PERIOD_MS = 60_000;
const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
const kernel = `${config.baseUrl}api/kernels/${config.kernelId}`;

async function isCulled() {
  const response = await fetch(kernel).catch(() => null); // null: the server is down, wait for it
  return response?.status === 404;
}

// A page that was just opened has its kernel, unless another tab got the cookie at the same time,
// or the browser keeps no cookies.
if (await isCulled()) {
  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation.type !== "reload") location.reload();
  document.querySelector("#loading p").textContent = "This dashboard needs cookies.";
}

const timer = setInterval(async () => {
  if (!(await isCulled())) return;
  clearInterval(timer);
  document.body.dataset.idle = "";
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, () => location.reload());
}, PERIOD_MS);

document.addEventListener("visibilitychange", async () => {
  if (!document.hidden && (await isCulled())) location.reload();
});
