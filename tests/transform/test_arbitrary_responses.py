"""Arbitrary responses are rejected as a whole, or every row is accounted for."""

import json

import hypothesis
import pytest
from hypothesis import strategies as st

from spacex.errors import ResponseError
from spacex.sources import CELESTRAK, LAUNCHLIBRARY, SPACEXDATA
from spacex.sources.omm import omm_records
from spacex.sources.source import Endpoint, Source
from spacex.transform import TidyTable, tidy_tables
from spacex.units import utc_instant
from tests.example_records import launch, omm, upcoming
from tests.transform.test_damaged_records import (
    DROPPED,
    STRANGE,
    check_rejects,
    damaged,
    paths,
    settled,
)

pytestmark = pytest.mark.long

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | NAMES
VALUES = st.recursive(
    SCALARS, lambda each: st.lists(each) | st.dictionaries(NAMES, each), max_leaves=8
)
ORBITS = CELESTRAK.endpoints["starlink"]
LAUNCHES = LAUNCHLIBRARY.endpoints["launches"]
VALID = [
    (ORBITS, [omm(1), omm(2), omm(3)]),
    (LAUNCHES, [launch("one"), launch("two"), upcoming("three")]),
]
TLE = """STARLINK-1045
1 44750U 19074AP  21113.21440449  .28281060  12321-4  25431-2 0  9994
2 44750  52.9635 168.4884 0004785 272.2723  87.9233 16.38218237 81710
"""
CSV = "OBJECT_NAME,NORAD_CAT_ID,MEAN_MOTION\nSTARLINK-1,1,15.06\nSTARLINK-2,2,15.06\n"


def response(endpoint: Endpoint, records: object) -> bytes:
    """Return the body of a response with these records."""
    return json.dumps({"results": records} if endpoint is LAUNCHES else records).encode()


def tidy(endpoint: Endpoint, body: bytes) -> list[TidyTable]:
    source = "celestrak" if endpoint is ORBITS else "launchlibrary"
    records = endpoint.records(body, "here")
    return tidy_tables(endpoint, source, records, "2026-11-25T06:00:00Z")


def check_accounting(endpoint: Endpoint, body: bytes) -> None:
    """Check that a response is rejected, or that every rejected row has a reason."""
    try:
        tables = tidy(endpoint, body)
    except ResponseError:
        return
    for table in tables:
        check_rejects(table)


@settled
@hypothesis.given(st.sampled_from([ORBITS, LAUNCHES]), VALUES)
def test_arbitrary_json(endpoint: Endpoint, value: object) -> None:
    check_accounting(endpoint, response(endpoint, value))
    check_accounting(endpoint, json.dumps(value).encode())


@settled
@hypothesis.given(st.sampled_from([ORBITS, LAUNCHES]), st.lists(st.dictionaries(NAMES, VALUES)))
def test_arbitrary_records(endpoint: Endpoint, records: list[object]) -> None:
    check_accounting(endpoint, response(endpoint, records))


@hypothesis.settings(settled, max_examples=30)
@hypothesis.given(st.data())
def test_records_with_arbitrary_values(data: st.DataObject) -> None:
    endpoint, valid = data.draw(st.sampled_from(VALID))
    records = list(valid)
    for _ in range(data.draw(st.integers(1, 3))):
        hit = data.draw(st.integers(0, len(records) - 1))
        path = data.draw(st.sampled_from(list(paths(records[hit]))))
        value = data.draw(st.sampled_from([DROPPED, *STRANGE]) | VALUES)
        records[hit] = damaged(records[hit], path, value)
    check_accounting(endpoint, response(endpoint, records))


@settled
@hypothesis.given(st.sampled_from([TLE, CSV, json.dumps([omm(1)])]), st.data())
def test_corrupt_element_set_files(text: str, data: st.DataObject) -> None:
    body = bytearray(text.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del body[data.draw(st.integers(0, len(body))) :]
    check_accounting(ORBITS, bytes(body))


@settled
@hypothesis.given(st.binary(max_size=200), st.sampled_from([b"", b"1 ", b"[", b"OBJECT_NAME"]))
def test_arbitrary_element_set_files(body: bytes, beginning: bytes) -> None:
    check_accounting(ORBITS, beginning + body)


def test_valid_records_are_not_rejected() -> None:
    """The checks above would also pass if everything were rejected."""
    for endpoint, records in VALID:
        for table in tidy(endpoint, response(endpoint, records)):
            assert table.rejects == []
    assert len(list(omm_records(TLE.encode(), "here"))) == 1
    assert len(list(omm_records(CSV.encode(), "here"))) == 2


@settled
@hypothesis.given(st.text(max_size=40))
def test_text_is_an_instant_or_a_value_error(text: str) -> None:
    try:
        found = utc_instant(text)
    except ValueError:
        return
    assert found.utcoffset().total_seconds() == 0


@pytest.mark.parametrize("source", [SPACEXDATA, CELESTRAK, LAUNCHLIBRARY], ids=lambda s: s.name)
def test_every_endpoint_rejects_an_invalid_response(source: Source) -> None:
    for endpoint in source.endpoints.values():
        for body in (b"", b"null", b"7", b'"text"', b"[1]", b"\xff", b"[" * 100_000):
            with pytest.raises(ResponseError):
                list(endpoint.records(body, "here"))
