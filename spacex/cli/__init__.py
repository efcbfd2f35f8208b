"""The command line: `spacex run`, `status`, `doctor` and the others that `spacex --help` lists.

Each command lives in a module of its own, imported when the command is given, so that `--help`
responds at once.
"""

from spacex.cli.app import main

__all__ = ["main"]
