"""Upgrade: rebuild a damaged, outdated or missing database from the snapshots."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path

from spacex.errors import DatabaseError, DataError, UnusableDatabaseError
from spacex.extract.snapshots import SnapshotStore
from spacex.pipeline.replay import Progress, Replayed, built, load_dates, replay_dir, stored_dates
from spacex.schema import TABLES
from spacex.schema.ddl import create_table
from spacex.schema.starlink import STARLINK
from spacex.settings import Settings
from spacex.sources import CELESTRAK, SAMPLE
from spacex.units import utc_now
from spacex.warehouse.archive.carrying import carry_imports
from spacex.warehouse.connection import connect_readonly, integrity, reading, translate_errors
from spacex.warehouse.digest import is_checked, is_damaged, record_check, sha256
from spacex.warehouse.guards import holds_real_data
from spacex.warehouse.load import load
from spacex.warehouse.publish import locked, private_copies, put_in_place
from spacex.warehouse.recovery import companions
from spacex.warehouse.row_checksum import has_other_rows
from spacex.warehouse.views import VIEWS

_CHANGED = "The database {} was changed by another program or release"


def upgrade(
    settings: Settings, on_date: Progress = lambda *_: None, *, rebuild_missing: bool = False
) -> str:
    """Rebuild the published database if this release cannot use it, and keep the old file.

    What another program left beside it is recovered first.

    The new database is built in a folder of its own and published when it is complete. Until then
    the old one stays in place, so an interrupted rebuild loses nothing: the next run starts it
    again.

    Args:
        settings: the folders, and the limits of the guards.
        on_date: reports progress.
        rebuild_missing: whether to rebuild a missing database too, if snapshots are stored.

    Returns:
        What was done; empty if nothing.

    Raises:
        DatabaseError: the database is of a newer release, cannot be read, is being written by
            another run, or there is nothing to rebuild it from.
        DataError: there is an old file, and the newest date could not be published.
    """
    path = settings.database

    def find_problem() -> str:
        if path.exists():
            return _problem(path)
        has_snapshots = rebuild_missing and stored_dates(SnapshotStore(settings.raw_dir))
        return f"There was no database {path}." if has_snapshots else ""

    _remove_abandoned(settings)
    left = companions(path)
    if not left and not find_problem():
        return ""
    with translate_errors(path), locked(path, settings.lock_timeout_s):
        recovered = [file.name for file in left if not file.exists()]
        done = [f"Another program had left {' and '.join(recovered)}; the database was recovered."]
        problem = find_problem()  # another run may have rebuilt it
        if problem:
            done += [problem, _rebuild(settings, problem, on_date)]
        return " ".join(done if recovered else done[1:])


def _remove_abandoned(settings: Settings) -> None:
    """Remove what a killed rebuild or import left, if none is going on."""
    folders = (_new_data_dir(settings), replay_dir(settings))
    found = [each for each in folders if os.path.lexists(each)]
    found += private_copies(settings.database)
    if found:
        with suppress(DatabaseError), locked(settings.database, timeout_s=0):
            for folder in found:
                if folder.is_symlink() or folder.is_file():
                    folder.unlink()
                else:
                    shutil.rmtree(folder, ignore_errors=True)


def _new_data_dir(settings: Settings) -> Path:
    """Return the folder of the new database during a rebuild, on the disk of the old one."""
    return settings.database.parent / ".rebuild"


def _problem(path: Path) -> str:
    """Return why a database must be rebuilt; empty if it need not be.

    A database that was checked since it was last written to is not read again: damage since then is
    found when a load copies it.
    """
    modified_ns = path.stat().st_mtime_ns
    changed = _CHANGED.format(path)
    try:
        with reading(path) as connection:
            change = next(_foreign_changes(connection), "")
            if change or is_checked(path):
                return f"{changed}: {change}." if change else ""
            damage = next(iter(integrity(connection)), "")
            has_changed = not damage and has_other_rows(connection)
    except UnusableDatabaseError as error:
        return error.message
    except DatabaseError:
        # A damaged number of the schema version may be that of a newer release.
        if path.is_file() and (other := _other_file(path)):
            return other
        raise
    problem = f"The database {path} is damaged: {damage}." if damage else _other_file(path)
    if has_changed and not problem:
        problem = f"{changed}: its rows are not those that were published."
    if not problem:
        record_check(path, modified_ns)
    return problem


def _other_file(path: Path) -> str:
    """Return that no program wrote to a database, but it is not what was published; or ''."""
    with translate_errors(path):
        damage = f"it does not match {path.name}.sha256" if is_damaged(path) else ""
    return damage and f"The database {path} is damaged: {damage}."


def _foreign_changes(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield what other programs have changed that could stop a load or falsify its rows.

    Tables, views and indexes of their own do neither.
    """
    schema = connection.execute("SELECT type, name, sql, tbl_name FROM sqlite_schema").fetchall()
    tables = {name: sql for kind, name, sql, _ in schema if kind == "table"}
    for name, table in TABLES.items():
        if name not in tables:
            yield f"there is no table {name}"
        elif tables[name] != create_table(table):
            yield f"the table {name} has other columns or conditions"
    yield from (f"{name} is a table, not a view" for name in sorted(VIEWS.keys() & tables))
    for kind, name, sql, table in schema:
        if kind == "trigger" and table.lower() in TABLES:
            yield f"the trigger {name} changes {table}"
        if kind == "index" and table.lower() in TABLES and sql and sql.startswith("CREATE UNIQUE"):
            yield f"the index {name} restricts {table}"
    for name in sorted(tables.keys() - TABLES.keys()):
        parents = connection.execute('SELECT "table" FROM pragma_foreign_key_list(?)', (name,))
        for (parent,) in parents:
            if parent.lower() in TABLES:
                yield f"the table {name} refers to {parent}"


def rebuild(
    settings: Settings, on_date: Progress = lambda *_: None, *, until_utc: str = ""
) -> Replayed:
    """Rebuild the published database from all snapshots, so that older ones are loaded in order.

    A GP list that had nothing to be compared with is judged again, and may be refused.

    Args:
        settings: the folders, and the limits of the guards.
        on_date: reports progress.
        until_utc: ignore snapshots stored after this instant; empty: use all.

    Raises:
        DataError: the new database would lack a GP list of the old one that could not be loaded
            again, or have older data of an endpoint; the old one is unchanged.
        DatabaseError: the database is being written by another run, or cannot be written.
    """
    path, store = settings.database, SnapshotStore(settings.raw_dir)
    with translate_errors(path), locked(path, settings.lock_timeout_s):
        dates = stored_dates(store, until_utc=until_utc)
        if not dates:  # the sample never replaces real data
            raise DataError(
                f"No snapshot is stored in {store.folder} to rebuild the database from.",
                remedy="The database is unchanged. Restore that folder from a backup.",
            )
        with _rebuilt(settings, dates, on_date) as (new, replayed):
            later = {
                each.retrieved_utc
                for each in store.all(CELESTRAK.name, STARLINK.name)
                if "" < until_utc < each.retrieved_utc
            }
            lost = sorted(_lost_lists(path, new) - replayed.implausible - later)
            older = [] if until_utc else _older(path, new)
            if lost or older or not new.exists():
                lists = f"it would lack the GP lists of {_days(lost)}. " if lost else ""
                data = f"it would have older data of {', '.join(older)}. " if older else ""
                why = f"{lists or data}{' '.join(replayed.problems)}".strip()
                raise DataError(
                    f"The database cannot be rebuilt {'as of' if until_utc else 'to load'} "
                    f"{until_utc or 'older data'}: {why}",
                    remedy="Restore the missing snapshots, or move the database away and run "
                    "again.",
                )
            carry_imports(path, new, settings.hot_days)
            put_in_place(new, path, sha256(new))
    return replayed


def _rebuild(settings: Settings, problem: str, on_date: Progress) -> str:
    path, store = settings.database, SnapshotStore(settings.raw_dir)
    dates = stored_dates(store)
    if not dates and _holds_real_data(path, store):
        raise DatabaseError(
            f"{problem} It holds real data, and no snapshot is stored in {store.folder} to rebuild "
            f"it from.",
            remedy="Restore that folder from a backup, or move the file away to start again.",
        )
    with _rebuilt(settings, dates, on_date) as (new, replayed):
        problems = replayed.problems
        if not path.exists() and not new.exists():  # the run itself may fetch what is damaged
            return f"It could not be rebuilt: {problems[-1]}"
        if path.exists() and (not new.exists() or any(d in replayed.failures for d in dates[-1:])):
            raise DataError(
                f"{problem} It cannot be rebuilt, because the newest snapshots cannot be "
                f"loaded: {problems[-1]}",
                remedy=f"The file is unchanged. {_remedy(problems[-1], store)}",
            )
        lost = sorted(_lost_lists(path, new) - replayed.implausible)
        carry_imports(path, new, settings.hot_days)
        kept = f"; the old file is {_keep(path).name}" if path.exists() else ""
        put_in_place(new, path, sha256(new))
    built_from = f"the snapshots of {_days(dates)}" if dates else "the bundled sample"
    left_out = "".join(f"\nNot loaded: {each}" for each in problems)
    if lost:
        left_out += (
            f"\nOnly the old file holds the GP lists of {_days(lost)}: no snapshot is stored."
        )
    return f"It was rebuilt from {built_from}{kept}.{left_out}"


def _remedy(problem: str, store: SnapshotStore) -> str:
    """Return what to do about a problem that stops a rebuild, which may name a snapshot or not."""
    if any(path.name in problem for path in store.folder.glob("*/*/*.gz")):
        return (
            "Remove the snapshot that is named, with its sidecar, or restore it from a backup, "
            "and run again."
        )
    return (
        "Restore the snapshots of that date from a backup, or move the database away to start "
        "again without it."
    )


@contextmanager
def _rebuilt(
    settings: Settings, dates: list[str], on_date: Progress
) -> Iterator[tuple[Path, Replayed]]:
    """Build a database from the snapshots of these dates, or from the sample if there are none.

    Args:
        settings: the folders, and the limits of the guards.
        dates: the dates, oldest first.
        on_date: reports progress.

    Yields:
        The new database, in a folder of its own that is removed after the block, and the outcome
        of each date. If none could be loaded, the database is missing.
    """
    every_service = settings.model_copy(update={"sources": ""})  # also those no longer used
    target = settings.model_copy(update={"data_dir": _new_data_dir(settings)})
    shutil.rmtree(target.data_dir, ignore_errors=True)  # an interrupted rebuild
    replayed = Replayed()
    try:
        if dates:
            replayed = load_dates(every_service, dates, target=target, on_date=on_date)
        else:
            with built(every_service, source="sample") as run:
                load(run, target)
        yield target.database, replayed
    finally:
        shutil.rmtree(target.data_dir, ignore_errors=True)


def _days(dates: list[str]) -> str:
    days = sorted({date[: len("2026-11-01")] for date in dates})
    return days[0] if len(days) == 1 else f"{len(days)} days, {days[0]} to {days[-1]}"


def _holds_real_data(path: Path, store: SnapshotStore) -> bool:
    """Return whether a database holds real data; if it cannot be read, whether it may."""
    if path.stat().st_size == 0:
        return False
    try:
        with closing(connect_readonly(path)) as old:
            return holds_real_data(old)
    except sqlite3.Error:
        return not any((store.folder / SAMPLE.name).glob("*/*"))


def _lost_lists(path: Path, new: Path) -> set[str]:
    """Return the instants of the GP lists that a new database lacks.

    A list that a service sent again counts once: its orbits are in the new database.
    """
    held = _orbits(new)
    again = {instant for instant, orbits in _orbits(path).items() if orbits in held.values()}
    return _gp_lists(path) - _gp_lists(new) - again


def _orbits(path: Path) -> dict[str, tuple[str, int]]:
    """Return the date and the number of the orbits of each GP list in a database, by its instant.

    There are none if it cannot be read, or is of an early release.
    """
    sql = "SELECT retrieved_utc, data_utc, satellite_count FROM _observations"
    with suppress(sqlite3.Error), closing(connect_readonly(path)) as database:
        return {instant: (date, count) for instant, date, count in database.execute(sql)}
    return {}


def _gp_lists(path: Path) -> set[str]:
    """Return the instants of the GP lists in a database; none if it cannot be read."""
    with suppress(sqlite3.Error), closing(connect_readonly(path)) as database:
        for column in ("retrieved_utc", "observed_utc"):  # databases of before have the second
            with suppress(sqlite3.OperationalError):
                found = database.execute(f"SELECT {column} FROM _observations")  # noqa: S608
                return {instant for (instant,) in found}
    return set()


def _older(path: Path, new: Path) -> list[str]:
    """Return the endpoints of which a new database has older data than the published one."""
    rebuilt = _newest(new)
    return sorted(
        each for each, instant in _newest(path).items() if rebuilt.get(each, "") < instant
    )


def _newest(path: Path) -> dict[str, str]:
    """Return endpoint → instant of its newest loaded snapshot, but for GP lists and samples."""
    sql = """SELECT source || ': ' || endpoint, max(retrieved_utc) FROM _snapshots
             WHERE origin <> 'sample' AND source <> ? GROUP BY 1"""
    with suppress(sqlite3.Error), closing(connect_readonly(path)) as database:
        return dict(database.execute(sql, (CELESTRAK.name,)))
    return {}


def _keep(path: Path) -> Path:
    """Give a file a second, dated name beside it, and return that; never overwrite a file."""
    for earlier in path.parent.glob(f"{path.stem}.old-*{path.suffix}"):
        if earlier.exists() and earlier.samefile(path):  # an interrupted rebuild has named it
            return earlier
    stamp = f"{utc_now():%Y-%m-%d}"
    for number in count(1):
        name = f"{path.stem}.old-{stamp}{f'-{number}' if number > 1 else ''}{path.suffix}"
        kept = path.with_name(name)
        try:
            os.link(path, kept)
        except FileExistsError:
            continue
        except OSError:  # a file system without hard links
            if kept.exists():
                continue
            unfinished = kept.with_suffix(".unfinished")
            shutil.copyfile(path, unfinished)
            unfinished.replace(kept)
        return kept
    raise AssertionError
