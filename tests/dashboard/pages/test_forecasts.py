"""The page How good were we: the forecasts are those of the analysis."""

import shutil

import pandas as pd
import pytest
from playwright.sync_api import expect

from spacex.analysis import launch_forecast, reentry_record
from spacex.analysis.error_laws import error_table
from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.pages.forecasts import forecasts_page as page
from spacex.dashboard.ui.view import View
from spacex.settings import Settings
from spacex.warehouse.connection import writing
from tests.dashboard.browser import await_charts
from tests.dashboard.conftest import Visitor
from tests.example_rows import insert_row


@pytest.fixture
def view(sampled: Settings) -> View:
    return View(PublishedDatabase(sampled.database), (), {})


def test_the_forecast_and_its_record_are_told(view):
    found = launch_forecast.launch_forecasts(view.database.path)
    said = str(page.launches(view))
    assert "From November 2025 to October 2026: 156 to 288 orbital launches" in said
    assert f"Of {found['happened'].count()} earlier forecasts, {found['is_covered'].sum()}" in said


def test_without_two_covered_years_the_page_says_so(view, monkeypatch):
    nothing = launch_forecast.launch_forecasts(view.database.path)[:0]
    monkeypatch.setattr(page, "read_forecasts", lambda _: nothing)
    assert launch_forecast.NOTHING in str(page.launches(view))
    assert page.no_launch_record(view) == ""


def test_a_first_forecast_has_no_record(view):
    found = launch_forecast.launch_forecasts(view.database.path)[:1].assign(happened=pd.NA)
    score = launch_forecast.score(found)
    assert launch_forecast.track_record(score) == "No forecast of launches is over yet."


def test_errors_of_positions_are_those_of_the_laws(view):
    shown = page.position_errors(view)
    assert list(shown["group"]) == [law.group for law in error_table().law]
    quiet = shown[shown["group"] == "V2 mini at 510 to 600 km"].iloc[0]
    assert quiet["1 day"].replace("\N{NO-BREAK SPACE}", " ") == "± 4.5 km (1.5 to 11)"


def test_a_database_without_forecasts_of_re_entries_has_what_was_measured(view):
    said = str(page.reentries(view))
    assert reentry_record.NOTHING in said
    assert reentry_record.MEASURED in said
    assert page.reentry_spans(view).empty
    assert page.coming_reentries(view).empty


def test_stored_forecasts_are_counted_and_those_to_come_are_listed(three_days, tmp_path):
    path = tmp_path / "starlink.db"
    shutil.copy(three_days, path)
    with writing(path) as connection:
        sql = "SELECT norad_cat_id, object_name, last_listed_utc FROM starlink WHERE is_listed"
        number, satellite, listed = connection.execute(f"{sql} LIMIT 1").fetchone()
        instants = {"value": "2026-11-12", "low": "2026-11-09", "high": "2026-11-18"}
        insert_row(
            connection,
            "forecasts",
            made_utc=listed,
            subject=str(number),
            kind="re-entry",
            **{name: f"{day}T12:00:00Z" for name, day in instants.items()},
        )
    stored = View(PublishedDatabase(path), (), {})
    assert "1 forecast of 1 satellite count" in str(page.reentries(stored))
    (row,) = page.coming_reentries(stored).to_dict("records")
    shown = " ".join(str(each.cell(row)) for each in page.COMING)
    assert all(each in shown for each in (satellite, *instants.values(), "2026-11-03"))
    (span,) = page.reentry_spans(stored).to_dict("records")
    cells = [str(each.cell(span)) for each in page.SPANS]
    assert cells[0] == "7 to 14 days"
    assert cells[1:5] == ["1", "0", "0", "1"]
    assert cells[5:] == ["unknown", "unknown", "2026-11-03 to 2026-11-03"]


@pytest.mark.browser
def test_a_visitor_sees_the_record(guest: Visitor):
    shown = guest.go_to("?page=forecasts")
    await_charts(shown)
    expect(shown.get_by_role("heading", name="Launches in twelve months")).to_be_visible()
    expect(shown.get_by_text("are expected")).to_be_visible()
