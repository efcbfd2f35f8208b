"""The dashboard in a real browser."""

import os
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from spacex.dashboard.app.health import check
from spacex.dashboard.pages import PAGES
from tests import stages
from tests.dashboard.browser import (
    DESKTOP,
    HOSTILE,
    PHONE,
    assert_accessible,
    assert_text_only,
    await_charts,
    await_width,
    changed,
    figure,
)
from tests.dashboard.conftest import Site, Visitor, replace

pytestmark = pytest.mark.browser

SCREENSHOTS = os.environ.get("SCREENSHOTS")
"""Folder for screenshots of every page."""
ZOOMED = {"width": 700, "height": 450}
"""A desktop window at 200 %."""
LANDSCAPE = {"width": 844, "height": 390}
WINDOWS = {"desktop": DESKTOP, "phone": PHONE}
LOOKS = [("light", "desktop"), ("light", "phone"), ("dark", "phone"), ("dark", "desktop")]
"""One change each, which draws the charts anew."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_draws_in_light_and_dark_on_desktop_and_phone(
    guest: Visitor, page: object
) -> None:
    shown = guest.go_to(f"?page={page.name}")
    expect(shown.locator("h2")).to_have_text(page.title)
    entry = {each.name: each.title for each in PAGES}[page.under or page.name]
    expect(shown.locator("nav a[aria-current]")).to_have_text(entry)
    assert shown.locator(".panel").count() > 0
    for scheme, name in LOOKS:
        shown.emulate_media(color_scheme=scheme)
        shown.set_viewport_size(WINDOWS[name])
        await_charts(shown)
        await_width(shown, WINDOWS[name]["width"])
        if (scheme == "dark") == (name == "phone"):
            assert_accessible(shown)
        if SCREENSHOTS:
            path = f"{SCREENSHOTS}/{page.name}-{scheme}-{name}.png"
            shown.screenshot(path=path, full_page=True)
    assert shown.locator(".panel.failed").count() == 0
    for chart in shown.locator(".chart").all():
        assert chart.get_attribute("role") == "img"
        assert len(chart.get_attribute("aria-label")) > 20


@pytest.mark.parametrize("page", ["now", "fleet"])
def test_the_first_screen_shows_the_page_on_small_windows(guest: Visitor, page: str) -> None:
    shown = guest.go_to(f"?page={page}")
    for window in (PHONE, LANDSCAPE, ZOOMED):
        shown.set_viewport_size(window)
        shown.evaluate("scrollTo(0, 0)")
        heading = shown.locator("h2").bounding_box()
        assert heading["y"] + heading["height"] < 0.6 * window["height"]
        expect(shown.locator(".head details.sources p").first).to_be_hidden()
    shown.set_viewport_size(DESKTOP)
    expect(shown.locator(".head details.sources p").first).to_be_visible()


WIDTH_WITH_LONG_WORDS = """() => {
  const found = [...document.querySelectorAll(".dashboard :is(h1, h2, h3, p, li, summary)")];
  const words = found.filter((each) => !each.closest("nav, .scroll") && !each.children.length);
  const texts = words.map((each) => each.textContent);
  for (const each of words) each.textContent = "N".repeat(300);
  const width = document.documentElement.scrollWidth;
  words.forEach((each, index) => (each.textContent = texts[index]));
  return width;
}"""


@pytest.mark.parametrize("page", ["now", "launch"])
def test_a_name_without_spaces_does_not_widen_a_page(guest: Visitor, page: str) -> None:
    shown = guest.go_to(f"?page={page}")
    shown.set_viewport_size(PHONE)
    await_width(shown, PHONE["width"])
    assert shown.evaluate(WIDTH_WITH_LONG_WORDS) == PHONE["width"]


@pytest.mark.parametrize("page", ["evidence", "fleet", "changes"])
def test_a_zoomed_page_does_not_scroll_sideways(guest: Visitor, page: str) -> None:
    shown = guest.go_to(f"?page={page}")
    shown.set_viewport_size(ZOOMED)
    await_width(shown, ZOOMED["width"])


def test_a_filter_changes_the_figures_to_those_sql_gives(guest: Visitor, site: Site) -> None:
    shown = guest.go_to("?page=launches")
    shown.select_option("select[data-action=rocket]", "Falcon 1")
    sql = "SELECT count(*) FROM v_launches WHERE rocket = 'Falcon 1' AND is_flown"
    expect(figure(shown, "launches")).to_have_text(str(stages.value(site.database, sql)))
    shown.select_option("select[data-action='years.from']", "2009")
    sql += " AND year >= 2009"
    expect(figure(shown, "launches")).to_have_text(str(stages.value(site.database, sql)))
    shown.get_by_role("button", name="Show all").click()
    sql = "SELECT count(*) FROM v_launches WHERE is_flown AND launch_class = 'orbital'"
    expect(figure(shown, "launches")).to_have_text(str(stages.value(site.database, sql)))


def test_a_click_on_a_bar_filters_the_other_charts_and_again_clears(
    guest: Visitor,
) -> None:
    shown = guest.go_to("?page=launches")
    await_charts(shown)
    everything = "584"
    expect(figure(shown, "launches")).to_have_text(everything)
    bars = "path[aria-roledescription=bar][aria-label*=outcome]"  # not the hatched years
    bar = shown.locator(".chart").first.locator(bars).first
    bar.click()
    expect(shown.locator("select[data-action='years.to']")).to_have_value("2006")
    expect(figure(shown, "launches")).to_have_text("1")
    bar.click()
    expect(figure(shown, "launches")).to_have_text(everything)


def test_a_filter_updates_the_drawn_chart_in_place(guest: Visitor) -> None:
    shown = guest.go_to("?page=launches")
    await_charts(shown)
    drawing = shown.locator(".chart svg").nth(2)
    drawing.evaluate("svg => (svg.dataset.same = 'yes')")
    shown.select_option("select[data-action=outcome]", "success")
    expect(figure(shown, "failed")).to_have_text("0")
    expect(drawing).to_have_attribute("data-same", "yes")
    assert shown.locator("[fill^='url(#']").count()  # hatched years, whatever the page's address
    expect(shown.locator("[fill^='url(http']")).to_have_count(0)


def test_the_url_holds_the_state(visitor: Visitor) -> None:
    shown = visitor.open("?rocket=Falcon+Heavy&years=2018-2019&launches_search=arab")
    expect(shown.locator("select[data-action=rocket]")).to_have_value("Falcon Heavy")
    expect(shown.locator("select[data-action='years.from']")).to_have_value("2018")
    expect(shown.locator("input[data-action=search]")).to_have_value("arab")
    expect(shown.locator(".place")).to_contain_text("of 1")

    shown.select_option("select[data-action=rocket]", "Falcon 9")
    shown.get_by_role("link", name="Data", exact=True).click()
    expect(shown.locator("h2")).to_have_text("Data")
    query = parse_qs(urlparse(shown.url).query)
    assert query == {"rocket": ["Falcon 9"], "years": ["2018-2019"], "page": ["data"]}
    expect(shown).to_have_title("Data · SpaceX Insights")
    shown.go_back()
    expect(shown).to_have_title("Launches, 2018-2019, Falcon 9 · SpaceX Insights")
    expect(shown.locator("h2")).to_have_text("Launches")
    expect(shown.locator("select[data-action=rocket]")).to_have_value("Falcon 9")
    shown.go_back()
    expect(shown.locator("select[data-action=rocket]")).to_have_value("Falcon Heavy")
    expect(shown).to_have_title("Launches, 2018-2019, Falcon Heavy · SpaceX Insights")


@pytest.mark.attack("put invalid values into the address", "ignored")
@pytest.mark.parametrize("query", ["?rocket=none&years=9-1-x&launches_row=99999999"])
def test_an_invalid_query_shows_everything(visitor: Visitor, query: str) -> None:
    shown = visitor.open(f"{query}&page=nowhere")
    expect(shown.locator("h2")).to_have_text(PAGES[0].title)
    shown = visitor.open(query)
    expect(figure(shown, "launches")).to_have_text("584")
    said = "Not in the data, so ignored: Years “9-1-x”, Rocket “none”."
    expect(shown.get_by_text(said)).to_be_visible()
    assert "none" not in shown.url
    assert shown.locator(".panel.failed").count() == 0


def test_the_table_is_searched_sorted_and_paged(guest: Visitor, site: Site) -> None:
    shown = guest.go_to("?page=launches")
    shown.fill("input[data-action=search]", "starlink")
    sql = "SELECT count(*) FROM v_launches WHERE name LIKE '%starlink%'"
    expect(shown.locator(".place")).to_contain_text(f"of {stages.value(site.database, sql)}")
    assert shown.evaluate("document.activeElement.type") == "search"
    shown.get_by_role("button", name="Next").click()
    expect(shown.locator(".place")).to_contain_text("16–30")
    shown.get_by_role("button", name="Mission").click()
    sql = "SELECT name FROM v_launches WHERE name LIKE '%starlink%' ORDER BY name LIMIT 1"
    expect(shown.locator("tbody tr").first).to_contain_text(stages.value(site.database, sql))
    shown.fill("input[data-action=search]", "100%_'")
    expect(shown.locator(".place")).to_have_text("No row matches.")


def test_pages_are_reached_by_keyboard(guest: Visitor) -> None:
    shown = guest.go_to("?")
    shown.locator("nav a").first.focus()
    shown.keyboard.press("Tab")
    shown.keyboard.press("Enter")
    expect(shown.locator("h2")).to_have_text(PAGES[1].title)
    shown.locator(".skip").focus()
    expect(shown.locator(".skip")).to_be_in_viewport()
    shown.keyboard.press("Enter")
    expect(shown.locator("h2")).to_be_focused()


LATE = """
const later = setTimeout.bind(window);
window.setTimeout = (call, ms, ...rest) => later(call, ms === 100 ? 3000 : ms, ...rest);
"""
"""Lets a widget that waits for itself, and looks every 100 ms, look after 3 s."""


def test_widgets_that_come_late_are_shown(visitor: Visitor) -> None:
    visitor.page.add_init_script(LATE)
    shown = visitor.open()
    expect(shown.locator("h2").first).to_have_text("Now")


def test_a_new_database_is_shown_within_5_s_and_filters_stay(
    database: Path, visitor: Visitor, tmp_path: Path
) -> None:
    shown = visitor.open("?rocket=Falcon+1")
    expect(figure(shown, "launches")).to_have_text("5")
    newer = changed(database, tmp_path, ("DELETE FROM launches WHERE name = ?", "RatSat"))
    replace(database, newer)
    expect(figure(shown, "launches")).to_have_text("4")
    expect(shown.locator("select[data-action=rocket]")).to_have_value("Falcon 1")


def test_without_a_database_a_notice_says_what_to_do(
    database: Path, visitor: Visitor, tmp_path: Path
) -> None:
    away = database.replace(tmp_path / "away.db")
    shown = visitor.open("?rocket=Falcon+1")
    expect(shown.locator(".notice h2")).to_have_text("There are no data yet")
    expect(shown.locator("pre")).to_have_text("make run")
    replace(database, away)
    expect(figure(shown, "launches")).to_have_text("5")


def test_a_damaged_database_is_reported_and_recovered_from(
    database: Path, visitor: Visitor, tmp_path: Path
) -> None:
    shown = visitor.open("?page=launches")
    (tmp_path / "damaged.db").write_bytes(b"no database" * 1000)
    good = tmp_path / "good.db"
    good.write_bytes(database.read_bytes())
    replace(database, tmp_path / "damaged.db")
    expect(shown.locator(".notice h2")).to_have_text("The data cannot be shown")
    expect(shown.locator("h2")).to_have_count(1)
    replace(database, good)
    expect(figure(shown, "launches")).to_have_text("584")


@pytest.mark.attack(
    "put markup and scripts into names, notes and links of the database",
    "shown as text, on the page and in charts",
)
def test_text_of_the_database_is_shown_as_text(
    database: Path, visitor: Visitor, tmp_path: Path
) -> None:
    newer = changed(
        database,
        tmp_path,
        ("UPDATE launches SET name = ? WHERE name = 'RatSat'", HOSTILE),
        ("UPDATE launches SET name = ? WHERE name = 'FalconSat'", "N" * 10_000),
        ("UPDATE launches SET webcast_url = 'http-javascript://x' WHERE name = ?", "DemoSat"),
        ("UPDATE rockets SET name = ? WHERE name = 'Falcon 1'", HOSTILE),
        ("UPDATE launchpads SET name = ? WHERE name LIKE 'Kwaj%'", "P" * 10_000),
        ("UPDATE _runs SET note = ?1, source = ?1", HOSTILE),
    )
    replace(database, newer)
    shown = visitor.open("?page=launches")
    expect(shown.locator(".caution")).to_have_text(HOSTILE)
    shown.select_option("select[data-action=rocket]", HOSTILE)
    expect(figure(shown, "launches")).to_have_text("5")
    expect(shown.locator("tbody")).to_contain_text(HOSTILE)
    assert_text_only(shown)


def test_a_page_whose_kernel_was_culled_reloads_with_its_state(visitor: Visitor) -> None:
    shown = visitor.open("?rocket=Falcon+1")
    expect(figure(shown, "launches")).to_have_text("5")
    config = "JSON.parse(document.getElementById('jupyter-config-data').textContent)"
    shown.evaluate(f"fetch(`/voila/api/shutdown/${{{config}.kernelId}}`, {{method: 'POST'}})")
    with shown.expect_navigation():
        shown.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(figure(shown, "launches")).to_have_text("5")
    visitor.errors.clear()  # the closed connection was logged


def test_a_page_that_lost_its_cookie_reloads_once(context: BrowserContext, site: Site) -> None:
    lost: list[str] = []

    def lose_cookie(route: Route) -> None:
        other.clear_cookies()
        lost.append(route.request.url)
        route.continue_()

    with context.browser.new_context() as other:
        other.route("**/style.css*", lose_cookie)
        page = other.new_page()
        page.goto(site.url)
        expect(page.locator("#loading")).to_contain_text("needs cookies")
    assert len(lost) == 2


def test_the_page_is_healthy(site: Site) -> None:
    check(site.url)


def test_widgets_that_load_slowly_follow_later_changes(visitor: Visitor) -> None:
    held: list[Route] = []
    page = visitor.page
    page.route("**/chart.js*", lambda route: held.append(route))  # noqa: PLW0108 - no built-in
    page.goto(f"{visitor.site.url}?page=launches", wait_until="commit")
    page.wait_for_selector("#rendered_cells h1")
    page.wait_for_timeout(2_500)  # longer than anywidget waits
    for route in held:
        route.continue_()
    chart = page.locator(".chart").first
    expect(chart).to_have_attribute("data-drawn", "yes")
    before = chart.inner_html()
    visitor.go_to("?page=launches&rocket=Falcon+1")
    for _ in range(50):
        if chart.inner_html() != before:
            break
        page.wait_for_timeout(100)
    assert chart.inner_html() != before
