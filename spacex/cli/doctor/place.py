"""Where doctor runs: in a container of the stack, in a checkout, or from an installed wheel."""

import os
from pathlib import Path
from typing import Any

from spacex.settings import CONTAINER, IN_CHECKOUT, PROJECT, Settings

_PURPOSES = {
    "prefect-server": "which keeps the schedule and the runs, but no data",
    "etl-flow": "which executes the runs",
    "worker": "which executes the runs",
    "dashboard": "which only reads the data",
    "api": "which only reads the data",
    "jupyterlab": "which serves the notebooks",
}
_SIGNS = (Path("/.dockerenv"), Path("/run/.containerenv"))


def container() -> str:
    """Return the container of the stack that this is; empty elsewhere."""
    return os.environ.get(CONTAINER, "")


def place(settings: Settings) -> str:
    """Return where this is, as a sentence."""
    data = f"the data are in {settings.data_dir.absolute()}"
    if name := container():
        purpose = _PURPOSES.get(name, "of another compose file")
        return f"Container {name}, {purpose}" + ("." if name == "prefect-server" else f"; {data}.")
    inside = ", in a container" if any(sign.exists() for sign in _SIGNS) else ""
    where = PROJECT if IN_CHECKOUT else PROJECT.parents[1]
    return f"{'Checkout' if IN_CHECKOUT else 'Installed wheel'} in {where}{inside}; {data}."


def as_json(settings: Settings) -> dict[str, Any]:
    """Return where this is, for programs."""
    kind = "container" if container() else "checkout" if IN_CHECKOUT else "wheel"
    folder = str(settings.data_dir.absolute())
    return {"kind": kind, "container": container() or None, "data_folder": folder}
