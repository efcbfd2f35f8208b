"""Where the command line finds the Prefect flows."""

from importlib import import_module
from types import ModuleType

from spacex.settings import FLOWS


def flow_module(name: str) -> ModuleType:
    """Import `etl` or `serve` of the flows; this takes seconds, since they import Prefect."""
    return import_module(f"{FLOWS}.{name}")
