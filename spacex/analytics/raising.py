"""How launches climb to their shell: the altitudes of a launch's satellites over time.

A profile has, for each list, the median mean altitude of the launch's satellites and the altitudes
that a tenth are below and above. The climb rate is the least-squares slope of the median over the
lists in which it is at least 10 km below the highest it has reached. Between two lists nothing is
known: with one list a week, a rate is a mean over weeks.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from spacex.orbits.elements import Array
from spacex.queries import query

_THERE_KM = 10.0


def profile(database: Path, launch_designator: str) -> pd.DataFrame:
    """The lists that had satellites of a launch, oldest first.

    Returns:
        The columns of `v_batch_history`, and `age_days` since the launch, NaN if its day is not
        known.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    return query(
        database,
        """SELECT *, julianday(observed_utc) - julianday(launch_utc) AS age_days
           FROM v_batch_history WHERE launch_designator = ? ORDER BY observed_utc""",
        (launch_designator,),
    )


def climb_rate_km_per_day(days: Array, altitude_km: Array) -> float:
    """The rate at which a launch climbs, km/d; NaN if fewer than two lists see it climb.

    Args:
        days: when the lists are of, d; shape (n,), rising.
        altitude_km: median mean altitude in each; shape (n,).
    """
    if len(days) == 0:
        return float("nan")
    top = int(np.argmax(altitude_km))
    is_climbing = altitude_km[: top + 1] < altitude_km[top] - _THERE_KM
    if np.count_nonzero(is_climbing) < 2:
        return float("nan")
    slope, _ = np.polyfit(days[: top + 1][is_climbing], altitude_km[: top + 1][is_climbing], 1)
    return float(slope)
