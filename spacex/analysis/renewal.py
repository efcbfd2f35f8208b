"""Renewal of the fleet: shares newly listed and newly unlisted per year.

The rate between two GP lists is number / (mean fleet size x time). At a constant rate, the mean
lifetime is the inverse of the unlisting rate. A gap between GP lists hides satellites that were
listed only within it.
"""

from dataclasses import dataclass
from pathlib import Path

from spacex.analysis.cadence import DAYS_PER_YEAR
from spacex.analysis.history import gp_lists
from spacex.errors import DataError
from spacex.extract.as_of import Date, as_of_utc
from spacex.settings import command
from spacex.units import utc_instant


@dataclass(frozen=True)
class Renewal:
    """The renewal of a fleet between two GP lists.

    Attributes:
        mean_fleet: mean number of satellites in the two lists.
        newly_listed_per_year, newly_unlisted_per_year: shares of the mean fleet, 1/a.
    """

    since_utc: str
    until_utc: str
    newly_listed: int
    newly_unlisted: int
    mean_fleet: float
    newly_listed_per_year: float
    newly_unlisted_per_year: float


def renewal(database: Path | str, since: Date, until: Date) -> Renewal:
    """Return the renewal of the fleet between the GP lists of two dates.

    Args:
        database: the database.
        since: a date or an instant.
        until: a date or an instant.

    Raises:
        SettingsError: a date is invalid.
        DataError: the dates have no two different GP lists.
        DatabaseError: the database is missing or unreadable.
    """
    lists = gp_lists(database)
    instants = lists["observed_utc"]
    first, last = (lists[instants <= as_of_utc(date)].tail(1) for date in (since, until))
    if first.empty or first["observed_utc"].iloc[0] >= last["observed_utc"].iloc[0]:
        raise DataError(
            f"There are no two GP lists from {since} to {until}.",
            remedy="Choose dates further apart, or load older lists with "
            f"`{command('import-snapshots', 'FOLDER')}`.",
        )
    begin, end = first.iloc[0], last.iloc[0]
    between = lists[instants.between(begin["observed_utc"], end["observed_utc"], inclusive="right")]
    return rates(
        (begin["observed_utc"], end["observed_utc"]),
        (int(begin["satellite_count"]), int(end["satellite_count"])),
        (int(between["newly_listed"].sum()), int(between["newly_unlisted"].sum())),
    )


def rates(span: tuple[str, str], fleet: tuple[int, int], changed: tuple[int, int]) -> Renewal:
    """Return the renewal from the sizes of a fleet at two instants.

    Args:
        span: the two instants.
        fleet: number of satellites at each.
        changed: numbers of newly listed and newly unlisted satellites.
    """
    days = (utc_instant(span[1]) - utc_instant(span[0])).total_seconds() / 86400
    mean = sum(fleet) / 2
    listed, unlisted = (number / mean / (days / DAYS_PER_YEAR) for number in changed)
    return Renewal(*span, *changed, mean, listed, unlisted)
