import pytest

from tests.example_records import launch, rocket, upcoming
from tests.transform.merge.test_places import Record, Tables, archive, live, merged, pad
from tests.transform.merge.test_places import archived as archived_record

NIGHT = "2022-10-20T14:50:40Z"


def archived(**fields: object) -> Record:
    """Return a flown and successful launch of the archive."""
    flown = {
        "id": "archive",
        "flight_number": 188,
        "name": "Starlink 4-36",
        "date_utc": NIGHT,
        "date_precision": "hour",
        "success": True,
        "launchpad": "archive-pad",
        "failures": [],
    }
    return archived_record("launches", **flown | fields)


def both(old: Record, *new: Record) -> Tables:
    """Merge a launch of the archive with launches of Launch Library."""
    return merged(*archive(launchpads=[pad()], launches=[old]), *live(*new))


def rows(tables: Tables, table: str = "launches") -> list[tuple[str, str]]:
    """Return source and launch ID of each row."""
    return [
        (source, key)
        for (name, source), each in tables.items()
        if name == table
        for key in each.frame["launch_id"]
    ]


def test_launches_match_by_launch_library_id() -> None:
    tables = both(archived(launch_library_id="id of one"), launch("one", "2022-12-24T00:00:00Z"))
    assert rows(tables) == [("spacexdata", "archive")]
    assert tables["launches", "launchlibrary"].rows_superseded == 1


def test_launches_match_by_date_and_site() -> None:
    tables = both(archived(), launch("one", "2022-10-20T14:50:39Z"))
    assert rows(tables) == [("spacexdata", "archive")]
    (row,) = tables["launches", "spacexdata"].frame.to_dict("records")
    assert row["launch_library_id"] == "id of one"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (archived(), launch("one", "2022-10-21T00:00:01Z")),
        (archived(date_precision="month"), launch("one", NIGHT)),
        (archived(), launch("one", NIGHT, net_precision={"id": 7})),
        (archived(launchpad="elsewhere"), launch("one", NIGHT)),
    ],
    ids=["another day", "archive inexact", "live source inexact", "another site"],
)
def test_uncertain_matches_are_not_merged(old: Record, new: Record) -> None:
    assert rows(both(old, new)) == [("spacexdata", "archive"), ("launchlibrary", "id of one")]


def test_ambiguous_matches_are_not_merged() -> None:
    tables = both(archived(), launch("one", NIGHT), launch("two", "2022-10-20T23:00:00Z"))
    assert len(rows(tables)) == 3


WITHOUT_OUTCOME = {
    "upcoming in the archive": archived(upcoming=True, success=None),
    "without an outcome in the archive": archived(success=None),
}


@pytest.mark.parametrize("old", WITHOUT_OUTCOME.values(), ids=WITHOUT_OUTCOME)
def test_live_source_has_precedence_if_the_archive_has_no_outcome(old: Record) -> None:
    tables = both(old, launch("one", NIGHT))
    assert rows(tables) == [("launchlibrary", "archive")]
    (row,) = tables["launches", "launchlibrary"].frame.to_dict("records")
    assert (row["success"], row["is_upcoming"], row["status"]) == (True, False, "Success")
    assert rows(tables, "launch_cores") == [("launchlibrary", "archive")]
    assert tables["launch_cores", "spacexdata"].rows_superseded == 1


def test_archive_has_precedence_and_its_gaps_are_filled() -> None:
    tables = both(archived(), launch("one", NIGHT, launch_designator="2022-136"))
    assert rows(tables) == [("spacexdata", "archive")]
    assert rows(tables, "launch_cores") == [("spacexdata", "archive")]
    (row,) = tables["launches", "spacexdata"].frame.to_dict("records")
    assert (row["name"], row["flight_number"]) == ("Starlink 4-36", 188)
    assert (row["launch_designator"], row["orbit_code"]) == ("2022-136", "LEO")


def test_boosters_of_the_archive_are_kept_if_the_live_source_has_none() -> None:
    tables = both(archived(success=None), launch("one", NIGHT, rocket=rocket()))
    assert rows(tables, "launch_cores") == [("spacexdata", "archive")]


def test_launch_sources_has_the_launches_of_each_source() -> None:
    tables = both(archived(success=None), launch("one", NIGHT), upcoming("two"))
    assert rows(tables, "launch_sources") == [
        ("spacexdata", "archive"),
        ("launchlibrary", "archive"),
        ("launchlibrary", "id of two"),
    ]


def test_single_source_is_unchanged() -> None:
    tables = merged(*live(launch("one"), upcoming("two")))
    assert rows(tables) == [("launchlibrary", "id of one"), ("launchlibrary", "id of two")]
    assert tables["launches", "launchlibrary"].rows_superseded == 0
