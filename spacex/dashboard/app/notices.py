"""Notices in place of the dashboard: there is no database yet, or it cannot be read."""

from spacex.dashboard.app.header import title
from spacex.dashboard.ui.markup import Node, tag
from spacex.errors import SpacexError
from spacex.settings import RUN_COMMAND


def no_database() -> list[Node]:
    """Return the notice for the time before the first run has finished."""
    return _notice(
        "There are no data yet",
        tag("p", "To fetch data and build the database, run this command:"),
        tag("pre", tag("code", RUN_COMMAND)),
        tag("p", "This takes a minute or two. This page then loads the dashboard."),
        tag(
            "p",
            tag("span", class_="pulse", aria_hidden="true"),
            "Waiting for the database …",
            role="status",
        ),
    )


def database_error(error: SpacexError) -> list[Node]:
    """Return the notice for a database that cannot be read."""
    return _notice(
        "The data cannot be shown",
        tag("p", error.message),
        tag("p", error.remedy) if error.remedy else None,
        tag("p", "The dashboard returns when the problem is fixed.", role="status"),
    )


def _notice(heading: str, *body: Node | None) -> list[Node]:
    return [title(), tag("section", tag("h2", heading), *body, class_="notice")]
