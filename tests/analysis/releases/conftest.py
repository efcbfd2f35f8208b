"""Releases of the sample, and databases of later runs."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from spacex.analysis import releases
from spacex.analysis.releases import Release, make_release


@pytest.fixture(scope="session")
def released(sampled, tmp_path_factory) -> Release:
    """A release of the published sample; tests restore what they change."""
    return make_release(sampled.database, tmp_path_factory.mktemp("releases") / "first")


@pytest.fixture
def small(monkeypatch):
    """Releases without Parquet, whose conversion takes most of the time."""
    monkeypatch.setattr(releases, "_FORMATS", ("csv",))


@pytest.fixture
def later(sampled, tmp_path):
    """Return the database of a later run, given a number of days."""

    def database(days: int) -> Path:
        path = tmp_path / f"later-{days}" / "starlink.db"
        path.parent.mkdir()
        shutil.copy(sampled.database, path)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            run = (f"run-{days}", f"2027-01-{days:02}T00:00:00Z")
            connection.execute("UPDATE _runs SET run_id = ?, loaded_utc = ?", run)
            connection.commit()
        return path

    return database
