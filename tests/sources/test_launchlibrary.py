"""Launch Library's records, in the names of both versions."""

import json

import pytest

from spacex.errors import ResponseError
from spacex.sources import LAUNCHLIBRARY
from spacex.transform import tidy_tables
from tests.example_records import launch, stage, upcoming

LIST = LAUNCHLIBRARY.endpoints["launches"]


def page(*launches):
    return json.dumps({"count": len(launches), "next": None, "results": launches}).encode()


def tidy(*launches):
    records = LIST.records(page(*launches), "page")
    return {each.table.name: each for each in tidy_tables(LIST, "launchlibrary", records)}


def rows(table):
    """What a table has in it, without what is null."""
    return [row.dropna().to_dict() for _, row in table.frame.iterrows()]


def older(record):
    """A record of version 2.3.0 as 2.2.0 had it."""
    record = json.loads(json.dumps(record))
    record["mission"]["launch_designator"] = record.pop("launch_designator")
    record["pad"] |= {axis: str(record["pad"][axis]) for axis in ("latitude", "longitude")}
    del record["pad"]["active"]
    for each in record["rocket"]["launcher_stage"]:
        each["landing"]["location"] = each["landing"].pop("landing_location")
        each["launcher"]["status"] = each["launcher"]["status"]["name"].lower()
        del each["turn_around_time"]
        each["turn_around_time_days"] = 27.5
    return record


def test_a_launch_fills_every_table_it_tells_of():
    tables = tidy(launch("Starlink Group 1-1", launch_designator="2026-270"))
    assert {name: rows(table) for name, table in tables.items()} == {
        "rockets": [{"rocket_id": "ll-164", "name": "Falcon 9", "is_active": True}],
        "launchpads": [
            {
                "launchpad_id": "ll-80",
                "name": "Space Launch Complex 40",
                "full_name": "Space Launch Complex 40, Cape Canaveral",
                "locality": "Cape Canaveral",
                "timezone": "America/New_York",
                "latitude_deg": 28.56194122,
                "longitude_deg": -80.57735736,
                "status": "active",
            }
        ],
        "landpads": [
            {
                "landpad_id": "ll-17",
                "name": "ASOG",
                "full_name": "A Shortfall of Gravitas",
                "type": "ASDS",
            }
        ],
        "cores": [{"core_id": "ll-1067", "serial": "B1067", "status": "active", "reuse_count": 36}],
        "launches": [
            {
                "launch_id": "id of Starlink Group 1-1",
                "source": "launchlibrary",
                "flight_number": 700,
                "name": "Falcon 9 Block 5 | Starlink Group 1-1",
                "date_utc": "2026-11-20T07:25:16Z",
                "date_precision": "minute",
                "is_upcoming": False,
                "is_tbd": False,
                "success": True,
                "rocket_id": "ll-164",
                "launchpad_id": "ll-80",
                "launch_library_id": "id of Starlink Group 1-1",
                "launch_designator": "2026-270",
                "status": "Success",
                "orbit_code": "LEO",
                "last_updated_utc": "2026-11-20T09:00:00Z",
                "details": "A batch of 27 satellites",
            }
        ],
        "launch_cores": [
            {
                "launch_id": "id of Starlink Group 1-1",
                "core_index": 0,
                "core_id": "ll-1067",
                "flight": 37,
                "is_reused": True,
                "landing_attempt": True,
                "landing_success": True,
                "landing_type": "ASDS",
                "landpad_id": "ll-17",
                "turnaround_days": 27.5,
            }
        ],
    }


def test_version_2_2_0_tells_the_same():
    one = launch("one", launch_designator="2026-270")
    new, old = tidy(one), tidy(older(one))
    for name in new:
        if name != "launchpads":  # 2.2.0 does not tell whether a pad is in use
            assert old[name].frame.equals(new[name].frame), name
    assert rows(old["launchpads"]) == [rows(new["launchpads"])[0] | {"status": "unknown"}]


def test_a_page_of_a_recorder_is_read_too():
    body = json.dumps({"updatedAt": "2026-08-22T20:48:17Z", "launches": [launch("one")]}).encode()
    assert [record["id"] for record in LIST.records(body, "page")] == ["id of one"]


STATES = {
    1: ("planned", None),
    2: ("planned", None),
    3: ("flown", True),
    4: ("flown", False),
    5: ("planned", None),
    6: ("flown", None),
    7: ("flown", False),
    8: ("planned", None),
    9: ("flown", True),
}


@pytest.mark.parametrize(("code", "state"), STATES.items())
def test_a_status_says_whether_it_flew_and_succeeded(code, state):
    status = {"id": code, "abbrev": "x"}
    (row,) = tidy(launch("one", status=status))["launches"].frame.to_dict("records")
    assert row["is_upcoming"] == (state[0] == "planned")
    assert (
        None if row["success"] is not True and row["success"] is not False else row["success"]
    ) == state[1]


def test_boosters_and_sites_not_chosen_yet_are_none():
    unknown = stage(
        "Unknown F9",
        1,
        reused=None,
        launcher_flight_number=None,
        landing={
            "attempt": True,
            "success": None,
            "landing_location": {"id": 9, "abbrev": "N/A", "name": "N/A"},
            "type": {"abbrev": "ASDS"},
        },
        turn_around_time=None,
    )
    tables = tidy(upcoming("one", rocket=launch("x")["rocket"] | {"launcher_stage": [unknown]}))
    assert rows(tables["launch_cores"]) == [
        {
            "launch_id": "id of one",
            "core_index": 0,
            "landing_attempt": True,
            "landing_type": "ASDS",
        }
    ]
    assert tables["cores"].frame.empty
    assert tables["landpads"].frame.empty


def test_an_expended_booster_has_no_kind_of_landing():
    landing = {
        "attempt": False,
        "success": None,
        "landing_location": None,
        "type": {"abbrev": "EXP"},
    }
    rocket = launch("x")["rocket"] | {"launcher_stage": [stage(landing=landing)]}
    (row,) = rows(tidy(launch("one", rocket=rocket))["launch_cores"])
    assert row["landing_attempt"] is False or not row["landing_attempt"]
    assert "landing_type" not in row


@pytest.mark.parametrize(
    ("duration", "days"),
    [("P27DT12H0M0S", 27.5), ("PT6H", 0.25), ("P2W", 14), ("P1DT0H0M43.2S", 1.0005), (None, None)],
)
def test_a_turnaround_is_in_days(duration, days):
    rocket = launch("x")["rocket"] | {"launcher_stage": [stage(turn_around_time=duration)]}
    (row,) = rows(tidy(launch("one", rocket=rocket))["launch_cores"])
    assert row.get("turnaround_days") == days


def test_launches_of_others_are_left_out_and_counted():
    other = launch("Electron", launch_service_provider={"id": 147})
    tables = tidy(launch("one"), other)
    assert (tables["launches"].rows_in, tables["launches"].rows_out_of_scope) == (2, 1)
    assert len(tables["launch_cores"].frame) == 1


def test_of_a_launch_twice_the_one_updated_last_counts_with_its_boosters():
    first = upcoming("one", last_updated="2026-11-01T00:00:00Z")
    first["rocket"]["launcher_stage"].append(stage("B1099", 1))
    second = launch("one", last_updated="2026-11-20T00:00:00Z")
    for order in ((first, second), (second, first)):
        tables = tidy(*order)
        assert (tables["launches"].rows_in, tables["launches"].rows_duplicate) == (2, 1)
        assert tables["launches"].frame["status"].tolist() == ["Success"]
        assert tables["launch_cores"].frame["core_id"].tolist() == ["ll-1067"]


BAD = {
    "an unknown status": (
        {"status": {"id": 42, "abbrev": "?"}},
        "unknown code 42 (field status.id)",
    ),
    "an unknown precision": ({"net_precision": {"id": 99}}, "unknown code 99"),
    "no name": ({"name": None}, "is null, which the column does not allow"),
    "no instant": ({"net": "soon"}, "Invalid isoformat string"),
    "no pad": ({"pad": None}, "field pad.id cannot be read"),
}


@pytest.mark.parametrize(("fields", "reason"), BAD.values(), ids=BAD)
def test_a_damaged_launch_is_refused_with_its_boosters(fields, reason):
    tables = tidy(launch("good"), launch("bad", **fields))
    assert reason in " ".join(reject.reason for reject in tables["launches"].rejects)
    assert tables["launches"].rows_rejected == 1
    assert tables["launch_cores"].frame["launch_id"].tolist() == ["id of good"]


def test_a_renamed_list_of_boosters_is_refused():
    rocket = launch("x")["rocket"]
    rocket["stages"] = rocket.pop("launcher_stage")
    (reject,) = tidy(launch("one", rocket=rocket))["launch_cores"].rejects
    assert reject.reason == "the record has no key 'stages' (field stages)"


def test_an_unknown_kind_of_landing_is_refused():
    landing = stage()["landing"] | {"type": {"abbrev": "HOVER"}}
    rocket = launch("x")["rocket"] | {"launcher_stage": [stage(landing=landing)]}
    (reject,) = tidy(launch("one", rocket=rocket))["launch_cores"].rejects
    assert reject.reason == "unknown code 'HOVER' (field landing.type)"


def test_an_increment_may_be_empty():
    assert list(LIST.records(page(), "page")) == []


@pytest.mark.parametrize("body", [b"[]", b"<html>", b"{}", b'{"results": 7}', b'{"results": [7]}'])
def test_what_is_no_page_is_an_error(body):
    with pytest.raises(ResponseError) as caught:
        list(LIST.records(body, "page"))
    assert caught.value.message.startswith("page returned ")
