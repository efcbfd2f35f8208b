"""Checks of the machine: Python, kernels, ports, proxies, folders, disks and clock."""

import shutil
import socket
import sys
from collections.abc import Iterator

import requests

from spacex.cli.doctor.diagnosis import Diagnosis
from spacex.cli.doctor.place import container
from spacex.errors import SpacexError
from spacex.extract.tls import check_tls
from spacex.files import check_folder, folder_problem
from spacex.pipeline.disk_space import nearest_folder, spaces
from spacex.pipeline.later_records import SET_CLOCK, later_record
from spacex.pipeline.proxies import check_network, proxies, without_password
from spacex.settings import Settings
from spacex.units import utc_now, utc_text

PORTS = {4200: "Prefect", 8866: "the dashboard", 8888: "JupyterLab", 8001: "the HTTP API"}

_SERVERS = {
    "dashboard": ("The dashboard", "http://127.0.0.1:8866/health"),
    "api": ("The HTTP API", "http://127.0.0.1:8001/health"),
    "jupyterlab": ("JupyterLab", "http://127.0.0.1:8888/api"),
}
_LIMIT_S = 5


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
    """Report the Python version, and a Python that can reach no service."""
    version = ".".join(map(str, sys.version_info[:3]))
    try:
        check_tls()
    except SpacexError as error:
        yield Diagnosis("fault", error.message, error.remedy)
    else:
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


def read_only(config: Settings) -> Iterator[Diagnosis]:
    """Check that the dashboard and the HTTP API cannot write to the data."""
    try:
        check_folder(config.data_dir, "SPACEX_DATA_DIR")
    except SpacexError:
        yield Diagnosis("ok", f"{config.data_dir} is read-only here, as it should be.")
    else:
        text = f"{config.data_dir} can be written here, where it is only read."
        yield Diagnosis("note", text, "Mount it read-only, as docker-compose.yml does.")


def own_server(_: Settings) -> Iterator[Diagnosis]:
    """Check that the server of this container responds, even if the data are stale."""
    name, url = _SERVERS[container()]
    session = requests.Session()
    session.trust_env = False  # without proxies
    try:
        session.get(url, timeout=_LIMIT_S, stream=True).close()
    except requests.RequestException as error:
        text = f"{name} does not respond here ({type(error).__name__})."
        yield Diagnosis("fault", text, f"`docker compose logs {container()}` says why.")
    else:
        yield Diagnosis("ok", f"{name} responds.")


def disks(config: Settings) -> Iterator[Diagnosis]:
    """Check that each disk has the space that a run needs."""
    for space in spaces(config):
        is_data = space.folder == config.data_dir  # which `folder` checks
        if not is_data and (unusable := folder_problem(space.folder)):
            yield Diagnosis("fault", f"{space.folder} cannot be used: {unusable}.", space.remedy)
        elif space.problem:
            yield Diagnosis("fault", space.problem, space.remedy)
        else:
            yield Diagnosis("ok", f"{space.free / 1e9:,.1f} GB free in {space.folder}")


def backups(config: Settings) -> Iterator[Diagnosis]:
    """Check that the folder of backups is writable, if runs write one."""
    if not config.backup_keep:
        return
    try:
        check_folder(config.backups_dir, "SPACEX_BACKUP_DIR")
    except SpacexError as error:
        yield Diagnosis("fault", error.message, error.remedy)
    else:
        free = shutil.disk_usage(nearest_folder(config.backups_dir)).free
        yield Diagnosis("ok", f"{free / 1e9:,.1f} GB free in {config.backups_dir} for backups")


def clock(config: Settings) -> Iterator[Diagnosis]:
    """Find a clock that was set back: something was recorded later than now."""
    if later := later_record(config):
        yield Diagnosis("fault", later, SET_CLOCK)
    else:
        yield Diagnosis("ok", f"The clock shows {utc_text(utc_now())}.")
