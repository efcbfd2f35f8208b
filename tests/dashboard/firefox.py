"""Firefox, driven by WebDriver BiDi, its own protocol.

Playwright sends commands that the Firefox of Debian does not know yet.
"""

import json
import os
import signal
import subprocess
import time
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import websocket

FIREFOX = Path("/usr/bin/firefox-esr")
_ADDRESS = b"WebDriver BiDi listening on "
_TIMEOUT_S = 60
_PREFERENCES = {
    "app.normandy.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.type": 0,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


class Firefox:
    """One window of Firefox, and the errors of its pages."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket = socket
        self._commands = 0
        self.errors: list[str] = []
        self.requests: list[str] = []
        self._send("session.new", capabilities={})
        self._send("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self._window = self._send("browsingContext.getTree")["contexts"][0]["context"]

    def resize(self, width: int, height: int) -> None:
        """Give the page a size."""
        viewport = {"width": width, "height": height}
        self._send("browsingContext.setViewport", context=self._window, viewport=viewport)

    def open(self, url: str) -> None:
        """Go to an address, until its document is loaded."""
        self._send("browsingContext.navigate", context=self._window, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression in JavaScript: a text, a number, or a truth value.

        Raises:
            AssertionError: the expression fails.
        """
        found = self._send(
            "script.evaluate",
            expression=expression,
            target={"context": self._window},
            awaitPromise=True,
        )
        assert found["type"] == "success", found["exceptionDetails"]["text"]
        return found["result"].get("value")

    def await_value(self, condition: str) -> None:
        """Wait until an expression is true.

        Raises:
            AssertionError: it is not, for a minute.
        """
        until = time.monotonic() + _TIMEOUT_S
        while not self.evaluate(f"Boolean({condition})"):
            assert time.monotonic() < until, condition
            time.sleep(0.05)

    def screenshot(self) -> bytes:
        """Return a picture of the window as PNG."""
        found = self._send("browsingContext.captureScreenshot", context=self._window)
        return b64decode(found["data"])

    def _send(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send a command, and return its result; note the events that come before it."""
        self._commands += 1
        command = {"id": self._commands, "method": method, "params": parameters}
        self._socket.send(json.dumps(command))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == self._commands:
                assert message["type"] == "success", f"{method}: {message.get('message')}"
                return dict(message["result"])
            if message["type"] == "event":
                self._note(message["method"], message["params"])

    def _note(self, event: str, details: Mapping[str, Any]) -> None:
        """Keep errors of the page, and the addresses it asks for."""
        if event == "network.beforeRequestSent":
            self.requests.append(details["request"]["url"])
        elif details["level"] == "error":
            self.errors.append(details["text"])


@contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """Start Firefox without windows, and end it.

    Args:
        folder: for its profile.
    """
    pairs = (f"{json.dumps(key)}, {json.dumps(value)}" for key, value in _PREFERENCES.items())
    (folder / "user.js").write_text("\n".join(f"user_pref({pair});" for pair in pairs))
    arguments = ("--headless", "--no-remote", "--remote-debugging-port=0", "--profile", str(folder))
    environment = {**os.environ, "HOME": str(folder), "MOZ_HEADLESS": "1"}
    process = subprocess.Popen(
        [FIREFOX, *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stderr
    try:
        line = next(line for line in process.stderr if line.startswith(_ADDRESS))
        address = line.removeprefix(_ADDRESS).decode().strip()
        url = f"{address}/session"
        socket = websocket.create_connection(url, timeout=_TIMEOUT_S, suppress_origin=True)
        with closing(socket):
            yield Firefox(socket)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stderr.close()
