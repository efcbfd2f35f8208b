"""Voila, with the dashboard's files and downloads beside its page, and strict about the rest."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, StaticFileHandler
from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler

from spacex.dashboard.app.download import DOWNLOADS, PATH, write_csv
from spacex.dashboard.ui.assets import STATIC_PATH
from spacex.errors import SpacexError

CHUNK_BYTES = 1 << 18


class Download(JupyterHandler):
    """Sends a table as CSV."""

    def initialize(self, database: Path) -> None:
        """Remember where the database is."""
        self._database = database

    async def get(self, name: str) -> None:
        """Send the table of that name.

        Raises:
            HTTPError: there is no such table, or no database.
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


class Leave(VoilaShutdownKernelHandler):  # type: ignore[misc]
    """Ends the kernel of a page that is being closed."""

    def check_xsrf_cookie(self) -> None:
        """Ask for no token: Voila's page has none, and only it knows the kernel's id."""


class Application(Voila):  # type: ignore[misc]
    """Voila on the dashboard's notebook alone."""

    assets: Path
    database: Path

    def init_handlers(self) -> list[Any]:
        """Voila's handlers, after our own."""
        ours: list[tuple[Any, ...]] = [
            (rf"/{STATIC_PATH}/(.*)", StaticFileHandler, {"path": str(self.assets)}),
            (rf"/{PATH}/(\w+)\.csv", Download, {"database": self.database}),
            (r"/voila/api/shutdown/([\w-]+)", Leave),
        ]
        prefixed = [(url_path_join(self.server_url, path), *rest) for path, *rest in ours]
        return prefixed + list(super().init_handlers())

    def listen(self) -> None:
        """Serve, and say where."""
        where = f"http://{self.ip}:{self.port}"
        print(f"The dashboard is at {where} until Ctrl-C.", flush=True)  # noqa: T201 - asked for
        super().listen()
