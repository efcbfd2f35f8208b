"""Flights of boosters, and filters of them."""

import pandas as pd

from spacex.dashboard.ui.database import Parameter
from spacex.dashboard.ui.filters import Choice
from spacex.dashboard.ui.view import View

FLIGHTS = """
    WITH span AS MATERIALIZED (
        SELECT from_utc, to_utc FROM v_coverage WHERE subject = 'launches'),
    flown AS (
        SELECT f.launch_id, f.launch, f.date_utc, f.year, f.rocket, l.launchpad, f.core_id,
               coalesce(f.serial, f.core_id, 'unknown') AS booster, f.flight, f.is_reused,
               f.landing_attempt, f.landing_success, f.landing AS outcome,
               CASE WHEN f.landing_attempt THEN coalesce(f.landing_type, 'unknown')
                    WHEN f.landing = 'unknown' THEN 'not recorded' ELSE 'not tried' END AS landing,
               CASE WHEN f.core_id IS NOT NULL THEN lag(f.date_utc) OVER (
                    PARTITION BY f.core_id ORDER BY f.date_utc) END AS before_utc
        FROM v_landings f JOIN v_launches l USING (launch_id)),
    flight AS (
        SELECT *, CASE WHEN EXISTS (SELECT 1 FROM span WHERE before_utc >= from_utc
                                                         AND date_utc <= to_utc)
                       THEN julianday(date_utc) - julianday(before_utc) END AS turnaround_d
        FROM flown)
"""
"""Prefix of a SELECT that defines `flight`: one row per flight of a booster on a flown launch.

The turnaround counts from the booster's previous flight, even if the filters exclude that flight.
It is NULL if no source covers the time between, in which the booster may have flown.
Flights are ordered by date, because the source's flight numbers have gaps and duplicates.
"""

_FLIGHT_TABLE = f"({FLIGHTS} SELECT * FROM flight)"  # noqa: S608  # declared names
LANDING = Choice(
    "landing", "Landing", "landing", table=_FLIGHT_TABLE, all_label="All, tried or not"
)
BOOSTER = Choice("booster", "Booster", "booster", table=_FLIGHT_TABLE, all_label="All boosters")


def flights(view: View, select: str, *parameters: Parameter, exclude: str = "") -> pd.DataFrame:
    """Return the rows of a SELECT from `flight`; see `View.query`.

    Args:
        view: the view.
        select: the statement.
        parameters: the values bound to its `?`.
        exclude: name of a filter to ignore.

    Raises:
        DatabaseError: the database does not exist or cannot be read.
    """
    return view.query(f"{FLIGHTS} {select}", *parameters, exclude=exclude)
