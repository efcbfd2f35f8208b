// What Voila's scripts call while a page is being rendered; ours shows no progress.
window.voila_heartbeat = window.voila_process = window.voila_finish = () => {};

// The first view is that of the start page: of another page that the address asks for, it has the head only.
if (location.search.length > 1) document.body.dataset.query = "";

// anywidget gives up on a widget that takes more than two seconds to load, as on a busy machine: the
// widget is shown, but ignores every later change. Longer limits leave it the time.
{
  const LEAST_MS = 120_000;
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) => timeout(Math.max(ms, LEAST_MS));
}
