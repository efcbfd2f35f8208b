"""A work pool for several workers, instead of one serving process."""

import os
import subprocess
import sys
from typing import NoReturn

import yaml
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.utilities.templating import apply_values

from spacex.errors import SettingsError
from spacex.settings import IN_CHECKOUT, PROJECT


def register(name: str) -> None:
    """Create the pool, and the deployment of `prefect.yaml` in it.

    Raises:
        SettingsError: there is no `prefect.yaml`, since the package is not in a checkout.
    """
    if not IN_CHECKOUT:
        raise SettingsError(
            "A work pool needs a checkout of the project.", remedy="Unset SPACEX_WORK_POOL."
        )
    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name=name, type="process"), overwrite=True)
    subprocess.run(_prefect("--no-prompt", "deploy", "--all"), cwd=PROJECT, check=True)  # noqa: S603 - our own


def deployment() -> dict[str, object]:
    """Return what workers execute, as `prefect.yaml` says."""
    defined = yaml.safe_load((PROJECT / "prefect.yaml").read_text())
    (etl,) = defined["deployments"]
    return {"entrypoint": etl["entrypoint"], "pull_steps": apply_values(defined["pull"], {})}


def work(name: str) -> NoReturn:
    """Become a worker of the pool."""
    os.chdir(PROJECT)
    start = ("worker", "start", "--pool", name, "--type", "process", "--with-healthcheck")
    os.execv(sys.executable, _prefect(*start))  # noqa: S606 - our own


def _prefect(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "prefect", *arguments]
