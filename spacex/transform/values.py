"""Values as their column's kind wants them: types checked, texts of instants made uniform."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from spacex.schema import Kind
from spacex.units import utc_instant, utc_text

_INTEGER_LIMIT = 2**63
_LONGEST_TEXT = 20_000
"""Characters; what is longer is no name and no description, and would make every page slow."""


def convert(kind: Kind, values: Sequence[Any]) -> tuple[list[Any], dict[int, str]]:
    """The values as the kind wants them, None for null, and the faults: place → reason.

    A value at fault comes back as None.
    """
    if _is_plain(kind, values):
        return list(values), {}
    faults: dict[int, str] = {}
    return list(_convert_each(_CONVERT[kind], values, faults)), faults


def _is_plain(kind: Kind, values: Sequence[Any]) -> bool:
    """Whether all values are as the kind wants them, so that a clean column costs one look."""
    if not set(map(type, values)) <= _PLAIN.get(kind, frozenset()):
        return False
    return kind is not Kind.TEXT or all(len(value) <= _LONGEST_TEXT for value in values if value)


def _convert_each(
    convert_one: Callable[[Any], Any], values: Iterable[Any], faults: dict[int, str]
) -> Iterable[Any]:
    for place, value in enumerate(values):
        try:
            yield None if value is None else convert_one(value)
        except (ValueError, OverflowError) as error:
            faults[place] = str(error)
            yield None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"text expected, found {_name(value)}")  # noqa: TRY004 - a fault of data
    if len(value) > _LONGEST_TEXT:
        raise ValueError(f"text of {len(value):,} characters, where {_LONGEST_TEXT:,} are allowed")
    return value


def _url(value: Any) -> str:
    """Only addresses a browser opens as pages: no `javascript:`, no `file:`."""
    if not _text(value).startswith(("http://", "https://")):
        raise ValueError("web address expected, beginning with http:// or https://")
    return str(value)


def _date(value: Any) -> str:
    return date.fromisoformat(_text(value)[:10]).isoformat()


def _utc(value: Any) -> str:
    return utc_text(utc_instant(_text(value)), "seconds")


def _epoch(value: Any) -> str:
    return utc_text(utc_instant(_text(value)), "microseconds")


def _boolean(value: Any) -> bool:
    if value not in (0, 1) or not isinstance(value, int):
        raise ValueError(f"true or false expected, found {_name(value)}")
    return bool(value)


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise ValueError(f"whole number expected, found {_name(value)}")
    if not -_INTEGER_LIMIT <= value < _INTEGER_LIMIT:
        raise ValueError("whole number too large")
    return int(value)


def _real(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"number expected, found {_name(value)}")  # noqa: TRY004 - a fault of data
    return float(value)


def _name(value: Any) -> str:
    names = {str: "text", bool: "true or false", list: "a list", dict: "an object"}
    return names.get(type(value), "a number")


_CONVERT: dict[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: _text,
    Kind.URL: _url,
    Kind.DATE: _date,
    Kind.UTC: _utc,
    Kind.EPOCH: _epoch,
    Kind.INTEGER: _integer,
    Kind.BOOLEAN: _boolean,
    Kind.REAL: _real,
}

_PLAIN = {
    Kind.TEXT: frozenset({str, type(None)}),
    Kind.BOOLEAN: frozenset({bool, type(None)}),
    Kind.REAL: frozenset({float, type(None)}),
}
"""Types that need no conversion."""
