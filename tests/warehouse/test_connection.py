import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest

from spacex.errors import DatabaseError, DataError, UnusableDatabaseError
from spacex.schema import SCHEMA_VERSION, TABLES
from spacex.warehouse.connection import REBUILD, integrity, reading, writing
from tests.stages import digest

Open = Callable[[Path], AbstractContextManager[sqlite3.Connection]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a new database with every table and no rows."""
    with writing(tmp_path / "starlink.db"):
        pass
    return tmp_path / "starlink.db"


def test_new_database_has_every_table(path: Path) -> None:
    with reading(path) as connection:
        found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        assert {name for (name,) in found} == TABLES.keys()
        assert integrity(connection) == []


def test_writing_keeps_an_existing_database(path: Path) -> None:
    before = digest(path)
    with writing(path):
        pass
    assert digest(path) == before


def test_reading_is_read_only(path: Path) -> None:
    with (
        pytest.raises(DatabaseError, match="attempt to write a readonly database"),
        reading(path) as connection,
    ):
        connection.execute("DELETE FROM launches")


def test_missing_database_says_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError) as caught, reading(tmp_path / "starlink.db"):
        pass
    assert caught.value.message == f"There is no database {tmp_path / 'starlink.db'} yet."
    assert caught.value.remedy == "Run `make run` to build it."
    assert not (tmp_path / "starlink.db").exists()


@pytest.mark.parametrize(
    ("open_it", "message"),
    [
        (reading, "{} is a folder, not a database."),
        (writing, "The database {} cannot be read or written: "),
    ],
)
def test_folder_is_an_error(tmp_path: Path, open_it: Open, message: str) -> None:
    with pytest.raises(DatabaseError) as caught, open_it(tmp_path):
        pass
    assert message.format(tmp_path) in caught.value.message


@pytest.mark.parametrize("open_it", [reading, writing])
@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to be one" * 9, b"SQLite"]
)
def test_file_of_another_format_is_an_error(tmp_path: Path, open_it: Open, content: bytes) -> None:
    path = tmp_path / "starlink.db"
    path.write_bytes(content)
    with pytest.raises(DatabaseError) as caught, open_it(path):
        pass
    assert caught.value.message == f"The database {path} is damaged: file is not a database."
    assert caught.value.remedy == REBUILD
    assert path.read_bytes() == content


NEWER = SCHEMA_VERSION + 1


@pytest.mark.parametrize(
    ("version", "kind", "message"),
    [
        (0, UnusableDatabaseError, "0"),
        (NEWER, DatabaseError, f"{NEWER}, that of a newer release"),
    ],
)
@pytest.mark.parametrize("open_it", [reading, writing])
def test_another_schema_version_is_refused(
    path: Path, open_it: Open, version: int, kind: type[DatabaseError], message: str
) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(DatabaseError) as caught, open_it(path):
        pass
    assert type(caught.value) is kind
    assert caught.value.message == (
        f"The database {path} has schema version {message}; "
        f"this release needs version {SCHEMA_VERSION}."
    )
    assert (caught.value.remedy == REBUILD) == (kind is UnusableDatabaseError)


def test_constraint_violation_is_a_data_error(path: Path) -> None:
    with (
        pytest.raises(DataError, match=rf"{path} rejected a row: NOT NULL constraint failed"),
        writing(path) as connection,
    ):
        connection.execute("INSERT INTO cores (core_id) VALUES ('a')")


def test_errors_of_a_copy_name_the_original(tmp_path: Path, path: Path) -> None:
    known = tmp_path / "known.db"
    with (
        pytest.raises(DatabaseError, match=rf"The database {known} "),
        writing(path, published=known) as connection,
    ):
        connection.execute("SELECT nothing")


def test_orphaned_row_is_an_integrity_problem(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO launch_payloads VALUES ('unknown', 0, 'a')")
    with reading(path) as connection:
        assert integrity(connection) == ["a row of launch_payloads has no parent row in launches"]
