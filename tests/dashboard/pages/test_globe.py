"""The page Globe and the globe of the page Now: keyframes, groups, and what the visitor does."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ipywidgets import Widget
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.app.session import VisitorSession
from spacex.dashboard.pages import PAGES, fleet_model
from spacex.dashboard.pages.earth_layers import track_lines
from spacex.dashboard.pages.fleet_filters import LAUNCH
from spacex.dashboard.pages.fleet_globe import NO_FLEET, provenance
from spacex.dashboard.pages.fleet_groups import FIELDS, OTHERS, TOO_OLD, Groups, find_groups
from spacex.dashboard.pages.fleet_model import Fleet, read_fleet
from spacex.dashboard.pages.fleet_motion import STEP_S, motion, place_of
from spacex.dashboard.pages.globe import globe_page
from spacex.dashboard.pages.globe.globe_panel import GlobePanel
from spacex.dashboard.pages.now.globe_panel import GlobePanel as NowPanel
from spacex.dashboard.ui import globe_widget
from spacex.dashboard.ui.first_view import first_view
from spacex.dashboard.ui.globe_widget import (
    HIDDEN,
    MOST_GROUPS,
    UNIT_KM,
    GlobeWidget,
    Keyframe,
    keyframe_points,
)
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View
from spacex.orbits.earth import earth_fixed_km
from spacex.orbits.propagation import propagate
from spacex.settings import Settings
from tests.dashboard.browser import (
    LARGEST_BYTES,
    PHONE,
    assert_accessible,
    await_value,
    await_width,
    changed,
)
from tests.dashboard.conftest import Site, Visitor
from tests.dashboard.conftest import replace as replace_database

LARGEST_ERROR_KM = 1.0
"""Largest difference of the globe's points from SGP4."""
FULL_FLEET = 10_800
PAINTERS = Path(globe_widget.__file__).parent / "static" / "globe_painters.js"
LAND, SEA = (
    re.search(rf'const {name} = "(#\w+)"', PAINTERS.read_text()).group(1)
    for name in ("LAND", "SEA")
)
"""The colours of the ground by day, which are brighter than those by night."""
NO_WEBGL = """
const getContext = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind === "webgl2" ? null : getContext.call(this, kind, ...rest);
};"""
COUNT_WEBGL = """
window.painted = 0;
const getContext = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  window.painted += kind === "webgl2";
  return getContext.call(this, kind, ...rest);
};"""


@pytest.fixture
def fleet(sampled: Settings) -> Fleet:
    found = read_fleet(sampled.database)
    assert found is not None
    return found


def number_of(at: np.datetime64) -> int:
    """Return the number of the keyframe before an instant."""
    return int(at.astype("datetime64[s]").astype(np.int64)) // STEP_S


def instant_of(number: float) -> np.datetime64:
    return np.datetime64(round(1000 * STEP_S * number), "ms").astype("datetime64[us]")


def numbers_in(points: bytes) -> NDArray[np.float64]:
    """Return the positions, and the velocities times the step, in km; shape (n, 2, 3)."""
    return np.frombuffer(points, "<i2").reshape(-1, 2, 3) * UNIT_KM


def opened(sampled: Settings, query: str) -> tuple[VisitorSession, GlobePanel]:
    """Return the session of a visitor on the page Globe, and its first panel."""
    session = VisitorSession(sampled.database, PAGES)
    session.state.read(query)
    return session, session._page_sessions["globe"]._panels[0]


def groups_of(fleet: Fleet, field: str, at: np.datetime64) -> Groups:
    return find_groups(fleet, motion(fleet).rows, field, fleet.is_in_orbit, at)


def test_what_was_not_launched_yet_is_not_shown(fleet: Fleet) -> None:
    launched = fleet.catalogue["launched"].iloc[motion(fleet).rows].str[:10].to_numpy(str)
    dates = np.sort(launched[np.char.count(launched, "-") == 2])
    middle = np.datetime64(dates[len(dates) // 2])
    shown = groups_of(fleet, "status", middle).codes != HIDDEN
    assert shown.sum() == (launched <= str(middle)).sum()
    assert 0 < shown.sum() < len(shown)


def test_a_launch_is_selected_by_its_designator(sampled: Settings) -> None:
    database = PublishedDatabase(sampled.database)
    options = LAUNCH.options(database)
    label = next(each for each in options if each.startswith("2022-010 "))
    assert LAUNCH.validate("2022-010", options) == LAUNCH.validate(label, options) == label
    assert LAUNCH.knows("2022-010", options)
    assert not LAUNCH.knows("2022-0", options)


@pytest.mark.parametrize("days", [-3, 0, 1, 3])
def test_curves_between_keyframes_keep_to_sgp4(fleet: Fleet, days: float) -> None:
    """Of all satellites in orbit, as rounded for the browser, wherever the time can be moved."""
    number = number_of(fleet.display_instant()) + round(days * 86_400 / STEP_S)
    first, last = (numbers_in(motion(fleet).keyframe(each).points) for each in (number, number + 1))
    satellites = fleet.elements.select(motion(fleet).rows)
    for u in (0.25, 0.5, 0.75):
        at = instant_of(number + u)
        expected = earth_fixed_km(propagate(satellites, at).position_km, np.atleast_1d(at))[:, 0]
        curve = (1 + 2 * u) * (1 - u) ** 2 * first[:, 0] + u * (1 - u) ** 2 * first[:, 1]
        curve = curve + u * u * (3 - 2 * u) * last[:, 0] + u * u * (u - 1) * last[:, 1]
        is_near = np.linalg.norm(expected, axis=1) < 8_000  # those that SGP4 lets decay are not
        assert is_near.mean() > 0.99
        assert np.linalg.norm(curve - expected, axis=1)[is_near].max() < LARGEST_ERROR_KM


def test_keyframes_are_small_and_shared(fleet: Fleet) -> None:
    number = number_of(fleet.display_instant())
    found = motion(fleet).keyframe(number)
    assert len(found.points) == 12 * fleet.is_in_orbit.sum()
    assert 12 * FULL_FLEET < LARGEST_BYTES / 5
    assert motion(fleet).keyframe(number) is found
    assert np.linalg.norm(found.sun) == pytest.approx(1)
    for wrong in (10**9, -(10**9), number_of(np.datetime64("2101"))):
        assert motion(fleet).keyframe(wrong) is None


def test_satellites_without_a_position_are_counted(fleet: Fleet) -> None:
    at = fleet.display_instant() + np.timedelta64(3, "D")
    points = numbers_in(motion(fleet).keyframe(number_of(at)).points)
    height = np.linalg.norm(points[:, 0], axis=1)
    assert motion(fleet).without_position(at) == np.count_nonzero(height == 0)
    assert height[height > 0].min() > 6_400
    assert motion(fleet).without_position(np.datetime64("2200-01-01T00:00")) == len(points)


def test_a_satellite_over_the_equator_has_a_position(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One coordinate is zero there; all are, where SGP4 gives none."""
    shown = motion(fleet)
    points = np.ones((len(shown.rows), 6), "<i2")
    points[0], points[1] = 0, (5, 5, 0, 5, 5, 5)
    keyframe = Keyframe(points.tobytes(), (1.0, 0.0, 0.0))
    monkeypatch.setattr(shown, "keyframe", lambda _: keyframe)
    assert shown.without_position(fleet.display_instant()) == 1


def test_a_keyframe_leaves_out_what_has_no_position() -> None:
    position = np.array([[6900.0, 0, -0.1], [np.nan] * 3, [42164.0, 0, 0]])
    velocity = np.array([[0, 7.6, 0.0], [np.nan] * 3, [0, 3.07, 0]])
    sent = numbers_in(keyframe_points(position, velocity, 300))
    assert sent[0].tolist() == [[6900, 0, 0], [0, 2280, 0]]
    assert not sent[1:].any()


@pytest.mark.parametrize("field", FIELDS)
def test_every_satellite_is_in_a_group_that_is_seen(fleet: Fleet, field: str) -> None:
    found = groups_of(fleet, field, fleet.display_instant())
    assert 0 < len(found.legend) <= MOST_GROUPS
    assert (found.codes < len(found.legend)).all()
    for code, group in enumerate(found.legend):
        if group["count"] is not None:
            assert np.count_nonzero(found.codes == code) == group["count"] > 0
        for ground in (LAND, SEA):
            assert contrast(group["colour"], ground) >= 3, group


def test_the_newest_launches_have_colours_of_their_own(fleet: Fleet) -> None:
    names = [each["name"] for each in groups_of(fleet, "launch", fleet.display_instant()).legend]
    newest = fleet.catalogue[fleet.is_in_orbit].sort_values("launched")["launch_label"].iloc[-1]
    assert newest in names
    assert names[-1] == OTHERS


def test_old_elements_are_grey_and_counted(sampled: Settings, fleet: Fleet) -> None:
    later = fleet.display_instant() + np.timedelta64(30, "D")
    found = groups_of(fleet, "shell", later)
    assert [each["name"] for each in found.legend] == [TOO_OLD]
    assert found.too_old == fleet.is_in_orbit.sum()
    _, panel = opened(sampled, "page=globe&at=2027-01-01T00:00")
    assert "more than 7 days" in str(panel._below.tree)
    assert f"They are grey here: {found.too_old:,}." in str(panel._below.tree)
    _, panel = opened(sampled, "page=globe&at=x&minutes=x&satellite=none&colour=?&shape=?&turn=nan")
    assert "more than 7 days" not in str(panel._below.tree)


@pytest.mark.parametrize("page", ["now", "globe"])
def test_the_globe_goes_with_the_elements_and_comes_back(
    sampled: Settings, tmp_path: Path, page: str
) -> None:
    bare = changed(
        sampled.database,
        tmp_path,
        ("DELETE FROM starlink",),
        ("DELETE FROM starlink_elements",),
        ("DELETE FROM _observations",),
    )
    path = tmp_path / "starlink.db"
    replace_database(path, sampled.database)
    session = VisitorSession(path, PAGES)
    session.url.query = f"page={page}"
    assert len(globes(session)) == 1
    replace_database(path, bare)
    session.watch.check()
    assert globes(session) == []
    assert NO_FLEET in first_view(session.widget, "")
    replace_database(path, sampled.database)
    session.watch.check()
    assert len(globes(session)) == 1
    assert NO_FLEET not in first_view(session.widget, "")


def globes(session: VisitorSession) -> list[GlobeWidget]:
    """Return the globes on the page of a session."""

    def within(widget: Widget) -> Iterator[Widget]:
        yield widget
        for child in getattr(widget, "children", ()):
            yield from within(child)

    return [each for each in within(session.widget) if isinstance(each, GlobeWidget)]


def test_filters_hide_what_they_do_not_select(sampled: Settings, fleet: Fleet) -> None:
    _, panel = opened(sampled, "page=globe&status=raising")
    is_raising = fleet.catalogue["status"] == "raising"
    widget = panel._globe.widget
    groups = np.frombuffer(widget.groups, np.uint8)
    assert np.count_nonzero(groups != HIDDEN) == is_raising.sum() > 0
    assert f"{is_raising.sum()} raising" in widget.alt_text
    assert len(widget.land) < LARGEST_BYTES / 20


def test_it_names_the_source_and_age_of_the_elements(sampled: Settings, fleet: Fleet) -> None:
    _, panel = opened(sampled, "page=globe")
    newest = str(fleet.in_orbit.epoch_utc.max())[:16].replace("T", " ")
    assert "Bundled sample" in str(panel._below.tree)
    assert f"the newest of {newest} UTC" in str(panel._below.tree)


def test_the_expected_error_of_true_elements_is_told(
    sampled: Settings, fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elements of the sample have none."""
    at, number = fleet.display_instant(), fleet.elements.norad_cat_id[motion(fleet).rows[0]]
    groups = groups_of(fleet, "status", at)
    assert "Expected error" not in str(provenance(fleet, groups, at))
    true = replace(fleet, catalogue=fleet.catalogue.assign(source="celestrak"))
    said = str(provenance(true, groups_of(true, "status", at), at))
    assert re.search(r"elements of CelesTrak.* Expected error, median: ±\\xa0\d", said)
    monkeypatch.setattr(globe_page, "read_fleet", lambda _: true)
    view = View(PublishedDatabase(sampled.database), (), {"satellite": str(number)})
    said = str(globe_page.chosen(view))
    assert "Expected error: ±" in said
    status = true.catalogue["status"].iloc[motion(fleet).rows[0]]
    assert f"'{status.capitalize()}: {fleet_model.STATUS_RULES[status]}'" in said


def test_now_is_the_present_while_the_elements_are_new(
    sampled: Settings, fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, panel = opened(sampled, "page=globe")
    assert not panel._globe.widget.is_live
    newest = fleet.in_orbit.epoch_utc.max()
    monkeypatch.setattr(fleet_model, "utc_now", lambda: newest)
    _, panel = opened(sampled, "page=globe")
    assert (panel._globe.widget.is_live, panel._globe.widget.at_ms) == (True, 0)


@pytest.mark.parametrize(
    ("query", "off"),
    [
        ("page=globe", 0),
        ("page=globe&off=operational", 1),
        ("page=globe&off=operational|raising&at=2022-01-01T00:00", 2),
        ("page=globe&colour=light&off=in+sunlight", 1),
        ("page=globe&colour=age&off=5+years+and+more&status=operational", 1),
    ],
)
def test_table_legend_and_text_count_the_same_satellites(
    sampled: Settings, query: str, off: int
) -> None:
    """Those launched at the instant, whose group is not switched off."""
    session, panel = opened(sampled, query)
    widget = panel._globe.widget
    assert len(widget.off) == off
    total = int(re.search(r"with ([\d,]+) sat", widget.alt_text).group(1).replace(",", ""))
    filters = globe_page.PAGE.filters
    view = View(PublishedDatabase(sampled.database), filters, session.state.values())
    assert globe_page.by_shell(view)["satellites"].sum() == total > 0
    if "light" not in query:
        on = [each["count"] for each in widget.legend if each["name"] not in widget.off]
        assert sum(on) == total


def test_sunlight_is_counted_in_the_text(sampled: Settings) -> None:
    _, panel = opened(sampled, "page=globe&colour=light")
    lit, dark = re.findall(r"([\d,]+) in (?:sunlight|the shadow)", panel._globe.widget.alt_text)
    total = re.search(r"with ([\d,]+) sat", panel._globe.widget.alt_text).group(1)
    count = [int(each.replace(",", "")) for each in (lit, dark, total)]
    assert count[0] + count[1] == count[2]
    assert 0.5 < count[0] / count[2] < 0.8


def test_links_to_the_former_map_open_the_globe(sampled: Settings, fleet: Fleet) -> None:
    number = fleet.elements.norad_cat_id[motion(fleet).rows[0]]
    query = f"page=map&at=2026-08-22T10:00&minutes=12.5&turn=30&satellite={number}"
    session, panel = opened(sampled, query)
    widget = panel._globe.widget
    assert session.state["page"] == "globe"
    assert np.datetime64(round(widget.at_ms), "ms") == np.datetime64("2026-08-22T10:12:30", "ms")
    assert (widget.turn, widget.marked, widget.is_flat) == (30, 0, False)


def test_the_address_follows_the_globe(sampled: Settings) -> None:
    session, panel = opened(sampled, "page=globe&minutes=5")
    at = np.datetime64("2026-08-22T10:07", "m")
    state = {"at_ms": float(at.astype("datetime64[ms]").astype(int)), "turn": 12, "zoom": 2.5}
    panel._globe.widget.set_state({**state, "off": ["raising", "stale"]})
    assert session.state.values() == {
        "page": "globe",
        "at": "2026-08-22T10:07",
        "off": "raising|stale",
        "turn": "12",
        "zoom": "2.5",
    }
    session.state.read("page=globe")
    widget = panel._globe.widget
    assert (widget.at_ms, widget.turn, widget.zoom, widget.off) == (0, 0, 1, [])


def test_the_chosen_satellite_is_faced_and_followed(sampled: Settings, fleet: Fleet) -> None:
    row = int(np.flatnonzero(fleet.catalogue["status"] == "operational")[0])
    _, panel = opened(sampled, f"page=globe&satellite={fleet.elements.norad_cat_id[row]}")
    widget = panel._globe.widget
    at = fleet.display_instant()
    longitude, latitude, _ = place_of(fleet, row, at)
    assert (widget.turn, widget.tilt) == pytest.approx((longitude, latitude), abs=0.5)
    track = np.frombuffer(widget.track, "<f4").reshape(-1, 2)
    assert track[0] == pytest.approx((longitude, latitude), abs=0.01)
    lines = track_lines(fleet, row, at)
    assert np.isnan(track).any(axis=1).sum() == len(lines)
    assert widget.circle_deg == pytest.approx(8.6, abs=0.6)  # 940 km seen above 25° from 550 km
    later = widget.track_ms[0] + 3_600_000
    widget._receive(widget, {"follow_ms": later}, None)
    assert widget.track_ms[0] == later
    for wrong in (float("nan"), 1e30, "1", None):
        widget._receive(widget, {"follow_ms": wrong}, None)
    assert widget.track_ms[0] in (later, 0)


def test_the_kernel_answers_what_makes_sense_only(
    sampled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, panel = opened(sampled, "page=globe")
    widget, sent = panel._globe.widget, []
    monkeypatch.setattr(widget, "send", lambda content, _buffers=None: sent.append(content))
    for wrong in (10**9, float("nan"), "1", True, None):
        widget._receive(widget, {"needed": wrong}, None)
    for wrong in (-1, 10**9, "0", None, True):
        widget._receive(widget, {"clicked": wrong}, None)
        widget._receive(widget, {"hovered": wrong}, None)
    assert (sent, session.state.query()) == ([], "page=globe")
    number = number_of(np.datetime64("2026-08-22T10:00"))
    widget._receive(widget, {"needed": number}, None)
    widget._receive(widget, {"hovered": 0}, None)
    assert [next(iter(each)) for each in sent] == ["keyframe", "described"]
    widget._receive(widget, {"clicked": 0}, None)
    assert re.fullmatch(r"page=globe&satellite=\d+", session.state.query())
    widget._receive(widget, {"clicked": 0}, None)
    assert session.state.query() == "page=globe"


def test_a_click_on_the_globe_of_now_opens_the_satellite(sampled: Settings) -> None:
    state = State()
    panel = NowPanel(state)
    panel.show(View(PublishedDatabase(sampled.database), (), {}))
    widget = panel._globe.widget
    widget._receive(widget, {"clicked": 0}, None)
    assert re.fullmatch(r"page=satellite&satellite=\d+", state.query())


def contrast(colour: str, ground: str) -> float:
    """Return the contrast of two colours, after WCAG 2."""

    def luminance(code: str) -> float:
        parts = [int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))

    low, high = sorted((luminance(colour), luminance(ground)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.browser
def test_the_browser_moves_points_as_sgp4_does(guest: Visitor, site: Site) -> None:
    """The curve of its own script, half a step after a keyframe."""
    page = guest.go_to("?page=globe")
    fleet = read_fleet(site.database)
    number = number_of(fleet.display_instant())
    frames = [
        np.frombuffer(motion(fleet).keyframe(each).points, "<i2").tolist()
        for each in (number, number + 1)
    ]
    folder = page.evaluate("document.body.dataset.baseUrl").replace("voila/", "dashboard/static/")
    found = page.evaluate(
        """async ([url, first, last]) => {
            const { placeOf } = await import(url);
            const curves = { first, last, share: 0.5 };
            return Array.from({ length: first.length / 6 }, (_, index) => placeOf(curves, index));
        }""",
        [f"{folder}globe.js", *frames],
    )
    at = instant_of(number + 0.5)
    satellites = fleet.elements.select(motion(fleet).rows)
    expected = earth_fixed_km(propagate(satellites, at).position_km, np.atleast_1d(at))[:, 0]
    error_km = np.linalg.norm(np.array(found) * UNIT_KM - expected, axis=1)
    assert error_km.max() < LARGEST_ERROR_KM


@pytest.mark.browser
def test_the_globe_is_turned_and_zoomed_by_keys_buttons_and_drags(guest: Visitor) -> None:
    page = guest.go_to("?page=globe")
    globe = shown(page)
    before = picture(page)
    marks(page).press("ArrowRight")
    before = another_picture(page, before)
    expect(page).to_have_url(re.compile(r"turn=10\b"))
    marks(page).press("+")
    before = another_picture(page, before)
    globe.get_by_role("button", name="Zoom in").click()
    before = another_picture(page, before)
    expect(page).to_have_url(re.compile(r"zoom=1\.88"))
    box = marks(page).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y, steps=4)
    page.mouse.up()
    before = another_picture(page, before)
    page.mouse.wheel(0, -200)
    another_picture(page, before)
    expect(page).to_have_url(re.compile(r"zoom=2\.8"))


@pytest.mark.browser
def test_back_undoes_choices_but_not_how_the_globe_is_turned(guest: Visitor) -> None:
    page = guest.go_to("?page=globe")
    page.select_option("select[data-action=colour]", "shell")
    expect(page).to_have_url(re.compile("colour=shell"))
    page.wait_for_timeout(1_100)  # choices in quick succession are one
    for turned in (10, 20):
        marks(page).press("ArrowRight")
        expect(page).to_have_url(re.compile(rf"turn={turned}\b"))
    page.go_back()
    expect(page).not_to_have_url(re.compile("colour=shell"))


@pytest.mark.browser
def test_the_time_is_scrubbed_played_and_reset(guest: Visitor) -> None:
    """It rests at first, because the tests' browser asks for little motion."""
    page = guest.go_to("?page=globe")
    globe = shown(page)
    clock, before = globe.locator("output"), picture(page)
    home = clock.inner_text()
    globe.get_by_role("slider", name="Time").press("Home")
    expect(clock).not_to_have_text(home)
    expect(page).to_have_url(re.compile("at=2026-"))
    before = another_picture(page, before)
    globe.get_by_role("combobox", name="Speed").select_option("300")
    moved = clock.inner_text()
    globe.get_by_role("button", name="Play").click()
    expect(clock).not_to_have_text(moved)
    globe.get_by_role("button", name="Pause").click()
    another_picture(page, before)
    globe.get_by_role("button", name="Newest data").click()
    expect(clock).to_have_text(home)
    expect(page).not_to_have_url(re.compile("at="))


@pytest.mark.browser
def test_a_satellite_is_named_under_the_pointer_and_chosen_by_a_click(
    guest: Visitor, site: Site
) -> None:
    fleet = read_fleet(site.database)
    number = fleet.elements.norad_cat_id[motion(fleet).rows[0]]
    page = guest.go_to(f"?page=globe&satellite={number}&zoom=4")
    expect(page.locator(".panel:has-text('Its whole life')")).to_have_count(1)
    globe, before = shown(page), picture(page)
    marks(page).hover()
    expect(globe.locator(".tip")).to_contain_text(re.compile(r"\(\d+\): \w+, .+, launched 20"))
    label = globe.locator(".tip").inner_text().partition(":")[0]
    page.locator("summary", has_text="Filters").click()
    page.get_by_role("button", name="Show all").click()
    expect(page.locator("input[data-action=satellite]")).to_have_value("")
    before = another_picture(page, before)
    marks(page).click()
    expect(page.locator("input[data-action=satellite]")).to_have_value(label)
    expect(page.locator("h3").filter(has_text=label)).to_be_visible()
    another_picture(page, before)


@pytest.mark.browser
def test_groups_are_coloured_and_switched(guest: Visitor) -> None:
    page = guest.go_to("?page=globe")
    globe, before = shown(page), picture(page)
    page.select_option("select[data-action=colour]", "shell")
    switch = globe.locator(".legend button").first
    expect(switch).to_contain_text(re.compile(r"° \d+ km: \d"))
    before = another_picture(page, before)
    name = switch.get_attribute("data-name")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "false")
    expect(page).to_have_url(re.compile("off="))
    expect(marks(page)).not_to_have_attribute("aria-label", re.compile(re.escape(name)))
    another_picture(page, before)
    page.select_option("select[data-action=colour]", "light")
    expect(globe.locator(".legend button")).to_have_text(
        ["in sunlight", "in the shadow of the Earth"]
    )
    expect(page).not_to_have_url(re.compile("off="))


@pytest.mark.browser
def test_the_flat_map_is_an_alternative(guest: Visitor) -> None:
    page = guest.go_to("?page=globe")
    before = picture(page)
    page.select_option("select[data-action=shape]", "flat")
    expect(page.locator(".globe.flat")).to_have_count(1)
    another_picture(page, before)
    page.set_viewport_size(PHONE)
    await_width(page, PHONE["width"])


@pytest.mark.browser
def test_a_graphics_processor_that_fails_leaves_the_flat_map(visitor: Visitor) -> None:
    page = visitor.open("?page=globe")
    picture(page)
    page.locator(".globe .stage canvas").first.evaluate(
        "each => each.getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()"
    )
    expect(page.locator(".globe.flat .note")).to_contain_text("so the map is flat")
    picture(page)


@pytest.mark.browser
def test_a_page_without_a_globe_prepares_none(visitor: Visitor) -> None:
    visitor.page.add_init_script(COUNT_WEBGL)
    page = visitor.open("?page=evidence")
    assert page.evaluate("window.painted") == 0
    shown(visitor.go_to("?page=globe"))
    assert page.evaluate("window.painted") > 0


@pytest.mark.browser
def test_without_webgl_the_map_is_flat(visitor: Visitor) -> None:
    visitor.page.add_init_script(NO_WEBGL)
    page = visitor.open("?page=globe")
    expect(page.locator(".globe.flat .note")).to_contain_text("so the map is flat")
    before = picture(page)
    shown(page).get_by_role("button", name="Play").click()
    another_picture(page, before)
    shown(page).get_by_role("button", name="Pause").click()
    assert_accessible(page)


def shown(page: Page) -> Locator:
    """Return the globe once its points are drawn."""
    await_value(page, "Number(document.querySelector('.globe')?.dataset.frames) > 0")
    return page.locator(".globe")


def marks(page: Page) -> Locator:
    """Return the canvas that takes keys and the pointer."""
    return page.locator(".globe .marks")


def picture(page: Page) -> bytes:
    """Return the picture of the globe, once it rests."""
    stage, before = shown(page).locator(".stage"), b""
    for _ in range(50):
        now = stage.screenshot()
        if now == before:
            break
        before = now
        page.wait_for_timeout(150)
    return before


def another_picture(page: Page, before: bytes) -> bytes:
    """Wait until the globe looks otherwise; return its picture."""
    stage = page.locator(".globe .stage")
    for _ in range(100):
        if stage.screenshot() != before:
            return picture(page)
        page.wait_for_timeout(100)
    raise AssertionError("The globe looks as before.")
