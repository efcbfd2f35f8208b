"""Satellite survival: the share of a launch's manifest still in orbit, by age.

S(t) is the estimator of Kaplan and Meier (1958): the product of 1 - d/n over the ages at which
satellites were lost, with d lost of n at risk. A satellite is lost when it is decayed or unlisted.

The denominator is the manifest: all launched satellites. Those that re-entered before they were
catalogued count as lost at age 0.

A curve is a step function from (0, 1) to the end of the follow-up, after which nothing is known.
Launches are compared up to the age that all of them have reached.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.analysis.intervals import greenwood
from spacex.analysis.queries import query
from spacex.errors import DataError, SettingsError
from spacex.orbits.elements import Array
from spacex.settings.values import nearest

MIN_STARLINK_LAUNCH = 20
"""Fewest catalogued satellites of a dedicated Starlink launch; others are rideshares."""
_MANIFEST = re.compile(r"batch of (\d+)", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Survival:
    """A survival curve.

    Attributes:
        curve: one row per age with losses, ascending: `age_days`; `at_risk` just before; `lost`;
            `share`, the S after it; `low` and `high`, its 95 % interval, NaN if S is 0.
        satellites: satellites at age 0.
        follow_up_days: age at the last observation.
    """

    curve: pd.DataFrame
    satellites: int
    follow_up_days: float


def kaplan_meier(age_days: Array, is_lost: NDArray[np.bool_]) -> Survival:
    """Estimate the survival curve of n satellites.

    Args:
        age_days: age at the loss or the last observation; shape (n,).
        is_lost: whether the satellite was lost at that age; shape (n,).

    Raises:
        DataError: there is no satellite.
    """
    if len(age_days) == 0:
        raise DataError(
            "A survival curve needs at least one satellite.",
            remedy="Choose a launch with satellites.",
        )
    ages, counts = np.unique(age_days[is_lost], return_counts=True)
    lost = counts.astype(np.float64)
    at_risk = np.array([np.count_nonzero(age_days >= age) for age in ages], np.float64)
    share = np.asarray(np.cumprod(1 - lost / at_risk), np.float64)
    low, high = greenwood(at_risk, lost, share)
    curve = pd.DataFrame({"age_days": ages, "at_risk": at_risk, "lost": lost}).assign(
        share=share, low=low, high=high
    )
    return Survival(curve, len(age_days), float(age_days.max()))


def step_points(survival: Survival, until_days: float = np.inf) -> pd.DataFrame:
    """Return the points of the step function, from age 0 to the end of the follow-up.

    Args:
        survival: the curve.
        until_days: the age to end at, if the follow-up is longer.

    Returns:
        `age_days`, `share`, `low` and `high`. The interval at age 0 is [1, 1].
    """
    end = min(until_days, survival.follow_up_days)
    start = pd.DataFrame([{"age_days": 0.0, "share": 1.0, "low": 1.0, "high": 1.0}])
    losses = survival.curve.loc[survival.curve["age_days"] <= end, list(start)]
    points = pd.concat([start, losses], ignore_index=True)
    return pd.concat([points, points.tail(1).assign(age_days=end)], ignore_index=True)


def launch_survival(database: Path | str, launch_designator: str) -> Survival:
    """Estimate the survival curve of one launch, over its manifest.

    A loss has the catalogue's decay date, or else the midpoint between the last GP list with the
    satellite and the first without it. The manifest is that of GCAT, or else of the launch's
    description; an unknown one is the number of catalogued satellites.

    Raises:
        DataError: the launch has no known satellites or no known date.
        DatabaseError: the database is missing or unreadable.
    """
    satellites = query(
        database,
        """WITH seen AS (
               SELECT s.*, julianday(coalesce(l.date_utc, s.launch_date)) AS launched, l.details,
                      julianday(coalesce(s.last_listed_utc, s.epoch_utc, l.date_utc,
                                         s.launch_date)) AS last_seen,
                      julianday(s.unlisted_since_utc) AS missed
               FROM starlink s LEFT JOIN launches l USING (launch_id))
           SELECT details, is_decayed OR unlisted_since_utc IS NOT NULL AS is_lost,
                  (SELECT never_catalogued FROM v_fleet_by_launch v
                   WHERE v.launch_designator = seen.launch_designator) AS never_catalogued,
                  (SELECT max(last_seen) FROM seen) - launched AS follow_up_days,
                  coalesce(CASE WHEN is_decayed THEN julianday(decay_date) END,
                           (last_seen + missed) / 2, last_seen) - launched AS age_days
           FROM seen WHERE launch_designator = ?""",
        (launch_designator,),
    )
    if satellites["age_days"].isna().any() or satellites.empty:
        sql = "SELECT DISTINCT launch_designator FROM starlink WHERE launch_designator NOT NULL"
        known = query(database, sql)["launch_designator"].tolist()
        near = "" if launch_designator in known else nearest(str(launch_designator), known)
        raise DataError(
            f"Launch {launch_designator} has no known satellites or no known date{near or '.'}",
            remedy="Choose another launch, or load the endpoint launches too.",
        )
    uncatalogued = _uncatalogued(satellites)
    ages = np.concatenate([np.zeros(uncatalogued), satellites["age_days"].to_numpy().clip(min=0)])
    lost = np.concatenate([np.ones(uncatalogued), satellites["is_lost"]]).astype(np.bool_)
    found = kaplan_meier(ages, lost)
    if not lost.all():
        return found
    end = max(found.follow_up_days, float(satellites["follow_up_days"].max()))
    return Survival(found.curve, found.satellites, end)


def _uncatalogued(satellites: pd.DataFrame) -> int:
    """Return how many satellites of a launch never got a number: by GCAT, or by its description."""
    if satellites["never_catalogued"].notna().any():
        return int(satellites["never_catalogued"].max())
    details = next(iter(satellites["details"].dropna()), None)
    return manifest_size(details, catalogued=len(satellites)) - len(satellites)


def compare_launches(database: Path | str, launch_designators: Sequence[str]) -> pd.DataFrame:
    """Return the survival curves of several launches up to the age that all have reached.

    Returns:
        `launch_designator`, `satellites` of its manifest, and the columns of `step_points`. The
        last row of a launch is its share at the common age.

    Raises:
        SettingsError: the designators are one text, not a list.
        DataError, DatabaseError: as `launch_survival`.
    """
    if isinstance(launch_designators, str):
        raise SettingsError(
            f"The launches are the text {launch_designators!r}.",
            remedy=f"Give a list, such as [{launch_designators!r}].",
        )
    survivals = {each: launch_survival(database, each) for each in launch_designators}
    until = min((each.follow_up_days for each in survivals.values()), default=0.0)
    columns = ["launch_designator", "satellites", "age_days", "share", "low", "high"]
    frames = [
        step_points(each, until).assign(launch_designator=name, satellites=each.satellites)
        for name, each in survivals.items()
    ]
    empty = pd.DataFrame(columns=columns)
    return pd.concat(frames, ignore_index=True)[columns] if frames else empty


def oldest_launches(database: Path | str, count: int, also: str = "") -> list[str]:
    """Return the designators of the first dedicated Starlink launches, oldest first.

    Launches without a known date are left out.

    Args:
        database: the database.
        count: number of launches.
        also: designator of another launch to include if its date is known.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    launches = query(
        database,
        """SELECT launch_designator, count(*) AS satellites FROM starlink
           WHERE launch_designator IS NOT NULL
           GROUP BY launch_designator HAVING count(*) = count(launch_date)
           ORDER BY min(launch_date), launch_designator""",
    )
    is_dedicated = launches["satellites"] >= MIN_STARLINK_LAUNCH
    is_chosen = is_dedicated & (is_dedicated.cumsum() <= count)
    designators = launches["launch_designator"]
    return designators[is_chosen | designators.eq(also)].tolist()


def manifest_size(details: str | None, catalogued: int = 0) -> int:
    """Return how many satellites a launch carried, from its description.

    Args:
        details: description of the launch.
        catalogued: its catalogued satellites, the lower limit.

    >>> manifest_size("A batch of 27 satellites for the Starlink mega-constellation")
    27
    >>> manifest_size("A batch of 27 satellites", catalogued=29)
    29
    """
    found = _MANIFEST.search(details) if isinstance(details, str) else None
    return max(int(found[1]) if found else 0, catalogued)
