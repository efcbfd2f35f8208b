"""Orbit raising: the altitudes of a launch's satellites over time.

A launch climbs in the longest run of GP lists in which its median mean altitude precedes its
maximum, is at least 10 km below it, and rises to the next list by more than 0.5 km per day. A
launch that is parked in between holds its altitude within that rate and does not climb. The climb
rate is the least-squares slope of the median over these lists, with the 95 % interval of Student's
t; it needs three. Launches climb in steps, so lists far apart give no rate.

Every function on a database raises `DatabaseError` if it is missing or unreadable.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from spacex.analysis.intervals import slope
from spacex.analysis.queries import query
from spacex.orbits.elements import Array
from spacex.orbits.status import HOLDING_KM_PER_DAY

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
        which it climbs; `longest_gap_days` between these; `climb_rate_km_per_day` with its interval
        `low_km_per_day` and `high_km_per_day`, NaN if that gap exceeds MAX_GAP_DAYS.
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
        _describe(rows["day"].to_numpy(), rows["median_altitude_km"].to_numpy())
        for _, rows in launches
    ]
    columns = ["climbing_lists", "longest_gap_days", "climb_rate_km_per_day"]
    columns += ["low_km_per_day", "high_km_per_day"]
    return found.join(pd.DataFrame(climbed, found.index, columns)).reset_index()


def climb_rate_km_per_day(days: Array, altitude_km: Array) -> tuple[float, float, float]:
    """Return the climb rate of a launch and its interval, km/d; NaN for fewer than 3 GP lists.

    Args:
        days: times of the GP lists, d; shape (n,), ascending.
        altitude_km: median mean altitude in each; shape (n,).
    """
    climb = _climb(days, altitude_km)
    return slope(days[climb], altitude_km[climb])


def _climb(days: Array, altitude_km: Array) -> slice:
    """Return the longest run of GP lists in which the launch climbs; the first of equal ones."""
    if len(days) == 0:
        return slice(0)
    top = int(np.argmax(altitude_km))
    is_before = altitude_km[:top] < altitude_km[top] - _BELOW_MAXIMUM_KM
    least_rise = HOLDING_KM_PER_DAY * np.minimum(np.diff(days[: top + 1]), MAX_GAP_DAYS)
    is_climbing = is_before & (np.diff(altitude_km[: top + 1]) > least_rise)
    edges = np.flatnonzero(np.diff(is_climbing, prepend=False, append=False))
    runs = edges.reshape(-1, 2)
    if len(runs) == 0:
        return slice(0)
    first, last = runs[np.argmax(runs[:, 1] - runs[:, 0])]
    return slice(int(first), int(last))


def _describe(days: Array, altitude_km: Array) -> tuple[float, ...]:
    """Return the number of lists in the climb, the longest gap (d), the rate and its interval."""
    climb = _climb(days, altitude_km)
    gap = float(np.diff(days[climb]).max(initial=-np.inf))
    rate = slope(days[climb], altitude_km[climb]) if gap <= MAX_GAP_DAYS else (np.nan,) * 3
    return len(days[climb]), gap if np.isfinite(gap) else np.nan, *rate
