"""What the webhook and the ping address receive, for each way a run can end."""

import gc
import json
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from operator import itemgetter
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings
from prefect.states import Running, Scheduled
from typer.testing import CliRunner

from flows import etl as etl_module
from flows import serve
from flows.etl import Outcome, etl
from spacex.cli import run_command
from spacex.cli.app import app
from spacex.errors import DataError, SpacexError
from spacex.extract.run_folder import Run
from spacex.notebook.run_index import PAGE, last_ended_run
from spacex.pipeline import automations, flow_alerts
from spacex.pipeline.abandoned_runs import clear
from spacex.pipeline.temporary_server import TemporaryServer
from spacex.settings import Settings, settings
from spacex.units import utc_now
from tests.conftest import NOBODY_HOME
from tests.flows.conftest import run, schedule_runs
from tests.replica import Replica, Status

pytestmark = pytest.mark.long

BEGUN = "auto 2026-11-28T18:47:16Z"
HOOK, PING = "hook", "ping/check"
SHORTEST_WAIT = timedelta(seconds=10)
"""What Prefect allows for an automation that waits."""


@pytest.fixture
def receiver(configure: Callable[..., Settings], tmp_path: Path) -> Iterator[Replica]:
    """A server that receives the alerts and pings of runs."""
    with Replica(tmp_path / "none") as server:
        configure(webhook_url=f"{server.url}/{HOOK}", ping_url=f"{server.url}/{PING}?create=1")
        yield server


def pings(receiver: Replica) -> list[str]:
    """Return the endings that the ping address received."""
    received = [endpoint for endpoint, _ in receiver.posted if endpoint.startswith(PING)]
    assert all(each.endswith("?create=1") for each in received)
    return [each.removeprefix(PING).removesuffix("?create=1") for each in received]


def alerts(receiver: Replica) -> list[tuple[str, str]]:
    """Return state and message of each alert."""
    found = [json.loads(body) for endpoint, body in receiver.posted if endpoint == HOOK]
    for each in found:
        begin = f"{each['flow']}, {each['flow_run']}: {each['state']}. {each['message']}"
        assert each["text"].startswith(begin)
        assert each["flow"] == etl.name
        assert re.fullmatch(r"\w+( as of .*)? \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", each["flow_run"])
    return [(each["state"], each["message"]) for each in found]


def ending_as(monkeypatch: pytest.MonkeyPatch, ending: Outcome | BaseException) -> None:
    """Let the stages of a run end like this, without executing them."""

    def stages(*_: object, **__: object) -> Outcome:
        if isinstance(ending, BaseException):
            raise ending
        return ending

    monkeypatch.setattr(etl_module, "run_stages", stages)


@pytest.fixture
def completing(published_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs complete, with the small data as the published ones."""
    ending_as(monkeypatch, Outcome("first", published_data / "starlink.db", Path("report.html")))


@pytest.mark.usefixtures("completing")
def test_a_success_is_pinged(receiver):
    assert run().state.name == "Completed"
    assert (alerts(receiver), pings(receiver)) == ([], ["/start", ""])


@pytest.mark.usefixtures("completing")
@pytest.mark.parametrize(("source", "is_reported"), [("auto", True), ("snapshot", False)])
def test_stale_data_are_reported_though_the_run_completed(configure, receiver, source, is_reported):
    configure(sources="celestrak")
    done = run(source=source)
    assert done.state.name == "Completed"
    message = "celestrak: no data, promised at most 38 h"
    warnings = [each.getMessage() for each in done.log if each.levelname == "WARNING"]
    assert warnings == ([f"Stale data: {message}"] if is_reported else [])
    assert alerts(receiver) == ([("Stale", message)] if is_reported else [])
    assert pings(receiver) == ["/start", "/fail" if is_reported else ""]


def test_a_failure_is_reported(receiver, monkeypatch):
    ending_as(monkeypatch, DataError("A table would shrink.", "Look at it."))
    run()
    assert alerts(receiver) == [("Failed", "A table would shrink. Look at it.")]
    assert pings(receiver) == ["/start", "/fail"]


def test_a_crash_is_reported(receiver, monkeypatch):
    ending_as(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        run()
    ((state, message),) = alerts(receiver)
    assert (state, bool(message)) == ("Crashed", True)
    assert pings(receiver) == ["/start", "/fail"]


def test_an_interrupted_run_says_so_in_its_folder(configure, monkeypatch):
    config = configure()

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(etl_module, "run_stage", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(source="sample")
    found = last_ended_run(config.runs_dir)["last_ended_run"]
    assert found["state"] == "crashed"
    assert found["failure"]
    page = (config.runs_dir / PAGE).read_text()
    assert "<span class='state crashed'>crashed</span>" in page
    assert "source=sample" in page


def failed_command(*arguments: str) -> str:
    """Return why `spacex run` failed, in this process."""
    done = CliRunner().invoke(app, ["run", "--verbose", *arguments])
    assert isinstance(done.exception, SpacexError)
    return str(done.exception)


@pytest.mark.parametrize(
    ("changed", "arguments", "reason"),
    [
        ({"data_dir": "/dev/null/data"}, (), "SPACEX_DATA_DIR"),
        ({"attempts": "many"}, (), "SPACEX_ATTEMPTS='many'"),
        ({"webhook_url": "none", "attempts": "many"}, (), "SPACEX_WEBHOOK_URL='***'"),
        ({}, ("--only", "rokets"), "Unknown endpoint rokets"),
    ],
)
def test_a_run_that_cannot_start_is_reported(configure, receiver, changed, arguments, reason):
    with suppress(SpacexError):
        configure(**changed)
    error = failed_command(*arguments)
    assert reason in error
    assert alerts(receiver) == ([] if "webhook_url" in changed else [("Failed", error)])
    assert pings(receiver) == ["/fail"]


def test_a_run_that_does_not_reach_prefects_server_is_reported(receiver, monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", NOBODY_HOME)
    with temporary_settings({PREFECT_API_URL: NOBODY_HOME, PREFECT_CLIENT_MAX_RETRIES: 0}):
        error = failed_command()
    assert error.startswith("Prefect stopped the run: ")
    assert alerts(receiver) == [("Failed", error)]
    assert pings(receiver) == ["/fail"]


@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket")  # Prefect leaves it open
def test_a_server_that_refuses_the_password_is_told_from_one_that_is_down(receiver, monkeypatch):
    with Replica(Path("/none")) as server:
        server.script("admin/version", Status(401))
        monkeypatch.setenv("PREFECT_API_URL", server.url)
        with temporary_settings({PREFECT_API_URL: server.url}):
            error = failed_command()
    gc.collect()
    assert error.startswith("Prefect stopped the run: its server refuses the password of this")
    assert alerts(receiver) == [("Failed", error)]


def test_a_failure_of_the_command_is_reported_once(receiver, monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", PREFECT_API_URL.value())
    ending_as(monkeypatch, DataError("A table would shrink."))
    assert failed_command() == "A table would shrink."
    assert alerts(receiver) == [("Failed", "A table would shrink.")]
    assert pings(receiver) == ["/start", "/fail"]


def test_a_command_that_is_stopped_before_the_run_is_reported(receiver, monkeypatch):
    monkeypatch.setattr(run_command, "run", lambda *_, **__: signal.raise_signal(signal.SIGINT))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # tests may ignore it
    try:
        assert CliRunner().invoke(app, ["run"]).exit_code == 130
    finally:
        signal.signal(signal.SIGINT, before)
    assert alerts(receiver) == [("Crashed", "KeyboardInterrupt")]
    assert pings(receiver) == ["/fail"]


def test_an_alert_links_to_prefects_page_of_the_run(receiver, monkeypatch):
    ending_as(monkeypatch, DataError("Failed."))
    done = run()
    (alert,) = (json.loads(body) for endpoint, body in receiver.posted if endpoint == HOOK)
    page = f"/runs/flow-run/{done.state.state_details.flow_run_id}"
    assert alert["page"] == PREFECT_API_URL.value().removesuffix("/api") + page
    assert alert["text"].endswith(page)


@pytest.mark.parametrize("reports_url", ["", "http://127.0.0.1:8866/reports"])
def test_an_alert_without_a_lasting_server_links_to_the_page_of_the_run(
    configure, receiver, monkeypatch, reports_url
):
    config = configure(reports_url=reports_url)
    monkeypatch.setattr(TemporaryServer, "is_used", True)

    def extract(_: Settings, __: object, run: Run) -> None:
        (run.folder / "10_extract.html").touch()
        raise DataError(f"Failed. See {run.folder / '10_extract.html'}")

    monkeypatch.setattr(etl_module, "run_stage", extract)
    run(source="sample")
    (alert,) = (json.loads(body) for endpoint, body in receiver.posted if endpoint == HOOK)
    (page,) = config.runs_dir.glob("*/10_extract.html")
    assert alert["page"] == (
        f"{reports_url}/{page.parent.name}/{page.name}" if reports_url else page.as_uri()
    )
    # A file that the message names is not named twice.
    assert alert["text"].endswith(f"{page} {alert['page']}" if reports_url else f"See {page}")


def test_a_busy_receiver_is_asked_again(receiver, monkeypatch):
    ending_as(monkeypatch, DataError("Failed."))
    receiver.script(HOOK, Status(503), Status(204))
    done = run()
    assert len(alerts(receiver)) == 2
    assert not any("The webhook" in line for line in done.lines)


@pytest.mark.attack("read the webhook's secret in the log of a run", "not logged")
@pytest.mark.parametrize(("status", "times"), [(404, ""), (500, " three times")])
def test_a_receiver_that_refuses_is_named_without_its_url(receiver, monkeypatch, status, times):
    ending_as(monkeypatch, DataError("Failed."))
    receiver.script(HOOK, Status(status))
    (line,) = (each for each in run().log if "The webhook" in each.getMessage())
    assert line.getMessage() == f"The webhook answered {status}{times}"
    assert line.is_notice
    assert pings(receiver) == ["/start", "/fail"]


@pytest.mark.attack("read the webhook's secret in the log of a run, from retries", "not logged")
def test_an_unreachable_receiver_is_logged_with_its_run_and_without_its_path(
    configure, monkeypatch, caplog
):
    unreachable = "http://127.0.0.1:1/secret"
    configure(webhook_url=unreachable, ping_url=unreachable)
    ending_as(monkeypatch, DataError("Failed."))
    done = run()
    assert not [each for each in caplog.records if "secret" in each.getMessage()]
    lines = [each for each in done.log if "was not reached" in each.getMessage()]
    assert len(lines) == 3
    assert {each.flow_run_id for each in lines} == {str(done.state.state_details.flow_run_id)}


def test_crashed_and_missed_runs_are_reported_at_the_next_start(receiver):
    with get_client(sync_client=True) as client:
        deployment = serve.deployment().apply()
        running = client.create_flow_run_from_deployment(deployment)
        client.set_flow_run_state(running.id, Running(), force=True)
        start = utc_now() - timedelta(days=2)
        past = {"start_time": start.isoformat(), "end_time": utc_now().isoformat(), "min_runs": 2}
        schedule_runs(client, deployment, **past)
        clear(client, deployment)
    crashed, (state, message) = alerts(receiver)
    assert crashed == ("Crashed", "Its process died.")
    assert state == "Missed"
    assert message.startswith("2 scheduled runs, the first of ")
    assert pings(receiver) == ["/fail", "/fail"]


def test_what_an_alert_met_is_logged_with_the_name_that_the_alert_gives_the_run(configure, caplog):
    configure(webhook_url=f"{NOBODY_HOME}/hook")
    with get_client(sync_client=True) as client:
        begun = client.create_flow_run(
            etl, name="shy-fox", state=Running(), parent_task_run_id=None, parameters={}
        )
    flow_alerts.report(begun, "Crashed", "Its process died.")
    (record,) = [each for each in caplog.records if "not reached" in each.getMessage()]
    assert re.fullmatch(r"auto \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", record.flow_run_name)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, prefect_api: str) -> Iterator[SyncPrefectClient]:
    """A real server, without automations; those registered wait for ten seconds only.

    The server looks at an automation again after the time that it waits for.
    """
    monkeypatch.setattr(automations, "SILENCE", SHORTEST_WAIT)
    monkeypatch.setattr(automations, "LATE", SHORTEST_WAIT)
    with temporary_settings({PREFECT_API_URL: prefect_api}), get_client(sync_client=True) as client:
        forget_automations(client)
        yield client
        forget_automations(client)


def forget_automations(client: SyncPrefectClient) -> None:
    for automation in client.read_automations():
        client.delete_automation(automation.id)


def test_the_server_reports_silent_and_late_runs(receiver, prefect_api, impatient):
    for _ in range(2):
        automations.register(impatient, settings().webhook_url, watches_workers=True)
    silent, late = (
        impatient.create_flow_run(
            etl, name=name, state=state, parent_task_run_id=None, parameters={"as_of": as_of}
        )
        for name, as_of, state in ((BEGUN, '"2026"', Running()), ("shy-fox", "", Scheduled()))
    )
    events = [
        {
            "id": str(uuid4()),
            "event": f"prefect.flow-run.{event}",
            "occurred": (utc_now() - SHORTEST_WAIT).isoformat(),
            "resource": {"prefect.resource.id": f"prefect.flow-run.{flow_run.id}"},
            "related": [
                {
                    "prefect.resource.id": f"prefect.flow.{flow_run.flow_id}",
                    "prefect.resource.role": "flow",
                    "prefect.resource.name": etl.name,
                }
            ],
            "payload": {},
        }
        for event, flow_run in (("heartbeat", silent), ("Late", late))
    ]
    httpx.post(f"{prefect_api}/events", json=events).raise_for_status()
    deadline = time.monotonic() + 120
    while len(receiver.posted) < 2 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert sorted(alerts(receiver)) == [
        ("Crashed", "Its worker stopped sending heartbeats."),
        ("Late", "It has been due for over ten minutes and has not started."),
    ]
    assert impatient.read_flow_run(silent.id).state.is_crashed()
    sent = [json.loads(body) for _, body in receiver.posted]
    crash, delay = sorted(sent, key=itemgetter("state"))
    runs = f"{prefect_api.removesuffix('/api')}/runs/flow-run"
    pages = [f"{runs}/{each.id}" for each in (silent, late)]
    assert [crash["page"], delay["page"]] == pages
    assert crash["flow_run"] == BEGUN
    assert delay["text"].endswith(f"and has not started. {pages[1]}")


def test_a_crash_has_the_name_that_the_run_gave_itself(receiver):
    """Who watches a process knows its run by the name of before."""
    with get_client(sync_client=True) as client:
        former = client.create_flow_run(etl, parent_task_run_id=None, state=Running())
        client.update_flow_run(former.id, name=BEGUN)
    flow_alerts.report(former, "Crashed", "Its process died.")
    (alert,) = (json.loads(body) for endpoint, body in receiver.posted if endpoint == HOOK)
    assert alert["flow_run"] == BEGUN
