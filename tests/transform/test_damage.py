"""Damage of any kind in an answer: every row is accounted for, and no sound one suffers."""

import copy
import json
import re
import sqlite3
from contextlib import closing

import hypothesis
import pytest
from hypothesis import strategies as st

from spacex.errors import ResponseError
from spacex.schema.ddl import create_all
from spacex.sources import SPACEXDATA
from spacex.sources.json_records import decode_record, split_records
from spacex.sources.sample import sample_responses
from spacex.transform import tidy_tables
from spacex.warehouse.insert import insert_frame

ANSWERS = {name: list(records)[:5] for name, records in sample_responses(satellites=5).items()}
NOT_JSON = [float("nan"), float("inf"), -float("inf")]
STRANGE = [
    None,
    True,
    0,
    -1,
    3,
    2**63,
    -(10**25),
    1.5,
    1e308,
    -1e-308,
    "",
    "text",
    "\0",
    "2020-02-30",
    "0001-01-01T00:00:00+14:00",
    "https://\0",
    "javascript:alert(1)",
    [],
    [None],
    [[]],
    {},
    {"id": None},
]
DROPPED = object()

settled = hypothesis.settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
)


def places(value, path=()):
    """The path of every key and list item in a record."""
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        yield (*path, key)
        yield from places(value[key], (*path, key))


def damaged(record, path, value):
    """A copy of the record with another value, or none, at one place."""
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
def answers(draw, strange=tuple(STRANGE)):
    """A list's name, its records with one or two of them damaged, and those that are sound."""
    name = draw(st.sampled_from(sorted(ANSWERS)))
    records = list(ANSWERS[name])
    hit = draw(st.lists(st.integers(0, len(records) - 1), min_size=1, max_size=2, unique=True))
    for place in hit:
        for _ in range(draw(st.integers(1, 3))):
            path = draw(st.sampled_from(list(places(records[place]))))
            value = draw(st.sampled_from([DROPPED, *strange]))
            records[place] = damaged(records[place], path, value)
    sound = [record for place, record in enumerate(records) if place not in hit]
    copies = draw(st.lists(st.sampled_from(records), max_size=2))
    return name, [*records, *copies], sound


def tidy(name, body):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    records = [decode_record(raw, "here") for raw in split_records(body, "here")]
    return tidy_tables(SPACEXDATA.endpoints[name], "spacexdata", records)


def rows(frame):
    return {tuple(map(str, row)) for row in frame.itertuples(index=False)}


def rows_given(mapping, records):
    """How many rows a list has, counted from its records alone."""
    if not mapping.each:
        return len(records)
    found = [record.get(mapping.each) for record in records]
    return sum(len(value) if isinstance(value, list) else 1 for value in found)


@settled
@hypothesis.given(answers())
def test_every_row_is_loaded_or_refused_with_a_reason(answer):
    name, records, sound = answer
    for got, want in zip(tidy(name, records), tidy(name, sound), strict=True):
        mappings = [m for m in SPACEXDATA.endpoints[name].mappings if m.table == got.table.name]
        assert got.rows_in == sum(rows_given(mapping, records) for mapping in mappings)
        assert 0 <= got.rows_rejected <= len(got.rejects)
        assert bool(got.rejects) == bool(got.rows_rejected)
        assert all(reject.reason for reject in got.rejects)
        assert rows(want.frame) <= rows(got.frame)
        assert want.rejects == []


@settled
@hypothesis.given(answers())
def test_what_passes_is_taken_by_the_database(answer):
    """The rules of pandera and of SQLite agree on whatever may come."""
    name, records, _ = answer
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        for statement in create_all():
            connection.execute(statement)
        for each in tidy(name, records):
            insert_frame(connection, each.table, each.frame)
            (count,) = connection.execute(f"SELECT count(*) FROM {each.table.name}").fetchone()  # noqa: S608
            assert count == len(each.frame)


@settled
@hypothesis.given(answers(strange=tuple(NOT_JSON)))
def test_numbers_that_json_does_not_know_are_no_answer(answer):
    name, records, _ = answer
    hypothesis.assume(re.search("NaN|Infinity", json.dumps(records)))
    with pytest.raises(ResponseError, match="invalid character"):
        tidy(name, records)


@settled
@hypothesis.given(st.data())
def test_bytes_gone_wrong_are_no_answer_or_are_accounted_for(data):
    name = data.draw(st.sampled_from(sorted(ANSWERS)))
    body = bytearray(json.dumps(ANSWERS[name][:2]), "utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del body[data.draw(st.integers(0, len(body))) :]
    try:
        tables = tidy(name, bytes(body))
    except ResponseError:
        return
    assert all(bool(each.rejects) == bool(each.rows_rejected) for each in tables)
