"""The table of forecasts, as they were made."""

from spacex.schema.column import Table, text, utc

RE_ENTRY, LAUNCHES_IN_A_YEAR = "re-entry", "launches in twelve months"
FORECAST_KINDS = (RE_ENTRY, LAUNCHES_IN_A_YEAR)

FORECASTS = Table(
    name="forecasts",
    description="One forecast, as it was made: no later run changes it",
    key=("made_utc", "kind", "subject", "model"),
    keeps_history=True,
    is_derived=True,
    columns=(
        utc(
            "made_utc",
            "Instant of the GP list that the forecast was made from; of launches, the end of the "
            "months that it was made from",
            required=True,
        ),
        text(
            "subject",
            "Subject: of a re-entry, the NORAD catalogue number that the satellite had then; of "
            "launches, the months",
            required=True,
        ),
        text("kind", "Kind of forecast", required=True, values=FORECAST_KINDS),
        text(
            "value",
            "Expected value: of a re-entry its instant, UTC, which as many precede as follow; of "
            "launches their mean number",
            required=True,
        ),
        text("low", "Lower end of the interval of 80 %, in the form of the value", required=True),
        text("high", "Upper end of the interval, in the same form", required=True),
        text(
            "model",
            "Name of the rule that the forecast was made by: another rule has another name",
            required=True,
        ),
        text("run", "ID of the pipeline run that made it", required=True),
    ),
)

TABLES = (FORECASTS,)
