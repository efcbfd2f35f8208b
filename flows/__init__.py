"""The Prefect flows.

Prefect reads its settings when it is imported: what this project wants otherwise than by default
is said here, before that. What the environment says already has precedence.
"""

import os
from pathlib import Path

from spacex.settings import make_folder, settings

_WANTED = {
    "PREFECT_HOME": str(settings().data_dir.absolute() / "prefect"),
    # On two busy cores the temporary server needs longer than the 20 s it is given.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    # Enough for a server that starts anew; more would wait minutes for one that is gone.
    "PREFECT_CLIENT_MAX_RETRIES": "3",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}

for _name, _value in _WANTED.items():
    os.environ.setdefault(_name, _value)
make_folder(Path(os.environ["PREFECT_HOME"]))
