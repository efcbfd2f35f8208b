"""The console that commands print to."""

import io
import re
import sys
from pathlib import Path
from typing import IO, cast

from rich.console import Console

from spacex.settings import settings

_WIDE = 10_000


def console() -> Console:
    """Return a console that neither wraps nor cuts paths and numbers, except at a terminal.

    `:100:` stays as it is.
    """
    if sys.stdout.isatty():
        return Console(soft_wrap=True, emoji=False)
    return Console(soft_wrap=True, emoji=False, width=_WIDE, file=cast(IO[str], _Unpadded()))


def short_path(path: Path) -> str:
    """Return a path as a user would type it."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path if path.is_absolute() else settings().data_dir / path)


class _Unpadded(io.TextIOBase):
    """Standard output, without the blanks that pad the lines of a table."""

    def write(self, text: str) -> int:
        return sys.stdout.write(re.sub(r" +$", "", text, flags=re.MULTILINE))

    def flush(self) -> None:
        sys.stdout.flush()
