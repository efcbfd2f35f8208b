"""`spacex doctor`: whether this machine has what is needed, and what to do where it has not."""

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape

from spacex.errors import SpacexError
from spacex.extract.http_client import Client, Limits
from spacex.settings import RUN_COMMAND, settings
from spacex.sources import SERVICES, SPACEXDATA
from spacex.units import utc_now, utc_text

PORTS = {4200: "Prefect", 8866: "the dashboard", 8888: "JupyterLab"}
_LEAST_DISK_GB = 1.0


@dataclass(frozen=True)
class Finding:
    """What one look has found.

    Attributes:
        state: `ok`, `note` for what is missing but not needed for a run, or `fault`.
        text: what was found.
        remedy: what to do; empty if nothing.
    """

    state: str
    text: str
    remedy: str = ""


def doctor() -> int:
    """Print the findings; returns 1 if one of them keeps a run from working, else 0."""
    console = Console(soft_wrap=True)
    marks = {"ok": "[green]✓[/]", "note": "[yellow]•[/]", "fault": "[red]✗[/]"}
    has_fault = False
    for look in LOOKS:
        for finding in look():
            has_fault |= finding.state == "fault"
            console.print(f"{marks[finding.state]} {escape(finding.text)}")
            if finding.remedy:
                console.print(f"    → {escape(finding.remedy)}")
    return int(has_fault)


def python() -> Iterator[Finding]:
    """The Python that runs this."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("ok", f"Python {version} at {sys.executable}")


def kernel() -> Iterator[Finding]:
    """The Jupyter kernel that notebooks run in."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel  # noqa: PLC0415 - heavy

    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        yield Finding(
            "fault", "There is no Jupyter kernel python3.", "Install the package ipykernel."
        )
        return
    yield Finding("ok", f"Jupyter kernel python3 in {spec.resource_dir}")


def chromium() -> Iterator[Finding]:
    """The browser that the tests drive."""
    if found := shutil.which("chromium"):
        yield Finding("ok", f"Chromium at {found}")
    else:
        remedy = "On Debian: apt-get install chromium."
        yield Finding("note", "No Chromium: the browser tests will be left out.", remedy)


def ports() -> Iterator[Finding]:
    """The ports the servers listen at."""
    for port, name in PORTS.items():
        with socket.socket() as probe:
            taken = probe.connect_ex(("127.0.0.1", port)) == 0
        if taken:
            remedy = "If that is not it, stop the other program."
            yield Finding("note", f"Port {port} is in use, as it is when {name} runs.", remedy)
        else:
            yield Finding("ok", f"Port {port} is free for {name}.")


def folder() -> Iterator[Finding]:
    """The data folder: there, writable, with room."""
    data = settings().data_dir
    nearest = next(path for path in (data, *data.absolute().parents) if path.exists())
    free_gb = shutil.disk_usage(nearest).free / 1e9
    if not os.access(nearest, os.W_OK):
        remedy = "Correct its permissions, or choose another with SPACEX_DATA_DIR."
        yield Finding("fault", f"The folder {nearest} cannot be written to.", remedy)
    elif free_gb < _LEAST_DISK_GB:
        yield Finding("fault", f"{free_gb:.1f} GB free in {data}.", "Free at least 1 GB.")
    else:
        yield Finding("ok", f"{free_gb:.0f} GB free in {data}")


def database() -> Iterator[Finding]:
    """The published database: sound, and of this schema version."""
    from spacex.warehouse.connection import integrity, reading  # noqa: PLC0415 - heavy

    path = settings().database
    if not path.exists():
        yield Finding("note", f"No database {path} yet.", f"Run `{RUN_COMMAND}` to build it.")
        return
    try:
        with reading(path) as connection:
            problems = integrity(connection, with_history=True)
    except SpacexError as error:
        yield Finding("fault", error.message, error.remedy)
        return
    if problems:
        remedy = f"Move it away and run `{RUN_COMMAND}`: it is rebuilt from the stored answers."
        yield Finding("fault", f"{path} is damaged: {problems[0]}.", remedy)
    else:
        yield Finding("ok", f"The database {path} is sound.")


def answers() -> Iterator[Finding]:
    """The stored answers: each as its sidecar says."""
    from spacex.extract.snapshots import SnapshotStore  # noqa: PLC0415 - heavy

    store = SnapshotStore(settings().raw_dir)
    count = 0
    lists = [(source.name, name) for source in SERVICES.values() for name in source.endpoints]
    for source_name, endpoint in lists:
        try:
            for snapshot in store.all(source_name, endpoint):
                store.read(snapshot)
                count += 1
        except SpacexError as error:
            yield Finding("fault", error.message, error.remedy)
    yield Finding("ok", f"{count} stored answers are intact." if count else "No stored answers.")


def services() -> Iterator[Finding]:
    """The services: whether the archive answers now, and whether the others may be asked.

    The archive is sent one small request; the others count requests, and are sent none.
    """
    yield from archive()
    yield from living()


def archive() -> Iterator[Finding]:
    """The r/SpaceX API."""
    config = settings()
    url = f"{str(config.base_url).rstrip('/')}/landpads"
    limits = Limits(connect_timeout_s=config.connect_timeout_s, read_timeout_s=10, attempts=1)
    try:
        with Client("SpaceX-Insights doctor", limits) as client:
            client.get(url)
    except SpacexError as error:
        remedy = f"`{RUN_COMMAND}` works all the same: from stored answers, or with the sample."
        yield Finding("note", error.message, remedy)
    else:
        yield Finding("ok", f"{SPACEXDATA.title} answers at {config.base_url}")


def living() -> Iterator[Finding]:
    """The services that tell of today."""
    from spacex.extract.fetch import ledger_path  # noqa: PLC0415 - heavy
    from spacex.extract.request_ledger import Ledger  # noqa: PLC0415 - heavy
    from spacex.extract.snapshots import SnapshotStore  # noqa: PLC0415 - heavy

    store = SnapshotStore(settings().raw_dir)
    for source in SERVICES.values():
        if not source.is_live:
            continue
        entry = Ledger(ledger_path(store, source)).read()
        if entry.next_utc <= utc_text(utc_now()):
            yield Finding("ok", f"{source.title} may be asked now.")
        elif entry.trouble:
            remedy = "Nothing: stored answers stand in until then."
            text = f"{source.title} is not asked before {entry.next_utc}. {entry.trouble}"
            yield Finding("note", text, remedy)
        else:
            yield Finding("ok", f"{source.title} is fresh; it is asked from {entry.next_utc} on.")


LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    python,
    kernel,
    chromium,
    ports,
    folder,
    database,
    answers,
    services,
)
