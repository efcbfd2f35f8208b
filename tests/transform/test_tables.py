"""Tidy tables of the sample's records, with a fault put into one of them."""

import copy

import pandas as pd
import pytest

from spacex.schema.frame_schema import frame_schema
from spacex.sources import SPACEXDATA
from spacex.sources.sample import sample_responses
from spacex.transform import Reject, tidy_tables

ANSWERS = {name: list(records)[:8] for name, records in sample_responses(satellites=8).items()}


@pytest.fixture
def records():
    """Eight records of each list, to be damaged at will."""
    return copy.deepcopy(ANSWERS)


def tidy(records, endpoint):
    tables = tidy_tables(SPACEXDATA.endpoints[endpoint], "made up", records[endpoint])
    return {each.table.name: each for each in tables}


@pytest.mark.parametrize("endpoint", SPACEXDATA.endpoints)
def test_good_records_are_all_loaded_in_the_declared_form(records, endpoint):
    tables = tidy(records, endpoint)
    assert tuple(tables) == SPACEXDATA.endpoints[endpoint].tables
    for each in tables.values():
        assert (each.rejects, each.rows_rejected, each.endpoint) == ([], 0, endpoint)
        assert tuple(each.frame.columns) == each.table.column_names
        frame_schema(each.table).validate(each.frame)
        if "source" in each.frame:
            assert set(each.frame["source"]) == {"made up"}


def test_two_mappings_fill_one_table_each_with_what_it_has(records):
    stages = tidy(records, "rockets")["rocket_stages"].frame
    first, second = stages[stages["rocket_id"] == stages["rocket_id"].iloc[0]].itertuples()
    assert (first.stage_number, second.stage_number) == (1, 2)
    assert not pd.isna(first.thrust_sea_level_kn)
    assert pd.isna(second.thrust_sea_level_kn)


STATES = "active, inactive, unknown, expended, lost, retired"
FAULTS = {
    "missing key": (
        lambda core: core.pop("block"),
        ("block", "", "the record has no key 'block' (field block)"),
    ),
    "renamed key": (
        lambda core: core.update(state=core.pop("status")),
        ("status", "", "the record has no key 'status' (field status)"),
    ),
    "wrong type": (
        lambda core: core.update(reuse_count="7"),
        ("reuse_count", "7", "expected a whole number, found text"),
    ),
    "object for text": (
        lambda core: core.update(serial={"a": 1}),
        ("serial", "{'a': 1}", "expected text, found an object"),
    ),
    "unknown category": (
        lambda core: core.update(status="sunk"),
        ("status", "sunk", f"is not one of the allowed values: {STATES}"),
    ),
    "null where none is allowed": (
        lambda core: core.update(serial=None),
        ("serial", "null", "is null, which the column does not allow"),
    ),
    "too small": (lambda core: core.update(block=0), ("block", "0", "is below 1")),
    "huge number": (
        lambda core: core.update(block=10**30),
        ("block", str(10**30), "whole number is too large"),
    ),
}


@pytest.mark.parametrize(("damage", "expected"), FAULTS.values(), ids=FAULTS)
def test_one_fault_refuses_one_row_with_its_reason(records, damage, expected):
    core = records["cores"][3]
    damage(core)
    cores = tidy(records, "cores")["cores"]
    assert cores.rejects == [Reject("cores", core["id"], *expected)]
    assert (cores.rows_in, cores.rows_rejected) == (8, 1)
    others = [each["id"] for each in records["cores"] if each is not core]
    assert cores.frame["core_id"].tolist() == others


def test_a_row_with_two_faults_has_two_reasons_and_counts_once(records):
    core = records["cores"][0]
    core.update(serial=7, block=1.5)
    cores = tidy(records, "cores")["cores"]
    assert cores.rejects == [
        Reject("cores", core["id"], "block", "1.5", "expected a whole number, found a number"),
        Reject("cores", core["id"], "serial", "7", "expected text, found a number"),
    ]
    assert cores.rows_rejected == 1


def test_the_second_of_two_rows_of_one_key_is_refused(records):
    first, second = records["cores"][:2]
    second["id"] = first["id"]
    cores = tidy(records, "cores")["cores"]
    reason = "duplicate: an earlier row has the same core_id"
    assert cores.rejects == [Reject("cores", first["id"], "", "", reason)]
    assert cores.frame["serial"].tolist().count(first["serial"]) == 1
    assert second["serial"] not in cores.frame["serial"].tolist()


def test_a_satellite_twice_is_refused_in_both_its_tables(records):
    records["starlink"].append(records["starlink"][0])
    tables = tidy(records, "starlink")
    keys = {"starlink": "norad_cat_id", "starlink_elements": "epoch_utc, norad_cat_id, source"}
    for name, key in keys.items():
        assert (tables[name].rows_in, tables[name].rows_rejected) == (9, 1)
        (reject,) = tables[name].rejects
        assert reject.reason == f"duplicate: an earlier row has the same {key}"
    assert "made up" not in tables["starlink_elements"].rejects[0].row_key


def test_the_parts_of_a_refused_row_are_refused_with_it(records):
    launch = records["launches"][5]
    launch["date_precision"] = "about"
    tables = tidy(records, "launches")
    assert tables["launches"].rows_rejected == 1
    parts = {"launch_cores": len(launch["cores"]), "launch_payloads": len(launch["payloads"])}
    for name, count in parts.items():
        assert tables[name].rows_rejected == count > 0
        assert {reject.reason for reject in tables[name].rejects} == {
            "its row in launches was rejected"
        }
        assert launch["id"] not in set(tables[name].frame["launch_id"])


def test_records_that_are_all_refused_leave_empty_tables(records):
    for launch in records["launches"]:
        del launch["rocket"]
    tables = tidy(records, "launches")
    assert tables["launches"].rows_rejected == tables["launches"].rows_in == 8
    for each in tables.values():
        assert each.frame.empty
        assert tuple(each.frame.columns) == each.table.column_names


def test_lists_that_are_all_empty_leave_an_empty_table(records):
    for launch in records["launches"]:
        launch["cores"] = []
    boosters = tidy(records, "launches")["launch_cores"]
    assert (boosters.rows_in, boosters.rejects, len(boosters.frame)) == (0, [], 0)


@pytest.mark.parametrize("mean_motion", [0, -15.06, 1e-5])
def test_an_impossible_orbit_is_refused_for_what_the_source_says(records, mean_motion):
    message = records["starlink"][2]["spaceTrack"]
    message["MEAN_MOTION"] = mean_motion
    elements = tidy(records, "starlink")["starlink_elements"]
    assert elements.rows_rejected == 1
    assert ("mean_motion_rev_per_day", "is below 0.01 rev/d") in {
        (reject.column_name, reject.reason) for reject in elements.rejects
    }


def test_elements_in_another_frame_are_refused(records):
    records["starlink"][2]["spaceTrack"]["REF_FRAME"] = "ITRF-97"
    elements = tidy(records, "starlink")["starlink_elements"]
    (reject,) = elements.rejects
    assert (reject.value, reject.reason) == (
        "ITRF-97",
        "field spaceTrack.REF_FRAME is not TEME, which other columns assume",
    )


UNKNOWN = {"reused": None, "recovery_attempt": None, "recovered": None, "ships": []}


@pytest.mark.parametrize("fairings", [None, UNKNOWN])
def test_missing_fairings_are_told_from_unknown_ones(records, fairings):
    records["launches"][0]["fairings"] = fairings
    row = tidy(records, "launches")["launches"].frame.iloc[0]
    assert row["has_fairings"] == (fairings is not None)
    assert pd.isna(row["fairings_reused"])
    assert (row["fairings_ship_count"] is pd.NA) == (fairings is None)
