"""`spacex doctor`: check this machine, the data and the services."""

import json
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

from rich.markup import escape

from spacex.cli.console import console
from spacex.errors import SpacexError, masked
from spacex.extract.http_client import Client, Limits
from spacex.files import check_folder
from spacex.pipeline.prefect_settings import check_env_file
from spacex.pipeline.proxies import check_network, proxies, without_password
from spacex.settings import RUN_COMMAND, Settings, command, lenient_settings, notices
from spacex.sources import SERVICES, SPACEXDATA
from spacex.units import counted, utc_now, utc_text

_MOST_PROBLEMS = 10
PORTS = {4200: "Prefect", 8866: "the dashboard", 8888: "JupyterLab"}


@dataclass(frozen=True)
class Diagnosis:
    """The result of one check.

    Attributes:
        state: `ok`; `note` if a run works nevertheless; `fault` if not.
        text: the result.
        remedy: what to do; empty if nothing.
    """

    state: str
    text: str
    remedy: str = ""


def doctor(*, as_json: bool) -> int:
    """Print every diagnosis; return 1 if a run cannot work, 0 if it can.

    Invalid settings are diagnoses, too; the other checks then use the defaults.

    Args:
        as_json: print JSON for programs, at the end, instead of a line for each.
    """
    found = []
    for diagnosis in diagnoses():
        found.append(diagnosis)
        if not as_json:
            _print(diagnosis)
    if as_json:
        listed = [asdict(each) | {"text": masked(each.text)} for each in found]
        print(json.dumps({"diagnoses": listed}, indent=2))  # noqa: T201 - for programs
    return int(any(each.state == "fault" for each in found))


def diagnoses() -> Iterator[Diagnosis]:
    """Yield what each check found."""
    config, problems = lenient_settings()
    yield from _settings(problems)
    for check in CHECKS:
        yield from check(config)


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


def used_proxies(_: Settings) -> Iterator[Diagnosis]:
    """Report the proxies that requests to the services use."""
    try:
        check_network()
    except SpacexError as error:
        yield Diagnosis("fault", error.message, error.remedy)
        return
    for scheme, proxy in proxies().items():
        addresses = "addresses" if scheme == "all" else f"{scheme} addresses"
        text = f"Requests to {addresses} use the proxy {without_password(proxy)}"
        yield Diagnosis("ok", f"{text}; this machine is exempt.")


def python(_: Settings) -> Iterator[Diagnosis]:
    """Report the Python version."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Diagnosis("ok", f"Python {version} at {sys.executable}")


def kernel(_: Settings) -> Iterator[Diagnosis]:
    """Find the Jupyter kernel of the notebooks."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel  # noqa: PLC0415 - heavy

    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        yield Diagnosis(
            "fault", "There is no Jupyter kernel python3.", "Install the package ipykernel."
        )
        return
    yield Diagnosis("ok", f"Jupyter kernel python3 in {spec.resource_dir}")


def chromium(_: Settings) -> Iterator[Diagnosis]:
    """Find the browser for the tests."""
    if found := shutil.which("chromium"):
        yield Diagnosis("ok", f"Chromium at {found}")
    else:
        remedy = "On Debian: apt-get install chromium."
        yield Diagnosis("note", "No Chromium: the browser tests are skipped.", remedy)


def ports(_: Settings) -> Iterator[Diagnosis]:
    """Check whether the ports of the servers are free."""
    for port, name in PORTS.items():
        with socket.socket() as probe:
            taken = probe.connect_ex(("127.0.0.1", port)) == 0
        if taken:
            remedy = "If another program uses it, stop that."
            yield Diagnosis("note", f"Port {port} is in use, as it is when {name} runs.", remedy)
        else:
            yield Diagnosis("ok", f"Port {port} is free for {name}.")


def folder(config: Settings) -> Iterator[Diagnosis]:
    """Check that the data folder is writable."""
    try:
        check_folder(config.data_dir, "SPACEX_DATA_DIR")
    except SpacexError as error:
        yield Diagnosis("fault", error.message, error.remedy)


def disks(config: Settings) -> Iterator[Diagnosis]:
    """Check that each disk has the space that a run needs."""
    from spacex.pipeline.disk_space import spaces  # noqa: PLC0415 - heavy

    for space in spaces(config):
        if space.problem:
            yield Diagnosis("fault", space.problem, space.remedy)
        else:
            yield Diagnosis("ok", f"{space.free / 1e9:,.1f} GB free in {space.folder}")


def data(config: Settings) -> Iterator[Diagnosis]:
    """Check that the database can be read, and verify every file of the data folder."""
    from spacex.pipeline.verify import OTHER_PROGRAM, verify  # noqa: PLC0415 - heavy
    from spacex.warehouse.connection import reading  # noqa: PLC0415 - heavy

    unreadable = None
    if not os.path.exists(config.database):  # noqa: PTH110 - never raises
        remedy = f"Run `{RUN_COMMAND}` to build it."
        yield Diagnosis("note", f"No database {config.database} yet.", remedy)
    else:
        try:
            with reading(config.database):
                pass
        except SpacexError as error:
            unreadable = config.database
            yield Diagnosis("fault", error.message, error.remedy)
    try:
        found = verify(config)
    except SpacexError:
        return  # `folder` reports it
    problems = [each for each in found.problems if found.folder / each.file != unreadable]
    for problem in problems[:_MOST_PROBLEMS]:
        state = "note" if problem.remedy == OTHER_PROGRAM else "fault"
        yield Diagnosis(state, f"{found.folder}: {problem.message}", problem.remedy)
    if more := problems[_MOST_PROBLEMS:]:
        text = f"{counted(len(more), 'more damaged or missing file')} in {found.folder}."
        yield Diagnosis("fault", text, f"`{command('verify')}` names them.")
    if intact := [f"{p.name} ({p.count:,})" for p in found.parts if p.count and not p.problems]:
        yield Diagnosis("ok", f"Intact in {found.folder}: {', '.join(intact)}.")


def archive(config: Settings) -> Iterator[Diagnosis]:
    """Send one small request to the r/SpaceX API; the other services count requests."""
    try:
        check_network()
    except SpacexError:
        return  # `used_proxies` reports it
    url = f"{str(config.base_url).rstrip('/')}/landpads"
    limits = Limits(connect_timeout_s=config.connect_timeout_s, read_timeout_s=10, attempts=1)
    try:
        with Client("SpaceX-Insights doctor", limits) as client:
            client.get(url)
    except SpacexError as error:
        remedy = f"`{RUN_COMMAND}` works nevertheless, from snapshots or the sample."
        yield Diagnosis("note", error.message, remedy)
    else:
        yield Diagnosis("ok", f"{SPACEXDATA.title} responds at {config.base_url}")


def rate_limits(config: Settings) -> Iterator[Diagnosis]:
    """Report when each live service may be requested again."""
    from spacex.extract.fetch import ledger_path  # noqa: PLC0415 - heavy
    from spacex.extract.request_ledger import Ledger  # noqa: PLC0415 - heavy
    from spacex.extract.snapshots import SnapshotStore  # noqa: PLC0415 - heavy

    store = SnapshotStore(config.raw_dir)
    for source in SERVICES.values():
        if not source.is_live:
            continue
        pause = Ledger(ledger_path(store, source)).read().pause_of(source.name)
        if pause.next_utc <= utc_text(utc_now()):
            failed = f" The last request failed: {pause.trouble}" if pause.trouble else ""
            state = "note" if failed else "ok"
            yield Diagnosis(state, f"{source.title} may be requested now.{failed}")
        elif pause.trouble:
            remedy = "Nothing: runs use its snapshots until then."
            text = f"{source.title} is not requested before {pause.next_utc}. {pause.trouble}"
            yield Diagnosis("note", text, remedy)
        else:
            yield Diagnosis("ok", f"{source.title} is fresh; next request: {pause.next_utc}.")


CHECKS: tuple[Callable[[Settings], Iterator[Diagnosis]], ...] = (
    python,
    kernel,
    chromium,
    ports,
    used_proxies,
    folder,
    disks,
    data,
    archive,
    rate_limits,
)
