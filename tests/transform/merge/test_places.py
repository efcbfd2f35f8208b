import copy
import json
from math import cos, radians
from typing import Any

import pytest

from spacex.sources import LAUNCHLIBRARY, SPACEXDATA
from spacex.sources.sample import archive_history, sample_responses
from spacex.transform import TidyTable, tidy_tables
from spacex.transform.merge import merge_sources
from tests.example_records import launch, rocket, stage

Record = dict[str, Any]
Tables = dict[tuple[str, str], TidyTable]

SAMPLE = {
    name: list(records)
    for name, records in sample_responses(satellites=60, history=archive_history()).items()
}
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


def merged(*tables: TidyTable) -> Tables:
    """Return the merged tables by name and source."""
    return {(each.table.name, each.source): each for each in merge_sources(list(tables))}


def archived(endpoint: str, **fields: object) -> Record:
    """Return the first record of an endpoint of the archive, with some fields replaced."""
    return copy.deepcopy(SAMPLE[endpoint][0]) | fields


def pad(latitude: float = 28.5618571, longitude: float = -80.577366) -> Record:
    """Return a launch site of the archive."""
    return archived("launchpads", id="archive-pad", latitude=latitude, longitude=longitude)


CORE = archived("cores", id="archive-core", serial="B1067", block=5, reuse_count=3)


def values(tables: Tables, table: str, source: str, column: str) -> list[object]:
    """Return the values of a column of a source's table."""
    return tables[table, source].frame[column].tolist()


def test_sites_within_a_kilometre_match() -> None:
    tables = merged(*archive(launchpads=[pad()]), *live(launch("one")))
    assert values(tables, "launchpads", "spacexdata", "launchpad_id") == ["archive-pad"]
    assert tables["launchpads", "launchlibrary"].frame.empty
    assert tables["launchpads", "launchlibrary"].rows_superseded == 1
    assert values(tables, "launches", "launchlibrary", "launchpad_id") == ["archive-pad"]


@pytest.mark.parametrize(("east_km", "is_same"), [(0.95, True), (1.05, False)])
def test_a_degree_of_longitude_is_shorter_away_from_the_equator(
    east_km: float, *, is_same: bool
) -> None:
    degree_km = 111.32 * cos(radians(28.56))
    site = pad(longitude=-80.577366 + east_km / degree_km)
    tables = merged(*archive(launchpads=[site]), *live(launch("one")))
    assert tables["launchpads", "launchlibrary"].frame.empty is is_same


@pytest.mark.parametrize("latitude", [28.5618571 + 0.02, 0.0])
def test_distant_sites_do_not_match(latitude: float) -> None:
    tables = merged(*archive(launchpads=[pad(latitude)]), *live(launch("one")))
    assert values(tables, "launchpads", "launchlibrary", "launchpad_id") == ["ll-80"]
    assert values(tables, "launches", "launchlibrary", "launchpad_id") == ["ll-80"]


def test_boosters_match_by_serial_number_and_keep_their_block() -> None:
    tables = merged(*archive(cores=[CORE]), *live(launch("one")))
    (row,) = tables["cores", "launchlibrary"].frame.to_dict("records")
    assert (row["core_id"], row["block"], row["reuse_count"]) == ("archive-core", 5, 36)
    assert tables["cores", "spacexdata"].frame.empty
    assert tables["cores", "spacexdata"].rows_superseded == 1
    assert values(tables, "launch_cores", "launchlibrary", "core_id") == ["archive-core"]


def test_unmatched_booster_is_added() -> None:
    new = launch("one", rocket=rocket(stage("B1100", 9)))
    tables = merged(*archive(cores=[CORE]), *live(new))
    assert values(tables, "cores", "launchlibrary", "core_id") == ["ll-1100"]
    assert values(tables, "cores", "spacexdata", "core_id") == ["archive-core"]


def test_landing_sites_match_by_short_name() -> None:
    asog = next(each["id"] for each in SAMPLE["landpads"] if each["name"] == "ASOG")
    tables = merged(*archive(landpads=SAMPLE["landpads"]), *live(launch("one")))
    assert values(tables, "launch_cores", "launchlibrary", "landpad_id") == [asog]


@pytest.mark.parametrize(
    ("name", "matches"),
    [("Falcon 9", True), ("Falcon 9 Block 5", True), ("Starship V3", True), ("Electron", False)],
)
def test_rockets_match_by_prefix_of_their_name(name: str, *, matches: bool) -> None:
    new = launch("one")
    new["rocket"]["configuration"]["name"] = name
    tables = merged(*archive(rockets=SAMPLE["rockets"]), *live(new))
    (found,) = tables["launches", "launchlibrary"].frame["rocket_id"]
    known = {each["id"]: each["name"] for each in SAMPLE["rockets"]}
    assert (found in known) == matches
    if matches:
        assert name.startswith(known[found])
