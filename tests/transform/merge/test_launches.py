from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacex.transform.merge.launch_matching import match_launches
from spacex.transform.merge.launches import _coarseness
from spacex.units import utc_instant, utc_text
from tests.example_records import launch, rocket, stage, upcoming
from tests.transform.merge.test_places import Record, Tables, archive, live, merged, pad
from tests.transform.merge.test_places import archived as archived_record

STORAGES = ("python", "pyarrow")
"""What pandas stores texts in, without pyarrow and with it."""
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
        (archived(), launch("one", "2022-10-22T02:50:41Z")),
        (archived(upcoming=True, success=None), launch("one", "2022-10-21T02:50:41Z")),
        (archived(), launch("Starlink Group 4-37", NIGHT)),
        (archived(date_precision="month"), launch("one", NIGHT)),
        (archived(), launch("one", NIGHT, net_precision={"id": 7})),
        (archived(launchpad="elsewhere"), launch("one", NIGHT)),
    ],
    ids=[
        "more than 36 hours apart",
        "a plan more than 12 hours off",
        "another Starlink group",
        "archive inexact",
        "live source inexact",
        "another site",
    ],
)
def test_uncertain_matches_are_not_merged(old: Record, new: Record) -> None:
    assert rows(both(old, new)) == [("spacexdata", "archive"), ("launchlibrary", new["id"])]


def test_of_two_launches_on_one_day_the_nearest_in_time_matches() -> None:
    tables = both(archived(), launch("two", "2022-10-20T23:00:00Z"), launch("one", NIGHT))
    assert sorted(rows(tables)) == [("launchlibrary", "id of two"), ("spacexdata", "archive")]
    assert tables["launches", "spacexdata"].frame["launch_library_id"].tolist() == ["id of one"]


@pytest.mark.parametrize("hours", [24, 36])
def test_launches_match_although_a_source_has_another_day(hours: int) -> None:
    """RazakSat is a day early in the archive."""
    day = utc_text(utc_instant(NIGHT) + timedelta(hours=hours))
    tables = both(archived(), launch("one", day))
    assert rows(tables) == [("spacexdata", "archive")]
    (row,) = tables["launches", "spacexdata"].frame.to_dict("records")
    assert (row["date_utc"], row["date_source"]) == (day, "launchlibrary")
    assert row["date_local"] != row["date_local"]  # NaN: it belongs to the other date
    assert {
        source: each.frame["date_utc"].tolist()
        for (name, source), each in tables.items()
        if name == "launch_sources"
    } == {"spacexdata": [NIGHT], "launchlibrary": [day]}


@pytest.mark.parametrize("at", ["2022-10-04T15:00:00Z", "2022-12-19T14:50:40Z"])
def test_launches_match_by_their_starlink_group(at: str) -> None:
    """The archive dates Starlink 4-19 sixteen days early."""
    assert rows(both(archived(), launch("Starlink Group 4-36", at))) == [("spacexdata", "archive")]


def test_launches_of_a_starlink_group_more_than_sixty_days_apart_are_two() -> None:
    later = launch("Starlink Group 4-36", "2022-12-19T14:50:41Z")
    assert len(rows(both(archived(), later))) == 2


def test_launches_match_by_designator() -> None:
    old, new = (
        tables["launches", source]
        for tables, source in (
            (merged(*archive(launchpads=[pad()], launches=[archived()])), "spacexdata"),
            (merged(*live(launch("one", "2022-01-01T00:00:00Z"))), "launchlibrary"),
        )
    )
    frames = [table.frame.assign(launch_designator="2022-136") for table in (old, new)]
    assert match_launches(*frames) == {"id of one": "archive"}


@pytest.mark.parametrize(
    ("plan", "flown", "at", "matches"),
    [
        ("Galaxy 31 (23R) & 32 (17R)", "Galaxy 31/32", "2022-10-24T14:50:40Z", True),
        ("SES-18 & SES-19", "SES-18/19", "2023-03-17T23:31:00Z", True),
        ("SES-18 & SES-19", "SES-18/19", "2025-10-21T00:00:00Z", False),  # three years later
        ("SES-18 & SES-19", "SES-18/19", "2022-08-01T00:00:00Z", False),  # before the plan
        ("Viasat-3 & Arcturus", "Viasat-3.1", "2022-11-20T00:00:00Z", True),
        ("Viasat-3 & Arcturus", "Viasat-3.1", "2023-05-01T00:28:00Z", False),  # too vague
        ("O3b mPower 3.4", "O3b mPower 5/6", "2022-11-20T00:00:00Z", False),
        ("ispace Mission 1 & Rashid", "Hakuto-R M1", "2022-11-20T00:00:00Z", False),
        ("Rashid", "Rashid rover", "2022-11-20T00:00:00Z", False),  # no number
    ],
)
def test_plans_of_an_archive_match_launches_with_the_parts_of_their_name(
    plan: str, flown: str, at: str, *, matches: bool
) -> None:
    columns = ["launch_id", "launch_library_id", "launch_designator", "name", "date_utc"]
    columns += ["date_precision", "launchpad_id", "is_upcoming", "source", "rocket_id"]
    month = ["plan", None, None, plan, NIGHT, "month", "pad", True, "spacexdata", "f9"]
    flight = ["flown", None, None, flown, at, "minute", "pad", False, "gcat", "f9"]
    known, new, heavy, live = (
        pd.DataFrame([row], columns=columns)
        for row in (month, flight, [*flight[:-1], "fh"], [*month[:-2], "launchlibrary", "f9"])
    )
    assert match_launches(known, new) == ({"flown": "plan"} if matches else {})
    assert match_launches(known, heavy) == match_launches(live, new) == {}
    assert match_launches(known, pd.concat([new, new.assign(launch_id="other")])) == {}


@pytest.mark.parametrize("unknown", ["archive", "launchlibrary", "both"])
@pytest.mark.parametrize(("minutes_later", "matches"), [(15, True), (16, False), (0, True)])
def test_launches_from_an_unknown_site_match_at_the_same_time_only(
    unknown: str, minutes_later: int, *, matches: bool
) -> None:
    at = utc_text(utc_instant(NIGHT) + timedelta(minutes=minutes_later))
    old = archived(launchpad="archive-pad" if unknown == "launchlibrary" else None)
    new = launch("one", at, **({} if unknown == "archive" else {"pad": None}))
    tables = both(old, new, launch("another", "2022-01-01T00:00:00Z"))
    found = [key for _, key in rows(tables) if key != "id of another"]
    assert found == (["archive"] if matches else ["archive", "id of one"])


@pytest.mark.parametrize("precision", ["day", "month"])
def test_launches_from_an_unknown_site_need_a_time_of_day(precision: str) -> None:
    tables = both(archived(launchpad=None, date_precision=precision), launch("one", NIGHT))
    assert rows(tables) == [("spacexdata", "archive"), ("launchlibrary", "id of one")]


def test_rocket_and_site_that_a_source_lacks_come_from_another() -> None:
    old, new = archived(rocket="f9"), launch("one", NIGHT, pad=None)
    new["rocket"]["configuration"] = None
    tables = both(old, new, launch("another", "2022-01-01T00:00:00Z"))
    (row,) = tables["launches", "spacexdata"].frame.to_dict("records")
    assert (row["rocket_id"], row["launchpad_id"]) == ("f9", "archive-pad")


def test_a_plan_of_an_unknown_rocket_matches_no_launch_of_one() -> None:
    columns = ["launch_id", "launch_library_id", "launch_designator", "name", "date_utc"]
    columns += ["date_precision", "launchpad_id", "is_upcoming", "source", "rocket_id"]
    plan = ["plan", None, None, "Galaxy 31 (23R) & 32", NIGHT, "month", None, True, "spacexdata"]
    flown = ["flown", None, None, "Galaxy 31/32", NIGHT, "minute", None, False, "gcat"]
    known, new = (pd.DataFrame([[*row, None]], columns=columns) for row in (plan, flown))
    assert match_launches(known, new) == {}


minutes = st.lists(st.integers(0, 20 * 24 * 60), min_size=1, max_size=8, unique=True)


@given(minutes, minutes)
def test_launches_match_one_other_at_most_and_close_in_time(
    known: list[int], new: list[int]
) -> None:
    start = datetime(2022, 1, 1, tzinfo=UTC)
    frames = [
        pd.DataFrame(
            {
                "launch_id": [f"{source}{number}" for number in range(len(times))],
                "launch_library_id": None,
                "launch_designator": None,
                "name": [f"{source} {number}" for number in range(len(times))],
                "date_utc": [utc_text(start + timedelta(minutes=each)) for each in times],
                "date_precision": "minute",
                "launchpad_id": "pad",
                "is_upcoming": False,
                "source": source,
                "rocket_id": "rocket",
            }
        )
        for source, times in (("known", known), ("new", new))
    ]
    ids = match_launches(*frames)
    assert len(set(ids.values())) == len(ids)
    at = {
        row.launch_id: utc_instant(row.date_utc) for frame in frames for row in frame.itertuples()
    }
    assert all(abs(at[one] - at[other]) <= timedelta(hours=36) for one, other in ids.items())
    loners = [one for one in frames[1]["launch_id"] if one not in ids]
    free = [other for other in frames[0]["launch_id"] if other not in ids.values()]
    assert all(abs(at[a] - at[b]) > timedelta(hours=36) for a in loners for b in free)


def test_facts_come_from_the_live_source_and_names_from_the_archive() -> None:
    failed = {"id": 4, "abbrev": "Failure"}
    tables = both(archived(), launch("one", "2022-10-20T14:58:00Z", status=failed))
    (row,) = tables["launches", "spacexdata"].frame.to_dict("records")
    assert (row["name"], row["success"]) == ("Starlink 4-36", False)
    assert (row["date_utc"], row["date_precision"]) == ("2022-10-20T14:58:00Z", "minute")
    assert row["date_local"] == archived()["date_local"]


def test_a_coarse_date_does_not_replace_a_precise_one() -> None:
    coarse = launch("one", "2022-10-20T00:00:00Z", net_precision={"id": 5})
    tables = both(archived(launch_library_id="id of one"), coarse)
    (row,) = tables["launches", "spacexdata"].frame.to_dict("records")
    assert (row["date_utc"], row["date_source"]) == (NIGHT, "spacexdata")


def test_a_flown_launch_has_no_status_of_a_plan() -> None:
    tables = both(archived(launch_library_id="id of one"), upcoming("one", NIGHT))
    (row,) = tables["launches", "spacexdata"].frame.to_dict("records")
    assert (row["is_upcoming"], row["success"]) == (False, True)
    assert row["status"] != row["status"]  # NaN, not `Go`


def test_boosters_come_from_the_live_source_and_landings_fill_in() -> None:
    old = archived()
    old["cores"] = [old["cores"][0] | {"flight": 2, "landing_success": False, "core": "lost"}]
    silent = dict.fromkeys(("attempt", "success", "type", "landing_location"))
    tables = both(old, launch("one", NIGHT, rocket=rocket(stage("B1063", 3, landing=silent))))
    (row,) = tables["launch_cores", "spacexdata"].frame.to_dict("records")
    assert (row["core_id"], row["flight"], row["is_reused"]) == ("ll-1063", 3, True)
    assert not row["landing_success"]
    (own,) = tables["launch_sources", "launchlibrary"].frame["boosters"]
    (other,) = tables["launch_sources", "spacexdata"].frame["boosters"]
    assert own == "B1063.3"
    assert pd.isna(other)  # `lost` has no serial number


def test_three_boosters_stay_three() -> None:
    old = archived()
    old["cores"] = [old["cores"][0] | {"core": core} for core in ("a", "b", None)]
    stages = [stage(serial, 2) for serial in ("B1052", "B1053", "B1064")]
    tables = both(old, launch("one", NIGHT, rocket=rocket(*stages)))
    found = [
        (source, row.core_index, row.core_id)
        for (name, source), each in tables.items()
        if name == "launch_cores"
        for row in each.frame.itertuples()
    ]
    assert sorted(found) == [
        ("launchlibrary", 0, "ll-1052"),
        ("launchlibrary", 1, "ll-1053"),
        ("launchlibrary", 2, "ll-1064"),
    ]


@pytest.mark.parametrize(
    ("orbit", "expected"), [("LEO", "orbital"), ("Sub", "suborbital"), ("N/A", None)]
)
def test_class_by_orbit(orbit: str, expected: str | None) -> None:
    mission = {"description": None, "orbit": {"abbrev": orbit}}
    tables = merged(*live(launch("one", mission=mission)))
    (found,) = tables["launches", "launchlibrary"].frame["launch_class"].astype(object)
    assert (None if pd.isna(found) else found) == expected


@pytest.mark.parametrize(
    ("failures", "orbit", "expected"),
    [
        ([], "LEO", "orbital"),
        ([], "SO", "suborbital"),
        ([{"time": -1, "altitude": None, "reason": "fire"}], "GTO", "pad loss"),
        ([{"time": 0, "altitude": None, "reason": "engine"}], "GTO", "orbital"),
    ],
)
def test_class_in_the_archive(failures: list[Record], orbit: str, expected: str) -> None:
    payload = archived_record("payloads", launch="archive", orbit=orbit)
    old = archived(failures=failures)
    tables = merged(*archive(launchpads=[pad()], payloads=[payload], launches=[old]))
    assert tables["launches", "spacexdata"].frame["launch_class"].tolist() == [expected]


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


@pytest.mark.parametrize("storage", STORAGES)
def test_dates_have_an_order_even_if_there_are_none(storage: str) -> None:
    texts = pd.StringDtype(storage, na_value=np.nan)
    for precisions, expected in ((["second", None, "decade"], [-10.0, 1.0, 0.0]), ([], [])):
        found = _coarseness(pd.Series(precisions, dtype=texts))
        assert found.dtype == float
        assert found.tolist() == expected
