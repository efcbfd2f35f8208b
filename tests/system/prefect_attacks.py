"""Attack Prefect's server as a stranger: `prefect_attacks.py URL`. Fails if an attack succeeds.

Each attack is one request, as a local program, another container or a foreign page could send it.
"""

import http.client
import json
import sys
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import urlsplit

STEP = {"prefect.deployments.steps.run_shell_script": {"script": "touch /app/data/attacked"}}
DEPLOYMENT = {
    "name": "etl",
    "flow_id": "00000000-0000-0000-0000-000000000000",
    "pull_steps": [STEP],
}
WEBSOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "Origin": "http://attacker.example",
}
REFUSED = {400, 401, 403}


@dataclass(frozen=True)
class Attack:
    """One request of a stranger."""

    name: str
    method: str
    path: str
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)


ATTACKS = (
    Attack("read the deployment", "GET", "/api/deployments/name/spacex-etl/etl"),
    Attack("read runs", "POST", "/api/flow_runs/filter", {}),
    Attack("read logs", "POST", "/api/logs/filter", {}),
    Attack("read variables", "POST", "/api/variables/filter", {}),
    Attack("read the settings", "GET", "/api/admin/settings"),
    Attack("register a deployment with a shell script", "POST", "/api/deployments/", DEPLOYMENT),
    Attack("create an automation", "POST", "/api/automations/", {"name": "x", "actions": []}),
    Attack("create a block", "POST", "/api/block_documents/", {"name": "x"}),
    Attack("create a work pool", "POST", "/api/work_pools/", {"name": "x", "type": "process"}),
    Attack("clear the database", "POST", "/api/admin/database/clear", {"confirm": True}),
    Attack(
        "guess a password",
        "POST",
        "/api/flow_runs/filter",
        {},
        {"Authorization": "Basic YWRtaW46YWRtaW4="},
    ),
    Attack(
        "post from a foreign page without CORS",
        "POST",
        "/api/deployments/",
        DEPLOYMENT,
        {"Content-Type": "text/plain", "Origin": "http://attacker.example"},
    ),
    Attack("follow the logs over a websocket", "GET", "/api/logs/out", headers=WEBSOCKET),
    Attack("send events over a websocket", "GET", "/api/events/in", headers=WEBSOCKET),
    Attack(
        "reach the API under a name of one's own (DNS rebinding)",
        "GET",
        "/api/health",
        headers={"Host": "attacker.example:4200"},
    ),
    Attack(
        "reach the page under a name of one's own (DNS rebinding)",
        "GET",
        "/",
        headers={"Host": "attacker.example:4200"},
    ),
)


def main(url: str) -> str:
    """Send every attack, and check that the page cannot be framed."""
    statuses = {each.name: _send(url, each).status for each in ATTACKS}
    succeeded = [f"{name}: {status}" for name, status in statuses.items() if status not in REFUSED]
    if "frame-ancestors 'none'" not in _headers(url).get("content-security-policy", ""):
        succeeded.append("frame the page")
    if succeeded:
        raise SystemExit(f"not refused: {'; '.join(succeeded)}")
    return f"{len(ATTACKS) + 1} refused"


def _headers(url: str) -> dict[str, str]:
    found = _send(url, Attack("", "GET", "/")).getheaders()
    return {name.lower(): value for name, value in found}


def _send(url: str, attack: Attack) -> http.client.HTTPResponse:
    body = None if attack.body is None else json.dumps(attack.body)
    headers = {"Content-Type": "application/json"} | attack.headers
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)) as connection:
        connection.request(attack.method, attack.path, body, headers)
        with connection.getresponse() as response:
            return response


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1]) + "\n")
