"""Documents of any kind, from the services of today: no document, or every row accounted for."""

import json

import hypothesis
import pytest
from hypothesis import strategies as st

from spacex.errors import ResponseError
from spacex.sources import CELESTRAK, LAUNCHLIBRARY, SPACEXDATA
from spacex.sources.omm import omm_records
from spacex.sources.source import Endpoint
from spacex.transform import tidy_tables
from spacex.units import utc_instant
from tests.example_records import launch, omm, upcoming
from tests.transform.test_damage import DROPPED, STRANGE, damaged, places, settled

pytestmark = pytest.mark.long

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | NAMES
VALUES = st.recursive(
    SCALARS, lambda each: st.lists(each) | st.dictionaries(NAMES, each), max_leaves=8
)
ORBITS = CELESTRAK.endpoints["starlink"]
LAUNCHES = LAUNCHLIBRARY.endpoints["launches"]
SOUND = [
    (ORBITS, [omm(1), omm(2), omm(3)]),
    (LAUNCHES, [launch("one"), launch("two"), upcoming("three")]),
]
TLE = """STARLINK-1045
1 44750U 19074AP  21113.21440449  .28281060  12321-4  25431-2 0  9994
2 44750  52.9635 168.4884 0004785 272.2723  87.9233 16.38218237 81710
"""
CSV = "OBJECT_NAME,NORAD_CAT_ID,MEAN_MOTION\nSTARLINK-1,1,15.06\nSTARLINK-2,2,15.06\n"


def document(endpoint: Endpoint, records: object) -> bytes:
    """Records as the service sends them."""
    return json.dumps({"results": records} if endpoint is LAUNCHES else records).encode()


def tidy(endpoint: Endpoint, body: bytes):
    source = "celestrak" if endpoint is ORBITS else "launchlibrary"
    records = endpoint.records(body, "here")
    return tidy_tables(endpoint, source, records, "2026-11-25T06:00:00Z")


def accounted(endpoint: Endpoint, body: bytes) -> None:
    """A document is none, or all rows of its tables are loaded or left out for a reason."""
    try:
        tables = tidy(endpoint, body)
    except ResponseError:
        return
    for table in tables:
        assert 0 <= table.rows_rejected <= len(table.rejects)
        assert bool(table.rejects) == bool(table.rows_rejected)
        assert all(reject.reason for reject in table.rejects)


@settled
@hypothesis.given(st.sampled_from([ORBITS, LAUNCHES]), VALUES)
def test_any_document_at_all(endpoint, value):
    accounted(endpoint, document(endpoint, value))
    accounted(endpoint, json.dumps(value).encode())


@settled
@hypothesis.given(st.sampled_from([ORBITS, LAUNCHES]), st.lists(st.dictionaries(NAMES, VALUES)))
def test_any_records_at_all(endpoint, records):
    accounted(endpoint, document(endpoint, records))


@hypothesis.settings(settled, max_examples=120)
@hypothesis.given(st.data())
def test_records_with_anything_anywhere(data):
    endpoint, sound = data.draw(st.sampled_from(SOUND))
    records = list(sound)
    for _ in range(data.draw(st.integers(1, 3))):
        hit = data.draw(st.integers(0, len(records) - 1))
        path = data.draw(st.sampled_from(list(places(records[hit]))))
        value = data.draw(st.sampled_from([DROPPED, *STRANGE]) | VALUES)
        records[hit] = damaged(records[hit], path, value)
    accounted(endpoint, document(endpoint, records))


@settled
@hypothesis.given(st.sampled_from([TLE, CSV, json.dumps([omm(1)])]), st.data())
def test_files_of_orbits_with_anything_in_them(text, data):
    body = bytearray(text.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del body[data.draw(st.integers(0, len(body))) :]
    accounted(ORBITS, bytes(body))


@settled
@hypothesis.given(st.binary(max_size=200), st.sampled_from([b"", b"1 ", b"[", b"OBJECT_NAME"]))
def test_files_of_orbits_that_are_anything(body, beginning):
    accounted(ORBITS, beginning + body)


def test_what_is_sound_is_not_refused():
    """The account above would balance if everything were."""
    for endpoint, records in SOUND:
        for table in tidy(endpoint, document(endpoint, records)):
            assert table.rejects == []
    assert len(list(omm_records(TLE.encode(), "here"))) == 1
    assert len(list(omm_records(CSV.encode(), "here"))) == 2


@settled
@hypothesis.given(st.text(max_size=40))
def test_a_text_is_an_instant_or_a_value_error(text):
    try:
        found = utc_instant(text)
    except ValueError:
        return
    assert found.utcoffset().total_seconds() == 0


@pytest.mark.parametrize("source", [SPACEXDATA, CELESTRAK, LAUNCHLIBRARY], ids=lambda s: s.name)
def test_every_list_refuses_what_is_no_document(source):
    for endpoint in source.endpoints.values():
        for body in (b"", b"null", b"7", b'"text"', b"[1]", b"\xff", b"[" * 100_000):
            with pytest.raises(ResponseError):
                list(endpoint.records(body, "here"))
