"""The table of space weather: geomagnetic activity and solar radio flux by day."""

from dataclasses import replace

from spacex.schema import shared
from spacex.schema.column import Table, date, integer, real, text, utc

OBSERVED, INTERPOLATED = "observed", "interpolated"
PREDICTED, PREDICTED_BY_MONTH = "predicted", "predicted by month"
KNOWN = (OBSERVED, INTERPOLATED)
"""Kinds of days that are past. Of an interpolated day, only the flux was not observed."""

SPACE_WEATHER = Table(
    name="space_weather",
    description="Space weather of one day, observed or predicted; what is unknown is null",
    key=("utc_date",),
    keeps_history=True,
    is_revised=True,
    needs_every_value=True,
    columns=(
        shared.SOURCE,
        date("utc_date", "Day, UTC; the first of the month if predicted by month", required=True),
        text(
            "kind",
            "How the values are known. Interpolated: the flux, between the days around it; ap and "
            "Kp are observed. Predicted: for the 45 days to come, the first of which has what was "
            "observed of it by then. Predicted by month: the flux alone, for a month",
            required=True,
            values=(OBSERVED, INTERPOLATED, PREDICTED, PREDICTED_BY_MONTH),
        ),
        integer(
            "ap",
            "Planetary equivalent amplitude Ap, the mean of the eight 3-hour ap indices of the "
            "day; without a unit, about 2 nT each",
            minimum=0,
            maximum=400,
        ),
        real(
            "kp_sum",
            "Sum of the eight 3-hour Kp indices of the day, each 0 to 9; without a unit",
            minimum=0,
            maximum=72,
        ),
        real(
            "f107_observed_sfu",
            "Solar radio flux at 10.7 cm as received at the Earth; 1 sfu = 1e-22 W/(m² Hz)",
            "sfu",
            minimum=1,
            maximum=1000,
        ),
        real(
            "f107_adjusted_sfu",
            "The same flux at the mean distance of the Sun, 1 AU",
            "sfu",
            minimum=1,
            maximum=1000,
        ),
        replace(
            utc("observed_utc", "Retrieval of the first response that said so of the day"),
            required=True,
        ),
    ),
)

TABLES = (SPACE_WEATHER,)
