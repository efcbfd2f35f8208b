"""The page Fleet: its figures match the recorded data and its filters match SQL."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from spacex.analysis.growth import KNOWN
from spacex.analysis.growth import growth as growth_of
from spacex.analysis.source_coverage import covered
from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.pages import fleet_filters
from spacex.dashboard.pages.fleet import fleet_data, fleet_page, shell_panels
from spacex.dashboard.pages.fleet.fleet_data import in_orbit, selected
from spacex.dashboard.pages.fleet_model import read_fleet, read_satellites
from spacex.dashboard.pages.satellite import satellite_page
from spacex.dashboard.pages.shell_slots import latitude_argument_deg
from spacex.dashboard.ui.chart_widget import ChartWidget
from spacex.dashboard.ui.panels import ChartPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View
from spacex.orbits.propagation import Propagator
from spacex.settings import Settings
from tests import stages
from tests.conftest import SAMPLE_SATELLITES
from tests.dashboard.browser import (
    HOSTILE,
    LARGEST_BYTES,
    assert_text_only,
    await_charts,
    changed,
    figure,
)
from tests.dashboard.conftest import Site, Visitor, replace

COPIES = 6
"""Copies of the small sample that make a fleet as large as the real one."""
LARGEST_SHELL = "43.00° 530 km"


def view(database: Path, **values: str) -> View:
    return View(PublishedDatabase(database), fleet_page.PAGE.filters, values)


def test_the_list_has_every_satellite_the_newest_first(sampled: Settings) -> None:
    numbers = fleet_page.listed(view(sampled.database))["norad_cat_id"].tolist()
    assert numbers == selected(view(sampled.database))["norad_cat_id"].tolist()[::-1]
    assert numbers[0] > numbers[-1]


@pytest.fixture
def large(sampled: Settings, tmp_path: Path) -> Path:
    """A database with several copies of the sample's fleet, as large as the real one."""
    database = tmp_path / "starlink.db"
    database.write_bytes(sampled.database.read_bytes())
    with closing(sqlite3.connect(database)) as connection, connection:
        for table in ("starlink", "starlink_elements"):
            connection.execute(f"CREATE TEMP TABLE one AS SELECT * FROM {table}")  # noqa: S608  # declared names
            for _ in range(COPIES - 1):
                connection.execute("UPDATE one SET norad_cat_id = norad_cat_id + 1000000")
                connection.execute(f"INSERT INTO {table} SELECT * FROM one")  # noqa: S608  # declared names
            connection.execute("DROP TABLE one")
        # The charts of one shell have more rows than Altair accepts.
        connection.execute(
            "UPDATE starlink SET shell = ? WHERE shell = '53.00° 525 km'", (LARGEST_SHELL,)
        )
    return database


def test_figures_match_the_recorded_data(recorded_settings: Settings) -> None:
    unfiltered = view(recorded_settings.database)
    found = selected(unfiltered)
    assert (len(found), len(found) - len(in_orbit(found))) == (1791, 118)
    assert found["version"].value_counts().to_dict() == {"v1.0": 1729, "v0.9": 60, "prototype": 2}
    assert fleet_page.rules(unfiltered)["satellites"].sum() == 1791
    growth = growth_of(found, covered(recorded_settings.database, *KNOWN))
    assert growth["launched"].max() == 1791
    assert growth["in_orbit"].iloc[-1] == 1791 - 118
    assert (
        "On 2021-10-15: 1,673 known in orbit."
        in fleet_page.growth(unfiltered).to_dict()["description"]
    )
    assert reentries(unfiltered)["satellites"].sum() == 118
    assert fleet_page.age_at_reentry(unfiltered).data["satellites"].sum() == 118


def test_the_number_listed_says_since_when_there_are_lists(
    sampled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans = [("2025-05-18T12:00:00Z", "2025-06-01T12:00:00Z"), ("2026-05-24T00:00:00Z", "9999")]
    monkeypatch.setattr(fleet_page, "covered", lambda *_: spans)
    assert "lists since 2025-05-18" in str(fleet_page.figures(view(sampled.database)))


def reentries(one: View) -> pd.DataFrame:
    """Return the bars of the re-entries by month, which are in front of the hatching."""
    chart = fleet_page.reentries_by_month(one)
    return chart.layer[1].data if isinstance(chart, alt.LayerChart) else chart.data


@pytest.mark.parametrize(
    ("newest", "since", "until"),
    [
        ("2021-10-03", "2021-10-03T00:00:00Z", "2021-11-01T00:00:00Z"),
        ("2021-12-05", "2021-10-03T00:00:00Z", "2022-01-01T00:00:00Z"),
    ],
)
def test_the_last_month_is_hatched_from_the_end_of_the_coverage(
    recorded_settings: Settings, tmp_path: Path, newest: str, since: str, until: str
) -> None:
    later = """UPDATE starlink SET decay_date = ? WHERE norad_cat_id = (
                   SELECT norad_cat_id FROM starlink ORDER BY decay_date DESC LIMIT 1)"""
    one = view(changed(recorded_settings.database, tmp_path, (later, newest)))
    hatch = fleet_page.reentries_by_month(one).layer[0].data
    assert hatch[["from_utc", "to_utc"]].to_numpy().tolist()[-1] == [since, until]


def test_decays_of_an_unknown_month_are_in_no_month(
    recorded_settings: Settings, tmp_path: Path
) -> None:
    year = "UPDATE starlink SET decay_precision = 'year' WHERE norad_cat_id = 44236"
    month = "UPDATE starlink SET decay_precision = 'month' WHERE norad_cat_id = 44239"
    one = view(changed(recorded_settings.database, tmp_path, (year,), (month,)))
    assert reentries(one)["satellites"].sum() == 117
    assert fleet_page.age_at_reentry(one).data["satellites"].sum() == 116  # the day is needed


def test_nothing_re_enters_before_its_launch(recorded_settings: Settings, tmp_path: Path) -> None:
    """The date of a decay may be in error."""
    before = """UPDATE starlink SET decay_date = date(launch_date, '-1 day')
                WHERE norad_cat_id = 44236"""
    one = view(changed(recorded_settings.database, tmp_path, (before,)))
    assert fleet_page.age_at_reentry(one).data["age_months"].min() == 0


def test_only_the_page_fleet_offers_what_lost_satellites_have(sampled: Settings) -> None:
    database = PublishedDatabase(sampled.database)
    sql = "SELECT DISTINCT orbit_status FROM starlink WHERE {} ORDER BY 1"
    for each, which in ((fleet_data.STATUS, "TRUE"), (fleet_filters.STATUS, "NOT is_decayed")):
        known = stages.rows(sampled.database, sql.format(which))
        assert each.options(database) == tuple(status for (status,) in known)


def test_unlisted_satellites_are_not_called_decayed(
    recorded_settings: Settings, tmp_path: Path
) -> None:
    unlisted = """UPDATE starlink SET orbit_status = 'unlisted', is_decayed = 0, decay_date = NULL,
                         unlisted_since_utc = '2021-10-17T00:00:00Z' WHERE norad_cat_id = ?"""
    database = changed(recorded_settings.database, tmp_path, (unlisted, 44236))
    assert "117 decayed, 1 no longer listed" in str(fleet_page.figures(view(database)))
    satellite = View(
        PublishedDatabase(database), satellite_page.PAGE.filters, {"satellite": "44236"}
    )
    said = str(satellite_page.satellite_summary(satellite))
    assert "It is no longer listed since" in said
    assert "re-entered" not in said


def test_the_number_launched_is_shown_if_all_satellites_of_the_launch_are_selected(
    sampled: Settings,
) -> None:
    chart = fleet_page.survival(view(sampled.database)).data
    sql = "SELECT sum(launched), sum(never_catalogued) FROM v_fleet_by_launch WHERE catalogued"
    ((launched, never),) = stages.rows(sampled.database, sql)
    assert chart.drop_duplicates("launch")["launched"].sum() == launched
    lost = chart["fate"] == "never catalogued"
    assert chart.loc[lost, "satellites"].sum() == never > 0
    decayed = fleet_page.survival(view(sampled.database, status="decayed")).data
    some = decayed[decayed["launch"].isin(chart.loc[chart["fate"] == "in orbit", "launch"])]
    assert len(some)
    assert some["launched"].isna().all()


def test_shells_are_listed_with_their_planes(recorded_settings: Settings) -> None:
    shells = shell_panels.shells(view(recorded_settings.database))
    largest = shells.nlargest(1, "satellites").iloc[0]
    assert largest["inclination_deg"] == pytest.approx(53.05, abs=0.01)
    assert (largest["planes"], largest["occupied"], largest["layout"]) == (72, 72, "certain")
    assert largest["concentration"] > 0.98 > largest["raw_concentration"]


def test_latitude_arguments_match_sgp4(recorded_settings: Settings) -> None:
    elements = read_fleet(recorded_settings.database).in_orbit
    elements = elements.select(elements.altitude_km > 500)
    at = elements.epoch_utc.max()
    states = Propagator(elements).states(at)
    r, v = states.position_km[:, 0], states.velocity_km_s[:, 0]
    momentum = np.cross(r, v)
    node = np.cross([0, 0, 1], momentum)
    ahead = np.cross(momentum, node)
    node, ahead = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (node, ahead))
    true_deg = np.degrees(np.arctan2((r * ahead).sum(axis=1), (r * node).sum(axis=1)))
    error_deg = (latitude_argument_deg(elements, at) - true_deg + 180) % 360 - 180
    assert np.abs(error_deg).max() < 0.5  # short-period terms and twice the eccentricity


def test_charts_of_a_large_fleet_are_small_and_complete(large: Path) -> None:
    unfiltered = view(large)
    assert len(read_satellites(large)) == COPIES * SAMPLE_SATELLITES
    charts = [panel for panel in fleet_page.panels(State()) if isinstance(panel, ChartPanel)]
    for panel in charts:
        panel.show(unfiltered)
        assert sum(map(_bytes, panel.chart.datasets.values())) < LARGEST_BYTES
    dots = shell_panels.altitudes(unfiltered).layer[0].data
    assert dots["satellites"].sum() == len(in_orbit(selected(unfiltered)))
    slots = ChartWidget(shell_panels.slots(unfiltered)).datasets
    assert max(len(columns["object_name"]) for columns in slots.values() if len(columns) > 1) > 5000


def test_a_filter_of_the_altitudes_sends_rows_and_no_new_chart(large: Path) -> None:
    chart = ChartWidget(shell_panels.altitudes(view(large)))
    before = chart.spec
    chart.show(shell_panels.altitudes(view(large, status="operational")))
    assert chart.spec == before


def _bytes(columns: dict[str, object]) -> int:
    return sum(len(c) if isinstance(c, bytes) else len(str(c)) for c in columns.values())


def test_a_database_without_satellites_is_shown(sampled: Settings, tmp_path: Path) -> None:
    deletions = ("DELETE FROM starlink_elements",), ("DELETE FROM starlink",)
    none = changed(sampled.database, tmp_path, *deletions)
    assert fleet_page.NO_SATELLITES in str(fleet_page.figures(view(none)))
    for panel in fleet_page.panels(State()):
        panel.show(view(none))


@pytest.mark.browser
def test_filtered_figures_match_sql(guest: Visitor, site: Site) -> None:
    shown = guest.go_to("?page=fleet")
    shown.select_option("select[data-action=version]", "v0.9")
    sql = "SELECT count(*) FROM v_starlink WHERE version = 'v0.9'"
    expect(figure(shown, "satellites")).to_have_text(str(stages.value(site.database, sql)))
    sql += " AND catalogue_status <> 'in orbit'"
    lost = stages.value(site.database, sql)
    expect(figure(shown, "not_in_orbit")).to_have_text(f"≥{lost}")
    shown.get_by_role("button", name="Show all").click()
    shown.select_option("select[data-action='launched.from']", "2021")
    sql = "SELECT count(*) FROM v_starlink WHERE launch_date >= '2021'"
    expect(figure(shown, "satellites")).to_have_text(f"{stages.value(site.database, sql):,}")


@pytest.mark.browser
def test_a_click_on_a_launch_filters_the_other_charts(guest: Visitor, site: Site) -> None:
    shown = guest.go_to("?page=fleet&status=operational")
    await_charts(shown)
    panel = shown.locator(".panel", has_text="Survival by launch")
    panel.locator("path[aria-roledescription=bar]").first.click()
    expect(shown.locator("select[data-action=launch]")).not_to_have_value("")
    launch = shown.locator("select[data-action=launch]").input_value()
    found = selected(view(site.database, status="operational", launch=launch))
    expect(figure(shown, "satellites")).to_have_text(str(len(found)))
    expect(shown).to_have_url(re.compile("launch="))
    assert 0 < len(found) <= 60


@pytest.mark.browser
def test_markup_in_the_database_is_shown_as_text(
    database: Path, visitor: Visitor, tmp_path: Path
) -> None:
    updates = (
        ("UPDATE starlink SET object_name = ?1, version = ?1 WHERE version = 'v0.9'", HOSTILE),
        ("UPDATE launches SET name = ? WHERE name = 'Starlink v0.9'", HOSTILE),
    )
    replace(database, changed(database, tmp_path, *updates))
    shown = visitor.open("?page=fleet")
    shown.select_option("select[data-action=version]", HOSTILE)
    expect(figure(shown, "satellites")).to_have_text("9")
    assert_text_only(shown)
