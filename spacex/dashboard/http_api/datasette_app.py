"""Datasette over the published database, with its settings and without its plugins."""

from pathlib import Path
from typing import TYPE_CHECKING

from datasette.app import Datasette
from datasette.plugins import DEFAULT_PLUGINS, pm

from spacex.dashboard.http_api import DATABASE, json_errors, limits
from spacex.dashboard.http_api.lanes import THREADS
from spacex.dashboard.http_api.served_database import ServedDatabase

if TYPE_CHECKING:
    from starlette.types import ASGIApp

SETTINGS = {
    "allow_csv_stream": False,
    "allow_download": False,
    "allow_facet": False,
    "default_cache_ttl": 0,
    "default_page_size": limits.PAGE_ROWS,
    "max_csv_mb": limits.RESULT_BYTES >> 19,
    "max_returned_rows": limits.ROWS,
    "num_sql_threads": THREADS,
    "sql_time_limit_ms": limits.QUERY_MS,
    "suggest_facets": False,
}

_REPLACED = {"datasette.handle_exception", "datasette.forbidden"}


def datasette_app(database: Path) -> "ASGIApp":
    """Return Datasette over a database, which may not exist yet, as an ASGI application."""
    _leave_out_plugins()
    datasette = Datasette(memory=True, cors=False, settings=SETTINGS)
    datasette.remove_database("_memory")
    datasette.add_database(ServedDatabase(datasette, database), name=DATABASE)
    app: ASGIApp = datasette.app()
    return app


def _leave_out_plugins() -> None:
    """Leave out plugins that happen to be installed, which can add addresses that write."""
    for name, _ in pm.list_name_plugin():
        if name not in DEFAULT_PLUGINS or name in _REPLACED:
            pm.unregister(name=name)
    pm.register(json_errors)
