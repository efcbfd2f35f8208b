// Ties the page's address to the state: what is chosen stands in the query, so that a view can be
// shared, kept as a bookmark, and gone back to.

function render({ model, el }) {
  el.hidden = true;
  if (!("voila" in document.body.dataset)) return; // JupyterLab's address is its own
  const page = (query) => new URLSearchParams(query).get("page");
  const tell = () => {
    model.set("query", location.search.slice(1));
    model.save_changes();
  };
  const write = () => {
    const query = model.get("query");
    if (query === location.search.slice(1)) return;
    const address = query ? `?${query}` : location.pathname;
    const isTurned = page(query) !== page(location.search);
    history[isTurned ? "pushState" : "replaceState"](null, "", address);
    if (isTurned) window.scrollTo({ top: 0 });
  };
  model.on("change:query", write);
  window.addEventListener("popstate", tell);
  tell();
  return () => {
    model.off("change:query", write);
    window.removeEventListener("popstate", tell);
  };
}

export default { render };
