"""One page of one visitor: its filters and panels as last shown."""

from collections.abc import Mapping, Sequence
from itertools import chain

import ipywidgets
from traitlets.log import get_logger

from spacex.dashboard.ui.controls import button, form
from spacex.dashboard.ui.database import Database
from spacex.dashboard.ui.filters import Filter, Range
from spacex.dashboard.ui.formatting import shorten
from spacex.dashboard.ui.markup import Markup, Node, tag
from spacex.dashboard.ui.page import Page, Panel, Subject
from spacex.dashboard.ui.page_settings import Setting
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View
from spacex.errors import DataError, QueryError
from spacex.files import Fingerprint, fingerprint

HEADING = "page"
"""The id of the heading of a page."""

FAILED = "failed"
"""CSS class of a panel that could not be shown; the stylesheet adds a message."""


class PageSession:
    """The widgets of one page for one visitor."""

    def __init__(self, page: Page, state: State) -> None:
        self._page, self._state = page, state
        self._options: dict[str, tuple[str, ...]] = {}
        self._unusable: list[Node] = []
        self._options_read_from: Fingerprint | None = None
        self._panels = tuple(page.panels(state))
        of_panels = [getattr(panel, "settings", ()) for panel in self._panels]
        self._settings: tuple[Setting, ...] = (*page.settings, *chain.from_iterable(of_panels))
        self.names = frozenset([*page.choices, *(each.name for each in self._settings)])
        """The names in the URL query that this page has."""
        self.title = page.title
        """The title with the choices made."""
        intro = Markup(
            tag("h2", page.title, id=HEADING, tabindex="-1"), tag("p", page.lead, class_="lead")
        )
        self._form = Markup(on_action=self._act)
        grid = ipywidgets.Box([panel.widget for panel in self._panels])
        grid.add_class("grid")
        self.widget = ipywidgets.Box([intro, self._form, grid])

    def show(self, database: Database, said: Sequence[str] = ()) -> None:
        """Update the page to the database and the state.

        Args:
            database: the database.
            said: what to say of the address first.

        Raises:
            DatabaseError: the database does not exist or cannot be read.
        """
        self._read_options(database)
        values = self._filter_values()
        told = [*said, *self._drop_unknown()]
        subject, unknown = self._find_subject(database)
        chosen = {**self._state.values(), **values, **subject}
        view = View(database, self._page.filters, chosen)
        told += self._drop_ignored(view, chosen)
        lines = [tag("p", each, role="status") for each in (*told, *unknown)]
        self._form.show(*self._controls(values), *lines, *self._unusable)
        self.title = self._title(view)
        for panel in self._panels:
            self._show(panel, view)

    def _drop_unknown(self) -> list[str]:
        """Unset choices of a link that the data do not have; return what to say of them."""
        unknown = [
            each
            for each in self._page.filters
            if (value := self._state[each.name])
            and (options := self._options[each.name])
            and not each.knows(value, options)
        ]
        words = ", ".join(f"{each.label} “{self._state[each.name]}”" for each in unknown)
        self._state.forget(each.name for each in unknown)
        return [f"Not in the data, so ignored: {words}."] if words else []

    def _drop_ignored(self, view: View, chosen: dict[str, str]) -> list[str]:
        """Unset settings of a link that have no effect; return what to say of them.

        Args:
            view: the view.
            chosen: its values, which are changed, but for settings of which a panel tells.
        """
        told = []
        for each in self._settings:
            if not (ignored := each.ignored(view)):
                continue
            accepted = each.accepted(view)
            self._state.correct(each.name, accepted)
            if not each.is_told_by_panel:
                chosen[each.name] = accepted
                told += [f"{each.label} “{shorten(value)}”" for value in ignored]
        return [f"Not possible, so ignored: {', '.join(told)}."] if told else []

    def _find_subject(self, database: Database) -> tuple[dict[str, str], list[str]]:
        """Return the subject of the page by its name, and why another one is not shown."""
        subject = self._page.subject
        if subject is None:
            return {}, []
        names = (subject.name, *subject.other_names)
        given = next(filter(self._state.__getitem__, names), subject.name)
        chosen = self._state[given]
        if given != subject.name:
            self._state.forget([given])
        try:
            key = subject.find(database.path, chosen)
        except DataError as error:
            self._state.forget([subject.name])
            said = f"Ignored: {subject.label} “{chosen}”. {error.message} {error.remedy}"
            known = {subject.name: subject.find(database.path, "")}
            return known, [said]
        if chosen:
            self._state.correct(subject.name, key)
        return {subject.name: key}, []

    def _title(self, view: View) -> str:
        """Return the title of the page with the choices made."""
        chosen = [view[each.name] for each in self._page.filters]
        if (subject := self._page.subject) and view[subject.name]:
            chosen.insert(0, self._subject_title(subject, view))
        return ", ".join([self._page.title, *filter(None, chosen)])

    def _subject_title(self, subject: Subject, view: View) -> str:
        """Return the name of the subject; its key if its data cannot be read."""
        try:
            return subject.title(view.database.path, view[subject.name])
        except Exception:  # noqa: BLE001  # the panels will fail, but not the page
            get_logger().exception("The page %s has no title.", self._page.name)
            return view[subject.name]

    def _read_options(self, database: Database) -> None:
        """Read the options of the filters, unless the database is the one they were read from."""
        current = fingerprint(database.path)
        if current is None or current != self._options_read_from:
            self._unusable = []
            self._options = {each.name: self._read(each, database) for each in self._page.filters}
            self._options_read_from = current

    def _read(self, each: Filter, database: Database) -> tuple[str, ...]:
        """Return the options of a filter; none if its query is wrong, which the page says."""
        try:
            return each.options(database)
        except QueryError as error:
            text = f"The filter {each.label} cannot be used: {error.message}"
            self._unusable.append(tag("p", text, role="alert"))
            return ()

    def _show(self, panel: Panel, view: View) -> None:
        try:
            panel.show(view)
        except Exception:  # noqa: BLE001  # a failed panel must not take down the page
            get_logger().exception("A panel of the page %s failed.", self._page.name)
            panel.widget.add_class(FAILED)
        else:
            panel.widget.remove_class(FAILED)

    def _filter_values(self) -> dict[str, str]:
        return {
            each.name: each.validate(self._state[each.name], self._options[each.name])
            for each in self._page.filters
        }

    def _controls(self, values: Mapping[str, str]) -> list[Node]:
        """Return the form of the filters that have options."""
        filters = [each for each in self._page.filters if self._options[each.name]]
        if not filters:
            return []
        controls = [each.control(values[each.name], self._options[each.name]) for each in filters]
        is_default = all(values[f.name] == f.validate("", self._options[f.name]) for f in filters)
        fields = form("Filters", *controls, button("Show all", "reset", is_disabled=is_default))
        is_open = not self._page.folds_filters
        return [tag("details", tag("summary", "Filters"), fields, data_fold=is_open)]

    def _act(self, action: str, value: str) -> None:
        name, _, end = action.partition(".")
        if name == "reset":
            self._state.change({each.name: "" for each in self._page.filters})
        for each in self._page.filters:
            if each.name != name:
                continue
            options = self._options[name]
            if isinstance(each, Range):
                value = each.move_end(end, value, self._filter_values()[name], options)
            self._state.change({name: each.validate(value, options)})
