"""The console that commands print to."""

import sys

from rich.console import Console

_WIDE = 10_000


def console() -> Console:
    """Return a console that neither wraps nor cuts paths and numbers, except at a terminal."""
    return Console(soft_wrap=True, width=None if sys.stdout.isatty() else _WIDE)
