"""Lineage: the field of a source's record that each column is read from."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacex.sources.mapping import Constant, TableMapping
from spacex.sources.source import Source

_TEXTS = {
    "": "{0}",
    "position": "position in {0}",
    "number": "{0} (number)",
    "presence": "{0} (whether present)",
}


@dataclass(frozen=True)
class SourceField:
    """A field of the records of an endpoint.

    Attributes:
        endpoint: the name of the endpoint.
        path: its path in a record, such as `cores[].core`; empty: the record itself.
        aspect: what is read of it: nothing for its value, or its position, the number of its items,
            or its presence.
    """

    endpoint: str
    path: str
    aspect: str = ""

    def __str__(self) -> str:
        """Return the field in words, such as `launches[].cores[].core`."""
        record = f"{self.endpoint}[]"
        return _TEXTS[self.aspect].format(f"{record}.{self.path}" if self.path else record)


def source_fields(source: Source) -> dict[tuple[str, str], str]:
    """Return (table, column) → its source fields, such as `launches[].cores[].core`."""
    return {
        column: ", ".join(dict.fromkeys(map(str, fields)))
        for column, fields in fields_by_column(source).items()
    }


def fields_by_column(source: Source, only: str = "") -> dict[tuple[str, str], list[SourceField]]:
    """Return (table, column) → the fields that it is read from.

    Args:
        source: the source.
        only: the name of an endpoint; empty: all.
    """
    fields: dict[tuple[str, str], list[SourceField]] = {}
    for endpoint in source.select([only] if only else []):
        for mapping in endpoint.mappings:
            for column, field in _fields(endpoint.name, mapping):
                fields.setdefault((mapping.table, column), []).append(field)
    return fields


def _fields(endpoint: str, mapping: TableMapping) -> Iterator[tuple[str, SourceField]]:
    item = f"{_plain(mapping.each)}[]" if mapping.each else ""
    for column, field_path in mapping.columns.items():
        if isinstance(field_path, Constant):
            continue
        path = str(field_path)
        if path == ".":
            yield column, SourceField(endpoint, item)
        elif path == "#":
            yield column, SourceField(endpoint, item, "position")
        else:
            is_of_record = path.startswith("^") or not item
            field = _plain(path.removeprefix("^")).rstrip("#!")
            whole = field if is_of_record else f"{item}.{field}"
            yield column, SourceField(endpoint, whole, _ASPECTS.get(path[-1], ""))


_ASPECTS = {"#": "number", "!": "presence"}


def _plain(path: str) -> str:
    """Return a path without the operator for fields that may be null."""
    return path.replace("?", "")
