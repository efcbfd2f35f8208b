"""Flights of boosters, and filters of them."""

import pandas as pd

from spacex.analysis.booster_flights import FLIGHTS
from spacex.dashboard.ui.database import Parameter
from spacex.dashboard.ui.filters import Choice
from spacex.dashboard.ui.view import View

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
