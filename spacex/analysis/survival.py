"""Satellite survival: the share of a launch's manifest still in orbit, by age.

For each satellite, the data give the age at which it was last in orbit, and the age by which it was
lost: after the day of its decay, or the first GP list without it if it is presumed decayed. The
estimate is that of Turnbull (Journal of the Royal Statistical Society B 38, 1976, 290): the
nonparametric maximum likelihood, which is the estimate of Kaplan and Meier where all ages are
known. Within an interval that the data leave open, the curve is drawn as a straight line.

The 95 % interval is that of Clopper and Pearson for the fewest and for the most satellites that can
be in orbit: one whose loss at that age is unknown counts as lost in the first and not in the
second. It covers, wherever in their intervals the satellites were lost.

The denominator is the manifest: all launched satellites. Those without a catalogue number have the
decay dates of GCAT. If it does not cover the launch, those that no other source knows were lost at
age 0, if a catalogue or archive has the launch, or else by the first GP list with satellites of it:
lists hold survivors alone.

A curve ends with the follow-up, after which nothing is known: when a GP list or a catalogue last
had satellites of the launch in orbit, or, if all are lost, at the newest list or catalogue of it.
Launches are compared up to the age
that all of them have reached.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from spacex.analysis.intervals import clopper_pearson
from spacex.analysis.queries import query
from spacex.errors import DataError, SettingsError
from spacex.orbits.elements import Array
from spacex.settings.values import nearest
from spacex.sources.launch_facts import starlink_launches
from spacex.warehouse.authorities import CATALOGUES_SQL
from spacex.warehouse.coverage import EARLY_DAYS, is_complete
from spacex.warehouse.decay_days import first_day, last_day

MIN_STARLINK_LAUNCH = 20
"""Fewest catalogued satellites of a dedicated Starlink launch; others are rideshares."""
_MANIFEST = re.compile(r"batch of (\d+)", re.IGNORECASE)
MOMENT_DAYS = 1e-6
"""Width of the interval of a loss at a known age, d."""
_MAX_STEPS, _CONVERGED = 10_000, 1e-9


@dataclass(frozen=True, eq=False)
class Survival:
    """A survival curve.

    Attributes:
        points: the curve, to be drawn with straight lines: `age_days`, ascending from 0; `share`
            still in orbit; `low` and `high`, its 95 % interval, which steps between two points of
            the same age; `fewest` and `most` satellites that can be in orbit.
        satellites: satellites at age 0.
        follow_up_days: age at the last observation, the last of the points.
    """

    points: pd.DataFrame
    satellites: int
    follow_up_days: float

    def until(self, age_days: float) -> pd.DataFrame:
        """Return the points up to an age, at most the end of the follow-up."""
        end = min(age_days, self.follow_up_days)
        kept = self.points[self.points["age_days"] < end]
        share = np.interp(end, self.points["age_days"], self.points["share"])
        last = self.points.iloc[[max(len(kept) - 1, 0)]].assign(age_days=end, share=share)
        return pd.concat([kept, last], ignore_index=True)


def estimate(earliest_days: Array, latest_days: Array, follow_up_days: float) -> Survival:
    """Estimate the survival curve of n satellites.

    Args:
        earliest_days: age at which each satellite was last in orbit; shape (n,).
        latest_days: age at which it was lost at the latest, infinite if it may still be in orbit;
            shape (n,), above `earliest_days`.
        follow_up_days: age at the last observation.

    Raises:
        DataError: there is no satellite.
    """
    count = len(earliest_days)
    if count == 0:
        raise DataError(
            "A survival curve needs at least one satellite.",
            remedy="Choose a launch with satellites.",
        )
    ends = np.concatenate([earliest_days, latest_days, [0.0, follow_up_days]])
    ages = np.unique(ends[(ends >= 0) & (ends <= follow_up_days)])
    left, right, mass = turnbull(earliest_days, latest_days)
    lost = np.clip((ages[:, None] - left) / (right - left), 0, 1) @ mass
    fewest, most = (np.sort(each) for each in (earliest_days, latest_days))
    sides = [  # just before and just after each age
        pd.DataFrame(
            {
                "age_days": ages,
                "share": 1 - lost,
                "fewest": count - np.searchsorted(fewest, ages, side),
                "most": count - np.searchsorted(most, ages, side),
            }
        )
        for side in ("left", "right")
    ]
    points = pd.concat(sides).sort_values("age_days", kind="stable", ignore_index=True)[1:-1]
    low = [clopper_pearson(number, count)[0] for number in points["fewest"].tolist()]
    high = [clopper_pearson(number, count)[1] for number in points["most"].tolist()]
    start = pd.DataFrame([{"age_days": 0.0, "share": 1.0, "low": 1.0, "high": 1.0}])
    start = start.assign(fewest=count, most=count)
    points = pd.concat([start, points.assign(low=low, high=high)], ignore_index=True)
    return Survival(points, count, follow_up_days)


def turnbull(earliest: Array, latest: Array) -> tuple[Array, Array, Array]:
    """Return where losses are most likely: open left and closed right ends, and their mass.

    The likelihood decides only about the innermost intervals, which contain no other end; within
    them the mass may be anywhere. The mass is found by self-consistency.

    Args:
        earliest: the open left end of the interval with each loss; shape (n,).
        latest: its closed right end, which may be infinite; shape (n,).

    Returns:
        Three arrays of shape (k,), ascending; the masses add up to 1.
    """
    pairs, number = np.unique(np.stack((earliest, latest)), axis=1, return_counts=True)
    right = np.unique(latest)
    starts = np.unique(earliest)
    left = starts[np.searchsorted(starts, right) - 1]
    is_innermost = np.append(True, left[1:] >= right[:-1])
    left, right = left[is_innermost], right[is_innermost]
    contains = (pairs[0][:, None] <= left) & (right <= pairs[1][:, None])
    mass = np.full(len(left), 1 / len(left))
    for _ in range(_MAX_STEPS):
        expected = contains * mass
        expected /= expected.sum(axis=1, keepdims=True)
        before, mass = mass, number @ expected / number.sum()
        if np.abs(mass - before).max() < _CONVERGED:
            break
    return left, right, mass


def launch_survival(database: Path | str, launch_designator: str) -> Survival:
    """Estimate the survival curve of one launch, over its manifest.

    A decayed satellite was lost on its decay date, or in the period that this date leaves open
    (`spacex.warehouse.decay_days`), after it was last known to be in orbit. One that is
    presumed decayed was lost between the last GP list with it (or its last epoch, if none had it)
    and the first without it. Nothing more is known about one that is unlisted but was too high to
    have re-entered. The others were in orbit when a GP list or a catalogue last had them there.

    The manifest is that of GCAT, or else of the bundled facts or the launch's description. An
    unknown one is the number of known satellites, if a catalogue, an archive or a GP list of within
    `EARLY_DAYS` after the launch has them.

    Raises:
        DataError: the launch has no known satellites, no known date or no known manifest.
        DatabaseError: the database is missing or unreadable.
    """
    satellites = query(database, _SATELLITES, (launch_designator,))
    if satellites.empty or satellites["launched"].isna().any():
        sql = "SELECT DISTINCT launch_designator FROM starlink WHERE launch_designator NOT NULL"
        known = query(database, sql)["launch_designator"].tolist()
        near = "" if launch_designator in known else nearest(str(launch_designator), known)
        raise DataError(
            f"Launch {launch_designator} has no known satellites or no known date{near or '.'}",
            remedy="Choose another launch, or load the endpoint launches too.",
        )
    days = satellites[["launched", "earliest", "latest", "follow_up", "first"]].astype(np.float64)
    ages = days.sub(days["launched"], axis=0)
    known_at = 0.0 if satellites["is_catalogued"].any() else max(float(ages["first"].min()), 0.0)
    unknown = _unknown(launch_designator, satellites, known_at)
    latest = np.append(ages["latest"].fillna(np.inf).clip(lower=0), np.full(unknown, known_at))
    earliest = np.append(ages["earliest"].clip(lower=0), np.zeros(unknown))
    follow_up = float(ages["follow_up"].max())
    if np.isfinite(latest).all():
        follow_up = max(follow_up, float(latest.max()))
    return estimate(np.minimum(earliest, latest - MOMENT_DAYS), latest, follow_up)


def _unknown(launch_designator: str, satellites: pd.DataFrame, known_at_days: float) -> int:
    """Return how many satellites of a launch no source knows.

    Args:
        launch_designator: the launch.
        satellites: its known satellites.
        known_at_days: its age when they were known.

    Raises:
        DataError: it cannot be told.
    """
    if satellites["is_covered"].any():
        return 0
    details = next(iter(satellites["details"].dropna()), None)
    stated = manifest_size(details, at_least=_launched().get(launch_designator, 0))
    if not stated and known_at_days > EARLY_DAYS:
        raise DataError(
            f"How many satellites launch {launch_designator} had is not known: the first GP list "
            f"with it is of {known_at_days:.0f} days later, and has only those still in orbit.",
            remedy="Load a catalogue (satcat or gcat), or an earlier GP list.",
        )
    return max(stated - len(satellites), 0)


@cache
def _launched() -> dict[str | None, int]:
    """Return launch → number of launched satellites, of the bundled facts; 0 if unknown."""
    return {each.launch_designator: each.launched or 0 for each in starlink_launches()}


def compare_launches(database: Path | str, launch_designators: Sequence[str]) -> pd.DataFrame:
    """Return the survival curves of several launches up to the age that all have reached.

    Returns:
        `launch_designator`, `satellites` of its manifest, and the columns of `Survival.points`. The
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
    if not survivals:
        return pd.DataFrame(columns=_COMPARED)
    until = min(each.follow_up_days for each in survivals.values())
    frames = [
        each.until(until).assign(launch_designator=name, satellites=each.satellites)
        for name, each in survivals.items()
    ]
    return pd.concat(frames, ignore_index=True)[_COMPARED]


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
           GROUP BY launch_designator HAVING count(launch_date)
           ORDER BY min(launch_date), launch_designator""",
    )
    is_dedicated = launches["satellites"] >= MIN_STARLINK_LAUNCH
    is_chosen = is_dedicated & (is_dedicated.cumsum() <= count)
    designators = launches["launch_designator"]
    return designators[is_chosen | designators.eq(also)].tolist()


def manifest_size(details: str | None, at_least: int = 0) -> int:
    """Return how many satellites a launch carried, from its description.

    Args:
        details: description of the launch.
        at_least: a lower limit.

    >>> manifest_size("A batch of 27 satellites for the Starlink mega-constellation")
    27
    >>> manifest_size("A batch of 27 satellites", at_least=29)
    29
    """
    found = _MANIFEST.search(details) if isinstance(details, str) else None
    return max(int(found[1]) if found else 0, at_least)


_COMPARED = [
    *("launch_designator", "satellites", "age_days"),
    *("share", "low", "high", "fewest", "most"),
]
_SATELLITES = f"""
    WITH newest AS (SELECT source, max(epoch_utc) AS newest_utc FROM starlink GROUP BY source),
    catalogued AS (
        SELECT norad_cat_id, max(observed_utc) AS observed_utc FROM catalogue_objects
        WHERE source IN ({CATALOGUES_SQL}) AND NOT is_decayed GROUP BY norad_cat_id),
    satellite AS (
        SELECT catalogue_status, is_presumed_decayed, launch_date, unlisted_since_utc,
               coalesce(first_listed_utc, epoch_utc) AS first_utc,
               CASE WHEN last_known_date IS NULL THEN decay_date
                    ELSE max(coalesce({first_day("s")}, ''),
                             coalesce(last_listed_utc, epoch_utc, launch_date)) END AS since_utc,
               CASE WHEN last_known_date IS NOT NULL
                         AND until_date = substr(unlisted_since_utc, 1, 10)
                    THEN unlisted_since_utc ELSE date(until_date, '+1 day') END AS until_utc,
               CASE catalogue_status WHEN 'in orbit'
                    THEN max(coalesce(last_listed_utc, newest_utc, launch_date),
                             coalesce(observed_utc, ''))
                    ELSE coalesce(last_listed_utc, epoch_utc, launch_date) END AS seen_utc
        FROM v_starlink s LEFT JOIN newest USING (source) LEFT JOIN catalogued USING (norad_cat_id)
        WHERE launch_designator = ?1
        UNION ALL
        SELECT CASE WHEN is_decayed THEN 'decayed' ELSE 'in orbit' END, 0, launch_date, NULL, NULL,
               coalesce({first_day("o")}, launch_date),
               date(coalesce({last_day("o")}, observed_utc), '+1 day'),
               CASE WHEN is_decayed THEN launch_date ELSE observed_utc END
        FROM catalogue_objects o
        WHERE source IN ('gcat', 'sample') AND is_starlink AND norad_cat_id IS NULL
          AND launch_designator = ?1),
    launch AS (
        SELECT max(coalesce(
                   (SELECT max(date_utc) FROM launches WHERE launch_designator = ?1),
                   launch_date)) AS launch_utc,
               coalesce(max(CASE catalogue_status WHEN 'in orbit' THEN seen_utc END),
                   (SELECT max(utc) FROM (
                        SELECT coalesce(last_listed_utc, epoch_utc) AS utc FROM starlink
                        UNION ALL
                        SELECT observed_utc FROM catalogue_objects
                        WHERE source IN ({CATALOGUES_SQL}) AND launch_designator = ?1)),
                   max(seen_utc)) AS end_utc
        FROM satellite)
    SELECT julianday(launch_utc) AS launched, julianday(end_utc) AS follow_up,
           julianday(CASE WHEN catalogue_status = 'decayed'
                          THEN coalesce(since_utc, seen_utc) ELSE seen_utc END) AS earliest,
           CASE WHEN catalogue_status = 'decayed' THEN julianday(until_utc)
                WHEN is_presumed_decayed THEN julianday(unlisted_since_utc) END AS latest,
           julianday(first_utc) AS first,
           (SELECT details FROM launches WHERE launch_designator = ?1) AS details,
           EXISTS (SELECT 1 FROM catalogue_objects
                   WHERE launch_designator = ?1 AND {is_complete("launch_date")}) AS is_catalogued,
           (SELECT launched IS NOT NULL FROM v_fleet_by_launch
            WHERE launch_designator = ?1) AS is_covered
    FROM satellite JOIN launch"""
"""The Julian days between which each satellite of a launch was lost."""
