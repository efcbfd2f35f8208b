"""The project's defaults for Prefect's settings; variables of the environment take precedence."""

import os
from pathlib import Path

from spacex.pipeline.proxies import exempt_own_servers
from spacex.settings import make_folder


def set_defaults(data_dir: Path) -> None:
    """Set Prefect's variables that the environment lacks; call it before Prefect is imported.

    Raises:
        SettingsError: Prefect's folder cannot be made, or a proxy cannot be used.
    """
    exempt_own_servers()
    defaults = {
        "PREFECT_HOME": str(data_dir.absolute() / "prefect"),
        # On two busy cores the temporary server takes longer than the default 20 s to start.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        # Enough while a server restarts; more retries would wait minutes for a lost one.
        "PREFECT_CLIENT_MAX_RETRIES": "3",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # Prefect starts its temporary server with `python -m`: a `random.py` in the current folder
        # would shadow the standard library.
        "PYTHONSAFEPATH": "1",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    make_folder(Path(os.environ["PREFECT_HOME"]))
