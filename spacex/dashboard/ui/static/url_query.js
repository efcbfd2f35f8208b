// Keeps the URL query and the state in step, so that a view can be shared, bookmarked and returned
// to. Each choice of the visitor is an entry of the history, but choices in quick succession, as by a
// slider, are one, and those that only turn the look of something are none.
//
// The kernel has drawn its first page before its visitor came. So the head is hidden until it is whole,
// and the page below until it is what the address asks for: nothing moves while someone reads.
//
// After each input of the visitor, it asks the kernel for signs of life, and tells the page by the event
// `kernelwait` how long it has waited for one, in ms; 0 when it has come.

const QUICK_MS = 1_000;
const INPUTS = ["pointerdown", "keydown", "input", "change"];
const LONGEST_MS = 15_000; // then the page is shown as it is
const LOOK_MS = 250;
const SETTLED_MS = 500; // after an input; its message to the kernel has been sent by then
const ASK_AGAIN_MS = 5_000; // the question may have been lost with the connection

function render({ model, el }) {
  el.hidden = true;
  if (!("voila" in document.body.dataset)) return; // JupyterLab needs its URL for itself
  const page = (query) => new URLSearchParams(query).get("page");
  const choices = (query) => {
    const found = new URLSearchParams(query);
    for (const look of model.get("looks")) found.delete(look);
    return found.toString();
  };
  const send = () => {
    model.set("query", location.search.slice(1));
    model.save_changes();
  };
  let isChosen = false; // by the visitor, since the last write
  let pushed = -Infinity;
  const kernel = watchKernel(() => model.send({ ping: true }));
  const note = () => {
    isChosen = true;
    kernel.ask();
  };
  const write = () => {
    const query = model.get("query");
    if (query === location.search.slice(1)) return;
    const url = query ? `?${query}` : location.pathname;
    const isOtherPage = page(query) !== page(location.search);
    const isOther = choices(query) !== choices(location.search);
    const isNew = isOtherPage || (isChosen && isOther && performance.now() - pushed > QUICK_MS);
    history[isNew ? "pushState" : "replaceState"](null, "", url);
    if (isNew) pushed = performance.now();
    if (isOtherPage) window.scrollTo({ top: 0 });
    isChosen = false;
  };
  const name = () => (document.title = model.get("title") || document.title);
  model.on("change:query", write);
  model.on("change:title", name);
  name();
  window.addEventListener("popstate", send);
  for (const event of INPUTS) window.addEventListener(event, note, { capture: true, passive: true });
  const open = () => onceDone((page) => showPage(page, model.get("title")));
  const receive = (content) => ("pong" in content ? kernel.hear() : open());
  model.on("msg:custom", receive);
  onceDone(showHead);
  if (location.search.length > 1) send();
  else open();
  setTimeout(reveal, LONGEST_MS);
  return () => {
    kernel.stop();
    model.off("msg:custom", receive);
    model.off("change:query", write);
    model.off("change:title", name);
    window.removeEventListener("popstate", send);
    for (const event of INPUTS) window.removeEventListener(event, note, { capture: true });
  };
}

// Ask the kernel after an input until it has heard what came of it.
function watchKernel(send) {
  let input = -Infinity; // when the last one was
  let asked = -Infinity;
  let since = 0; // it has not replied
  let timer = 0;
  const tell = (waited) => document.dispatchEvent(new CustomEvent("kernelwait", { detail: waited }));
  const look = () => {
    const now = performance.now();
    const isDue = since ? now - asked > ASK_AGAIN_MS : asked < input + SETTLED_MS;
    if (isDue) {
      asked = now;
      since ||= now;
      send();
    }
    if (since) tell(now - since);
    timer = since || asked < input + SETTLED_MS ? setTimeout(look, LOOK_MS) : 0;
  };
  return {
    ask: () => {
      input = performance.now();
      timer ||= setTimeout(look, 0);
    },
    hear: () => {
      since = 0;
      tell(0);
    },
    stop: () => clearTimeout(timer),
  };
}

// Show the head as soon as it is whole.
function showHead(page) {
  if (page.querySelector(".notice") || (page.querySelector(".head dl") && page.querySelector("nav"))) {
    document.body.dataset.head = "";
    return true;
  }
}

// Show the page of the title as soon as it is there, or a notice.
function showPage(page, title) {
  const heading = page.querySelector(".body h2")?.textContent;
  const isAsked = [", ", " · "].some((after) => title.startsWith(`${heading}${after}`));
  if (showHead(page) && (page.querySelector(".notice") || (heading && isAsked))) {
    showAll();
    return true;
  }
}

function showAll() {
  document.body.dataset.shown = "";
  document.getElementById("first-view")?.remove();
}

// Try something now and at each change of the page, until it succeeds.
function onceDone(attempt) {
  const page = document.querySelector('[data-dashboard="ready"]');
  const changed = new MutationObserver(() => attempt(page) && changed.disconnect());
  if (!attempt(page)) changed.observe(page, { childList: true, subtree: true });
}

function reveal() {
  document.body.dataset.head = "";
  showAll();
}

export default { render };
