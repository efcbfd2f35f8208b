"""How fast coasting satellites sink against Ap, on made fleets and on the recorded data."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from spacex.analysis.storm_response import (
    COLUMNS,
    FOLLOWED_DAYS,
    coasting_steps,
    response,
    steps,
    storm_response,
    with_weather,
)
from spacex.orbits.elements import semi_major_axis_km
from spacex.settings import Settings
from spacex.sources.spaceweather import SPACE_WEATHER
from spacex.transform import tidy_tables
from spacex.units import EARTH_RADIUS_KM
from spacex.warehouse.connection import writing
from spacex.warehouse.views import apply_views
from tests.example_rows import insert_row
from tests.recorded_orbits import recorded_pairs

START = pd.Timestamp("2026-01-01")
DAYS = 120
STORMS = {15: 70, 30: 100, 31: 60, 50: 80, 70: 140, 71: 90, 85: 65, 100: 55}
RATE, PER_AP = -0.05, 0.02
"""A coasting satellite sinks by RATE (1 + PER_AP Ap) km/d, times a factor of its own."""
NOISE_KM, KEPT_WITHIN_KM = 0.01, 0.2


def weather(days: int = DAYS) -> pd.DataFrame:
    """Return the weather of a quiet time with some storms, and a flux that goes its own way."""
    dates = pd.date_range(START, periods=days).strftime("%Y-%m-%d")
    ap = [STORMS.get(day, 4 + day % 3) for day in range(days)]
    flux = [120 + 20 * np.sin(day / 4) for day in range(days)]
    return pd.DataFrame({"utc_date": dates, "ap": ap, "f107_observed_sfu": flux})


def fleet(every_days: float = 1.0, satellites: int = 30, days: int = DAYS) -> pd.DataFrame:
    """Return element sets of satellites that coast, and as many that keep their altitude.

    Args:
        every_days: time between the sets of a satellite.
        satellites: number of each.
        days: length of the time.
    """
    random = np.random.default_rng(3)
    ap = weather(days)["ap"].to_numpy(float)
    hours = np.arange(days * 24) / 24
    sunk = np.cumsum(RATE * (1 + PER_AP * ap[hours.astype(int)])) / 24
    parts = []
    for number in range(2 * satellites):
        at = np.arange(random.uniform(0, every_days), days - 0.1, every_days)
        axis = EARTH_RADIUS_KM + 520 + random.normal(0, NOISE_KM, len(at))
        fallen = random.uniform(0.6, 1.6) * np.interp(at, hours, sunk)
        axis += fallen if number < satellites else -((-fallen) % KEPT_WITHIN_KM)
        epochs = (START + pd.to_timedelta(at, unit="D")).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        parts.append(
            pd.DataFrame({"norad_cat_id": number, "epoch_utc": epochs, "semi_major_axis_km": axis})
        )
    return pd.concat(parts, ignore_index=True)


def test_a_step_is_between_two_sets_of_one_satellite() -> None:
    epochs = ["2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z", "2026-01-02T00:00:00Z"]
    sets = pd.DataFrame(
        {"norad_cat_id": 1, "epoch_utc": epochs, "semi_major_axis_km": [6878.137, 6878.0, 6878.037]}
    )
    other = sets.assign(norad_cat_id=2)[:1]
    (found,) = steps(pd.concat([other, sets[::-1]])).to_dict("records")
    assert (found["norad_cat_id"], found["days"]) == (1, 1.0)  # the second is too soon
    assert found["km_per_day"] == pytest.approx(-0.1)
    assert found["altitude_km"] == pytest.approx(500)
    assert steps(sets[:0]).empty


def test_satellites_that_keep_their_altitude_do_not_coast() -> None:
    found = coasting_steps(steps(fleet()))
    assert set(found["norad_cat_id"]) == set(range(30))
    assert len(found) > 0.95 * 30 * (DAYS - FOLLOWED_DAYS)
    assert found["start_utc"].min() > START + pd.Timedelta(days=2)  # the ends are not judged


def test_a_satellite_that_sinks_faster_than_drag_can_make_it_does_not_coast() -> None:
    sets = fleet(satellites=1)
    coasting = sets[sets["norad_cat_id"] == 0]
    day = np.arange(len(coasting))
    lowered = coasting.assign(semi_major_axis_km=6928.0 - 2 * day.clip(max=20))
    assert coasting_steps(steps(lowered)).empty


def test_the_response_is_found_again() -> None:
    found = response(fleet(), weather())
    rows = {(row["ap_from"], row["ap_to"]): row for row in found.table.to_dict("records")}
    quiet, storm = rows[0, 7], rows[50, 400]
    assert {(row["altitude_from_km"], row["altitude_to_km"]) for row in rows.values()} == {
        (500, 550)
    }
    assert (quiet["satellites"], storm["satellites"]) == (30, 30)
    assert quiet["days"] > 90
    assert 6 <= storm["days"] <= 16
    assert quiet["median_km_per_day"] == pytest.approx(1.1 * RATE * 1.1, rel=0.15)
    for row in (quiet, storm):
        assert row["low_km_per_day"] < row["median_km_per_day"] < row["high_km_per_day"] < 0
        assert row["low_times"] < row["times_usual"] < row["high_times"]
    assert storm["low_times"] > 1.5
    assert quiet["high_times"] < 1.2
    assert (quiet["since"], quiet["until"]) >= ("2026-01-04", "2026-04-24")
    mean_ap = with_weather(coasting_steps(steps(fleet())), weather()).query("ap >= 50")["ap"]
    times = (1 + PER_AP * mean_ap.median()) / (1 + PER_AP * 5)
    assert storm["times_usual"] == pytest.approx(times, rel=0.15)
    assert quiet["times_usual"] == pytest.approx(1, abs=0.05)
    assert re.fullmatch(
        r"The rank correlation of the sinking is 0\.\d\d \(0\.\d\d to 0\.\d\d\) with Ap, and "
        r"-?0\.\d\d \(-0\.\d\d to 0\.\d\d\) with F10\.7, over 11\d days with 5 coasting "
        r"satellites or more, 2026-01-04 to 2026-04-2\d\.",
        found.answer,
    )


def test_a_month_does_not_tell_ap_from_the_flux() -> None:
    found = response(fleet(days=30), weather(30))
    assert "Fewer than 90 days do not tell the two apart" in found.answer


def test_weekly_lists_are_too_sparse() -> None:
    found = response(fleet(every_days=7), weather())
    assert found.table.empty
    assert found.answer == (
        "Too sparse: no satellite has element sets at most 2 days apart for 14 days. Those of 60 "
        "satellites are 7.0 days apart, the median of 974 steps, 2026-01-01 to 2026-04-30. A storm "
        "lasts a day or two: load daily lists."
    )


def test_a_week_of_daily_lists_is_too_short() -> None:
    assert response(fleet(days=7), weather()).answer.startswith("Too short: no satellite has")


def test_few_days_or_satellites_have_no_rate() -> None:
    classed = response(fleet(days=40), weather(40)).table
    rare = classed[classed["ap_from"] == 50]
    assert rare["days"].gt(1).all()  # of two storms
    few = response(fleet(satellites=4), weather())
    for rows in (rare, few.table):
        assert len(rows)
        assert rows[[*COLUMNS[9:]]].isna().all(axis=None)
    assert few.answer == (
        "Too few days: 0 days with 5 coasting satellites or more, 2026-01-04 to 2026-04-27."
    )


def test_flux_that_does_not_change_tells_nothing() -> None:
    found = response(fleet(), weather().assign(f107_observed_sfu=100.0))
    assert "and unknown with F10.7" in found.answer


def test_steps_over_unknown_days_do_not_count() -> None:
    known = weather().drop(index=range(40, 120))
    found = response(fleet(), known.drop(index=[20]))
    assert (found.since, found.until) == ("2026-01-04", "2026-02-09")
    assert not found.daily["utc_date"].isin(["2026-01-21"]).any()


def test_the_mean_is_that_of_the_time_of_the_step() -> None:
    step = pd.DataFrame(
        {
            "norad_cat_id": [1],
            "start_utc": [START + pd.Timedelta(hours=18)],
            "end_utc": [START + pd.Timedelta(hours=42)],
            "km_per_day": [-0.1],
        }
    )
    days = pd.DataFrame(
        {"utc_date": ["2026-01-01", "2026-01-02"], "ap": [8, 40], "f107_observed_sfu": [100.0, 140]}
    )
    (found,) = with_weather(step, days).to_dict("records")
    assert (found["ap"], found["f107_observed_sfu"]) == (32, 130)
    assert with_weather(step, days[:1]).empty


def test_without_weather_nothing_is_said(sampled: Settings) -> None:
    found = storm_response(sampled.database)
    assert found.answer == "No space weather is known of the time: nothing to compare with."
    assert found.table.empty


def test_sets_and_weather_are_read_from_the_database(tmp_path: Path) -> None:
    """What is predicted is no weather; nor are element sets of later days used."""
    path = tmp_path / "starlink.db"
    days, sets = weather(40), fleet(satellites=6, days=40)
    sets["norad_cat_id"] += 1
    with writing(path) as connection:
        apply_views(connection)
        for date, ap, flux in days.itertuples(index=False):
            kind = "observed" if date <= "2026-01-30" else "predicted"
            values = {"ap": ap, "f107_observed_sfu": flux, "kind": kind}
            insert_row(connection, "space_weather", utc_date=date, **values)
        for number, epoch, axis in sets.itertuples(index=False):
            values = {"epoch_utc": epoch, "semi_major_axis_km": axis}
            insert_row(connection, "starlink_elements", norad_cat_id=number, **values)
    found = storm_response(path)
    pd.testing.assert_frame_equal(
        found.table, response(sets[sets["epoch_utc"] < "2026-01-31"], days[:30]).table
    )
    assert (found.since, found.until) == ("2026-01-04", "2026-01-27")
    later = storm_response(path, since="2026-01-10")
    assert (later.since, later.until) == ("2026-01-13", "2026-01-27")


@pytest.fixture(scope="module")
def observed(recorded_dir: Path) -> pd.DataFrame:
    """The recorded observed days."""
    body = (recorded_dir / "spaceweather" / "SW-Last5Years.csv").read_bytes()
    records = SPACE_WEATHER.records(body, "weather.csv")
    (table,) = tidy_tables(SPACE_WEATHER, "spaceweather", records, "2026-05-17T00:00:00Z")
    return table.frame[table.frame["kind"].isin(["observed", "interpolated"])]


def frame(sets: Any) -> pd.DataFrame:
    names = ("norad_cat_id", "epoch_utc", "semi_major_axis_km")
    return pd.DataFrame({name: getattr(sets, name) for name in names})


def test_the_recorded_weekly_lists_are_too_sparse(
    recorded_dir: Path, observed: pd.DataFrame
) -> None:
    """They are of before and during a storm, with an Ap of 98 on 1 June 2025."""
    parts = []
    for date in ("2025-05-18", "2025-05-25", "2025-06-01"):
        path = recorded_dir / "celestrak" / f"starlink_{date}.json.gz"
        records = pd.DataFrame(json.loads(gzip.decompress(path.read_bytes())))
        axis = semi_major_axis_km(records["MEAN_MOTION"].to_numpy())
        columns = {"NORAD_CAT_ID": "norad_cat_id", "EPOCH": "epoch_utc"}
        parts.append(records.rename(columns=columns).assign(semi_major_axis_km=axis))
    found = response(pd.concat(parts), observed)
    assert found.answer.startswith("Too sparse: ")
    assert found.table.empty


def test_the_recorded_pairs_are_of_satellites_that_keep_their_altitude(
    recorded_dir: Path, observed: pd.DataFrame
) -> None:
    earlier, later, _ = recorded_pairs(recorded_dir)
    found = response(pd.concat([frame(earlier), frame(later)]), observed)
    assert found.answer == (
        "No satellite coasts for 7 days with known space weather, of 214 satellites with element "
        "sets close enough, 2026-04-01 to 2026-04-30."
    )


def test_without_observed_days_nothing_is_said(observed: pd.DataFrame) -> None:
    assert len(observed) > 1500
    assert response(fleet(), observed[:0]).answer.startswith("No space weather is known")
