// A page whose kernel or server is lost ignores its controls. It says so, takes no more input, and
// reloads as soon as it can: at once if someone is there, else when the visitor is back. The state is
// in the URL. While the kernel is busy with a choice, the figures are still those of before: the page
// is marked as busy, and says so if that takes long.

const PERIOD_MS = 3_000;
const PRESENT_MS = 15 * 60_000; // so long after the last input, someone may still be reading
const MOST_RELOADS = 3; // in a minute, or a kernel that dies at once would reload its page forever
const USES = ["pointerdown", "keydown", "wheel"];
const BUSY_MS = 1_000;
const LATE_MS = 4_500;
const LATE = "The dashboard is busy: the figures are still those of before your last choice.";

const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
const kernel = `${config.baseUrl}api/kernels/${config.kernelId}`;
const notice = document.getElementById("lost");
const main = document.querySelector("main");
let lastUse = Date.now();
let isLost = false;
let isLate = false; // the response to a choice

async function status() {
  return (await fetch(kernel).catch(() => null))?.status; // undefined: the server is down
}

function say(text) {
  notice.textContent = text || (isLate ? LATE : "");
  notice.hidden = !notice.textContent;
  main.inert = Boolean(text);
}

function showWait({ detail: waited }) {
  main.ariaBusy = String(waited > BUSY_MS);
  if (isLate === (waited > LATE_MS)) return;
  isLate = !isLate;
  if (!main.inert) say("");
}

function reload() {
  const reloads = JSON.parse(sessionStorage.getItem("reloads") ?? "[]");
  const recent = reloads.filter((time) => time > Date.now() - 60_000);
  if (recent.length >= MOST_RELOADS) return wait("This page keeps losing its connection.");
  sessionStorage.setItem("reloads", JSON.stringify([...recent, Date.now()]));
  say("This page lost its connection. It reloads …");
  setTimeout(() => location.reload(), 500); // time to see what happens
}

function wait(reason) {
  say(`${reason} Click to reload it.`);
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, () => location.reload());
}

async function check() {
  if (isLost || document.hidden) return;
  const found = await status();
  if (found === 404) {
    isLost = true;
    if (Date.now() - lastUse < PRESENT_MS) reload();
    else wait("This page was idle for too long.");
  } else if (found !== 200) {
    say("The server cannot be reached. The page comes back with it; its figures are those of before.");
  } else {
    say("");
  }
}

// A page that was just opened has its kernel, unless another tab got the cookie at the same time,
// or the browser keeps no cookies.
if ((await status()) === 404) {
  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation.type !== "reload") location.reload();
  document.getElementById("first-view")?.remove();
  document.querySelector("#loading p").textContent = "This dashboard needs cookies.";
} else {
  for (const event of USES) addEventListener(event, () => (lastUse = Date.now()), { passive: true });
  setInterval(check, PERIOD_MS);
}

document.addEventListener("kernelwait", showWait);
document.addEventListener("visibilitychange", async () => {
  if (!document.hidden && (await status()) === 404) location.reload();
});
