"""The dashboard of one visitor: the head, the pages, and what keeps them up to date."""

from collections.abc import Sequence
from pathlib import Path

import ipywidgets

from spacex.dashboard.app.database_watch import Watch
from spacex.dashboard.app.header import head
from spacex.dashboard.app.notices import problem, waiting
from spacex.dashboard.app.page_session import PageSession
from spacex.dashboard.ui.markup import Markup, Node, tag
from spacex.dashboard.ui.page import Page
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.url_query import Address
from spacex.errors import SpacexError

PAGE = "page"
"""The name of the page in the address."""

FOOT = (
    "Made from open data of others, named on the page Data. "
    "Not affiliated with SpaceX, nor endorsed by it."
)


class VisitorSession:
    """All widgets of one visitor.

    Args:
        database: where the database is, or will be.
        pages: in the order of the navigation; the first one is shown first.
    """

    def __init__(self, database: Path, pages: Sequence[Page]) -> None:
        self._database = database
        self._pages = {page.name: page for page in pages}
        self._sheets: dict[str, PageSession] = {}
        self.state = State()
        self.address = Address()
        self.watch = Watch(database, self.refresh)
        self._head, self._navigation = Markup(), Markup(act=self._act)
        self._body = ipywidgets.Box()
        self.widget = ipywidgets.Box(self._parts())
        self.widget.add_class("spacex")
        self.refresh()
        self.state.listen(self.show)
        self.address.listen(self.state.read)

    def refresh(self) -> None:
        """Show everything anew: the database has come, changed or gone."""
        try:
            self._head.show(*head(self._database))
        except SpacexError as error:
            self._say(error)
        else:
            self.show()

    def show(self) -> None:
        """Show the page chosen, as chosen."""
        self.address.query = self.state.query()
        page = self._page()
        try:
            if page.name not in self._sheets:
                self._sheets[page.name] = PageSession(page, self.state)
            sheet = self._sheets[page.name]
            sheet.show(self._database)
        except SpacexError as error:
            self._say(error)
        else:
            self._navigation.show(self._links(page))
            self._body.children = [sheet.widget]

    def _say(self, error: SpacexError) -> None:
        self._body.children = []
        self._navigation.show()
        self._head.show(*(problem(error) if self._database.exists() else waiting()))

    def _page(self) -> Page:
        return self._pages.get(self.state[PAGE]) or next(iter(self._pages.values()))

    def _links(self, current: Page) -> Node:
        links = [
            tag(
                "a",
                page.title,
                href=f"?{self.state.query(page=page.name)}",
                aria_current="page" if page is current else None,
                data_action=PAGE,
                data_value=page.name,
            )
            for page in self._pages.values()
        ]
        return tag("nav", *links, aria_label="Pages")

    def _act(self, _action: str, name: str) -> None:
        """Turn to a page; filters go along, the place in a table does not."""
        kept = {each.name for page in self._pages.values() for each in page.filters}
        dropped = {key: "" for key in self.state.values() if key not in kept}
        self.state.change({**dropped, PAGE: name})

    def _parts(self) -> list[ipywidgets.Widget]:
        foot = Markup(tag("footer", tag("p", FOOT)))
        for widget, name in ((self._head, "head"), (self._navigation, "navigation")):
            widget.add_class(name)
        self._body.add_class("body")
        return [self.address, self._head, self._navigation, self._body, foot]
