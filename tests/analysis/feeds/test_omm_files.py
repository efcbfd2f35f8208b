"""The orbits of the fleet, as our own reader and that of sgp4 read them."""

import io
import json
import math
import sqlite3
from typing import Any

import pytest
from sgp4 import omm
from sgp4.api import Satrec

from spacex.analysis.feeds import omm_files
from spacex.analysis.feeds.writing import content
from spacex.sources.celestrak import starlink_records
from tests.example_records import omm as example
from tests.example_rows import insert_row

Database = sqlite3.Connection
NAMES = ("starlink-omm.json", "starlink-omm.csv")


def satellite(database: Database, number: int, /, **values: Any) -> None:
    """Insert a satellite in orbit with the elements of `example_records.omm`."""
    record = example(number)
    of = {
        "norad_cat_id": number,
        "source": "celestrak",
        "epoch_utc": f"{record['EPOCH']}Z",
    }
    elements = {
        column: record[field]
        for column, field in omm_files.ELEMENT_COLUMNS.items()
        if column not in {"epoch_utc", "norad_cat_id"}
    }
    given = {"creation_utc": None} | {
        name: each for name, each in values.items() if name in {"creation_utc", *elements}
    }
    insert_row(database, "starlink_elements", **of, **elements | given)
    fleet = {"unlisted_since_utc": None, "orbit_status": "operational", "is_decayed": 0} | {
        name: each for name, each in values.items() if name not in given and name not in elements
    }
    told = {"object_name": record["OBJECT_NAME"], "object_id": record["OBJECT_ID"]}
    insert_row(database, "starlink", **of, **told | fleet)


def read(database: Database, name: str) -> list[dict[str, Any]]:
    """Return the records of a file, by our own reader."""
    return [dict(each) for each in starlink_records(content(database, name), name)]


@pytest.mark.parametrize("name", NAMES)
def test_the_records_are_those_that_the_service_sent(database: Database, name: str) -> None:
    satellite(database, 44713)
    satellite(database, 270_001)
    (first, second) = read(database, name)
    expected = {**example(44713), "ORIGINATOR": "CelesTrak"}
    assert {field: first[field] for field in expected} == expected
    assert second["NORAD_CAT_ID"] == 270_001
    assert {each for each in first if first[each] is not None} == {*expected}


def test_sgp4_reads_the_csv(database: Database) -> None:
    satellite(database, 44713)
    (fields,) = omm.parse_csv(io.StringIO(content(database, "starlink-omm.csv").decode()))
    read_ = Satrec()
    omm.initialize(read_, fields)
    assert read_.satnum == 44713
    assert math.degrees(read_.inclo) == pytest.approx(53.05)
    assert read_.sgp4(read_.jdsatepoch, read_.jdsatepochF)[0] == 0


def test_sgp4_reads_the_json(database: Database) -> None:
    satellite(database, 44713)
    (record,) = json.loads(content(database, "starlink-omm.json"))
    read_ = Satrec()
    omm.initialize(read_, {name: str(each) for name, each in record.items()})
    assert read_.bstar == pytest.approx(-2.1e-05)


@pytest.mark.parametrize("name", NAMES)
def test_only_satellites_in_orbit_with_current_elements_are_listed(
    database: Database, name: str
) -> None:
    satellite(database, 1)
    satellite(database, 2, is_decayed=1, orbit_status="decayed")
    satellite(database, 3, unlisted_since_utc="2026-11-20T12:00:00Z", orbit_status="unlisted")
    satellite(database, 4, orbit_status="stale")
    insert_row(database, "starlink", norad_cat_id=5, source="celestrak", is_decayed=0)
    assert [each["NORAD_CAT_ID"] for each in read(database, name)] == [1]


@pytest.mark.parametrize("name", NAMES)
def test_what_may_not_be_passed_on_is_left_out_and_counted(database: Database, name: str) -> None:
    satellite(database, 1)
    satellite(database, 2, creation_utc="2026-11-25T08:00:00Z")
    assert [each["NORAD_CAT_ID"] for each in read(database, name)] == [1]
    assert database.execute(omm_files.LEFT_OUT).fetchone() == (1,)


def test_a_missing_number_becomes_what_programs_expect(database: Database) -> None:
    satellite(database, 1, element_set_no=None, rev_at_epoch=None)
    (record,) = json.loads(content(database, "starlink-omm.json"))
    assert (record["ELEMENT_SET_NO"], record["REV_AT_EPOCH"]) == (999, 0)


@pytest.mark.parametrize("name", NAMES)
def test_the_sample_is_marked(database: Database, name: str) -> None:
    database.execute("UPDATE _runs SET is_simulated = 1")
    satellite(database, 1)
    assert [each["ORIGINATOR"] for each in read(database, name)] == ["simulated sample"]


def test_no_satellite_makes_an_empty_list(database: Database) -> None:
    assert json.loads(content(database, "starlink-omm.json")) == []
    assert content(database, "starlink-omm.csv").count(b"\n") == 1
