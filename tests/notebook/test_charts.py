"""Charts of frames with the types of the schema."""

import re

import pandas as pd
import pytest
import vl_convert

from spacex.analysis.api.typed_frames import typed
from spacex.analysis.queries import view
from spacex.dashboard.pages.launches import launches_charts
from spacex.notebook import article_charts, charts
from spacex.notebook.chart_gaps import unbroken

DRAWN = {
    "v_launches_by_year": charts.launches_by_year,
    "v_landings_by_year": charts.landings_by_year,
    "v_fleet_growth": charts.fleet_growth,
    "v_fleet_by_shell": charts.altitude_by_inclination,
    "v_fleet_by_launch": charts.launch_survival,
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_typed_frame_gives_the_same_chart(name, sampled):
    frame = view(sampled.database, name)
    plain, declared = (DRAWN[name](each).to_dict() for each in (frame, typed(frame)))
    rows = [list(chart["datasets"].values()) for chart in (plain, declared)]
    assert rows[0] == rows[1]
    assert plain["description"] == declared["description"]


GAPS = pd.DataFrame(
    {
        "from_utc": ["2022-10-05T16:00:00Z", "2024-01-01T00:00:00Z"],
        "to_utc": ["2023-01-01T00:00:00Z", "2026-08-22T07:25:16Z"],
    }
)


@pytest.mark.parametrize(
    ("instant", "series"),
    [
        ("2022-10-05T16:00:00Z", 0),  # the last instant before a gap
        ("2022-12-31T00:00:00Z", 1),  # in a gap
        ("2023-01-01T00:00:00Z", 2),  # the first one after it
        ("2024-01-01T00:00:00Z", 2),
        ("2026-08-22T07:25:16Z", 4),
    ],
)
def test_a_line_does_not_cross_a_gap(instant, series):
    frame = pd.DataFrame({"date_utc": [instant]})
    for gaps in (GAPS, GAPS[::-1]):
        assert unbroken(frame, "date_utc", gaps)["series"].tolist() == [series]
    assert unbroken(frame, "date_utc", GAPS[:0])["series"].tolist() == [0]


def test_no_line_of_the_launches_crosses_a_gap():
    dates = ["2022-10-05T16:00:00Z", "2026-08-22T07:25:16Z"]
    flown = pd.DataFrame({"date_utc": dates, "name": "", "rocket": "Falcon 9"})
    flown = flown.assign(launches=[1, 2], success=1)
    for chart in (launches_charts.cumulative, launches_charts.rolling_success):
        spec = chart(flown, GAPS).to_dict()
        (rows,) = (each for each in spec["datasets"].values() if "name" in each[0])
        assert [row["series"] for row in rows] == [0, 4]
        assert "'detail': {'field': 'series'" in str(spec)


ACROSS = pd.DataFrame(
    {
        "date_utc": ["2022-09-01T00:00:00Z", "2022-10-05T16:00:00Z", "2026-08-22T07:25:16Z"],
        "name": "",
        "rocket": "Falcon 9",
        "launches": [1, 2, 3],
        "success": [0, 0, 1],
    }
)
"""Flown launches on both sides of time that no source covers."""


@pytest.mark.parametrize(("gaps", "count"), [(GAPS, "at least 3"), (GAPS[:0], "3")])
def test_a_count_across_a_gap_is_a_lower_bound(gaps, count):
    words = launches_charts.cumulative(ACROSS, gaps).to_dict()["description"]
    assert f"launches up to each day. On 2026-08-22: Falcon 9 {count}." in words


@pytest.mark.parametrize(("gaps", "latest"), [(GAPS, "100% of 1"), (GAPS[:0], "33% of 3")])
def test_a_window_of_launches_does_not_cross_a_gap(gaps, latest):
    spec = launches_charts.rolling_success(ACROSS, gaps).to_dict()
    assert f"Latest: {latest}." in spec["description"]


def test_the_year_of_most_launches_counts_those_that_flew():
    frame = pd.DataFrame({"year": [2021, 2022, 2022, 2022], "launches": [31, 25, 11, 7]})
    frame["outcome"] = ["success", "success", "overdue", "planned"]
    words = charts.launches_by_year(frame).to_dict()["description"]
    assert "The most known to have flown: 31, in 2021." in words
    assert "The most" not in charts.launches_by_year(frame[2:]).to_dict()["description"]


def test_the_survival_of_a_launch_counts_satellites_that_were_never_catalogued():
    """Starlink 4-7 lost 38 of 49 satellites, and 32 of them before they had a number."""
    frame = pd.DataFrame(
        {
            "launch_designator": ["2022-010", "2026-001"],
            "launch": ["Starlink 4-7", "Starlink 12-1"],
            "launched": [49, None],
            "never_catalogued": [32, None],
            "in_orbit": [11, 21],
            "unlisted": [0, 0],
            "decayed": [6, 0],
        }
    )
    spec = charts.launch_survival(frame).to_dict()
    (rows,) = spec["datasets"].values()
    known = [row for row in rows if row["launch"] == "2022-010 Starlink 4-7"]
    fates = {"in orbit": 11, "decayed": 6, "never catalogued": 32}
    assert {row["fate"]: row["satellites"] for row in known} == fates
    for row in known:
        assert (row["launched"], row["catalogued"]) == (49, 17)
        assert row["of_launched"] == pytest.approx(11 / 49)
        assert row["of_catalogued"] == pytest.approx(11 / 17)
    (other,) = (row for row in rows if row not in known)
    assert (other["launched"], other["of_launched"], other["of_catalogued"]) == (None, None, 1)
    words = "6 decayed, 0 unlisted, 32 never catalogued of 1 launch with a known number"
    assert words in spec["description"]


def test_launched_and_lost_satellites_are_drawn_apart():
    days = pd.DataFrame(
        {
            "day": ["2026-08-15", "2026-08-16"],
            "launched": [24, 0],
            "decayed": [2, 1],
            "unlisted": [3, 0],
        }
    )
    spec = article_charts.satellites_by_day(days, GAPS[:0]).to_dict()
    (rows,) = spec["datasets"].values()
    first = {row["change"]: (row["balance"], row["satellites"]) for row in rows[::2]}
    assert first == {"launched": (24, 24), "decayed": (-2, 2), "unlisted": (-3, 3)}
    y = spec["encoding"]["y"]
    assert (y["field"], y["scale"]["domain"]) == ("balance", [-5, 24])
    assert {"field": "satellites", "type": "quantitative"} in spec["encoding"]["tooltip"]
    assert spec["description"] == "Bars, up and down: 24 launched, 3 decayed, 3 unlisted."
    nothing = article_charts.satellites_by_day(
        days.assign(launched=0, decayed=0, unlisted=0), GAPS[:0]
    )
    assert nothing.to_dict()["encoding"]["y"]["scale"]["domain"] == [0, 1]


def test_no_line_of_a_report_crosses_a_gap():
    dates = ["2022-11-07T20:00:00Z", "2025-05-18T20:00:00Z", "2025-05-25T20:00:00Z"]
    names = [
        f"{name}_altitude_km" for name in ("low", "median", "high", "mean", "perigee", "apogee")
    ]
    frame = pd.DataFrame({"observed_utc": dates, "epoch_utc": dates, "satellite_count": 51})
    frame[names] = 550.0
    for chart in (article_charts.climb, article_charts.altitude_history):
        spec = chart(frame, "one", "").to_dict()
        (rows,) = (each for each in spec["datasets"].values() if "series" in each[0])
        assert [row["series"] for row in rows] == [0, 2, 2]
        assert str(spec).count("'detail': {'field': 'series'") == 2  # the band and the line
        assert "Hatched" in spec["description"]
    flown = pd.DataFrame({"serial": "B1", "date_utc": dates, "launch": "", "flight": 1})
    gap = pd.DataFrame({"from_utc": dates[:1], "to_utc": dates[1:2]})
    spec = article_charts.turnarounds(flown.assign(turnaround_d=30.0), "B1", gap).to_dict()
    (rows,) = (each for each in spec["datasets"].values() if "series" in each[0])
    assert [row["series"] for row in rows] == [0, 2, 2]
    assert "'detail': {'field': 'series'" in str(spec)


def test_an_axis_of_counts_has_whole_numbers():
    days = pd.DataFrame({"day": ["2026-08-15"], "launched": [0], "decayed": [2], "unlisted": [0]})
    chart = article_charts.satellites_by_day(days, pd.DataFrame(columns=["from_utc", "to_utc"]))
    svg = vl_convert.vegalite_to_svg(chart.to_dict())
    assert re.findall(r">([\d.]+)</text>", svg) == ["2", "1", "0"]


def test_the_legend_of_discs_has_no_disc_for_none():
    shells = pd.DataFrame(
        {"inclination_deg": [53.0, 97.0], "mean_altitude_km": [550, 560], "satellites": [1600, 3]}
    )
    legend = charts.altitude_by_inclination(shells).to_dict()["encoding"]["size"]["legend"]
    assert legend["values"] == [100, 200, 500, 1000]
