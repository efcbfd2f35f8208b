"""Requests of the serving process to a real Prefect server."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentUpdate, WorkPoolCreate
from prefect.client.schemas.objects import State, StateType
from prefect.runner import Runner
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings
from prefect.states import Failed, Pending, Running, Scheduled

from flows import serve
from flows.etl import etl
from flows.report import report
from spacex.cli.doctor import prefect_state
from spacex.errors import PrefectError, SettingsError
from spacex.notebook.reports.report_plan import plan_path
from spacex.pipeline import automations, deployment_changes
from spacex.pipeline.abandoned_runs import clear
from spacex.pipeline.deployment_changes import LIMIT
from spacex.settings import PROJECT, Settings
from spacex.units import utc_now
from tests.conftest import NOBODY_HOME
from tests.flows.conftest import schedule_runs
from tests.replica import Replica


@pytest.fixture
def client() -> Iterator[SyncPrefectClient]:
    with get_client(sync_client=True) as client:
        yield client


@pytest.fixture
def deployment_id(configure: Callable[..., Settings]) -> UUID:  # noqa: ARG001 - its settings apply
    return asyncio.run(serve.deployment().aapply())


def test_the_deployment_is_scheduled_and_runs_one_at_a_time(client, configure, deployment_id):
    deployment = client.read_deployment(deployment_id)
    assert (deployment.name, deployment.tags) == ("etl", ["spacex"])
    assert deployment.global_concurrency_limit.limit == 1
    assert deployment.concurrency_options.collision_strategy == "ENQUEUE"
    (schedule,) = deployment.schedules
    assert (schedule.active, schedule.schedule.cron) == (True, configure().schedule)
    parameters = {"source", "base_url", "only", "as_of", "accept_shrink"}
    assert set(deployment.parameter_openapi_schema["properties"]) == parameters


def test_the_server_schedules_runs(client, deployment_id):
    # Servers failed here with newer versions of the libraries that Prefect uses.
    schedule_runs(client, deployment_id, min_runs=2)
    scheduled = client.get_scheduled_flow_runs_for_deployments(
        [deployment_id], scheduled_before=utc_now() + timedelta(days=3), limit=10
    )
    # The other tests' runs of the deployment are on the same server.
    assert sum(run.auto_scheduled for run in scheduled) >= 2


def test_a_schedule_that_prefect_refuses_is_named(configure, monkeypatch):
    configure()
    refused = serve.options() | {"cron": "@never"}
    monkeypatch.setattr(serve, "options", lambda: refused)
    with pytest.raises(SettingsError, match=r"SPACEX_SCHEDULE=.* is not a cron schedule"):
        serve.deployment()


def test_runs_of_a_killed_process_are_marked_as_crashed(client, deployment_id):
    def create_run(state: State) -> UUID:
        run = client.create_flow_run_from_deployment(deployment_id)
        client.set_flow_run_state(run.id, state, force=True)
        return run.id

    running, pending = create_run(Running()), create_run(Pending())
    requested = create_run(Scheduled(scheduled_time=utc_now() - timedelta(hours=1)))
    other = client.create_flow_run(etl, parent_task_run_id=None, state=Running()).id
    clear(client, deployment_id)
    states = [client.read_flow_run(run).state for run in (running, pending, requested, other)]
    assert [state.type for state in states] == [
        *[StateType.CRASHED] * 2,
        StateType.SCHEDULED,
        StateType.RUNNING,  # not a run of the deployment
    ]
    assert states[0].message == "Its process died."


def test_prefect_yaml_defines_the_same_deployment():
    (deployment,) = yaml.safe_load((PROJECT / "prefect.yaml").read_text())["deployments"]
    assert deployment["name"] == serve.NAME
    options = serve.options()
    assert deployment["tags"] == options["tags"]
    assert deployment["description"] == options["description"]
    assert deployment["entrypoint"] == "flows/etl.py:etl"
    limit, strategy = LIMIT.limit, LIMIT.collision_strategy.value
    assert deployment["concurrency_limit"] == {"limit": limit, "collision_strategy": strategy}


def test_the_compose_file_has_the_default_schedule():
    cron = Settings.model_fields["schedule"].default
    assert f"${{SPACEX_SCHEDULE:-{cron}}}" in (PROJECT / "docker-compose.yml").read_text()


@pytest.fixture
def requested(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The runs that are requested; the process serves nothing."""

    async def start(_: Runner) -> None:
        """Serve nothing."""

    runs: list[str] = []
    monkeypatch.setattr(Runner, "start", start)
    monkeypatch.setattr(serve, "run_deployment", lambda *_, **__: runs.append("run"))
    return runs


@pytest.fixture
def tampered(client: SyncPrefectClient, deployment_id: UUID, tmp_path: Path) -> Iterator[Path]:
    """Change the deployment so that it runs a shell script; yield the file that this creates."""
    proof = tmp_path / "attacked"
    step = {"prefect.deployments.steps.run_shell_script": {"script": f"touch {proof}"}}
    schedule = {
        "schedule": {"cron": "0 0 1 1 *"},
        "parameters": {"base_url": "http://attacker.example"},
    }
    change = {
        "pull_steps": [step],
        "parameters": {"source": "sample"},
        "schedules": [schedule],
    }
    client.request("PATCH", "/deployments/{id}", path_params={"id": deployment_id}, json=change)
    yield proof
    client.delete_deployment(deployment_id)


@pytest.mark.attack(
    "name a script, or the entry point of another flow, in the deployment",
    "the flow of this software runs",
)
def test_a_runner_executes_its_own_flow_and_hooks_whatever_the_server_names(
    client, deployment_id, tampered
):
    runner = Runner(pause_on_shutdown=False)
    serve.register(client, runner)
    assert runner._deployment_registry.get_flow(deployment_id) is etl
    assert not tampered.exists()


@pytest.mark.attack("leave a changed deployment behind", "put right at the next start")
@pytest.mark.attack(
    "change what runs execute without anybody noticing", "a warning in the log, and an alert"
)
@pytest.mark.usefixtures("requested")
def test_a_deployment_changed_by_others_is_reported_and_put_right(
    client, deployment_id, tampered, capsys, configure
):
    with Replica(Path("/none")) as receiver:
        configure(webhook_url=f"{receiver.url}/hook", log="json")
        serve.main()
        serve.main()  # all is right
    ((_, body),) = receiver.posted
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["levelname"] for each in lines] == ["WARNING"] * 3
    script, parameters, schedule = (each["message"] for each in lines)
    assert f"touch {tampered}" in script
    assert "parameters {'source': 'sample'} instead of {}" in parameters
    assert "'parameters': {'base_url': 'http://attacker.example'}" in schedule
    alert = json.loads(body)
    assert alert["text"].startswith(
        "spacex-etl, deployment etl: Changed. It was changed and is put "
    )
    assert f"touch {tampered}" in alert["message"]
    assert serve.foreign_changes(serve.registered(client)) == {}
    assert client.read_deployment(deployment_id).pull_steps is None


LATE_RUNS = automations.late_runs(None).name
ALTERED = [
    ({"enabled": False}, "enabled False instead of True", "WARNING"),
    ({"trigger": {"within": 31536000.0}}, "within': 31536000.0", "WARNING"),
    ({"actions": [{"type": "pause-automation", "source": "inferred"}]}, "pause-autom", "WARNING"),
    ({"actions_on_trigger": [{"type": "do-nothing"}]}, "'do-nothing'", "WARNING"),
    ({"description": "x"}, "description 'x' instead of ''", "INFO"),
]


@pytest.fixture
def alter_automation(client: SyncPrefectClient) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Return a function that changes an automation on the server; it needs one start before."""

    def alter(change: dict[str, Any]) -> None:
        (former,) = client.read_automations_by_name(LATE_RUNS)
        sent = former.model_dump(mode="json", exclude={"id", "owner_resource"})
        trigger = sent["trigger"] | change.get("trigger", {})
        sent |= change | {"trigger": trigger}
        path = {"id": former.id}
        client.request("PUT", "/automations/{id}", path_params=path, json=sent)

    yield alter
    for each in client.read_automations():
        client.delete_automation(each.id)


@pytest.mark.attack(
    "switch off the automation that reports runs that do not start, or have it wait for a year",
    "a warning in the log, and an alert; put right at the next start",
)
@pytest.mark.parametrize("altered", ALTERED, ids=lambda each: next(iter(each[0])))
@pytest.mark.usefixtures("requested", "deployment_id")
def test_an_automation_changed_by_others_is_reported_and_put_right(
    client, alter_automation, capsys, configure, altered, seen_by_doctor
):
    change, said, level = altered
    with Replica(Path("/none")) as receiver:
        configure(webhook_url=f"{receiver.url}/hook", log="json")
        serve.main()
        assert of_automations(seen_by_doctor()) == []
        alter_automation(change)
        ((state, text),) = of_automations(seen_by_doctor())
        assert (state, said in text) == ("fault" if level == "WARNING" else "note", True)
        serve.main()
        serve.main()  # all is right
        assert of_automations(seen_by_doctor()) == []
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (line,) = lines
    assert line["message"].startswith(
        f"The automation {LATE_RUNS!r} differs from the settings; put ri"
    )
    assert (said in line["message"], line["levelname"]) == (True, level)
    told = [json.loads(body)["text"] for _, body in receiver.posted]
    subject = f"spacex-etl, automation {LATE_RUNS!r}: Changed. It was changed and is put right"
    assert [each.startswith(subject) for each in told] == [True] * (level == "WARNING")
    (former,) = client.read_automations_by_name(LATE_RUNS)
    assert (former.enabled, former.trigger.within) == (True, automations.LATE)
    assert (former.description, former.actions_on_trigger) == ("", [])
    assert [each.type for each in former.actions] == ["call-webhook"]


@pytest.mark.usefixtures("requested", "deployment_id", "alter_automation")
def test_doctor_finds_missing_automations_and_alerts_to_another_address(
    client, configure, seen_by_doctor
):
    configure(webhook_url=f"{NOBODY_HOME}/hook")
    serve.main()
    block = client.read_block_document_by_name("spacex-alerts", "webhook")
    path = f"/block_documents/{block.id}"
    client.request(
        "PATCH", path, json={"data": {"url": "http://evil"}, "merge_existing_data": True}
    )
    (redirected,) = of_automations(seen_by_doctor())
    for each in client.read_automations():
        client.delete_automation(each.id)
    client.delete_block_document(block.id)
    gone = f"Prefect's server lacks the automation {LATE_RUNS!r}."
    assert of_automations(seen_by_doctor()) == [("fault", gone), redirected]
    assert redirected[0] == "fault"
    assert "go to another address than SPACEX_WEBHOOK_URL" in redirected[1]


def of_automations(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [each for each in found if "automation" in each[1]]


def without_automations(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [each for each in found if "automation" not in each[1]]


@pytest.mark.usefixtures("requested", "deployment_id", "alter_automation")
def test_a_webhook_that_is_set_is_no_alert(capsys, configure):
    serve.main()
    with Replica(Path("/none")) as receiver:
        configure(webhook_url=f"{receiver.url}/hook")
        serve.main()
    lines = capsys.readouterr().out.splitlines()
    assert [line[:50] for line in lines] == [f"• The automation {LATE_RUNS!r} differs"[:50]]
    assert receiver.posted == []


@pytest.mark.usefixtures("requested", "deployment_id", "alter_automation")
def test_a_foreign_automation_is_named_and_stays(client, capsys):
    serve.main()
    foreign = automations.late_runs(None).model_copy(update={"name": "Mine\nand yours"})
    client.create_automation(foreign)
    client.create_automation(automations.late_runs(None))  # another one of the same name
    capsys.readouterr()
    serve.main()
    lines = capsys.readouterr().out.splitlines()
    stays = "on Prefect's server is not of this software; it stays."
    assert sorted(lines) == [
        f"• The automation {LATE_RUNS!r} {stays}",
        f"• The automation 'Mine\\nand yours' {stays}",
    ]
    assert len(client.read_automations()) == 3


PLAN = """
[[report]]
report = "place"
parameters = { place = "Berlin" }
cron = "0 15 * * *"
"""


@pytest.fixture
def reports_id(client: SyncPrefectClient, configure: Callable[..., Settings]) -> Iterator[UUID]:
    """The deployment of reports, as registered for a plan with one on a schedule."""
    plan = plan_path(configure())
    plan.parent.mkdir()
    plan.write_text(PLAN)
    serve.register_reports(client, Runner(pause_on_shutdown=False))
    registered = serve.registered(client, serve.REPORTS)
    yield registered.id
    client.delete_deployment(registered.id)


@pytest.mark.attack(
    "leave a changed deployment of reports behind",
    "a warning in the log, and an alert; put right at the next start",
)
@pytest.mark.usefixtures("requested")
def test_a_deployment_of_reports_changed_by_others_is_reported_and_put_right(
    client, reports_id, capsys, configure
):
    step = {"prefect.deployments.steps.run_shell_script": {"script": "touch attacked"}}
    change = {
        "pull_steps": [step],
        "parameters": {"webhook": True},
        "concurrency_limit": 5,
        "concurrency_options": {"collision_strategy": "CANCEL_NEW"},
    }
    client.request("PATCH", "/deployments/{id}", path_params={"id": reports_id}, json=change)
    with Replica(Path("/none")) as receiver:
        configure(webhook_url=f"{receiver.url}/hook", log="json")
        serve.main()
        serve.main()  # all is right
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["levelname"] for each in lines] == ["WARNING", "WARNING", "INFO"]
    script, parameters, limit = (each["message"] for each in lines)
    assert script.startswith("The deployment report differs from the settings; put right: pull_st")
    assert "touch attacked" in script
    assert "parameters {'webhook': True} instead of {}" in parameters
    assert "concurrency_limit 5 instead of None" in limit
    ((_, body),) = receiver.posted
    assert json.loads(body)["text"].startswith("spacex-report, deployment report: Changed. ")
    assert client.read_deployment(reports_id).pull_steps is None


@pytest.mark.usefixtures("requested", "reports_id")
def test_a_changed_plan_of_reports_is_no_warning(client, configure, capsys):
    with Replica(Path("/none")) as receiver:
        plan_path(configure()).write_text(PLAN.replace("0 15", "0 16"))
        configure(webhook_url=f"{receiver.url}/hook", log="json")
        serve.main()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (line,) = lines
    assert (line["levelname"], receiver.posted) == ("INFO", [])
    (schedule,) = serve.registered(client, serve.REPORTS).schedules
    assert schedule.schedule.cron == "0 16 * * *"


@pytest.mark.usefixtures("requested", "deployment_id")
def test_a_changed_schedule_is_no_warning(client, configure, capsys):
    with Replica(Path("/none")) as receiver:
        configure(webhook_url=f"{receiver.url}/hook", log="json", schedule="0 6 * * *")
        serve.main()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (line,) = lines
    assert (line["levelname"], receiver.posted) == ("INFO", [])
    (schedule,) = serve.registered(client).schedules
    assert schedule.schedule.cron == "0 6 * * *"


OURS = "{'cron': '17 5 * * *'}"
EVERY_DAY = {"schedule": {"cron": "17 5 * * *"}}
OF_ANOTHER_ZONE = {"schedule": {"cron": "17 5 * * *", "timezone": "Asia/Tokyo"}}
CHANGES = (
    (
        {
            "path": "/evil",
            "enforce_parameter_schema": False,
            "work_pool_name": "evil",
            "schedules": [{"schedule": {"cron": "0 0 1 1 *"}}],
            "concurrency_limit": 50,
            "concurrency_options": {"collision_strategy": "CANCEL_NEW"},
        },
        [
            "path '/evil' instead of None",
            "enforce_parameter_schema False instead of True",
            "work_pool_name 'evil' instead of None",
            f"schedules [{{'cron': '0 0 1 1 *'}}] instead of [{OURS}]",
            "concurrency_limit 50 instead of 1",
            "collision_strategy 'CANCEL_NEW' instead of 'ENQUEUE'",
        ],
    ),
    (
        {"schedules": [], "concurrency_limit": None},
        [
            f"schedules [] instead of [{OURS}]",
            "concurrency_limit None instead of 1",
        ],
    ),
    (
        {"schedules": [EVERY_DAY, OF_ANOTHER_ZONE]},
        [f"schedules [{OURS[:-1]}, 'timezone': 'Asia/Tokyo'}}, {OURS}] instead of [{OURS}]"],
    ),
    (
        {"schedules": [{"schedule": {"cron": "0 0 1 1 *"}, "active": False}]},
        [
            f"schedules [{{'cron': '0 0 1 1 *'}}] instead of [{OURS}]",
            "concurrency_limit None instead of 1",
        ],
    ),
)
"""Change of the deployment → what differs. The limit is inactive with the last one."""


@pytest.mark.parametrize(("change", "differences"), CHANGES)
@pytest.mark.usefixtures("requested")
def test_each_change_of_a_deployment_is_reported_and_put_right(
    client, deployment_id, seen_by_doctor, capsys, change, differences
):
    client.create_work_pool(WorkPoolCreate(name="evil", type="process"), overwrite=True)
    client.request("PATCH", "/deployments/{id}", path_params={"id": deployment_id}, json=change)
    if change is CHANGES[-1][0]:
        limit = client.read_deployment(deployment_id).global_concurrency_limit
        path, of_limit = "/v2/concurrency_limits/{name}", {"name": limit.name}
        client.request("PATCH", path, path_params=of_limit, json={"active": False})
    found = without_automations(seen_by_doctor())
    faults = [text for state, text in found if state == "fault"]
    serve.main()
    lines = [each for each in capsys.readouterr().out.splitlines() if "automation" not in each]
    assert faults == [
        f"The deployment differs from the settings: {each}. Runs execute the flow of this software."
        for each in differences
    ]
    assert [line for line in lines if "is off" not in line] == [
        f"• The deployment etl differs from the settings; put right: {each}."
        for each in differences
    ]
    (schedule,) = client.read_deployment(deployment_id).schedules
    assert schedule.active == (change is not CHANGES[-1][0])  # what is switched off stays so
    assert serve.foreign_changes(serve.registered(client)) == {}


def test_with_a_work_pool_the_deployment_of_prefect_yaml_is_expected(
    client, deployment_id, requested, monkeypatch, configure, capsys
):
    monkeypatch.setenv("SPACEX_PROJECT_DIR", "/app")
    configure(work_pool="spacex")
    monkeypatch.setattr(serve.work_pool, "register", lambda _: None)
    monkeypatch.setattr(serve, "work", lambda _: None)
    folder = {"prefect.deployments.steps.set_working_directory": {"directory": "/app"}}
    change = {"entrypoint": "flows/etl.py:etl", "pull_steps": [folder], "work_pool_name": "spacex"}
    client.create_work_pool(WorkPoolCreate(name="spacex", type="process"), overwrite=True)
    client.request("PATCH", "/deployments/{id}", path_params={"id": deployment_id}, json=change)
    assert serve.foreign_changes(client.read_deployment(deployment_id)) == {}
    change["pull_steps"] = [{"prefect.deployments.steps.run_shell_script": {"script": "true"}}]
    client.request("PATCH", "/deployments/{id}", path_params={"id": deployment_id}, json=change)
    serve.main()
    assert "put right: pull_steps [{'prefect.deployments.steps.run_shell_script'" in (
        capsys.readouterr().out
    )
    assert requested == ["run"]
    client.delete_deployment(deployment_id)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo begun; echo 'a warning\nno such flow' >&2; exit 3", "no such flow"),
        ("echo 'begun\nno such flow'; exit 1", "no such flow"),
        ("exit 1", ""),
        ("echo registered; echo a warning >&2", None),
    ],
)
def test_why_a_deployment_is_not_registered_in_a_pool_is_told(
    monkeypatch, tmp_path, capfd, script, said
):
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    monkeypatch.setattr(serve.work_pool.sys, "executable", str(python))
    with nullcontext() if said is None else pytest.raises(PrefectError) as caught:
        serve.work_pool.register("spacex")
    if said is not None:
        assert caught.value.message == f"The deployment of prefect.yaml is not registered: {said}"
        assert caught.value.remedy == f"`prefect deploy --all` in {PROJECT} says more."
    assert capfd.readouterr() == ("", "")


def test_a_schedule_switched_off_stays_so_with_a_work_pool(
    client, deployment_id, requested, monkeypatch, configure
):
    schedule = configure(work_pool="spacex").schedule
    monkeypatch.setenv("PREFECT_API_URL", PREFECT_API_URL.value())
    monkeypatch.setenv("SPACEX_PROJECT_DIR", str(PROJECT))
    monkeypatch.setenv("SPACEX_SCHEDULE", schedule)
    monkeypatch.setattr(serve, "work", lambda _: None)
    switch(client, deployment_id, on=False)
    serve.main()
    registered = client.read_deployment(deployment_id)
    assert registered.work_pool_name == "spacex"
    assert [each.active for each in registered.schedules] == [False]
    assert serve.foreign_changes(registered) == {}
    assert requested == []
    client.delete_deployment(deployment_id)


def test_a_server_that_is_not_reached_is_named(configure):
    configure()
    unreachable = {PREFECT_API_URL: NOBODY_HOME, PREFECT_CLIENT_MAX_RETRIES: 0}
    with temporary_settings(unreachable), pytest.raises(PrefectError) as caught:
        serve.main()
    assert "spacex prefect` starts one" in caught.value.remedy


def switch(client: SyncPrefectClient, deployment_id: UUID, *, on: bool) -> None:
    """Switch the schedule, as Prefect's page does."""
    for each in client.read_deployment(deployment_id).schedules:
        path = "/deployments/{id}/schedules/{schedule}"
        where = {"id": deployment_id, "schedule": each.id}
        client.request("PATCH", path, path_params=where, json={"active": on})


def pause(client: SyncPrefectClient, deployment_id: UUID, *, on: bool) -> None:
    client.update_deployment(deployment_id, DeploymentUpdate(paused=not on))


@pytest.mark.parametrize("turn", [switch, pause])
def test_what_an_operator_stops_stays_off_and_no_run_is_requested(
    client, deployment_id, requested, capsys, configure, turn
):
    past = {"start_time": (utc_now() - timedelta(days=2)).isoformat(), "min_runs": 2}
    schedule_runs(client, deployment_id, **past)
    turn(client, deployment_id, on=False)
    with Replica(Path("/none")) as receiver:
        configure(webhook_url=f"{receiver.url}/hook")
        for _ in range(2):
            serve.main()
        assert deployment_changes.is_off(client.read_deployment(deployment_id))
        assert serve.foreign_changes(serve.registered(client)) == {}
    said = "• The deployment etl is paused or its schedule is off: no run is requested.\n"
    lines = capsys.readouterr().out.splitlines(keepends=True)
    assert [each for each in lines if "automation" not in each] == 2 * [said]
    assert (receiver.posted, requested) == ([], [])
    turn(client, deployment_id, on=True)
    serve.main()
    assert not deployment_changes.is_off(client.read_deployment(deployment_id))
    assert requested == ["run"]


def test_reports_are_served_on_request_and_on_the_schedules_of_the_plan(client, configure, capsys):
    plan = plan_path(configure())
    plan.parent.mkdir()
    plan.write_text(
        '[[report]]\nreport = "place"\nparameters = { place = "Berlin" }\ncron = "0 15 * * *"\n'
        'mail = ["me@example.org"]\n[[report]]\nreport = "week"\nafter_load = true\n'
    )
    runner = Runner(pause_on_shutdown=False)
    serve.register_reports(client, runner)
    deployment = serve.registered(client, serve.REPORTS)
    assert runner._deployment_registry.get_flow(deployment.id) is report
    (schedule,) = deployment.schedules
    assert (schedule.schedule.cron, schedule.parameters) == (
        "0 15 * * *",
        {
            "report": "place",
            "parameters": {"place": "Berlin"},
            "keep": 0,
            "mail": ["me@example.org"],
            "webhook": False,
        },
    )
    offered = deployment.parameter_openapi_schema["properties"]["report"]["enum"]
    assert set(offered) >= {"week", "launch", "satellite", "booster", "place", "fleet"}
    switch(client, deployment.id, on=False)
    serve.register_reports(client, runner)
    (off,) = client.read_deployment(deployment.id).schedules
    assert (off.active, off.parameters) == (False, schedule.parameters)
    client.update_deployment(deployment.id, DeploymentUpdate(paused=True))
    plan.write_text("[[report")
    serve.register_reports(client, runner)
    again = client.read_deployment(deployment.id)
    assert (again.paused, len(again.schedules)) == (True, 1)
    assert "reports.toml cannot be read" in capsys.readouterr().out
    plan.unlink()
    serve.register_reports(client, runner)
    assert client.read_deployment(deployment.id).schedules == []


@pytest.fixture
def seen_by_doctor(
    monkeypatch: pytest.MonkeyPatch, configure: Callable[..., Settings]
) -> Callable[[], list[tuple[str, str]]]:
    """What doctor says of the server: state and text of each diagnosis."""
    monkeypatch.setenv("PREFECT_API_URL", PREFECT_API_URL.value())
    return lambda: [(each.state, each.text) for each in prefect_state.prefect(configure())]


def test_doctor_knows_schedule_and_last_run(client, deployment_id, seen_by_doctor):
    schedule_runs(client, deployment_id, min_runs=1)
    run = client.create_flow_run(etl, parent_task_run_id=None, name="newest", state=Running())
    client.set_flow_run_state(run.id, Failed(message="A notebook stopped."), force=True)
    client.get_scheduled_flow_runs_for_deployments([deployment_id])  # as a process that serves
    server, is_open, schedule, last = without_automations(seen_by_doctor())
    assert server == (
        "ok",
        f"Prefect's server responds at {PREFECT_API_URL.value()} and accepts this client.",
    )
    assert is_open[0] == "note"
    assert "asks for no password" in is_open[1]
    assert schedule[0] == "ok"
    assert "next run: 20" in schedule[1]
    assert last[0] == "note"
    assert last[1].startswith("The last run, newest: Failed at ")
    assert last[1].endswith("A notebook stopped.")


def test_doctor_finds_a_paused_deployment(client, deployment_id, seen_by_doctor):
    client.update_deployment(deployment_id, DeploymentUpdate(paused=True))
    _, _, schedule, *_ = without_automations(seen_by_doctor())
    assert schedule == ("note", "The deployment is paused: no run starts on schedule.")
