"""The page Now: the launches around now, the search of everything, and the globe."""

import re
import shutil
from dataclasses import replace as changed_copy
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from spacex.analysis import cadence
from spacex.analysis.articles.week import NO_DATA, week
from spacex.analysis.articles.words import period
from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.pages.now import now_page
from spacex.dashboard.pages.now.globe_panel import NO_FLEET, GlobePanel
from spacex.dashboard.pages.now.now_data import read_now
from spacex.dashboard.pages.search import (
    BOOSTERS,
    LAUNCHES,
    MATCHES,
    PLACES,
    SATELLITES,
    find,
    hint,
)
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View
from spacex.settings import Settings
from spacex.warehouse.connection import writing
from spacex.warehouse.views import apply_views
from tests.dashboard.conftest import Visitor
from tests.example_rows import insert_row

PLANNED = {
    "name": "Starlink 15-20",
    "date_text": "2026-12-01 10:00",
    "date_utc": "2026-12-01T10:00:00Z",
    "date_precision": "minute",
    "status": "Go",
    "rocket": "Falcon 9",
    "launchpad": None,
}
NUMBER = 200007
"""Of a satellite of the sample."""


def text(node: Any) -> str:
    """Return the text of markup, elements apart by a blank."""
    if isinstance(node, str):
        return node.replace("≥", "at least")
    children = node[2:] if node and isinstance(node[0], str) and len(node) > 1 else node
    return " ".join(filter(None, (text(child).strip() for child in children)))


def shown(settings: Settings, monkeypatch: pytest.MonkeyPatch, **fields: object) -> str:
    """Return the text of the panel of launches with some of its data replaced."""
    now = changed_copy(read_now(settings.database), **fields)
    monkeypatch.setattr(now_page, "read_now", lambda _: now)
    view = View(PublishedDatabase(settings.database), (), {})
    return text(now_page.launches(view)).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("wanted", "kind", "label", "query"),
    [
        ("b1058", "Boosters", "B1058, flights: ", "page=booster&booster=B1058"),
        ("crew-5", "Launches", "Crew-5, 2022-10-05", "page=launch&mission=Crew-5"),
        ("2022-010", "Launches", "Starlink 4-7 (v1.5), ", "page=launch&mission=2022-010"),
        ("sao paulo", "Places", "São Paulo", "page=sky&place=S%C3%A3o+Paulo"),
    ],
)
def test_what_is_sought_is_found_first(
    sampled: Settings, wanted: str, kind: str, label: str, query: str
) -> None:
    found = find(PublishedDatabase(sampled.database), wanted)
    best = found[0]
    assert (best.group, best.value) == (kind, query)
    assert best.label.startswith(label)


@pytest.mark.parametrize("column", ["norad_cat_id", "object_name", "object_id"])
def test_a_satellite_is_found_by_number_name_and_designator(sampled: Settings, column: str) -> None:
    database = PublishedDatabase(sampled.database)
    row = database.query("SELECT * FROM starlink WHERE norad_cat_id = ?", (NUMBER,)).iloc[0]
    first = find(database, f" {str(row[column]).lower()} ")[0]
    assert first.value == f"page=satellite&satellite={NUMBER}"
    assert first.label == f"{row['object_name']} ({NUMBER})"


def test_a_satellite_is_found_by_a_former_number(sampled: Settings, tmp_path: Path) -> None:
    path = tmp_path / "starlink.db"
    shutil.copy(sampled.database, path)
    with writing(path) as connection:
        row = ("celestrak", "2026-11-02T00:00:00Z", 300_007, NUMBER)
        connection.execute("INSERT INTO _renumberings VALUES (?, ?, ?, ?)", row)
        connection.commit()
    (found,) = find(PublishedDatabase(path), "300007")
    assert found.value == f"page=satellite&satellite={NUMBER}"


@pytest.mark.parametrize("kind", [SATELLITES, LAUNCHES, BOOSTERS, PLACES])
def test_the_examples_of_a_search_are_found(sampled: Settings, kind: str) -> None:
    database = PublishedDatabase(sampled.database)
    example, *_ = hint(database, kind).split(", ")
    assert find(database, example, kind)
    assert example in hint(database)


def test_a_search_of_an_empty_database_has_examples_of_places_only(tmp_path: Path) -> None:
    path = tmp_path / "starlink.db"
    with writing(path) as connection:
        apply_views(connection)
    assert hint(PublishedDatabase(path)) == "Berlin"
    assert hint(PublishedDatabase(path), SATELLITES) == "a number, a designator"


@pytest.mark.parametrize("wanted", ["", "  ", "%", "_", "\\", "'; DROP TABLE starlink; --"])
def test_wildcards_and_blanks_find_nothing(sampled: Settings, wanted: str) -> None:
    assert find(PublishedDatabase(sampled.database), wanted) == []


def test_a_common_word_finds_a_few_of_each_kind(sampled: Settings) -> None:
    kinds = pd.Series([each.group for each in find(PublishedDatabase(sampled.database), "1")])
    assert kinds.value_counts().to_dict() == dict.fromkeys(
        ("Satellites", "Launches", "Boosters", "Places"), MATCHES
    )


def test_the_next_launch_is_counted_down_if_its_time_is_known(
    sampled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = {**PLANNED, "name": "Cygnus", "date_text": "NET Dec 2026", "date_precision": "month"}
    said = shown(sampled, monkeypatch, coming=pd.DataFrame([PLANNED, later]))
    assert said.startswith("Next launch Starlink 15-20")
    assert "2026-12-01 10:00 UTC Falcon 9, status: Go Then NET Dec 2026: Cygnus" in said
    view = View(PublishedDatabase(sampled.database), (), {})
    assert "'data-countdown': '2026-12-01T10:00:00Z'" in str(now_page.launches(view))
    said = shown(sampled, monkeypatch, coming=pd.DataFrame([later]))
    assert "NET Dec 2026 Falcon 9" in said
    assert "data-countdown" not in str(now_page.launches(view))


def test_a_launch_on_hold_is_not_counted_down(
    sampled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = pd.DataFrame([{**PLANNED, "status": "Hold"}])
    assert "status: Hold" in shown(sampled, monkeypatch, coming=held)
    view = View(PublishedDatabase(sampled.database), (), {})
    assert "data-countdown" not in str(now_page.launches(view))


def test_three_launches_are_listed_after_the_next_one(tmp_path: Path) -> None:
    path = tmp_path / "starlink.db"
    with writing(path) as connection:
        for number in (5, 4, 3, 2, 1):
            date = {"date_utc": f"2999-01-0{number}T00:00:00Z", "date_precision": "day"}
            planned = {"is_upcoming": 1, "status": "Go", **date}
            insert_row(connection, "launches", launch_id=f"{number}", name=f"L{number}", **planned)
        apply_views(connection)
        connection.commit()
    assert read_now(path).coming["name"].tolist() == ["L1", "L2", "L3", "L4"]


def test_what_is_not_known_is_said(sampled: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    none = pd.DataFrame()
    said = shown(sampled, monkeypatch, coming=none)
    assert said == (
        "Newest launch Transporter-15 Falcon 9, on 28 November 2025: it succeeded. "
        f"The sources cover launches to 28 November 2025. {now_page.NOTHING_PLANNED}"
    )
    said = shown(sampled, monkeypatch, coming=none, flown=none)
    assert said == f"{now_page.NOTHING_FLOWN} {now_page.NOTHING_PLANNED}"


def test_an_unknown_rocket_or_site_is_no_dash(
    sampled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    flown = read_now(sampled.database).flown
    for missing in (None, np.nan):
        bare = {**PLANNED, "rocket": missing, "launchpad": missing}
        fields = {"coming": pd.DataFrame([bare]), "flown": flown.assign(rocket=missing)}
        said = shown(sampled, monkeypatch, **fields)
        assert "2026-12-01 10:00 UTC status: Go" in said
        assert "Transporter-15 Rocket unknown, on 28 November 2025: it succeeded." in said


def test_its_numbers_are_those_of_the_reports(sampled: Settings) -> None:
    path = sampled.database
    said = text(now_page.figures(View(PublishedDatabase(path), (), {}))).replace("\xa0", " ")
    rate = cadence.by_year(path).iloc[-1]
    assert f"Orbital launches, {rate['year']} {rate['launches']} to 28 November 2025" in said
    assert f"Rate, launches a year {rate['per_year']:.0f} 95 % interval" in said
    month = week(path, "2026-07-23", "2026-08-21")
    assert (
        f"Catalogued satellites decayed {month.figures['catalogued satellites decayed']} 23 July to"
        in said
    )


def test_launches_and_the_fleet_have_the_newest_week_that_a_source_covers(
    sampled: Settings,
) -> None:
    path = sampled.database
    launches, fleet = week(path, end="2025-11-27"), week(path)
    said = text(now_page.newest_week(View(PublishedDatabase(path), (), {})))
    assert said == " ".join(
        [
            "The newest week of launches",
            *(*launches.of_launches, "What is not known", *launches.limits_of_launches),
            f"The fleet, {period('2026-08-15', '2026-08-21')}",
            *(*fleet.of_the_fleet, "What is not known", *fleet.limits_of_the_fleet),
        ]
    )
    assert "From 21 to 27 November 2025, " in said.replace("\xa0", " ")


def test_a_week_that_both_cover_is_one(sampled: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    found = week(sampled.database)
    one = changed_copy(read_now(sampled.database), of_launches=found, of_the_fleet=found)
    monkeypatch.setattr(now_page, "read_now", lambda _: one)
    said = text(now_page.newest_week(View(PublishedDatabase(sampled.database), (), {})))
    whole = ["The newest week", *found.headline[1:], "What is not known", *found.limits]
    assert said == " ".join(whole)


@pytest.mark.parametrize(
    ("until_utc", "covered_pct", "launches"),
    [
        ("2026-07-02T00:00:00Z", 49.9, "12"),
        ("2026-07-02T00:00:00Z", 40.0, "at least 12"),
        ("2027-01-01T00:00:00Z", 100.0, "12"),
    ],
)
def test_launches_of_a_year_with_gaps_are_the_fewest(
    until_utc: str, covered_pct: float, launches: str
) -> None:
    """Half of the year is over on 2 July."""
    year = {"year": 2026, "launches": 12, "until_utc": until_utc, "covered_pct": covered_pct}
    rate = {"per_year": 24.0, "low_per_year": 12.4, "high_per_year": 41.9}
    row = pd.DataFrame([{**year, **rate, "is_partial": covered_pct < 100}])
    count, per_year = (text(each) for each in now_page._rate(row))
    assert count.startswith(f"Orbital launches, 2026 {launches} ")
    assert per_year == "Rate, launches a year 24 95\xa0% interval 12 to 42"


def test_an_empty_database_has_nothing_new(tmp_path: Path) -> None:
    path = tmp_path / "starlink.db"
    with writing(path) as connection:
        apply_views(connection)
    view = View(PublishedDatabase(path), (), {})
    assert now_page.NOTHING_FLOWN in text(now_page.launches(view))
    assert text(now_page.newest_week(view)) == f"The newest week {NO_DATA}"
    assert now_page.figures(view) == []
    panel = GlobePanel(State())
    panel.show(view)
    assert text(panel._below.tree) == NO_FLEET


@pytest.mark.browser
def test_a_search_opens_the_page_of_what_it_found(guest: Visitor) -> None:
    page = guest.go_to("?")
    expect(page.locator("h2")).to_have_text("Now")
    page.get_by_role("link", name="Transporter-15").click()
    expect(page).to_have_title("Launch, Transporter-15 · SpaceX Insights")
    page.go_back()
    expect(page.locator("h2")).to_have_text("Now")
    page.fill("input[data-action=find]", "b1058")
    page.get_by_role("option", name=re.compile("^B1058")).click()
    expect(page.locator("h2")).to_have_text("Booster")
    expect(page.locator("h3").nth(0)).to_have_text("B1058")


@pytest.mark.browser
def test_the_globe_plays_pauses_and_turns(guest: Visitor) -> None:
    """It rests at first, because the tests' browser asks for little motion."""
    page = guest.go_to("?page=now")
    canvas, clock = page.locator(".globe .marks"), page.locator(".globe output")
    expect(canvas).to_have_attribute("aria-label", re.compile("satellites? of Starlink"))
    expect(clock).not_to_have_text("")
    started = clock.inner_text()
    page.get_by_role("button", name="Play").click()
    expect(clock).not_to_have_text(started)
    page.get_by_role("button", name="Pause").click()
    stage = page.locator(".globe .stage")
    page.wait_for_timeout(300)
    stopped = stage.screenshot()
    page.wait_for_timeout(300)
    assert stage.screenshot() == stopped
    canvas.press("ArrowRight")
    page.wait_for_timeout(300)
    assert stage.screenshot() != stopped
    expect(page.get_by_role("button", name="Play")).to_be_visible()
