"""What the charts of changes show."""

import pandas as pd

from spacex.analysis.articles.words import period
from spacex.analysis.findings.finding_words import largest
from spacex.units import counted

STEADY_KM = 2.0
"""A launch whose median altitude changed by less keeps its altitude, km."""


def most_changes(frame: pd.DataFrame) -> str:
    """Return which kind has the most changes; empty if there are none.

    Args:
        frame: `kind` and `changes`.
    """
    return largest(frame, "kind", "changes", "change")


def listed_now(lists: pd.DataFrame) -> str:
    """Return how many satellites the newest GP list has, and the first; empty without a list.

    Args:
        lists: `observed_utc` and `satellite_count` of each GP list, oldest first.
    """
    if lists.empty:
        return ""
    first, last = lists.iloc[0], lists.iloc[-1]
    number = counted(last["satellite_count"], "satellite")
    if len(lists) == 1:
        return f"The only GP list, of {period(*[last['observed_utc']] * 2)}, has {number}."
    more = int(last["satellite_count"] - first["satellite_count"])
    than = "as many as" if not more else f"{abs(more):,} {'more' if more > 0 else 'fewer'} than"
    since, until = (each["observed_utc"] for each in (first, last))
    return (
        f"The newest of {len(lists):,} GP lists, {period(since, until)}, has {number}, {than} the "
        "first."
    )


def newly_listed(lists: pd.DataFrame, gaps: pd.DataFrame) -> str:
    """Return how many satellites are newly listed and unlisted; empty without two lists.

    Args:
        lists: the columns of `v_observations`, oldest first.
        gaps: `spacex.analysis.source_coverage.pauses` of the lists.
    """
    if len(lists) < 2:
        return ""
    since, until = lists["observed_utc"].iloc[[0, -1]]
    came, went = (int(lists[f"newly_{each}"].sum()) for each in ("listed", "unlisted"))
    least = "at least " if len(gaps) else ""
    said = f"{period(since, until)}: {least}{counted(came, 'satellite')} newly listed, {least}"
    return f"{said}{went:,} newly unlisted."


def climbs(altitudes: pd.DataFrame) -> str:
    """Return how many launches rose, kept their altitude and sank; empty if none is known.

    Args:
        altitudes: columns of `v_launch_altitudes`, in time order.
    """
    if altitudes.empty:
        return ""
    medians = altitudes.groupby("launch_designator")["median_altitude_km"]
    change_km = medians.last() - medians.first()
    rose, sank = int(change_km.gt(STEADY_KM).sum()), int(change_km.lt(-STEADY_KM).sum())
    since, until = (altitudes["observed_utc"].agg(end) for end in ("min", "max"))
    kept = len(change_km) - rose - sank
    launches = counted(len(change_km), "launch", "launches")
    return (
        f"Of {launches}, {period(since, until)}, {rose:,} rose by more than {STEADY_KM:.0f} km, "
        f"{sank:,} sank by more, and {kept:,} did neither."
    )
