"""Prefect's server for one run: it starts while Prefect is imported, and ends with the process.

Prefect would start one itself, but only when all else is imported. It would import the whole server
into the flow's process as well, and everyone on this machine could give it orders.
"""

import atexit
import gc
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from tempfile import TemporaryFile
from threading import Thread
from typing import TYPE_CHECKING, ClassVar

from spacex.errors import PrefectError
from spacex.notebook import slow_imports
from spacex.pipeline.prefect_server import USER

if TYPE_CHECKING:
    from prefect.settings import Settings

_MODULE = "spacex.pipeline.temporary_server"
_LONGEST_STOP_S = 5.0
_LONGEST_START_S = 120.0


class TemporaryServer:
    """A server for this process alone, on a free port, with a password of its own.

    Args:
        is_quiet: whether its log is shown only if it fails.
    """

    is_used: ClassVar[bool] = False
    """Whether the runs of this process are recorded on such a server, whose pages end with it."""

    def __init__(self, *, is_quiet: bool = True) -> None:
        self._password = f"{USER}:{secrets.token_urlsafe()}"
        self._log = TemporaryFile() if is_quiet else None  # noqa: SIM115 - it lives as long
        # Requests to a socket that listens wait until the server accepts them. The pair of sockets
        # is closed when this process ends, however it does.
        self._alive, alive = socket.socketpair()
        with socket.create_server(("127.0.0.1", 0)) as listener, alive:
            self._port = listener.getsockname()[1]
            self._process = subprocess.Popen(  # noqa: S603 - our own
                [sys.executable, "-m", _MODULE, str(listener.fileno())],
                stdin=alive.fileno(),
                stdout=self._log,
                stderr=self._log,
                env=os.environ | {"PREFECT_SERVER_API_AUTH_STRING": self._password},
                pass_fds=[listener.fileno()],
                process_group=0,  # Ctrl-C ends the flow, which tells the server
            )
        self._is_ready = False
        atexit.register(self.stop)  # when Prefect, imported later, has sent the last of its log

    def use(self) -> None:
        """Wait for the server and let Prefect use it, unless Prefect's settings name another.

        Raises:
            PrefectError: it has ended, or does not answer in time.
        """
        from prefect.context import refresh_global_settings_context  # noqa: PLC0415 - heavy
        from prefect.settings import get_current_settings  # noqa: PLC0415

        settings = get_current_settings()
        if settings.api.url:
            self.stop()
            return
        self._wait(settings)
        self._is_ready = TemporaryServer.is_used = True
        ours = {
            "PREFECT_API_URL": f"http://127.0.0.1:{self._port}/api",
            "PREFECT_API_AUTH_STRING": self._password,
        }
        given = {name: os.environ[name] for name in ours if name in os.environ}
        os.environ.update(ours)
        refresh_global_settings_context()
        for name in ours:
            del os.environ[name]  # which tells others what the user has set
        os.environ.update(given)

    def stop(self) -> None:
        """End the server, when it has written what it received.

        One that is still starting is not waited for: it ends when its database is made.
        """
        self._alive.close()
        TemporaryServer.is_used = False
        if self._is_ready:
            try:
                self._process.wait(_LONGEST_STOP_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _wait(self, settings: "Settings") -> None:
        connection = HTTPConnection(
            "127.0.0.1", self._port, timeout=settings.server.ephemeral.startup_timeout_seconds
        )
        try:
            connection.request("GET", "/api/health")
            connection.getresponse()
        except (OSError, HTTPException) as error:
            raise PrefectError(
                f"Prefect's server did not start: {self._reason() or error}.",
                remedy="Run again. If that does not help, move away "
                f"{settings.home / 'prefect.db'}, which holds no more than the records of runs.",
            ) from None
        finally:
            connection.close()

    def _reason(self) -> str:
        """Return what the last error in the server's log says."""
        if not self._log:
            return ""
        self._log.seek(0)
        errors = re.findall(rb"^[\w.]+Error\b.*", self._log.read(), re.MULTILINE)
        return (
            errors[-1].rpartition(b"Error")[2].lstrip(b":) ").decode(errors="replace")
            if errors
            else ""
        )


def main() -> None:
    """Serve on the socket whose number is the argument, until standard input ends."""
    slow_imports.leave_out()
    gc.disable()  # the start leaves no garbage, and to look for it takes a seventh of the time
    import uvicorn  # noqa: PLC0415 - heavy
    from prefect.server.api.server import create_app  # noqa: PLC0415

    app = create_app(ephemeral=True, final=True)
    gc.freeze()
    gc.enable()
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))

    def stop_with_parent() -> None:
        os.read(0, 1)
        server.should_exit = True
        time.sleep(_LONGEST_START_S)
        os._exit(1)

    Thread(target=stop_with_parent, daemon=True).start()
    server.run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
    os._exit(not server.started)  # all is written; Python would take a second to free its modules


if __name__ == "__main__":
    main()
