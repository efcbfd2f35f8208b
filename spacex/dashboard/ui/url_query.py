"""The page's address in the browser, whose query holds what the visitor has chosen."""

from collections.abc import Callable

import anywidget
import traitlets

from spacex.dashboard.ui.assets import module, stylesheet


class Address(anywidget.AnyWidget):
    """The query of the page's address, read when the page opens and written when it changes.

    It is read by the browser: a kernel that runs before its visitor comes cannot know it.
    """

    _esm = module("address")
    _css = stylesheet()
    query = traitlets.Unicode().tag(sync=True)

    def listen(self, changed: Callable[[str], None]) -> None:
        """Call this with the query when the browser tells it."""
        self.observe(lambda change: changed(change["new"]), "query")
