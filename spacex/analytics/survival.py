"""How long satellites last: the share of a launch's manifest that is still in orbit at an age.

S(t) is the estimate of Kaplan and Meier (1958): the product, over the ages at which satellites were
lost, of 1 - d/n, with d lost of the n still there. The interval is Greenwood's, on the scale of
log(-log S), which keeps it between 0 and 1 (Kalbfleisch and Prentice, section 1.4).

The denominator is the manifest: what was launched, not what was catalogued. Satellites that
re-enter before they are catalogued appear in no list; they count as lost at age 0.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from spacex.errors import DataError
from spacex.orbits.elements import Array
from spacex.queries import query

_Z = 1.959964
"""Of the normal distribution, for 95 %."""
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
    """

    age_days: Array
    at_risk: Array
    lost: Array
    share: Array
    low: Array
    high: Array

    def frame(self) -> pd.DataFrame:
        """One row per age at which something was lost."""
        return pd.DataFrame({name: getattr(self, name) for name in self.__dataclass_fields__})


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
    return Survival(ages.astype(np.float64), at_risk, lost, share, low, high)


def launch_survival(database: Path, launch_designator: str) -> Survival:
    """The survival curve of one launch's satellites, over its manifest.

    Where the manifest is not known, it is taken to be what was catalogued.

    Raises:
        DataError: no satellite of it is known, or its day of launch is not.
        DatabaseError: there is no database, or it cannot be read.
    """
    satellites = query(
        database,
        """SELECT s.is_decayed OR coalesce(s.is_listed = 0, 0) AS is_lost, l.details,
                  julianday(CASE WHEN s.is_decayed THEN s.decay_date
                                 WHEN s.is_listed = 0 THEN s.unlisted_since_utc
                                 ELSE coalesce(s.last_listed_utc, s.epoch_utc) END)
                      - julianday(coalesce(l.date_utc, s.launch_date)) AS age_days
           FROM starlink s LEFT JOIN launches l USING (launch_id)
           WHERE s.launch_designator = ?""",
        (launch_designator,),
    )
    if satellites["age_days"].isna().any() or satellites.empty:
        raise DataError(
            f"The satellites of {launch_designator}, or the day of its launch, are not known.",
            remedy="Choose another launch, or load the launches too.",
        )
    never_seen = max(manifest_size(satellites["details"].iloc[0]) - len(satellites), 0)
    ages = np.concatenate([np.zeros(never_seen), satellites["age_days"].to_numpy().clip(min=0)])
    lost = np.concatenate([np.ones(never_seen, np.bool_), satellites["is_lost"].to_numpy(np.bool_)])
    return kaplan_meier(ages, lost)


def manifest_size(details: str | None) -> int:
    """How many satellites the description of a launch says it carries; 0 if it does not say.

    >>> manifest_size("A batch of 27 satellites for the Starlink mega-constellation")
    27
    """
    found = _MANIFEST.search(details) if isinstance(details, str) else None
    return int(found[1]) if found else 0


def _interval(at_risk: Array, lost: Array, share: Array) -> tuple[Array, Array]:
    with np.errstate(divide="ignore", invalid="ignore"):  # where none is left, there is no interval
        greenwood = np.cumsum(lost / (at_risk * (at_risk - lost)))
        width = _Z * np.sqrt(greenwood) / np.log(share)
        low, high = share ** np.exp(-width), share ** np.exp(width)
    is_known = (share > 0) & (share < 1)
    return np.where(is_known, low, np.nan), np.where(is_known, high, np.nan)
