"""Rows out of records: each mapping's paths read, and what could not be read, refused."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from spacex.schema import TABLES
from spacex.sources.mapping import FieldPath, TableMapping, UnknownCodeError, field_getter, reader

_LONGEST_QUOTE = 200

Item = tuple[Any, Mapping[str, Any], int]
"""The value of a row, the record it stands in, and its place there: what a Reader takes."""


@dataclass(frozen=True)
class Reject:
    """One reason a row was refused.

    Attributes:
        table: name of the table the row was meant for.
        row_key: the row's key, its parts joined by `/`.
        column: the column concerned; empty if the row as a whole.
        value: the value, shortened.
        reason: why it was refused.
    """

    table: str
    row_key: str
    column: str
    value: str
    reason: str


@dataclass
class Rows:
    """The rows of one table, read but not yet judged.

    Attributes:
        table: the table's name.
        columns: the names of the columns that were read.
        rows: one list of values a row, in the order of `columns`.
        rejects: the rows that could not be read.
    """

    table: str
    columns: tuple[str, ...]
    rows: list[list[Any]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


def read_rows(records: Iterable[Mapping[str, Any]], mappings: Iterable[TableMapping]) -> list[Rows]:
    """The rows that each mapping finds in the records, one `Rows` a mapping."""
    readers = [_RowReader(mapping) for mapping in mappings]
    for record in records:
        for each in readers:
            each.add(record)
    return [each.read for each in readers]


def quote(value: object) -> str:
    """A value for a person to recognise, shortened."""
    text = str(value)
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"


class _RowReader:
    """One mapping at work."""

    def __init__(self, mapping: TableMapping) -> None:
        self._mapping = mapping
        self._readers = [reader(path) for path in mapping.columns.values()]
        self._expect = [(path, field_getter(path)) for path in mapping.expect]
        self._items = field_getter(mapping.each) if mapping.each else None
        self.read = Rows(mapping.table, tuple(mapping.columns))

    def add(self, record: Mapping[str, Any]) -> None:
        """Read the rows of one record."""
        if self._items is None:
            self._read((record, record, 0))
            return
        try:
            items = self._items(record)
            if not isinstance(items, list):
                raise TypeError("not a list")  # noqa: TRY301 - one way to refuse it
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
        wanted = self._mapping.expect
        wrong = [path for path, value in found.items() if value != wanted[path]]
        if wrong:
            reason = f"field {wrong[0]} is not {wanted[wrong[0]]}, as other columns presume"
            self._reject(item, "", reason, found[wrong[0]])
        else:
            self.read.rows.append(row)

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
        self.read.rejects.append(Reject(self.read.table, key, column, quote(found), reason))

    def _key(self, item: Item) -> Iterator[str]:
        for name in TABLES[self.read.table].key:
            if name in self._mapping.columns:
                try:
                    yield quote(reader(self._mapping.columns[name])(*item))
                except (KeyError, TypeError):
                    yield "?"


def _reason(path: FieldPath, error: Exception) -> str:
    match error:
        case KeyError():
            return f"the answer has no key {error} (field {path})"
        case UnknownCodeError():
            return f"{error} (field {path})"
        case TypeError():
            return f"field {path} is not where it should be: {error}"
    return str(error)
