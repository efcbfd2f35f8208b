"""The pages of an edition work from a folder, in a browser without a network."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect

from tests.dashboard.browser import PHONE, await_charts, await_width
from tests.dashboard.static_edition.conftest import Edition

DATA = re.compile(r'<script type="application/json".*?</script>', re.DOTALL)
ADDRESS = re.compile(r'(?:href|src)="([^"]+)"')


@pytest.fixture
def tab(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test on errors and on requests to other places than the folder."""
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(message.text)

    with context.new_page() as page:
        page.on("console", note)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("requestfailed", lambda request: problems.extend(_failure(request)))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith(("file:", "data:", "blob:"))
                else problems.append(request.url)
            ),
        )
        yield page
    assert problems == []


def pages(edition: Edition) -> list[Path]:
    return sorted(
        path
        for path in edition.folder.rglob("*.html")
        if not {"docs", "reports"} & set(path.relative_to(edition.folder).parts[:-1])
    )


def test_every_link_of_every_page_leads_to_a_file_or_a_heading(edition: Edition) -> None:
    shown = {path: path.read_text("utf-8") for path in edition.folder.rglob("*.html")}
    names = {path: set(re.findall(r'\bid="([^"]+)"', text)) for path, text in shown.items()}
    lost = []
    for path, text in shown.items():
        for address in ADDRESS.findall(DATA.sub("", text)):
            if address.startswith(("https://", "http://", "data:")):
                continue
            name, _, fragment = address.partition("#")
            target = (path.parent / name).resolve() if name else path
            is_there = target.is_file()
            is_life = target.name == "satellite.html"
            if not is_there or (fragment and not is_life and fragment not in names[target]):
                lost.append((path.relative_to(edition.folder).as_posix(), address))
    assert lost == []


def test_every_page_opens_from_a_folder(edition: Edition, tab: Page) -> None:
    for path in pages(edition):
        tab.goto(path.as_uri())
        await_charts(tab)
        assert tab.locator(".panel").count()
        assert tab.get_by_text("cannot be drawn").count() == 0
        assert tab.title() != "stolen"
    tab.set_viewport_size(PHONE)
    for name in ("index", "launches", "satellite", "docs/index"):
        tab.goto((edition.folder / f"{name}.html").as_uri())
        await_charts(tab)
        await_width(tab, PHONE["width"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(edition: Edition, tab: Page, scheme: str) -> None:
    tab.emulate_media(color_scheme=scheme)
    tab.goto((edition.folder / "launches.html").as_uri())
    await_charts(tab)
    without = {"exclude": [[".chart svg"]]}
    found = Axe().run(tab, context=without, options={"preload": False})  # it loads no files then
    assert [each["id"] for each in found.response["violations"]] == []


def test_the_search_finds_a_satellite_and_opens_its_life(edition: Edition, tab: Page) -> None:
    shards = json.loads((edition.folder / "edition.json").read_text())["files"]
    first = next(each for each in shards if each.startswith("data/satellites/"))
    number = Path(first).stem
    tab.goto((edition.folder / "index.html").as_uri())
    tab.get_by_role("combobox").first.fill(number)
    expect(tab.locator("[role=option]")).to_have_count(1)
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(re.compile(rf"satellite\.html#{number}$"))
    expect(tab.locator(".sentences").first).to_contain_text(number)
    await_charts(tab)


def test_a_long_table_is_turned_sorted_and_searched(edition: Edition, tab: Page) -> None:
    tab.goto((edition.folder / "launches.html").as_uri())
    panel = tab.locator(".panel", has_text="Selected launches")
    place, rows = panel.locator(".place"), panel.locator("tbody tr")
    expect(place).to_have_text(re.compile(r"^1–15 of \d+$"))
    first = rows.first.inner_text()
    panel.get_by_role("button", name="Next").click()
    expect(place).to_have_text(re.compile(r"^16–30 of"))
    panel.get_by_role("button", name="Previous").click()
    assert rows.first.inner_text() == first
    panel.get_by_role("button", name="Payload").click()
    expect(panel.locator("th[aria-sort=descending]")).to_have_count(1)
    panel.get_by_label("Search").fill("falcon heavy")
    expect(rows.filter(has_not_text="Falcon Heavy")).to_have_count(0)
    expect(rows.filter(has_text="Falcon Heavy").first).to_be_visible()
    panel.get_by_label("Search").fill("no such launch")
    expect(place).to_have_text("No row matches.")


def test_the_globe_moves_from_files(edition: Edition, tab: Page) -> None:
    tab.goto((edition.folder / "globe.html").as_uri())
    globe = tab.locator(".globe")
    expect(globe).to_have_attribute("data-shown-ms", re.compile(r"\d"))
    before = globe.get_attribute("data-shown-ms")
    tab.get_by_label("Time").press("ArrowRight")
    expect(globe).not_to_have_attribute("data-shown-ms", before or "")


def _failure(request: Request) -> list[str]:
    """Return the address of a failed request; the next page may have stopped it."""
    return [] if request.failure == "net::ERR_ABORTED" else [request.url]
