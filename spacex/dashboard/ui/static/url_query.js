// Keeps the URL query and the state in step, so that a view can be shared, bookmarked and returned
// to.

function render({ model, el }) {
  el.hidden = true;
  if (!("voila" in document.body.dataset)) return; // JupyterLab needs its URL for itself
  const page = (query) => new URLSearchParams(query).get("page");
  const send = () => {
    model.set("query", location.search.slice(1));
    model.save_changes();
  };
  const write = () => {
    const query = model.get("query");
    if (query === location.search.slice(1)) return;
    const url = query ? `?${query}` : location.pathname;
    const isOtherPage = page(query) !== page(location.search);
    history[isOtherPage ? "pushState" : "replaceState"](null, "", url);
    if (isOtherPage) window.scrollTo({ top: 0 });
  };
  const name = () => (document.title = model.get("title") || document.title);
  model.on("change:query", write);
  model.on("change:title", name);
  name();
  window.addEventListener("popstate", send);
  send();
  return () => {
    model.off("change:query", write);
    model.off("change:title", name);
    window.removeEventListener("popstate", send);
  };
}

export default { render };
