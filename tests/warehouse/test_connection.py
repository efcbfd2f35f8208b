import sqlite3
from contextlib import closing

import pytest

from spacex.errors import DatabaseError, DataError
from spacex.schema import SCHEMA_VERSION, TABLES
from spacex.warehouse.connection import REBUILD, integrity, reading, writing
from tests.stages import digest


@pytest.fixture
def path(tmp_path):
    """A new database with every table and no row."""
    with writing(tmp_path / "starlink.db"):
        pass
    return tmp_path / "starlink.db"


def test_a_new_database_has_every_table_and_is_sound(path):
    with reading(path) as connection:
        found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        assert {name for (name,) in found} == TABLES.keys()
        assert integrity(connection) == []


def test_what_is_there_is_not_made_anew(path):
    before = digest(path)
    with writing(path):
        pass
    assert digest(path) == before


def test_a_reader_cannot_write(path):
    with (
        pytest.raises(DatabaseError, match="attempt to write a readonly database"),
        reading(path) as connection,
    ):
        connection.execute("DELETE FROM launches")


def test_no_database_says_how_to_build_one(tmp_path):
    with pytest.raises(DatabaseError) as caught, reading(tmp_path / "starlink.db"):
        pass
    assert caught.value.message == f"There is no database {tmp_path / 'starlink.db'} yet."
    assert caught.value.remedy == "Run `make run` to build it."
    assert not (tmp_path / "starlink.db").exists()


@pytest.mark.parametrize("open_it", [reading, writing])
def test_a_folder_is_no_database(tmp_path, open_it):
    with pytest.raises(DatabaseError) as caught, open_it(tmp_path):
        pass
    assert f"The database {tmp_path} cannot be read or written: " in caught.value.message
    assert "permissions" in caught.value.remedy


@pytest.mark.parametrize("open_it", [reading, writing])
@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to be one" * 9, b"SQLite"]
)
def test_another_file_is_no_database(tmp_path, open_it, content):
    path = tmp_path / "starlink.db"
    path.write_bytes(content)
    with pytest.raises(DatabaseError) as caught, open_it(path):
        pass
    assert caught.value.message == f"The database {path} is damaged: file is not a database."
    assert caught.value.remedy == REBUILD
    assert path.read_bytes() == content


@pytest.mark.parametrize("version", [0, SCHEMA_VERSION + 1])
@pytest.mark.parametrize("open_it", [reading, writing])
def test_another_schema_version_is_refused(path, open_it, version):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(DatabaseError) as caught, open_it(path):
        pass
    assert caught.value.message == (
        f"The database {path} has schema version {version}; "
        f"this software writes and reads version {SCHEMA_VERSION}."
    )
    assert caught.value.remedy == REBUILD


def test_a_row_that_breaks_a_rule_is_our_error(path):
    with (
        pytest.raises(DataError, match=rf"{path} rejected a row: NOT NULL constraint failed"),
        writing(path) as connection,
    ):
        connection.execute("INSERT INTO cores (core_id) VALUES ('a')")


def test_a_copy_is_spoken_of_as_what_it_is_a_copy_of(tmp_path, path):
    known = tmp_path / "known.db"
    with (
        pytest.raises(DatabaseError, match=rf"The database {known} "),
        writing(path, published=known) as connection,
    ):
        connection.execute("SELECT nothing")


def test_a_row_without_its_parent_is_found(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO launch_payloads VALUES ('gone', 0, 'a')")
    with reading(path) as connection:
        assert integrity(connection) == ["a row of launch_payloads has no parent row in launches"]
