"""Read rows from records by the mappings of an endpoint.

An unreadable field costs its value, or the row if the column is required.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from spacex.schema import TABLES
from spacex.sources.mapping import (
    Constant,
    FieldPath,
    TableMapping,
    UnknownCodeError,
    UnreadableValueError,
    explain,
    field_getter,
    reader,
)
from spacex.sources.record import Record, Unreadable
from spacex.transform.values import UnreadableError

_MAX_QUOTE_LENGTH = 200
_NAMES = ("name", "OBJECT_NAME")
"""Fields with the name of a record."""

Item = tuple[Any, Mapping[str, Any], int]
"""Arguments of a `Reader`: the row's value, its record, and its position in the record."""


FEW = 3
"""Number of records that a table may always reject or lose, unless they are all, and of values that
a column may always lose: in a small table, a few exceed any limit in percent."""


@dataclass(frozen=True)
class Reject:
    """One reason why a row, or one of its values, was rejected; the columns of `_rejects`.

    Attributes:
        record_name: name of the record; empty if it has none.
        lost: `row`, or `value` if the row was kept without it.
    """

    table_name: str
    row_key: str
    column_name: str
    value: str
    reason: str
    record_name: str = ""
    lost: str = "row"


@dataclass
class Rows:
    """The rows that one mapping read, before validation.

    Attributes:
        rows: one list of values per row, in the order of `columns`; an unreadable value of an
            optional column is an `UnreadableError`.
        names: name of the record of each row.
        rejects: one per unreadable row.
    """

    table: str
    columns: tuple[str, ...]
    rows: list[list[Any]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
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
    """Return a value as text for a message, truncated; `null` if missing, `?` if unreadable."""
    if isinstance(value, UnreadableError):
        return "?"
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
        self._optional = TABLES[mapping.table].optional_columns
        self._own = {name for name, path in mapping.columns.items() if _is_of_item(path)}
        self.result = Rows(mapping.table, tuple(mapping.columns))

    def add(self, record: Record | Unreadable) -> None:
        """Read the rows of one record."""
        if isinstance(record, Unreadable):
            self._add_unreadable(record)
        elif self._items is None:
            if self._mapping.where is None or self._mapping.where(record):
                self._read((record, record, 0))
        else:
            self._read_items(record, self._items)

    def _add_unreadable(self, record: Unreadable) -> None:
        item = (record.readable, record.readable, 0)
        if self._items or self._unexpected(item):
            self._reject(item, "", record.reason, record.quote)
            return
        try:
            self._keep([read(*item) for read in self._readers], record.readable)
        except (KeyError, TypeError):
            self._reject(item, "", record.reason, record.quote)

    def _read_items(self, record: Record, get_items: Callable[[Any], Any]) -> None:
        try:
            items = get_items(record)
        except (KeyError, TypeError):
            items = record
        if isinstance(items, list):
            for position, value in enumerate(items):
                if self._mapping.where is None or self._mapping.where(value):
                    self._read((value, record, position))
        elif items is not None or "?" not in self._mapping.each:
            self._reject((record, record, 0), "", explain(self._mapping.each, record))

    def _read(self, item: Item) -> None:
        if wrong := self._unexpected(item):
            self._reject(item, *wrong)
            return
        try:
            row = [read(*item) for read in self._readers]
        except (KeyError, TypeError):
            row = [self._cell(path, item) for path in self._mapping.columns.values()]
            if lost := self._loss(row):
                self._reject(item, *lost)
                return
        self._keep(row, item[1])

    def _keep(self, row: list[Any], record: Mapping[str, Any]) -> None:
        self.result.rows.append(row)
        self.result.names.append(_name(record))

    def _unexpected(self, item: Item) -> tuple[str, str, object] | None:
        """Return why the row's assumptions do not hold: column, reason and value; None if so."""
        for path, dig in self._expect:
            try:
                found = dig(item[0])
            except (KeyError, TypeError):
                return "", self._reason(path, item), ""
            if found != self._mapping.expect[path]:
                expected = self._mapping.expect[path]
                return "", f"field {path} is not {expected}, which other columns assume", found
        return None

    def _cell(self, path: FieldPath, item: Item) -> Any:
        try:
            return reader(path)(*item)
        except (UnknownCodeError, UnreadableValueError) as error:
            field = f"{self._within(item[2])}.{path}".strip(".").replace("?", "")
            return UnreadableError(f"{error} (field {field})")
        except (KeyError, TypeError):
            return UnreadableError(self._reason(str(path), item))

    def _loss(self, row: list[Any]) -> tuple[str, str] | None:
        """Return column and reason if the row cannot be kept.

        That is if a required column is unreadable, or all fields of the row's own are.
        """
        unreadable = {
            name: str(value)
            for name, value in zip(self._mapping.columns, row, strict=True)
            if isinstance(value, UnreadableError)
        }
        fatal = unreadable if self._own <= unreadable.keys() else unreadable.keys() - self._optional
        return next(((name, unreadable[name]) for name in unreadable if name in fatal), None)

    def _reason(self, path: str, item: Item) -> str:
        value, record, position = item
        if path.startswith("^"):
            return explain(path[1:], record)
        return explain(path, value, self._within(position))

    def _within(self, position: int) -> str:
        each = self._mapping.each.replace("?", "")
        return f"{each}[{position}]" if each else ""

    def _reject(self, item: Item, column: str, reason: str, found: object = "") -> None:
        key = "/".join(self._key(item))
        reject = Reject(self.result.table, key, column, quote(found), reason, _name(item[1]))
        self.result.rejects.append(reject)

    def _key(self, item: Item) -> Iterator[str]:
        for name in TABLES[self.result.table].key:
            if name in self._mapping.columns:
                yield quote(self._cell(self._mapping.columns[name], item))


def _is_of_item(path: FieldPath) -> bool:
    """Return whether a column is read from the row's own value."""
    return not isinstance(path, Constant) and str(path) != "#" and not str(path).startswith("^")


def _name(record: Mapping[str, Any]) -> str:
    """Return the name of a record; empty if it has none."""
    found = [record.get(key) for key in _NAMES] if isinstance(record, Mapping) else []
    return next((quote(name) for name in found if isinstance(name, str)), "")
