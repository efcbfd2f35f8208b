"""A database in memory with the tables and views, for feeds."""

import sqlite3
from collections.abc import Iterator

import pytest

from spacex.warehouse.views import apply_views
from tests.example_rows import empty_database, insert_row


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    """An empty database of real data."""
    with empty_database() as connection:
        apply_views(connection)
        insert_row(connection, "_runs", run_id="one", is_simulated=0)
        yield connection
