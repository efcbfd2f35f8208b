"""Lineage: the field of a source's record that each column is read from."""

from collections.abc import Iterator

from spacex.sources.mapping import Constant, TableMapping
from spacex.sources.source import Source


def source_fields(source: Source) -> dict[tuple[str, str], str]:
    """Return (table, column) → its source fields, such as `launches[].cores[].core`."""
    fields: dict[tuple[str, str], list[str]] = {}
    for endpoint in source.endpoints.values():
        for mapping in endpoint.mappings:
            for column, field in _fields(endpoint.name, mapping):
                fields.setdefault((mapping.table, column), []).append(field)
    return {column: ", ".join(dict.fromkeys(each)) for column, each in fields.items()}


def _fields(endpoint: str, mapping: TableMapping) -> Iterator[tuple[str, str]]:
    record = f"{endpoint}[]"
    item = f"{record}.{_plain(mapping.each)}[]" if mapping.each else record
    for column, field_path in mapping.columns.items():
        if isinstance(field_path, Constant):
            continue
        path = str(field_path)
        if path == ".":
            yield column, item
        elif path == "#":
            yield column, f"position in {item}"
        else:
            base, field = (record, path[1:]) if path.startswith("^") else (item, path)
            yield column, f"{base}.{_plain(field)}"


def _plain(path: str) -> str:
    """Return a path with its operators removed or put into words."""
    field = path.replace("?", "")
    if field.endswith("#"):
        return f"{field[:-1]} (number)"
    return f"{field[:-1]} (whether present)" if field.endswith("!") else field
