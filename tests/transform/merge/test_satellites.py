from datetime import datetime, timedelta

import pytest

from spacex.sources import CELESTRAK
from spacex.transform import TidyTable, tidy_tables
from tests.example_records import launch, omm, omm_json
from tests.transform.merge.test_places import SAMPLE, Record, archive, live, merged

ENDPOINT = CELESTRAK.endpoints["starlink"]


@pytest.fixture
def satellites() -> list[Record]:
    """Return three records of the archive; only the last one is decayed."""
    records = sorted(SAMPLE["starlink"], key=lambda each: each["spaceTrack"]["DECAYED"])
    return [records[0], records[1], records[-1]]


def listed(*records: Record) -> list[TidyTable]:
    """Return the tables of a GP list."""
    return tidy_tables(
        ENDPOINT, "celestrak", ENDPOINT.records(omm_json(*records), "c"), "2026-11-25T12:00:00Z"
    )


def number(record: Record) -> int:
    return record["spaceTrack"]["NORAD_CAT_ID"]


def rows(tables: dict[tuple[str, str], TidyTable]) -> dict[int, Record]:
    """Return catalogue number → satellite."""
    return {
        row["norad_cat_id"]: row
        for (name, _), each in tables.items()
        if name == "starlink"
        for row in each.frame.to_dict("records")
    }


def test_listed_satellite_is_filled_from_the_archive(satellites: list[Record]) -> None:
    old = satellites[0]
    new = omm(number(old), OBJECT_ID=old["spaceTrack"]["OBJECT_ID"])
    row = rows(merged(*archive(starlink=satellites), *listed(new)))[number(old)]
    assert row["source"] == "celestrak"
    assert row["epoch_utc"] == "2026-11-25T06:00:00.123456Z"
    assert (row["version"], row["launch_id"]) == (old["version"], old["launch"])
    assert row["launch_date"] == old["spaceTrack"]["LAUNCH_DATE"]
    assert row["height_km"] != row["height_km"]  # NaN: no position of another instant


def test_unlisted_satellite_keeps_the_archives_row(satellites: list[Record]) -> None:
    tables = merged(*archive(starlink=satellites), *listed(omm(number(satellites[0]))))
    row = rows(tables)[number(satellites[1])]
    assert (row["source"], row["orbit_status"]) == ("spacexdata", "unlisted")
    assert tables["starlink", "spacexdata"].rows_superseded == 1


@pytest.mark.parametrize(("hour", "is_listed"), [(23, False), (24, True)])
def test_decayed_satellite_keeps_the_archives_row_without_elements_of_after_its_decay(
    satellites: list[Record], hour: int, *, is_listed: bool
) -> None:
    lost = satellites[-1]
    day = datetime.fromisoformat(lost["spaceTrack"]["DECAY_DATE"][:10])
    epoch = (day + timedelta(days=3, hours=hour)).isoformat()
    tables = merged(*archive(starlink=satellites), *listed(omm(number(lost), EPOCH=epoch), omm(1)))
    row = rows(tables)[number(lost)]
    assert (row["source"], row["is_decayed"]) == (
        ("celestrak", False) if is_listed else ("spacexdata", True)
    )
    assert (row["decay_date"] != row["decay_date"]) is is_listed  # NaN
    assert tables["starlink", "celestrak"].rows_superseded == (not is_listed)


def test_element_sets_of_both_sources_are_kept(satellites: list[Record]) -> None:
    tables = merged(*archive(starlink=satellites), *listed(omm(number(satellites[0]))))
    sizes = {
        source: len(each.frame)
        for (name, source), each in tables.items()
        if name == "starlink_elements"
    }
    assert sizes == {"spacexdata": 3, "celestrak": 1}


def test_satellites_are_linked_to_their_launch_by_designator() -> None:
    tables = merged(
        *live(launch("Starlink Group 1-1", launch_designator="2026-270"), launch("other")),
        *listed(omm(1, OBJECT_ID="2026-270B"), omm(2, OBJECT_ID="2026-271A"), omm(3, OBJECT_ID="")),
    )
    found = rows(tables)
    assert found[1]["launch_id"] == "id of Starlink Group 1-1"
    assert found[1]["launch_date"] == "2026-10-20"
    assert [found[n]["launch_designator"] for n in (1, 2)] == ["2026-270", "2026-271"]
    for lone in (2, 3):
        assert found[lone]["launch_id"] != found[lone]["launch_id"]  # NaN


def test_gp_list_alone_has_orbit_statuses_and_shells() -> None:
    ring = [omm(100_000 + n, RA_OF_ASC_NODE=n * 5.0, MEAN_MOTION_DOT=0.0) for n in range(72)]
    tables = merged(*listed(*ring, omm(1, MEAN_MOTION=15.6, MEAN_MOTION_DOT=-2e-3)))
    (shell,) = tables["starlink_shells", "celestrak"].frame.to_dict("records")
    assert shell["satellite_count"] == 72
    inside, outside = (rows(tables)[number] for number in (100_000, 1))
    assert (inside["orbit_status"], inside["shell"]) == ("operational", shell["shell"])
    assert outside["orbit_status"] == "raising"
    assert outside["shell"] != outside["shell"]  # NaN
