// What Voila's scripts call while a page is being rendered; ours shows no progress.
window.voila_heartbeat = window.voila_process = window.voila_finish = () => {};
