"""Ap by day is behind the charts of climb, altitude and re-entries on every page with them."""

import shutil
from pathlib import Path

import pytest

from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.pages.changes import changes_page
from spacex.dashboard.pages.fleet import fleet_page
from spacex.dashboard.pages.launch import launch_page
from spacex.dashboard.pages.satellite import satellite_page
from spacex.dashboard.ui.panels import ChartPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View
from spacex.warehouse.connection import writing
from tests.example_rows import insert_row

AP = {"2026-11-01": 5, "2026-11-02": 17, "2026-11-03": 271, "2026-11-04": 30}
CHARTS = {
    "How its satellites climbed": launch_page.PAGE,
    "Altitude beside its launch": satellite_page.PAGE,
    "Altitudes of the latest": changes_page.PAGE,
    "Re-entries by month": fleet_page.PAGE,
}
DECAY = """
    UPDATE starlink SET is_decayed = 1, decay_date = '2026-11-03', decay_precision = 'day',
                        decay_date_source = 'satcat'
    WHERE norad_cat_id = (SELECT max(norad_cat_id) FROM starlink)"""
CHOSEN = {"mission": "2026-001", "satellite": "100000", "since": changes_page.PREVIOUS}


@pytest.fixture
def stormy(three_days: Path, tmp_path: Path) -> Path:
    """Three GP lists, and the weather of their days."""
    path = tmp_path / "starlink.db"
    shutil.copy(three_days, path)
    with writing(path) as connection:
        for date, ap in AP.items():
            insert_row(connection, "space_weather", utc_date=date, kind="observed", ap=ap)
        connection.execute(DECAY)
    return path


def described(database: Path, title: str) -> str:
    """Return the text alternative of a chart of a page."""
    page = CHARTS[title]
    values = {each.name: "" for each in page.filters} | CHOSEN
    view = View(PublishedDatabase(database), page.filters, values)
    panels = [each for each in page.panels(State()) if isinstance(each, ChartPanel)]
    (panel,) = (each for each in panels if title in str(each.widget.children[0].tree))
    panel.show(view)
    return panel.chart.alt_text


@pytest.mark.parametrize("title", CHARTS)
def test_the_page_has_the_bars_where_weather_is_known(
    stormy: Path, three_days: Path, title: str
) -> None:
    assert "Bars at the foot" not in described(three_days, title)
    told = "Bars at the foot: the geomagnetic index Ap by day, at most 271 on 2026-11-03."
    assert told in described(stormy, title)
