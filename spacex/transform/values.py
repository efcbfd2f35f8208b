"""Convert raw values to their column's kind: check types, normalize dates and instants."""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from spacex.schema import Kind
from spacex.sources.mapping import type_name
from spacex.sources.record import NOT_UTF8
from spacex.units import utc_instant, utc_text

_INTEGER_LIMIT = 2**63
_MAX_TEXT_LENGTH = 20_000
"""Characters. Longer texts are not plausible and would slow down every page."""


class UnreadableError(ValueError):
    """Takes the place of a value that could not be read; its text is the reason."""


def convert(kind: Kind, values: Sequence[Any]) -> tuple[list[Any], dict[int, str]]:
    """Convert values to a kind.

    Returns:
        The converted values, None for null and for errors; and the errors, position → reason.
    """
    if _is_plain(kind, values):
        return list(values), {}
    errors: dict[int, str] = {}
    return list(_convert_each(_CONVERT[kind], values, errors)), errors


def _is_plain(kind: Kind, values: Sequence[Any]) -> bool:
    """Whether no value needs conversion: the fast path of a clean column."""
    if not set(map(type, values)) <= _PLAIN.get(kind, frozenset()):
        return False
    if kind is Kind.REAL:
        return all(math.isfinite(value) for value in values if value is not None)
    return kind is not Kind.TEXT or all(
        len(value) <= _MAX_TEXT_LENGTH and NOT_UTF8 not in value for value in values if value
    )


def _convert_each(
    convert_one: Callable[[Any], Any], values: Iterable[Any], errors: dict[int, str]
) -> Iterable[Any]:
    for position, value in enumerate(values):
        try:
            if isinstance(value, UnreadableError):
                raise value
            yield None if value is None else convert_one(value)
        except (ValueError, OverflowError) as error:
            errors[position] = str(error)
            yield None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"expected text, found {type_name(value)}")  # noqa: TRY004 - an error in the data
    if len(value) > _MAX_TEXT_LENGTH:
        raise ValueError(f"text of {len(value):,} characters; {_MAX_TEXT_LENGTH:,} are allowed")
    if NOT_UTF8 in value:
        raise ValueError("text that is not UTF-8")
    return value


def _url(value: Any) -> str:
    """Accept only web pages: no `javascript:` and no `file:`."""
    if not _text(value).startswith(("http://", "https://")):
        raise ValueError("expected a web address that begins with http:// or https://")
    return str(value)


def _date(value: Any) -> str:
    return date.fromisoformat(_text(value)[:10]).isoformat()


def _utc(value: Any) -> str:
    return utc_text(utc_instant(_text(value)), "seconds")


def _epoch(value: Any) -> str:
    return utc_text(utc_instant(_text(value)), "microseconds")


def _boolean(value: Any) -> bool:
    if value not in (0, 1) or not isinstance(value, int):
        raise ValueError(f"expected true or false, found {type_name(value)}")
    return bool(value)


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise ValueError(f"expected a whole number, found {type_name(value)}")
    if not -_INTEGER_LIMIT <= value < _INTEGER_LIMIT:
        raise ValueError("whole number is too large")
    return int(value)


def _real(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"expected a number, found {type_name(value)}")  # noqa: TRY004 - an error in the data
    if not math.isfinite(value):
        raise ValueError(f"expected a number, found {value}")
    return float(value)


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
"""Python types that need no conversion."""
