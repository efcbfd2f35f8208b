"""The flights of boosters as the dashboard's pages ask for them, and filters to choose them by."""

import pandas as pd

from spacex.dashboard.ui.database import Parameter
from spacex.dashboard.ui.filters import Choice
from spacex.dashboard.ui.view import View

FLIGHTS = """
    WITH flight AS (
        SELECT f.launch_id, f.launch, f.date_utc, f.year, f.rocket, l.launchpad, f.core_id,
               coalesce(f.serial, f.core_id, 'unknown') AS booster, f.flight, f.is_reused,
               f.landing_attempt, f.landing_success,
               CASE WHEN NOT coalesce(f.landing_attempt, FALSE) THEN 'not tried'
                    ELSE coalesce(f.landing_type, 'unknown') END AS landing,
               CASE WHEN f.core_id IS NOT NULL THEN julianday(f.date_utc) - julianday(
                    lag(f.date_utc) OVER (PARTITION BY f.core_id ORDER BY f.date_utc)) END
                    AS turnaround_d
        FROM v_landings f JOIN v_launches l USING (launch_id))
"""
"""Before a SELECT: `flight` has one row for each flight of a booster on a launch that took place.

The turnaround is counted from the booster's flight before it, even where a filter leaves that out.
Flights follow each other by date: the source's numbers of flights have gaps and repetitions.
"""

_OFFERED = f"({FLIGHTS} SELECT * FROM flight)"  # noqa: S608  # ours
LANDING = Choice("landing", "Landing", "landing", table=_OFFERED, all_label="All, tried or not")
BOOSTER = Choice("booster", "Booster", "booster", table=_OFFERED, all_label="All boosters")


def flights(view: View, select: str, *parameters: Parameter, exclude: str = "") -> pd.DataFrame:
    """The rows of a SELECT from `flight`; see `View.rows`.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    return view.query(f"{FLIGHTS} {select}", *parameters, exclude=exclude)
