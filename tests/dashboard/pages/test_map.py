"""The page Map: positions of the satellites, and their animation."""

import json
import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from spacex.dashboard.app.session import VisitorSession
from spacex.dashboard.pages import PAGES
from spacex.dashboard.pages.fleet_model import Fleet, read_fleet
from spacex.dashboard.pages.map.map_panel import MapPanel
from spacex.orbits.earth import earth_fixed_km, geodetic
from spacex.orbits.propagation import propagate
from spacex.settings import Settings
from tests.dashboard.browser import LARGEST_BYTES, await_value
from tests.dashboard.conftest import Site, Visitor


def map_panel(session: VisitorSession) -> MapPanel:
    """The map of a visitor who is on its page."""
    return session._page_sessions["map"]._panels[0]


def drawn(session: VisitorSession) -> dict[str, np.ndarray]:
    """The columns of numbers of the satellites, as sent."""
    chart = map_panel(session).chart
    sent = {**chart.datasets["satellites"], **chart.updates["satellites"]}
    return {
        name: np.frombuffer(data, "<f8") for name, data in sent.items() if isinstance(data, bytes)
    }


def expected(fleet: Fleet, number: int, at: np.datetime64) -> tuple[float, float]:
    """Return latitude and longitude of a satellite by direct propagation."""
    one = fleet.elements.select(fleet.elements.norad_cat_id == number)
    where = geodetic(earth_fixed_km(propagate(one, at).position_km[:, 0], np.atleast_1d(at)))
    return float(where.latitude_deg[0]), float(where.longitude_deg[0])


def test_positions_match_sgp4(sampled: Settings) -> None:
    session, fleet = VisitorSession(sampled.database, PAGES), read_fleet(sampled.database)
    session.state.read("page=map&at=2026-08-22T10:00&minutes=12.5")
    found = drawn(session)
    assert len(found["norad_cat_id"]) == np.count_nonzero(fleet.is_in_orbit)
    at = np.datetime64("2026-08-22T10:12:30", "us")
    for row in (0, 700, -1):
        latitude, longitude = expected(fleet, int(found["norad_cat_id"][row]), at)
        assert found["latitude_deg"][row] == pytest.approx(latitude, abs=0.006)
        assert found["longitude_deg"][row] == pytest.approx(longitude, abs=0.006)


def test_filters_apply_and_the_chart_stays_small(sampled: Settings) -> None:
    session, fleet = VisitorSession(sampled.database, PAGES), read_fleet(sampled.database)
    session.state.read("page=map&status=raising")
    is_raising = fleet.catalogue["status"] == "raising"
    assert len(drawn(session)["norad_cat_id"]) == is_raising.sum() > 0
    assert f"{is_raising.sum()} raising" in map_panel(session).chart.alt_text
    spec = len(json.dumps(map_panel(session).chart.spec))
    assert spec < LARGEST_BYTES / 5


def test_old_elements_are_warned_of(sampled: Settings) -> None:
    session = VisitorSession(sampled.database, PAGES)
    session.state.read("page=map&at=2027-01-01T00:00")
    assert "more than 7 days" in str(map_panel(session)._below.tree)
    session.state.read("page=map&at=nonsense&minutes=x&satellite=none&colour=?&shape=?&turn=nan")
    assert "more than 7 days" not in str(map_panel(session)._below.tree)


@pytest.mark.browser
def test_the_slider_moves_the_satellites_and_is_in_the_url(guest: Visitor) -> None:
    shown = guest.go_to("?page=map")
    before = picture(shown)
    shown.locator("input[data-action=minutes]").focus()
    shown.keyboard.press("End")
    expect(shown.locator("input[data-action=minutes]")).to_have_value("90")
    expect(shown).to_have_url(re.compile("minutes=90"))
    await_another_picture(shown, before)


@pytest.mark.browser
def test_play_animates_the_satellites_until_paused(guest: Visitor) -> None:
    shown = guest.go_to("?page=map&shape=globe")
    before, at = picture(shown), clock(shown)
    shown.get_by_role("button", name="Play").click()
    await_value(shown, f"document.querySelector('[data-figure=at]').textContent > {at!r}")
    shown.get_by_role("button", name="Pause").click()
    expect(shown.get_by_role("button", name="Play")).to_be_visible()
    await_another_picture(shown, before)
    expect(shown).to_have_url(re.compile(r"minutes=[\d.]+"))


@pytest.mark.browser
def test_the_selected_satellite_is_named(guest: Visitor, site: Site) -> None:
    shown = guest.go_to("?page=map")
    label = read_fleet(site.database).labels[-1]
    number = label.rpartition("(")[2].removesuffix(")")
    shown.locator("input[data-action=satellite]").fill(number)
    shown.keyboard.press("Enter")
    expect(shown.locator(".panel").first).to_contain_text("next revolution of")
    expect(shown).to_have_url(re.compile(f"satellite={number}"))


def picture(page: Page) -> str:
    """Return the picture on the canvas once it is drawn."""
    page.wait_for_selector(".chart[data-drawn=yes] canvas")
    return page.evaluate("document.querySelector('.chart canvas').toDataURL()")


def await_another_picture(page: Page, before: str) -> None:
    """Wait until the canvas shows another picture."""
    await_value(page, f"document.querySelector('.chart canvas').toDataURL() !== {before!r}")


def clock(page: Page) -> str:
    """Return the instant shown."""
    return page.locator("[data-figure=at]").inner_text()
