"""Checks of Prefect: its server and password, the deployment, the schedule, and the last run."""

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from spacex.cli.doctor.diagnosis import Diagnosis
from spacex.cli.doctor.place import container
from spacex.cli.flow_module import flow_module
from spacex.errors import SettingsError, SpacexError
from spacex.pipeline.alerts import CHANGED_REMEDY
from spacex.pipeline.prefect_server import FLOW, PORT, sign_in, use_password
from spacex.pipeline.prefect_settings import check_settings
from spacex.settings import Settings, command
from spacex.units import utc_now, utc_text

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun, StateType
    from prefect.client.schemas.responses import DeploymentResponse

LATE = timedelta(minutes=1)
_DEPLOYMENT = f"{FLOW}/etl"
_SERVE = command("serve")
_LIMIT_S = 10
_UNAUTHORIZED, _NOT_FOUND = 401, 404


def prefect(config: Settings) -> Iterator[Diagnosis]:
    """Check that the server can be reached and knows this client, then what it says of the runs."""
    if container() == "prefect-server":
        os.environ.setdefault("PREFECT_API_URL", f"http://127.0.0.1:{PORT}/api")
    api = os.environ.get("PREFECT_API_URL", "").rstrip("/")
    auth = _auth(config) if api else ""  # first: Prefect reads where its password is when imported
    if any(name.startswith("PREFECT_") for name in os.environ):
        try:
            check_settings()
        except SettingsError as error:
            yield Diagnosis("fault", error.message, error.remedy)
            return
    if not api:
        yield Diagnosis("ok", "No Prefect server is set; each run starts a temporary one.")
        return
    problem = _problem(api, auth)
    yield problem or Diagnosis("ok", f"Prefect's server responds at {api} and accepts this client.")
    if (problem is None or problem.state == "note") and _is_open(api, auth):
        text = (
            f"Prefect's server at {api} asks for no password: programs and web pages of this "
            "machine can have it run code."
        )
        yield Diagnosis("note", text, f"End it, and start `{command('prefect')}` instead.")
    if problem is None:
        yield from _deployment(config)


def _is_open(api: str, auth: str) -> bool:
    """Return whether the server accepts a client without a password, as far as it responds."""
    try:
        return not auth or _get(api, "").status_code != _UNAUTHORIZED
    except requests.RequestException:
        return False


def _get(api: str, auth: str) -> requests.Response:
    """Request the deployment, with user and password if there are some."""
    user, _, password = auth.partition(":")
    with requests.Session() as session:
        session.auth = (user, password) if user else lambda request: request  # not of ~/.netrc
        return session.get(f"{api}/deployments/name/{_DEPLOYMENT}", timeout=_LIMIT_S)


def _problem(api: str, auth: str) -> Diagnosis | None:
    """Return why the deployment cannot be read, before the heavy import of Prefect."""
    try:
        response = _get(api, auth)
    except requests.RequestException as error:
        text = f"Prefect's server does not respond at {api} ({type(error).__name__})."
        remedy = "Start it, or unset PREFECT_API_URL."
        if container():
            remedy = "`docker compose logs prefect-server` says why."
        return Diagnosis("fault", text, remedy)
    if response.status_code == _UNAUTHORIZED:
        text = f"Prefect's server at {api} refuses the password of this client."
        remedy = "Set PREFECT_API_AUTH_STRING to its user and password."
        if container():
            remedy = "`docker compose up --detach --force-recreate` reads it again."
        return Diagnosis("fault", text, remedy)
    if response.status_code == _NOT_FOUND:
        text = f"Prefect's server at {api} has no deployment {_DEPLOYMENT}: nothing is scheduled."
        return Diagnosis("note", text, f"`{_SERVE}` registers it.")
    if not response.ok:
        text = f"Prefect's server at {api} returned {response.status_code}."
        return Diagnosis("fault", text, "Its log says why.")
    return None


def _auth(config: Settings) -> str:
    """Return user and password for the server; empty if there are none."""
    if given := os.environ.get("PREFECT_API_AUTH_STRING"):
        return given
    use_password(config.data_dir)
    named = os.environ.get("PREFECT_PROFILES_PATH")
    return sign_in(Path(named)) if named else ""


def _deployment(config: Settings) -> Iterator[Diagnosis]:
    """Report the deployment, automations, schedule and runs, as the server has them."""
    from httpx import HTTPError  # noqa: PLC0415 - Prefect's
    from prefect.exceptions import PrefectException  # noqa: PLC0415 - Prefect takes seconds

    try:
        serve = flow_module("serve")
        from prefect.client.orchestration import get_client  # noqa: PLC0415 - after the flows

        with get_client(sync_client=True) as client:
            deployment = serve.registered(client)
            if deployment is None:
                return
            if container() != "prefect-server":  # it does not have the settings of the deployment
                yield from _changes(serve.foreign_changes(deployment).values())
                yield from _automations(client, config)
            yield from _schedule(client, deployment)
            yield from _last_run(client)
    except SpacexError as error:
        yield Diagnosis("fault", error.message, error.remedy)
    except (HTTPError, PrefectException, RuntimeError) as error:
        text = f"Prefect's server stopped responding ({type(error).__name__})."
        yield Diagnosis("fault", text, "Its log says why.")


def _changes(found: Iterable[str]) -> Iterator[Diagnosis]:
    for change in found:
        text = (
            f"The deployment differs from the settings: {change}. "
            "Runs execute the flow of this software."
        )
        yield Diagnosis("fault", text, f"`{_SERVE}` puts it right. {CHANGED_REMEDY}")


def _automations(client: "SyncPrefectClient", config: Settings) -> Iterator[Diagnosis]:
    """Report automations that are missing or changed: they notice what no process can report."""
    from spacex.pipeline import automations  # noqa: PLC0415 - see `_deployment`

    missing, changes = automations.differences(
        client, config.webhook_url, watches_workers=bool(config.work_pool)
    )
    for name in missing:
        text = f"Prefect's server lacks the automation {name!r}."
        yield Diagnosis("fault", text, f"`{_SERVE}` registers it. {CHANGED_REMEDY}")
    for each in changes:
        text = f"The automation {each.automation!r} differs from the settings: {each.text}."
        remedy = f"`{_SERVE}` puts it right. {CHANGED_REMEDY}"
        yield Diagnosis("fault" if each.is_serious else "note", text, remedy)


def _schedule(client: "SyncPrefectClient", deployment: "DeploymentResponse") -> Iterator[Diagnosis]:
    """Report whether runs are scheduled, and whether a process takes them."""
    from prefect.client.schemas.objects import StateType  # noqa: PLC0415 - see `_deployment`

    if deployment.paused:
        text = "The deployment is paused: no run starts on schedule."
        yield Diagnosis("note", text, "Resume it on Prefect's page.")
        return
    if not any(each.active for each in deployment.schedules):
        text = "The deployment has no active schedule: no run starts by itself."
        remedy = (
            "Switch it on on Prefect's page." if deployment.schedules else f"`{_SERVE}` adds it."
        )
        yield Diagnosis("note", text, remedy)
        return
    if deployment.status and deployment.status.value == "NOT_READY":
        text = "No process takes the runs of the deployment."
        yield Diagnosis("note", text, f"`{_SERVE}` starts one.")
    due = _run(client, "EXPECTED_START_TIME_ASC", [StateType.SCHEDULED])
    if due is None or due.expected_start_time is None:
        yield Diagnosis("note", "No run is scheduled yet.", "Wait a minute, then look again.")
        return
    when = utc_text(due.expected_start_time)
    if due.expected_start_time < utc_now() - LATE:
        text = f"A run has been due since {when} and has not started."
        yield Diagnosis("note", text, f"It waits for another run, or for `{_SERVE}`.")
    else:
        yield Diagnosis("ok", f"The deployment is registered and active; next run: {when}.")


def _last_run(client: "SyncPrefectClient") -> Iterator[Diagnosis]:
    """Report how the last run ended, or since when it goes on."""
    from prefect.client.schemas.objects import StateType  # noqa: PLC0415 - see `_deployment`

    begun = [each for each in StateType if each != StateType.SCHEDULED]
    run = _run(client, "START_TIME_DESC", begun)
    if run is None or run.state is None:
        yield Diagnosis("note", "Prefect knows of no run.")
        return
    is_well = run.state.is_running() or run.state.is_pending() or run.state.is_completed()
    text = f"The last run, {run.name}: {run.state.name} at {utc_text(run.state.timestamp)}."
    message = "" if run.state.is_running() else (run.state.message or "")
    yield Diagnosis("ok" if is_well else "note", f"{text} {message}".strip())


def _run(client: "SyncPrefectClient", sort: str, states: "Sequence[StateType]") -> "FlowRun | None":
    """Return the first run of the flow in one of these states; None if there is none."""
    from prefect.client.schemas import filters, sorting  # noqa: PLC0415 - see `_deployment`

    name, types = (
        filters.FlowFilterName(any_=[FLOW]),
        filters.FlowRunFilterStateType(any_=[*states]),
    )
    runs = client.read_flow_runs(
        flow_filter=filters.FlowFilter(name=name),
        flow_run_filter=filters.FlowRunFilter(state=filters.FlowRunFilterState(type=types)),
        sort=sorting.FlowRunSort(sort),
        limit=1,
    )
    return next(iter(runs), None)
