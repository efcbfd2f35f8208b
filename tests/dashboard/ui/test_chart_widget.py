"""The chart widget: rows are sent apart from the specification."""

import altair as alt
import numpy as np
import pandas as pd

from spacex.dashboard.ui.chart_widget import ChartWidget, dataset, selectable, told
from spacex.notebook import charts
from tests.dashboard.browser import LARGEST_BYTES

LAUNCHES = pd.DataFrame(
    {"year": [2020, 2021], "outcome": ["success", "failure"], "launches": [26, 31]}
)


def numbers(column: bytes) -> list[float]:
    return np.frombuffer(column, "<f8").tolist()


def test_rows_are_sent_in_columns_and_not_in_the_specification() -> None:
    chart = ChartWidget(charts.launches_by_year(LAUNCHES))
    assert numbers(chart.datasets["rows"]["launches"]) == [26, 31]
    assert chart.datasets["rows"]["outcome"] == ["success", "failure"]
    assert chart.spec["data"] == {"name": "rows"}
    assert chart.spec["width"] == "container"
    assert not {"datasets", "title", "description"} & chart.spec.keys()


def test_new_rows_do_not_change_the_specification() -> None:
    chart = ChartWidget(charts.launches_by_year(LAUNCHES))
    drawn = []
    chart.observe(lambda change: drawn.append(change["new"]), "spec")
    chart.show(charts.launches_by_year(LAUNCHES.assign(launches=[1, 2])))
    assert drawn == []
    assert numbers(chart.datasets["rows"]["launches"]) == [1, 2]
    none = pd.DataFrame(columns=["year", "landing_type", "attempts", "landings"])
    chart.show(charts.landings_by_year(none))
    assert len(drawn) == 1


def test_rows_of_named_data_can_be_set() -> None:
    chart = ChartWidget(alt.Chart(alt.NamedData("rows")).mark_point().encode(x="a:Q", y="b:Q"))
    chart.set_rows(rows=pd.DataFrame({"a": np.arange(10_800.0), "b": np.arange(10_800)}))
    assert len(chart.datasets["rows"]["b"]) == 8 * 10_800
    assert sum(map(len, chart.datasets["rows"].values())) < LARGEST_BYTES


def test_columns_keep_their_types_and_missing_values() -> None:
    frame = pd.DataFrame(
        {
            "known": pd.array([1, None], "Int64"),
            "flag": [True, False],
            "name": ["<b>", None],
            "at": pd.to_datetime(["1970-01-01T00:00:01Z", None]),
        }
    )
    columns = dataset(frame)
    assert np.array_equal(numbers(columns["known"]), [1, np.nan], equal_nan=True)
    assert columns["flag"] == [True, False]
    assert columns["name"] == ["<b>", None]
    assert np.array_equal(numbers(columns["at"]), [1000, np.nan], equal_nan=True)


def test_a_click_is_reported_and_the_selection_is_a_parameter() -> None:
    clicked: list[str | None] = []
    chart = ChartWidget(click_field="year", on_click=clicked.append)
    chart.show(selectable(alt.Chart(LAUNCHES).mark_bar().encode(x="year:O"), "year"))
    chart._receive(chart, {"clicked": 2020}, [])
    chart._receive(chart, {"clicked": None}, [])
    chart._receive(chart, {"else": 1}, [])
    assert clicked == ["2020", None]
    chart.set_params(selected=["2020"])
    assert chart.params == {"selected": ["2020"]}


def test_a_finding_is_told_apart_from_the_drawing() -> None:
    frame = pd.DataFrame({"a": [1]})
    chart = told(alt.Chart(frame, usermeta={"ratio": 2}).mark_bar().encode(x="a:Q"), "One bar.")
    widget = ChartWidget(chart)
    assert widget.finding == "One bar."
    assert widget.spec["usermeta"] == {"ratio": 2}
