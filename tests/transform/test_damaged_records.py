"""Damaged records: every row is accounted for, and valid records are not affected."""

import copy
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import hypothesis
import pandas as pd
import pytest
from hypothesis import strategies as st

from spacex.errors import ResponseError
from spacex.sources import SPACEXDATA
from spacex.sources.json_records import list_records
from spacex.sources.mapping import TableMapping
from spacex.sources.sample import archive_history, sample_responses
from spacex.transform import TidyTable, tidy_tables
from spacex.warehouse.insert import insert_frame
from tests.example_rows import empty_database

Path = tuple[str | int, ...]
Records = list[Any]
Drawn = tuple[str, Records, Records]

RECORDS = {
    name: list(records)[:5]
    for name, records in sample_responses(satellites=5, history=archive_history()).items()
}
NOT_JSON = [float("nan"), float("inf"), -float("inf")]
NUMBERS = [0, -1, 3, 2**63, -(10**25), 1.5, 1e308, -1e-308]
DATES = ["2020-02-30", "0001-01-01T00:00:00+14:00"]
TEXTS = ["", "text", "\0", *DATES, "https://\0", "javascript:alert(1)"]
STRANGE = [None, True, *NUMBERS, *TEXTS, [], [None], [[]], {}, {"id": None}]
DROPPED = object()

settled = hypothesis.settings(max_examples=30)


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Return the path of every key and list item in a record."""
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        yield (*path, key)
        yield from paths(value[key], (*path, key))


def damaged(record: Any, path: Path, value: object) -> Any:
    """Return a copy of the record with the value at one path replaced or dropped."""
    record = copy.deepcopy(record)
    holder = record
    for key in path[:-1]:
        holder = holder[key]
    if value is DROPPED:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return record


@st.composite
def responses(draw: st.DrawFn, strange: Sequence[object] = STRANGE) -> tuple[str, Records, Records]:
    """Draw an endpoint, its records with one or two damaged, and its undamaged records."""
    name = draw(st.sampled_from(sorted(RECORDS)))
    records = list(RECORDS[name])
    hit = draw(st.lists(st.integers(0, len(records) - 1), min_size=1, max_size=2, unique=True))
    for index in hit:
        for _ in range(draw(st.integers(1, 3))):
            path = draw(st.sampled_from(list(paths(records[index]))))
            value = draw(st.sampled_from([DROPPED, *strange]))
            records[index] = damaged(records[index], path, value)
    valid = [record for index, record in enumerate(records) if index not in hit]
    copies = draw(st.lists(st.sampled_from(records), max_size=2))
    return name, [*records, *copies], valid


def tidy(name: str, body: bytes | Records) -> list[TidyTable]:
    """Transform the response of an endpoint."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    records = list(list_records(body, "here"))
    return tidy_tables(SPACEXDATA.endpoints[name], "spacexdata", records, "2026-11-27T00:00:00Z")


def check_rejects(table: TidyTable) -> None:
    """Check that rejected rows, and only these, have rejects of rows."""
    lost_rows = [reject for reject in table.rejects if reject.lost == "row"]
    assert 0 <= table.rows_rejected <= len(lost_rows)
    assert bool(lost_rows) == bool(table.rows_rejected)
    assert all(reject.reason for reject in table.rejects)


def rows(frame: pd.DataFrame) -> set[tuple[str, ...]]:
    return {tuple(map(str, row)) for row in frame.itertuples(index=False)}


def count_rows(mapping: TableMapping, records: Records) -> int:
    """Return the number of rows of a mapping, counted from the records alone."""
    if not mapping.each:
        return len(records)
    found = [record.get(mapping.each) for record in records]
    return sum(len(value) if isinstance(value, list) else 1 for value in found)


@settled
@hypothesis.given(responses())
def test_every_row_is_loaded_or_rejected_with_a_reason(response: Drawn) -> None:
    name, records, valid = response
    for got, want in zip(tidy(name, records), tidy(name, valid), strict=True):
        mappings = [m for m in SPACEXDATA.endpoints[name].mappings if m.table == got.table.name]
        assert got.rows_in == sum(count_rows(mapping, records) for mapping in mappings)
        check_rejects(got)
        assert rows(want.frame) <= rows(got.frame)
        assert want.rejects == []


@settled
@hypothesis.given(responses())
def test_accepted_rows_satisfy_the_database(response: Drawn) -> None:
    """The constraints of the frames and of SQLite agree on arbitrary data."""
    name, records, _ = response
    with empty_database() as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        for each in tidy(name, records):
            insert_frame(connection, each.table, each.frame)
            (count,) = connection.execute(f"SELECT count(*) FROM {each.table.name}").fetchone()  # noqa: S608
            assert count == len(each.frame)


@pytest.mark.attack("send NaN and infinity as numbers", "refused")
@settled
@hypothesis.given(responses(strange=NOT_JSON))
def test_nan_and_infinity_make_a_response_invalid(response: Drawn) -> None:
    name, records, _ = response
    hypothesis.assume(re.search("NaN|Infinity", json.dumps(records)))
    with pytest.raises(ResponseError, match="invalid character"):
        tidy(name, records)


@pytest.mark.attack("send corrupt bytes", "refused, or each record accounted for")
@settled
@hypothesis.given(st.data())
def test_corrupt_bytes_are_rejected_or_accounted_for(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(RECORDS)))
    body = bytearray(json.dumps(RECORDS[name][:2]), "utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del body[data.draw(st.integers(0, len(body))) :]
    try:
        tables = tidy(name, bytes(body))
    except ResponseError:
        return
    for each in tables:
        check_rejects(each)
