"""The description of the API by OpenAPI 3.1, made from the declarations of tables and views."""

from functools import cache
from typing import Any

from spacex import __version__
from spacex.analysis.exports.exported_table import Table
from spacex.dashboard.http_api import DATABASE, limits
from spacex.dashboard.http_api.requests import OF_TABLES, OPERATORS, SHAPES
from spacex.dashboard.http_api.served_tables import served_tables
from spacex.schema import Column, Kind

_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.URL: {"type": "string", "format": "uri"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.UTC: {"type": "string", "format": "date-time"},
    Kind.EPOCH: {"type": "string", "format": "date-time"},
    Kind.INTEGER: {"type": "integer"},
    Kind.BOOLEAN: {"type": "integer", "enum": [0, 1]},
    Kind.REAL: {"type": "number"},
}

_SOURCE = {
    "X-Spacex-Run": "The run that all figures of the response come from",
    "X-Spacex-Loaded": "Instant at which that run was loaded, UTC",
    "X-Spacex-Simulated": "true if they are those of the bundled sample, whose fleet is simulated",
    "X-Spacex-Truncated": "true if there are more rows than the response has",
    "X-Spacex-Data": "Sources, each with the date of its data: celestrak=2026-11-30T05:17:02Z, …",
}

_FILTERS = (
    "Any column is a parameter as well: `column=value`, or `column__operator=value` with one of "
    f"{', '.join(f'`{each}`' for each in OPERATORS)}."
)

_ERRORS = {
    "400": "A parameter or the statement is wrong, writes, or takes too long",
    "403": "The host name or the origin is not allowed",
    "404": "There is no such address or row",
    "414": "The address is too long",
    "503": "There is no database at present, or too many requests; see Retry-After",
}


def index() -> dict[str, Any]:
    """Return what the API has: its tables and views, and where they are described."""
    return {
        "title": "SpaceX Insights",
        "version": __version__,
        "openapi": "/openapi.json",
        "provenance": "/provenance.json",
        "sql": f"/{DATABASE}.json?sql=",
        "tables": [
            {
                "name": each.name,
                "description": each.description,
                "json": _path(each.name, "json"),
                "csv": _path(each.name, "csv"),
                "columns": [column.name for column in each.columns],
            }
            for each in served_tables().values()
        ],
    }


@cache
def document() -> dict[str, Any]:
    """Return the description of the API."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "SpaceX Insights",
            "version": __version__,
            "summary": "Launches, boosters and satellites of SpaceX, read-only",
            "description": (
                f"Each query may take {limits.QUERY_MS / 1000:g} s and return {limits.ROWS:,} rows "
                f"of {limits.RESULT_BYTES >> 20} MiB. Every response with data names its source in "
                "its headers. Times are UTC; units are in the names of the columns."
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": dict(_paths()),
        "components": {
            "schemas": {
                "Error": _object(ok={"const": False}, error=_text(), status={"type": "integer"}),
                "Provenance": _provenance(),
                **{each.name: _row(each) for each in served_tables().values()},
            },
            "parameters": _parameters(),
            "headers": {
                name: {"description": meaning, "schema": _text()}
                for name, meaning in _SOURCE.items()
            },
            "responses": {
                status: {
                    "description": meaning,
                    "content": {"application/json": {"schema": _ref("schemas", "Error")}},
                }
                for status, meaning in _ERRORS.items()
            },
        },
    }


def _paths() -> Any:
    yield "/", _get("index", "The tables and views", {"type": "object"})
    yield "/openapi.json", _get("openapi", "This description", {"type": "object"})
    yield "/health", _get("health", "Whether the API is up", {"type": "object"})
    yield (
        "/provenance.json",
        _get(
            "provenance",
            "The run, the sources with the dates of their data, and what they cover",
            _ref("schemas", "Provenance"),
            failures=("503",),
        ),
    )
    statement = [
        {
            "name": "sql",
            "in": "query",
            "required": True,
            "description": "One SELECT of SQLite. `:name` in it is bound to the parameter `name`.",
            "schema": _text(),
        },
        *(_ref("parameters", name) for name in ("_shape", "_nl")),
    ]
    for form in ("json", "csv"):
        yield (
            f"/{DATABASE}.{form}",
            _get(
                f"query_{form}",
                "The rows of a statement",
                _response({"type": "object"}, form),
                statement if form == "json" else statement[:1],
                form,
            ),
        )
    for table in served_tables().values():
        yield from _paths_of(table)


def _paths_of(table: Table) -> Any:
    shared = [_ref("parameters", name) for name in OF_TABLES]
    of_json = [*shared, *(_ref("parameters", name) for name in ("_shape", "_nl"))]
    row = _ref("schemas", table.name)
    for form, parameters in (("json", of_json), ("csv", shared)):
        yield (
            _path(table.name, form),
            _get(
                f"{table.name}_{form}",
                table.description,
                _response(row, form),
                [*parameters, _ref("parameters", "filters")],
                form,
            ),
        )
    if table.key:
        key = {
            "name": "key",
            "in": "path",
            "required": True,
            "description": f"{', '.join(table.key)}, separated by commas; in tilde encoding, in "
            "which `~2D` stands for the byte 2D",
            "schema": _text(),
        }
        yield (
            f"/{DATABASE}/{table.name}/{{key}}.json",
            _get(
                f"{table.name}_row",
                table.description,
                _response(row, "json"),
                [key, _ref("parameters", "_shape")],
            ),
        )


def _get(
    name: str,
    summary: str,
    schema: dict[str, Any],
    parameters: list[dict[str, Any]] | None = None,
    form: str = "json",
    *,
    failures: tuple[str, ...] = tuple(_ERRORS),
) -> dict[str, Any]:
    media = "application/json" if form == "json" else "text/csv"
    success: dict[str, Any] = {"description": summary, "content": {media: {"schema": schema}}}
    if parameters is not None or name == "provenance":
        success["headers"] = {each: _ref("headers", each) for each in _SOURCE}
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": {"200": success},
    }
    if parameters is not None or name == "provenance":
        operation["responses"] |= {each: _ref("responses", each) for each in failures}
    if parameters:
        operation["parameters"] = parameters
    return {"get": operation}


def _parameters() -> dict[str, Any]:
    texts: dict[str, tuple[str, dict[str, Any]]] = {
        "_shape": (
            "Form: rows as objects or as lists; rows alone; rows by key; first values alone",
            {"enum": [*SHAPES], "default": SHAPES[0]},
        ),
        "_nl": ("With `_shape=array`: `on` for one JSON object a line", {"enum": ["on"]}),
        "_size": (
            f"Rows of a page, by default {limits.PAGE_ROWS}; `max` for {limits.ROWS:,}",
            {"type": "string", "pattern": "^(max|[0-9]+)$"},
        ),
        "_next": ("The value `next` of the page before", {"type": "string"}),
        "_sort": ("Column to sort by", {"type": "string"}),
        "_sort_desc": ("Column to sort by, greatest first", {"type": "string"}),
        "_col": ("Column to return, besides the key; may be repeated", _texts()),
        "_nocol": ("Column to leave out; may be repeated", _texts()),
        "_nocount": ("`1`: do not count the rows that the filters match", {"enum": ["1"]}),
    }
    filters = {
        "name": "filters",
        "in": "query",
        "description": _FILTERS,
        "schema": {"type": "object", "additionalProperties": _text()},
    }
    return {"filters": filters} | {
        name: {"name": name, "in": "query", "description": meaning, "schema": schema}
        for name, (meaning, schema) in texts.items()
    }


def _row(table: Table) -> dict[str, Any]:
    """Return the schema of a row; the values of views are not limited."""
    return {
        "type": "object",
        "description": table.description,
        "properties": {
            column.name: _types(column, has_values=bool(table.key))
            | {"description": _meaning(column)}
            for column in table.columns
        },
    }


def _types(column: Column, *, has_values: bool = False) -> dict[str, Any]:
    schema = dict(_TYPES[column.kind])
    if has_values and column.values:
        schema["enum"] = [*column.values]
    if not column.required:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    if column.unit:
        schema["x-unit"] = column.unit
    return schema


def _meaning(column: Column) -> str:
    return f"{column.description}, {column.unit}" if column.unit else column.description


def _response(row: dict[str, Any], form: str) -> dict[str, Any]:
    if form == "csv":
        return _text()
    return {
        "type": "object",
        "required": ["rows", "columns", "truncated"],
        "properties": {
            "rows": {
                "type": "array",
                "description": "The rows, here as with `_shape=objects`",
                "items": row,
                "maxItems": limits.ROWS,
            },
            "columns": _texts(),
            "truncated": {
                "type": "boolean",
                "description": f"Whether the statement has more than {limits.ROWS:,} rows",
            },
            "next": {
                "type": ["string", "null"],
                "description": "Value of `_next` for the next page; null on the last one",
            },
            "next_url": {"type": ["string", "null"], "description": "Address of the next page"},
            "filtered_table_rows_count": {
                "type": ["integer", "null"],
                "description": "Rows that the filters match; null if counting takes too long",
            },
        },
    }


def _provenance() -> dict[str, Any]:
    return _object(
        run_id=_text(),
        loaded_utc={"type": "string", "format": "date-time"},
        is_simulated={"type": "boolean"},
        note=_text(),
        sources={
            "type": "object",
            "description": "Source → date of its data",
            "additionalProperties": True,
        },
        coverage={
            "type": "object",
            "description": "Subject → source → periods",
            "additionalProperties": True,
        },
    )


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": [*properties], "properties": properties}


def _ref(part: str, name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/{part}/{name}"}


def _text() -> dict[str, Any]:
    return {"type": "string"}


def _texts() -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}}


def _path(name: str, form: str) -> str:
    return f"/{DATABASE}/{name}.{form}"
