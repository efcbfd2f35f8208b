"""The query of the page's URL, which holds the visitor's state."""

from collections.abc import Callable, Mapping

import anywidget
import traitlets

from spacex.dashboard.ui.assets import module, stylesheet


class UrlQuery(anywidget.AnyWidget):
    """The query of the page's URL, read when the page opens and written when the state changes.

    The browser reads it, because a kernel may have started before its visitor came.
    """

    _esm = module("url_query")
    _css = stylesheet()
    query = traitlets.Unicode().tag(sync=True)
    looks = traitlets.List(traitlets.Unicode()).tag(sync=True)
    """The names of values whose changes are no entries of the browser's history."""
    title = traitlets.Unicode().tag(sync=True)
    """The title of the page in the browser; empty to leave it as it is."""

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        self.on_msg(self._receive)

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call the listener with each new query; tell the browser when it has returned.

        The listener may write the query in another way, which is no new query.
        """
        is_answering = False

        def answer(change: Mapping[str, str]) -> None:
            nonlocal is_answering
            if is_answering:
                return
            is_answering = True
            try:
                listener(change["new"])
            finally:
                is_answering = False
            self.send({"answered": True})

        self.observe(answer, "query")

    def _receive(self, _widget: object, content: Mapping[str, object], _buffers: object) -> None:
        """Give a sign of life: the kernel has then done what it was told before."""
        if "ping" in content:
            self.send({"pong": True})
