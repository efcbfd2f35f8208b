"""The host names under which the dashboard answers.

A foreign page can point a host name of its own to this machine, and the browser would then let it
read the dashboard (DNS rebinding). An address or a name of this machine is not open to this.
"""

import ipaddress
from collections.abc import Collection
from typing import Any

from tornado.httputil import HTTPServerRequest
from tornado.routing import Matcher, Rule
from tornado.web import Application, RequestHandler

_LOCAL = "localhost"


class _ForeignName(Matcher):
    """Matches requests for a name that is not known."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        """See `Matcher`."""
        return None if is_known(request.host_name, self._names) else {}


class _Refusal(RequestHandler):
    def prepare(self) -> None:
        self.set_status(403)
        self.finish("The dashboard does not answer under this name. SPACEX_HOSTS can add it.")


def refuse_other_hosts(app: Application, names: Collection[str]) -> None:
    """Refuse requests and websockets for names other than `names` and localhost."""
    app.default_router.rules.insert(0, Rule(_ForeignName(names), _Refusal))


def is_known(host: str, names: Collection[str]) -> bool:
    """Return whether the name of a host is an address, localhost or one of `names`."""
    host = host.lower()
    return host in {_LOCAL, *(name.lower() for name in names)} or _is_address(host)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
