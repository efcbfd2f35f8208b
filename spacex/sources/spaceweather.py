"""CelesTrak's file of space weather: Ap, Kp and the solar radio flux F10.7 of each day.

It has the last five years, observed; the coming 45 days, predicted; and the flux of the months
after them. https://celestrak.org/SpaceData/SpaceWx-format.php defines the format: Kp is in tenths,
missing values are blank. Kp and Ap are from the GFZ in Potsdam, the flux is measured at Penticton,
and the predictions are those of NOAA and NASA.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from spacex.schema.space_weather import INTERPOLATED, OBSERVED, PREDICTED, PREDICTED_BY_MONTH
from spacex.sources.celestrak import CELESTRAK
from spacex.sources.csv_records import csv_records
from spacex.sources.mapping import Coded, Parsed, TableMapping, decimal, whole
from spacex.sources.record import Record, unreadable_table
from spacex.sources.request_rules import OncePerWindow
from spacex.sources.source import Endpoint, Source, endpoints
from spacex.units import counted

_KIND = "F10.7_DATA_TYPE"
_FIELDS = ("DATE", "KP_SUM", "AP_AVG", "F10.7_OBS", "F10.7_ADJ", _KIND)
"""Columns that the file must have, in any order."""
_KP_UNIT = 10
"""Kp is given in tenths."""

KINDS = {
    "OBS": OBSERVED,
    "INT": INTERPOLATED,
    "PRD": PREDICTED,
    "PRM": PREDICTED_BY_MONTH,
}


def weather_records(body: bytes, origin: str) -> Iterator[Record]:
    """Yield the days of the file; the dots in the names of fields, which paths have, become `_`.

    Raises:
        ResponseError: it lacks a column, has no days, or most of them cannot be read.
    """
    records = list(
        csv_records(body, origin, fields=_FIELDS, key="DATE", content="table of space weather")
    )
    unreadable = sum(not _is_readable(each) for each in records)
    if 2 * unreadable > len(records):
        days = counted(len(records), "day")
        raise unreadable_table(origin, f"{days}, of which {unreadable:,} cannot be read")
    for each in records:
        yield {name.replace(".", "_"): value for name, value in each.items()}


def _is_readable(record: Mapping[str, Any]) -> bool:
    """Return whether a day has a date, a known kind and a flux, and Ap if it is past."""
    with suppress(KeyError, TypeError, ValueError):
        date.fromisoformat(record["DATE"])
        decimal(record["F10.7_OBS"])
        if KINDS[record[_KIND]] in {OBSERVED, INTERPOLATED}:
            whole(record["AP_AVG"])
        return True
    return False


def _kp_sum(tenths: str) -> float:
    return decimal(tenths) / _KP_UNIT


SPACE_WEATHER = Endpoint(
    "space_weather",
    (
        TableMapping(
            table="space_weather",
            columns={
                "utc_date": "DATE",
                "kind": Coded("F10_7_DATA_TYPE", KINDS),
                "ap": Parsed("AP_AVG", whole),
                "kp_sum": Parsed("KP_SUM", _kp_sum),
                "f107_observed_sfu": Parsed("F10_7_OBS", decimal),
                "f107_adjusted_sfu": Parsed("F10_7_ADJ", decimal),
            },
        ),
    ),
    records=weather_records,
    is_json=False,
)

SPACEWEATHER = Source(
    name="spaceweather",
    title="Space weather of CelesTrak (Ap, Kp and F10.7)",
    licence="CelesTrak, free to use with credit; Kp and Ap: GFZ Potsdam (CC BY 4.0); F10.7: "
    "Natural Resources Canada, Penticton; predictions: NOAA SWPC and NASA MSFC",
    endpoints=endpoints(SPACE_WEATHER),
    rules=OncePerWindow(
        files={SPACE_WEATHER.name: {"": ""}},
        window=timedelta(days=1),
        retry_after=timedelta(days=1),
        host=CELESTRAK.name,
    ),
    is_live=True,
    is_optional=True,
    lag=timedelta(days=3),
)
