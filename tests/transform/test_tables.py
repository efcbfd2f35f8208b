"""Tidy tables of the sample's records, with an error in one of them."""

import copy
from typing import Any

import pandas as pd
import pytest

from spacex.schema.constraints import violations
from spacex.sources import SPACEXDATA
from spacex.sources.sample import archive_history, sample_responses
from spacex.transform import Reject, TidyTable, tidy_tables

Records = dict[str, list[Any]]

RECORDS = {
    name: list(records)[:8]
    for name, records in sample_responses(satellites=8, history=archive_history()).items()
}


@pytest.fixture
def records() -> Records:
    """Return eight records of each endpoint, which the test may change."""
    return copy.deepcopy(RECORDS)


def tidy(records: Records, endpoint: str) -> dict[str, TidyTable]:
    """Return the tables of an endpoint by name."""
    tables = tidy_tables(
        SPACEXDATA.endpoints[endpoint], "made up", records[endpoint], "2026-11-25T06:00:00Z"
    )
    return {each.table.name: each for each in tables}


@pytest.mark.parametrize("endpoint", SPACEXDATA.endpoints)
def test_valid_records_are_all_loaded(records: Records, endpoint: str) -> None:
    tables = tidy(records, endpoint)
    assert tuple(tables) == SPACEXDATA.endpoints[endpoint].tables
    for each in tables.values():
        assert (each.rejects, each.rows_rejected, each.endpoint) == ([], 0, endpoint)
        assert tuple(each.frame.columns) == each.table.column_names
        assert violations(each.table, each.frame) == []
        if "source" in each.frame:
            assert set(each.frame["source"]) == {"made up"}


def test_two_mappings_fill_one_table(records: Records) -> None:
    stages = tidy(records, "rockets")["rocket_stages"].frame
    first, second = stages[stages["rocket_id"] == stages["rocket_id"].iloc[0]].itertuples()
    assert (first.stage_number, second.stage_number) == (1, 2)
    assert not pd.isna(first.thrust_sea_level_kn)
    assert pd.isna(second.thrust_sea_level_kn)


STATUSES = "active, inactive, unknown, expended, lost, retired"
MISSING = object()
ERRORS = {
    "missing key": ("serial", MISSING, "the record has no field serial"),
    "object for text": ("serial", {"a": 1}, "expected text, found an object"),
    "null where none is allowed": ("serial", None, "is null, which the column does not allow"),
}
OF_OPTIONAL = {
    "missing key": ("block", MISSING, "the record has no field block"),
    "wrong type": ("reuse_count", "7", "expected a whole number, found text"),
    "unknown category": ("status", "sunk", f"is not one of the allowed values: {STATUSES}"),
    "too small": ("block", 0, "is below 1"),
    "huge number": ("block", 10**30, "whole number is too large"),
}


@pytest.mark.parametrize(("name", "value", "reason"), OF_OPTIONAL.values(), ids=OF_OPTIONAL)
def test_error_in_an_optional_column_costs_its_value(
    records: Records, name: str, value: object, reason: str
) -> None:
    core = records["cores"][3]
    before = tidy(records, "cores")["cores"].frame
    if value is MISSING:
        core["renamed"] = core.pop(name)
    else:
        core[name] = value
    cores = tidy(records, "cores")["cores"]
    quoted = "" if value is MISSING else str(value)
    assert cores.rejects == [Reject("cores", core["id"], name, quoted, reason, lost="value")]
    assert (cores.rows_in, cores.rows_rejected) == (8, 0)
    before.loc[3, name] = None
    pd.testing.assert_frame_equal(cores.frame, before)


@pytest.mark.parametrize(("name", "value", "reason"), ERRORS.values(), ids=ERRORS)
def test_error_rejects_one_row_with_its_reason(
    records: Records, name: str, value: object, reason: str
) -> None:
    core = records["cores"][3]
    if value is MISSING:
        core["renamed"] = core.pop(name)
    else:
        core[name] = value
    cores = tidy(records, "cores")["cores"]
    quoted = "" if value is MISSING else "null" if value is None else str(value)
    assert cores.rejects == [Reject("cores", core["id"], name, quoted, reason)]
    assert (cores.rows_in, cores.rows_rejected) == (8, 1)
    others = [each["id"] for each in records["cores"] if each is not core]
    assert cores.frame["core_id"].tolist() == others


def test_row_with_two_errors_counts_once(records: Records) -> None:
    core = records["cores"][0]
    core.update(serial=7, id=8)
    cores = tidy(records, "cores")["cores"]
    assert cores.rejects == [
        Reject("cores", "8", "core_id", "8", "expected text, found a number"),
        Reject("cores", "8", "serial", "7", "expected text, found a number"),
    ]
    assert cores.rows_rejected == 1


def test_rows_of_one_key_that_differ_are_rejected(records: Records) -> None:
    first, second = records["cores"][:2]
    second["id"] = first["id"]
    cores = tidy(records, "cores")["cores"]
    serials = [first["serial"], second["serial"]]
    reason = f"contradicting records of {first['id']}: serial is {' or '.join(serials)}"
    assert [(each.column_name, each.value) for each in cores.rejects] == [
        ("serial", serial) for serial in serials
    ]
    assert all(each.reason.startswith(reason) for each in cores.rejects)
    assert (cores.rows_in, cores.rows_rejected, len(cores.frame)) == (8, 2, 6)


def test_duplicate_satellite_is_counted_in_both_tables(records: Records) -> None:
    records["starlink"].append(records["starlink"][0])
    for each in tidy(records, "starlink").values():
        assert (each.rows_in, each.rows_duplicate, each.rejects) == (9, 1, [])


def test_children_of_a_rejected_row_are_rejected(records: Records) -> None:
    launch = records["launches"][5]
    launch["date_utc"] = "about noon"
    tables = tidy(records, "launches")
    assert tables["launches"].rows_rejected == 1
    parts = {"launch_cores": len(launch["cores"]), "launch_payloads": len(launch["payloads"])}
    for name, count in parts.items():
        assert tables[name].rows_rejected == count > 0
        reasons = {(reject.record_name, reject.reason) for reject in tables[name].rejects}
        because = "for date_utc: Invalid isoformat string: 'about noon'"
        assert reasons == {(launch["name"], f"its row in launches was rejected {because}")}
        assert launch["id"] not in set(tables[name].frame["launch_id"])


def test_tables_are_empty_if_all_records_are_rejected(records: Records) -> None:
    for launch in records["launches"]:
        del launch["name"]
    tables = tidy(records, "launches")
    assert tables["launches"].rows_rejected == tables["launches"].rows_in == 8
    for each in tables.values():
        assert each.frame.empty
        assert tuple(each.frame.columns) == each.table.column_names


def test_empty_lists_give_an_empty_table(records: Records) -> None:
    for launch in records["launches"]:
        launch["cores"] = []
    boosters = tidy(records, "launches")["launch_cores"]
    assert (boosters.rows_in, boosters.rejects, len(boosters.frame)) == (0, [], 0)


@pytest.mark.parametrize("mean_motion", [0, -15.06, 1e-5])
def test_impossible_mean_motion_is_rejected(records: Records, mean_motion: float) -> None:
    message = records["starlink"][2]["spaceTrack"]
    message["MEAN_MOTION"] = mean_motion
    elements = tidy(records, "starlink")["starlink_elements"]
    assert elements.rows_rejected == 1
    assert ("mean_motion_rev_per_day", "is below 0.01 rev/d") in {
        (reject.column_name, reject.reason) for reject in elements.rejects
    }


def test_elements_in_another_reference_frame_are_rejected(records: Records) -> None:
    records["starlink"][2]["spaceTrack"]["REF_FRAME"] = "ITRF-97"
    elements = tidy(records, "starlink")["starlink_elements"]
    (reject,) = elements.rejects
    assert (reject.value, reject.reason) == (
        "ITRF-97",
        "field spaceTrack.REF_FRAME is not TEME, which other columns assume",
    )


UNKNOWN = {"reused": None, "recovery_attempt": None, "recovered": None, "ships": []}


@pytest.mark.parametrize("fairings", [None, UNKNOWN])
def test_missing_fairings_differ_from_unknown_ones(records: Records, fairings: object) -> None:
    records["launches"][0]["fairings"] = fairings
    row = tidy(records, "launches")["launches"].frame.iloc[0]
    assert row["has_fairings"] == (fairings is not None)
    assert pd.isna(row["fairings_reused"])
    assert (row["fairings_ship_count"] is pd.NA) == (fairings is None)
