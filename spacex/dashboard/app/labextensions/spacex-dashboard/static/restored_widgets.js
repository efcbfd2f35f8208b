// Shows the page once its widgets have come from the kernel.
//
// A widget that is shown before waits two seconds for itself. If the widgets come at the end of them,
// as on a slow line or a busy machine, it misses them, and the page stays empty.

const plugin = {
  id: "spacex-dashboard:restored-widgets",
  autoStart: true,
  async activate(app) {
    const widgets = await app.widgetManagerPromise.promise;
    if (!widgets.restoredStatus) await new Promise((done) => widgets.restored.connect(done));
  },
};

// The form of a federated extension: Voila calls `init` and `get`.
window._JUPYTERLAB = window._JUPYTERLAB ?? {};
window._JUPYTERLAB["spacex-dashboard"] = {
  init: () => {},
  get: async () => () => ({ __esModule: true, default: plugin }),
};
