import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from spacex.analysis import queries
from spacex.errors import DatabaseError, QueryError
from spacex.settings import Settings
from spacex.warehouse.kept_connection import keep_connections, reading_for

COUNT = "SELECT count(*) FROM launches"


@pytest.fixture
def database(sampled: Settings, tmp_path: Path) -> Path:
    """Return a copy of the published sample."""
    return Path(shutil.copy(sampled.database, tmp_path / "starlink.db"))


@pytest.fixture
def _kept(tmp_path: Path) -> Iterator[None]:
    (tmp_path / "views").mkdir()
    keep_connections(tmp_path / "views")
    yield
    keep_connections(None)


def connection_for(database: Path) -> sqlite3.Connection:
    with reading_for(database) as connection:
        return connection


def one(database: Path, sql: str = COUNT) -> object:
    return queries.query(database, sql).iloc[0, 0]


def test_without_being_asked_for_each_statement_has_its_own_connection(database: Path) -> None:
    first = connection_for(database)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        first.execute(COUNT)


@pytest.mark.usefixtures("_kept")
def test_a_connection_stays_until_the_file_is_another(database: Path, tmp_path: Path) -> None:
    first = connection_for(database)
    assert connection_for(database) is first
    newer = Path(shutil.copy(database, tmp_path / "newer.db"))
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("DELETE FROM launch_cores")
        connection.execute("DELETE FROM launches WHERE name = 'RatSat'")
    before = one(database)
    newer.replace(database)
    assert one(database) == before - 1
    assert connection_for(database) is not first
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        first.execute(COUNT)


@pytest.mark.usefixtures("_kept")
def test_a_file_that_is_changed_in_place_is_read_again(database: Path) -> None:
    sql = "SELECT count(*) FROM v_launches"
    before = one(database, sql)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM launch_cores")
        connection.execute("DELETE FROM launches WHERE name = 'RatSat'")
    assert one(database, sql) == before - 1


@pytest.mark.usefixtures("_kept")
def test_a_missing_database_is_an_error_as_ever(database: Path) -> None:
    one(database)
    database.unlink()
    with pytest.raises(DatabaseError, match="There is no database"):
        one(database)


@pytest.mark.usefixtures("_kept")
def test_a_database_with_a_journal_beside_it_is_opened_each_time(database: Path) -> None:
    first = connection_for(database)
    database.with_name("starlink.db-journal").touch()
    assert connection_for(database) is not first


@pytest.mark.usefixtures("_kept")
def test_a_failed_statement_closes_the_connection(database: Path) -> None:
    first = connection_for(database)
    with pytest.raises(QueryError, match="nowhere"):
        one(database, "SELECT * FROM nowhere")
    assert connection_for(database) is not first


@pytest.mark.usefixtures("_kept")
@pytest.mark.parametrize("table", ["launches", "v_launches"])
def test_a_kept_connection_does_not_write(database: Path, table: str) -> None:
    one(database, "SELECT count(*) FROM v_launches")
    with pytest.raises(QueryError, match="readonly database"):
        one(database, f"DELETE FROM {table} RETURNING 1")  # noqa: S608


@pytest.mark.usefixtures("_kept")
def test_another_process_opens_its_own(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = connection_for(database)
    monkeypatch.setattr(os, "getpid", lambda: 1)
    assert connection_for(database) is not first
