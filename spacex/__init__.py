"""SpaceX Insights: a notebook workbench over SpaceX and Starlink open data."""

__version__ = "0.1.0"

_MOVED = {
    "queries": "spacex.analysis.queries",
    "charts": "spacex.notebook.charts",
    "exhibits": "spacex.notebook.show",
}


def __getattr__(name: str) -> object:
    """Name the new place of a module that version 0.1.0 had here.

    Raises:
        ImportError: the module moved.
        AttributeError: the package has no such attribute.
    """
    if name in _MOVED:
        raise ImportError(f"spacex.{name} is now {_MOVED[name]}: import that instead.")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
