// Keeps the URL query and the state in step, so that a view can be shared, bookmarked and returned
// to. Each choice of the visitor is an entry of the history, but choices in quick succession, as by a
// slider, are one, and those that only turn the look of something are none.
//
// The kernel has drawn its first page before its visitor came. So the page is hidden until it shows
// what the address asks for, with its head: nothing moves while someone reads.

const QUICK_MS = 1_000;
const INPUTS = ["pointerdown", "keydown", "input", "change"];
const LONGEST_MS = 15_000; // then the page is shown as it is

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
  const note = () => (isChosen = true);
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
  const open = () => showPage(() => model.get("title"));
  model.on("msg:custom", open);
  if (location.search.length > 1) send();
  else open();
  setTimeout(reveal, LONGEST_MS);
  return () => {
    model.off("msg:custom", open);
    model.off("change:query", write);
    model.off("change:title", name);
    window.removeEventListener("popstate", send);
    for (const event of INPUTS) window.removeEventListener(event, note, { capture: true });
  };
}

// Show the page as soon as its head and the page of the title are there, or a notice.
function showPage(title) {
  const page = document.getElementById("rendered_cells");
  const show = () => {
    const heading = page.querySelector(".body h2")?.textContent;
    const isThere = heading && page.querySelector(".head dl") && page.querySelector("nav");
    const isAsked = [", ", " · "].some((after) => title().startsWith(`${heading}${after}`));
    if (!page.querySelector(".notice") && !(isThere && isAsked)) return;
    arrived.disconnect();
    reveal();
  };
  const arrived = new MutationObserver(show);
  arrived.observe(page, { childList: true, subtree: true });
  show();
}

function reveal() {
  document.body.dataset.shown = "";
}

export default { render };
