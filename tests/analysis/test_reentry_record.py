"""Forecasts of re-entries are scored when the truth is known."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from spacex.analysis import reentry_record as module
from spacex.orbits.reentry import MODEL
from spacex.warehouse.connection import create
from tests.example_rows import insert_row

MADE = "2026-11-01T00:00:00Z"
DECAYED, UNLISTED, LATE, IN_ORBIT, RENUMBERED = 50_001, 50_002, 50_003, 50_004, 60_005


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with forecasts of five satellites, of which one has another number since."""
    path = tmp_path / "starlink.db"
    listed = {
        "epoch_utc": "2026-11-20T06:00:00.000000Z",
        "last_listed_utc": "2026-11-20T00:00:00Z",
        "unlisted_since_utc": None,
        "is_listed": True,
        "is_decayed": False,
        "decay_date": None,
        "decay_precision": "day",
        "decay_is_uncertain": False,
    }
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        create(connection)
        for number, fields in {
            DECAYED: {"is_decayed": True, "decay_date": "2026-11-11"},
            UNLISTED: {
                "is_listed": False,
                "epoch_utc": "2026-11-13T00:00:00.000000Z",
                "last_listed_utc": "2026-11-13T06:00:00Z",
                "unlisted_since_utc": "2026-11-14T00:00:00Z",
            },
            LATE: {},
            IN_ORBIT: {},
            RENUMBERED: {"is_decayed": True, "decay_date": "2026-11-10"},
        }.items():
            satellite = {"norad_cat_id": number, "object_name": f"STARLINK-{number}"}
            insert_row(connection, "starlink", **satellite | listed | fields)
        insert_row(
            connection,
            "_renumberings",
            observed_utc="2026-11-05T00:00:00Z",
            old_norad_cat_id=799_005,
            new_norad_cat_id=RENUMBERED,
        )
        for number, value in {
            DECAYED: "2026-11-10T12:00:00Z",
            UNLISTED: "2026-11-09T12:00:00Z",
            LATE: "2026-11-11T00:00:00Z",
            IN_ORBIT: "2026-11-25T00:00:00Z",
            799_005: "2026-11-20T12:00:00Z",
        }.items():
            for made in (MADE, "2026-11-01T12:00:00Z"):
                insert_row(
                    connection,
                    "forecasts",
                    made_utc=made,
                    subject=str(number),
                    kind="re-entry",
                    value=value,
                    low="2026-11-08T00:00:00Z",
                    high="2026-11-30T00:00:00Z" if number == IN_ORBIT else "2026-11-21T00:00:00Z",
                    model="ballistic 1",
                )
    return path


def test_the_first_forecast_of_a_span_counts(database):
    rows = module.scored(module.reentry_forecasts(database)).set_index("norad_cat_id")
    assert sorted(rows.index) == [DECAYED, UNLISTED, LATE, IN_ORBIT, RENUMBERED]
    assert set(rows["made_utc"].astype(str)) == {"2026-11-01 00:00:00+00:00"}
    assert rows["error"].loc[DECAYED] == pytest.approx(1 / 10.5)
    assert rows["error"].loc[UNLISTED] == pytest.approx(4 / 12.5)
    assert rows["error"].loc[LATE] == pytest.approx(9 / 19)
    assert np.isnan(rows["error"].loc[IN_ORBIT])
    assert rows["error"].loc[RENUMBERED] == pytest.approx(10 / 9.5)
    assert (rows["miss"] <= 1).tolist() == [True, True, True, False, True]
    assert rows["has_ended"].tolist() == [True, True, False, False, True]


def test_the_record_has_numbers_intervals_and_period(database):
    found = module.record(module.scored(module.reentry_forecasts(database)))
    assert (found.forecasts, found.satellites, found.ended, found.late, found.open) == (
        5,
        5,
        3,
        1,
        1,
    )
    assert found.error == pytest.approx(4 / 12.5)
    assert found.covered == pytest.approx(0.75)  # the censored one may yet be outside
    assert not np.isfinite(found.error_95).any()
    said = module.track_record(found).replace("\N{NO-BREAK SPACE}", " ")
    assert "From 1 November 2026 to 1 November 2026, 5 forecasts of 5 satellites count" in said
    assert "3 of 3 satellites that re-entered, and 1 of satellites still in orbit" in said
    assert "The median error is 32 % of the remaining life, and 75 % of the intervals" in said
    assert [
        name for name, _ in module.by_span(module.scored(module.reentry_forecasts(database)))
    ] == [
        "14 to 30 days",
        "7 to 14 days",
    ]


def test_a_re_entry_within_many_days_is_not_scored(database):
    found = module.reentry_forecasts(database)
    found.loc[found["norad_cat_id"] == UNLISTED, "earliest"] -= pd.Timedelta(days=8)
    rows = module.scored(found).set_index("norad_cat_id")
    assert np.isnan(rows["error"].loc[UNLISTED])
    assert module.record(rows.reset_index()).open == 2


def test_many_satellites_have_an_interval():
    rng = np.random.default_rng(1)
    errors = rng.exponential(0.2, 60)
    made = pd.Timestamp("2026-11-01", tz="UTC")
    rows = pd.DataFrame({"norad_cat_id": np.arange(60) // 2, "error": errors, "miss": errors / 0.3})
    found = module.record(rows.assign(has_ended=True, made_utc=made))
    assert found.error == pytest.approx(np.median(errors), abs=0.02)
    assert found.error_95[0] < found.error < found.error_95[1]
    assert found.covered == pytest.approx((errors <= 0.3).mean())
    assert found.covered_95[0] < found.covered < found.covered_95[1]


def test_censored_values_count_as_larger():
    values, known = np.array([1.0, 2, 3, 4]), np.array([True, False, True, True])
    assert module.median(values, known) == 3
    assert np.isnan(module.median(values, np.array([True, False, False, False])))
    assert np.isnan(module.share_within(values[:0], known[:0]))
    assert module.share_within(values / 2, known) == pytest.approx(0.25)


def test_the_next_re_entry_comes_first_and_the_others_say_why_not(database):
    """Only satellites that sink by the last list with them are forecast, by one rule."""
    newest = "UPDATE starlink SET last_listed_utc = '2026-11-01T12:00:00Z' WHERE norad_cat_id = ?"
    earlier = """INSERT INTO forecasts SELECT made_utc, subject, kind, '2026-11-12T00:00:00Z', low,
                 high, 'another 9', run FROM forecasts WHERE subject = ?"""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(newest, (IN_ORBIT,))
        connection.execute(earlier, (str(IN_ORBIT),))
    found = module.coming(module.reentry_forecasts(database))
    assert found[["norad_cat_id", "model"]].to_numpy().tolist() == [[IN_ORBIT, MODEL]]
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(newest, (LATE,))
    found = module.coming(module.reentry_forecasts(database))
    assert found["norad_cat_id"].tolist() == [LATE, IN_ORBIT]
    said = module.reentry_text(database, IN_ORBIT)
    assert said.startswith(
        "It is expected to re-enter on 25 November 2026, between 8 November 2026"
    )
    assert said.endswith("Forecast of 1 November 2026.")
    assert module.reentry_text(database, DECAYED) == module.NOT_FORECAST


def test_without_forecasts_the_record_says_where_they_come_from(database):
    empty = module.reentry_forecasts(database)[:0]
    found = module.record(module.scored(empty))
    assert module.track_record(found) == module.NOTHING
    assert module.by_span(module.scored(empty)) == []
    assert module.coming(empty).empty
