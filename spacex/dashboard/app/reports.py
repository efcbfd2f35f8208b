"""`/reports/`: the pages of runs, which the browser keeps in a sandbox."""

from tornado.web import StaticFileHandler

PATH = r"/reports/(index\.html|[0-9A-Za-z][\w-]*/[\w-]+\.html)"
"""The page of all runs, and the pages of each. Notebooks, tables and manifests are not served."""

_HEADERS = {
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",  # the index changes with each run
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class ReportHandler(StaticFileHandler):
    """Sends a page in which no script runs and nothing is loaded."""

    def set_extra_headers(self, path: str) -> None:  # noqa: ARG002 - Tornado's
        """Set the headers of the sandbox."""
        for name, value in _HEADERS.items():
            self.set_header(name, value)
