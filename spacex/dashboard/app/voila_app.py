"""Voila with the dashboard's files and downloads, restricted to one notebook."""

import asyncio
import re
import tempfile
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import FileFindHandler, JupyterHandler, Template404
from tornado.httpserver import HTTPServer
from tornado.web import HTTPError, RedirectHandler, StaticFileHandler
from voila.app import Voila

from spacex.dashboard.app import feeds, reports
from spacex.dashboard.app.compressed_files import compress_files
from spacex.dashboard.app.download import DOWNLOADS, PATH, write_csv
from spacex.dashboard.app.health_handler import HealthHandler
from spacex.dashboard.app.known_hosts import refuse_other_hosts
from spacex.dashboard.app.known_methods import HeadAsGet, refuse_unknown_methods
from spacex.dashboard.app.limited_server import LIMITS, LimitedServer
from spacex.dashboard.app.metrics import MetricsHandler
from spacex.dashboard.app.own_kernels import (
    ChannelsHandler,
    KernelStatusHandler,
    PageHandler,
    ShutdownHandler,
)
from spacex.dashboard.ui.assets import STATIC_PATH
from spacex.errors import SpacexError
from spacex.settings import Settings
from spacex.settings.log import announce
from spacex.warehouse.connection import reading

CHUNK_BYTES = 1 << 18
PAGE_FILES, WIDGETS = r"/voila/static/(.*)", r"/voila/labextensions/(.*)"
"""The addresses of the scripts of Voila, and of widgets."""
_HASHED = re.compile(r"\.[0-9a-f]{8,}\.js$")


class _RedirectHandler(HeadAsGet, RedirectHandler):
    pass


class _HashedFileHandler(FileFindHandler):
    """Sends files of widgets; those with a digest in their name may be kept for ever."""

    def set_headers(self) -> None:
        """See `StaticFileHandler`."""
        super().set_headers()
        if _HASHED.search(self.request.path):
            self.set_header("Cache-Control", "private, max-age=31536000, immutable")


class DownloadHandler(JupyterHandler):
    """Sends a table as CSV."""

    def initialize(self, database: Path) -> None:
        """Set the database file."""
        self._database = database

    async def head(self, name: str) -> None:
        """Send the headers of `get`, without reading the table for them.

        Raises:
            HTTPError: see `get`.
        """
        self._describe(name)
        try:
            with reading(self._database):
                await self.flush()  # before Tornado counts a body of no bytes
        except SpacexError as error:
            raise HTTPError(503, log_message=str(error)) from None

    async def get(self, name: str) -> None:
        """Send the table.

        Raises:
            HTTPError: the table does not exist (404), or the database cannot be read (503).
        """
        self._describe(name)
        with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as file:
            try:
                await asyncio.to_thread(write_csv, self._database, name, file)
                file.seek(0)
            except (SpacexError, OSError) as error:  # such as a full disk
                raise HTTPError(503, log_message=str(error)) from None
            while chunk := file.read(CHUNK_BYTES):
                self.write(chunk)
                await self.flush()

    def _describe(self, name: str) -> None:
        """Set the headers of a table; raise an error if there is none of that name."""
        if name not in DOWNLOADS:
            raise HTTPError(404)
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{name}.csv"')


class Application(Voila):  # type: ignore[misc]
    """Voila for the dashboard's notebook."""

    assets: Path
    spacex: Settings

    def init_settings(self) -> dict[str, Any]:
        """Return Voila's settings, with our page for errors."""
        found: dict[str, Any] = super().init_settings()
        ours = {"jinja2_env": found["voila_jinja2_env"], "default_handler_class": Template404}
        return found | ours

    def init_handlers(self) -> list[Any]:
        """Return the handlers of what the page and monitors need; other paths are unknown."""
        voila = {path: rest for path, *rest in super().init_handlers()}
        kernel = r"(?P<kernel_id>[\w-]+)"
        _, page = voila[r"/(.*)"]
        database = self.spacex.database.absolute()
        _, widgets = voila[WIDGETS]
        return [
            (r"/", PageHandler, {**page, "database": database}),
            (rf"/{STATIC_PATH}/(.*)", StaticFileHandler, {"path": str(self.assets)}),
            (
                rf"/{PATH}/(\w+)\.csv",
                DownloadHandler,
                {"database": database},
            ),
            (r"/reports/?", _RedirectHandler, {"url": "/reports/index.html", "permanent": False}),
            (
                reports.PATH,
                reports.ReportHandler,
                {
                    "path": str(self.spacex.runs_dir.absolute()),
                    "made": str(self.spacex.reports_dir.absolute()),
                },
            ),
            (feeds.PATH, feeds.FeedHandler, {"path": str(self.spacex.feeds_dir.absolute())}),
            (r"/health", HealthHandler, {"settings": self.spacex}),
            (r"/metrics", MetricsHandler, {"settings": self.spacex}),
            (rf"/api/kernels/{kernel}", KernelStatusHandler),
            (rf"/api/kernels/{kernel}/channels", ChannelsHandler),
            (rf"/voila/api/shutdown/{kernel}", ShutdownHandler),
            (PAGE_FILES, *voila[PAGE_FILES]),
            (WIDGETS, _HashedFileHandler, widgets),
        ]

    def listen(self) -> None:
        """Print the URL and serve."""
        refuse_unknown_methods(self.app)
        refuse_other_hosts(self.app, self.spacex.host_names)
        compress_files(self.app)
        HTTPServer.configure(LimitedServer, **LIMITS)
        url = f"http://{self.ip}:{self.port}"
        announce(f"The dashboard is at {url} until Ctrl-C.", self.spacex.log)
        super().listen()
