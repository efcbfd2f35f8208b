"""The outcome of a run with an injected fault, as a row of `docs/reliability.md`."""

import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path

from spacex.settings import PROJECT
from tests.faults.fault_setup import Setup, command, copy, setup
from tests.stages import digest

PAGE = PROJECT / "docs" / "reliability.md"
UNCHANGED, NEW, NONE = "unchanged", "new and complete", "none"
EITHER = f"{UNCHANGED}, or {NEW}"
Inject = Callable[[Setup], object]
"""Injects a fault; a callable result undoes what the setup does not undo itself."""


@dataclass(frozen=True)
class Fault:
    """A fault that a run meets.

    Attributes:
        group: heading of its table in the page.
        name: name in its table.
        inject: injects it.
        arguments: command-line arguments of the run.
        needs_root: whether only root can inject it.
    """

    group: str
    name: str
    inject: Inject
    arguments: tuple[str, ...] = ()
    needs_root: bool = False

    def __str__(self) -> str:
        return f"{self.group}: {self.name}"


@dataclass(frozen=True)
class Outcome:
    """The outcome of a run.

    Attributes:
        exit_code: 0 if a database was published.
        message: the error, or the note of the new database with its rejected records.
        remedy: the remedy of the error.
        database: the state of the database afterwards.
    """

    exit_code: str
    message: str
    remedy: str
    database: str

    def row(self, name: str) -> str:
        """Return the outcome of the named fault as a row of a Markdown table."""
        return f"| {' | '.join(map(_cell, (name, *astuple(self))))} |"


def outcome(fault: Fault, made: Path) -> Outcome:
    """Inject a fault into a copy of a setup, and return the outcome of a run."""
    with tempfile.TemporaryDirectory() as folder, setup(copy(made, Path(folder))) as found:
        undo = fault.inject(found)
        before = digest(found.database) if found.database.is_file() else ""
        try:
            code, error = command(found, "run", *fault.arguments)
            database = database_after(found.database, before)
            if code == 0:
                assert database == NEW
                message, remedy = _summary(found.database), ""
            else:
                assert error.startswith("✗ "), error
                message, _, remedy = error.removeprefix("✗ ").partition("\n→ ")
            message, remedy = found.portable(message), found.portable(remedy.strip())
            return Outcome(str(code), message, remedy, database)
        finally:
            if callable(undo):
                undo()


def database_after(database: Path, before: str) -> str:
    """Return the state of the database, given its digest before the run."""
    if not database.is_file():
        return NONE
    return UNCHANGED if digest(database) == before else NEW


def _summary(database: Path) -> str:
    """Check a new database; return the note and the rejected records of its last run."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        run_id, note = connection.execute(
            "SELECT run_id, note FROM _runs ORDER BY loaded_utc DESC, run_id DESC LIMIT 1"
        ).fetchone()
        unbalanced = """SELECT count(*) FROM _counts WHERE rows_in != rows_loaded + rows_rejected
                        + rows_duplicate + rows_superseded + rows_out_of_scope"""
        assert connection.execute(unbalanced).fetchone() == (0,)
        rejects = connection.execute(
            """SELECT table_name, column_name, reason, count(*) FROM _rejects WHERE run_id = ?
               GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
            (run_id,),
        ).fetchall()
    reasons = [
        f"Rejected: {'.'.join(filter(None, (table, column)))} {reason} ({count})."
        for table, column, reason, count in rejects
    ]
    return " ".join([note, *reasons]).strip()


def rows(page: Path = PAGE) -> dict[str, str]:
    """Return the page's rows by group and name of the fault."""
    found: dict[str, str] = {}
    group = ""
    for line in page.read_text().splitlines():
        if line.startswith("## "):
            group = line.removeprefix("## ")
        elif line.startswith("| ") and not line.startswith("| fault "):
            name = line.partition(" | ")[0].removeprefix("| ")
            found[f"{group}: {name}"] = line
    return found


def write(grouped_rows: Iterable[tuple[str, str]], page: Path = PAGE) -> None:
    """Replace the page's tables, and keep its introduction.

    Args:
        grouped_rows: group and row of each fault, in order.
        page: the page.
    """
    introduction = page.read_text().partition("\n## ")[0].rstrip()
    groups: dict[str, list[str]] = {}
    for group, row in grouped_rows:
        groups.setdefault(group, []).append(row)
    heading = "| fault | exit code | message | remedy | database |\n|---|---|---|---|---|"
    tables = ["\n".join([f"## {group}", "", heading, *rows]) for group, rows in groups.items()]
    page.write_text("\n\n".join([introduction, *tables]) + "\n")


def _cell(text: str) -> str:
    """Return a text as a Markdown table cell that shows it literally."""
    return re.sub(r"([|*])", r"\\\1", " ".join(text.split()).replace("<", "&lt;"))
