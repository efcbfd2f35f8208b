"""A plugin of Datasette that returns errors as JSON; its own one prints all local variables."""

import logging
import sqlite3
from http import HTTPStatus

from datasette import Response, hookimpl
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError

from spacex.dashboard.http_api.limits import QUERY_MS
from spacex.errors import SpacexError

LOG = logging.getLogger("uvicorn.error")
"""The log of the server."""

FAILED = "The API failed; its log says why."

UNUSABLE = "There is no usable database at present; the log of the API says why."


@hookimpl  # type: ignore[untyped-decorator]  # Datasette is not typed
def handle_exception(exception: Exception) -> Response:
    """Return the response to a failed request; see Datasette's plugin hooks."""
    status, message = HTTPStatus.INTERNAL_SERVER_ERROR, FAILED
    if isinstance(exception, Base400):
        status, message = exception.status, str(exception)
    elif isinstance(exception, DatasetteError):
        status, message = exception.status, exception.message
        if exception.message_is_html:  # that a query was interrupted, with its text
            message = f"The query took longer than {QUERY_MS / 1000:g} s."
    elif isinstance(exception, sqlite3.ProgrammingError | sqlite3.IntegrityError | ValueError):
        status, message = HTTPStatus.BAD_REQUEST, f"A parameter has a wrong value ({exception})."
    elif isinstance(exception, SpacexError):
        status, message = HTTPStatus.SERVICE_UNAVAILABLE, UNUSABLE
    else:
        LOG.error("%s: %s", type(exception).__name__, exception)
    return Response.json(body_of(status, message), status=status)


def body_of(status: int, message: str) -> dict[str, object]:
    """Return the body of the response to a request that failed or is refused."""
    return {"ok": False, "error": message, "status": int(status)}
