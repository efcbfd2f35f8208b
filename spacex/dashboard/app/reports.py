"""`/reports/`: the pages of runs and of reports made to order, in a sandbox of the browser."""

from functools import cache
from pathlib import Path

from spacex.dashboard.app.changing_files import ChangingFileHandler
from spacex.notebook import live_charts

PATH = r"/reports/(index\.html|[0-9A-Za-z][\w-]*/(?:failed/)?[\w-]+\.html)"
"""The page of all runs, and the pages of each run and report. Notebooks, tables and manifests are
not served."""

_HEADERS = {
    "Cache-Control": "no-cache",  # the index changes with each run
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@cache
def _policy() -> str:
    scripts = " ".join(f"'{each}'" for each in live_charts.script_digests())
    return (
        f"sandbox allow-scripts; default-src 'none'; script-src {scripts}; "
        "img-src data:; style-src 'unsafe-inline'; font-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


class ReportHandler(ChangingFileHandler):
    """Sends a page in which only Vega and the script of its charts run, and nothing is loaded.

    The page has an origin of its own, so that it can read nothing of the dashboard.
    """

    def initialize(self, path: str, made: str) -> None:  # type: ignore[override]
        """Serve the pages of two folders.

        Args:
            path: the folder of runs.
            made: the folder of the reports made to order, for pages that the first one lacks.
        """
        super().initialize(path)
        self._made = made

    async def get(self, path: str, include_body: bool = True) -> None:  # noqa: FBT001, FBT002 - Tornado's
        """Send the page.

        Args:
            path: the page.
            include_body: whether to send more than its headers.
        """
        if not Path(self.root, path).is_file():
            self.root = self._made
        await super().get(path, include_body)

    def set_extra_headers(self, path: str) -> None:  # noqa: ARG002 - Tornado's
        """Set the headers of the sandbox."""
        for name, value in {"Content-Security-Policy": _policy(), **_HEADERS}.items():
            self.set_header(name, value)
