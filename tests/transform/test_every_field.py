"""Every field of the recorded responses, damaged in one record and renamed in all of them.

In one record, a field costs its value, or its row if the column is required; never another row, and
never the run. Renamed in all records, it stops the run, or costs the few values of a small table.
"""

import copy
import gzip
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from spacex.errors import DataError
from spacex.schema import TABLES, Table
from spacex.schema.bookkeeping import COUNTS, REJECTS
from spacex.schema.ddl import create_table
from spacex.sources import CELESTRAK, LAUNCHLIBRARY, SPACEXDATA
from spacex.sources.mapping import Constant, TableMapping
from spacex.sources.source import Endpoint, Source
from spacex.transform import TidyTable, tidy_tables
from spacex.transform.rows import FEW
from spacex.warehouse.guards import guard_rejects
from spacex.warehouse.insert import insert_records

Record = dict[str, Any]
Steps = tuple[str, ...]
"""Keys from a record to a field; `*` for the items of a list."""

LIMIT_PCT = 10
COUNT = 16
REMOVED = object()
VALUES = (REMOVED, None, "", "?", [7], True, {}, -1, 1e300)
FILES = {
    "launchlibrary": "launchlibrary/launches_2026-08-22.json.gz",
    "celestrak": "celestrak/starlink_2025-06-01.json.gz",
}
ENDPOINTS = [
    *((SPACEXDATA, name) for name in SPACEXDATA.endpoints),
    (LAUNCHLIBRARY, "launches"),
    (CELESTRAK, "starlink"),
]
ONLY_IN_2_3_0 = {("pad", "active")}
"""Fields that the recorded version 2.2.0 lacks."""


def records_of(folder: Path, source: Source, name: str) -> list[Record]:
    """Return some recorded records of an endpoint, in which every mapped field has a value."""
    path = folder / FILES.get(source.name, f"spacexdata/{name}.json")
    body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    records = list(source.endpoints[name].records(body, str(path)))
    in_scope = source.endpoints[name].in_scope or (lambda _: True)
    usable = [record for record in records if in_scope(record)]
    usable.sort(key=lambda record: (not record.get("failures"), -len(json.dumps(record))))
    return usable[:COUNT]


def tidy(source: Source, name: str, records: Iterable[Record]) -> dict[str, TidyTable]:
    found = tidy_tables(source.endpoints[name], source.name, records, "2026-11-25T06:00:00Z")
    return {table.table.name: table for table in found}


def guard(tables: Mapping[str, TidyTable]) -> None:
    """Apply the guard of a load."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("ATTACH ':memory:' AS staging")
        for table in (COUNTS, REJECTS):
            connection.execute(create_table(table).replace("TABLE ", "TABLE staging.", 1))
        rejects = [
            {"run_id": "run", "source": table.source} | vars(reject)
            for table in tables.values()
            for reject in table.rejects
        ]
        numbered = ({"reject_number": n} | row for n, row in enumerate(rejects, start=1))
        insert_records(
            connection, COUNTS, [{"run_id": "run"} | table.counts for table in tables.values()]
        )
        insert_records(connection, REJECTS, numbered)
        guard_rejects(connection, LIMIT_PCT)


def mapped_fields(endpoint: Endpoint, records: list[Record]) -> list[Steps]:
    """Return the fields that the mappings read, and those around them."""
    found = {steps for record in records for steps in _fields(record)}
    mapped = {path for mapping in endpoint.mappings for _, path in paths(mapping)}
    return sorted(steps for steps in found if any(path[: len(steps)] == steps for path in mapped))


def paths(mapping: TableMapping) -> Iterator[tuple[str, Steps]]:
    """Yield each column, empty for an expected value, and its path from the record."""
    each = (*mapping.each.replace("?", "").split("."), "*") if mapping.each else ()
    for column, path in [*mapping.columns.items(), *(("", path) for path in mapping.expect)]:
        if not isinstance(path, Constant):
            plain = str(path).replace("?", "").rstrip("#!.")
            inner = tuple(plain.removeprefix("^").split(".")) if plain else ()
            yield column, inner if plain.startswith("^") else (*each, *inner)


def is_required(endpoint: Endpoint, table: Table, steps: Steps) -> bool:
    """Tell whether a required column of a table, or of its parent, is read from the field."""
    return any(
        path[: len(steps)] == steps
        for mapping in endpoint.mappings
        if mapping.table in {table.name, table.parent}
        for column, path in paths(mapping)
        if column not in TABLES[mapping.table].optional_columns
    )


def _fields(value: Any, steps: Steps = ()) -> Iterator[Steps]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*steps, key)
            yield from _fields(inner, (*steps, key))
    elif isinstance(value, list):
        for inner in value:
            yield from _fields(inner, (*steps, "*"))


def damage(record: Record, steps: Steps, value: object, *, everywhere: bool) -> bool:
    """Replace or remove a field; in lists, in the first item with it, or everywhere.

    Returns:
        Whether the record has the field.
    """
    *inner, last = steps
    holders: list[Any] = [record]
    for step in inner:
        found = [each for each in holders if isinstance(each, list if step == "*" else dict)]
        holders = [
            item
            for each in found
            for item in (each if step == "*" else [each[step]] if step in each else [])
        ]
    holders = [each for each in holders if isinstance(each, dict) and last in each]
    for holder in holders if everywhere else holders[:1]:
        if value is REMOVED:
            del holder[last]
        else:
            holder[last] = value
    return bool(holders)


def rows(table: TidyTable) -> dict[tuple[Any, ...], Record]:
    """Return key → row without nulls."""
    frame = table.frame.astype(object).where(table.frame.notna(), None)
    return {
        tuple(row[name] for name in table.table.key): {
            name: value for name, value in row.items() if value is not None
        }
        for row in frame.to_dict("records")
    }


each_endpoint = pytest.mark.parametrize(
    ("source", "name"), ENDPOINTS, ids=[f"{source.name} {name}" for source, name in ENDPOINTS]
)


@each_endpoint
def test_in_one_record_it_costs_its_value_or_its_row(
    recorded_dir: Path, source: Source, name: str
) -> None:
    records, endpoint = records_of(recorded_dir, source, name), source.endpoints[name]
    before = tidy(source, name, records)
    guard(before)
    known = {table: rows(each) for table, each in before.items()}
    for steps, value in zip(mapped_fields(endpoint, records), cycle(VALUES), strict=False):
        changed = [*records]
        for position, record in enumerate(records):
            changed[position] = copy.deepcopy(record)
            if damage(changed[position], steps, value, everywhere=False):
                break
        after = tidy(source, name, changed)
        guard(after)
        for table in after.values():
            found, where = rows(table), (table.table.name, steps, value)
            gone = known[table.table.name].keys() - found.keys()
            assert len({key[0] for key in gone}) <= 1, where
            assert not gone or is_required(endpoint, table.table, steps), where
            if value is not None:  # a null is a value of its own
                assert not gone or found.keys() - known or any(t.rejects for t in after.values())
                check_nulls_are_reported(table, known[table.table.name], found)


def check_nulls_are_reported(
    table: TidyTable, before: Mapping[Any, Record], after: Mapping[Any, Record]
) -> None:
    lost = {(each.row_key, each.column_name) for each in table.rejects if each.lost == "value"}
    for key in before.keys() & after.keys():
        row_key = "/".join(str(before[key][name]) for name in table.table.key if name != "source")
        nulls = before[key].keys() - after[key].keys()
        assert {(row_key, column) for column in nulls} <= lost


@each_endpoint
def test_renamed_in_all_records_it_stops_the_run(
    recorded_dir: Path, source: Source, name: str
) -> None:
    records, endpoint = records_of(recorded_dir, source, name), source.endpoints[name]
    mapped = {path for mapping in endpoint.mappings for _, path in paths(mapping)}
    for steps in mapped.intersection(mapped_fields(endpoint, records)) - ONLY_IN_2_3_0:
        if steps[-1] != "*":
            changed = copy.deepcopy(records)
            for record in changed:
                damage(record, steps, REMOVED, everywhere=True)
            after = tidy(source, name, changed)
            if loses_few_values(after):
                guard(after)
            else:
                with pytest.raises(DataError, match=rf"no field .*{steps[-1]}\b"):
                    guard(after)


def loses_few_values(tables: Mapping[str, TidyTable]) -> bool:
    """Tell whether only values are rejected, in each column those of few records."""
    rejects = [each for table in tables.values() for each in table.rejects]
    lost = {(r.table_name, r.column_name, r.record_name or r.row_key) for r in rejects}
    counts = Counter((table, column) for table, column, _ in lost)
    return {each.lost for each in rejects} == {"value"} and max(counts.values()) <= FEW
