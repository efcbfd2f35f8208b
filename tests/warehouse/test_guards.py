"""The guard against rejected records counts the records, not their names."""

import sqlite3
from contextlib import closing

import pytest

from spacex.errors import DataError
from spacex.schema.bookkeeping import COUNTS, REJECTS
from spacex.schema.ddl import create_table
from spacex.transform.rows import FEW
from spacex.warehouse.guards import guard_rejects
from spacex.warehouse.insert import insert_records
from tests.example_rows import example_row

OBJECTS = {"table_name": "catalogue_objects", "source": "gcat"}


@pytest.mark.parametrize("name", ["STARLINK", ""])
@pytest.mark.parametrize("key", ["S{}", "?/line {}"])
def test_catalogue_objects_of_one_name_count_each(name: str, key: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("ATTACH ':memory:' AS staging")
        for table in (COUNTS, REJECTS):
            connection.execute(create_table(table).replace("TABLE ", "TABLE staging.", 1))
        for number in range(1, FEW + 2):
            row = {"reject_number": number, "row_key": key.format(number), "record_name": name}
            insert_records(connection, REJECTS, [example_row("_rejects", **OBJECTS, **row)])
            connection.execute("DELETE FROM staging._counts")
            counts = {"rows_in": 10, "rows_rejected": number, "rows_loaded": 10 - number}
            zeros = dict.fromkeys(COUNTS.column_names[-3:], 0)
            row = example_row("_counts", **OBJECTS, **(zeros | counts))
            insert_records(connection, COUNTS, [row])
            if number <= FEW:
                guard_rejects(connection, 10)
        with pytest.raises(DataError, match=f"{FEW + 1} of 10 records of catalogue_objects"):
            guard_rejects(connection, 10)
