"""Prefect's server for this installation alone: `spacex prefect`.

Its API can run code in place of the flow; it therefore requires a password, the host name of the
installation, and a page of its own: a foreign page can neither call it, nor frame it, nor reach it
under a name of its own.

The password is in a file of Prefect's settings, in the data folder or where a container names one.
The first start creates it; all processes that find the file there use the password without further
settings.
"""

import json
import os
import secrets
import socket
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from spacex.errors import PrefectError
from spacex.files import write_atomically
from spacex.settings import CONTAINER, Settings, command
from spacex.settings.log import announce, logging_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FLOW = "spacex-etl"
PORT = 4200
USER = "spacex"
HOSTS = ("127.0.0.1", "localhost", "prefect-server")
"""The names of the server on this machine and among the containers."""

BUCKET_BUFFER = timedelta(minutes=15)
"""How long Prefect keeps what an automation waited for, after the wait has ended."""

_PROFILE = "spacex"
_AUTH = "PREFECT_API_AUTH_STRING"
_PROFILES_PATH = "PREFECT_PROFILES_PATH"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def serve(settings: Settings, *, ip: str = "127.0.0.1", port: int = PORT) -> None:
    """Serve Prefect until the process is terminated, and say how to sign in.

    Args:
        settings: the data folder, a given password, and further host names.
        ip: the address to listen on; `0.0.0.0` for all interfaces, as in a container.
        port: the port to listen on.

    Raises:
        PrefectError: the address is in use or not available.
        SettingsError: a folder or a variable of the environment cannot be used.
        StorageError: the password cannot be written.
    """
    try:
        listener = socket.create_server((ip, port))
    except OSError as error:
        raise PrefectError(
            f"Prefect cannot listen on {ip}, port {port} ({error.strerror}).",
            remedy="End the program that uses it, or choose another with --port.",
        ) from None
    with listener:
        profiles = profiles_path(settings.data_dir)
        keep_password(profiles, settings.prefect_password)
        os.environ[_PROFILES_PATH] = str(profiles)
        for name, value in _defaults(port).items():
            os.environ.setdefault(name, value)
        import uvicorn  # noqa: PLC0415 - Prefect reads its settings on import
        from prefect.server.api.server import create_app  # noqa: PLC0415
        from prefect.settings import PREFECT_UI_API_URL  # noqa: PLC0415

        hosts = [*HOSTS, *settings.host_names]
        app = protect(create_app(final=True), hosts, PREFECT_UI_API_URL.value())
        announce(
            f"• Prefect listens on port {port}. Its page asks for a password once in each "
            f"browser; to show it: {command('prefect-password')}",
            settings.log,
        )
        log_config = logging_of("uvicorn", settings.log)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", log_config=log_config))
        with suppress(KeyboardInterrupt):  # uvicorn has ended, and repeats the signal
            server.run(sockets=[listener])
    if not server.started:
        raise PrefectError("Prefect did not start.", remedy="The lines above say why.")


def _defaults(port: int) -> dict[str, str]:
    """Return the variables of Prefect's server that the environment may lack."""
    page = f"http://127.0.0.1:{port}"
    return {
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_UI_API_URL": f"{page}/api",
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": page,
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(Path(os.environ["PREFECT_HOME"]) / "ui"),
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        # If a run is scheduled less than five minutes before it is due, Prefect holds back for 15
        # minutes the event that it is late, and would then drop the wait for its start at once.
        "PREFECT_SERVER_EVENTS_EXPIRED_BUCKET_BUFFER": f"PT{BUCKET_BUFFER.seconds}S",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage."
        "filesystem",
    }


def profiles_path(data_dir: Path) -> Path:
    """Return the file of Prefect's settings that holds the password of this installation.

    Args:
        data_dir: the data folder. Containers name a file of their own instead.
    """
    named = os.environ.get(_PROFILES_PATH) if os.environ.get(CONTAINER) else None
    return Path(named or data_dir.absolute() / "prefect" / "password.toml")


def use_password(data_dir: Path) -> None:
    """Let Prefect use the password, if PREFECT_API_URL names a server of this machine.

    Variables of the environment with another password, or settings of Prefect, take precedence.

    Args:
        data_dir: the data folder.
    """
    host = urlsplit(os.environ.get("PREFECT_API_URL", "")).hostname
    given = {_AUTH, _PROFILES_PATH} & os.environ.keys()
    if host in _LOOPBACK and not given and sign_in(profiles_path(data_dir)):
        os.environ[_PROFILES_PATH] = str(profiles_path(data_dir))


def keep_password(profiles: Path, given: str = "") -> None:
    """Write a password to a file of Prefect's settings, unless it has one.

    Args:
        profiles: the file; readable by its user only, in containers by its group as well.
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
    mode = 0o640 if os.environ.get(CONTAINER) else 0o600
    write_atomically(profiles, "\n".join([*lines, ""]).encode(), mode=mode)


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
