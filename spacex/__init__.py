"""SpaceX Insights: the launches, boosters and satellites of SpaceX as typed frames.

>>> import spacex
>>> spacex.boosters()["serial"].iloc[0]
'B1067'

The functions read the published database of the settings; `spacex.open(path)` returns another one
with the same functions. docs/tasks.md shows ten tasks.
"""

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = [
    "about",
    "boosters",
    "changes",
    "fleet",
    "landings",
    "launches",
    "open",
    "passes",
    "payloads",
    "positions",
    "satellite",
    "satellites",
    "sql",
    "table",
]

_MOVED = {
    "queries": "spacex.analysis.queries",
    "charts": "spacex.notebook.charts",
    "exhibits": "spacex.notebook.show",
}

if TYPE_CHECKING:
    from spacex.analysis.api.door import open_database as open  # noqa: A004
    from spacex.analysis.api.door import published

    _published = published()
    about = _published.about
    boosters = _published.boosters
    changes = _published.changes
    fleet = _published.fleet
    landings = _published.landings
    launches = _published.launches
    passes = _published.passes
    payloads = _published.payloads
    positions = _published.positions
    satellite = _published.satellite
    satellites = _published.satellites
    sql = _published.sql
    table = _published.table


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> object:
    """Return a function of the published database, which is imported with the first one.

    Raises:
        ImportError: the module moved.
        SettingsError: a setting has an invalid value.
        AttributeError: the package has no such attribute.
    """
    if name in __all__:
        api = importlib.import_module("spacex.analysis.api.door")
        return api.open_database if name == "open" else getattr(api.published(), name)
    if name in _MOVED:
        raise ImportError(f"spacex.{name} is now {_MOVED[name]}: import that instead.")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
