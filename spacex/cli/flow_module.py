"""Where the command line finds the Prefect flows."""

from importlib import import_module
from types import ModuleType

from spacex.extract.tls import check_tls
from spacex.settings import FLOWS


def flow_module(name: str) -> ModuleType:
    """Import `etl` or `serve` of the flows; this takes seconds, since they import Prefect.

    Raises:
        SettingsError: this Python cannot import Prefect.
    """
    check_tls()
    return import_module(f"{FLOWS}.{name}")
