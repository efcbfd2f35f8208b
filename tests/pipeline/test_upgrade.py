"""A database of an older release, or a damaged one, is rebuilt with its whole history."""

import errno
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from spacex.errors import DatabaseError, DataError, SpacexError
from spacex.extract.accepted_lists import ACCEPTED_LISTS
from spacex.extract.sidecar import sidecar_path
from spacex.extract.snapshots import SnapshotStore
from spacex.pipeline import upgrade as module
from spacex.pipeline.replay import built, stored_dates
from spacex.pipeline.upgrade import upgrade
from spacex.schema import SCHEMA_VERSION, TABLES
from spacex.settings import PROJECT, Settings
from spacex.warehouse import publish as publish_module
from spacex.warehouse.connection import integrity, reading, translate_errors
from spacex.warehouse.load import load
from tests.clock import Clock
from tests.stages import at, content, digest, publish, rows, unchanged, value

HISTORY = ("_observations", "_changes", "_launch_altitudes")


def execute(sql: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(sql)
            connection.commit()

    return change


def overwrite(path: Path, start: int = 2**14, content: bytes = b"\xff" * 2**14) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(content)


def flip(path: Path, text: bytes) -> None:
    """Flip a bit of a text in the file, which no check of SQLite notices."""
    start = path.read_bytes().index(text)
    overwrite(path, start, bytes([text[0] ^ 1]))
    with reading(path) as connection:
        assert integrity(connection, with_history=True) == []


OLDER = execute(f"PRAGMA user_version = {SCHEMA_VERSION - 1}")
NEWER = execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
UNUSABLE = {
    "an older version": OLDER,
    "a changed table": execute("ALTER TABLE _findings DROP COLUMN examples"),
    "flipped bytes": overwrite,
    "a flipped bit in a value": lambda path: flip(path, b"International designator"),
    "text that is not UTF-8": lambda path: overwrite(
        path, path.read_bytes().rindex(b"STARLINK-100"), b"\xd3"
    ),
    "a version of no release": lambda path: overwrite(path, 62, b"\x80"),
    "a damaged head": lambda path: overwrite(path, 0, b"not SQLite"),
    "a short file": lambda path: os.truncate(path, path.stat().st_size // 2),
    "an empty file": lambda path: os.truncate(path, 0),
}


FOREIGN = {
    "DROP TABLE _findings": "there is no table _findings",
    "ALTER TABLE cores ADD COLUMN note TEXT": "the table cores has other columns or conditions",
    "DROP VIEW v_starlink; CREATE TABLE v_starlink (x)": "v_starlink is a table, not a view",
    "CREATE TRIGGER c AFTER INSERT ON CORES BEGIN SELECT 1; END": "the trigger c changes CORES",
    "CREATE UNIQUE INDEX u ON _runs (run_id)": "the index u restricts _runs",
    "CREATE TABLE r (id REFERENCES Rockets (rocket_id))": "the table r refers to Rockets",
}
"""Change of another program that could stop or falsify a load → how it is named."""
HARMLESS = """
    CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT UNIQUE, other REFERENCES t (id));
    CREATE TRIGGER copy AFTER INSERT ON t BEGIN SELECT 1; END;
    CREATE INDEX i ON _runs (loaded_utc); CREATE VIEW v AS SELECT * FROM t"""


@pytest.fixture
def days(settings: Settings, three_days: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a folder with a copy of the data of `three_days`.

    Its small lists lose more satellites than a fleet does.
    """
    monkeypatch.setattr("spacex.warehouse.guards.LOSS_PCT", 50)
    shutil.copytree(three_days.parent, settings.data_dir)
    return at(settings, sources="celestrak")


def history(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of content and history, without the ids and times of runs."""
    found = content(database)
    for name in HISTORY:
        columns = [c.name for c in TABLES[name].columns if c.name not in {"run_id", "loaded_utc"}]
        found[name] = sorted(rows(database, f"SELECT {', '.join(columns)} FROM {name}"), key=str)  # noqa: S608
    return found


def files(settings: Settings) -> list[str]:
    return sorted(path.name for path in settings.data_dir.glob("*"))


@pytest.mark.parametrize("damage", UNUSABLE.values(), ids=UNUSABLE)
def test_an_unusable_database_is_rebuilt_with_every_day(days, tmp_path, damage):
    fresh = at(days, data_dir=tmp_path / "fresh")
    for date in stored_dates(SnapshotStore(days.raw_dir)):
        with built(days, date) as run:
            load(run, fresh, accept_shrink=True)
    before = history(days.database)
    damage(days.database)
    old, reported = digest(days.database), []
    with Clock("2026-11-27"):
        done = upgrade(days, lambda *progress: reported.append(progress))
    assert history(days.database) == before == history(fresh.database)
    assert len(before["_observations"]) == 3
    kept = days.data_dir / "starlink.old-2026-11-27.db"
    assert digest(kept) == old
    assert done.startswith(f"The database {days.database} ")
    assert done.endswith(
        "It was rebuilt from the snapshots of 3 days, 2026-11-01 to 2026-11-03; "
        "the old file is starlink.old-2026-11-27.db."
    )
    assert reported == [(1, 3, "2026-11-01"), (2, 3, "2026-11-02"), (3, 3, "2026-11-03")]
    assert not list((days.data_dir / "runs").glob("*Z"))
    assert ".rebuild" not in files(days)
    assert upgrade(days) == ""


@pytest.mark.parametrize(("sql", "change"), FOREIGN.items())
def test_a_change_that_could_stop_or_falsify_a_load_is_named(days, sql, change):
    with closing(sqlite3.connect(days.database)) as connection:
        connection.executescript(HARMLESS)
    assert upgrade(days) == ""
    with closing(sqlite3.connect(days.database)) as connection:
        connection.executescript(sql)
    shutil.rmtree(days.raw_dir)  # without which nothing is rebuilt
    with pytest.raises(DatabaseError) as caught:
        upgrade(days)
    start = f"The database {days.database} was changed by another program or release: {change}. It"
    assert caught.value.message.startswith(start)


EDITS = (
    "DELETE FROM starlink",
    "DELETE FROM starlink WHERE norad_cat_id = (SELECT max(norad_cat_id) FROM starlink)",
    "UPDATE starlink SET object_name = object_name || 'x'",
    "UPDATE starlink_elements SET inclination_deg = 53.5",
    "DELETE FROM _changes",
    "UPDATE _columns SET description = ''",
)


@pytest.mark.parametrize("sql", EDITS)
def test_rows_that_another_program_has_changed_are_rebuilt(days, sql):
    before = history(days.database)
    execute(sql)(days.database)
    with Clock("2026-11-27"):
        done = upgrade(days)
    start = f"The database {days.database} was changed by another program or release: "
    assert done.startswith(f"{start}its rows are not those that were published. It was rebuilt")
    assert done.endswith("the old file is starlink.old-2026-11-27.db.")
    assert history(days.database) == before
    assert upgrade(days) == ""


def upgrade_and_lock(settings: Settings) -> None:
    upgrade(settings)
    with translate_errors(settings.database), publish_module.locked(settings.database, 0):
        pass


@pytest.mark.parametrize("suffix", ["-wal", "-journal", "-shm", ".lock", ".sha256"])
def test_a_folder_in_the_place_of_a_file_beside_the_database_is_to_be_moved(days, suffix):
    path = days.database.with_name(f"starlink.db{suffix}")
    path.unlink(missing_ok=True)
    path.mkdir()
    os.utime(days.database, (1, 1))
    with pytest.raises(SpacexError) as caught:
        upgrade_and_lock(days)
    assert path.name in caught.value.message
    assert caught.value.remedy.startswith("Move it away")


def test_a_usable_or_missing_database_is_left_alone(days, settings):
    before = files(days)
    assert upgrade(days) == ""
    assert files(days) == before
    assert upgrade(at(settings, data_dir=settings.data_dir / "empty"), rebuild_missing=True) == ""


def test_a_database_is_read_whole_only_after_a_write(days, monkeypatch):
    def read(*_: object, **__: object) -> None:
        raise AssertionError

    os.utime(days.database)
    assert upgrade(days) == ""
    with monkeypatch.context() as patch:
        for name in ("sha256", "is_damaged", "integrity"):
            patch.setattr(module, name, read)
        assert upgrade(days) == ""
        os.utime(days.database)
        with pytest.raises(AssertionError):
            upgrade(days)


def test_damage_that_no_program_wrote_is_found_by_the_next_load(days):
    before, times = history(days.database), days.database.stat()
    flip(days.database, b"International designator")
    os.utime(days.database, ns=(times.st_atime_ns, times.st_mtime_ns))
    old = digest(days.database)
    assert upgrade(days) == ""
    publish(days, "snapshot", "repaired")
    assert history(days.database) == before
    (kept,) = days.data_dir.glob("starlink.old-*.db")
    assert digest(kept) == old
    note = str(value(days.database, "SELECT note FROM _runs WHERE run_id = 'repaired'"))
    assert f"{days.database} is damaged: it does not match starlink.db.sha256." in note
    assert "It was rebuilt from the snapshots of 3 days" in note


def test_a_missing_database_is_rebuilt_with_every_day_if_asked(days):
    before = history(days.database)
    days.database.unlink()
    assert upgrade(days) == ""
    with Clock("2026-11-27"):
        done = upgrade(days, rebuild_missing=True)
    assert history(days.database) == before
    assert done == (
        f"There was no database {days.database}. "
        "It was rebuilt from the snapshots of 3 days, 2026-11-01 to 2026-11-03."
    )


def test_the_only_earlier_list_is_in_the_history_of_a_new_database(days):
    days.database.unlink()
    store = SnapshotStore(days.raw_dir)
    first, *later = store.all("celestrak", "starlink")
    for snapshot in later:
        (store.folder / snapshot.path).unlink()
        sidecar_path(store.folder / snapshot.path).unlink()
    upgrade(days, rebuild_missing=True)
    lists = rows(days.database, "SELECT retrieved_utc FROM _observations")
    assert lists == [(first.retrieved_utc,)]


def test_a_database_of_a_newer_release_is_rejected(days):
    NEWER(days.database)
    newer = f"version {SCHEMA_VERSION + 1}, that of a newer"
    with unchanged(days.database), pytest.raises(DatabaseError, match=newer):
        upgrade(days)
    assert not [name for name in files(days) if "old" in name]


def test_an_old_file_is_never_overwritten(days):
    with Clock("2026-11-27"):
        for _ in range(3):
            OLDER(days.database)
            upgrade(days)
    kept = [name.removeprefix("starlink.old-2026-11-27") for name in files(days) if "old" in name]
    assert kept == ["-2.db", "-3.db", ".db"]


def test_a_file_system_without_hard_links_gets_a_copy(days, monkeypatch):
    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError("no links")))
    OLDER(days.database)
    old = digest(days.database)
    upgrade(days)
    (kept,) = days.data_dir.glob("starlink.old-*.db")
    assert digest(kept) == old


def test_a_link_to_another_file_system_is_kept(days, tmp_path, monkeypatch):
    """A rename does not leave its file system."""

    def replace(old: Path, new: Path) -> None:
        if old.parent.is_relative_to(days.data_dir) != new.parent.is_relative_to(days.data_dir):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        os.replace(old, new)  # noqa: PTH105 - is patched

    before, link = history(days.database), days.database
    link.rename(tmp_path / "starlink.db")
    link.symlink_to(tmp_path / "starlink.db")
    OLDER(days.database)
    monkeypatch.setattr(Path, "replace", replace)
    assert "It was rebuilt from the snapshots of 3 days" in upgrade(days)
    assert link.is_symlink()
    assert history(link) == before


def test_a_damaged_snapshot_omits_only_its_day(days):
    snapshot = SnapshotStore(days.raw_dir).all("celestrak", "starlink")[1]
    (days.raw_dir / snapshot.path).write_bytes(b"damaged")
    OLDER(days.database)
    done = upgrade(days)
    assert "Not loaded: 2026-11-02: " in done
    assert value(days.database, "SELECT count(*) FROM _observations") == 2


def test_a_list_that_a_rebuild_refuses_is_named(days):
    """The lists of later days were published without a guard."""
    (days.raw_dir / ACCEPTED_LISTS).unlink()
    OLDER(days.database)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("spacex.warehouse.guards.LOSS_PCT", 5)
        done = upgrade(days)
    assert "The GP list of 2026-11-02T12:00:00Z has 13 satellites and lacks 2 of the 10" in done
    assert "no snapshot is stored" not in done
    lists = "SELECT substr(observed_utc, 1, 10) FROM _observations ORDER BY 1"
    assert rows(days.database, lists) == [("2026-11-01",), ("2026-11-03",)]


def test_lists_without_a_snapshot_are_named(days):
    first = SnapshotStore(days.raw_dir).all("celestrak", "starlink")[0]
    stored = days.raw_dir / first.path
    for file in stored.parent.glob(f"{stored.name.partition('.')[0]}*"):
        file.unlink()
    OLDER(days.database)
    assert "Only the old file holds the GP lists of 2026-11-01: no snapshot" in upgrade(days)


def test_a_write_ahead_log_is_kept_with_the_old_file_and_not_applied_to_the_new_one(days):
    before = history(days.database)
    program = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("PRAGMA journal_mode = WAL")
connection.execute("CREATE TABLE mine (value)")
connection.execute("INSERT INTO mine VALUES (42)")
connection.execute("PRAGMA user_version = 2")
connection.commit()
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", program, days.database], check=True)
    assert days.database.with_name("starlink.db-wal").exists()
    assert "has schema version 2" in upgrade(days)
    assert history(days.database) == before
    assert not list(days.data_dir.glob("starlink.db-*"))
    (kept,) = days.data_dir.glob("starlink.old-*.db")
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT value FROM mine").fetchall() == [(42,)]


def test_without_any_good_snapshot_the_old_database_stays(days):
    for snapshot in SnapshotStore(days.raw_dir).all("celestrak", "starlink"):
        (days.raw_dir / snapshot.path).write_bytes(b"damaged")
    OLDER(days.database)
    none = "newest snapshots cannot be loaded: 2026-11-03: "
    with unchanged(days.database), pytest.raises(DataError, match=none) as caught:
        upgrade(days)
    assert "Remove the snapshot that is named" in caught.value.remedy


def test_no_snapshot_is_to_be_removed_if_none_is_named(days, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise DataError("Too many records were rejected.")

    monkeypatch.setattr("spacex.pipeline.replay.load_into", refuse)
    OLDER(days.database)
    with unchanged(days.database), pytest.raises(DataError) as caught:
        upgrade(days)
    assert caught.value.remedy == (
        "The file is unchanged. Restore the snapshots of that date from a backup, or move the "
        "database away to start again without it."
    )


def test_a_missing_database_without_any_good_snapshot_does_not_stop_the_run(days):
    for snapshot in SnapshotStore(days.raw_dir).all("celestrak", "starlink"):
        (days.raw_dir / snapshot.path).write_bytes(b"damaged")
    days.database.unlink()
    assert "It could not be rebuilt: 2026-11-03: " in upgrade(days, rebuild_missing=True)
    assert not days.database.exists()


def test_real_data_without_snapshots_are_not_replaced(days):
    days.raw_dir.rename(days.data_dir / "elsewhere")
    OLDER(days.database)
    none = "no snapshot is stored in"
    with unchanged(days.database), pytest.raises(DatabaseError, match=none):
        upgrade(days)


def test_the_sample_is_rebuilt_from_the_sample(settings):
    publish(settings, "sample", only=["rockets"])
    OLDER(settings.database)
    assert "rebuilt from the bundled sample" in upgrade(settings)
    assert value(settings.database, "SELECT count(*) FROM starlink") > 0
    with reading(settings.database) as connection:
        assert integrity(connection) == []


def test_a_locked_database_is_not_upgraded(days):
    OLDER(days.database)
    with (
        FileLock(days.database.with_name("starlink.db.lock")),
        pytest.raises(DatabaseError, match="Another run has held the lock"),
    ):
        upgrade(days)


def test_the_rest_of_a_killed_rebuild_or_import_is_removed(days):
    (days.data_dir / ".rebuild" / "runs").mkdir(parents=True)
    (days.data_dir / ".replay").symlink_to("gone")
    (days.data_dir / "starlink.db.abc.unpublished").touch()
    rest = {".rebuild", ".replay", "starlink.db.abc.unpublished"}
    with FileLock(days.database.with_name("starlink.db.lock")):
        assert upgrade(days) == ""
        assert rest < set(files(days))
    assert upgrade(days) == ""
    assert not rest & set(files(days))


def test_a_run_that_waited_finds_the_database_rebuilt(days, monkeypatch):
    OLDER(days.database)
    problems = iter(["It is old.", ""])
    monkeypatch.setattr(module, "_problem", lambda _: next(problems))
    assert upgrade(days) == ""


PROGRAM = """
import sys
from pathlib import Path
from spacex.pipeline.upgrade import upgrade
from spacex.settings import Settings
print("ready", flush=True)
upgrade(Settings(_env_file=None, data_dir=Path(sys.argv[1])), lambda n, *_: print(n, flush=True))
"""


@pytest.mark.parametrize("date", [1, 2, 3])
@pytest.mark.parametrize("later_s", [0, 0.1])
def test_an_upgrade_killed_half_way_loses_nothing(days, date, later_s):
    before = history(days.database)
    OLDER(days.database)
    old = digest(days.database)
    command = [sys.executable, "-c", PROGRAM, days.data_dir]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as program:
        while program.stdout.readline().strip() != str(date):
            assert program.poll() is None
        time.sleep(later_s)
        program.send_signal(signal.SIGKILL)
    assert digest(days.database) == old or (later_s and history(days.database) == before)
    upgrade(days)
    assert history(days.database) == before
    (kept,) = days.data_dir.glob("starlink.old-*.db")
    assert digest(kept) == old
    assert ".rebuild" not in files(days)


def test_a_rebuild_publishes_once_whatever_the_number_of_days(days, monkeypatch):
    copies = []
    monkeypatch.setattr(
        "spacex.warehouse.publish._private_copy",
        lambda *paths, original=publish_module._private_copy: (
            copies.append(paths) or original(*paths)
        ),
    )
    OLDER(days.database)
    upgrade(days)
    assert len(copies) == 1
