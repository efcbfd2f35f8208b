"""The command line: `spacex run`, `status`, `doctor` and what else `spacex --help` lists.

Each command lives in a module of its own, which is imported when the command is given: `--help`
answers at once, and only `run` knows Prefect.
"""

from spacex.cli.app import main

__all__ = ["main"]
