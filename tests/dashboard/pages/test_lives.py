"""The pages of one launch, booster and satellite: the reports' figures, links and the search."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlparse

import pandas as pd
import pytest
from playwright.sync_api import expect

from spacex.analysis import error_laws
from spacex.analysis.articles.booster import booster
from spacex.analysis.articles.launch import launch
from spacex.analysis.articles.satellite import satellite
from spacex.analysis.verdict import SIMULATED
from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.app.page_session import FAILED, PageSession
from spacex.dashboard.app.session import VisitorSession
from spacex.dashboard.pages import PAGES
from spacex.dashboard.pages.booster import booster_page
from spacex.dashboard.pages.launch import launch_page
from spacex.dashboard.pages.satellite import satellite_data, satellite_page
from spacex.dashboard.pages.satellite.satellite_data import NEAREST, neighbours, next_passes
from spacex.dashboard.pages.search import BOOSTERS, LAUNCHES, SATELLITES, find
from spacex.dashboard.ui.markup import Node
from spacex.dashboard.ui.page import Page
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View
from spacex.orbits.cities import CITIES
from spacex.settings import Settings
from spacex.sources import SPACEXDATA
from spacex.warehouse.connection import writing
from spacex.warehouse.views import apply_views
from tests.dashboard.browser import PHONE, assert_accessible, await_charts
from tests.dashboard.conftest import Site, Visitor
from tests.dashboard.pages.test_now import text
from tests.example_rows import insert_row

MANY, CREW, SERIAL, NUMBER = "2020-001", "Crew-5", "B1058", "200521"
"""A launch with lost satellites, one without any, a booster, and a satellite in a shell."""
FAR_EAST = "2026-08-22T03:40"


def view(database: Path, **values: str) -> View:
    return View(PublishedDatabase(database), (), values)


@pytest.mark.parametrize(
    ("draw", "report", "choice", "key"),
    [
        (launch_page.launch_summary, launch, "mission", MANY),
        (launch_page.launch_summary, launch, "mission", CREW),
        (launch_page.launch_summary, launch, "mission", ""),
        (booster_page.booster_summary, booster, "booster", SERIAL),
        (satellite_page.satellite_summary, satellite, "satellite", NUMBER),
    ],
)
def test_a_page_has_the_sentences_figures_and_limits_of_the_report(
    sampled: Settings,
    draw: Callable[[View], list[Node]],
    report: Callable[[Path, str], launch_page.report.Launch],
    choice: str,
    key: str,
) -> None:
    found = report(sampled.database, key)
    said = text(draw(view(sampled.database, **{choice: key})))
    told = [each for each in found.headline if each != SIMULATED]
    assert [each for each in (*told, *found.limits) if each not in said] == []
    for name, value in found.figures.items():
        unit, what = re.fullmatch(r"(?:(km|kg|°), )?(.*)", name).groups()
        number = "–" if value is None else f"{value:,}".removesuffix(".0")
        assert f"{what[0].upper()}{what[1:]} {number}" in said
        assert unit is None or value is None or unit in said


def test_each_life_links_to_the_others(sampled: Settings) -> None:
    one = view(sampled.database, mission=MANY, booster="B1049", satellite="200025")
    assert "?page=booster&booster=B1049" in str(launch_page.cargo(one))
    member = launch_page.MEMBERS[0].cell({"satellite": "x", "number": "200025"})
    assert "?page=satellite&satellite=200025" in str(member)
    assert f"?page=launch&mission={MANY}" in str(satellite_page.satellite_summary(one))
    globes = [  # of one that decayed, and of one in orbit
        "page=globe"
        in str(satellite_page.satellite_summary(view(sampled.database, satellite=each)))
        for each in ("200001", NUMBER)
    ]
    assert globes == [False, True]
    flights = booster_page.flights(one).to_dict("records")
    cells = [str(booster_page.COLUMNS[1].cell(row)) for row in flights]
    assert any(f"?page=launch&mission={MANY}" in each for each in cells)


@pytest.mark.parametrize("kind", [SATELLITES, LAUNCHES, BOOSTERS])
def test_what_the_search_offers_opens_a_page_that_knows_it(sampled: Settings, kind: str) -> None:
    pages = {page.name: page for page in PAGES}
    for option in find(PublishedDatabase(sampled.database), "1", kind):
        query = {name: value for name, (value,) in parse_qs(option.value).items()}
        subject = pages[query.pop("page")].subject
        assert subject.find(sampled.database, query[subject.name]) == query[subject.name]


def test_an_unknown_subject_is_told_and_dropped(sampled: Settings) -> None:
    session = VisitorSession(sampled.database, PAGES)
    session.state.read("page=booster&booster=B9999")
    said = text(session._body.children[0].children[1].tree)
    assert said.startswith("Ignored: Booster “B9999”. There is no booster 'B9999'")
    assert session.url.query == "page=booster"
    session.state.read("page=booster&booster=b1058")
    assert session.url.query == "page=booster&booster=B1058"
    assert session.url.title == "Booster, B1058 · SpaceX Insights"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (launch_page.PAGE, "No launch is known"),
        (booster_page.PAGE, "No booster is known"),
        (satellite_page.PAGE, "No satellite is known"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_without_data_a_page_says_that_nothing_is_known(
    tmp_path: Path, page: Page, said: str
) -> None:
    path = tmp_path / "starlink.db"
    with writing(path) as connection:
        apply_views(connection)
        insert_row(connection, "_runs", is_simulated=0)
        connection.commit()
    session = PageSession(page, State())
    session.show(PublishedDatabase(path))
    panels = session.widget.children[2].children
    assert [panel._dom_classes for panel in panels if FAILED in panel._dom_classes] == []
    assert said in text(panels[1].children[0].tree)
    assert session.title == page.title


@pytest.mark.parametrize(
    ("altitude_km", "epoch", "said"),
    [
        (
            552.4,
            "2026-08-21",
            "On 21 August 2026 it was 2 km above the median of its launch, of 19",
        ),
        (551.0, "2026-08-21", "it was 1 km above the median"),
        (550.9, "2026-08-21", "it was at the median"),
        (549.1, "2026-08-21", "it was at the median"),
        (540.0, "2026-08-21", "it was 10 km below the median"),
        (540.0, "2026-08-24", "it was 10 km below the median"),
        (540.0, "2026-08-25", "The newest GP list of its launch is of 22 August 2026."),
        (None, "", "No GP list has its launch, so there is nothing to compare it with."),
    ],
)
def test_a_satellite_is_compared_to_the_newest_list_of_its_launch(
    monkeypatch: pytest.MonkeyPatch, altitude_km: float | None, epoch: str, said: str
) -> None:
    rows = [(f"{epoch}T00:00:00Z", 300.0), (f"{epoch}T00:00:00Z", altitude_km)]
    elements = pd.DataFrame(rows, columns=["epoch_utc", "mean_altitude_km"])
    lists = [("2026-08-14T00:00:00Z", 500.0, 20), ("2026-08-22T00:00:00Z", 550.0, 19)]
    columns = ["observed_utc", "median_altitude_km", "satellite_count"]
    life = SimpleNamespace(elements=elements if epoch else elements[:0])
    monkeypatch.setattr(satellite_data, "selected", lambda _: life)
    monkeypatch.setattr(
        satellite_data, "read_mates", lambda _: pd.DataFrame(lists, columns=columns)
    )
    found = satellite_data.beside_mates(view(Path("any.db"))).replace("\xa0", " ")
    assert said in found


def test_neighbours_are_the_nearest_of_the_plane_on_both_sides(sampled: Settings) -> None:
    found = neighbours(view(sampled.database, satellite=NUMBER))
    ahead = found.rows["ahead_deg"]
    assert len(found.rows) == 2 * NEAREST + 1
    assert ahead.is_monotonic_decreasing
    assert found.rows.loc[ahead == 0, "number"].tolist() == [NUMBER]
    period_s = 60 * satellite(sampled.database, NUMBER).record["period_min"]
    assert (ahead / 360 * period_s - found.rows["ahead_s"]).abs().max() <= 0.5


def test_the_next_pass_is_given_in_the_time_of_the_place(sampled: Settings) -> None:
    """It is after midnight there, and before it in UTC."""
    one = view(sampled.database, satellite=NUMBER, place="Sydney", at=FAR_EAST)
    first = next_passes(one, CITIES["Sydney"]).iloc[0]
    local = first["culmination_utc"].tz_convert("Australia/Sydney")
    said = text(satellite_page.passes(one)).replace("\xa0", " ")
    assert f"on {local:%-d %B %Y} at {local:%H:%M} (Australia/Sydney)" in said
    beside = str(satellite_page.plane(one))
    links = re.findall(r"'\?page=satellite&satellite=\d+&place=Sydney'", beside)
    assert len(links) == len(neighbours(one).rows) - 1
    nowhere = view(sampled.database, satellite=NUMBER, place="Nowhereville")
    assert "Nowhereville" in text(satellite_page.passes(nowhere))


def test_position_and_pass_have_their_expected_error(
    sampled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of simulated orbits is unknown; taken for true ones, they have that of their group."""
    one = view(sampled.database, satellite=NUMBER, place="Sydney", at=FAR_EAST)
    for said in (text(satellite_page.passes(one)), satellite_page.where(one)):
        assert ", expected error unknown." in said
    monkeypatch.setattr(error_laws, "SAMPLE", SPACEXDATA)
    for said in (text(satellite_page.passes(one)), satellite_page.where(one)):
        assert re.search(r", expected error ± [\d.]+ km, ± [\d.]+ s\.", said.replace("\xa0", " "))


def test_tracks_and_passes_beyond_use_are_refused(
    sampled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = view(sampled.database, satellite=NUMBER, place="Sydney", at=FAR_EAST)
    monkeypatch.setattr(error_laws, "SAMPLE", SPACEXDATA)
    where = satellite_page.where(one).replace("\xa0", " ")
    assert re.search(r"Expected error of its track, at most: ± [\d.]+ km, ± [\d.]+ s\.", where)
    assert len(satellite_page.ground_track(one)["track"]) == 1
    monkeypatch.setattr(error_laws, "USE_LIMIT_KM", 0.01)
    assert "Its track is not drawn, because it is beyond use" in satellite_page.where(one)
    assert satellite_page.ground_track(one)["track"].empty
    assert "Its next pass is not told: it is beyond use" in text(satellite_page.passes(one))


@pytest.mark.browser
def test_a_life_is_found_with_the_keyboard(guest: Visitor) -> None:
    page = guest.go_to("?page=booster")
    expect(page.locator("h2")).to_have_text("Booster")
    box, options = page.locator("[role=combobox]"), page.locator("[role=option]")
    box.focus()
    page.keyboard.type("b105")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = options.nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", second.get_attribute("id"))
    serial = second.inner_text().split(",")[0]
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    page.keyboard.press("ArrowUp")  # the last one
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_title(f"Booster, {serial} · SpaceX Insights")
    expect(box).to_have_value("")
    expect(box).to_be_focused()


@pytest.mark.browser
def test_enter_waits_for_what_was_typed(guest: Visitor) -> None:
    page = guest.go_to("?page=launch")
    expect(page.locator("h2")).to_have_text("Launch")
    page.locator("[role=combobox]").focus()
    page.keyboard.type("crew-5")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Launch, Crew-5 · SpaceX Insights")


@pytest.mark.browser
def test_one_walks_from_launch_to_satellite_to_booster(guest: Visitor, site: Site) -> None:
    page = guest.go_to(f"?page=launch&mission={MANY}")
    member = launch(site.database, MANY).members.iloc[1]
    page.get_by_role("link", name=member["satellite"]).click()
    expect(page).to_have_title(f"Satellite, {member['satellite']} · SpaceX Insights")
    page.get_by_role("link", name=re.compile("^Its launch")).click()
    expect(page).to_have_title("Launch, Starlink-2 · SpaceX Insights")
    page.get_by_role("link", name="B1049").click()
    expect(page).to_have_title("Booster, B1049 · SpaceX Insights")
    expect(page.locator("nav a[aria-current]")).to_have_text("Boosters")
    page.go_back()
    expect(page).to_have_title("Launch, Starlink-2 · SpaceX Insights")
    assert parse_qs(urlparse(page.url).query)["mission"] == [MANY]
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("launches&launches_search=crew-5", "Launch, Crew-5"),
        ("boosters&boosters_search=b1058", "Booster, B1058"),
        ("fleet", "Satellite, "),
    ],
)
def test_the_lists_lead_to_lives(guest: Visitor, query: str, title: str) -> None:
    page = guest.go_to(f"?page={query}")
    expect(page.locator("h2")).to_have_text(query.split("&", maxsplit=1)[0].title())
    page.locator(".panel").last.locator("tbody a[data-action=open]").first.click()
    expect(page).to_have_title(re.compile(f"^{title}.*· SpaceX Insights"))


@pytest.mark.browser
def test_a_phones_first_screen_tells_of_the_launch(guest: Visitor) -> None:
    page = guest.go_to(f"?page=launch&mission={MANY}")
    expect(page.locator("h2")).to_have_text("Launch")
    await_charts(page)
    page.set_viewport_size(PHONE)
    page.evaluate("scrollTo(0, 0)")
    said = page.locator(".sentences p").last
    expect(said).to_be_in_viewport()
    assert_accessible(page)
