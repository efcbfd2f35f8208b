"""Orbit raising: the altitudes of a launch's satellites over time.

A launch climbs in the GP lists in which its median mean altitude is at least 10 km below its
maximum and precedes it. The climb rate is the least-squares slope of the median over these lists.
Launches climb in steps, so lists far apart give no rate.

Every function on a database raises `DatabaseError` if it is missing or unreadable.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.analysis.queries import query
from spacex.orbits.elements import Array

MAX_GAP_DAYS = 3.0
"""Longest gap between GP lists that still gives a climb rate."""

_BELOW_MAXIMUM_KM = 10.0


def profile(database: Path | str, launch_designator: str) -> pd.DataFrame:
    """Return the altitudes of a launch in each GP list with its satellites, oldest first.

    Returns:
        The columns of `v_launch_altitudes`, and `age_days` since the launch, NaN if its date is
        unknown.
    """
    return query(
        database,
        """SELECT *, julianday(observed_utc) - julianday(launch_utc) AS age_days
           FROM v_launch_altitudes WHERE launch_designator = ? ORDER BY observed_utc""",
        (launch_designator,),
    )


def climbs(database: Path | str) -> pd.DataFrame:
    """Return how each launch climbed, latest designator first.

    Returns:
        `launch_designator`; `launch` (its name) and `launch_utc`, NULL if unknown;
        `first_seen_utc`, the first GP list with its satellites; `gp_lists`, how many have them;
        `first_altitude_km` and `highest_altitude_km`, medians; `climbing_lists`, the GP lists in
        which it climbs; `longest_gap_days` between these; and `climb_rate_km_per_day`, NaN if that
        gap exceeds MAX_GAP_DAYS.
    """
    launches = query(
        database,
        """SELECT launch_designator, launch, launch_utc, observed_utc, median_altitude_km,
                  julianday(observed_utc) AS day
           FROM v_launch_altitudes ORDER BY launch_designator DESC, observed_utc""",
    ).groupby("launch_designator", sort=False)
    found = launches.agg(
        launch=("launch", "first"),
        launch_utc=("launch_utc", "first"),
        first_seen_utc=("observed_utc", "first"),
        gp_lists=("observed_utc", "size"),
        first_altitude_km=("median_altitude_km", "first"),
        highest_altitude_km=("median_altitude_km", "max"),
    )
    climbed = [
        _climb(rows["day"].to_numpy(), rows["median_altitude_km"].to_numpy())
        for _, rows in launches
    ]
    columns = ["climbing_lists", "longest_gap_days", "climb_rate_km_per_day"]
    return found.join(pd.DataFrame(climbed, found.index, columns)).reset_index()


def climb_rate_km_per_day(days: Array, altitude_km: Array) -> float:
    """Return the climb rate of a launch, km/d; NaN if it climbs in fewer than two GP lists.

    Args:
        days: times of the GP lists, d; shape (n,), ascending.
        altitude_km: median mean altitude in each; shape (n,).
    """
    is_climbing = _is_climbing(altitude_km)
    if np.count_nonzero(is_climbing) < 2:
        return float("nan")
    slope, _ = np.polyfit(days[is_climbing], altitude_km[is_climbing], 1)
    return float(slope)


def _is_climbing(altitude_km: Array) -> NDArray[np.bool_]:
    """Return whether the launch is before and well below its maximum; shape (n,)."""
    if len(altitude_km) == 0:
        return np.zeros(0, np.bool_)
    top = int(np.argmax(altitude_km))
    is_before = np.arange(len(altitude_km)) < top
    return np.asarray(is_before & (altitude_km < altitude_km[top] - _BELOW_MAXIMUM_KM))


def _climb(days: Array, altitude_km: Array) -> tuple[int, float, float]:
    """Return the number of GP lists in a climb, the longest gap (d), and the rate (km/d)."""
    climbing = days[_is_climbing(altitude_km)]
    gap = float(np.diff(climbing).max()) if len(climbing) > 1 else float("nan")
    rate = climb_rate_km_per_day(days, altitude_km) if gap <= MAX_GAP_DAYS else float("nan")
    return len(climbing), gap, rate
