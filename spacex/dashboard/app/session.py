"""The session of one visitor: header, navigation, pages, and their updates."""

from collections.abc import Collection, Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import ipywidgets

from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.app.database_watch import DatabaseWatch
from spacex.dashboard.app.header import TITLE, Header, header
from spacex.dashboard.app.notices import database_error, no_database
from spacex.dashboard.app.page_session import HEADING, PageSession
from spacex.dashboard.ui.chart_widget import ChartWidget
from spacex.dashboard.ui.first_view import first_view
from spacex.dashboard.ui.formatting import shorten
from spacex.dashboard.ui.markup import Markup, Node, tag
from spacex.dashboard.ui.page import Page
from spacex.dashboard.ui.state import MAX_VALUES, State
from spacex.dashboard.ui.url_query import UrlQuery
from spacex.errors import SpacexError
from spacex.files import fingerprint
from spacex.notebook.chart_style import ON_DARK
from spacex.sources import GCAT

PAGE = "page"
"""Name of the current page in the state."""

FORMER_FIRST = "launches"
"""The first page of earlier versions, whose links to it name no page."""

RENAMED = {"batch": "launch"}
"""The current name of each renamed filter; links from earlier versions have the former one."""
RENAMED_VALUES = {
    ("page", "passes"): "sky",
    ("page", "map"): "globe",
    ("status", "gone"): "unlisted",
    ("kind", "gone"): "unlisted",
    ("kind", "status"): "orbit status",
    ("since", "the answers before"): "the previous response",
    ("table", "_batches"): "_launch_altitudes",
}
"""The current value of each renamed choice of a filter."""

SKIP = tag("a", "Skip to the page", href=f"#{HEADING}", class_="skip")
"""For the keyboard: shown when it has the focus."""

FOOTER = (
    "Built from open data; the page How we know has every source and its terms. Contains data of "
    f"GCAT, {GCAT.licence}. Not affiliated with or endorsed by SpaceX."
)


ChartWidget.dark_colours = ON_DARK
ChartWidget.how_known_page = "page=evidence"


class _Dashboard(ipywidgets.Box):  # type: ignore[misc]
    """The widgets of a session, which a notebook keeps as HTML as well."""

    def __init__(self, children: Sequence[ipywidgets.Widget], database: Path) -> None:
        super().__init__(children)
        self._database = database
        self.add_class("dashboard")

    def _repr_mimebundle_(self, **options: object) -> dict[str, object]:
        """Return the view, and the HTML of what it shows now."""
        data: dict[str, object] = super()._repr_mimebundle_(**options)
        return {**data, "text/html": first_view(self, str(fingerprint(self._database)))}


class VisitorSession:
    """All widgets of one visitor.

    Args:
        path: the database file, which may not exist yet.
        pages: in the order of the navigation; the first is the default.
    """

    def __init__(self, path: Path, pages: Sequence[Page]) -> None:
        self._database = PublishedDatabase(path)
        self._pages = {page.name: page for page in pages}
        self._page_sessions: dict[str, PageSession] = {}
        self._choices = {name for page in pages for name in page.choices}
        self.state = State(RENAMED, RENAMED_VALUES)
        self.url = UrlQuery(looks=[name for page in pages for name in page.looks])
        self.watch = DatabaseWatch(path, self.refresh)
        self._said: list[str] = []
        self._header: Header | None = None
        self._head, self._navigation = Markup(), Markup(on_action=self._turn_to_page)
        self._body = ipywidgets.Box()
        self.widget = _Dashboard(self._widgets(), path)
        self.refresh()
        self.state.listen(self.show)
        self.url.listen(self._open)

    def refresh(self) -> None:
        """Update everything after the database has appeared, changed or disappeared."""
        try:
            self._header = header(self._database.path)
        except SpacexError as error:
            self._header = None
            self._show_notice(error)
        else:
            self.show()

    def show(self) -> None:
        """Update the page to the state."""
        said, self._said = [*self._said, *self._drop_unknown_page()], []
        self.url.query = self.state.query()
        page = self._current_page()
        self.url.title = f"{page.title} · {TITLE}"
        if self._header is not None:
            self._head.show(*self._header.nodes(is_folded=page is not self._first_page()))
        try:
            if page.name not in self._page_sessions:
                self._page_sessions[page.name] = PageSession(page, self.state)
            page_session = self._page_sessions[page.name]
            page_session.show(self._database, [*said, *self._drop_foreign(page_session)])
        except SpacexError as error:
            self._show_notice(error)
        else:
            self.url.query = self.state.query()
            self.url.title = f"{page_session.title} · {TITLE}"
            self._navigation.show(SKIP, self._links(page))
            self._body.children = [page_session.widget]

    def _drop_foreign(self, page_session: PageSession) -> list[str]:
        """Unset what no filter of any page is called, nor anything of this page; return its names.

        The page turns without the settings of other pages, so that only a link can have them.
        """
        known = {PAGE, *page_session.names, *self._choices}
        foreign = [name for name in self.state.values() if name not in known]
        self.state.forget(foreign)
        words = ", ".join(f"“{shorten(name)}”" for name in foreign)
        return [f"Not a choice of this page, so ignored: {words}."] if words else []

    def _drop_unknown_page(self) -> list[str]:
        """Replace a page of a link that there is not; return what to say of it."""
        name, shown = self.state[PAGE], self._current_page()
        if not name or name in self._pages:
            return []
        self.state.correct(PAGE, shown.name)
        return [f"There is no page “{name}”; this is {shown.title}."]

    def _open(self, query: str) -> None:
        """Show what a link says."""
        values = query.split("&")
        if len(values) > MAX_VALUES:
            self._said = [f"The address has more than {MAX_VALUES} values: the others are ignored."]
        query = _with_place("&".join(values[:MAX_VALUES]))
        names = {name for name, _ in parse_qsl(query, max_num_fields=MAX_VALUES)}
        former = self._pages.get(FORMER_FIRST)
        is_former = former and PAGE not in names and _has_choices(former, names)
        self.state.read(f"{PAGE}={FORMER_FIRST}&{query}" if is_former else query)
        if self._said:  # the state is as before
            self.show()

    def _show_notice(self, error: SpacexError) -> None:
        is_there = self._database.path.exists()
        self._body.children = []
        self._navigation.show()
        self._head.show(*(database_error(error) if is_there else no_database()))

    def _current_page(self) -> Page:
        return self._pages.get(self.state[PAGE]) or self._first_page()

    def _first_page(self) -> Page:
        return next(iter(self._pages.values()))

    def _links(self, current: Page) -> Node:
        links = [
            tag(
                "a",
                page.title,
                href=f"?{self.state.query(**self._of_page(page.name))}",
                aria_current=_current(page, current),
                data_action=PAGE,
                data_value=page.name,
            )
            for page in self._pages.values()
            if not page.under
        ]
        return tag("nav", *links, aria_label="Pages")

    def _turn_to_page(self, _action: str, name: str) -> None:
        """Turn to a page; keep the filters, drop the settings of panels."""
        self.state.change(self._of_page(name))

    def _of_page(self, name: str) -> dict[str, str]:
        """Return the changes that turn to a page."""
        dropped = {key: "" for key in self.state.values() if key not in self._choices}
        return {**dropped, PAGE: name}

    def _widgets(self) -> list[ipywidgets.Widget]:
        footer = Markup(tag("footer", tag("p", FOOTER)))
        self._head.add_class("head")
        self._navigation.add_class("navigation")
        self._body.add_class("body")
        return [self.url, self._head, self._navigation, self._body, footer]


def _with_place(query: str) -> str:
    """Return a URL query with the place that earlier versions gave by two coordinates."""
    values = dict(parse_qsl(query, max_num_fields=MAX_VALUES))
    lat, lon = (values.pop(name, "") for name in ("lat", "lon"))
    return urlencode({"place": f"{lat}, {lon}", **values}) if lat and lon else query


def _current(page: Page, current: Page) -> str | None:
    """Return the `aria-current` of the link to a page: that of a page under it is true."""
    return "page" if page is current else "true" if page.name == current.under else None


def _has_choices(page: Page, names: Collection[str]) -> bool:
    """Return whether one of these is a choice of a page: a filter, or a setting of its table."""
    filters = {each.name for each in page.filters}
    return any(name in filters or name.startswith(f"{page.name}_") for name in names)
