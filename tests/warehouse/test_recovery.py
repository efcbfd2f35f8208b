"""What another SQLite program does to the database, or left beside it."""

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import Mock

import pytest

from spacex.errors import DatabaseError
from spacex.settings import Settings
from spacex.warehouse.connection import integrity, reading
from spacex.warehouse.digest import check_digest
from spacex.warehouse.publish import publishing
from tests.stages import content, rows, unchanged, value
from tests.warehouse.other_program import UNFINISHED, killed, other_program

WAL = "PRAGMA journal_mode = WAL"
INSERT = "INSERT INTO launch_payloads SELECT launch_id, 99, '{}' FROM launches LIMIT 1"
THEIRS = "SELECT payload_id FROM launch_payloads WHERE payload_index = 99"


@pytest.fixture
def path(published: Settings) -> Path:
    return published.database


@contextmanager
def putting(path: Path) -> Iterator[None]:
    """Publish a change after the block."""
    with publishing(path, lock_timeout_s=0.1) as connection:
        yield
        connection.execute("UPDATE _runs SET note = 'ours'")


def put(path: Path) -> None:
    """Publish a change."""
    with putting(path):
        pass


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.glob("starlink.db*"))


def is_published(path: Path) -> bool:
    """Return whether `put` has published the database, alone and intact."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert integrity(connection, with_history=True) == []
        (note,) = connection.execute("SELECT note FROM _runs").fetchone()
    assert names(path) == ["starlink.db", "starlink.db.lock", "starlink.db.sha256"]
    assert check_digest(path) == ""
    return bool(note == "ours")


@contextmanager
def nobody() -> Iterator[None]:
    """Be a user without any permission."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def read_only(path: Path) -> Iterator[None]:
    """Make a folder and its files read-only, for a user who can reach it."""
    for parent in path.parent.parents:
        if parent.owner() == Path.home().owner() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    for each in path.parent.glob("starlink.db*"):
        each.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        with nobody():
            yield
    finally:
        path.parent.chmod(0o755)


def test_a_log_left_by_a_killed_program_is_included(path: Path) -> None:
    killed(path, WAL, INSERT.format("theirs"))
    assert "starlink.db-wal" in names(path)
    put(path)
    assert is_published(path)
    assert rows(path, THEIRS) == [("theirs",)]


@pytest.mark.parametrize("has_log", [True, False])
def test_a_recovery_that_was_killed_is_continued(path: Path, has_log: bool) -> None:  # noqa: FBT001
    """After the log was written to the database, or removed, and before the mode is changed."""
    killed(path, WAL, INSERT.format("theirs"))
    log = path.with_name("starlink.db-wal")
    content = log.read_bytes()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("SELECT 1 FROM launches")
    assert not log.exists()
    if has_log:
        log.write_bytes(content)
    put(path)
    assert is_published(path)
    assert rows(path, THEIRS) == [("theirs",)]


def test_a_database_in_another_mode_is_published_in_rollback_mode(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(WAL)
    put(path)
    assert is_published(path)


def test_a_transaction_of_a_killed_program_is_rolled_back(path: Path) -> None:
    before = content(path)
    killed(path, *UNFINISHED)
    assert "starlink.db-journal" in names(path)
    put(path)
    assert is_published(path)
    assert content(path) == before
    assert value(path, "SELECT count(*) FROM _columns WHERE description = 'changed'") == 0


def test_a_reader_names_the_journal_of_a_killed_program(path: Path) -> None:
    killed(path, *UNFINISHED)
    with pytest.raises(DatabaseError) as caught:
        rows(path, "SELECT 1 FROM launches")
    assert caught.value.message == (
        f"Another program was stopped while it changed the database {path}, and left "
        "starlink.db-journal."
    )
    assert caught.value.remedy == "Run `make run`: it undoes the unfinished change."


@pytest.mark.parametrize(
    "statements",
    [
        (WAL, INSERT.format("theirs")),
        (WAL, "SELECT count(*) FROM launches"),
        (WAL, "BEGIN IMMEDIATE"),
        ("BEGIN IMMEDIATE",),
        ("BEGIN EXCLUSIVE",),
        UNFINISHED,
    ],
    ids=["log", "idle", "transaction in the log", "reserved", "exclusive", "unfinished"],
)
def test_a_program_that_writes_is_named(path: Path, statements: tuple[str, ...]) -> None:
    with other_program(path, *statements) as program:
        with unchanged(path), pytest.raises(DatabaseError) as caught:
            put(path)
        pattern = rf"The database {path} is open for writing in \S+ \(process {program.pid}\)\."
        assert re.fullmatch(pattern, caught.value.message)
        assert caught.value.remedy == "Close it there, then run again."
        program.execute("ROLLBACK")
        assert (
            program.execute(INSERT.format("later")) == "[]" or INSERT.format("theirs") in statements
        )
    put(path)
    assert is_published(path)
    assert len(rows(path, THEIRS)) == 1


@pytest.mark.parametrize("mode", ["rw", "ro"])
@pytest.mark.parametrize("statement", ["BEGIN", "PRAGMA cache_size"])
def test_a_reader_is_not_in_the_way(path: Path, mode: str, statement: str) -> None:
    query = "SELECT note FROM _runs"
    with other_program(path, statement, query, mode=mode) as reader:
        put(path)
        assert reader.execute(query) == "[('',)]"
    assert is_published(path)


@pytest.mark.parametrize("statement", ["BEGIN", "PRAGMA cache_size"])
def test_a_reader_of_a_log_is_not_in_the_way(path: Path, statement: str) -> None:
    query = "SELECT count(*) FROM launch_payloads WHERE payload_index = 99"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(WAL)
        connection.execute(INSERT.format("first"))
        connection.commit()
        with other_program(path, statement, query, mode="ro") as reader:
            connection.execute("DELETE FROM launch_payloads WHERE payload_index = 99")
            connection.commit()
            connection.close()
            put(path)
            assert reader.execute(query) == f"[({int(statement == 'BEGIN')},)]"
    assert is_published(path)
    assert rows(path, THEIRS) == []


def test_nobody_writes_during_a_publish(path: Path) -> None:
    with other_program(path, "SELECT note FROM _runs") as program:
        with putting(path):
            assert program.execute(INSERT.format("theirs")) == "SQLITE_BUSY"
        assert program.execute(INSERT.format("theirs")) == "SQLITE_READONLY_DBMOVED"
    assert is_published(path)


@pytest.mark.attack("block a run with a pipe in place of SQLite's journal", "refused")
@pytest.mark.parametrize("name", ["-journal", "-wal", "-shm"])
def test_a_pipe_in_place_of_a_journal_is_refused(path: Path, name: str) -> None:
    pipe = path.with_name(path.name + name)
    os.mkfifo(pipe)
    for use in (reading, putting):
        with pytest.raises(DatabaseError, match=rf"{pipe.name} is a pipe"), use(path):
            pass


@pytest.mark.parametrize("name", ["-journal", "-wal", "-shm"])
@pytest.mark.parametrize("is_readable", [True, False])
def test_the_journal_of_another_database_is_not_applied(
    path: Path,
    tmp_path: Path,
    name: str,
    is_readable: bool,  # noqa: FBT001
) -> None:
    """As after a restored backup: the file is older, or another one."""
    other = tmp_path / "other.db"
    shutil.copy(path, other)
    before = content(path)
    killed(other, *(UNFINISHED if name == "-journal" else (WAL, "UPDATE launches SET name = 'x'")))
    left = path.with_name(path.name + name)
    if is_readable:
        shutil.copy(other.with_name(other.name + name), left)
    else:
        left.write_bytes(b"no journal at all" * 999)
    if name != "-journal":
        with reading(path) as connection:
            assert connection.execute(
                "SELECT count(*) FROM launches WHERE name = 'x'"
            ).fetchone() == (0,)
    put(path)
    assert is_published(path)
    assert content(path) == before


@pytest.mark.parametrize("left", [(), ("-shm",), ("-wal",), ("-shm", "-wal")])
def test_a_database_in_write_ahead_mode_is_readable_in_a_read_only_folder(
    path: Path, left: tuple[str, ...]
) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(WAL)
    for name in left:
        path.with_name(path.name + name).write_bytes(bytes(32768 if name == "-shm" else 0))
    with read_only(path):
        assert rows(path, "SELECT note FROM _runs") == [("",)]


def test_a_log_is_readable_in_a_read_only_folder(path: Path) -> None:
    killed(path, WAL, INSERT.format("theirs"))
    with read_only(path):
        assert rows(path, THEIRS) == [("theirs",)]
    path.with_name("starlink.db-shm").unlink()
    with read_only(path), pytest.raises(DatabaseError) as caught:
        rows(path, THEIRS)
    assert caught.value.message == (
        f"Another program left changes to the database {path} in starlink.db-wal, which cannot be "
        "read here."
    )
    assert caught.value.remedy == "Run `make run`: it writes them to the database."


@pytest.mark.parametrize("has_links", [True, False])
def test_a_database_that_is_corrupt_in_its_place_gives_way_to_the_old_one(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    has_links: bool,  # noqa: FBT001
) -> None:
    if not has_links:
        monkeypatch.setattr("os.link", Mock(side_effect=OSError))
    found = iter([[], ["page 7 is lost"]])
    monkeypatch.setattr("spacex.warehouse.publish.integrity", lambda _: next(found))
    with unchanged(path), pytest.raises(DatabaseError, match="is corrupt: page 7 is lost"):
        put(path)
    assert check_digest(path) == ""
    assert names(path) == ["starlink.db", "starlink.db.lock", "starlink.db.sha256"]
