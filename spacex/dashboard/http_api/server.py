"""The process of the HTTP API."""

import logging
import sqlite3
from contextlib import closing, suppress

from spacex.dashboard.app.server import check_free
from spacex.dashboard.http_api import PORT, limits
from spacex.errors import SpacexError
from spacex.files import check_folder
from spacex.settings import Settings
from spacex.settings.log import announce, logging_of

LARGEST_HEAD = 16 << 10
"""Most bytes of the head of a request, its address included."""

IDLE_S = 5
"""Time without a request after which a connection is closed, s."""


class HttpApiError(SpacexError):
    """The HTTP API cannot be served."""


def serve(settings: Settings, *, ip: str = "127.0.0.1", port: int = PORT) -> None:
    """Serve the API until the process is terminated.

    Args:
        settings: where the database is, and further names of the host.
        ip: the address to listen on; `0.0.0.0` for all interfaces, as in a container.
        port: the port to listen on.

    Raises:
        DashboardError: the address is in use or not available.
        SettingsError: the data folder cannot be used.
        HttpApiError: the server does not start.
    """
    check_folder(settings.data_dir, "SPACEX_DATA_DIR", is_written=False)
    check_free(ip, port)
    import uvicorn  # noqa: PLC0415 - takes long, and the command line imports this module

    from spacex.dashboard.http_api.application import application  # noqa: PLC0415 - heavy

    limit_memory()
    config = uvicorn.Config(
        application(settings.database, settings.host_names),
        host=ip,
        port=port,
        access_log=False,
        h11_max_incomplete_event_size=LARGEST_HEAD,
        http="h11",
        limit_concurrency=limits.CONNECTIONS,
        log_config=logging_of("uvicorn", settings.log),
        log_level=logging.WARNING,
        proxy_headers=False,  # any program of this machine can send them
        server_header=False,
        timeout_graceful_shutdown=2,
        timeout_keep_alive=IDLE_S,
        ws="none",
    )
    server = uvicorn.Server(config)
    announce(f"• The HTTP API is at http://{ip}:{port}; /openapi.json describes it.", settings.log)
    with suppress(KeyboardInterrupt):  # uvicorn has ended, and repeats the signal
        server.run()
    if not server.started:
        raise HttpApiError("The HTTP API did not start.", remedy="The lines above say why.")


def limit_memory() -> None:
    """Limit the memory of SQLite in this process; a query that needs more is an error."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA hard_heap_limit = {limits.HEAP_BYTES}")
