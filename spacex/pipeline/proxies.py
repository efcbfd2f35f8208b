"""Proxies of the environment: which apply, and which addresses are exempt."""

import os
from importlib.util import find_spec
from urllib.parse import urlsplit
from urllib.request import getproxies

from spacex.errors import SettingsError

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def exempt_own_servers() -> None:
    """Exempt loopback and the containers' Prefect server from the proxies of the environment.

    Child processes inherit the exemption. Without proxies nothing is set, because Python would then
    ignore those of the system's settings on macOS.

    Raises:
        SettingsError: a proxy needs a package that is not installed.
    """
    if not proxies():
        return
    server = urlsplit(os.environ.get("PREFECT_API_URL", "")).hostname or ""
    own = [*_LOOPBACK, *([server] if server and "." not in server else [])]
    given = [os.environ.get(name, "") for name in ("no_proxy", "NO_PROXY")]
    exempt = [host.strip() for value in given for host in value.split(",") if host.strip()]
    value = ",".join(dict.fromkeys([*exempt, *own]))
    os.environ.update(no_proxy=value, NO_PROXY=value)
    for scheme, proxy in proxies().items():
        if proxy.startswith("socks") and not (find_spec("socksio") and find_spec("socks")):
            raise SettingsError(
                f"The proxy {proxy} for {scheme} addresses needs packages for SOCKS.",
                remedy="Install them with pip install 'httpx[socks]' 'requests[socks]', or name "
                "an HTTP proxy.",
            )


def proxies() -> dict[str, str]:
    """Return scheme, or `all` → proxy, as the environment or the system's settings name them."""
    return {name: proxy for name, proxy in getproxies().items() if name in {"http", "https", "all"}}
