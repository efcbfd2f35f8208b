"""The guard against rejected records counts the records, not their names, and allows a few."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from spacex.errors import DataError
from spacex.schema.bookkeeping import COUNTS, REJECTS
from spacex.schema.ddl import create_table
from spacex.settings import Settings
from spacex.transform.rows import FEW
from spacex.warehouse.guards import guard_rejects
from spacex.warehouse.insert import insert_records
from tests import stages
from tests.example_records import launch, rocket, stage
from tests.example_rows import example_row
from tests.service_replicas import LaunchLibrary

OBJECTS = {"table_name": "catalogue_objects", "source": "gcat"}


@contextmanager
def staged() -> Iterator[sqlite3.Connection]:
    """Open a staging database without rejects."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("ATTACH ':memory:' AS staging")
        for table in (COUNTS, REJECTS):
            connection.execute(create_table(table).replace("TABLE ", "TABLE staging.", 1))
        yield connection


def set_counts(connection: sqlite3.Connection, total: int, rejected: int, **of: str) -> None:
    connection.execute("DELETE FROM staging._counts")
    counts = {"rows_in": total, "rows_rejected": rejected, "rows_loaded": total - rejected}
    zeros = dict.fromkeys(COUNTS.column_names[-3:], 0)
    insert_records(connection, COUNTS, [example_row("_counts", **of, **(zeros | counts))])


@pytest.mark.parametrize("name", ["STARLINK", ""])
@pytest.mark.parametrize("key", ["S{}", "?/line {}"])
def test_catalogue_objects_of_one_name_count_each(name: str, key: str) -> None:
    with staged() as connection:
        for number in range(1, FEW + 2):
            row = {"reject_number": number, "row_key": key.format(number), "record_name": name}
            insert_records(connection, REJECTS, [example_row("_rejects", **OBJECTS, **row)])
            set_counts(connection, 10, number, **OBJECTS)
            if number <= FEW:
                guard_rejects(connection, 10)
        with pytest.raises(DataError, match=f"{FEW + 1} of 10 records of catalogue_objects"):
            guard_rejects(connection, 10)


@pytest.mark.parametrize("limit_pct", [10, 100])
def test_all_values_of_a_column_may_be_lost_if_they_are_few(limit_pct: float) -> None:
    of = {"table_name": "rockets", "source": "launchlibrary"}
    with staged() as connection:
        for number in range(1, FEW + 2):
            row = {"reject_number": number, "row_key": f"ll-{number}", "record_name": ""}
            lost = of | row | {"column_name": "is_active", "lost": "value"}
            insert_records(connection, REJECTS, [example_row("_rejects", **lost)])
            set_counts(connection, number, 0, **of)
            if number <= FEW:
                guard_rejects(connection, limit_pct)
        with pytest.raises(DataError, match=r"4 of 4 values of rockets.is_active .* all of them"):
            guard_rejects(connection, limit_pct)
        with pytest.raises(DataError, match="SPACEX_MAX_REJECT_PCT") as zero:
            guard_rejects(connection, 0)
    assert "is_active" in zero.value.message


@pytest.mark.parametrize(
    ("manual", "cause"),
    [
        ("launchlibrary", "The file may be damaged or of another kind"),
        ("celestrak", "The service may have changed its format"),
    ],
)
def test_a_table_that_loses_its_only_row_stops_the_run(manual: str, cause: str) -> None:
    of = {"table_name": "rockets", "source": "launchlibrary"}
    with staged() as connection:
        insert_records(connection, REJECTS, [example_row("_rejects", **of, lost="row")])
        set_counts(connection, 1, 1, **of)
        with pytest.raises(
            DataError, match="1 of 1 record of rockets was rejected, that is all"
        ) as caught:
            guard_rejects(connection, 10, {manual})
    limit = "SPACEX_MAX_REJECT_PCT sets the limit."
    assert caught.value.remedy == f"The database is unchanged. {cause}; {limit}"


def test_launches_of_one_rocket_without_a_value_are_published(
    settings: Settings, launchlibrary: LaunchLibrary
) -> None:
    launchlibrary.launches = [launch(str(n), f"2026-10-0{n}T00:00:00Z") for n in range(1, 6)]
    for each in launchlibrary.launches:
        del each["rocket"]["configuration"]["active"]
    used = stages.at(settings, sources="launchlibrary", launchlibrary_url=launchlibrary.url)
    stages.publish(used, "auto")
    assert stages.rows(used.database, "SELECT is_active FROM rockets") == [(None,)]
    assert stages.rows(used.database, "SELECT count(*) FROM launches") == [(5,)]
    assert stages.rows(used.database, "SELECT column_name, lost, reason FROM _rejects") == [
        ("is_active", "value", "the record has no field rocket.configuration.active")
    ]


def test_too_many_rows_of_rejected_launches_name_the_field_at_fault(
    settings: Settings, launchlibrary: LaunchLibrary
) -> None:
    """Four of forty launches are not too many, but their twelve of 48 boosters are."""
    heavy = rocket(stage(), stage("B1068", 1), stage("B1069", 1))
    bad = [launch(str(n), "soon", rocket=heavy) for n in range(1, 5)]
    days = (f"2026-10-{day:02}T{hour}:00:00Z" for day in range(1, 19) for hour in ("01", "20"))
    launchlibrary.launches = [*bad, *(launch(day, day) for day in days)]
    used = stages.at(settings, sources="launchlibrary", launchlibrary_url=launchlibrary.url)
    with pytest.raises(DataError, match="12 of 48 records of launch_cores were rej") as caught:
        stages.publish(used, "auto")
    because = "its row in launches was rejected for date_utc: Invalid isoformat string: 'soon'"
    assert f"Most often the row: {because} (for example Falcon 9" in caught.value.message
