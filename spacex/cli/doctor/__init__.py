"""`spacex doctor`: check this machine, the data, the services and Prefect, from where it runs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from rich.markup import escape

from spacex.cli.console import console
from spacex.cli.doctor import alert_addresses, machine, prefect_state, services, stored_data
from spacex.cli.doctor.diagnosis import Check, Diagnosis
from spacex.cli.doctor.place import as_json as place_as_json
from spacex.cli.doctor.place import container, place
from spacex.errors import SpacexError, masked
from spacex.extract.time_limit import within
from spacex.files import CHECK_DISK
from spacex.pipeline.prefect_settings import check_env_file
from spacex.settings import lenient_settings, notices

LIMITS_S: dict[Check, float] = {stored_data.files: 120, prefect_state.prefect: 60}
"""The time limits of checks that may need longer than `LIMIT_S`."""

LIMIT_S = 20.0

_DATA = (stored_data.files, stored_data.ages, stored_data.last_run)
_RUNS = (
    machine.python,
    machine.kernel,
    machine.used_proxies,
    machine.folder,
    machine.disks,
    machine.backups,
    machine.clock,
    *_DATA,
    services.archive,
    services.live_services,
)
_ELSEWHERE = (
    *_RUNS[:2],
    machine.chromium,
    machine.ports,
    *_RUNS[2:],
    prefect_state.prefect,
    alert_addresses.addresses,
)
_READERS = (
    machine.python,
    machine.own_server,
    machine.read_only,
    machine.disks,
    machine.clock,
    *_DATA,
)
CHECKS: dict[str, tuple[Check, ...]] = {
    "": _ELSEWHERE,
    "prefect-server": (machine.python, machine.disks, prefect_state.prefect),
    "etl-flow": (*_RUNS, prefect_state.prefect, alert_addresses.addresses),
    "worker": (*_RUNS, prefect_state.prefect, alert_addresses.addresses),
    "dashboard": _READERS,
    "api": _READERS,
    "jupyterlab": (machine.own_server, *_RUNS),
}
"""Container → its checks, in order; empty: a checkout or an installed wheel."""


def doctor(*, as_json: bool) -> int:
    """Print where this is and every diagnosis; return 1 if a run cannot work, 0 if it can.

    Invalid settings are diagnoses as well; the other checks then use the defaults.

    Args:
        as_json: print JSON for programs, at the end, instead of a line for each.
    """
    config, _ = lenient_settings()
    if not as_json:
        console().print(escape(place(config)))
    found = []
    for diagnosis in diagnoses():
        found.append(diagnosis)
        if not as_json:
            _print(diagnosis)
    if as_json:
        listed = [asdict(each) | {"text": masked(each.text)} for each in found]
        print(json.dumps({"place": place_as_json(config), "diagnoses": listed}, indent=2))  # noqa: T201 - for programs
    return int(any(each.state == "fault" for each in found))


def diagnoses() -> Iterator[Diagnosis]:
    """Yield what each check found; a check that takes too long is given up."""
    config, problems = lenient_settings()
    yield from _settings(problems)
    for check in CHECKS.get(container(), _ELSEWHERE):
        limit_s = LIMITS_S.get(check, LIMIT_S)
        try:
            yield from within(limit_s, lambda check=check: list(check(config)))  # type: ignore[misc]
        except TimeoutError:
            name = check.__name__.replace("_", " ")
            text = f"The check of {name} took more than {limit_s:g} s and was given up."
            yield Diagnosis("note", text, "Try again when this machine or network is less busy.")
        except OSError as error:
            text = f"{error.filename} cannot be read ({error.strerror})."
            yield Diagnosis("fault", text, CHECK_DISK)


def _print(diagnosis: Diagnosis) -> None:
    mark = {"ok": "[green]✓[/]", "note": "[yellow]•[/]", "fault": "[red]✗[/]"}[diagnosis.state]
    console().print(f"{mark} {escape(masked(diagnosis.text))}")
    if diagnosis.remedy:
        console().print(f"    → {escape(diagnosis.remedy)}")


def _settings(problems: Sequence[str]) -> Iterator[Diagnosis]:
    """Report invalid values, misspelt names and missing variables."""
    for problem in problems:
        yield Diagnosis("fault", f"{problem}.", "Correct it in the environment or .env.")
    try:
        check_env_file()
    except SpacexError as error:
        if error.message.rstrip(".") not in problems:  # of the same file
            yield Diagnosis("fault", error.message, error.remedy)
    for notice in notices():
        yield Diagnosis("note", notice)
