"""What the system test asks of the Prefect server, over its API; `prefect_api.py ADDRESS WHAT`."""

import json
import sys
import time
import urllib.request
from typing import Any

DONE = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


class Server:
    """The API of a Prefect server."""

    def __init__(self, address: str) -> None:
        self._address = address

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The answer to a GET, or to a POST of the body."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self._address}/api/{path}", data, headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as reply:  # noqa: S310 - our own server
            return json.load(reply)

    def start(self, source: str = "auto") -> str:
        """Ask for a run; returns its id."""
        deployment = self.ask("deployments/name/spacex-etl/etl")
        path = f"deployments/{deployment['id']}/create_flow_run"
        return self.ask(path, {"parameters": {"source": source}})["id"]

    def state(self, run: str) -> str:
        """The type of a run's state."""
        return self.ask(f"flow_runs/{run}")["state"]["type"]

    def wait(self, run: str, *states: str) -> str:
        """The first of the states the run comes to."""
        for _ in range(180):
            state = self.state(run)
            if state in states:
                return state
            time.sleep(1)
        raise SystemExit(f"the run {run} is still {state}")

    def latest(self) -> str:
        """The id of the run begun last, or of the next that is due."""
        body = {"sort": "EXPECTED_START_TIME_DESC", "limit": 200}
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        body |= {"flow_runs": {"expected_start_time": {"before_": now}}}
        return self.ask("flow_runs/filter", body)[0]["id"]

    def artifact(self, key: str) -> str:
        """The newest artifact of that key."""
        body = {"artifacts": {"key": {"any_": [key]}}, "sort": "CREATED_DESC", "limit": 1}
        return self.ask("artifacts/filter", body)[0]["data"]

    def scheduled(self) -> int:
        """How many runs are scheduled."""
        return self.ask(
            "flow_runs/count", {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
        )


def answer(server: Server, *asked: str) -> str:
    """What is asked on the command line, in one line."""
    match asked:
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
    sys.stdout.write(answer(Server(sys.argv[1]), *sys.argv[2:]) + "\n")
