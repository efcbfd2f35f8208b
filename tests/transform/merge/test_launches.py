import pytest

from tests.example_records import launch, upcoming
from tests.transform.merge.test_places import archive, fused, living, pad

NIGHT = "2022-10-20T14:50:40Z"


def old(name="Starlink 4-36", date=NIGHT, **fields):
    """A launch as the archive has it, flown and successful."""
    link = dict.fromkeys(("webcast", "youtube_id", "article", "wikipedia", "presskit"))
    link["patch"] = dict.fromkeys(("small", "large"))
    link["reddit"] = dict.fromkeys(("campaign", "launch", "media", "recovery"))
    link["flickr"] = {"original": []}
    return {
        "id": "archive",
        "flight_number": 188,
        "name": name,
        "date_utc": date,
        "date_local": None,
        "date_precision": "hour",
        "upcoming": False,
        "tbd": False,
        "net": False,
        "success": True,
        "rocket": "f9",
        "launchpad": "archive-pad",
        "window": None,
        "static_fire_date_utc": None,
        "fairings": None,
        "crew": [],
        "ships": [],
        "capsules": [],
        "auto_update": True,
        "launch_library_id": None,
        "links": link,
        "details": None,
        "failures": [],
        "cores": [
            {
                "core": "c",
                "flight": 10,
                "gridfins": True,
                "legs": True,
                "reused": True,
                "landing_attempt": True,
                "landing_success": True,
                "landing_type": "ASDS",
                "landpad": None,
            }
        ],
        "payloads": [],
    } | fields


def both(before, *after):
    return fused(*archive(launchpads=[pad()], launches=[before]), *living(*after))


def rows(tables, table="launches"):
    """(source, launch id) of each row."""
    return [
        (source, key)
        for (name, source), each in tables.items()
        if name == table
        for key in each.frame["launch_id"]
    ]


def test_the_id_of_the_other_source_joins_them():
    tables = both(old(launch_library_id="id of one"), launch("one", "2022-12-24T00:00:00Z"))
    assert rows(tables) == [("spacexdata", "archive")]
    assert tables["launches", "launchlibrary"].rows_superseded == 1


def test_else_day_and_site_join_them_and_the_id_is_noted():
    tables = both(old(), launch("one", "2022-10-20T14:50:39Z"))
    assert rows(tables) == [("spacexdata", "archive")]
    (row,) = tables["launches", "spacexdata"].frame.to_dict("records")
    assert row["launch_library_id"] == "id of one"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (old(), launch("one", "2022-10-21T00:00:01Z")),
        (old(date_precision="month"), launch("one", NIGHT)),
        (old(), launch("one", NIGHT, net_precision={"id": 7})),
        (old(launchpad="elsewhere"), launch("one", NIGHT)),
    ],
    ids=["another day", "the archive's day is vague", "the other's is", "another site"],
)
def test_what_is_not_surely_the_same_stays_two(before, after):
    assert rows(both(before, after)) == [
        ("spacexdata", "archive"),
        ("launchlibrary", "id of one"),
    ]


def test_two_on_one_day_from_one_site_are_not_joined_by_guess():
    tables = both(old(), launch("one", NIGHT), launch("two", "2022-10-20T23:00:00Z"))
    assert len(rows(tables)) == 3


LOST = {
    "still upcoming in the archive": old(upcoming=True, success=None),
    "without an outcome in the archive": old(success=None),
}


@pytest.mark.parametrize("before", LOST.values(), ids=LOST)
def test_the_living_source_is_preferred_where_the_archive_has_no_outcome(before):
    tables = both(before, launch("one", NIGHT))
    assert rows(tables) == [("launchlibrary", "archive")]
    (row,) = tables["launches", "launchlibrary"].frame.to_dict("records")
    assert (row["success"], row["is_upcoming"], row["status"]) == (True, False, "Success")
    assert rows(tables, "launch_cores") == [("launchlibrary", "archive")]
    assert tables["launch_cores", "spacexdata"].rows_superseded == 1


def test_the_archives_row_is_preferred_with_its_boosters_and_its_gaps_are_filled():
    tables = both(old(), launch("one", NIGHT, launch_designator="2022-136"))
    assert rows(tables) == [("spacexdata", "archive")]
    assert rows(tables, "launch_cores") == [("spacexdata", "archive")]
    (row,) = tables["launches", "spacexdata"].frame.to_dict("records")
    assert (row["name"], row["flight_number"]) == ("Starlink 4-36", 188)
    assert (row["launch_designator"], row["orbit_code"]) == ("2022-136", "LEO")


def test_boosters_of_the_archive_stay_where_the_other_source_has_none():
    rocket = launch("x")["rocket"] | {"launcher_stage": []}
    tables = both(old(success=None), launch("one", NIGHT, rocket=rocket))
    assert rows(tables, "launch_cores") == [("spacexdata", "archive")]


def test_what_each_source_tells_is_kept():
    tables = both(old(success=None), launch("one", NIGHT), upcoming("two"))
    assert rows(tables, "launch_sources") == [
        ("spacexdata", "archive"),
        ("launchlibrary", "archive"),
        ("launchlibrary", "id of two"),
    ]


def test_one_source_alone_is_left_as_it_is():
    tables = fused(*living(launch("one"), upcoming("two")))
    assert rows(tables) == [("launchlibrary", "id of one"), ("launchlibrary", "id of two")]
    assert tables["launches", "launchlibrary"].rows_superseded == 0
