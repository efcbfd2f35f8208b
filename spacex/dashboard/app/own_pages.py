"""Pages of one's own: files of Python that end in a `Page` named PAGE.

A file that cannot be used has a page that says why; the other pages work.
"""

import runpy
import traceback
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.panels import MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View


def own_pages(folder: Path, taken: Collection[str]) -> list[Page]:
    """Return the pages of a folder in the order of the file names; none if there is no folder.

    Args:
        folder: its `*.py` are executed.
        taken: the names of the other pages.
    """
    pages: list[Page] = []
    for path in sorted(folder.glob("*.py")):
        pages.append(_own_page(path, {*taken, *(page.name for page in pages)}))
    return pages


def _own_page(path: Path, taken: Collection[str]) -> Page:
    """Return the page of a file, or one that says why it has none."""
    try:
        page = runpy.run_path(str(path)).get("PAGE")
    except (Exception, SystemExit, KeyboardInterrupt) as error:  # noqa: BLE001 - it is not our code
        return _unusable(path, _reason(path, error))
    if not isinstance(page, Page):
        return _unusable(path, "It does not end in PAGE = Page(…).")
    if page.name in taken:
        return _unusable(path, f"There is another page with the name {page.name!r}.")

    def panels(state: State) -> Sequence[Panel]:
        try:
            return tuple(page.panels(state))
        except Exception as error:  # noqa: BLE001 - it is not our code
            return (_message(path, _reason(path, error)),)

    return replace(page, panels=panels)


def _unusable(path: Path, reason: str) -> Page:
    lead = "This page of your own cannot be shown."
    return Page(
        name=f"own-{path.stem}",
        title=path.stem.replace("_", " ").capitalize(),
        lead=lead,
        filters=(),
        panels=lambda _state: (_message(path, reason),),
    )


def _message(path: Path, reason: str) -> MarkupPanel:
    def draw(_view: View) -> list[Node]:
        advice = "Correct the file and reload this page."
        return [tag("p", f"{path.name}: {reason} {advice}", role="alert")]

    return MarkupPanel(draw)


def _reason(path: Path, error: BaseException) -> str:
    """Return what is wrong, and in which line of the file."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    if isinstance(error, SyntaxError) and error.filename == str(path):
        lines, text = [error.lineno], error.msg
    else:
        text = str(error)
    where = f" in line {lines[-1]}" if lines else ""
    return f"{type(error).__name__}{where}{f': {text}' if text else ''}."
