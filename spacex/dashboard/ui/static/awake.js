// Notices that the page's kernel has been ended for want of use, and starts anew when the visitor
// is back: what was chosen stands in the address.

const PERIOD_MS = 60_000;
const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
const kernel = `${config.baseUrl}api/kernels/${config.kernelId}`;

async function isGone() {
  const answer = await fetch(kernel).catch(() => null); // null: the server is away, wait for it
  return answer?.status === 404;
}

const looking = setInterval(async () => {
  if (!(await isGone())) return;
  clearInterval(looking);
  document.body.dataset.asleep = "";
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, () => location.reload());
}, PERIOD_MS);

document.addEventListener("visibilitychange", async () => {
  if (!document.hidden && (await isGone())) location.reload();
});
