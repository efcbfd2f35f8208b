"""What the dashboard says when it has nothing to show: no database yet, or a fault."""

from spacex.dashboard.app.header import title
from spacex.dashboard.ui.markup import Node, tag
from spacex.errors import SpacexError
from spacex.settings import RUN_COMMAND


def waiting() -> list[Node]:
    """What a visitor sees before the first run has ended."""
    return _notice(
        "There are no data yet",
        tag("p", "To fetch them and build the database, run this command:"),
        tag("pre", tag("code", RUN_COMMAND)),
        tag("p", "It takes a minute or two. This page fills by itself when it is done."),
        tag(
            "p",
            tag("span", class_="pulse", aria_hidden="true"),
            "Waiting for the database …",
            role="status",
        ),
    )


def problem(error: SpacexError) -> list[Node]:
    """What a visitor sees when the database cannot be read."""
    return _notice(
        "The data cannot be shown",
        tag("p", error.message),
        tag("p", error.remedy) if error.remedy else None,
        tag("p", "This page fills by itself when it is mended.", role="status"),
    )


def _notice(heading: str, *body: Node | None) -> list[Node]:
    return [title(), tag("section", tag("h2", heading), *body, class_="notice")]
