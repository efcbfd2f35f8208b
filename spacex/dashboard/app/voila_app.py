"""Voila with the dashboard's files and downloads, restricted to one notebook."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, StaticFileHandler
from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler

from spacex.dashboard.app.download import DOWNLOADS, PATH, write_csv
from spacex.dashboard.app.known_hosts import refuse_other_hosts
from spacex.dashboard.ui.assets import STATIC_PATH
from spacex.errors import SpacexError

CHUNK_BYTES = 1 << 18


class DownloadHandler(JupyterHandler):
    """Sends a table as CSV."""

    def initialize(self, database: Path) -> None:
        """Set the database file."""
        self._database = database

    async def get(self, name: str) -> None:
        """Send the table.

        Raises:
            HTTPError: the table does not exist (404), or the database cannot be read (503).
        """
        if name not in DOWNLOADS:
            raise HTTPError(404)
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{name}.csv"')
        with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as file:
            try:
                await asyncio.to_thread(write_csv, self._database, name, file)
            except SpacexError as error:
                raise HTTPError(503, log_message=str(error)) from None
            file.seek(0)
            while chunk := file.read(CHUNK_BYTES):
                self.write(chunk)
                await self.flush()


class ShutdownHandler(VoilaShutdownKernelHandler):  # type: ignore[misc]
    """Shuts down the kernel of a page that is being closed."""

    def check_xsrf_cookie(self) -> None:
        """Require no token: Voila's page has none, and only the page knows its kernel's id."""


class Application(Voila):  # type: ignore[misc]
    """Voila for the dashboard's notebook."""

    assets: Path
    database: Path
    host_names: Sequence[str] = ()

    def init_handlers(self) -> list[Any]:
        """Return Voila's handlers after our own."""
        ours: list[tuple[Any, ...]] = [
            (rf"/{STATIC_PATH}/(.*)", StaticFileHandler, {"path": str(self.assets)}),
            (rf"/{PATH}/(\w+)\.csv", DownloadHandler, {"database": self.database}),
            (r"/voila/api/shutdown/([\w-]+)", ShutdownHandler),
        ]
        prefixed = [(url_path_join(self.server_url, path), *rest) for path, *rest in ours]
        return prefixed + list(super().init_handlers())

    def listen(self) -> None:
        """Print the URL and serve."""
        refuse_other_hosts(self.app, self.host_names)
        url = f"http://{self.ip}:{self.port}"
        print(f"The dashboard is at {url} until Ctrl-C.", flush=True)  # noqa: T201  # for the user
        super().listen()
