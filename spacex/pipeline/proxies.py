"""The network as the environment describes it: proxies, exempt addresses, certificates."""

import os
import re
from importlib.util import find_spec
from ipaddress import IPv6Address
from urllib.parse import urlsplit
from urllib.request import getproxies

from spacex.errors import SettingsError

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PROXY = re.compile(
    r"""(?P<scheme>(?:https?|socks5h?)://(?:[^\s@/?\#]*@)?)?
        (?:[\w.-]+ | \[[\da-f:.]+\])
        (?::(?P<port>\d{1,5}))?
        (?:/\S*)?""",
    re.IGNORECASE | re.VERBOSE,
)
_CORRECT = "Correct it in the environment, or unset it."


def exempt_own_servers() -> None:
    """Exempt loopback and the containers' Prefect server from the proxies of the environment.

    Child processes inherit the exemption. Without proxies none is added, because Python would then
    ignore those of the system's settings on macOS.
    """
    given = [os.environ.get(name, "") for name in ("no_proxy", "NO_PROXY")]
    exempt = [host.strip(" []") for value in given for host in value.split(",")]
    exempt = [host for host in exempt if _is_read_by_httpx(host)]
    if proxies():
        server = _host(os.environ.get("PREFECT_API_URL", ""))
        exempt += [*_LOOPBACK, *([server] if server and "." not in server else [])]
    if value := ",".join(dict.fromkeys(filter(None, exempt))):
        os.environ.update(no_proxy=value, NO_PROXY=value)


def _is_read_by_httpx(host: str) -> bool:
    """Return whether HTTPX, which Prefect uses, takes an exempt host instead of raising an error.

    It takes no networks of IPv6 and no brackets; Requests, the other client, exempts by neither.
    """
    host, _, port = host.partition(":")
    return port.isdecimal() or not port or _is_ipv6(f"{host}:{port}")


def _is_ipv6(host: str) -> bool:
    try:
        return bool(IPv6Address(host))
    except ValueError:
        return False


def check_network() -> None:
    """Check the variables of the environment that name proxies, certificates and Prefect's server.

    Raises:
        SettingsError: one is malformed, or needs a package that is not installed.
    """
    for scheme, proxy in proxies().items():
        _check(_variable(scheme), proxy)
    exempt, server = os.environ.get("NO_PROXY", ""), os.environ.get("PREFECT_API_URL", "")
    if not exempt.isascii():
        raise SettingsError(
            f"NO_PROXY={exempt!r}: expected names of hosts in ASCII, for example "
            "NO_PROXY=localhost,.example.org.",
            _CORRECT,
        )
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        bundle = os.environ.get(name)
        if bundle and not os.path.exists(bundle):  # noqa: PTH110 - never raises
            raise SettingsError(f"{name}={bundle!r}: there are no such certificates.", _CORRECT)
    if server and not _host(server):
        raise SettingsError(
            f"PREFECT_API_URL={server!r}: expected the address of a Prefect server, for example "
            "PREFECT_API_URL=http://127.0.0.1:4200/api.",
            _CORRECT,
        )


def proxies() -> dict[str, str]:
    """Return scheme, or `all` → proxy, as the environment or the system's settings name them."""
    return {name: proxy for name, proxy in getproxies().items() if name in {"http", "https", "all"}}


def without_password(proxy: str) -> str:
    """Return a proxy as messages name it, whatever its form.

    >>> without_password("user:pass/word@proxy:3128")
    '***@proxy:3128'
    """
    return re.sub(r"^(\w+://)?.*@", r"\1***@", proxy)


def _check(variable: str, proxy: str) -> None:
    example = f"for example {variable}=http://proxy.example.org:3128"
    found = _PROXY.fullmatch(proxy)
    port = found["port"] if found else None
    if not (found and (found["scheme"] or port) and 0 < int(port or 80) < 65_536):
        raise SettingsError(
            f"{variable}={without_password(proxy)!r}: expected the address of a proxy, {example}.",
            _CORRECT,
        )
    if proxy.lower().startswith("socks") and not (find_spec("socksio") and find_spec("socks")):
        raise SettingsError(
            f"{variable}={without_password(proxy)!r} needs packages for SOCKS.",
            remedy="Install them with pip install 'httpx[socks]' 'requests[socks]', or name an "
            f"HTTP proxy, {example}.",
        )


def _variable(scheme: str) -> str:
    """Return the variable that names the proxy of a scheme, the one in lower case first."""
    name = f"{scheme}_proxy"
    return next((each for each in sorted(os.environ, reverse=True) if each.lower() == name), name)


def _host(address: str) -> str:
    """Return the host of an address; empty if it is malformed."""
    try:
        parts = urlsplit(address)
        is_valid = parts.scheme in {"http", "https"} and parts.port != 0
    except ValueError:
        is_valid = False
    return (parts.hostname or "") if is_valid else ""
