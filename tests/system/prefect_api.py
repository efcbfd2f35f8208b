"""Requests of the system test to Prefect's API: `prefect_api.py URL COMMAND [RUN]`.

PREFECT_PASSWORD holds user and password.
"""

import base64
import json
import os
import sys
import time
import urllib.request
from collections.abc import Callable
from typing import Any

CLIENT = "system-test"
DONE = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


class Server:
    """The API of a Prefect server."""

    def __init__(self, url: str, password: str = "") -> None:
        self._url = url
        self._headers = {"Content-Type": "application/json"}
        if password:
            credentials = base64.b64encode(password.encode()).decode()
            self._headers["Authorization"] = f"Basic {credentials}"
            token = self.request(f"csrf-token?client={CLIENT}")["token"]
            self._headers |= {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": CLIENT}

    def request(self, path: str, body: dict[str, Any] | None = None, method: str = "") -> Any:
        """Send a GET, or a POST if there is a body, and return the decoded response."""
        data = None if body is None else json.dumps(body).encode()
        message = urllib.request.Request(  # noqa: S310 - our own server
            f"{self._url}/api/{path}", data, self._headers, method=method or None
        )
        with urllib.request.urlopen(message, timeout=30) as response:  # noqa: S310 - our own server
            content = response.read()
            return json.loads(content) if content else None

    def start(self, source: str = "auto") -> str:
        """Request a run and return its id."""
        deployment = self.request("deployments/name/spacex-etl/etl")
        path = f"deployments/{deployment['id']}/create_flow_run"
        return self.request(path, {"parameters": {"source": source}})["id"]

    def start_and_await(self) -> str:
        """Request a run, wait until it runs, and return its id."""
        run = self.start()
        self.wait(run, "RUNNING", *DONE)
        return run

    def state(self, run: str) -> str:
        """Return the type of the run's state."""
        return self.request(f"flow_runs/{run}")["state"]["type"]

    def wait(self, run: str, *states: str) -> str:
        """Wait until the run reaches one of the states, and return it."""
        for _ in range(180):
            state = self.state(run)
            if state in states:
                return state
            time.sleep(1)
        raise SystemExit(f"the run {run} is still {state}")

    def latest(self) -> str:
        """Return the id of the run that is due or started last."""
        body = {"sort": "EXPECTED_START_TIME_DESC", "limit": 200}
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        body |= {"flow_runs": {"expected_start_time": {"before_": now}}}
        return self.request("flow_runs/filter", body)[0]["id"]

    def artifact(self, key: str) -> str:
        """Return the newest artifact with a key."""
        body = {"artifacts": {"key": {"any_": [key]}}, "sort": "CREATED_DESC", "limit": 1}
        return self.request("artifacts/filter", body)[0]["data"]

    def scheduled(self) -> int:
        """Return the number of scheduled runs."""
        return self.request(
            "flow_runs/count", {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
        )

    def tamper(self, script: str) -> str:
        """Make the deployments run a shell script instead of the flows, and request a run."""
        step = {"prefect.deployments.steps.run_shell_script": {"script": script}}
        change = {"pull_steps": [step], "entrypoint": "os:system"}
        for deployment in self.request("deployments/filter", {}):
            self.request(f"deployments/{deployment['id']}", change, method="PATCH")
        return self.wait(self.start(), *DONE)

    def switch_off(self) -> str:
        """Switch off all automations; return how many there are."""
        found = self.request("automations/filter", {})
        for each in found:
            self.request(f"automations/{each['id']}", {"enabled": False}, method="PATCH")
        return f"{len(found)} automations"


def execute(server: Server, command: str, *arguments: str) -> str:
    """Execute a command of the command line and return its result."""
    commands: dict[str, Callable[..., str]] = {
        "run": lambda: server.wait(server.start(), *DONE),
        "start": server.start_and_await,
        "wait": lambda run: server.wait(run, *DONE),
        "latest": lambda: server.wait(server.latest(), *DONE),
        "report": lambda: server.artifact("run-report"),
        "tamper": server.tamper,
        "switch-off": server.switch_off,
        "scheduled": lambda: f"{server.scheduled()} runs",
    }
    return commands[command](*arguments)


if __name__ == "__main__":
    server = Server(sys.argv[1], os.environ.get("PREFECT_PASSWORD", ""))
    sys.stdout.write(execute(server, *sys.argv[2:]) + "\n")
