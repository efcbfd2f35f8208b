"""The page Changes: its figures match the GP lists; it says when there is only one."""

import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import expect

from spacex.analysis import history
from spacex.analysis.feeds import FEEDS
from spacex.analysis.source_coverage import pauses
from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.app.session import VisitorSession
from spacex.dashboard.pages import PAGES
from spacex.dashboard.pages.changes import changes_charts, changes_page
from spacex.dashboard.pages.changes.changes_page import PREVIOUS, SINCE
from spacex.dashboard.pages.satellite import satellite_charts
from spacex.dashboard.ui.assets import VERSION_VARIABLE
from spacex.dashboard.ui.view import View
from spacex.notebook.chart_style import Drawing
from spacex.settings import Settings
from tests.dashboard.browser import await_charts, figure
from tests.dashboard.conftest import Visitor, replace


def view(database: Path, **values: str) -> View:
    """Return the page's view with validated filter values."""
    filters = changes_page.PAGE.filters
    published = PublishedDatabase(database)
    valid = {f.name: f.validate(values.get(f.name, ""), f.options(published)) for f in filters}
    return View(published, filters, valid)


KINDS = ("unlisted", "new satellite", "returned")


def kinds(of: View) -> dict[str, int]:
    """Return the number of selected changes of each kind."""
    counts = changes_page.selected(of)["kind"].value_counts()
    return {kind: counts[kind] for kind in KINDS if kind in counts}


def test_by_default_the_changes_of_the_newest_list_are_shown(three_days: Path) -> None:
    assert kinds(view(three_days)) == {"unlisted": 1, "returned": 1}
    assert "compared with 2026-11-03" in " ".join(changes_page.compared(view(three_days)))


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [("a", "b", "a → b"), ("a", None, "a"), (None, "b", "b"), (None, None, "–")],
)
def test_a_change_has_the_values_that_exist(old: str | None, new: str | None, text: str) -> None:
    assert changes_page._change({"old_value": old, "new_value": new}) == text


def test_since_an_older_list_there_are_more_changes(three_days: Path) -> None:
    first = changes_page.SINCE.options(PublishedDatabase(three_days))[-1]
    assert first.startswith("2026-11-01")
    assert kinds(view(three_days, since=first)) == dict(zip(KINDS, (3, 5, 1), strict=True))
    assert kinds(view(three_days, since=first, kind="unlisted")) == {"unlisted": 3}
    assert kinds(view(three_days, since="nonsense' OR 1=1 --")) == {"unlisted": 1, "returned": 1}


def test_every_list_that_was_compared_is_offered_and_the_previous_one_by_name() -> None:
    instants = ("2026-11-02T12:00:00Z", "2026-11-01T12:00:00Z")
    offered = str(SINCE.control(PREVIOUS, (PREVIOUS, *instants)))
    assert [offered.count(f"'{each}'") for each in (*instants, PREVIOUS)] == [1, 1, 1]
    assert "'2026-11-02 12:00 UTC'" in offered


def test_changes_have_words_for_people_and_links_to_satellites(three_days: Path) -> None:
    cells = {each.label: each.cell for each in changes_page.CHANGE_ROWS.columns}
    rows = changes_page.CHANGE_ROWS.rows(view(three_days), 0).to_dict("records")
    of_satellite = next(each for each in rows if each["table_name"] == "starlink")
    link = cells["Name"](of_satellite)
    assert link[1]["href"] == f"?page=satellite&satellite={of_satellite['row_key']}"
    assert link[2] == of_satellite["name"]
    assert cells["Source"](of_satellite) == "CelesTrak"
    of_launch = {"table_name": "launches", "name": "Crew-5", "column_name": "mass_kg"}
    assert cells["Name"](of_launch) == "Crew-5"
    assert cells["Value"](of_launch) == "Mass, kg"
    assert cells["Value"]({"column_name": "orbit_status"}) == "Orbit status"
    options = changes_page.SOURCE.options(PublishedDatabase(three_days))
    offered = changes_page.SOURCE.control("", options)
    assert "['option', {'value': 'celestrak'}, 'CelesTrak']" in str(offered)


def test_charts_contain_all_lists(three_days: Path) -> None:
    chart = changes_charts.satellites_listed(history.gp_lists(three_days))
    assert chart.data["satellite_count"].tolist() == [10, 13, 13]
    assert "On 2026-11-03: 13." in chart.description
    changes = changes_charts.listing_changes(history.gp_lists(three_days)).data
    totals = changes.groupby("change")["signed"].sum().to_dict()
    assert totals == {"newly listed": 6, "newly unlisted": -3}
    assert changes_page.new_by_launch(view(three_days)).empty


WEEKLY = ["2025-05-18T20:00:00Z", "2025-05-25T20:00:00Z", "2025-06-04T20:00:00Z"]
LISTS = pd.DataFrame(
    {
        "observed_utc": ["2022-11-07T20:00:00Z", *WEEKLY],
        "since_utc": [None, "2022-11-07T20:00:00Z", *WEEKLY[:-1]],
        "satellite_count": [3275, 7434, 7483, 7522],
        "newly_listed": [0, 4831, 54, 44],
        "newly_unlisted": [0, 672, 5, 5],
    }
)
"""A gap of years, and two times the longest that is none: ten days."""


def marks(chart: Drawing, kind: str) -> list[dict[str, Any]]:
    """Return the layers of a chart with a mark, with their rows, inner layers first."""
    spec = chart.to_dict()
    inner = [layer for each in spec["layer"] for layer in each.get("layer", [each])]
    found = [each for each in inner if each["mark"]["type"] == kind]
    return [each | {"rows": spec["datasets"][each["data"]["name"]]} for each in found]


def test_no_line_and_no_bar_of_a_day_crosses_a_gap_between_the_lists() -> None:
    gap = {"from_utc": "2022-11-07T20:00:00Z", "to_utc": WEEKLY[0]}
    altitudes = LISTS.assign(
        launch_designator="2022-136",
        launch="",
        median_altitude_km=350.0,
        low_altitude_km=350.0,
        high_altitude_km=350.0,
    )
    epochs = LISTS.assign(epoch_utc=LISTS["observed_utc"], mean_altitude_km=549.5)
    for chart in (
        changes_charts.satellites_listed(LISTS),
        changes_charts.launch_altitudes(altitudes),
        satellite_charts.beside_launch(epochs, altitudes),
    ):
        line = marks(chart, "line")[-1]
        by_series = Counter(row["series"] for row in line["rows"])
        assert sorted(by_series.values()) in ([1, 3], [2, 6])  # two apsides
        assert "series" in str(line["encoding"]["detail"])
        ((hatched,),) = [each["rows"] for each in marks(chart, "rect")]
        assert hatched.items() >= gap.items()
        assert "Hatched: no source covers the time." in chart.description
    changes = changes_charts.listing_changes(LISTS)
    (of_a_day,), (_, over_gap) = marks(changes, "bar"), marks(changes, "rect")
    assert max(row["satellites"] for row in of_a_day["rows"]) == 54
    assert [row["signed"] for row in over_gap["rows"]] == [4831, -672]
    assert [over_gap["encoding"][x]["field"] for x in ("x", "x2")] == ["since_utc", "observed_utc"]
    assert (
        "4,929 satellites newly listed, 682 newly unlisted. Of these, on unknown days of a gap: "
        "4,831 satellites newly listed, 672 newly unlisted."
    ) in changes.description


def test_a_gap_is_longer_than_ten_days() -> None:
    later = "2025-06-14T20:00:01Z"
    assert pauses(pd.Series([*WEEKLY, "2025-06-14T20:00:00Z"])).empty
    assert pauses(pd.Series([later, *WEEKLY])).to_dict("records") == [
        {"from_utc": WEEKLY[-1], "to_utc": later}
    ]
    assert pauses(pd.Series([], dtype=object)).empty


def test_without_a_comparison_a_message_is_shown(sampled: Settings) -> None:
    (line,) = changes_page.compared(view(sampled.database))
    assert "no known change" in line
    assert changes_page.selected(view(sampled.database)).empty


def test_the_page_data_is_shown_with_a_single_source(sampled: Settings) -> None:
    session = VisitorSession(sampled.database, PAGES)
    session.state.read("page=data")
    panels = session._page_sessions["data"]._panels
    assert "failed" not in str([panel.widget._dom_classes for panel in panels])


@pytest.mark.browser
def test_changes_since_an_older_list_are_selected(
    database: Path, visitor: Visitor, three_days: Path
) -> None:
    replace(database, three_days)
    shown = visitor.open("?page=changes")
    expect(figure(shown, "unlisted")).to_have_text("1")
    await_charts(shown)
    shown.locator("select[data-action=since]").select_option(index=2)
    expect(figure(shown, "unlisted")).to_have_text("3")
    shown.get_by_role("button", name="Show all").click()
    expect(figure(shown, "unlisted")).to_have_text("1")
    assert shown.locator(".panel.failed").count() == 0


def test_the_feeds_are_linked_where_they_are_served(
    three_days: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert changes_page.subscribe(view(three_days)) == []
    monkeypatch.setenv(VERSION_VARIABLE, "1")
    shown = changes_page.subscribe(view(three_days))
    links = re.findall(r"'href': '([^']+)'", repr(shown))
    assert links == [f"feeds/{name}" for name in FEEDS]
    assert "Left out" not in repr(shown)
    with closing(sqlite3.connect(three_days)) as connection, connection:
        connection.execute("UPDATE starlink_elements SET creation_utc = observed_utc")
    assert re.search(
        r"Left out of the orbits: [\d,]+ element sets from Space-Track",
        repr(changes_page.subscribe(view(three_days))),
    )
