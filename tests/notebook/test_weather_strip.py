"""The bars of Ap behind charts over time."""

from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from spacex.dashboard.pages.changes.changes_charts import launch_altitudes
from spacex.dashboard.pages.satellite.satellite_charts import beside_launch
from spacex.notebook import article_charts
from spacex.notebook.weather_strip import weather_words, with_weather

WEATHER = pd.DataFrame(
    {
        "utc_date": [f"2026-11-{number:02}" for number in range(1, 9)],
        "kind": [*["observed"] * 4, "interpolated", *["predicted"] * 3],
        "ap": pd.array([7, 271, 0, None, 12, 5, 6, 8], dtype="Int64"),
    }
)
TIMES = pd.Series(["2026-11-02T06:00:00.5Z", "2026-11-07T20:00:00.5Z"])
ELEMENTS = pd.DataFrame(
    {
        "epoch_utc": TIMES,
        **dict.fromkeys((f"{name}_altitude_km" for name in ("mean", "perigee", "apogee")), 550.0),
    }
)
LISTS = pd.DataFrame(
    {"observed_utc": TIMES, "satellite_count": 51, "launch_designator": "2026-001"}
)
LISTS = LISTS.assign(
    launch="L", **dict.fromkeys((f"{n}_altitude_km" for n in ("low", "median", "high")), 550.0)
)


def bars(chart: Any) -> list[dict[str, Any]]:
    """Return the rows of the bars of a chart."""
    datasets = chart.to_dict()["datasets"].values()
    return next((rows for rows in datasets if "ap" in rows[0]), [])


def strip(weather: pd.DataFrame | None, times: "pd.Series[str]" = TIMES) -> Any:
    line = alt.Chart(pd.DataFrame({"at": times})).mark_point().encode(x="at:T")
    return with_weather(line, weather, times)


def test_the_days_of_the_chart_have_bars_and_unknown_ones_have_none() -> None:
    found = [(row["day"], row["ap"], row["kind"]) for row in bars(strip(WEATHER))]
    assert found == [
        ("2026-11-02", 271, "observed"),
        ("2026-11-03", 0, "observed"),
        ("2026-11-05", 12, "interpolated"),
        ("2026-11-06", 5, "predicted"),
        ("2026-11-07", 6, "predicted"),
    ]
    first = bars(strip(WEATHER))[0]
    assert (first["from_utc"], first["to_utc"]) == ("2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z")


def test_predicted_days_are_outlined_and_the_axis_says_so() -> None:
    rows = bars(strip(WEATHER))
    assert [row["is_observed"] for row in rows] == [True, True, True, False, False]
    spec = str(strip(WEATHER).to_dict())
    assert "'title': 'Ap by day; outlined: predicted'" in spec
    assert "'orient': 'right'" in spec
    past = WEATHER[WEATHER["kind"] != "predicted"]
    assert "'title': 'Ap by day'" in str(strip(past).to_dict())


def test_nothing_is_drawn_where_nothing_is_known() -> None:
    later = pd.Series(["2027-01-01", "2027-02-01"])
    unknown = WEATHER.assign(ap=pd.array([None] * len(WEATHER), dtype="Int64"))
    for chart in (strip(None), strip(WEATHER, later), strip(unknown), strip(WEATHER[:0])):
        assert isinstance(chart, alt.Chart)
        assert bars(chart) == []
    assert weather_words(None, TIMES) == weather_words(WEATHER, later) == ""


def test_long_times_have_the_highest_of_several_days() -> None:
    days = pd.date_range("2020-01-01", periods=2000).strftime("%Y-%m-%d")
    long = pd.DataFrame({"utc_date": days, "kind": "observed", "ap": 5})
    long.loc[1000, "ap"] = 200
    rows = bars(strip(long, pd.Series([days[0], days[-1]])))
    assert len(rows) == 223
    assert sorted(row["ap"] for row in rows)[-2:] == [5, 200]
    assert "Ap, highest of 9 days" in str(strip(long, pd.Series([days[0], days[-1]])).to_dict())


def test_the_words_have_the_highest_day() -> None:
    assert weather_words(WEATHER, TIMES) == (
        " Bars at the foot: the geomagnetic index Ap by day, at most 271 on 2026-11-02; predicted "
        "for 2 of 5 days."
    )


def test_all_charts_of_climb_and_decay_have_the_bars_and_can_be_drawn() -> None:
    counts = pd.DataFrame({"day": TIMES.str[:10], "in_orbit": [20, 18]})
    charts: tuple[Any, ...] = (
        article_charts.climb(LISTS, "L", "", WEATHER),
        article_charts.altitude_history(ELEMENTS, "S", "", WEATHER),
        article_charts.remaining(counts, "L", WEATHER),
        beside_launch(ELEMENTS, LISTS, WEATHER),
        launch_altitudes(LISTS, WEATHER),
    )
    for chart in charts:
        assert len(bars(chart)) == 5
        assert "the geomagnetic index Ap" in chart.to_dict()["description"]
        assert ">Ap by day; outlined: predicted<" in vl_convert.vegalite_to_svg(chart.to_dict())
