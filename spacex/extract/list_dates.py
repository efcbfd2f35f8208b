"""The date of a manual file, and the instant under which it is stored.

The date of a list is the one in the name of its file, such as `starlink_2025-05-18.json.gz`, or
else that of its newest epoch. The file's modification time says nothing.

A date without a time stands for the end of that day, but never for a time in the future. Lists of
one day follow each other in the order of their newest epochs: each is a second earlier for every
minute that its newest epoch lies before the end of the day. Their instants therefore do not depend
on the order in which the files are stored. Lists that would get the same instant, such as one list
in two formats, are put side by side, the more complete one last.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from spacex.errors import DataError
from spacex.extract.file_name_dates import Dates, date_in_name, day
from spacex.units import utc_instant, utc_now

DATE_TOLERANCE = timedelta(days=3)
"""Largest difference between the date of a list and its median epoch; in a list of the fleet, half
of the epochs are less than a day old."""

ROOM = timedelta(minutes=1)
"""Room around an instant for lists that would get the same one."""

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
    return day(utc_instant(instant))
