"""The methods of HTTP that the dashboard answers: `HEAD` as `GET`, and no unknown one."""

from typing import Any

from tornado.httputil import HTTPServerRequest
from tornado.routing import Matcher, Rule
from tornado.web import Application, RequestHandler


class HeadAsGet(RequestHandler):
    """Answers `HEAD`, which monitors send, as `GET`; Tornado leaves out the body."""

    async def head(self, *args: str, **kwargs: str) -> None:
        """Send the headers of `get`."""
        if sent := self.get(*args, **kwargs):
            await sent


class _UnknownMethod(Matcher):
    """Matches requests with a method that Tornado does not know."""

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        """See `Matcher`."""
        return None if request.method in RequestHandler.SUPPORTED_METHODS else {}


def refuse_unknown_methods(app: Application) -> None:
    """Refuse them in place of Jupyter's handlers, which would log a traceback for each."""
    app.default_router.rules.insert(0, Rule(_UnknownMethod(), RequestHandler))
