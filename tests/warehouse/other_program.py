"""Another SQLite program that has a database open, in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROGRAM = """
import sqlite3, sys
name, *statements = sys.argv[1:]
connection = sqlite3.connect(name, uri=True, isolation_level=None, timeout=0)
def execute(statement):
    try:
        print(connection.execute(statement.strip()).fetchall(), flush=True)
    except sqlite3.Error as error:
        print(error.sqlite_errorname, flush=True)
for statement in statements:
    execute(statement)
print("ready", flush=True)
for line in sys.stdin:
    execute(line)
"""

LOGGED = ("PRAGMA journal_mode = WAL", "UPDATE _columns SET description = 'changed'")
"""Statements that commit a change to a write-ahead log."""

UNFINISHED = ("PRAGMA cache_size = 1", "BEGIN", "UPDATE _columns SET description = 'changed'")
"""Statements that write to the file of a database before they are committed."""


class OtherProgram:
    """The process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.pid = process.pid
        self._process = process

    def execute(self, statement: str) -> str:
        """Execute a statement; return its rows, or the name of SQLite's error."""
        self._process.stdin.write(f"{statement}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@contextmanager
def other_program(path: Path, *statements: str, mode: str = "rw") -> Iterator[OtherProgram]:
    """Execute statements in another process, which is killed after the block."""
    command = [sys.executable, "-c", _PROGRAM, f"{path.as_uri()}?mode={mode}", *statements]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            while process.stdout.readline() != "ready\n":
                assert process.poll() is None
            yield OtherProgram(process)
        finally:
            process.kill()


def killed(path: Path, *statements: str) -> None:
    """Execute statements in another process, and kill it."""
    with other_program(path, *statements):
        pass
