"""Space weather by day: what was observed, and what is predicted."""

from pathlib import Path

import pandas as pd

from spacex.analysis.queries import query
from spacex.schema.space_weather import PREDICTED_BY_MONTH

_DAYS = f"""
    SELECT utc_date, kind, ap, kp_sum, f107_observed_sfu, f107_adjusted_sfu FROM space_weather
    WHERE kind <> '{PREDICTED_BY_MONTH}' AND utc_date >= ?
          AND utc_date <= coalesce(nullif(?, ''), '9')
    ORDER BY utc_date"""


def weather_days(database: Path | str, since: str = "", until: str = "") -> pd.DataFrame:
    """Return the space weather of days; those without a row are unknown.

    Args:
        database: the database.
        since: the first day, or an instant in it; empty: the first known one.
        until: the last day, or an instant in it; empty: the last predicted one.

    Returns:
        `utc_date`, `kind`, `ap`, `kp_sum`, `f107_observed_sfu` and `f107_adjusted_sfu`, in time
        order.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    return query(database, _DAYS, (since[:10], until[:10]))
