"""Which requests are served: their method, host, origin, address and parameters.

Datasette has more addresses and parameters: pages of HTML, downloads of the file, facets, streams
without a limit, and what its plugins add. None of them is reached.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from spacex.dashboard.app.known_hosts import is_known
from spacex.dashboard.http_api import DATABASE
from spacex.dashboard.http_api.limits import ADDRESS_BYTES, PARAMETERS
from spacex.dashboard.http_api.served_tables import served_tables
from spacex.errors import SpacexError

METHODS = ("GET", "HEAD")

SHAPES = ("objects", "arrays", "array", "object", "arrayfirst")
"""The forms of rows in JSON; the first one is used unless a request names another, as in
Datasette 1.0."""

OPERATORS = (
    *("exact", "not", "contains", "notcontains", "startswith", "endswith"),
    *("gt", "gte", "lt", "lte", "like", "notlike", "glob", "in", "notin", "date"),
    *("isnull", "notnull", "isblank", "notblank"),
)
"""What may follow the name of a column and `__` in a filter."""

_COLUMNS = {"_sort", "_sort_desc", "_col", "_nocol"}
"""The parameters that name a column."""

OF_TABLES = ("_size", "_next", "_sort", "_sort_desc", "_col", "_nocol", "_nocount")
OF_JSON = ("_shape", "_nl")

_PATH = re.compile(rf"/{DATABASE}(?:/(?P<table>\w+)(?:/(?P<key>[^/]+))?)?\.(?P<form>json|csv)")
_SAME_SITE = {"same-origin", "none"}


class RefusedError(SpacexError):
    """A request that is refused, with its status of HTTP."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


class Kind(Enum):
    """What a request is for."""

    SQL = "sql"
    TABLE = "table"
    ROW = "row"


@dataclass(frozen=True)
class Question:
    """A request for data.

    Attributes:
        kind: what it is for.
        form: the form of the response, `json` or `csv`.
        path: the address that Datasette serves as JSON.
        query: its parameters, encoded.
    """

    kind: Kind
    form: str
    path: str
    query: str


def check_sender(method: str, headers: Mapping[str, str], names: Collection[str]) -> None:
    """Check the method, the name of the host, and that no page of another site asks.

    Args:
        method: the method of HTTP.
        headers: those of the request, by their names in lower case.
        names: further names of the host.

    Raises:
        RefusedError: the request is refused.
    """
    if method not in METHODS:
        raise RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, "This API only reads: use GET.")
    if not is_known(re.sub(r":\d*$", "", headers.get("host", "")), names):
        raise RefusedError(
            HTTPStatus.FORBIDDEN,
            "The API is not served under this name. SPACEX_HOSTS can add it.",
        )
    if headers.get("sec-fetch-site", "none") not in _SAME_SITE or "origin" in headers:
        raise RefusedError(HTTPStatus.FORBIDDEN, "The API does not serve pages of other sites.")


def question(path: str, query: str) -> Question:
    """Return a request for data, checked.

    Args:
        path: the address, encoded.
        query: its parameters, encoded.

    Raises:
        RefusedError: there is no such address, or a parameter is unknown.
    """
    if len(path) + len(query) > ADDRESS_BYTES:
        raise RefusedError(
            HTTPStatus.REQUEST_URI_TOO_LONG,
            f"The address is longer than {ADDRESS_BYTES:,} bytes.",
        )
    match = _PATH.fullmatch(path)
    if not match or (match["table"] and match["table"] not in served_tables()):
        raise RefusedError(
            HTTPStatus.NOT_FOUND, "There is no such address; see /openapi.json for all."
        )
    table, form = match["table"] or "", match["form"]
    kind = Kind.ROW if match["key"] else Kind.TABLE if table else Kind.SQL
    if kind is Kind.ROW:
        key = served_tables()[table].key
        if form == "csv" or not key:
            raise RefusedError(
                HTTPStatus.NOT_FOUND, "Only rows of tables have an address, and only as JSON."
            )
        if match["key"].count(",") != len(key) - 1:
            names = ", ".join(key)
            raise RefusedError(HTTPStatus.NOT_FOUND, f"The key of {table} is {names}, with commas.")
    found = _parsed(query)
    _check_names(found, kind, table)
    shapes = [value for name, value in found if name == "_shape"]
    if not set(shapes) <= {*SHAPES}:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"_shape is one of {', '.join(SHAPES)}.")
    if form == "csv":
        found = [each for each in found if each[0] not in OF_JSON] + [("_shape", "arrays")]
    elif not shapes:
        found.append(("_shape", SHAPES[0]))
    return Question(kind, form, path.removesuffix(form) + "json", urlencode(found))


def _parsed(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=PARAMETERS)
    except ValueError:
        raise RefusedError(
            HTTPStatus.BAD_REQUEST, f"There are more than {PARAMETERS} parameters."
        ) from None


def _check_names(found: Sequence[tuple[str, str]], kind: Kind, table: str) -> None:
    """Check that all parameters and columns are known: Datasette would leave out wrong ones.

    Args:
        found: the parameters.
        kind: what the request is for.
        table: the table or view, if it is for one.

    Raises:
        RefusedError: one is not known.
    """
    statements = [value for name, value in found if name == "sql" and value.strip()]
    if kind is Kind.SQL and len(statements) != 1:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "Pass one statement as the parameter sql.")
    known = {*OF_JSON, *(OF_TABLES if kind is Kind.TABLE else ())}
    columns = {each.name for each in served_tables()[table].columns} if table else set()
    for name, value in found:
        if name.startswith("_") and name not in known:
            raise RefusedError(
                HTTPStatus.BAD_REQUEST,
                f"{name!r} is not a parameter of this address; these are: "
                f"{', '.join(sorted(known))}.",
            )
        if kind is Kind.SQL:
            continue
        column, _, operator = (value, "", "") if name in _COLUMNS else name.partition("__")
        is_column = not name.startswith("_") or name in _COLUMNS
        if is_column and (column not in columns or (operator and operator not in OPERATORS)):
            raise RefusedError(
                HTTPStatus.BAD_REQUEST,
                f"{name}: {table} has no column {column!r}."
                if column not in columns
                else f"{operator!r} is not an operator; these are: {', '.join(OPERATORS)}.",
            )
