// Keeps the URL query and the state in step, so that a view can be shared, bookmarked and returned
// to. Each choice of the visitor is an entry of the history, but choices in quick succession, as by a
// slider, are one.

const QUICK_MS = 1_000;
const INPUTS = ["pointerdown", "keydown", "input", "change"];

function render({ model, el }) {
  el.hidden = true;
  if (!("voila" in document.body.dataset)) return; // JupyterLab needs its URL for itself
  const page = (query) => new URLSearchParams(query).get("page");
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
    const isNew = isOtherPage || (isChosen && performance.now() - pushed > QUICK_MS);
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
  send();
  return () => {
    model.off("change:query", write);
    model.off("change:title", name);
    window.removeEventListener("popstate", send);
    for (const event of INPUTS) window.removeEventListener(event, note, { capture: true });
  };
}

export default { render };
