"""Connections to hosts, without a request."""

import socket
from urllib.parse import urlsplit

from requests.utils import get_environ_proxies, select_proxy

from spacex.pipeline.proxies import without_password

_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


def target(url: str) -> str:
    """Return what a request to an address connects to: its host and port, or the proxy."""
    host, port, proxy = _target(url)
    return f"the proxy {without_password(proxy)}" if proxy else f"{host}:{port}"


def connection_problem(url: str, limit_s: float) -> str:
    """Return why a request to an address cannot connect; empty if it can.

    Args:
        url: the address.
        limit_s: longest wait for the connection, s.
    """
    host, port, _ = _target(url)
    try:
        socket.create_connection((host, port), timeout=limit_s).close()
    except OSError as error:
        return f"{target(url)} ({error.strerror or 'no connection in time'})"
    except UnicodeError:
        return f"{target(url)} (this is not a host name)"
    return ""


def _target(url: str) -> tuple[str, int, str]:
    """Return host, port and the proxy, if any."""
    proxy = select_proxy(url, get_environ_proxies(url)) or ""
    if proxy and "://" not in proxy:
        proxy = f"http://{proxy}"
    parts = urlsplit(proxy or url)
    return parts.hostname or "", parts.port or _PORTS[parts.scheme], proxy
