"""The page Satellite in the browser: the link to the globe, and names with markup."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from spacex.dashboard.pages.fleet_model import read_fleet
from tests.dashboard.browser import HOSTILE, await_charts, changed
from tests.dashboard.conftest import Site, Visitor, replace

pytestmark = pytest.mark.browser


def test_a_link_opens_the_globe_with_the_ground_track(guest: Visitor, site: Site) -> None:
    fleet = read_fleet(site.database)
    shown = guest.go_to(f"?page=satellite&satellite={fleet.elements.norad_cat_id[-1]}")
    shown.get_by_role("link", name="On the globe").click()
    expect(shown.locator("h2")).to_have_text("Globe")
    expect(shown.locator("input[data-action=satellite]")).to_have_value(fleet.labels[-1])


def test_unknown_names_find_nothing_and_markup_in_names_is_text(
    database: Path, visitor: Visitor, tmp_path: Path
) -> None:
    number = int(read_fleet(database).elements.norad_cat_id[0])
    update = ("UPDATE starlink SET object_name = ? WHERE norad_cat_id = ?", HOSTILE, number)
    replace(database, changed(database, tmp_path, update))
    shown = visitor.open(f"?page=satellite&satellite={number}")
    expect(shown.locator("h3").first).to_contain_text(HOSTILE)
    shown.fill("[role=combobox]", "%_'; --")
    expect(shown.locator(".finder [role=status]")).to_contain_text("Nothing has this in its name")
    shown.fill("[role=combobox]", "<script")
    expect(shown.locator("[role=option]")).to_have_text(f"{HOSTILE} ({number})")
    await_charts(shown)
    assert shown.title() == f"Satellite, {HOSTILE} · SpaceX Insights"
