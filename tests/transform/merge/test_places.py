import json

import pytest

from spacex.sources import LAUNCHLIBRARY, SPACEXDATA
from spacex.transform import tidy_tables
from spacex.transform.merge import merge_sources
from tests.example_records import launch, stage

LIST = LAUNCHLIBRARY.endpoints["launches"]


def living(*launches):
    return tidy_tables(LIST, "launchlibrary", LIST.records(_page(launches), "page"))


def _page(launches):
    return json.dumps({"results": launches}).encode()


def archive(**records):
    return [
        table
        for name, each in records.items()
        for table in tidy_tables(SPACEXDATA.endpoints[name], "spacexdata", each)
    ]


def fused(*tables):
    """The fused tables by name and source."""
    return {(each.table.name, each.source): each for each in merge_sources(list(tables))}


def pad(latitude=28.5618571, longitude=-80.577366, **fields):
    return {
        "id": "archive-pad",
        "name": "CCSFS SLC 40",
        "full_name": "SLC 40",
        "locality": "Cape Canaveral",
        "region": "Florida",
        "timezone": "America/New_York",
        "latitude": latitude,
        "longitude": longitude,
        "launch_attempts": 99,
        "launch_successes": 97,
        "status": "active",
        "details": None,
    } | fields


def core(**fields):
    return {
        "id": "archive-core",
        "serial": "B1067",
        "block": 5,
        "status": "active",
        "reuse_count": 3,
        "rtls_attempts": 0,
        "rtls_landings": 0,
        "asds_attempts": 4,
        "asds_landings": 4,
        "last_update": "Landed",
    } | fields


def test_a_pad_within_a_kilometre_is_the_same_under_the_archives_id():
    tables = fused(*archive(launchpads=[pad()]), *living(launch("one")))
    assert tables["launchpads", "spacexdata"].frame["launchpad_id"].tolist() == ["archive-pad"]
    assert tables["launchpads", "launchlibrary"].frame.empty
    assert tables["launchpads", "launchlibrary"].rows_superseded == 1
    assert tables["launches", "launchlibrary"].frame["launchpad_id"].tolist() == ["archive-pad"]


@pytest.mark.parametrize("latitude", [28.5618571 + 0.02, None])
def test_a_pad_farther_away_or_nowhere_is_another(latitude):
    tables = fused(*archive(launchpads=[pad(latitude or 0.0)]), *living(launch("one")))
    assert tables["launchpads", "launchlibrary"].frame["launchpad_id"].tolist() == ["ll-80"]
    assert tables["launches", "launchlibrary"].frame["launchpad_id"].tolist() == ["ll-80"]


def test_a_booster_is_known_by_its_serial_and_keeps_its_block():
    tables = fused(*archive(cores=[core()]), *living(launch("one")))
    (row,) = tables["cores", "launchlibrary"].frame.to_dict("records")
    assert (row["core_id"], row["block"], row["reuse_count"]) == ("archive-core", 5, 36)
    assert tables["cores", "spacexdata"].frame.empty
    assert tables["cores", "spacexdata"].rows_superseded == 1
    assert tables["launch_cores", "launchlibrary"].frame["core_id"].tolist() == ["archive-core"]


def test_a_booster_the_archive_does_not_know_is_added():
    rocket = launch("x")["rocket"] | {"launcher_stage": [stage("B1100", 9)]}
    tables = fused(*archive(cores=[core()]), *living(launch("one", rocket=rocket)))
    assert tables["cores", "launchlibrary"].frame["core_id"].tolist() == ["ll-1100"]
    assert tables["cores", "spacexdata"].frame["core_id"].tolist() == ["archive-core"]


def test_a_landing_site_is_known_by_its_short_name(sample_dir):
    landpads = json.loads((sample_dir / "landpads.json").read_bytes())
    asog = next(each["id"] for each in landpads if each["name"] == "ASOG")
    tables = fused(*archive(landpads=landpads), *living(launch("one")))
    assert tables["launch_cores", "launchlibrary"].frame["landpad_id"].tolist() == [asog]


@pytest.mark.parametrize(
    ("name", "same"),
    [("Falcon 9", True), ("Falcon 9 Block 5", True), ("Starship V3", True), ("Electron", False)],
)
def test_a_rocket_is_known_by_the_beginning_of_its_name(sample_dir, name, same):
    rockets = json.loads((sample_dir / "rockets.json").read_bytes())
    rocket = launch("x")["rocket"]
    rocket["configuration"]["name"] = name
    tables = fused(*archive(rockets=rockets), *living(launch("one", rocket=rocket)))
    (found,) = tables["launches", "launchlibrary"].frame["rocket_id"]
    known = {each["id"]: each["name"] for each in rockets}
    assert (found in known) == same
    if same:
        assert name.startswith(known[found])
