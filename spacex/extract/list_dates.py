"""The date of a manual file, and the instant under which it is stored.

The date of a list is the one in the name of its file, such as `starlink_2025-05-18.json.gz`, or
else that of its newest epoch. The file's modification time says nothing. A time is in UTC, unless
an offset such as `-0500` or `+02:00` follows it.

A date without a time stands for the end of that day, but never for a time in the future. Lists of
one day follow each other in the order of their newest epochs: each is a second earlier for every
minute that its newest epoch lies before the end of the day. Their instants therefore do not depend
on the order in which the files are stored. Lists that would get the same instant, such as one list
in two formats, are put side by side, the more complete one last.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from spacex.errors import DataError, SettingsError
from spacex.units import utc_instant, utc_now

DATE_TOLERANCE = timedelta(days=3)
"""Largest difference between the date of a list and its median epoch; in a list of the fleet, half
of the epochs are less than a day old."""

Dates = tuple[datetime, datetime]
"""The first and the last instant that a date stands for; equal if it has a time."""

ROOM = timedelta(minutes=1)
"""Room around an instant for lists that would get the same one."""

_ZONES = "(?i:[ECMP][SD]T|AK[SD]T|HST|CES?T|EES?T|WES?T|BST|MSK|IST|JST|AE[SD]T)"
_DATE = re.compile(
    rf"""(?<!\d) ((?:19|20)\d\d) ([-_. ]?) (\d\d) \2 (\d\d)
        (?: [T_. -]? ([01]\d|2[0-3]) [-_.:h]? ([0-5]\d) (?: [-_.:m]? ([0-5]\d) )?
            ( \+\d\d(?:[:.]?\d\d)? | -(?:0\d|1[0-2])[:.]?(?:[03]0|[14]5) | [ _]?{_ZONES}\b )?
        )? (?!\d)""",
    re.VERBOSE | re.ASCII,
)
"""A date, and a time with its zone. Another number after it, such as -7434, is no offset."""
_LONGEST_OFFSET = timedelta(hours=14)
_LONGEST = timedelta(hours=2)
"""Longest time before the end of its day that a date stands for."""
_SECOND = timedelta(seconds=1)
_FIRST_LAUNCH = datetime(1957, 10, 4, tzinfo=UTC)
"""No object was in orbit before."""


def list_dates(name: str, newest_epoch: datetime, median_epoch: datetime) -> Dates:
    """Return the date of a list, from the name of its file or else its newest epoch.

    Args:
        name: the name of the file.
        newest_epoch: the newest epoch of the list.
        median_epoch: its median epoch.

    Raises:
        SettingsError: the date in the name is invalid.
        DataError: the date and the epochs contradict each other, or the epochs are impossible.
    """
    dates = date_in_name(name)
    if not _FIRST_LAUNCH <= median_epoch <= utc_now() + DATE_TOLERANCE:
        raise DataError(
            f"{name} cannot be dated: its element sets are of {median_epoch.date()} (the median of "
            "their epochs).",
            remedy="Download the list again.",
        )
    if dates:
        check_date(name, dates, median_epoch)
        return dates
    if newest_epoch - median_epoch > DATE_TOLERANCE:
        raise DataError(
            f"{name} has no date in its name, and its element sets contradict each other: half are "
            f"of {median_epoch:%Y-%m-%d} or older, but the newest is of {newest_epoch:%Y-%m-%d}.",
            remedy="Rename it with the date of the list, such as starlink_2025-05-18.tle.",
        )
    newest_epoch = newest_epoch.replace(microsecond=0)
    return newest_epoch, newest_epoch


def wanted_instant(dates: Dates, newest_epoch: datetime) -> datetime:
    """Return the instant of a list if no other list has it; it is never in the future.

    Args:
        dates: its date.
        newest_epoch: its newest epoch.
    """
    first, last = dates
    now = utc_now().replace(microsecond=0)
    if first == last:
        return min(last, now)
    age = max(last - newest_epoch, timedelta())
    end = min(last - min(timedelta(seconds=age.total_seconds() // 60), _LONGEST), now)
    return max(end - ROOM, first) if first <= now else end - ROOM


def free_instant(
    wanted: datetime, dates: Dates, older: Iterable[datetime], newer: Iterable[datetime]
) -> datetime:
    """Return an instant for a list between those of other lists, the wanted one if possible.

    Args:
        wanted: the wanted instant.
        dates: the date of the list.
        older: the instants of lists that come before it.
        newer: the instants of lists that come after it.
    """
    first, last = dates
    after = max([min(first, wanted - ROOM), *older])
    before = min([min(max(last, wanted + ROOM), utc_now()) + _SECOND, *newer])
    if after < wanted < before:
        return wanted
    if wanted <= after:
        before = min(before, after + ROOM)
    else:
        after = max(after, before - ROOM)
    return after + (before - after) // _SECOND // 2 * _SECOND


def check_date(name: str, dates: Dates, median_epoch: datetime) -> None:
    """Check that the date of a list agrees with its epochs.

    Args:
        name: the name of the list.
        dates: its date.
        median_epoch: its median epoch.

    Raises:
        DataError: they contradict each other.
    """
    first, last = dates
    if not first - DATE_TOLERANCE <= median_epoch <= last + DATE_TOLERANCE:
        raise DataError(
            f"{name} is dated {last:%Y-%m-%d}, but its element sets are of "
            f"{median_epoch:%Y-%m-%d} (the median of their epochs).",
            remedy="Rename the file with the date of the list, or download the list again.",
        )


def date_of(instant: str) -> Dates:
    """Return the day of a stored list."""
    return _day(utc_instant(instant))


def date_in_name(name: str) -> Dates | None:
    """Return the date in a file name; None if it has none.

    Eight digits that are not a valid date, such as a catalogue number, do not count.

    >>> [instant.isoformat() for instant in date_in_name("starlink_2025.05.18.tle")]
    ['2025-05-18T00:00:00+00:00', '2025-05-18T23:59:59+00:00']

    Raises:
        SettingsError: the date is invalid.
    """
    invalid = ""
    for found in _DATE.finditer(name):
        year, separator, month, day, hour, minute, second, zone = found.groups()
        try:
            date = datetime(int(year), int(month), int(day), tzinfo=UTC)
        except ValueError:
            invalid = invalid or (found[0] if separator else "")
            continue
        if hour:
            local = date.replace(hour=int(hour), minute=int(minute), second=int(second or 0))
            instant = local - _offset(zone or "+00", name)
            return instant, instant
        return _day(date)
    if invalid:
        raise SettingsError(
            f"The date {invalid} in the file name {name} is invalid.",
            remedy="Rename the file, for example to starlink_2025-05-18.json.",
        )
    return None


def _offset(zone: str, name: str) -> timedelta:
    """Return the offset of a time zone from UTC.

    Raises:
        SettingsError: it is impossible, or a name, which can stand for several zones.
    """
    digits = re.sub(r"\D", "", zone)
    minutes = int(digits[2:] or 0)
    offset = timedelta(hours=int(digits[:2] or 99), minutes=minutes)
    if minutes > 59 or offset > _LONGEST_OFFSET:
        raise SettingsError(
            f"The time zone {zone.strip(' _')} in the file name {name} cannot be read.",
            remedy="Write its offset from UTC, such as +02:00, or the time in UTC.",
        )
    return -offset if zone.startswith("-") else offset


def _day(instant: datetime) -> Dates:
    first = datetime.combine(instant, time(), UTC)
    return first, first + timedelta(days=1) - _SECOND
