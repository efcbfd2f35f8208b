"""`spacex doctor`: check this machine, the data and the services."""

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from rich.markup import escape

from spacex.cli.console import console
from spacex.errors import SpacexError, masked
from spacex.extract.http_client import Client, Limits
from spacex.pipeline.proxies import exempt_own_servers, proxies
from spacex.settings import RUN_COMMAND, Settings, lenient_settings, notices
from spacex.sources import SERVICES, SOURCES, SPACEXDATA
from spacex.units import utc_now, utc_text

PORTS = {4200: "Prefect", 8866: "the dashboard", 8888: "JupyterLab"}

_OTHER_PROGRAM = (
    "Another program has changed it, which a run does not undo. To rebuild it from the snapshots, "
    f"move the file away and run `{RUN_COMMAND}`."
)


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


def doctor() -> int:
    """Print every diagnosis; return 1 if a run cannot work, 0 if it can.

    Invalid settings are diagnoses, too; the other checks then use the defaults.
    """
    config, problems = lenient_settings()
    output = console()
    marks = {"ok": "[green]✓[/]", "note": "[yellow]•[/]", "fault": "[red]✗[/]"}
    has_fault = False
    for check in (partial(_settings, problems), *(partial(check, config) for check in CHECKS)):
        for diagnosis in check():
            has_fault |= diagnosis.state == "fault"
            output.print(f"{marks[diagnosis.state]} {escape(masked(diagnosis.text))}")
            if diagnosis.remedy:
                output.print(f"    → {escape(diagnosis.remedy)}")
    return int(has_fault)


def _settings(problems: Sequence[str]) -> Iterator[Diagnosis]:
    """Report invalid values, misspelt names and missing variables."""
    for problem in problems:
        yield Diagnosis("fault", f"{problem}.", "Correct it in the environment or .env.")
    for notice in notices():
        yield Diagnosis("note", notice)


def used_proxies(_: Settings) -> Iterator[Diagnosis]:
    """Report the proxies that requests to the services use."""
    try:
        exempt_own_servers()
    except SpacexError as error:
        yield Diagnosis("fault", error.message, error.remedy)
    for scheme, proxy in proxies().items():
        text = f"Requests to {scheme} addresses use the proxy {proxy}; this machine is exempt."
        yield Diagnosis("ok", text.replace("all addresses", "addresses"))


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
    data = config.data_dir
    folders = (data, *data.absolute().parents)
    # Path.exists raises an error where a parent may not be entered.
    nearest = next(path for path in folders if os.path.exists(path))  # noqa: PTH110
    if not os.access(nearest, os.W_OK):
        remedy = "Correct its permissions, or choose another with SPACEX_DATA_DIR."
        yield Diagnosis("fault", f"The folder {nearest} is not writable.", remedy)


def disks(config: Settings) -> Iterator[Diagnosis]:
    """Check that each disk has the space that a run needs."""
    from spacex.pipeline.disk_space import spaces  # noqa: PLC0415 - heavy

    for space in spaces(config):
        if space.problem:
            yield Diagnosis("fault", space.problem, space.remedy)
        else:
            yield Diagnosis("ok", f"{space.free / 1e9:,.1f} GB free in {space.folder}")


def database(config: Settings) -> Iterator[Diagnosis]:
    """Check the integrity, digest and schema version of the database, history included."""
    from spacex.warehouse.connection import REBUILD, integrity, reading  # noqa: PLC0415 - heavy
    from spacex.warehouse.digest import check_digest, is_damaged  # noqa: PLC0415 - heavy

    path = config.database
    if not path.exists():
        yield Diagnosis("note", f"No database {path} yet.", f"Run `{RUN_COMMAND}` to build it.")
        return
    try:
        with reading(path) as connection:
            problems = integrity(connection, with_history=True)
        changed = check_digest(path)
        state, remedy = ("fault", REBUILD) if is_damaged(path) else ("note", _OTHER_PROGRAM)
    except OSError as error:
        text = f"{path} or its digest cannot be read ({error.strerror})."
        yield Diagnosis("fault", text, "Check the disk and the permissions.")
        return
    except SpacexError as error:
        yield Diagnosis("fault", error.message, error.remedy)
        return
    if problems:
        remedy = f"Move it away and run `{RUN_COMMAND}`: it is rebuilt from all snapshots."
        yield Diagnosis("fault", f"{path} is damaged: {problems[0]}.", remedy)
    elif changed:
        yield Diagnosis(state, changed, remedy)
    else:
        yield Diagnosis("ok", f"The database {path} is sound.")


def snapshots(config: Settings) -> Iterator[Diagnosis]:
    """Compare each snapshot with its sidecar."""
    from spacex.extract.snapshots import SnapshotStore  # noqa: PLC0415 - heavy

    store = SnapshotStore(config.raw_dir)
    count = 0
    endpoints = [(source.name, name) for source in SOURCES.values() for name in source.endpoints]
    for source_name, endpoint in endpoints:
        try:
            for snapshot in store.all(source_name, endpoint):
                store.read(snapshot)
                count += 1
        except SpacexError as error:
            yield Diagnosis("fault", error.message, error.remedy)
    yield Diagnosis("ok", f"{count} snapshots are intact." if count else "No snapshots.")


def archive(config: Settings) -> Iterator[Diagnosis]:
    """Send one small request to the r/SpaceX API; the other services count requests."""
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
            yield Diagnosis("ok", f"{source.title} may be requested now.")
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
    database,
    snapshots,
    archive,
    rate_limits,
)
