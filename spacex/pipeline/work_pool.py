"""A work pool for several workers, instead of one serving process."""

import subprocess
import sys

import yaml
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.utilities.templating import apply_values

from spacex.errors import PrefectError, SettingsError
from spacex.settings import IN_CHECKOUT, PROJECT


def register(name: str) -> None:
    """Create the pool, and the deployment of `prefect.yaml` in it.

    Raises:
        SettingsError: there is no `prefect.yaml`, since the package is not in a checkout.
        PrefectError: the deployment cannot be registered.
    """
    if not IN_CHECKOUT:
        raise SettingsError(
            "A work pool needs a checkout of the project.", remedy="Unset SPACEX_WORK_POOL."
        )
    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name=name, type="process"), overwrite=True)
    deploy = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    done = subprocess.run(deploy, cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise PrefectError(
            f"The deployment of prefect.yaml is not registered: {''.join(said)}",
            remedy=f"`prefect deploy --all` in {PROJECT} says more.",
        )


def deployment() -> dict[str, object]:
    """Return what workers execute, as `prefect.yaml` says."""
    defined = yaml.safe_load((PROJECT / "prefect.yaml").read_text())
    (etl,) = defined["deployments"]
    return {"entrypoint": etl["entrypoint"], "pull_steps": apply_values(defined["pull"], {})}
