"""The key figures are the same on the pages, in the report and in the views."""

import re
from collections.abc import Iterable
from html import unescape
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from spacex.analysis import queries
from spacex.analysis.api.door import open_database
from spacex.analysis.growth import KNOWN
from spacex.analysis.growth import growth as growth_of
from spacex.analysis.key_figures import key_figures
from spacex.analysis.source_coverage import covered
from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.pages.boosters import boosters_page
from spacex.dashboard.pages.evidence import evidence_page
from spacex.dashboard.pages.fleet import fleet_page
from spacex.dashboard.pages.fleet.fleet_data import launch_counts, selected
from spacex.dashboard.pages.fleet_model import read_fleet
from spacex.dashboard.pages.fleet_motion import place_of
from spacex.dashboard.pages.launches import launches_page
from spacex.dashboard.ui import table_columns
from spacex.dashboard.ui.markup import Node
from spacex.dashboard.ui.page import Page
from spacex.dashboard.ui.view import View
from spacex.notebook import show
from spacex.settings import Settings
from spacex.warehouse.connection import writing
from tests.clock import Clock
from tests.dashboard.browser import changed
from tests.example_rows import insert_row

PAGES = {
    "Orbital launches": (launches_page, "launches"),
    "Booster landings": (boosters_page, "made"),
    "Booster reflights": (boosters_page, "reused"),
    "Satellites in orbit": (fleet_page, "in_orbit"),
    "Decayed or unlisted": (fleet_page, "not_in_orbit"),
}
"""Key figure → the page that has it, too, and its key there; the success rate is in a note."""


@pytest.fixture(scope="module", params=["recorded", "sample", "without elements"])
def database(
    request: pytest.FixtureRequest, sampled: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The recorded archive, the sample, and the sample with satellites without elements."""
    if request.param == "recorded":
        settings: Settings = request.getfixturevalue("recorded_settings")
        return settings.database
    if request.param == "sample":
        return sampled.database
    unknown = "UPDATE starlink SET epoch_utc = NULL, orbit_status = NULL WHERE norad_cat_id % 3 = 0"
    return changed(sampled.database, tmp_path_factory.mktemp("some"), (unknown,))


def view(database: Path, page: Page) -> View:
    return View(PublishedDatabase(database), page.filters, {})


def values(node: Node, key: str) -> list[str]:
    """Return the text of the key figure, if it is in the node."""
    if isinstance(node, str):
        return []
    _, attributes, *children = node
    own = [words(children)] if attributes.get("data-figure") == key else []
    own = [text.replace("≥", "at least ") for text in own]
    return [*own, *(value for child in children for value in values(child, key))]


def words(nodes: Iterable[Node]) -> str:
    """Return the text of nodes."""
    return "".join(each if isinstance(each, str) else words(each[2:]) for each in nodes)


def test_pages_have_the_key_figures(database: Path) -> None:
    figures = {each.name: each for each in key_figures(database)}
    for name, (module, key) in PAGES.items():
        nodes = module.figures(view(database, module.PAGE))
        assert [text for node in nodes for text in values(node, key)] == [figures[name].value]
    rate = figures["Success rate"].value
    assert f"{rate}; " in words(launches_page.figures(view(database, launches_page.PAGE)))
    assert set(figures) == {*PAGES, "Success rate"}


def test_charts_of_the_fleet_are_those_of_the_report(database: Path) -> None:
    satellites = selected(view(database, fleet_page.PAGE))
    growth = queries.view(database, "v_fleet_growth")
    columns = ["day", "launched", "in_orbit", "at_least"]
    found = growth_of(satellites, covered(database, *KNOWN))[columns]
    pd.testing.assert_frame_equal(found, growth[columns], check_dtype=False)
    by_launch = queries.view(database, "v_fleet_by_launch")
    fates = ["in_orbit", "unlisted", "decayed"]
    counts = launch_counts(satellites, by_launch)
    assert counts[fates].sum().tolist() == by_launch[fates].sum().tolist()
    known = by_launch[(by_launch["catalogued"] > 0) & by_launch["launch_designator"].notna()]
    for column in ("launched", "never_catalogued"):
        assert counts[column].sum() == known[column].sum()


def test_cells_of_a_stacked_table_name_their_column() -> None:
    periods = pd.DataFrame([{"subject": "decays", "ends_at": "newest decay"}])
    columns = [table_columns.text(name, name) for name in periods]
    stacked = str(table_columns.table(periods, columns, "Periods", stack=table_columns.STACKED))
    assert "'data-label': 'subject'" in stacked
    assert "'data-label': 'ends_at'" in stacked


def test_how_we_know_has_every_key_figure_on_the_page_and_in_the_report(database: Path) -> None:
    figures = key_figures(database)
    page = words(evidence_page.figures(view(database, evidence_page.PAGE)))
    report = unescape(re.sub("<[^>]*>", "", show.evidence(figures).data))
    for each in figures:
        assert each.coverage
        for text in (each.value, each.note, each.rule, each.uncertainty, each.revision):
            assert text in page
            assert text in report


def test_every_credit_names_gcat_which_the_package_bundles(database: Path) -> None:
    shown = words(evidence_page.credit(view(database, evidence_page.PAGE)))
    credit = "McDowell, Jonathan C., General Catalog of Artificial Space Objects"
    assert credit in shown
    assert credit in show.credit([]).data


UNKNOWN = {
    "DELETE FROM launch_cores": (boosters_page, ("flights", "tried", "made", "reused"), []),
    "UPDATE launch_cores SET is_reused = NULL": (boosters_page, ("reused",), ["–"]),
    "UPDATE launches SET success = NULL": (launches_page, ("succeeded", "failed"), ["–"] * 2),
    "UPDATE payloads SET mass_kg = NULL": (launches_page, ("mass",), ["–"]),
    "UPDATE starlink SET epoch_utc = NULL, orbit_status = NULL, shell = NULL": (
        fleet_page,
        ("listed", "operational", "stale", "shells"),
        ["–"] * 4,
    ),
}
"""What makes figures unknown, and what the page then shows of them."""


@pytest.mark.parametrize("sql", UNKNOWN)
def test_a_figure_of_which_nothing_is_known_is_not_zero(
    sampled: Settings, tmp_path: Path, sql: str
) -> None:
    page, keys, expected = UNKNOWN[sql]
    nodes = page.figures(view(changed(sampled.database, tmp_path, (sql,)), page.PAGE))
    assert [text for key in keys for node in nodes for text in values(node, key)] == expected
    assert "0 no longer listed" not in words(nodes)


@pytest.mark.parametrize(("lists", "fates"), [(1, "no second GP list"), (2, "0 decayed, 0 no")])
def test_a_single_gp_list_tells_nothing_of_losses(
    sampled: Settings, tmp_path: Path, lists: int, fates: str
) -> None:
    """Two lists do not tell of losses before them."""
    in_orbit = """UPDATE starlink SET is_decayed = 0, decay_date = NULL, source = 'celestrak',
                  shell = NULL, orbit_status = 'operational'"""
    database = changed(sampled.database, tmp_path, ("DELETE FROM catalogue_objects",), (in_orbit,))
    with writing(database) as connection:
        for day in range(1, 1 + lists):
            seen = dict.fromkeys(("observed_utc", "data_utc"), f"2026-08-{day:02}T00:00:00Z")
            insert_row(connection, "_observations", source="celestrak", **seen)
    nodes = fleet_page.figures(view(database, fleet_page.PAGE))
    assert [text for node in nodes for text in values(node, "not_in_orbit")] == ["–"]
    assert fates in words(nodes)
    figures = {each.name: each.value for each in key_figures(database)}
    assert figures["Decayed or unlisted"] == "–"
    rows = fleet_page.rules(view(database, fleet_page.PAGE)).set_index("status")["satellites"]
    assert pd.isna(rows["unlisted"]) == (lists == 1)


@pytest.mark.parametrize(
    ("sql", "unknown"),
    [
        ("SELECT 1", {"unlisted"}),  # the sample has no GP list, and every satellite elements
        (
            "UPDATE starlink SET epoch_utc = NULL, orbit_status = NULL",
            {"unlisted", "operational", "raising", "lowering", "decaying", "stale"},
        ),
    ],
)
def test_a_status_that_nothing_tells_has_no_count(
    sampled: Settings, tmp_path: Path, sql: str, unknown: set[str]
) -> None:
    database = changed(sampled.database, tmp_path, (sql,))
    rows = fleet_page.rules(view(database, fleet_page.PAGE)).set_index("status")["satellites"]
    assert set(rows.index[rows.isna()]) == unknown


def test_a_share_of_reflights_leaves_out_flights_of_which_it_is_unknown(
    sampled: Settings, tmp_path: Path
) -> None:
    unknown = "UPDATE launch_cores SET is_reused = NULL WHERE NOT is_reused"
    database = changed(sampled.database, tmp_path, (unknown,))
    shown = words(boosters_page.figures(view(database, boosters_page.PAGE)))
    assert "100.0\N{NO-BREAK SPACE}% of flights; not known of 113" in shown
    _, bars, *_ = boosters_page.reuse(view(database, boosters_page.PAGE)).layer
    assert bars.data.eval("reused == flights").all()


@pytest.mark.filterwarnings("ignore::spacex.errors.DataWarning")
@pytest.mark.parametrize("now", ["2026-08-22T12:00:00", "2026-12-01T12:00:00"])
def test_a_satellite_is_where_the_python_interface_has_it(database: Path, now: str) -> None:
    """At the present, and at the middle of the epochs of the whole fleet if they are too old."""
    with Clock(now):
        fleet = read_fleet(database)
        at = fleet.display_instant()
        row = int(np.flatnonzero(fleet.is_in_orbit)[0])
        there = open_database(database).satellite(int(fleet.elements.norad_cat_id[row])).now()
        whole = open_database(database).positions()
    instants = [there["instant_utc"], whole["instant_utc"].iloc[0]]  # the clock runs
    assert [each.floor("min") for each in instants] == [pd.Timestamp(at, tz="UTC")] * 2
    found = there[["longitude_deg", "latitude_deg", "height_km"]].astype(float).tolist()
    when = there["instant_utc"].tz_localize(None).to_numpy().astype("datetime64[us]")
    assert found == pytest.approx(place_of(fleet, row, when), abs=1e-6)
