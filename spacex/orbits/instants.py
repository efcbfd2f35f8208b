"""Instants in UTC as NumPy arrays, and the day counts used in formulas.

The resolution is a microsecond, in which a satellite in low orbit moves 8 mm. Differences ignore
leap seconds, as element sets do; the last one was in 2016.
"""

from datetime import UTC, datetime

import numpy as np

from spacex.errors import SettingsError
from spacex.orbits.elements import Array, Instants
from spacex.units import utc_instant

When = str | datetime | np.datetime64 | Instants
"""One instant (ISO 8601 text, datetime, datetime64) or an array of datetime64, in UTC.

Functions that take it raise SettingsError if an instant is missing or invalid, or if there are
several where they expect one.
"""

_REMEDY = "Write it as 2022-11-07T00:00:00Z."
_UNIX_JULIAN_DATE = 2440587.5
_DAY = np.timedelta64(1, "D")
_SECOND = np.timedelta64(1, "s")
_J2000 = np.datetime64("2000-01-01T12:00:00", "us")


def instants(when: When) -> Instants:
    """Return one or many instants as an array of shape (m,), in microseconds.

    Texts and datetimes without an offset are UTC.

    >>> instants("2022-11-07T02:00:00+02:00")
    array(['2022-11-07T00:00:00.000000'], dtype='datetime64[us]')
    """
    if isinstance(when, str):
        when = _parsed(when)
    if isinstance(when, datetime) and when.tzinfo is not None:
        when = when.astimezone(UTC).replace(tzinfo=None)
    if np.asarray(when).dtype.kind in "biuf":
        raise SettingsError(f"{when!r} is a number, not an instant.", remedy=_REMEDY)
    try:
        result = np.atleast_1d(np.asarray(when, "datetime64[us]"))
    except (TypeError, ValueError):
        raise SettingsError(f"{when!r} is not an instant.", remedy=_REMEDY) from None
    if result.size == 0 or np.isnat(result).any():
        raise SettingsError("An instant is missing.", remedy="Give every instant, in UTC.")
    return result


def instant(when: When) -> np.datetime64:
    """Return one instant, in microseconds."""
    result = instants(when)
    if result.size != 1:
        raise SettingsError(f"{result.size} instants were given.", remedy="Give one instant.")
    return np.datetime64(result.ravel()[0], "us")


def bounds(start: When, end: When) -> tuple[np.datetime64, np.datetime64]:
    """Return the start and end of a span.

    Raises:
        SettingsError: the end is not after the start.
    """
    first, last = instant(start), instant(end)
    if last <= first:
        raise SettingsError(
            f"The end ({last}) is not after the start ({first}).", remedy="Give a later end."
        )
    return first, last


def span(start: When, end: When, step_s: float) -> Instants:
    """Return the instants of a span at regular steps, and its end; shape (m,).

    Args:
        start: the first instant, UTC.
        end: the last instant, UTC.
        step_s: step, s; the last one may be shorter.

    Raises:
        SettingsError: the end is not after the start, or the step is not positive.

    >>> span("2022-11-07T00:00:00Z", "2022-11-07T00:01:10Z", 60).astype("datetime64[s]").tolist()
    ... # doctest: +NORMALIZE_WHITESPACE
    [datetime.datetime(2022, 11, 7, 0, 0), datetime.datetime(2022, 11, 7, 0, 1),
     datetime.datetime(2022, 11, 7, 0, 1, 10)]
    """
    first, last = bounds(start, end)
    if not step_s > 0:
        raise SettingsError(f"The step is {step_s} s.", remedy="Give a positive step.")
    return np.append(np.arange(first, last, seconds(step_s)), last)


def seconds(duration_s: float) -> np.timedelta64:
    """Return a duration given in seconds, to the microsecond."""
    return np.timedelta64(round(duration_s * 1e6), "us")


def seconds_since(start: np.datetime64, when: Instants) -> Array:
    """Return the seconds from one instant to others, of any shape."""
    return np.asarray((when - start) / _SECOND)


def after(start: np.datetime64, elapsed_s: Array) -> Instants:
    """Return the instants a number of seconds after another, of any shape; NaT for NaN."""
    elapsed_us = np.rint(np.asarray(elapsed_s) * 1e6)
    return np.asarray(start + elapsed_us.astype("timedelta64[us]"), "datetime64[us]")


def days_since_j2000(when: Instants) -> Array:
    """Return the days since 2000-01-01 12:00, in the time scale of the argument."""
    return np.asarray((when - _J2000) / _DAY)


def julian_date(when: Instants) -> tuple[Array, Array]:
    """Return Julian dates as previous midnight and day fraction, to keep precision."""
    midnight = when.astype("datetime64[D]")
    return midnight.astype(np.float64) + _UNIX_JULIAN_DATE, np.asarray((when - midnight) / _DAY)


def _parsed(text: str) -> datetime:
    try:
        return utc_instant(text)
    except ValueError as error:
        raise SettingsError(f"{text!r} is not an instant.", remedy=_REMEDY) from error
