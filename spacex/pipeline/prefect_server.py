"""Prefect's server for this installation alone.

`python -m spacex.pipeline.prefect_server` starts it. Its API can run code in place of the flow; it
therefore requires a password, the host name of the installation, and a page of its own: a
foreign page can neither call it, nor frame it, nor reach it under a name of its own.

The password is in the file of Prefect's settings that PREFECT_PROFILES_PATH names. The first start
creates it; all processes that find the file there use the password without further settings.
"""

import json
import os
import secrets
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from spacex.errors import SettingsError
from spacex.files import write_atomically
from spacex.settings import settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FLOW = "spacex-etl"
PORT = 4200
USER = "spacex"
HOSTS = ("127.0.0.1", "localhost", "prefect-server")
"""The names of the server on this machine and among the containers."""

SIGN_IN = (
    "Prefect's page asks for a password once in each browser. To show it: "
    "docker compose exec prefect-server spacex prefect-password"
)

_PROFILE = "spacex"
_AUTH = "PREFECT_API_AUTH_STRING"


def main() -> None:
    """Start the server, and say how to sign in.

    Raises:
        SettingsError: PREFECT_PROFILES_PATH is not set.
        StorageError: its file cannot be written.
    """
    keep_password(profiles_path(), settings().prefect_password)
    import uvicorn  # noqa: PLC0415 - Prefect reads its settings on import
    from prefect.server.api.server import create_app  # noqa: PLC0415
    from prefect.settings import PREFECT_UI_API_URL  # noqa: PLC0415

    print(SIGN_IN, flush=True)  # noqa: T201 - for the operator
    hosts = [*HOSTS, *settings().host_names]
    app = protect(create_app(final=True), hosts, PREFECT_UI_API_URL.value())
    uvicorn.run(app, host="0.0.0.0", port=PORT, log_level="warning")  # noqa: S104 - in a container


def profiles_path() -> Path:
    """Return the file of Prefect's settings that holds the password.

    Raises:
        SettingsError: PREFECT_PROFILES_PATH is not set.
    """
    if path := os.environ.get("PREFECT_PROFILES_PATH"):
        return Path(path)
    raise SettingsError(
        "PREFECT_PROFILES_PATH is not set.",
        remedy="Set it to a file that the server and its clients can read.",
    )


def keep_password(profiles: Path, given: str = "") -> None:
    """Write a password to a file of Prefect's settings, unless it has one.

    Args:
        profiles: the file; readable by its user and group only.
        given: the password to use; if empty, the present one or a random one.

    Raises:
        StorageError: the file cannot be written.
    """
    if not given and sign_in(profiles):
        return
    text = json.dumps(f"{USER}:{given or secrets.token_urlsafe(24)}")
    lines = (
        f'active = "{_PROFILE}"',
        f"[profiles.{_PROFILE}]",
        f"{_AUTH} = {text}",
        f"{_AUTH.replace('API', 'SERVER_API')} = {text}",
    )
    write_atomically(profiles, "\n".join([*lines, ""]).encode(), mode=0o640)


def sign_in(profiles: Path) -> str:
    """Return what Prefect's page asks for: user and password; empty if there is none."""
    try:
        return str(tomllib.loads(profiles.read_text())["profiles"][_PROFILE][_AUTH])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def protect(app: "ASGIApp", hosts: Sequence[str], api_url: str) -> "ASGIApp":
    """Return an application that refuses other host names and forbids frames.

    Args:
        app: Prefect's application.
        hosts: the names under which it may be reached.
        api_url: the address of the API for the page's scripts.
    """
    from starlette.middleware.trustedhost import TrustedHostMiddleware  # noqa: PLC0415 - heavy

    return TrustedHostMiddleware(
        _with_headers(app, api_url), allowed_hosts=list(hosts), www_redirect=False
    )


def _with_headers(app: "ASGIApp", api_url: str) -> "ASGIApp":
    from starlette.datastructures import MutableHeaders  # noqa: PLC0415 - heavy

    api = urlsplit(api_url).netloc
    connect = f"'self' http://{api} ws://{api}" if api else "'self'"
    headers = {
        "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        f"worker-src 'self' blob:; connect-src {connect}; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }

    async def respond(scope: "Scope", receive: "Receive", send: "Send") -> None:
        async def send_with_headers(message: "Message") -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await app(scope, receive, send_with_headers)

    return respond


if __name__ == "__main__":
    main()
