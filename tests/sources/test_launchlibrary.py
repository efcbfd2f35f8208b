"""Launch Library's records, in versions 2.2.0 and 2.3.0."""

import itertools
import json
from collections.abc import Iterator

import pytest

from spacex.errors import ResponseError
from spacex.sources import LAUNCHLIBRARY
from spacex.sources.record import Record
from spacex.transform import TidyTable, tidy_tables
from tests.example_records import launch, rocket, stage, upcoming

LAUNCHES = LAUNCHLIBRARY.endpoints["launches"]


def page(*launches: Record) -> bytes:
    return json.dumps({"count": len(launches), "next": None, "results": launches}).encode()


def tidy(*launches: Record) -> dict[str, TidyTable]:
    records = LAUNCHES.records(page(*launches), "page")
    return {each.table.name: each for each in tidy_tables(LAUNCHES, "launchlibrary", records)}


def rows(table: TidyTable) -> list[Record]:
    """Return the rows of a table without nulls."""
    return [row.dropna().to_dict() for _, row in table.frame.iterrows()]


def as_version_2_2_0(record: Record) -> Record:
    """Convert a record of version 2.3.0 to 2.2.0."""
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


PRECISIONS = {
    name: {"net_precision": {"id": number, "name": name}}
    for number, name in {0: "Second", 7: "Month", 14: "Year"}.items()
}


@pytest.mark.parametrize(
    ("record", "is_known"),
    [
        (launch("one", "2026-11-02T12:00:00Z", **PRECISIONS["Second"]), True),  # clocks may differ
        (launch("one", "2026-11-03T00:00:00Z", **PRECISIONS["Second"]), False),
        (launch("one", "2026-11-30T00:00:00Z", **PRECISIONS["Month"]), True),
        (launch("one", "2026-12-01T00:00:00Z", **PRECISIONS["Month"]), False),
        (launch("one", "2026-12-31T00:00:00Z", **PRECISIONS["Year"]), True),
        (upcoming("one", "2026-12-01T00:00:00Z"), True),  # a plan
    ],
)
def test_a_response_cannot_tell_of_a_flight_of_after_it(record, is_known):
    records = LAUNCHES.records(page(record), "page")
    observed_utc = "2026-11-01T12:00:00Z"
    tables = {
        each.table.name: each
        for each in tidy_tables(LAUNCHES, "launchlibrary", records, observed_utc)
    }
    assert len(tables["launches"].frame) == len(tables["launch_cores"].frame) == is_known
    found = [(each.column_name, each.reason) for each in tables["launches"].rejects]
    reason = "is over 1 day after the response of 2026-11-01T12:00:00Z"
    assert found == [("date_utc", reason)] * (not is_known)


def test_a_launch_fills_all_its_tables():
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
                "date_utc": "2026-10-20T07:25:16Z",
                "date_precision": "minute",
                "launch_class": "orbital",
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


def test_version_2_2_0_gives_the_same_rows():
    one = launch("one", launch_designator="2026-270")
    new, old = tidy(one), tidy(as_version_2_2_0(one))
    for name in new:
        if name != "launchpads":  # 2.2.0 lacks the status of a pad
            assert old[name].frame.equals(new[name].frame), name
    assert rows(old["launchpads"]) == [rows(new["launchpads"])[0] | {"status": "unknown"}]


def test_a_recorded_page_is_read():
    body = json.dumps({"updatedAt": "2026-08-22T20:48:17Z", "launches": [launch("one")]}).encode()
    assert [record["id"] for record in LAUNCHES.records(body, "page")] == ["id of one"]


STATUSES = {
    **dict.fromkeys((1, 2, 5, 8), (True, None)),
    **dict.fromkeys((3, 9), (False, True)),
    **dict.fromkeys((4, 7), (False, False)),
    6: (False, None),
}


@pytest.mark.parametrize(("code", "expected"), STATUSES.items())
def test_status_codes(code, expected):
    (row,) = rows(tidy(launch("one", status={"id": code, "abbrev": "x"}))["launches"])
    assert (row["is_upcoming"], row.get("success")) == expected


def test_unassigned_boosters_and_landing_sites_are_null():
    landing = {"attempt": True, "success": None, "type": {"abbrev": "ASDS"}}
    landing["landing_location"] = {"id": 9, "abbrev": "N/A", "name": "N/A"}
    unassigned = dict.fromkeys(("reused", "launcher_flight_number", "turn_around_time"))
    unknown = stage("Unknown F9", 1, landing=landing, **unassigned)
    tables = tidy(upcoming("one", rocket=rocket(unknown)))
    assert rows(tables["launch_cores"]) == [
        {"launch_id": "id of one", "core_index": 0, "landing_attempt": True, "landing_type": "ASDS"}
    ]
    assert tables["cores"].frame.empty
    assert tables["landpads"].frame.empty


def test_an_expended_booster_has_no_landing_type():
    landing = {"attempt": False, "success": None, "landing_location": None}
    expended = stage(landing=landing | {"type": {"abbrev": "EXP"}})
    (row,) = rows(tidy(launch("one", rocket=rocket(expended)))["launch_cores"])
    assert not row["landing_attempt"]
    assert "landing_type" not in row


@pytest.mark.parametrize(
    ("duration", "days"),
    [("P27DT12H0M0S", 27.5), ("PT6H", 0.25), ("P2W", 14), ("P1DT0H0M43.2S", 1.0005), (None, None)],
)
def test_turnaround_in_days(duration, days):
    flown = launch("one", rocket=rocket(stage(turn_around_time=duration)))
    (row,) = rows(tidy(flown)["launch_cores"])
    assert row.get("turnaround_days") == days


def test_launches_of_other_providers_are_out_of_scope():
    other = launch("Electron", launch_service_provider={"id": 147})
    tables = tidy(launch("one"), other)
    assert (tables["launches"].rows_in, tables["launches"].rows_out_of_scope) == (2, 1)
    assert len(tables["launch_cores"].frame) == 1


def test_the_last_update_of_a_repeated_launch_counts():
    first = upcoming("one", last_updated="2026-11-01T00:00:00Z")
    first["rocket"]["launcher_stage"].append(stage("B1099", 1))
    second = launch("one", last_updated="2026-11-20T00:00:00Z")
    for order in ((first, second), (second, first)):
        tables = tidy(*order)
        assert (tables["launches"].rows_in, tables["launches"].rows_duplicate) == (2, 1)
        assert tables["launches"].frame["status"].tolist() == ["Success"]
        assert tables["launch_cores"].frame["core_id"].tolist() == ["ll-1067"]


BAD = {
    "null name": ({"name": None}, "is null, which the column does not allow"),
    "invalid time": ({"net": "soon"}, "Invalid isoformat string"),
}


@pytest.mark.parametrize(("fields", "reason"), BAD.values(), ids=BAD)
def test_an_invalid_launch_is_rejected_with_its_boosters(fields, reason):
    tables = tidy(launch("good"), launch("bad", **fields))
    assert reason in " ".join(reject.reason for reject in tables["launches"].rejects)
    assert tables["launches"].rows_rejected == 1
    assert tables["launch_cores"].frame["launch_id"].tolist() == ["id of good"]


@pytest.mark.parametrize("rocket_", [None, "bad", {}])
@pytest.mark.parametrize("pad", [None, "bad", {}])
def test_a_launch_without_rocket_and_pad_is_kept(rocket_, pad):
    tables = tidy(launch("good"), launch("bad", rocket=rocket_, pad=pad))
    (row,) = (each for each in rows(tables["launches"]) if each["launch_id"] == "id of bad")
    assert not row.keys() & {"rocket_id", "launchpad_id"}
    lost = {reject.column_name for reject in tables["launches"].rejects if reject.lost == "value"}
    assert lost == {"rocket_id", "launchpad_id"}
    assert tables["launch_cores"].frame["launch_id"].tolist() == ["id of good"]
    assert "field rocket" in tables["launch_cores"].rejects[0].reason


def test_a_launch_without_a_rocket_type_keeps_its_boosters():
    bad = launch("bad")
    bad["rocket"]["configuration"] = None
    tables = tidy(launch("good"), bad)
    assert tables["launch_cores"].frame["launch_id"].tolist() == ["id of good", "id of bad"]


NEEDED = {"id", "name", "net"}
"""Fields without which a launch cannot be kept."""


def fields(record: Record, within: str = "") -> Iterator[str]:
    """Yield the paths of all fields of a record, with those of its objects and lists."""
    for key, value in record.items():
        yield f"{within}{key}"
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            place = f"{key}.{index}" if isinstance(value, list) else key
            yield from fields(item, f"{within}{place}.") if isinstance(item, dict) else ()


def damage(record: Record, path: str, value: object) -> None:
    *outer, last = path.split(".")
    for key in outer:
        record = record[int(key) if key.isdigit() else key]  # type: ignore[call-overload]
    record[last] = value
    if value is MISSING:
        del record[last]


MISSING = object()


def test_a_damaged_field_does_not_cost_the_launch_with_its_boosters():
    paths = sorted(set(fields(launch("one"))) - NEEDED)
    kept, with_boosters = set(), set()
    records = []
    for path, value in itertools.product(paths, (None, MISSING, "?", [1], {})):
        name = f"{path} {'missing' if value is MISSING else value!r}"
        records.append(launch(name))
        damage(records[-1], path, value)
        kept.add(f"id of {name}")
        if path != "rocket" and not path.startswith("rocket.launcher_stage"):
            with_boosters.add(f"id of {name}")
    tables = tidy(launch("one"), *records)
    assert kept - set(tables["launches"].frame["launch_id"]) == set()
    assert with_boosters - set(tables["launch_cores"].frame["launch_id"]) == set()


NO_STATUS = [None, {"id": 42, "abbrev": "?"}, {"id": [3]}, {}, "Success"]
PLANS = [
    {"net": "2026-12-01T00:00:00Z"},
    {"net": "2026-11-01T00:00:00Z", "net_precision": {"id": 7}},  # any day of November
    {"net": "2026-11-20T09:00:00Z"},
]


@pytest.mark.parametrize("status", NO_STATUS, ids=str)
def test_whether_a_launch_without_a_status_has_flown_is_told_by_its_dates(status):
    for dates in PLANS:
        (row,) = rows(tidy(launch("one", status=status, **dates))["launches"])
        assert (row["is_upcoming"], "success" in row, "is_tbd" in row) == (True, False, False)
    table = tidy(launch("one", status=status))["launches"]
    (row,) = rows(table)
    assert (row["is_upcoming"], "success" in row) == (False, False)
    assert {(reject.column_name, reject.lost) for reject in table.rejects} >= {("success", "value")}


def test_a_launch_without_status_and_dates_is_rejected():
    (reject,) = tidy(launch("one", status=None, last_updated=None))["launches"].rejects
    assert (reject.column_name, reject.lost) == ("is_upcoming", "row")
    assert "neither a known status nor dates" in reject.reason


def test_a_renamed_list_of_boosters_is_rejected():
    one = launch("one")
    one["rocket"]["stages"] = one["rocket"].pop("launcher_stage")
    (reject,) = tidy(one)["launch_cores"].rejects
    assert reject.reason == "the record has no field rocket.launcher_stage"


def test_an_unknown_landing_type_is_rejected():
    landing = stage()["landing"] | {"type": {"abbrev": "HOVER"}}
    tables = tidy(launch("one", rocket=rocket(stage(landing=landing))))
    of_type, of_site = tables["launch_cores"].rejects
    field = "rocket.launcher_stage[0].landing"
    assert of_type.reason == f"unknown code 'HOVER' (field {field}.type.abbrev)"
    assert of_site.reason == f"unknown landing type 'HOVER' (field {field})"
    assert {of_type.lost, of_site.lost} == {"value"}
    assert len(tables["launch_cores"].frame) == 1


def test_a_pad_without_coordinates_costs_them_alone():
    """Two pads, of which the service gives one without coordinates and location."""
    bare = {"id": 81, "name": "Pad 81"}
    tables = tidy(launch("one"), launch("two", pad=bare), upcoming("three"))
    assert {
        name: table.rows_rejected for name, table in tables.items() if table.rows_rejected
    } == {}
    assert rows(tables["launchpads"])[1] == {
        "launchpad_id": "ll-81",
        "name": "Pad 81",
        "full_name": "Pad 81",
        "status": "unknown",
    }
    assert len(tables["launch_cores"].frame) == len(tables["launches"].frame) == 3
    lost = {reject.column_name: reject for reject in tables["launchpads"].rejects}
    assert lost.keys() == {"locality", "timezone", "latitude_deg", "longitude_deg"}
    reject = lost["latitude_deg"]
    assert reject.lost == "value"
    assert (reject.row_key, reject.record_name) == ("ll-81", "Falcon 9 Block 5 | two")
    assert reject.reason == "the record has no field pad.latitude"


DAMAGE = [{}, {"latitude": None}, {"latitude": -1000}, {"latitude": [1]}, {"name": 7}, None]


@pytest.mark.parametrize("pad", DAMAGE)
def test_a_value_of_a_repeated_pad_comes_from_the_last_record_that_has_it(pad):
    """A pad without a name, or without an id, is rejected only if no other record has it."""
    damaged = launch("two")
    damaged["pad"] = pad and {"id": 80, **pad}
    tables = tidy(launch("one"), damaged)
    assert rows(tables["launchpads"]) == rows(tidy(launch("one"))["launchpads"])
    assert [reject.row_key for reject in tables["launchpads"].rejects] == ["?"] * (not pad)


@pytest.mark.parametrize("number", ["", [1], True, 1.5, {}])
def test_an_id_is_a_whole_number_or_a_text(number):
    damaged = launch("two")
    damaged["pad"]["id"] = number
    tables = tidy(launch("one"), damaged)
    for name in ("launches", "launchpads"):
        (reject,) = tables[name].rejects
        assert reject.reason == f"expected an id, found {number!r} (field pad.id)"
    assert len(tables["launches"].frame) == 2


@pytest.mark.parametrize("damaged", [None, [1], launch("two", name="\ud83d")])
def test_a_record_that_cannot_be_read_costs_itself(damaged):
    tables = tidy(launch("one"), damaged)
    assert (tables["launches"].rows_in, tables["launches"].rows_rejected) == (2, 1)
    assert len(tables["launch_cores"].frame) == len(tidy(launch("one"))["launch_cores"].frame) == 1
    (reject,) = tables["launches"].rejects
    assert reject.reason.endswith("(page, record 2)")
    assert reject.row_key == ("id of two" if isinstance(damaged, dict) else "?")


def test_an_empty_page():
    assert list(LAUNCHES.records(page(), "page")) == []


@pytest.mark.parametrize("body", [b"[]", b"<html>", b"{}", b'{"results": 7}', b'{"results": [7]}'])
def test_an_invalid_page_raises(body):
    with pytest.raises(ResponseError) as caught:
        list(LAUNCHES.records(body, "page"))
    assert caught.value.message.startswith("page contains ")
