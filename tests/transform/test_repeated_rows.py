"""Records of one document with the same catalogue number."""

from typing import Any

import pytest

from spacex.schema.catalogue import CATALOGUE_OBJECTS
from spacex.sources.celestrak import STARLINK
from spacex.sources.record import Record
from spacex.transform.tables import TidyTable, tables_of
from tests.example_records import omm, omm_json
from tests.sources.test_gcat import SATELLITE, tsv
from tests.sources.test_gcat import tidy as gcat
from tests.sources.test_satcat import satcat_csv
from tests.sources.test_satcat import tidy as satcat

NOW = "2026-11-25T12:00:00Z"
NUMBER = 100_001
DECAYED = {"DECAY_DATE": "2026-11-20"}


def tidy(*documents: list[Record]) -> dict[str, TidyTable]:
    """Return the tables of GP lists."""
    records = (STARLINK.records(omm_json(*each), "file") for each in documents)
    return {each.table.name: each for each in tables_of(STARLINK, "celestrak", records, NOW)}


def fates(table: TidyTable) -> tuple[int, ...]:
    """Return the numbers of the records, and of those loaded, rejected and duplicate."""
    return table.rows_in, len(table.frame), table.rows_rejected, table.rows_duplicate


CONTRADICTIONS = {
    "name": ({"OBJECT_NAME": "STARLINK-7"}, "object_name is STARLINK-100001 or STARLINK-7"),
    "designator": ({"OBJECT_ID": "2026-002B"}, "object_id is 2026-001A or 2026-002B"),
    "no designator": ({"OBJECT_ID": None}, "object_id is 2026-001A or null"),
    "decay": (DECAYED, "is_decayed is False or True; 1 other column differs"),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
@pytest.mark.parametrize("is_first", [True, False])
def test_contradicting_records_are_all_rejected(name: str, *, is_first: bool) -> None:
    fields, what = CONTRADICTIONS[name]
    other = omm(NUMBER, **fields)
    pair = [other, omm(NUMBER)] if is_first else [omm(NUMBER), other]
    tables = tidy([omm(1, OBJECT_ID="2026-001B"), *pair])
    satellites = tables["starlink"]
    assert fates(satellites) == (3, 1, 2, 0)
    reasons = {each.reason for each in satellites.rejects}
    assert len(reasons) == 1
    if not is_first:
        assert reasons == {f"contradicting records of {NUMBER}: {what}"}
    assert fates(tables["starlink_elements"]) == (3, 2, 0, 1)


@pytest.mark.parametrize(
    ("letters", "named"),
    [
        ("ABC", "2026-001A or 2026-001B or 2026-001C"),
        ("CBAD", "2026-001C or 2026-001B or 2026-001A or …"),
    ],
)
def test_three_contradicting_values_are_named(letters: str, named: str) -> None:
    """The newest record comes first."""
    records = [omm(NUMBER, OBJECT_ID=f"2026-001{letter}") for letter in letters]
    reasons = {each.reason for each in tidy(records)["starlink"].rejects}
    assert reasons == {f"contradicting records of {NUMBER}: object_id is {named}"}


def test_contradicting_elements_of_one_epoch_are_rejected_but_the_satellite_is_not() -> None:
    tables = tidy([omm(NUMBER), omm(NUMBER, MEAN_ANOMALY=31, BSTAR=0), omm(1)])
    elements = tables["starlink_elements"]
    assert fates(elements) == (3, 1, 2, 0)
    differ = "mean_anomaly_deg is 30.125 or 31.0; 1 other column differs"
    assert {each.reason for each in elements.rejects} == {
        f"contradicting records of {NUMBER}: {differ}"
    }
    assert fates(tables["starlink"]) == (3, 2, 0, 1)


CORRECTED = omm(NUMBER, MEAN_ANOMALY=31, CREATION_DATE="2026-11-25T09:30:00")
ORIGINAL = omm(NUMBER, CREATION_DATE="2026-11-25T08:10:00")


@pytest.mark.parametrize(
    "documents",
    [
        *([[CORRECTED, ORIGINAL]], [[ORIGINAL, CORRECTED]], [[ORIGINAL], [CORRECTED]]),
        *([[CORRECTED], [ORIGINAL]], [[omm(NUMBER), CORRECTED]], [[CORRECTED], [omm(NUMBER)]]),
    ],
)
def test_of_elements_of_one_epoch_those_created_last_count(documents: list[list[Record]]) -> None:
    older = omm(NUMBER, EPOCH="2026-11-24T06:00:00", CREATION_DATE="2026-11-26T08:10:00")
    tables = tidy([older], *documents)
    elements = tables["starlink_elements"]
    assert fates(elements) == (3, 2, 0, 1)
    assert elements.frame["mean_anomaly_deg"].tolist() == [30.125, 31]
    assert fates(tables["starlink"]) == (3, 1, 0, 2)


def test_contradicting_elements_created_at_one_instant_are_rejected() -> None:
    pair = [CORRECTED, CORRECTED | {"MEAN_ANOMALY": 32}]
    assert fates(tidy([ORIGINAL, *pair])["starlink_elements"]) == (3, 0, 2, 1)


def test_exact_duplicates_are_counted_as_such() -> None:
    pair = [omm(NUMBER), omm(NUMBER, NORAD_CAT_ID=f"{NUMBER}.0", CREATION_DATE="2026-11-25")]
    for table in tidy([*pair, omm(NUMBER)]).values():
        assert fates(table) == (3, 1, 0, 2)


@pytest.mark.parametrize(
    ("field", "satellites"), [("MEAN_MOTION", 2), ("BSTAR", 2), ("NORAD_CAT_ID", 1)]
)
def test_a_number_too_large_for_any_computer_costs_its_record_alone(
    field: str, satellites: int
) -> None:
    body = omm_json(omm(1), omm(NUMBER, **{field: 123456789})).replace(b"123456789", b"1e400")
    read = STARLINK.records(body, "file")
    tables = {each.table.name: each for each in tables_of(STARLINK, "celestrak", [read], NOW)}
    assert fates(tables["starlink_elements"]) == (2, 1, 1, 0)
    assert len(tables["starlink"].frame) == satellites


def test_epochs_of_a_satellite_are_history_and_no_contradictions() -> None:
    older = omm(NUMBER, EPOCH="2026-11-24T06:00:00", OBJECT_NAME="STARLINK-7", MEAN_MOTION=15)
    tables = tidy([omm(NUMBER), older])
    assert fates(tables["starlink_elements"]) == (2, 2, 0, 0)
    assert fates(tables["starlink"]) == (2, 1, 0, 1)
    assert tables["starlink"].frame["object_name"].tolist() == [f"STARLINK-{NUMBER}"]


def test_the_newer_of_two_documents_counts() -> None:
    tables = tidy([omm(NUMBER, OBJECT_NAME="STARLINK-7")], [omm(NUMBER)])
    for table in tables.values():
        assert fates(table) == (2, 1, 0, 1)
    assert tables["starlink"].frame["object_name"].tolist() == [f"STARLINK-{NUMBER}"]


LINE = "STARLINK-1,2026-001A,70001,PAY,+,US,2026-01-05,AFETR,,90,53,550,540,,,EA,IMP"
OBJECT: dict[str, Any] = SATELLITE | {"JCAT": "S70001"}
CATALOGUES = {
    "satcat": (satcat, satcat_csv, LINE, LINE.replace("2026-01-05", "2026-01-06")),
    "gcat": (gcat, tsv, OBJECT, OBJECT | {"LDate": "2019 Nov 12"}),
}


@pytest.mark.parametrize("name", CATALOGUES)
def test_catalogue_rows_of_one_number(name: str) -> None:
    read, body, row, other = CATALOGUES[name]
    assert fates(read(body(row, row))) == (2, 1, 0, 1)
    table = read(body(row, other))
    assert fates(table) == (2, 0, 2, 0)
    assert table.table is CATALOGUE_OBJECTS
    for reject in table.rejects:
        assert reject.reason.startswith("contradicting records of 70001: launch_date is ")
