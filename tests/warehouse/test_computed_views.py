"""Views that are computed once: the same rows, for all processes, and only while they are true."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock

from spacex.files import fingerprint
from spacex.settings import Settings
from spacex.warehouse import computed_views
from spacex.warehouse.computed_views import COMPUTED, attach_computed
from spacex.warehouse.connection import reading
from spacex.warehouse.views import VIEWS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of computed views, which the tests of the sample share."""
    return tmp_path_factory.mktemp("views")


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    """Return an empty folder of computed views."""
    (tmp_path / "own").mkdir()
    return tmp_path / "own"


@pytest.fixture
def connection(sampled: Settings) -> Iterator[sqlite3.Connection]:
    """Return a read-only connection to the sample."""
    with reading(sampled.database) as connection:
        yield connection


def attach(connection: sqlite3.Connection, database: Path, folder: Path) -> None:
    version = fingerprint(database)
    assert version
    attach_computed(connection, database, version, folder)


def schema_of(connection: sqlite3.Connection, view: str) -> str:
    """Return the name of the database in which a view has its rows."""
    plan = connection.execute(f"EXPLAIN SELECT * FROM {view}").fetchall()  # noqa: S608
    numbers = {step[4] for step in plan if step[1] == "OpenRead"}
    names = {row[0]: row[1] for row in connection.execute("PRAGMA database_list")}
    return " ".join(sorted(names[number] for number in numbers))


@pytest.mark.parametrize("view", VIEWS)
def test_computed_views_have_the_rows_of_the_views(
    sampled: Settings, connection: sqlite3.Connection, folder: Path, view: str
) -> None:
    sql = f"SELECT * FROM {view}"  # noqa: S608
    before = pd.read_sql_query(sql, connection)
    assert schema_of(connection, view) == "main"
    attach(connection, sampled.database, folder)
    assert schema_of(connection, view) == ("computed" if view in COMPUTED else "main")
    pd.testing.assert_frame_equal(before, pd.read_sql_query(sql, connection))


def test_one_process_computes_them_for_all(
    sampled: Settings, connection: sqlite3.Connection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach(connection, sampled.database, folder)
    monkeypatch.setattr(computed_views, "_compute", lambda *_: pytest.fail("computed again"))
    with reading(sampled.database) as other:
        attach(other, sampled.database, folder)
        assert schema_of(other, "v_launches") == "computed"


def test_a_newer_database_has_its_own(sampled: Settings, tmp_path: Path, own_folder: Path) -> None:
    database = Path(shutil.copy(sampled.database, tmp_path / "starlink.db"))
    with reading(database) as older:
        attach(older, database, own_folder)
        with sqlite3.connect(database) as writer:
            writer.execute("DELETE FROM launch_cores")
            writer.execute("DELETE FROM launches WHERE name = 'RatSat'")
        writer.close()
        with reading(database) as newer:
            attach(newer, database, own_folder)
            sql = "SELECT count(*) FROM v_launches"
            (before,), (after,) = (each.execute(sql).fetchone() for each in (older, newer))
    assert after == before - 1
    assert len([*own_folder.glob("*.db")]) == 1


def test_computed_views_take_no_writing_and_no_other_database(
    sampled: Settings, connection: sqlite3.Connection, folder: Path
) -> None:
    attach(connection, sampled.database, folder)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM computed.v_launches")
    with pytest.raises(sqlite3.OperationalError, match="too many attached"):
        connection.execute("ATTACH ':memory:' AS other")


@pytest.mark.parametrize("fault", ["no folder", "no room", "damaged", "locked"])
def test_without_room_the_views_stay_as_they_are(
    sampled: Settings,
    connection: sqlite3.Connection,
    own_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    shared = own_folder
    if fault == "no folder":
        shared = own_folder / "file"
        shared.touch()
    elif fault == "locked":
        monkeypatch.setattr(computed_views, "_LONGEST_S", 0)
        lock = FileLock(own_folder / "computed.lock")
        lock.acquire()
    elif fault == "no room":
        monkeypatch.setattr(computed_views, "_compute", full)
    else:
        with reading(sampled.database) as first:
            attach(first, sampled.database, own_folder)
        (file,) = own_folder.glob("*.db")
        file.write_bytes(b"damaged")
    before = connection.execute("SELECT count(*) FROM v_launches").fetchone()
    attach(connection, sampled.database, shared)
    assert connection.execute("SELECT count(*) FROM v_launches").fetchone() == before


def test_a_view_that_fails_leaves_nothing_behind(
    sampled: Settings,
    connection: sqlite3.Connection,
    own_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(computed_views, "COMPUTED", (*COMPUTED, "v_nothing"))
    attach(connection, sampled.database, own_folder)
    assert [path.name for path in own_folder.iterdir()] == ["computed.lock"]
    assert schema_of(connection, "v_launches") == "main"
