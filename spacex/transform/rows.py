"""Read rows from records by the mappings of an endpoint; reject unreadable rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from spacex.schema import TABLES
from spacex.sources.mapping import (
    FieldPath,
    TableMapping,
    UnknownCodeError,
    UnreadableValueError,
    field_getter,
    reader,
)
from spacex.sources.record import Record, Unreadable

_MAX_QUOTE_LENGTH = 200

Item = tuple[Any, Mapping[str, Any], int]
"""Arguments of a `Reader`: the row's value, its record, and its position in the record."""


@dataclass(frozen=True)
class Reject:
    """One reason why a row was rejected; the columns of `_rejects`."""

    table_name: str
    row_key: str
    column_name: str
    value: str
    reason: str


@dataclass
class Rows:
    """The rows that one mapping read, before validation.

    Attributes:
        rows: one list of values per row, in the order of `columns`.
        rejects: one per unreadable row.
    """

    table: str
    columns: tuple[str, ...]
    rows: list[list[Any]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


def read_rows(
    records: Iterable[Record | Unreadable], mappings: Iterable[TableMapping]
) -> list[Rows]:
    """Read the rows of all records, one `Rows` per mapping.

    An unreadable record has a row in the tables that need only its readable fields.
    """
    readers = [_RowReader(mapping) for mapping in mappings]
    for record in records:
        for each in readers:
            each.add(record)
    return [each.result for each in readers]


def quote(value: object) -> str:
    """Return a value as text for a message, truncated; `null` if it is missing."""
    is_missing = value is None or value is pd.NA or value != value  # noqa: PLR0124 - NaN
    text = "null" if is_missing else str(value)
    return text if len(text) <= _MAX_QUOTE_LENGTH else text[:_MAX_QUOTE_LENGTH] + "…"


class _RowReader:
    """Reads the rows of one mapping, record by record."""

    def __init__(self, mapping: TableMapping) -> None:
        self._mapping = mapping
        self._readers = [reader(path) for path in mapping.columns.values()]
        self._expect = [(path, field_getter(path)) for path in mapping.expect]
        self._items = field_getter(mapping.each) if mapping.each else None
        self.result = Rows(mapping.table, tuple(mapping.columns))

    def add(self, record: Record | Unreadable) -> None:
        """Read the rows of one record."""
        if isinstance(record, Unreadable):
            self._add_unreadable(record)
        elif self._items is None:
            self._read((record, record, 0))
        else:
            self._read_items(record, self._items)

    def _add_unreadable(self, record: Unreadable) -> None:
        item = (record.readable, record.readable, 0)
        try:
            self.result.rows.append([read(*item) for read in self._readers])
        except (KeyError, TypeError):
            self._reject(item, "", record.reason, record.quote)

    def _read_items(self, record: Record, get_items: Callable[[Any], Any]) -> None:
        try:
            items = get_items(record)
            if not isinstance(items, list):
                raise TypeError("not a list")  # noqa: TRY301 - rejected below
        except (KeyError, TypeError) as error:
            self._reject((record, record, 0), "", _reason(self._mapping.each, error))
            return
        for position, value in enumerate(items):
            self._read((value, record, position))

    def _read(self, item: Item) -> None:
        try:
            row = [read(*item) for read in self._readers]
            found = {path: dig(item[0]) for path, dig in self._expect}
        except (KeyError, TypeError):
            self._reject_unreadable(item)
            return
        expected = self._mapping.expect
        wrong = [path for path, value in found.items() if value != expected[path]]
        if wrong:
            reason = f"field {wrong[0]} is not {expected[wrong[0]]}, which other columns assume"
            self._reject(item, "", reason, found[wrong[0]])
        else:
            self.result.rows.append(row)

    def _reject_unreadable(self, item: Item) -> None:
        paths = {**self._mapping.columns, **dict.fromkeys(self._mapping.expect, "")}
        for column, path in paths.items():
            try:
                reader(path or column)(*item)
            except (KeyError, TypeError) as error:
                self._reject(item, column if path else "", _reason(path or column, error))
                return

    def _reject(self, item: Item, column: str, reason: str, found: object = "") -> None:
        key = "/".join(self._key(item))
        self.result.rejects.append(Reject(self.result.table, key, column, quote(found), reason))

    def _key(self, item: Item) -> Iterator[str]:
        for name in TABLES[self.result.table].key:
            if name in self._mapping.columns:
                try:
                    yield quote(reader(self._mapping.columns[name])(*item))
                except (KeyError, TypeError):
                    yield "?"


def _reason(path: FieldPath, error: Exception) -> str:
    match error:
        case KeyError():
            return f"the record has no key {error} (field {path})"
        case UnknownCodeError() | UnreadableValueError():
            return f"{error} (field {path})"
        case TypeError():
            return f"field {path} cannot be read: {error}"
    return str(error)
