"""Mappings from the fields of a source's records to the columns of a table.

A mapping is also the lineage in the data dictionary. It names a field by its path in the record,
such as `links.patch.small`. A path may contain operators:

- `fairings?.reused`: `fairings` may be null, which makes the column NULL;
- `crew#`: the length of the list `crew`;
- `fairings!`: whether `fairings` is not null;
- in a table of list items, `.` is the item, `#` its position from 0, and `^id` the field `id` of
  the record that contains the list.

A missing key is an error, never NULL, so that a renamed field does not go unnoticed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

Reader = Callable[[Any, Any, int], Any]
"""Reads a path, given the row's item, the record that contains it, and its position."""


@dataclass(frozen=True)
class Constant:
    """A constant column value, for what a record expresses by its structure, or not at all."""

    value: str | int | None


@dataclass(frozen=True)
class Coded:
    """A column value encoded in a field; an unknown code is an error, never NULL.

    Attributes:
        path: path of the code.
        values: code → value.
    """

    path: str
    values: Mapping[Any, Any]

    def __str__(self) -> str:
        return self.path


class UnknownCodeError(TypeError):
    """A code that a mapping does not list."""


class UnreadableValueError(TypeError):
    """A value that a mapping's parser cannot read; its text is the reason."""


@dataclass(frozen=True)
class Parsed:
    """A column value computed from a field; NULL if the field is.

    Attributes:
        path: path of the field.
        parse: returns the value; UnreadableValueError with the reason, ValueError or TypeError if
            the field cannot be read, KeyError if it is an object that lacks a field.
    """

    path: str
    parse: Callable[[Any], Any]

    def __str__(self) -> str:
        return self.path


FieldPath = str | Constant | Coded | Parsed


@dataclass(frozen=True, kw_only=True)
class TableMapping:
    """The mapping of an endpoint's records to the rows of one table.

    Attributes:
        table: the table's name.
        columns: column name → path or constant.
        each: path of the list whose items are the rows; empty if each record is a row. A list
            behind `?` may be null.
        where: whether a record or list item is a row; None if all are. It must accept any of them.
        expect: path → the only valid value, for what the columns assume.
        is_shared: whether several records repeat a row, as launches repeat their pad; the last
            one counts.
    """

    table: str
    columns: Mapping[str, FieldPath]
    each: str = ""
    where: Callable[[Any], bool] | None = None
    expect: Mapping[str, object] = field(default_factory=dict)
    is_shared: bool = False


def same(*names: str) -> dict[str, str]:
    """Map columns to the fields of the same names."""
    return {name: name for name in names}


def whole(value: Any) -> int:
    """Return a number, or the text of one, as a whole number.

    Raises:
        ValueError: the text is not of ASCII digits. Python also takes those of other scripts, and
            underscores between them.
    """
    return int(_ascii_number(value))


def decimal(value: Any) -> float:
    """Return a number, or the text of one.

    Raises:
        ValueError: see `whole`.
    """
    return float(_ascii_number(value))


def _ascii_number(value: Any) -> Any:
    if isinstance(value, str) and other_digit(value):
        raise ValueError(f"{value!r} is not a number")
    return value


def other_digit(text: str) -> str:
    """Return the first character that is not ASCII, or an underscore; empty if there is none."""
    return next((each for each in text if each == "_" or not each.isascii()), "")


def reader(path: FieldPath) -> Reader:
    """Return a function that reads a path; KeyError or TypeError if a field is missing."""
    if isinstance(path, Constant):
        constant = path.value
        return lambda _value, _record, _position: constant
    if isinstance(path, Coded | Parsed):
        return _decoder(path) if isinstance(path, Coded) else _parser(path)
    if path == "#":
        return lambda _value, _record, position: position
    if path == ".":
        return lambda value, _record, _position: value
    get = field_getter(path.removeprefix("^"))
    if path.startswith("^"):
        return lambda _value, record, _position: get(record)
    return lambda value, _record, _position: get(value)


def field_getter(path: str) -> Callable[[Any], Any]:
    """Return a function that reads a path without the item operators `.`, `#` and `^`."""
    keys = path.rstrip("#!").split(".")
    get = _required(keys) if "?" not in path else _optional(keys)
    if path.endswith("#"):
        return lambda record: _length(get(record))
    if path.endswith("!"):
        return lambda record: get(record) is not None
    return get


def _decoder(coded: Coded) -> Reader:
    read = reader(coded.path)
    has_flags = any(isinstance(code, bool) for code in coded.values)

    def decode(value: Any, record: Any, position: int) -> Any:
        code = read(value, record, position)
        try:
            if isinstance(code, bool) and not has_flags:
                raise KeyError(code)  # noqa: TRY301 - Python takes True for 1
            return coded.values[code]
        except (KeyError, TypeError):
            raise UnknownCodeError(f"unknown code {code!r}") from None

    return decode


def _parser(parsed: Parsed) -> Reader:
    read = reader(parsed.path)

    def parse(value: Any, record: Any, position: int) -> Any:
        found = read(value, record, position)
        try:
            return None if found is None else parsed.parse(found)
        except UnreadableValueError:
            raise
        except KeyError as error:
            raise UnreadableValueError(f"it has no field {error}") from None
        except (ValueError, TypeError, AttributeError, OverflowError):
            text = f"{found!r}" if isinstance(found, str) else type_name(found)
            raise UnreadableValueError(f"{text} cannot be read") from None

    return parse


def explain(path: str, value: Any, within: str = "") -> str:
    """Return why a path cannot be read, naming the outermost field at fault.

    Args:
        path: the path.
        value: the record or list item.
        within: path of the list item in its record; empty for the record.
    """
    seen = within
    for step in path.rstrip("#!").split("."):
        if not isinstance(value, dict):
            what = f"field {seen}" if seen else "the record"
            return f"{what} is {type_name(value)}, not an object"
        key = step.removesuffix("?")
        seen = f"{seen}.{key}".removeprefix(".")
        if key not in value:
            return f"the record has no field {seen}"
        value = value[key]
    return f"field {seen} is {type_name(value)}, not a list"


def type_name(value: object) -> str:
    """Return the JSON type of a value, in words."""
    names = {type(None): "null", str: "text", bool: "true or false", list: "a list"}
    return names.get(type(value), "an object" if isinstance(value, dict) else "a number")


def _required(keys: list[str]) -> Callable[[Any], Any]:
    if len(keys) == 1:
        return itemgetter(keys[0])
    first, rest = keys[0], _required(keys[1:])
    return lambda record: rest(record[first])


def _optional(keys: list[str]) -> Callable[[Any], Any]:
    steps = [(key.removesuffix("?"), key.endswith("?")) for key in keys]

    def get(record: Any) -> Any:
        for key, is_optional in steps:
            record = record[key]
            if record is None and is_optional:
                return None
        return record

    return get


def _length(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise TypeError(type(value).__name__)
    return len(value)
