"""The static edition has the texts and figures of the live pages; files stay if they can."""

import base64
import gzip
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from spacex.analysis import queries
from spacex.dashboard.app.session import VisitorSession
from spacex.dashboard.pages import PAGES
from spacex.dashboard.static_edition.drawings import plain
from spacex.dashboard.static_edition.edition import as_served, publish
from spacex.dashboard.static_edition.folder import MANIFEST
from spacex.dashboard.static_edition.links import Links
from spacex.dashboard.static_edition.lives import Lives, shard
from spacex.dashboard.static_edition.session_pages import LEFT_OUT, SessionPages
from spacex.dashboard.ui.chart_widget import ChartWidget
from spacex.dashboard.ui.markup import Markup, Node
from spacex.errors import StorageError
from spacex.units import time_stopped, utc_instant
from tests.dashboard.browser import changed
from tests.dashboard.static_edition.conftest import Edition

CONTROLS = frozenset(("form", "button", "input", "select", "label"))
NAMES = [page.name for page in PAGES if page.name not in LEFT_OUT and not page.subject]
IN_ORBIT = "SELECT norad_cat_id FROM v_starlink WHERE catalogue_status = 'in orbit' LIMIT 1"
ELEMENTS_OF_A_PERSON = """
    UPDATE starlink_elements SET source = 'celestrak', creation_utc = '2026-08-22T00:00:00Z'
    WHERE norad_cat_id = ?"""
LOST = ("On the globe", "In the fleet", "Its flights beside those of others", "Its launch: ")
"""Links to filtered pages, and to lives that few editions in tests have."""
CLICKS = re.compile(r" ?(Click a (bar|point|dot|disc)|Choose one by a click)[^.]*\.")


@pytest.fixture(scope="module")
def live(edition: Edition) -> Iterator[VisitorSession]:
    """A visitor of the live dashboard at the instant of the edition."""
    loaded = queries.run(edition.settings.database)["loaded_utc"]
    pages = [page for page in PAGES if page.name not in LEFT_OUT]
    with time_stopped(utc_instant(loaded)), as_served():
        yield VisitorSession(edition.settings.database, pages)


def live_texts(widget: Any) -> Iterator[str]:
    """Yield the texts of the live page that need no kernel."""
    classes = getattr(widget, "_dom_classes", ())
    if isinstance(widget, Markup):
        for node in widget.tree:
            yield from texts(node)
    elif not {"finder", "absent"} & set(classes):
        for each in getattr(widget, "children", ()):
            yield from live_texts(each)


def texts(node: Node) -> Iterator[str]:
    """Yield the texts of markup; of the buttons in a table, their labels."""
    if isinstance(node, str):
        yield node
    elif node[0] == "th" and node[2:] and node[2][0] == "button":
        yield node[2][2][2]
    elif "href" in node[1] and str(node[2]).startswith(LOST):
        return
    elif node[0] not in CONTROLS and not (node[0] == "details" and node[2][2] == "Filters"):
        for child in node[2:]:
            yield from texts(child)


class _Texts(HTMLParser):
    """Collects the texts of the body of a page, and its data."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.drawings: list[dict[str, Any]] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "input", "br"):
            self._open.append((tag, dict(attrs).get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        tag = self._open[-1][0] if self._open else ""
        if tag == "script" and data.startswith("["):
            self.drawings = json.loads(data)
        classes = {each for _, classes in self._open for each in classes.split()}
        if "body" in classes and not {"finder", "without"} & classes:
            self.found.append(data)


def page_of(edition: Edition, name: str) -> _Texts:
    reader = _Texts()
    reader.feed((edition.folder / name).read_text("utf-8"))
    return reader


def joined(parts: Iterator[str] | list[str]) -> str:
    return re.sub(r"\s+", " ", CLICKS.sub("", "|".join(filter(None, parts)))).replace("|", "")


def body_of(session: VisitorSession) -> Any:
    return session.widget.children[3]


def charts(widget: Any) -> Iterator[ChartWidget]:
    if isinstance(widget, ChartWidget):
        yield widget
    elif "absent" not in getattr(widget, "_dom_classes", ()):
        for each in getattr(widget, "children", ()):
            yield from charts(each)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_the_figures_of_the_live_page(
    edition: Edition, live: VisitorSession, name: str
) -> None:
    live.state.read(f"page={name}")
    file = "index.html" if name == "now" else f"{name}.html"
    assert_same(edition, live, page_of(edition, file))


@pytest.mark.parametrize(("page", "choice"), [("launch", "mission"), ("booster", "booster")])
def test_a_life_has_the_figures_of_the_live_page(
    edition: Edition, live: VisitorSession, page: str, choice: str
) -> None:
    lives = Lives.read(edition.settings.database)
    key, file = list((lives.launches if page == "launch" else lives.boosters).items())[-1]
    live.state.read(urlencode({"page": page, choice: key}))
    assert_same(edition, live, page_of(edition, file))


def assert_same(edition: Edition, live: VisitorSession, found: _Texts) -> None:
    assert joined(found.found) == joined(live_texts(body_of(live)))
    drawn = [each for each in found.drawings if each["kind"] == "chart"]
    shown = list(charts(body_of(live)))
    assert [each["alt_text"] for each in drawn] == [each.alt_text for each in shown]
    for has, chart in zip(drawn, shown, strict=True):
        expected = {name: plain(columns) for name, columns in chart.datasets.items()}
        drawn_rows = {
            name: rows_of(edition, rows) if isinstance(rows, str) else rows
            for name, rows in has["datasets"].items()
        }
        assert drawn_rows == json.loads(json.dumps(expected))


def rows_of(edition: Edition, file: str) -> Any:
    """Return a dataset that pages share."""
    return json.loads(content_of(edition.folder / "data" / f"{file}.js"))


def test_a_satellite_has_the_figures_of_the_live_page(
    edition: Edition, live: VisitorSession
) -> None:
    (path,) = (edition.folder / "data" / "satellites").iterdir()
    found = json.loads(content_of(path))
    number, life = list(found["lives"].items())[-1]
    live.state.read(f"page=satellite&satellite={number}")
    panels = live.widget.children[3].children[0].children[-1].children[1:]
    asked = "Next pass over your place"
    expected = [t for each in panels for t in live_texts(each) if asked not in str(each)]
    expected = [each for each in expected if each != asked and not each.startswith("Enter your")]
    assert joined(list(part_texts(life["parts"]))) == joined(expected)


def test_elements_of_a_persons_account_are_left_out(edition: Edition, tmp_path: Path) -> None:
    database = edition.settings.database
    (number,) = queries.query(database, IN_ORBIT)["norad_cat_id"]
    copy = changed(
        database,
        tmp_path,
        ("UPDATE starlink SET source = 'celestrak' WHERE norad_cat_id = ?", int(number)),
        (ELEMENTS_OF_A_PERSON, int(number)),
    )
    pages = SessionPages(copy, Links({}), lambda _: {})
    (life,) = shard(pages, copy, [number])["lives"].values()
    told = joined(list(part_texts(life["parts"])))
    assert "Left out: element sets from Space-Track" in told
    assert "Mean motion" not in told


def part_texts(parts: list[dict[str, Any]]) -> Iterator[str]:
    for part in parts:
        for node in part.get("n", ()):
            yield from texts(node)
        yield from part_texts(part.get("p", []))


def content_of(path: Path) -> bytes:
    name, content = json.loads(f"[{path.read_text().strip().removeprefix('edition.put(')[:-1]}]")
    assert path.as_posix().endswith(f"data/{name}.js")
    return gzip.decompress(base64.b64decode(content))


def test_an_edition_of_the_same_data_is_not_written_again(edition: Edition) -> None:
    def versions() -> dict[Path, int]:
        return {
            each: each.stat().st_mtime_ns for each in edition.folder.rglob("*") if each.is_file()
        }

    foreign = edition.folder / "mine.txt"
    foreign.write_text("mine")
    before = versions()
    again = edition.publish()
    assert (again.written_count, again.removed_count) == (0, 0)
    assert versions() == before
    foreign.unlink()


def test_after_a_kill_the_next_edition_is_whole(edition: Edition) -> None:
    listed = json.loads((edition.folder / MANIFEST).read_text())
    there = {
        each.relative_to(edition.folder).as_posix()
        for each in edition.folder.rglob("*")
        if each.is_file()
    }
    assert there == {*listed["files"], MANIFEST}
    assert edition.found.removed_count == 0


def test_each_page_leads_to_the_others(edition: Edition) -> None:
    for path in edition.folder.rglob("*.html"):
        (navigation,) = re.findall(r"<nav.*?</nav>", path.read_text("utf-8"), re.DOTALL)
        assert navigation.count("<a href=") == len(NAMES), path


def test_each_page_says_of_which_run_it_is(edition: Edition) -> None:
    run = queries.run(edition.settings.database)
    for path in edition.folder.rglob("*.html"):
        text = path.read_text("utf-8")
        assert f"from run {run['run_id']}." in text
        assert "Edition of " in text


@pytest.mark.attack(
    "have names in the data act as markup in the static edition", "shown as text, in every page"
)
def test_names_are_text(edition: Edition) -> None:
    for path in edition.folder.rglob("*.html"):
        text = path.read_text("utf-8")
        assert "<script>document" not in text
        assert "<img src=x" not in text


def test_a_folder_of_someone_else_is_refused(edition: Edition, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"")
    with pytest.raises(StorageError, match="has files, but no edition"):
        publish(edition.settings, tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["photo.jpg"]
