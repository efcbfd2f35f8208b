"""A visitor's session, without a browser."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import altair as alt
import jsonschema
import pandas as pd
import pytest
from ipywidgets import Widget

from spacex.dashboard.app.database_watch import DatabaseWatch
from spacex.dashboard.app.page_session import FAILED
from spacex.dashboard.app.session import VisitorSession
from spacex.dashboard.pages import PAGES
from spacex.dashboard.ui.chart_widget import ChartWidget
from spacex.dashboard.ui.filters import Choice
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.page import Page
from spacex.dashboard.ui.panels import MarkupPanel
from spacex.dashboard.ui.view import View
from spacex.settings import Settings
from tests.dashboard.browser import LARGEST_BYTES

VEGA_LITE = jsonschema.Draft7Validator(alt.load_schema())


def count(view: View) -> list[Node]:
    found = view.query("SELECT count(*) AS launches FROM v_launches WHERE {filters}")
    return [tag("p", str(found["launches"].item()))]


def broken(_view: View) -> list[Node]:
    raise ZeroDivisionError


PLAIN = Page(
    name="plain",
    title="Plain",
    lead="A page for tests.",
    filters=(Choice("rocket", "Rocket", "rocket", "v_launches"),),
    panels=lambda _state: (MarkupPanel(count), MarkupPanel(broken)),
)


def shown(session: VisitorSession) -> list[str]:
    """Return the markup of the current page's panels."""
    grid = session._body.children[0].children[2]
    return [str(panel.children[0].tree) for panel in grid.children]


@pytest.mark.parametrize(
    "query", ["page=sky&place=52.5,13.4", "page=passes&place=Berlin", "page=sky&place=-90,180"]
)
def test_the_browser_is_told_once_when_the_page_asked_for_is_there(
    sampled: Settings, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    """The session writes each of these queries in another way."""
    session = VisitorSession(sampled.database, PAGES)
    answers: list[tuple[object, str]] = []

    def answer(content: object) -> None:
        answers.append((content, str(session._body.children[0].children[0].tree)))

    monkeypatch.setattr(session.url, "send", answer)
    session.url.query = query
    ((content, heading),) = answers
    assert content == {"answered": True}
    assert "My sky" in heading
    assert session.url.title.startswith("My sky")


def test_a_failed_panel_does_not_affect_the_others(sampled: Settings) -> None:
    session = VisitorSession(sampled.database, [PLAIN])
    good, bad = session._body.children[0].children[2].children
    assert "596" in str(good.children[0].tree)
    assert FAILED in bad._dom_classes
    assert FAILED not in good._dom_classes


def test_url_and_state_follow_each_other(sampled: Settings) -> None:
    session = VisitorSession(sampled.database, [PLAIN])
    session.url.query = "rocket=Falcon+1"
    assert "'5'" in shown(session)[0]
    session.state.change({"rocket": ""})
    assert session.url.query == ""
    assert "596" in shown(session)[0]


def test_a_sign_of_life_comes_after_the_choices_before_it(
    sampled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = VisitorSession(sampled.database, [PLAIN])
    sent: list[object] = []
    monkeypatch.setattr(session.url, "send", sent.append)
    session.url._handle_custom_msg({"ping": True}, [])
    session.url._handle_custom_msg({"nonsense": [1]}, [])
    assert sent == [{"pong": True}]


def said(session: VisitorSession) -> str:
    """Return the markup of the filters."""
    return str(session._body.children[0].children[1].tree)


def test_unknown_choices_of_a_link_are_named_and_dropped(sampled: Settings) -> None:
    session = VisitorSession(sampled.database, [PLAIN])
    session.url.query = "rocket=Saturn+V&other=kept&page=plain"
    assert "Not in the data, so ignored: Rocket “Saturn V”." in said(session)
    assert "Not a choice of this page, so ignored: “other”." in said(session)
    assert session.url.query == "page=plain"
    assert session.url.title.startswith("Plain · ")
    assert "596" in shown(session)[0]
    session.state.change({"rocket": "Falcon 1"})
    assert "ignored" not in said(session)


@pytest.mark.parametrize("first", ["rocket=Falcon+1", "page=plain"])
def test_an_address_with_too_many_values_is_told_and_cut(sampled: Settings, first: str) -> None:
    session = VisitorSession(sampled.database, [PLAIN])
    session.url.query = "&".join([first, *(f"x{number}=1" for number in range(50))])
    assert "The address has more than 50 values: the others are ignored." in said(session)
    assert session.url.query == first
    session.state.change({"rocket": "Falcon 9"})
    assert "more than 50" not in said(session)


def ignored(session: VisitorSession) -> list[str]:
    """Return what is said to be ignored."""
    lines = [str(part) for part in re.findall(r"'([^']*ignored:[^']*)'", said(session))]
    return [part for line in lines for part in line.rstrip(".").partition(": ")[2].split(", ")]


@pytest.mark.parametrize(
    ("query", "told", "kept"),
    [
        ("turn=x&tilt=91&zoom=999", ["turn “x”", "tilt “91”", "zoom “999”"], ""),
        ("turn=nan&zoom=0&colour=taste&shape=cube", 4, ""),
        ("off=operational|nothing|stale", ["switched off “nothing”"], "off=operational%7Cstale"),
        ("colour=light&off=in+sunlight", [], "colour=light&off=in+sunlight"),
        ("off=operational&status=raising", [], "off=operational&status=raising"),
        ("minutes=30&turn=-12&tilt=0&zoom=1.5&shape=flat", [], None),
        ("lastnight=1&place=Berlin", ["“lastnight”", "“place”"], ""),
        ("at=yesterday", ["Instant (UTC) “yesterday”"], ""),
    ],
)
def test_settings_of_the_globe_without_effect_are_told_and_dropped(
    sampled: Settings, query: str, told: list[str] | int, kept: str | None
) -> None:
    session = VisitorSession(sampled.database, PAGES)
    session.url.query = f"page=globe&{query}"
    found = ignored(session)
    assert (len(found) if isinstance(told, int) else sorted(found)) == (
        told if isinstance(told, int) else sorted(told)
    )
    left = dict(parse_qsl(session.url.query)) | {"page": "globe"}
    assert left == dict(parse_qsl(f"page=globe&{query if kept is None else kept}"))


@pytest.mark.parametrize(
    ("query", "told", "kept"),
    [
        ("page=sky&when=noon&only=nice&above=95&sky_row=-1&shell=none", 5, "page=sky"),
        ("page=sky&when=day&only=all&above=12.5&sky_row=10&zone=Europe/Oslo", [], None),
        ("page=sky&zone=Mars/Base", ["time zone “Mars/Base”"], "page=sky"),
        ("page=sky&place=91,200", [], "page=sky"),  # the page tells it
        ("page=sky&lat=48&lon=11", [], "page=sky&place=48%2C+11"),
        ("page=sky&lat=48", ["“lat”"], "page=sky"),
        ("page=data&columns_sort=-colour&columns_row=1", 1, "page=data&columns_row=1"),
        ("page=launches&launches_row=15&launches_sort=-date_until_utc&launches_search=x", [], None),
        ("page=launches&shell=of+another+page", [], None),
    ],
)
def test_settings_of_other_pages_are_told_and_dropped(
    sampled: Settings, query: str, told: list[str] | int, kept: str | None
) -> None:
    session = VisitorSession(sampled.database, PAGES)
    session.url.query = query
    found = ignored(session)
    assert (len(found) if isinstance(told, int) else found) == told
    assert dict(parse_qsl(session.url.query)) == dict(parse_qsl(query if kept is None else kept))
    if "91,200" in query:
        assert "latitude_deg of a place is 91" in str(shown(session))


@pytest.mark.parametrize(
    ("query", "kept", "told"),
    [
        ("launch=2022-010", "2022-010", ""),
        ("batch=2022-010", "2022-010", ""),
        ("mission=2022-010&launch=2022-011", "2022-010", ""),
        ("launch=zzz", "", "Ignored: Launch “zzz”. There is no launch"),
    ],
)
def test_the_launch_filter_of_other_pages_names_the_launch_of_its_page(
    sampled: Settings, query: str, kept: str, told: str
) -> None:
    session = VisitorSession(sampled.database, PAGES)
    session.url.query = f"page=launch&{query}"
    left = dict(parse_qsl(session.url.query))
    assert left.get("mission", "") == kept
    assert left.get("launch") == ("2022-011" if "2022-011" in query else None)
    assert told in said(session)
    assert bool(told) == ("Ignored" in said(session))
    if kept:
        assert "Starlink 4-7" in session.url.title


def test_a_page_has_the_names_that_its_panels_read(
    sampled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What no filter nor setting is called is dropped from the address."""
    read: set[str] = set()
    value = View.__getitem__
    monkeypatch.setattr(View, "__getitem__", lambda view, name: read.add(name) or value(view, name))
    session = VisitorSession(sampled.database, PAGES)
    for page in PAGES:
        read.clear()
        session.state.change({"page": page.name})
        assert read <= session._page_sessions[page.name].names | session._choices, page.name


def test_links_to_other_pages_have_no_settings_of_this_one(sampled: Settings) -> None:
    session = VisitorSession(sampled.database, PAGES)
    session.url.query = "page=globe&zoom=2&status=operational"
    links = str(session._navigation.tree)
    assert "?page=fleet&status=operational" in links or "?status=operational&page=fleet" in links
    assert "zoom" not in links


def test_an_unknown_page_of_a_link_is_told_and_dropped(sampled: Settings) -> None:
    session = VisitorSession(sampled.database, [PLAIN])
    session.url.query = "page=nowhere"
    assert "There is no page “nowhere”; this is Plain." in said(session)
    assert session.url.query == "page=plain"
    session.state.change({"rocket": "Falcon 1"})
    assert "nowhere" not in said(session)


def test_the_key_figures_are_folded_on_all_pages_but_the_first(sampled: Settings) -> None:
    session = VisitorSession(sampled.database, [PLAIN, replace(PLAIN, name="other")])
    _top, first = session._head.tree
    session.url.query = "page=other"
    _top, other = session._head.tree
    assert first[1] == {"data-key": "unfolded", "data-fold": ""}
    assert other[1] == {"data-key": "folded"}
    assert first[2:] == other[2:]


def test_the_header_of_a_database_that_is_gone_does_not_come_back(
    sampled: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "own.db"
    shutil.copy(sampled.database, path)
    session = VisitorSession(path, [PLAIN])
    path.unlink()
    session.refresh()
    notice = session._head.tree
    session.state.change({"rocket": "Falcon 1"})
    assert session._head.tree == notice


def test_a_notice_is_shown_until_there_is_a_database(sampled: Settings, tmp_path: Path) -> None:
    database = tmp_path / "starlink.db"
    session = VisitorSession(database, [PLAIN])
    assert "make run" in str(session._head.tree)
    assert session._body.children == ()
    database.write_bytes(sampled.database.read_bytes())
    session.watch.check()
    assert "596" in shown(session)[0]
    database.unlink()
    session.watch.check()
    assert "make run" in str(session._head.tree)


def test_a_database_that_is_damaged_while_a_page_is_open_is_named(
    sampled: Settings, tmp_path: Path
) -> None:
    database = tmp_path / "starlink.db"
    database.write_bytes(sampled.database.read_bytes())
    session = VisitorSession(database, [PLAIN])
    assert session._body.children
    database.write_bytes(b"damaged")
    session.state.change({"rocket": "Falcon 1"})
    assert session._body.children == ()
    assert str(database) in str(session._head.tree)


def test_the_watch_reports_a_file_that_appears_changes_or_disappears(tmp_path: Path) -> None:
    path, seen = tmp_path / "file", []
    watch = DatabaseWatch(path, lambda: seen.append(path.exists()))
    watch.check()
    path.write_text("one")
    watch.check()
    watch.check()
    (tmp_path / "new").write_text("two")
    (tmp_path / "new").replace(path)
    watch.check()
    path.unlink()
    watch.check()
    assert seen == [True, True, False]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_widgets_send_little_data_and_valid_charts(sampled: Settings, page: Page) -> None:
    session = VisitorSession(sampled.database, PAGES)
    session.state.change({"page": page.name})
    sent = list(states(session.widget))
    assert max(len(str(state)) for state in sent) < LARGEST_BYTES
    assert [
        problem for state in sent if (spec := state.get("spec")) for problem in problems(spec)
    ] == []


def test_a_chart_that_is_not_valid_is_noticed() -> None:
    chart = ChartWidget(alt.Chart(pd.DataFrame({"a": [1]})).mark_bar().encode(x="a:Q"))
    assert problems(chart.spec) == []
    assert problems(chart.spec | {"mark": "unknown"})


def problems(spec: object) -> list[str]:
    """Return in what a specification is no valid Vega-Lite."""
    return [error.message for error in VEGA_LITE.iter_errors(spec)]


def states(widget: Widget) -> Iterator[dict[str, object]]:
    """Yield the states sent for a widget and its children, without modules, which are cached."""
    state = widget.get_state()
    yield {name: value for name, value in state.items() if name not in {"_esm", "_css"}}
    for child in getattr(widget, "children", ()):
        yield from states(child)
