import json
from pathlib import Path
from typing import Any

import pytest

from spacex.sources import LAUNCHLIBRARY, SPACEXDATA
from spacex.transform import TidyTable, tidy_tables
from spacex.transform.merge import merge_sources
from tests.example_records import launch, stage

Record = dict[str, Any]
ENDPOINT = LAUNCHLIBRARY.endpoints["launches"]


def live(*launches: Record) -> list[TidyTable]:
    """Return Launch Library's tables."""
    page = json.dumps({"results": launches}).encode()
    return tidy_tables(ENDPOINT, "launchlibrary", ENDPOINT.records(page, "page"))


def archive(**records: list[Record]) -> list[TidyTable]:
    """Return the archive's tables, from the records of each endpoint."""
    return [
        table
        for name, each in records.items()
        for table in tidy_tables(SPACEXDATA.endpoints[name], "spacexdata", each)
    ]


def merged(*tables: TidyTable) -> dict[tuple[str, str], TidyTable]:
    """Return the merged tables by name and source."""
    return {(each.table.name, each.source): each for each in merge_sources(list(tables))}


def pad(latitude: float = 28.5618571) -> Record:
    """Return a launch site of the archive."""
    return {
        "id": "archive-pad",
        "name": "CCSFS SLC 40",
        "full_name": "SLC 40",
        "locality": "Cape Canaveral",
        "region": "Florida",
        "timezone": "America/New_York",
        "latitude": latitude,
        "longitude": -80.577366,
        "launch_attempts": 99,
        "launch_successes": 97,
        "status": "active",
        "details": None,
    }


def core() -> Record:
    """Return a booster of the archive."""
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
    }


def test_sites_within_a_kilometre_match() -> None:
    tables = merged(*archive(launchpads=[pad()]), *live(launch("one")))
    assert tables["launchpads", "spacexdata"].frame["launchpad_id"].tolist() == ["archive-pad"]
    assert tables["launchpads", "launchlibrary"].frame.empty
    assert tables["launchpads", "launchlibrary"].rows_superseded == 1
    assert tables["launches", "launchlibrary"].frame["launchpad_id"].tolist() == ["archive-pad"]


@pytest.mark.parametrize("latitude", [28.5618571 + 0.02, None])
def test_distant_sites_do_not_match(latitude: float | None) -> None:
    tables = merged(*archive(launchpads=[pad(latitude or 0.0)]), *live(launch("one")))
    assert tables["launchpads", "launchlibrary"].frame["launchpad_id"].tolist() == ["ll-80"]
    assert tables["launches", "launchlibrary"].frame["launchpad_id"].tolist() == ["ll-80"]


def test_boosters_match_by_serial_number_and_keep_their_block() -> None:
    tables = merged(*archive(cores=[core()]), *live(launch("one")))
    (row,) = tables["cores", "launchlibrary"].frame.to_dict("records")
    assert (row["core_id"], row["block"], row["reuse_count"]) == ("archive-core", 5, 36)
    assert tables["cores", "spacexdata"].frame.empty
    assert tables["cores", "spacexdata"].rows_superseded == 1
    assert tables["launch_cores", "launchlibrary"].frame["core_id"].tolist() == ["archive-core"]


def test_unmatched_booster_is_added() -> None:
    rocket = launch("x")["rocket"] | {"launcher_stage": [stage("B1100", 9)]}
    tables = merged(*archive(cores=[core()]), *live(launch("one", rocket=rocket)))
    assert tables["cores", "launchlibrary"].frame["core_id"].tolist() == ["ll-1100"]
    assert tables["cores", "spacexdata"].frame["core_id"].tolist() == ["archive-core"]


def test_landing_sites_match_by_short_name(sample_dir: Path) -> None:
    landpads = json.loads((sample_dir / "landpads.json").read_bytes())
    asog = next(each["id"] for each in landpads if each["name"] == "ASOG")
    tables = merged(*archive(landpads=landpads), *live(launch("one")))
    assert tables["launch_cores", "launchlibrary"].frame["landpad_id"].tolist() == [asog]


@pytest.mark.parametrize(
    ("name", "matches"),
    [("Falcon 9", True), ("Falcon 9 Block 5", True), ("Starship V3", True), ("Electron", False)],
)
def test_rockets_match_by_prefix_of_their_name(
    sample_dir: Path, name: str, *, matches: bool
) -> None:
    rockets = json.loads((sample_dir / "rockets.json").read_bytes())
    rocket = launch("x")["rocket"]
    rocket["configuration"]["name"] = name
    tables = merged(*archive(rockets=rockets), *live(launch("one", rocket=rocket)))
    (found,) = tables["launches", "launchlibrary"].frame["rocket_id"]
    known = {each["id"]: each["name"] for each in rockets}
    assert (found in known) == matches
    if matches:
        assert name.startswith(known[found])
