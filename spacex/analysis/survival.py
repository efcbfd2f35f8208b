"""How long satellites last: the share of a launch's manifest that is still in orbit at an age.

S(t) is the estimate of Kaplan and Meier (1958): the product, over the ages at which satellites were
lost, of 1 - d/n, with d lost of the n still there. The interval is Greenwood's, on the scale of
log(-log S), which keeps it between 0 and 1 (Kalbfleisch and Prentice, section 1.4).

The denominator is the manifest: what was launched, not what was catalogued. Satellites that
re-enter before they are catalogued appear in no list; they count as lost at age 0.

A curve is a step function: it holds from one loss to the next, begins at 1, and ends at the last
look. Launches are compared up to the age that all of them have reached.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pandas as pd

from spacex.analysis.queries import query
from spacex.errors import DataError
from spacex.orbits.elements import Array

_Z = 1.959964
"""Of the normal distribution, for 95 %."""
BATCH = 20
"""Satellites that make a launch one of a batch, not of a few that rode along."""
_MANIFEST = re.compile(r"batch of (\d+)", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Survival:
    """A survival curve; arrays of shape (k,), one for each age at which something was lost.

    Attributes:
        age_days: ages, rising.
        at_risk: how many were still there just before.
        lost: how many were lost at that age.
        share: S, the share that lives longer.
        low: lower end of the 95 % interval; NaN where nothing is left.
        high: upper end.
        satellites: how many there were at the beginning; no array.
        looked_days: the age at the last look, beyond which nothing is known; no array.
    """

    age_days: Array
    at_risk: Array
    lost: Array
    share: Array
    low: Array
    high: Array
    satellites: int
    looked_days: float

    def frame(self) -> pd.DataFrame:
        """One row per age at which something was lost."""
        arrays = [each.name for each in fields(self) if each.type == Array]
        return pd.DataFrame({name: getattr(self, name) for name in arrays})


def kaplan_meier(
    age_days: Array, is_lost: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
) -> Survival:
    """The survival curve of n satellites.

    Args:
        age_days: age at the loss, or at the last look; shape (n,).
        is_lost: whether it was lost at that age, else it was still there; shape (n,).

    Raises:
        DataError: there is no satellite.
    """
    if len(age_days) == 0:
        raise DataError("No satellite, no survival.", remedy="Choose a launch with satellites.")
    ages, place = np.unique(age_days[is_lost], return_inverse=True)
    lost = np.bincount(place, minlength=len(ages)).astype(np.float64)
    at_risk = np.array([np.count_nonzero(age_days >= age) for age in ages], np.float64)
    share = np.asarray(np.cumprod(1 - lost / at_risk), np.float64)
    low, high = _interval(at_risk, lost, share)
    looked = float(age_days.max())
    return Survival(ages.astype(np.float64), at_risk, lost, share, low, high, len(age_days), looked)


def steps(survival: Survival, until_days: float | None = None) -> pd.DataFrame:
    """The curve as it is drawn, each row holding up to the next, from age 0 to the last look.

    Args:
        survival: the curve.
        until_days: the age to end at, if that is before the last look.

    Returns:
        `age_days`, `share`, `low` and `high`. At age 0 the interval is 1 to 1, for all were there;
        where nothing is left there is none.
    """
    end = survival.looked_days if until_days is None else min(until_days, survival.looked_days)
    start = {"age_days": 0.0, "share": 1.0, "low": 1.0, "high": 1.0}
    losses = survival.frame()[["age_days", "share", "low", "high"]]
    rows = pd.concat([pd.DataFrame([start]), losses[losses["age_days"] <= end]], ignore_index=True)
    return pd.concat([rows, rows.tail(1).assign(age_days=end)], ignore_index=True)


def launch_survival(database: Path, launch_designator: str) -> Survival:
    """The survival curve of one launch's satellites, over its manifest.

    A loss is dated by the catalogue, or else halfway between the last list that has the satellite
    and the first that lacks it. Where the manifest is not known, it is what was catalogued.

    Raises:
        DataError: no satellite of it is known, or its day of launch is not.
        DatabaseError: there is no database, or it cannot be read.
    """
    satellites = query(
        database,
        """WITH seen AS (
               SELECT s.*, julianday(coalesce(l.date_utc, s.launch_date)) AS launched, l.details,
                      julianday(coalesce(s.last_listed_utc, s.epoch_utc)) AS last_seen,
                      julianday(s.unlisted_since_utc) AS missed
               FROM starlink s LEFT JOIN launches l USING (launch_id))
           SELECT details, is_decayed OR coalesce(is_listed = 0, 0) AS is_lost,
                  (SELECT max(last_seen) FROM seen) - launched AS look_days,
                  coalesce(CASE WHEN is_decayed THEN julianday(decay_date) END,
                           (last_seen + missed) / 2, last_seen) - launched AS age_days
           FROM seen WHERE launch_designator = ?""",
        (launch_designator,),
    )
    if satellites["age_days"].isna().any() or satellites.empty:
        raise DataError(
            f"The satellites of {launch_designator}, or the day of its launch, are not known.",
            remedy="Choose another launch, or load the launches too.",
        )
    told = satellites["details"].dropna()
    details = told.iloc[0] if len(told) else None
    never_seen = manifest_size(details, catalogued=len(satellites)) - len(satellites)
    ages = np.concatenate([np.zeros(never_seen), satellites["age_days"].to_numpy().clip(min=0)])
    lost = np.concatenate([np.ones(never_seen, np.bool_), satellites["is_lost"].to_numpy(np.bool_)])
    curve = kaplan_meier(ages, lost)
    if lost.all():  # and still were, when the fleet was last looked at
        return replace(curve, looked_days=max(curve.looked_days, satellites["look_days"].max()))
    return curve


def compared(database: Path, launch_designators: Sequence[str]) -> pd.DataFrame:
    """The survival curves of several launches, as steps, up to the age that all have reached.

    The last row of each launch is its share at that age.

    Returns:
        `launch_designator`, `satellites` of its manifest, and the columns of `steps`.

    Raises:
        DataError, DatabaseError: as `launch_survival`.
    """
    curves = {each: launch_survival(database, each) for each in launch_designators}
    until = min((curve.looked_days for curve in curves.values()), default=0.0)
    frames = [
        steps(curve, until).assign(launch_designator=each, satellites=curve.satellites)
        for each, curve in curves.items()
    ]
    columns = ["launch_designator", "satellites", "age_days", "share", "low", "high"]
    if not frames:
        return pd.DataFrame(columns=columns)
    return pd.concat(frames, ignore_index=True)[columns]


def oldest_launches(database: Path, count: int, also: str = "") -> list[str]:
    """The designators of the first launches of a batch, oldest first, of those whose day is known.

    Args:
        database: the database.
        count: how many.
        also: the designator of another launch to name, if its day is known.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    found = query(
        database,
        """SELECT launch_designator, count(*) AS satellites FROM starlink
           WHERE launch_designator IS NOT NULL
           GROUP BY launch_designator HAVING count(*) = count(launch_date)
           ORDER BY min(launch_date), launch_designator""",
    )
    is_first = (found["satellites"] >= BATCH).cumsum().le(count) & found["satellites"].ge(BATCH)
    return found["launch_designator"][is_first | found["launch_designator"].eq(also)].tolist()


def manifest_size(details: str | None, catalogued: int = 0) -> int:
    """How many satellites a launch carried: as its description says, never fewer than catalogued.

    >>> manifest_size("A batch of 27 satellites for the Starlink mega-constellation")
    27
    >>> manifest_size("A batch of 27 satellites", catalogued=29)
    29
    """
    found = _MANIFEST.search(details) if isinstance(details, str) else None
    return max(int(found[1]) if found else 0, catalogued)


def _interval(at_risk: Array, lost: Array, share: Array) -> tuple[Array, Array]:
    with np.errstate(divide="ignore", invalid="ignore"):  # where none is left, there is no interval
        greenwood = np.cumsum(lost / (at_risk * (at_risk - lost)))
        width = _Z * np.sqrt(greenwood) / np.log(share)
        low, high = share ** np.exp(-width), share ** np.exp(width)
    is_known = (share > 0) & (share < 1)
    return np.where(is_known, low, np.nan), np.where(is_known, high, np.nan)
