"""The page Boosters: its figures match the recorded data and its filters match SQL."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from playwright.sync_api import expect

from spacex.analysis import queries
from spacex.analysis.source_coverage import IN_PART, year_gaps
from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.pages.boosters import boosters_charts, boosters_page
from spacex.dashboard.pages.boosters.boosters_data import flights
from spacex.dashboard.pages.launch import launch_page
from spacex.dashboard.ui.view import View
from spacex.settings import Settings
from spacex.warehouse.coverage import LANDINGS, LAUNCHES
from tests import stages
from tests.dashboard.browser import await_charts, changed, figure
from tests.dashboard.conftest import Site, Visitor


def view(settings: Settings, **values: str) -> View:
    return View(PublishedDatabase(settings.database), boosters_page.PAGE.filters, values)


def turnarounds_d(database: Path) -> dict[tuple[str, str], float]:
    """Return the days since the booster's previous flight, computed without SQL."""
    sql = """SELECT core_id, launch_id, date_utc FROM launch_cores JOIN launches USING (launch_id)
             WHERE NOT is_upcoming AND core_id IS NOT NULL"""
    flown = queries.query(database, sql)
    flown["at"] = pd.to_datetime(flown["date_utc"])
    return {
        (core, after.launch_id): (after.at - before.at).total_seconds() / 86400
        for core, its in flown.groupby("core_id")
        for before, after in pairwise(its.sort_values("at").itertuples())
    }


def test_figures_match_the_recorded_data(recorded_settings: Settings) -> None:
    found = flights(
        view(recorded_settings),
        """SELECT sum(landing_attempt) AS tried, sum(landing_success) AS made,
                  sum(is_reused) AS reused, max(flight) AS most FROM flight WHERE {filters}""",
    )
    assert found.to_dict("records") == [{"tried": 162, "made": 149, "reused": 119, "most": 14}]
    shown = str(boosters_page.figures(view(recorded_settings)))
    assert all(f"'{figure}'" in shown for figure in (162, 149, 119, 14))
    sql = "SELECT core_id FROM launch_cores JOIN launches USING (launch_id) WHERE NOT is_upcoming"
    boosters = queries.query(recorded_settings.database, sql)["core_id"].nunique()
    assert f"'{boosters}'" in shown


def test_streaks_and_boosters_in_service_are_told(recorded_settings: Settings) -> None:
    shown = str(boosters_page.records(view(recorded_settings)))
    assert "landings in a row" in shown
    assert "boosters from B1046 on" in shown
    table = boosters_page.in_service(view(recorded_settings))
    assert table["flights"].tolist() == [1, 2, 5, 10]
    assert table["share"].str.fullmatch(r"\d+% to \d+%").all()


def test_a_booster_without_a_serial_has_the_name_of_its_first_launch(
    recorded_settings: Settings, tmp_path: Path
) -> None:
    path = changed(
        recorded_settings.database,
        tmp_path,
        ("DELETE FROM cores WHERE serial = 'B1058'",),
    )
    bare = View(PublishedDatabase(path), (), {})
    named = flights(bare, "SELECT DISTINCT booster FROM flight WHERE booster NOT GLOB 'B[0-9]*'")
    names = named["booster"].tolist()
    assert "serial not known (CCtCap Demo Mission 2, 2020-05-30)" in names
    identifiers = queries.query(path, "SELECT core_id FROM launch_cores")["core_id"]
    assert not set(identifiers) & set(names)
    rows = boosters_page.ROWS.rows(replace(bare, values={"boosters_search": "not known"}), 0)
    cell = boosters_page.ROWS.columns[0].cell
    assert len(rows)
    assert all(cell(row) == row["serial"] for row in rows.to_dict("records"))
    of_launch = replace(bare, values={"mission": "CCtCap Demo Mission 2"})
    assert launch_page.selected(of_launch).boosters["booster"].tolist() == ["serial not known"]
    assert "page=booster" not in str(launch_page.cargo(of_launch))


def test_the_quickest_turnaround_of_a_booster_is_the_shortest(recorded_settings: Settings) -> None:
    table = boosters_page.ROWS.rows(view(recorded_settings), 0)
    cores = queries.query(recorded_settings.database, "SELECT serial, core_id FROM cores")
    core_of = dict(cores.itertuples(index=False))
    table = table[table["serial"].isin(core_of)]  # the others have a name of several words
    every = turnarounds_d(recorded_settings.database)
    shortest = [
        min(days for (core, _), days in every.items() if core == core_of[serial])
        for serial in table["serial"]
    ]
    assert table["flights"].min() > 2
    assert table["quickest_d"].tolist() == pytest.approx(shortest, abs=1e-4)


@pytest.mark.parametrize("values", [{}, {"years": "2021-2021"}, {"landing": "RTLS"}])
def test_turnaround_counts_from_the_previous_flight_with_any_filter(
    recorded_settings: Settings, values: dict[str, str]
) -> None:
    sql = "SELECT core_id, launch_id, turnaround_d FROM flight WHERE {filters}"
    found = flights(view(recorded_settings, **values), sql).dropna()
    every = turnarounds_d(recorded_settings.database)
    expected = {key: every[key] for key in zip(found["core_id"], found["launch_id"], strict=True)}
    assert len(found) == len(every) if not values else 0 < len(found) < len(every)
    assert found["turnaround_d"].tolist() == pytest.approx(list(expected.values()), abs=1e-4)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("launches", "date_utc", "2025-01-01T00:00:00Z"),
        ("launches", "date_precision", "month"),
        ("launch_cores", "flight", "99"),  # it has flown in between, or its number would be lower
    ],
)
def test_turnaround_is_unknown_without_coverage_or_all_flights_between_or_without_a_day(
    recorded_settings: Settings, tmp_path: Path, table: str, column: str, value: str
) -> None:
    sql = "SELECT launch_id FROM flight WHERE {filters} AND turnaround_d > 0 ORDER BY date_utc DESC"
    launch = str(flights(view(recorded_settings), sql)["launch_id"].iloc[0])
    change = f"UPDATE {table} SET {column} = '{value}' WHERE launch_id = ?"  # noqa: S608 - own
    database = PublishedDatabase(changed(recorded_settings.database, tmp_path, (change, launch)))
    shown = View(database, boosters_page.PAGE.filters, {})
    found = flights(shown, "SELECT turnaround_d FROM flight WHERE {filters}")
    before = flights(view(recorded_settings), "SELECT turnaround_d FROM flight WHERE {filters}")
    assert found["turnaround_d"].count() < before["turnaround_d"].count()
    own = "SELECT turnaround_d FROM flight WHERE {filters} AND launch_id = ?"
    assert flights(shown, own, launch)["turnaround_d"].isna().all()


def test_the_table_and_the_histogram_count_the_same_flights(recorded_settings: Settings) -> None:
    selected = view(recorded_settings, years="2021-2022")
    table = selected.query(boosters_page.ROWS.select)
    bars = boosters_page.flights_per_booster(selected).data
    assert (bars["flights"] * bars["boosters"]).sum() == table["flights"].sum()
    assert bars["boosters"].sum() == boosters_page.ROWS.total(selected) == len(table)


def test_the_histogram_says_that_it_counts_recorded_flights_not_flight_numbers(
    recorded_settings: Settings,
) -> None:
    selected = view(recorded_settings)
    spec = boosters_page.flights_per_booster(selected).to_dict()
    assert spec["encoding"]["x"]["title"] == "Recorded flights"
    flown = flights(selected, "SELECT * FROM flight WHERE {filters} AND core_id IS NOT NULL")
    known = flown.groupby("core_id")["flight"].agg(["size", "max"])
    assert (known["max"] > known["size"]).sum() == 1
    words = "By the flight number, 1 booster flew more often than these flights show."
    assert words in spec["description"]


def test_the_table_shows_landings_of_which_nothing_is_known_as_unknown(sampled: Settings) -> None:
    """No landing after October 2022 is known in the sample."""
    columns = ["serial", "flights", "tried", "made"]
    table = view(sampled).query(boosters_page.ROWS.select)
    sql = """SELECT serial, flights, landing_attempts AS tried, landings AS made FROM v_boosters
             WHERE flights"""
    expected = queries.query(sampled.database, sql)
    found, expected = (each.sort_values(columns)[columns] for each in (table, expected))
    pd.testing.assert_frame_equal(
        found.reset_index(drop=True), expected.reset_index(drop=True), check_dtype=False
    )
    is_unknown = table["unknown"] == table["flights"]
    assert 0 < is_unknown.sum() < len(table)
    assert table.loc[is_unknown, ["tried", "made"]].isna().all(axis=None)
    assert not table.loc[~is_unknown, ["tried", "made"]].isna().any(axis=None)
    (cell,) = {
        str(c.cell(row))
        for c in boosters_page.ROWS.columns
        if c.label == "Landed"
        for row in table[is_unknown].to_dict("records")
    }
    assert cell == "–"


@pytest.mark.parametrize(
    ("chart", "subject"),
    [
        (boosters_page.landings_by_year, LANDINGS),
        (boosters_page.success_by_year, LANDINGS),
        (boosters_page.reuse, LAUNCHES),
    ],
)
def test_years_without_coverage_are_hatched_and_those_with_a_part_marked(
    sampled: Settings, chart: Callable[[View], alt.TopLevelSpec], subject: str
) -> None:
    """The sample has landings to October 2022 and launches to November 2025."""
    spec = chart(view(sampled)).to_dict()
    gaps = year_gaps(sampled.database, subject)
    hatch, *_, none, part = spec["layer"]
    years = [
        [row["year"] for row in spec["datasets"][each["data"]["name"]]]
        for each in (hatch, none, part)
    ]
    is_part = gaps["coverage"] == IN_PART
    assert years == [[*gaps["year"]], [*gaps["year"][~is_part]], [*gaps["year"][is_part]]]
    assert years[2] == [2022 if subject == LANDINGS else 2025]
    assert (none["mark"]["text"], part["mark"]["text"]) == ("not covered", "part")


@pytest.mark.parametrize("years", [[], [2019, 2020]])
def test_the_words_of_a_chart_have_its_latest_value_if_there_is_one(years: list[int]) -> None:
    none = pd.DataFrame({"year": [], "coverage": []})
    counts = pd.DataFrame({"year": years, "made": 3, "tried": 4, "reused": 1, "flights": 4})
    for chart, share in ((boosters_charts.success_by_year, 75), (boosters_charts.reuse, 25)):
        words = chart(counts, none).to_dict()["description"]
        assert (f"Latest: {share}%." in words, "Latest" in words) == (bool(years), bool(years))


def test_the_median_turnaround_does_not_cross_time_without_coverage() -> None:
    gap = ("2022-10-05T16:00:00Z", "2026-08-22T07:25:16Z")
    flown = pd.DataFrame({"date_utc": gap, "booster": "B1", "turnaround_d": [30.0, 40.0]})
    gaps = pd.DataFrame([gap], columns=["from_utc", "to_utc"])
    spec = boosters_charts.turnaround(flown.assign(flight=1, launch=""), gaps).to_dict()
    (rows,) = (each for each in spec["datasets"].values() if "booster" in each[0])
    assert [row["series"] for row in rows] == [0, 2]
    assert [row["median_d"] for row in rows] == [30, 40]
    assert "'detail': {'field': 'series'" in str(spec)


@pytest.mark.browser
def test_filtered_figures_match_sql(guest: Visitor, site: Site) -> None:
    shown = guest.go_to("?page=boosters")
    shown.select_option("select[data-action='years.from']", "2020")
    sql = "SELECT count(*) FROM v_landings WHERE year >= 2020 AND landing_attempt"
    expect(figure(shown, "tried")).to_have_text(str(stages.value(site.database, sql)))
    shown.select_option("select[data-action=landing]", "RTLS")
    sql += " AND landing_type = 'RTLS'"
    expect(figure(shown, "tried")).to_have_text(str(stages.value(site.database, sql)))
    sql += " AND landing_success"
    expect(figure(shown, "made")).to_have_text(str(stages.value(site.database, sql)))


@pytest.mark.browser
def test_a_click_on_a_dot_toggles_the_filter(guest: Visitor) -> None:
    shown = guest.go_to("?page=boosters")
    await_charts(shown)
    everything = figure(shown, "flights").inner_text()
    panel = shown.locator(".panel", has_text="Landing success rate by type")
    dots = panel.locator("path[aria-roledescription=circle]")
    dots.first.click()
    expect(shown.locator("select[data-action=landing]")).to_have_value("ASDS")
    expect(dots.nth(1)).to_have_attribute("opacity", "0.25")
    dots.first.click()
    expect(figure(shown, "flights")).to_have_text(everything)
