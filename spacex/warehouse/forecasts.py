"""Store forecasts of re-entries when a GP list is loaded.

`spacex.warehouse.launch_forecasts` stores those of launches.

A forecast uses what is known when its list was retrieved: the element sets and the space weather of
responses until then. It is made once: a list that is loaded again, as by a rebuild or a run as of a
date, has the forecasts that are stored beside the snapshots (`spacex.extract.stored_forecasts`),
whatever was imported since. A changed rule has another name and forecasts of its own.

Nothing is forecast of satellites that were launched within RAISING_FOR_DAYS, or whose launch is not
known, because they may be waiting for their climb; nor of simulated ones.

Functions take the connection to the database being loaded.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd

from spacex.extract.stored_forecasts import (
    Forecast,
    StoredForecasts,
    store_forecasts,
    stored_forecasts,
)
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.reentry import (
    HIGHEST_KM,
    LONGEST_DAYS,
    MODEL,
    USUAL_WEATHER,
    WEATHER_DAYS,
    WINDOW_DAYS,
    Weather,
    histories,
    remaining_lives,
)
from spacex.orbits.status import RAISING_FOR_DAYS, Status
from spacex.schema.ddl import create_indexes, literals
from spacex.schema.forecasts import FORECASTS, RE_ENTRY
from spacex.schema.space_weather import KNOWN
from spacex.sources import SERVICES
from spacex.units import EARTH_RADIUS_KM
from spacex.warehouse.checks import Finding
from spacex.warehouse.fleet import Observation

FAILED = "forecasts"
ADVICE = {FAILED: "Report it, with the log of the run. Nothing but these forecasts is missing."}
"""Finding → what to do about it."""

_SINKING = literals((Status.LOWERING, Status.DECAYING))
_LAUNCHED = "coalesce(s.launch_date, substr(s.launch_designator, 1, 4) || '-12-31')"
"""SQL: the launch date, at the latest."""
_SETS = f"""
    SELECT {", ".join(f"e.{each.name}" for each in fields(ElementSets))} FROM main.starlink s
           CROSS JOIN main.starlink_elements newest
               ON newest.norad_cat_id = s.norad_cat_id AND newest.epoch_utc = s.epoch_utc
                  AND newest.source = s.source
           CROSS JOIN main.starlink_elements e
               ON e.norad_cat_id = s.norad_cat_id AND e.source = s.source
                  AND e.epoch_utc BETWEEN date(s.epoch_utc, '-{WINDOW_DAYS + 1:.0f} days')
                                  AND s.epoch_utc
    WHERE s.last_listed_utc = :made AND s.source = :source AND s.orbit_status IN ({_SINKING})
      AND newest.semi_major_axis_km <= {EARTH_RADIUS_KM + HIGHEST_KM}
      AND e.observed_utc <= :known
      AND {_LAUNCHED} < date(:made, '-{RAISING_FOR_DAYS:.0f} days')"""
"""SQL: cross joins keep SQLite from reading the whole history for the few satellites that sink."""
_WEATHER = f"""
    SELECT avg(f107_observed_sfu), avg(ap), count(f107_observed_sfu) FROM (
        SELECT f107_observed_sfu, ap FROM main.space_weather
        WHERE kind IN ({literals(KNOWN)}) AND observed_utc <= :known
          AND utc_date BETWEEN date(:known, '-{2 * WEATHER_DAYS} days') AND date(:known)
          AND f107_observed_sfu IS NOT NULL AND ap IS NOT NULL
        ORDER BY utc_date DESC LIMIT {WEATHER_DAYS})"""
_DAY = pd.Timedelta(days=1)


def record_forecasts(
    connection: sqlite3.Connection, observed: Observation, run_id: str, raw_dir: Path
) -> Finding | None:
    """Load the forecasts of a GP list; make and store them first if this rule has made none.

    A failure loads none, and stops nothing.

    Args:
        connection: the database being loaded, with the fleet of the list.
        observed: the list.
        run_id: the run.
        raw_dir: the folder of the snapshots.

    Returns:
        A finding if the forecasts failed.
    """
    if observed.source not in SERVICES:
        return None
    with undone_if_failed(connection, "No re-entries could be forecast") as failures:
        known = stored_forecasts(raw_dir, observed.observed_utc, RE_ENTRY)
        if MODEL not in {each.model for each in known}:
            made = _made(connection, observed, run_id)
            store_forecasts(raw_dir, made)
            known.append(made)
        insert_forecasts(connection, known)
    return failures[0] if failures else None


@contextmanager
def undone_if_failed(connection: sqlite3.Connection, message: str) -> Iterator[list[Finding]]:
    """Undo what a block has loaded if it fails: data are worth more than their forecasts.

    Args:
        connection: the database being loaded.
        message: what could not be done.

    Yields:
        The list that gets a finding if the block fails.
    """
    failures: list[Finding] = []
    connection.execute("SAVEPOINT forecasts")
    try:
        yield failures
    except Exception as error:  # noqa: BLE001 - see above
        connection.execute("ROLLBACK TO forecasts")
        failures.append(
            Finding(
                check_name=FAILED,
                severity="warning",
                table_name=FORECASTS.name,
                finding_count=1,
                message=message,
                examples=f"{type(error).__name__}: {error}",
            )
        )
    finally:
        connection.execute("RELEASE forecasts")


def weather_at(connection: sqlite3.Connection, known_utc: str) -> Weather:
    """Return the rounded means of the newest observed days known at an instant.

    It is the usual weather if there are fewer than WEATHER_DAYS.
    """
    flux, ap, days = connection.execute(_WEATHER, {"known": known_utc}).fetchone()
    return Weather(round(flux), round(ap)) if days == WEATHER_DAYS else USUAL_WEATHER


def _made(connection: sqlite3.Connection, observed: Observation, run_id: str) -> StoredForecasts:
    """Return the forecasts that a GP list gives."""
    made, known = observed.observed_utc, max(observed.observed_utc, observed.retrieved_utc)
    at = {"made": made, "known": known, "source": observed.source}
    for statement in create_indexes():  # the first load has none yet
        connection.execute(statement)
    sets = pd.read_sql_query(_SETS, connection, params=at)
    forecasts: tuple[Forecast, ...] = ()
    if len(sets):
        weather = weather_at(connection, known)
        forecasts = _useful(ElementSets.from_frame(sets), weather, made)
    return StoredForecasts(made, RE_ENTRY, MODEL, run_id, forecasts)


def _useful(sets: ElementSets, weather: Weather, made_utc: str) -> tuple[Forecast, ...]:
    """Return the forecasts that are neither of satellites too long in orbit nor of the past.

    Args:
        sets: element sets of the satellites that sink.
        weather: space weather.
        made_utc: instant of the list.
    """
    of = histories(sets)
    lives = remaining_lives(of, weather)
    listed = np.datetime64(made_utc.removesuffix("Z"))
    value, low, high = (
        of.epoch_utc + np.minimum(days, 10 * LONGEST_DAYS) * np.timedelta64(_DAY)
        for days in (lives.expected_days, lives.low_days, lives.high_days)
    )
    is_useful = of.can_be_forecast & (lives.expected_days <= LONGEST_DAYS) & (value > listed)
    instants = (
        np.datetime_as_string(each[is_useful].astype("M8[s]")).tolist()
        for each in (value, np.maximum(low, listed), high)
    )
    numbers = map(str, of.norad_cat_id[is_useful].tolist())
    utc = ([f"{each}Z" for each in instant] for instant in instants)
    return tuple(Forecast(*each) for each in zip(numbers, *utc, strict=True))


def insert_forecasts(connection: sqlite3.Connection, stored: Iterable[StoredForecasts]) -> None:
    """Load stored forecasts, but for those that the database has."""
    rows = (
        msgspec.structs.asdict(forecast) | msgspec.structs.asdict(of)
        for of in stored
        for forecast in of.forecasts
    )
    values = ", ".join(f":{name}" for name in FORECASTS.column_names)
    connection.executemany(
        f"INSERT INTO main.{FORECASTS.name} VALUES ({values}) ON CONFLICT DO NOTHING", rows
    )
