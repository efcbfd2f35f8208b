"""How the fields of a source's records become the columns of a table.

A mapping is read as much as it is run: it is the lineage in the data dictionary. A field is named
by its path in the record, `links.patch.small`. A path may say more:

- `fairings?.reused`: `fairings` may be null, and the column is then NULL;
- `crew#`: the length of the list `crew`;
- `fairings!`: whether `fairings` is there, that is, not null;
- in a table of list items, `.` is the item itself, `#` its place in the list from 0, and `^id` the
  field `id` of the record the list stands in.

A path whose key is missing is an error, never NULL: a renamed field must not pass unnoticed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

Reader = Callable[[Any, Any, int], Any]
"""Reads a path from a row's value, the record the row's list stands in, and the row's place."""


@dataclass(frozen=True)
class Constant:
    """A value that a mapping gives by itself, for what a record says by its structure."""

    value: str | int


@dataclass(frozen=True)
class Coded:
    """A value that a field gives by a code; a code that is not known is an error, never NULL.

    Attributes:
        path: where the code is.
        values: code → value.
    """

    path: str
    values: Mapping[Any, Any]

    def __str__(self) -> str:
        return self.path


class UnknownCodeError(TypeError):
    """A code that a mapping does not know."""


FieldPath = str | Constant | Coded


@dataclass(frozen=True, kw_only=True)
class TableMapping:
    """The rows of one table in one endpoint's records.

    Attributes:
        table: the table's name.
        columns: column name → path, or constant.
        each: path of the list whose items are the rows; empty where each record is a row.
        expect: path → the only value it may have, for what the columns take for granted.
        is_shared: whether several records repeat a row, such as a launch its pad: the last counts.
    """

    table: str
    columns: Mapping[str, FieldPath]
    each: str = ""
    expect: Mapping[str, object] = field(default_factory=dict)
    is_shared: bool = False


def reader(path: FieldPath) -> Reader:
    """The function that reads one path; it raises KeyError or TypeError where nothing is there."""
    if isinstance(path, Constant):
        constant = path.value
        return lambda _value, _record, _position: constant
    if isinstance(path, Coded):
        return _decoder(path)
    if path == "#":
        return lambda _value, _record, position: position
    if path == ".":
        return lambda value, _record, _position: value
    dig = field_getter(path.removeprefix("^"))
    if path.startswith("^"):
        return lambda _value, record, _position: dig(record)
    return lambda value, _record, _position: dig(value)


def field_getter(path: str) -> Callable[[Any], Any]:
    """The function that follows a path into a record, without the item signs `.`, `#` and `^`."""
    keys = path.rstrip("#!").split(".")
    dig = _required(keys) if "?" not in path else _optional(keys)
    if path.endswith("#"):
        return lambda record: _length(dig(record))
    if path.endswith("!"):
        return lambda record: dig(record) is not None
    return dig


def _decoder(coded: Coded) -> Reader:
    read = reader(coded.path)

    def decode(value: Any, record: Any, position: int) -> Any:
        code = read(value, record, position)
        try:
            return coded.values[code]
        except (KeyError, TypeError):
            raise UnknownCodeError(f"unknown code {code!r}") from None

    return decode


def _required(keys: list[str]) -> Callable[[Any], Any]:
    if len(keys) == 1:
        return itemgetter(keys[0])
    first, rest = keys[0], _required(keys[1:])
    return lambda record: rest(record[first])


def _optional(keys: list[str]) -> Callable[[Any], Any]:
    steps = [(key.removesuffix("?"), key.endswith("?")) for key in keys]

    def dig(record: Any) -> Any:
        for key, is_optional in steps:
            record = record[key]
            if record is None and is_optional:
                return None
        return record

    return dig


def _length(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise TypeError(type(value).__name__)
    return len(value)
