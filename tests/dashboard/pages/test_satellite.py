"""The page Satellite: search by name and NORAD id, and figures of the database."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from spacex.dashboard.pages.fleet_model import read_fleet
from tests.dashboard.browser import HOSTILE, await_charts, changed
from tests.dashboard.conftest import Site, Visitor, replace

pytestmark = pytest.mark.browser


def test_a_satellite_is_found_by_name_and_by_number(guest: Visitor, site: Site) -> None:
    fleet = read_fleet(site.database)
    by_name, by_number = fleet.catalogue.iloc[10], fleet.catalogue.iloc[20]
    shown = guest.go_to("?page=satellite")
    for row, field in ((by_name, "object_name"), (by_number, "norad_cat_id")):
        shown.fill("input[data-action=find]", str(row[field]))
        shown.locator(".suggestions button").first.click()
        expect(shown.locator("h3").first).to_contain_text(str(row["norad_cat_id"]))
        expect(shown.locator("[data-figure=status]")).to_have_text(row["status"])
        expect(shown).to_have_url(re.compile(f"satellite={row['norad_cat_id']}"))


def test_a_link_opens_the_map_with_the_ground_track(guest: Visitor, site: Site) -> None:
    fleet = read_fleet(site.database)
    shown = guest.go_to(f"?page=satellite&satellite={fleet.elements.norad_cat_id[-1]}")
    shown.get_by_role("link", name="Show it on the map").click()
    expect(shown.locator("h2")).to_have_text("Map")
    expect(shown.locator("input[data-action=satellite]")).to_have_value(fleet.labels[-1])


def test_unknown_names_find_nothing_and_markup_in_names_is_text(
    database: Path, visitor: Visitor, tmp_path: Path
) -> None:
    number = int(read_fleet(database).elements.norad_cat_id[0])
    update = ("UPDATE starlink SET object_name = ? WHERE norad_cat_id = ?", HOSTILE, number)
    replace(database, changed(database, tmp_path, update))
    shown = visitor.open(f"?page=satellite&satellite={number}")
    expect(shown.locator("h3").first).to_contain_text(HOSTILE)
    shown.fill("input[data-action=find]", "%_'; --")
    expect(shown.locator(".panel [role=status]").first).to_contain_text("No satellite")
    await_charts(shown)
    assert shown.title() == "Satellite · SpaceX Insights"
