"""Requests of the system test to Prefect's API: `prefect_api.py URL COMMAND [RUN]`."""

import json
import sys
import time
import urllib.request
from typing import Any

DONE = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


class Server:
    """The API of a Prefect server."""

    def __init__(self, url: str) -> None:
        self._url = url

    def request(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send a GET, or a POST if there is a body, and return the decoded response."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        message = urllib.request.Request(f"{self._url}/api/{path}", data, headers)  # noqa: S310
        with urllib.request.urlopen(message, timeout=30) as response:  # noqa: S310 - our own server
            return json.load(response)

    def start(self, source: str = "auto") -> str:
        """Request a run and return its id."""
        deployment = self.request("deployments/name/spacex-etl/etl")
        path = f"deployments/{deployment['id']}/create_flow_run"
        return self.request(path, {"parameters": {"source": source}})["id"]

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


def execute(server: Server, *command: str) -> str:
    """Execute a command of the command line and return its result."""
    match command:
        case ["run"]:
            return server.wait(server.start(), *DONE)
        case ["start"]:
            run = server.start()
            server.wait(run, "RUNNING", *DONE)
            return run
        case ["wait", run]:
            return server.wait(run, *DONE)
        case ["latest"]:
            return server.wait(server.latest(), *DONE)
        case ["report"]:
            return server.artifact("run-report")
        case ["scheduled"]:
            return f"{server.scheduled()} runs"
    raise SystemExit(__doc__)


if __name__ == "__main__":
    sys.stdout.write(execute(Server(sys.argv[1]), *sys.argv[2:]) + "\n")
