"""The page Passes: its passes are those of `find_passes`; invalid input gives a message."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.pages.fleet_filters import INSTANT, SATELLITE, SHELL, STATUS
from spacex.dashboard.pages.fleet_model import read_fleet
from spacex.dashboard.pages.passes.passes_data import MAX_LISTED, SATELLITE_HOURS, find_passes_for
from spacex.dashboard.pages.passes.passes_page import controls
from spacex.dashboard.ui.view import View
from spacex.orbits.passes import find_passes
from spacex.orbits.place import Place
from spacex.settings import Settings
from tests.dashboard.browser import await_charts
from tests.dashboard.conftest import Site, Visitor

AT = "2026-08-22T10:00"


def view(settings: Settings, **values: str) -> View:
    """Return the page's view with these values."""
    filters = (SHELL, STATUS, SATELLITE, INSTANT)
    return View(PublishedDatabase(settings.database), filters, {"at": AT, **values})


def test_passes_are_those_of_find_passes(sampled: Settings) -> None:
    fleet, start = read_fleet(sampled.database), np.datetime64(AT, "us")
    result = find_passes_for(view(sampled, lat="40.71", lon="-74,01", above="30", hours="1"))
    place, end = Place(40.71, -74.01), start + np.timedelta64(1, "h")
    expected = find_passes(fleet.in_orbit, place, start, end, 30.0).frame()
    assert result.total == len(expected) > 0
    shown = result.passes[expected.columns]
    assert shown.equals(expected.head(MAX_LISTED))


def test_the_search_of_a_whole_fleet_is_limited_with_a_note(sampled: Settings) -> None:
    result = find_passes_for(view(sampled, hours="72", above="80"))
    assert result.hours == pytest.approx(SATELLITE_HOURS / result.satellites)
    assert "limited to" in result.notes[0]


@pytest.mark.parametrize(
    "values", [{"lat": "91"}, {"lon": "east"}, {"above": "-1"}, {"hours": "nan"}, {"hours": "1e9"}]
)
def test_an_invalid_number_gives_a_message(sampled: Settings, values: dict[str, str]) -> None:
    result = find_passes_for(view(sampled, **values))
    assert result.passes.empty
    assert "enter a number from" in result.notes[0]


@pytest.mark.parametrize(("only", "kind"), [("visible", "visible pass"), ("", "pass")])
def test_the_form_shows_which_passes_are_searched(sampled: Settings, only: str, kind: str) -> None:
    form, *_, summary = controls(view(sampled, only=only, hours="0.2"))
    choice = form[-1][-1][-1]
    assert [each["value"] for _, each, *_ in choice[2:] if "selected" in each] == [only]
    assert re.match(rf"\d+ {kind}(es)? of ", summary[-1])


def test_nothing_is_said_of_a_place_that_is_invalid(sampled: Settings) -> None:
    *_, summary = controls(view(sampled, lat="91"))
    assert summary[-1] == ""


@pytest.mark.browser
def test_a_city_is_selected_and_an_invalid_place_rejected(visitor: Visitor, site: Site) -> None:
    number = read_fleet(site.database).elements.norad_cat_id[-1]
    shown = visitor.open(f"?page=passes&satellite={number}&hours=24")
    shown.select_option("select[data-action=city]", "Tokyo")
    expect(shown.locator("input[data-action=lat]")).to_have_value("35.68")
    expect(shown.locator("[data-figure=found]")).to_contain_text("of 1 satellite ")
    await_charts(shown)
    shown.fill("input[data-action=lat]", "ninety")
    shown.keyboard.press("Enter")
    expect(shown.locator(".warning")).to_contain_text("Latitude")
    assert shown.locator(".panel.failed").count() == 0
