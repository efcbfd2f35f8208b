"""How fast the fleet is renewed: satellites that came and went, over the fleet and the time.

Between two lists, rate = number / (mean fleet x time): the share of the fleet that comes, or goes,
in a year. At a steady rate of going, the mean life is its inverse. Both mean nothing across a gap
in which satellites may have come and gone unseen.
"""

from dataclasses import dataclass
from pathlib import Path

from spacex.analysis.cadence import DAYS_PER_YEAR
from spacex.analysis.history import observations
from spacex.errors import DataError
from spacex.extract.as_of import as_of_utc
from spacex.units import utc_instant


@dataclass(frozen=True)
class Renewal:
    """What became of a fleet between two lists.

    Attributes:
        since_utc: instant of the earlier list.
        until_utc: instant of the later list.
        newly_listed: satellites new in a list between.
        newly_unlisted: satellites that a list between lacked.
        mean_fleet: mean of the satellites in the two lists.
        newly_listed_per_year: share of the fleet that came, 1/a.
        newly_unlisted_per_year: share of the fleet newly unlisted, 1/a.
    """

    since_utc: str
    until_utc: str
    newly_listed: int
    newly_unlisted: int
    mean_fleet: float
    newly_listed_per_year: float
    newly_unlisted_per_year: float


def renewal(database: Path, since: str, until: str) -> Renewal:
    """The renewal of the fleet between the lists of two dates.

    Raises:
        SettingsError: one is no date.
        DataError: there are no two lists by these dates.
        DatabaseError: there is no database, or it cannot be read.
    """
    lists = observations(database)
    times = lists["observed_utc"]
    first = lists[times <= as_of_utc(since)].tail(1)
    span = lists[times <= as_of_utc(until)]
    if first.empty or span["observed_utc"].iloc[-1] <= first["observed_utc"].iloc[0]:
        raise DataError(
            f"There are no two lists by {since} and {until} to compare.",
            remedy="Choose dates further apart, or load older lists: spacex import-snapshots.",
        )
    begin, last = first.iloc[0], span.iloc[-1]
    between = span[span["observed_utc"] > begin["observed_utc"]]
    return rates(
        (begin["observed_utc"], last["observed_utc"]),
        (int(begin["satellite_count"]), int(last["satellite_count"])),
        (int(between["newly_listed"].sum()), int(between["newly_unlisted"].sum())),
    )


def rates(span: tuple[str, str], fleet: tuple[int, int], moved: tuple[int, int]) -> Renewal:
    """The rates of a fleet that was of two sizes at two instants.

    Args:
        span: the two instants.
        fleet: satellites at each.
        moved: how many came and how many went between them.
    """
    days = (utc_instant(span[1]) - utc_instant(span[0])).total_seconds() / 86400
    mean = sum(fleet) / 2
    listed, unlisted = (number / mean / (days / DAYS_PER_YEAR) for number in moved)
    return Renewal(*span, *moved, mean, listed, unlisted)
