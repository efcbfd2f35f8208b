"""The coverage of the sources on a few rows, and that a single later record moves no end."""

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacex.analysis import queries
from spacex.units import utc_text
from spacex.warehouse.coverage import (
    ARCHIVED_ELEMENTS_INDEX,
    CATALOGUED,
    DECAYS,
    ELEMENTS,
    LANDINGS,
    LAUNCHED,
    LAUNCHES,
    LISTED,
    SKIPPED_FLIGHT,
    SOME_DECAYS,
    UNRECORDED_LAUNCHES,
    coverage_of,
)
from spacex.warehouse.views import VIEWS, apply_views
from tests.example_rows import empty_database, insert_row

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
CHECKED_DAY, CHECKED = 516, "2026-06-01T00:00:00Z"
LAST_CHECK, NEWEST, OVERDUE = "last check", "newest launch", "earliest overdue launch"
SEEN = "launch seen in orbit that no source lists"


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with empty_database() as connection:
        apply_views(connection)
        for source in ("launchlibrary", "gcat", "spacexdata"):
            checked = {"path": source, "checked_utc": CHECKED}
            insert_row(connection, "_snapshots", source=source, endpoint="launches", **checked)
        insert_row(connection, "_runs")
        yield connection


def on(days: float) -> str:
    """Return an instant, in days after the first one."""
    return utc_text(FIRST + timedelta(days))


def covered(connection: sqlite3.Connection, subject: str) -> list[tuple[str, ...]]:
    """Return from, to, newest and end of each covered period."""
    return connection.execute(
        """SELECT from_utc, to_utc, newest_utc, ends_at FROM v_coverage WHERE subject = ?
           ORDER BY source, from_utc""",
        (subject,),
    ).fetchall()


def flown(
    connection: sqlite3.Connection,
    *days: float,
    source: str = "launchlibrary",
    name: str = "Transporter",
) -> None:
    """Add launches, some days after the first instant."""
    for day in days:
        launch = {"launch_id": f"{source} {day}", "date_utc": on(day), "date_precision": "minute"}
        launch["name"] = name
        insert_row(connection, "launch_sources", source=source, is_upcoming=0, **launch)
        insert_row(connection, "launches", is_upcoming=0, launch_designator=None, **launch)


def upcoming(connection: sqlite3.Connection, date_utc: str) -> None:
    launch = {"launch_id": date_utc, "date_utc": date_utc, "date_precision": "day"}
    insert_row(connection, "launch_sources", source="launchlibrary", is_upcoming=1, **launch)


def seen(connection: sqlite3.Connection, day: float) -> None:
    """Add a satellite of a launch some days after the first instant."""
    launch = {"launch_designator": "2025-099", "launch_date": on(day)[:10]}
    insert_row(connection, "starlink", norad_cat_id=99, source="celestrak", **launch)


def test_launches_are_covered_to_the_newest_one_or_the_last_check(
    connection: sqlite3.Connection,
) -> None:
    flown(connection, 400, 430)
    assert covered(connection, LAUNCHES) == [(on(400), on(430), on(430), NEWEST)]
    upcoming(connection, "2026-07-01T00:00:00Z")
    assert covered(connection, LAUNCHES) == [(on(400), CHECKED, on(430), LAST_CHECK)]
    for day in (25, 20, 23):
        upcoming(connection, f"2026-05-{day}T00:00:00Z")
    ended = (on(400), "2026-05-20T00:00:00Z", on(430), OVERDUE)
    assert covered(connection, LAUNCHES) == [ended]
    assert covered(connection, LANDINGS) == [ended]


@pytest.mark.parametrize(
    ("days", "period"),
    [
        ((300, 336), (300, CHECKED_DAY)),  # 180 days before the check
        ((300, 335.9), (300, 335.9)),
        ((0, 30, 336), (336, CHECKED_DAY)),  # one launch alone, after a longer pause
        ((0, 30, 335.9), (0, 30)),
    ],
)
def test_no_check_covers_a_longer_pause_than_that_between_launches(
    connection: sqlite3.Connection, days: tuple[float, ...], period: tuple[float, float]
) -> None:
    """As of a mirror whose launches are no longer updated, but whose plans are."""
    flown(connection, *days)
    upcoming(connection, "2026-06-08T00:00:00Z")
    assert covered(connection, LAUNCHES)[-1][:2] == (on(period[0]), on(period[1]))


@pytest.mark.parametrize(
    ("days", "periods"),
    [
        ((30,), [(30, 30)]),
        ((0, 30, 400), [(0, 30)]),
        ((-400, -380, 30, 50, 400), [(-400, -380), (30, 50)]),
        ((0, 180, 361, 400), [(0, 180), (361, 400)]),
        ((0, 180, 360, 400), [(0, 400)]),
        ((-4100, -4031, -3852), [(-4100, -3852)]),  # 2013
        ((-6000, -5461, -5000), [(-6000, -5000)]),  # 539 days, before 2014
        ((-6000, -5459, -5000), [(-6000, -6000), (-5459, -5000)]),
    ],
)
def test_launches_are_one_period_up_to_the_longest_pause_of_their_time(
    connection: sqlite3.Connection, days: tuple[float, ...], periods: list[tuple[float, float]]
) -> None:
    """One launch alone after the others does not count."""
    flown(connection, *days, source="gcat")
    expected = [(on(first), on(last), on(last), NEWEST) for first, last in periods]
    assert covered(connection, LAUNCHES) == expected


@pytest.mark.parametrize(
    ("numbers", "end"),
    [
        ((1, 2, 4), 30),
        ((1, 2, 2), 60),
        ((1, 1, 3), 60),  # a number given twice explains one that is left out
        ((2, 3, 4), 60),  # the first flight may be of before
        ((1, None, 3), 60),
        ((1, None, 4), 0),  # before or after the flight whose number is unknown
        ((None, 3, 4), 60),
        ((1, 3, 4), 0),
    ],
)
def test_a_flight_number_that_skips_some_ends_the_coverage(
    connection: sqlite3.Connection, numbers: tuple[int | None, ...], end: float
) -> None:
    flown(connection, 0, 30, 60)
    for day, number in zip((0, 30, 60), numbers, strict=True):
        flight = {"launch_id": f"launchlibrary {day}", "core_id": "B1", "flight": number}
        insert_row(connection, "launch_cores", **flight)
    ((_, to_utc, _, ends_at),) = covered(connection, LAUNCHES)
    assert (to_utc, ends_at) == (on(end), NEWEST if end == 60 else SKIPPED_FLIGHT)


@pytest.mark.parametrize(
    ("first", "periods"),
    [(20, [(0, 10), (60, 90)]), (40, [(0, 30), (40, 90)])],  # a gap may have the missing flight
)
def test_sources_that_together_cover_a_missing_flight_leave_its_time_out(
    connection: sqlite3.Connection, first: float, periods: list[tuple[float, float]]
) -> None:
    flown(connection, 0, 10, 30, source="gcat")
    flown(connection, first, 60, 90, source="launchlibrary")
    for launch_id, number in (("gcat 10", 1), ("launchlibrary 60", 9)):
        insert_row(connection, "launch_cores", launch_id=launch_id, core_id="B1", flight=number)
    found = [(since, until) for since, until, *_ in covered(connection, LAUNCHES)]
    assert found == [(on(since), on(until)) for since, until in periods]


@pytest.mark.parametrize(("core", "end"), [(None, 60), ("B2", 0)])
def test_a_launch_of_an_unknown_booster_may_be_the_flight_that_is_missing(
    connection: sqlite3.Connection, core: str | None, end: float
) -> None:
    flown(connection, 0, 30, 60)
    for day, number in ((0, 1), (60, 3)):
        flight = {"launch_id": f"launchlibrary {day}", "core_id": "B1", "flight": number}
        insert_row(connection, "launch_cores", **flight)
    insert_row(connection, "launch_cores", launch_id="launchlibrary 30", core_id=core, flight=None)
    assert covered(connection, LAUNCHES)[0][1] == on(end)


@pytest.mark.parametrize(("pause", "end"), [(180, 210), (180.1, 30)])
def test_a_launch_long_after_the_others_does_not_move_the_end(
    connection: sqlite3.Connection, pause: float, end: float
) -> None:
    flown(connection, 0, 30, 30 + pause, source="gcat")
    assert covered(connection, LAUNCHES) == [(on(0), on(end), on(end), NEWEST)]
    assert covered(connection, LANDINGS) == []  # GCAT has none


@pytest.mark.parametrize(
    ("name", "day", "end"),
    [
        *(("Transporter", 11, 30), ("Transporter", 12, 12), ("Transporter", 30, 30)),
        *(("Starlink 4-34", 13, 30), ("Starlink 4-34", 14, 14), ("Transporter", 31, 30)),
    ],
)
def test_a_launch_seen_in_orbit_only_ends_the_coverage(
    connection: sqlite3.Connection, name: str, day: float, end: float
) -> None:
    """A launch without a designator explains those within a day, of Starlink within three."""
    flown(connection, 0, 10, 30, name=name)
    seen(connection, day)
    ((_, to_utc, _, ends_at),) = covered(connection, LAUNCHES)
    assert (to_utc, ends_at) == (on(end), NEWEST if end == 30 else SEEN)


@pytest.mark.parametrize(("kind", "end"), [("Satellite", 30), ("Crew Dragon", 10)])
def test_a_launch_with_a_dragon_explains_no_starlinks(
    connection: sqlite3.Connection, kind: str, end: float
) -> None:
    flown(connection, 0, 10, 30)
    insert_row(connection, "launch_payloads", launch_id="launchlibrary 10", payload_id="p")
    insert_row(connection, "payloads", payload_id="p", type=kind)
    seen(connection, 10)
    assert covered(connection, LAUNCHES)[0][1] == on(end)


def test_a_launch_seen_in_orbit_with_its_designator_is_recorded(
    connection: sqlite3.Connection,
) -> None:
    flown(connection, 0, 10, 30)
    insert_row(connection, "launches", launch_id="seen", launch_designator="2025-099")
    seen(connection, 20)
    assert covered(connection, LAUNCHES)[0][1] == on(30)


@pytest.mark.parametrize(("day", "unrecorded"), [(20, 1), (41, 1), (42, 2)])
def test_a_launch_without_a_designator_explains_one_seen_without_a_date(
    connection: sqlite3.Connection, day: float, unrecorded: int
) -> None:
    """If it flew by the day of the list that has the satellites, or within a day of it."""
    flown(connection, day)
    for number in (98, 99):
        launch = {"launch_designator": f"2025-0{number}", "launch_date": None}
        launch |= {"norad_cat_id": number, "first_listed_utc": on(40)}
        insert_row(connection, "starlink", source="celestrak", **launch)
    assert len(connection.execute(UNRECORDED_LAUNCHES).fetchall()) == unrecorded
    connection.execute("UPDATE launches SET launch_class = 'suborbital'")
    assert len(connection.execute(UNRECORDED_LAUNCHES).fetchall()) == 2


@pytest.mark.parametrize(
    ("designators", "listed", "end"),
    [
        (["2025-002"], 40, 0),
        (["2025-006"], 40, 30),  # the launch on day 20 may be that one
        (["2025-006", "2025-005"], 40, 10),  # or this one, but not both
        (["2025-002", "2025-006"], 40, 0),
        (["2025-009"], 40, 30),  # it may have flown after the coverage
        (["2025-009"], 25, 25),
        (["2024-200"], 40, 30),
    ],
)
def test_a_launch_seen_in_orbit_without_a_date_ends_the_coverage_when_it_may_have_flown(
    connection: sqlite3.Connection, designators: list[str], listed: float, end: float
) -> None:
    """It flew between those of its year with lower and higher designators."""
    flown(connection, 0, 10, 20, 30)
    for day, number in ((0, 1), (10, 3), (30, 8)):
        change = "UPDATE launches SET launch_designator = ? WHERE launch_id = ?"
        connection.execute(change, (f"2025-00{number}", f"launchlibrary {day}"))
    for number, designator in enumerate(designators):
        row = {"launch_designator": designator, "launch_date": None, "norad_cat_id": number + 1}
        insert_row(connection, "starlink", **row, first_listed_utc=on(listed))
    ((_, to_utc, _, ends_at),) = covered(connection, LAUNCHES)
    assert (to_utc, ends_at) == (on(end), NEWEST if end == 30 else SEEN)


def test_gp_lists_are_one_period_up_to_ten_days_apart(connection: sqlite3.Connection) -> None:
    days = (0, 10, 20.1, 21)
    for day in days:
        dates = {"observed_utc": on(day), "data_utc": on(day - 0.5)}
        insert_row(connection, "_observations", source="celestrak", **dates)
    end = "newest GP list"
    assert covered(connection, LISTED) == [
        (on(0), on(10), on(9.5), end),
        (on(20.1), on(21), on(20.5), end),
    ]
    assert [each[:2] for each in covered(connection, ELEMENTS)] == [
        (on(-0.5), on(9.5)),
        (on(19.6), on(20.5)),
    ]


def add_objects(connection: sqlite3.Connection, dates: list[int]) -> None:
    for number, day in enumerate(dates, start=1):
        insert_object(connection, number, day)


def insert_object(connection: sqlite3.Connection, number: int, day: int) -> None:
    """Add a satellite of GCAT that decayed nine days after its launch."""
    facts = {"launch_date": on(day)[:10], "decay_date": on(day + 9)[:10], "source": "gcat"}
    known = {"catalogue_id": str(number), "norad_cat_id": number, "observed_utc": CHECKED}
    insert_row(connection, "catalogue_objects", is_starlink=1, is_decayed=1, **facts, **known)


@given(days=st.lists(st.integers(0, 180), min_size=2, max_size=8), late=st.integers(181, 400))
def test_a_single_later_object_moves_no_end(days: list[int], late: int) -> None:
    with empty_database() as connection:
        apply_views(connection)
        add_objects(connection, [*days, late])
        newest = max(days)
        launched, decays = covered(connection, LAUNCHED), covered(connection, DECAYS)
        assert [each[:2] for each in launched] == [(on(min(days)), on(newest))]
        assert [each[:2] for each in decays] == [(on(min(days)), on(newest + 9))]


@pytest.mark.parametrize(("satellites", "subject"), [(11, DECAYS), (12, SOME_DECAYS)])
def test_a_part_of_a_catalogue_does_not_cover_the_decays_of_the_fleet(
    connection: sqlite3.Connection, satellites: int, subject: str
) -> None:
    """It has 10 of the satellites with numbers up to its highest one."""
    add_objects(connection, [*range(9)])
    insert_object(connection, number=satellites, day=20)
    for number in (*range(1, satellites + 1), 99):
        insert_row(connection, "starlink", norad_cat_id=number, launch_date=on(0)[:10])
    known = {each: covered(connection, each) for each in (DECAYS, SOME_DECAYS)}
    assert [each for each, spans in known.items() if spans] == [subject]
    assert known[subject][0][:2] == (on(0), on(8 + 9))


@pytest.mark.parametrize(("launches", "day", "parts"), [(11, 9, 0), (12, 9, 1), (12, 10, 0)])
def test_a_catalogue_is_a_part_if_many_more_launches_are_listed(
    connection: sqlite3.Connection, launches: int, day: int, parts: int
) -> None:
    """It has objects of ten launches, to day 9; a newer launch list does not make it a part."""
    add_objects(connection, [*range(10)])
    connection.execute("UPDATE catalogue_objects SET launch_designator = '2024-' || catalogue_id")
    for number in range(launches):
        insert_row(
            connection,
            "launches",
            launch_id=f"{number}",
            launch_designator=f"2024-{number}",
            success=1,
            name=f"Starlink Group 9-{number}",
            date_utc=on(day),
            launch_class="orbital",
            is_upcoming=0,
        )
    claimed = {each for each in (LAUNCHED, CATALOGUED, DECAYS) if covered(connection, each)}
    assert claimed == (set() if parts else {LAUNCHED, CATALOGUED, DECAYS})
    assert len(covered(connection, SOME_DECAYS)) == parts


@pytest.mark.parametrize(
    ("later", "day", "subject"),
    [(1, 100, DECAYS), (2, 100, SOME_DECAYS), (2, 180, DECAYS)],  # catalogued within a month
)
def test_a_catalogue_of_the_older_satellites_is_a_part(
    connection: sqlite3.Connection, later: int, day: int, subject: str
) -> None:
    """It has the ten first satellites and decays to day 199."""
    add_objects(connection, [*range(8), 190, 190])
    for number in range(1, 11 + later):
        date = on(0 if number <= 10 else day)[:10]
        insert_row(connection, "starlink", norad_cat_id=number, launch_date=date)
    known = {each: covered(connection, each) for each in (DECAYS, SOME_DECAYS)}
    assert [each for each, spans in known.items() if spans] == [subject]


@pytest.mark.parametrize(
    ("decayed", "newest", "is_whole"),
    [(4, 430, True), (3, 430, False), (0, 429, True)],  # two years after the first launch
)
def test_a_catalogue_of_satellites_in_orbit_only_does_not_tell_what_was_launched(
    connection: sqlite3.Connection,
    decayed: int,
    newest: int,
    is_whole: bool,  # noqa: FBT001 - a parameter
) -> None:
    """A filtered download has only the survivors of almost every launch."""
    days = [*[-300] * 399, *range(-300, newest, 20), newest, newest]
    for number, day in enumerate(days, start=1):
        insert_object(connection, number, day)
    change = "UPDATE catalogue_objects SET is_decayed = 0, decay_date = NULL WHERE norad_cat_id > ?"
    connection.execute(change, (decayed,))
    for subject in (LAUNCHED, CATALOGUED):
        assert bool(covered(connection, subject)) is is_whole


@pytest.mark.parametrize(
    ("satellites", "pause", "subject"),
    [(4, 180, DECAYS), (4, 181, SOME_DECAYS), (3, 181, DECAYS)],  # a few may be named differently
)
def test_a_catalogue_with_a_pause_between_launches_is_a_part(
    connection: sqlite3.Connection, satellites: int, pause: int, subject: str
) -> None:
    add_objects(connection, [*[0] * 20, *[pause] * satellites])
    known = {each: covered(connection, each) for each in (DECAYS, SOME_DECAYS)}
    assert [each for each, spans in known.items() if spans] == [subject]
    assert bool(covered(connection, CATALOGUED)) is (subject == DECAYS)


@pytest.mark.parametrize("is_dated", [True, False])
@pytest.mark.parametrize(
    ("launches", "satellites", "day", "subject"),
    [
        (2, 4, 100, SOME_DECAYS),
        (1, 4, 100, DECAYS),  # a single one may be named differently
        (2, 3, 100, DECAYS),
        (2, 4, 180, DECAYS),  # catalogued within a month
    ],
)
def test_a_catalogue_without_newer_launches_is_a_part(
    connection: sqlite3.Connection,
    launches: int,
    satellites: int,
    day: int,
    subject: str,
    is_dated: bool,  # noqa: FBT001 - a parameter
) -> None:
    """It has a hundred satellites, more than nine in ten, and decays to day 199.

    It has debris of the first missing launch, and another catalogue a satellite of the second one.
    """
    add_objects(connection, [*[0] * 98, 190, 190])
    unknown = {"norad_cat_id": None, "launch_date": None, "decay_date": None}
    debris = {"source": "gcat", "catalogue_id": "x", "is_starlink": 0}
    of_another = {"source": "satcat", "catalogue_id": "y", "is_starlink": 1}
    for launch, row in enumerate([debris, of_another]):
        designator = f"2025-9{launch:02}"
        insert_row(connection, "catalogue_objects", launch_designator=designator, **row, **unknown)
    for number in range(1, 101):
        insert_row(connection, "starlink", norad_cat_id=number, launch_date=on(0)[:10])
    for launch in range(launches):
        for number in range(satellites):
            row = {"norad_cat_id": 200 + 10 * launch + number, "first_listed_utc": on(day)}
            row["launch_date"] = on(day)[:10] if is_dated else None
            insert_row(connection, "starlink", **row, launch_designator=f"2025-9{launch:02}")
    known = {each: covered(connection, each) for each in (DECAYS, SOME_DECAYS)}
    assert [each for each, spans in known.items() if spans] == [subject]


@pytest.mark.parametrize(
    ("lists", "spans"),
    [
        ([0], []),
        ([0, 9, 18, 27], []),  # lists have satellites weeks after their launch
        ([0, 9, 18, 27, 36], [(0, 6)]),
        ([0, 9, 18, 27, 36, 60, 69, 78, 87, 96], [(0, 6), (60, 66)]),
    ],
)
def test_lists_tell_what_was_launched_a_month_before_them(
    connection: sqlite3.Connection, lists: list[int], spans: list[tuple[int, int]]
) -> None:
    for day in lists:
        utc = {"observed_utc": on(day), "data_utc": on(day)}
        insert_row(connection, "_observations", source="celestrak", **utc)
    found = covered(connection, CATALOGUED)
    assert [each[:2] for each in found] == [(on(since), on(until)) for since, until in spans]


def test_decays_do_not_tell_what_was_launched(connection: sqlite3.Connection) -> None:
    add_objects(connection, [0, 0, 20, 20])
    assert [each[:2] for each in covered(connection, CATALOGUED)] == [(on(0), on(20))]
    assert [each[:2] for each in covered(connection, DECAYS)] == [(on(0), on(29))]


def test_launched_satellites_are_unknown_after_the_coverage(
    connection: sqlite3.Connection,
) -> None:
    add_objects(connection, [0, 0, 100])
    for number, day in ((1, 0), (3, 100)):
        launch = {"launch_date": on(day)[:10], "launch_designator": f"2025-{number:03}"}
        insert_row(connection, "starlink", norad_cat_id=number, **launch)
    sql = "SELECT launch_designator, launched IS NOT NULL FROM v_fleet_by_launch ORDER BY 1"
    found = dict(connection.execute(sql).fetchall())
    assert (found["2025-001"], found["2025-003"]) == (1, 0)


@given(
    epochs=st.lists(st.integers(0, 1000), min_size=2, max_size=150), late=st.integers(1001, 2000)
)
def test_a_single_later_epoch_moves_no_end_of_an_archive(epochs: list[int], late: int) -> None:
    with empty_database() as connection:
        apply_views(connection)
        for number, hour in enumerate([*epochs, late], start=1):
            epoch = on(hour / 24).replace("Z", ".000000Z")
            row = {"norad_cat_id": number, "epoch_utc": epoch, "source": "spacexdata"}
            insert_row(connection, "starlink_elements", **row)
        ((from_utc, to_utc, *_),) = covered(connection, ELEMENTS)
    assert on(min(epochs) / 24) <= from_utc <= to_utc <= on(max(epochs) / 24)


def test_elements_of_an_archive_stay_covered_when_lists_have_its_satellites(
    connection: sqlite3.Connection,
) -> None:
    connection.execute("UPDATE _snapshots SET retrieved_utc = checked_utc")
    for number, day in enumerate((1, 1, 2, 2), start=1):
        row = {"norad_cat_id": number, "epoch_utc": on(day).replace("Z", ".000000Z")}
        insert_row(connection, "starlink_elements", **row, source="spacexdata")
        row["epoch_utc"] = on(900).replace("Z", ".000000Z")
        insert_row(connection, "starlink_elements", **row, source="celestrak")
        insert_row(connection, "starlink", **row, source="celestrak")
    assert covered(connection, ELEMENTS) == [(on(1), on(2), on(2), "newest epoch")]


@pytest.mark.parametrize(("retrieved", "end"), [((2.5,), 2.5), ((2.5, 5), 4), ((5, 2.5), 4)])
def test_elements_of_an_archive_end_with_its_newest_response(
    connection: sqlite3.Connection, retrieved: tuple[float, ...], end: float
) -> None:
    connection.execute("DELETE FROM _snapshots WHERE source = 'spacexdata'")
    for day in retrieved:
        dates = {"path": f"{day}", "retrieved_utc": on(day), "checked_utc": on(day)}
        insert_row(connection, "_snapshots", source="spacexdata", endpoint="starlink", **dates)
    for number, day in enumerate((1, 1, 4, 4), start=1):
        row = {"norad_cat_id": number, "epoch_utc": on(day).replace("Z", ".000000Z")}
        insert_row(connection, "starlink_elements", **row, source="spacexdata")
    assert [each[:2] for each in covered(connection, ELEMENTS)] == [(on(1), on(end))]


def test_the_elements_of_archives_are_found_by_an_index(connection: sqlite3.Connection) -> None:
    connection.execute(ARCHIVED_ELEMENTS_INDEX)
    plan = connection.execute("EXPLAIN QUERY PLAN SELECT * FROM v_coverage")
    scans = [step for *_, step in plan if "starlink_elements" in step]
    assert scans
    assert all("archived_elements_index" in step for step in scans)


def test_the_coverage_of_some_subjects_has_their_rows(sampled):
    rows = queries.query(sampled.database, "SELECT * FROM v_coverage")
    assert rows["subject"].nunique() > 3
    for subject, expected in rows.groupby("subject"):
        found = queries.query(sampled.database, coverage_of(subject))
        assert found.columns.equals(rows.columns)
        assert sorted(map(tuple, found.values)) == sorted(map(tuple, expected.values))


def test_no_view_plans_the_coverage_of_all_subjects():
    """SQLite would plan it for a tenth of a second, in every statement with the view."""
    planning = re.compile(r"\b(FROM|JOIN) v_coverage")
    assert [name for name, sql in VIEWS.items() if planning.search(sql)] == []
