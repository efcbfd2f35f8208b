"""Every page shows satellites without a designator, and counts them; without an orbit, too."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.app.page_session import FAILED, PageSession
from spacex.dashboard.pages import PAGES
from spacex.dashboard.pages.fleet.fleet_data import launch_counts
from spacex.dashboard.pages.fleet_model import read_launches, read_satellites
from spacex.dashboard.ui.page import Page
from spacex.dashboard.ui.state import State
from spacex.settings import Settings
from tests.dashboard.browser import changed

NO_DESIGNATOR = """UPDATE starlink SET object_id = NULL, launch_designator = NULL,
                   launch_id = NULL, launch_date = NULL WHERE norad_cat_id % ? = 0"""
NO_ORBIT = """UPDATE starlink SET epoch_utc = NULL, orbit_status = NULL, shell = NULL
              WHERE norad_cat_id % ? = 0"""
UPDATES = {
    "some without designator": [(NO_DESIGNATOR, 3)],
    "all without designator": [(NO_DESIGNATOR, 1)],
    "some without orbit": [(NO_DESIGNATOR, 3), (NO_ORBIT, 3)],
    "all without orbit": [(NO_DESIGNATOR, 1), (NO_ORBIT, 1)],
}


@pytest.fixture(params=UPDATES)
def database(sampled: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return changed(sampled.database, tmp_path, *UPDATES[request.param])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_panel_is_shown(database: Path, page: Page) -> None:
    session = PageSession(page, State())
    session.show(PublishedDatabase(database))
    *_, grid = session.widget.children
    assert not [panel for panel in grid.children if FAILED in panel._dom_classes]


def test_all_satellites_are_counted_with_an_orbit_or_without(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        ((expected,),) = connection.execute("SELECT count(*) FROM starlink")
    rows = read_satellites(database)
    assert len(rows) == expected
    counts = launch_counts(rows, read_launches(database))
    assert counts[["in_orbit", "decayed"]].fillna(0).to_numpy().sum() == expected
