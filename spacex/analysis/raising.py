"""How launches climb to their shell: the altitudes of a launch's satellites over time.

A profile has, for each list, the median mean altitude of the launch's satellites and the altitudes
that a tenth are below and above. The climb rate is the least-squares slope of the median over the
lists in which it is at least 10 km below the highest it has reached. Between two lists nothing is
known: launches climb in steps, so a rate a day is told of lists that are days apart, not weeks.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.analysis.queries import query
from spacex.orbits.elements import Array

CLOSE_DAYS = 3.0
"""Lists further apart than this do not tell how far a launch climbs in a day."""

_THERE_KM = 10.0


def profile(database: Path, launch_designator: str) -> pd.DataFrame:
    """The lists that had satellites of a launch, oldest first.

    Returns:
        The columns of `v_launch_altitudes`, and `age_days` since the launch, NaN if its day is not
        known.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    return query(
        database,
        """SELECT *, julianday(observed_utc) - julianday(launch_utc) AS age_days
           FROM v_launch_altitudes WHERE launch_designator = ? ORDER BY observed_utc""",
        (launch_designator,),
    )


def climbs(database: Path) -> pd.DataFrame:
    """How each launch climbed, as far as the lists tell, the latest designator first.

    Returns:
        `launch_designator`, `launch` (its name) and `launch_utc`, null where they are not known;
        `first_seen_utc`, the first list that has its satellites; `lists`, how many have;
        `first_altitude_km` and `highest_altitude_km`, medians in the first list and in the highest;
        `climb_lists`, those in which it is on its way up; `days_apart`, the longest time between
        two of these; and `climb_rate_km_per_day`, NaN where they are more than CLOSE_DAYS apart.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    batches = query(
        database,
        """SELECT launch_designator, launch, launch_utc, observed_utc, median_altitude_km,
                  julianday(observed_utc) AS day
           FROM v_launch_altitudes ORDER BY launch_designator DESC, observed_utc""",
    )
    groups = batches.groupby("launch_designator", sort=False)
    found = groups.agg(
        launch=("launch", "first"),
        launch_utc=("launch_utc", "first"),
        first_seen_utc=("observed_utc", "first"),
        lists=("observed_utc", "size"),
        first_altitude_km=("median_altitude_km", "first"),
        highest_altitude_km=("median_altitude_km", "max"),
    )
    climbed = [
        _climb(lists["day"].to_numpy(), lists["median_altitude_km"].to_numpy())
        for _, lists in groups
    ]
    columns = ["climb_lists", "days_apart", "climb_rate_km_per_day"]
    return found.join(pd.DataFrame(climbed, found.index, columns)).reset_index()


def climb_rate_km_per_day(days: Array, altitude_km: Array) -> float:
    """The rate at which a launch climbs, km/d; NaN if fewer than two lists see it climb.

    Args:
        days: when the lists are of, d; shape (n,), rising.
        altitude_km: median mean altitude in each; shape (n,).
    """
    is_climbing = _is_climbing(altitude_km)
    if np.count_nonzero(is_climbing) < 2:
        return float("nan")
    slope, _ = np.polyfit(days[is_climbing], altitude_km[is_climbing], 1)
    return float(slope)


def _is_climbing(altitude_km: Array) -> NDArray[np.bool_]:
    """Whether the launch is still to reach its highest, and well below it; shape (n,)."""
    if len(altitude_km) == 0:
        return np.zeros(0, np.bool_)
    top = int(np.argmax(altitude_km))
    is_before = np.arange(len(altitude_km)) <= top
    return np.asarray(is_before & (altitude_km < altitude_km[top] - _THERE_KM))


def _climb(days: Array, altitude_km: Array) -> tuple[int, float, float]:
    """Lists that see a launch climb, the longest time between two of them, and the rate."""
    seen = days[_is_climbing(altitude_km)]
    if len(seen) < 2:
        return len(seen), float("nan"), float("nan")
    days_apart = float(np.diff(seen).max())
    is_close = days_apart <= CLOSE_DAYS
    return (
        len(seen),
        days_apart,
        climb_rate_km_per_day(days, altitude_km) if is_close else float("nan"),
    )
