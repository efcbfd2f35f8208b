"""`/health`: whether the data are fresh, as JSON for monitors."""

import asyncio

from jupyter_server.base.handlers import JupyterHandler

from spacex import __version__
from spacex.analysis.data_age import health
from spacex.dashboard.app.known_methods import HeadAsGet
from spacex.errors import SpacexError
from spacex.notebook.run_index import last_ended_run
from spacex.settings import Settings


class HealthHandler(HeadAsGet, JupyterHandler):
    """Sends the age of the data, the published run, how the last run ended, and the version."""

    def initialize(self, settings: Settings) -> None:
        """Set the settings, which name the database and the greatest age."""
        self._settings = settings

    async def get(self) -> None:
        """Send them with status 200 if the data are fresh, and 503 if they are old or missing."""
        try:
            found = await asyncio.to_thread(health, self._settings)
        except SpacexError as error:
            found = {"version": __version__, "is_fresh": False, "error": error.message}
        found |= await asyncio.to_thread(last_ended_run, self._settings.runs_dir)
        if ended := found["last_ended_run"]:
            del ended["failure"]  # it may name folders, and visitors read this
        self.set_status(200 if found["is_fresh"] else 503)
        self.set_header("Cache-Control", "no-store")
        self.finish(found)

    def _log(self) -> None:
        """Log nothing: monitors ask each minute, and 503 is the right answer for old data."""
