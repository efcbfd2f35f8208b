"""What comes of a run that meets a fault, as a line of `docs/reliability.md`."""

import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path

from spacex.settings import PROJECT
from tests.faults.world import World, command, copy, world
from tests.stages import digest

PAGE = PROJECT / "docs" / "reliability.md"
UNCHANGED, NEW, NONE = "as it was", "new and whole", "none"
EITHER = f"{UNCHANGED}, or {NEW}"


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong before a run, or during it.

    Attributes:
        group: what it goes wrong with.
        name: what goes wrong.
        befall: makes it go wrong; what it returns, if it can be called, puts right at the end what
            is not put right with the world.
        arguments: what the run is asked for.
        needs_root: whether only root can make it go wrong.
    """

    group: str
    name: str
    befall: Callable[[World], object]
    arguments: tuple[str, ...] = ()
    needs_root: bool = False

    def __str__(self) -> str:
        return f"{self.group}: {self.name}"


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes:
        exit_code: 0 if a database was published.
        told: what is said, by the error or by the new database.
        remedy: what the reader is told to do.
        database: what the database is afterwards.
    """

    exit_code: str
    told: str
    remedy: str
    database: str

    def line(self, name: str) -> str:
        """The outcome as a line of a Markdown table."""
        return f"| {' | '.join(map(_cell, (name, *astuple(self))))} |"


def outcome(fault: Fault, made: Path) -> Outcome:
    """Let a run meet the fault in a copy of a world."""
    with tempfile.TemporaryDirectory() as folder, world(copy(made, Path(folder))) as found:
        undo = fault.befall(found)
        before = digest(found.database) if found.database.is_file() else ""
        try:
            code, _, error = command(found, "run", *fault.arguments)
            return _told(found, code, error, before)
        finally:
            if callable(undo):
                undo()


def database_after(database: Path, before: str) -> str:
    """What the database is, given its digest before."""
    if not database.is_file():
        return NONE
    return UNCHANGED if digest(database) == before else NEW


def _told(found: World, code: int, error: str, before: str) -> Outcome:
    database = database_after(found.database, before)
    if code == 0:
        assert database == NEW
        return Outcome(str(code), found.say(_news(found.database)), "", database)
    told, _, remedy = error.partition("\n→ ")
    assert told.startswith("✗ "), error
    return Outcome(
        str(code), found.say(told.removeprefix("✗ ")), found.say(remedy.strip()), database
    )


def _news(database: Path) -> str:
    """What a whole new database tells of the run that made it: its note, and what it refused."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        run_id, note = connection.execute(
            "SELECT run_id, note FROM _runs ORDER BY loaded_utc DESC, run_id DESC LIMIT 1"
        ).fetchone()
        unbalanced = """SELECT count(*) FROM _counts WHERE rows_in != rows_loaded + rows_rejected
                        + rows_duplicate + rows_superseded + rows_out_of_scope"""
        assert connection.execute(unbalanced).fetchone() == (0,)
        refused = connection.execute(
            """SELECT table_name, column_name, reason, count(*) FROM _rejects WHERE run_id = ?
               GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
            (run_id,),
        ).fetchall()
    rejects = [
        f"Refused: {'.'.join(filter(None, (table, column)))} {reason} ({count})."
        for table, column, reason, count in refused
    ]
    return " ".join([note, *rejects]).strip()


def lines(page: Path = PAGE) -> dict[str, str]:
    """Group and name of each fault → its line in the page."""
    found: dict[str, str] = {}
    group = ""
    for line in page.read_text().splitlines():
        if line.startswith("## "):
            group = line.removeprefix("## ")
        elif line.startswith("| ") and not re.match(r"\| (fault|---)", line):
            found[f"{group}: {_names(line)}"] = line
    return found


def write(told: Iterable[tuple[str, str]], page: Path = PAGE) -> None:
    """Put groups and lines into the page, below what it says of the whole."""
    head = page.read_text().partition("\n## ")[0].rstrip()
    groups: dict[str, list[str]] = {}
    for group, line in told:
        groups.setdefault(group, []).append(line)
    columns = "| fault | exit code | what is told | what to do | database |\n|---|---|---|---|---|"
    tables = ["\n".join([f"## {group}", "", columns, *rows]) for group, rows in groups.items()]
    page.write_text("\n\n".join([head, *tables]) + "\n")


def _names(line: str) -> str:
    return line.partition(" | ")[0].removeprefix("| ")


def _cell(text: str) -> str:
    """A text that a Markdown table shows as it is."""
    return " ".join(text.split()).replace("<", "&lt;").replace("|", r"\|").replace("*", r"\*")
