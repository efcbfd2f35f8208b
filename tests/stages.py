"""The stages of a run with impatient limits, and ways to look at the result."""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import compress
from pathlib import Path

from spacex.analysis import history
from spacex.extract.run_folder import Manifest, Mode, Run
from spacex.pipeline import stages
from spacex.pipeline.services import limits_of
from spacex.schema import CONTENT_TABLES, TABLES
from spacex.schema.history import HISTORY_FILES
from spacex.schema.starlink import STARLINK_ELEMENTS
from spacex.settings import Settings
from spacex.transform import TidyTable
from spacex.warehouse.connection import reading
from spacex.warehouse.views import VIEWS

_OF_RUNS = {"_runs", "_snapshots", "_counts", "_rejects", "_findings", "v_sources"}


def extract(
    settings: Settings, mode: Mode, run_id: str = "one", only: Sequence[str] = (), as_of: str = ""
) -> Manifest:
    """Extract without noticeable waits between attempts."""
    limits = replace(limits_of(settings), backoff_s=0.01, longest_wait_s=0.1)
    return stages.extract(settings, run_id, mode, only=only, as_of=as_of, limits=limits)


def staged(settings: Settings, manifest: Manifest) -> tuple[Run, list[TidyTable]]:
    """Transform; return the run, which has a staging database, and its tables."""
    tables = stages.transform(settings, manifest.run_id)
    return Run(settings.runs_dir, manifest.run_id), tables


def publish(
    settings: Settings,
    mode: Mode,
    run_id: str = "one",
    only: Sequence[str] = (),
    *,
    accept_shrink: bool = False,
    as_of: str = "",
) -> Manifest:
    """Extract, transform and load."""
    manifest = extract(settings, mode, run_id, only, as_of)
    staged(settings, manifest)
    stages.load(settings, run_id, accept_shrink=accept_shrink)
    return manifest


def at(settings: Settings, **changes: object) -> Settings:
    """Return the settings with some of them changed."""
    return settings.model_copy(update=changes)


def rows(database: Path, sql: str, *parameters: object) -> list[tuple[object, ...]]:
    """Return the rows of a SELECT."""
    with reading(database) as connection:
        return connection.execute(sql, parameters).fetchall()


def value(database: Path, sql: str) -> object:
    """Return the single value of a SELECT."""
    ((found,),) = rows(database, sql)
    return found


def content(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every content table, with the element sets of the archive."""
    with closing(sqlite3.connect(database)) as connection:
        found = {
            table.name: connection.execute(
                f"SELECT * FROM {table.name} ORDER BY {', '.join(table.key)}"  # noqa: S608
            ).fetchall()
            for table in CONTENT_TABLES
            if table is not HISTORY_FILES
        }
        (has_archive,) = connection.execute("SELECT count(*) FROM history_files").fetchone()
    if has_archive:
        found[STARLINK_ELEMENTS.name] = all_sets(database)
    return found


def all_sets(database: Path) -> list[tuple[object, ...]]:
    """Return every element set, of the hot window and the archive, as rows of the table."""
    frame = history.elements(database).sort_values([*STARLINK_ELEMENTS.key])
    values = frame.astype(object).where(frame.notna(), None)
    return [*values.itertuples(index=False, name=None)]


def state(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of all tables and views, sorted, but for the bookkeeping of the runs."""
    found = {}
    with reading(database) as connection:
        for name in (TABLES.keys() | VIEWS.keys()) - _OF_RUNS:
            cursor = connection.execute(f"SELECT * FROM {name}")  # noqa: S608
            kept = [each[0] not in {"run_id", "run"} for each in cursor.description]
            found[name] = sorted((tuple(compress(row, kept)) for row in cursor), key=repr)
    return found


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def unchanged(path: Path) -> Iterator[None]:
    """Check that a file has the same content on exit."""
    before = digest(path)
    yield
    assert digest(path) == before
