"""Where each column comes from: the field of the service's record it is read from."""

from collections.abc import Iterator

from spacex.sources.mapping import Coded, Constant, TableMapping
from spacex.sources.source import Source


def source_fields(source: Source) -> dict[tuple[str, str], str]:
    """(table, column) → the fields it is read from, as `launches[].cores[].core`."""
    found: dict[tuple[str, str], list[str]] = {}
    for endpoint in source.endpoints.values():
        for mapping in endpoint.mappings:
            for column, field in _fields(endpoint.name, mapping):
                found.setdefault((mapping.table, column), []).append(field)
    return {key: ", ".join(dict.fromkeys(fields)) for key, fields in found.items()}


def _fields(endpoint: str, mapping: TableMapping) -> Iterator[tuple[str, str]]:
    record = f"{endpoint}[]"
    item = f"{record}.{mapping.each}[]" if mapping.each else record
    for column, given in mapping.columns.items():
        if isinstance(given, Constant):
            continue
        path = given.path if isinstance(given, Coded) else given
        if path == ".":
            yield column, item
        elif path == "#":
            yield column, f"place in {item}"
        else:
            base, field = (record, path[1:]) if path.startswith("^") else (item, path)
            yield column, f"{base}.{_plain(field)}"


def _plain(path: str) -> str:
    """A path without its signs, in words where they mean something."""
    field = path.replace("?", "")
    if field.endswith("#"):
        return f"{field[:-1]} (how many)"
    return f"{field[:-1]} (whether any)" if field.endswith("!") else field
