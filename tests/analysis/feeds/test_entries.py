"""What the entries of the feeds tell of changes, launches and re-entries."""

import sqlite3

import pytest

from spacex.analysis.feeds.change_entries import MOST_LISTED
from spacex.analysis.feeds.writing import content
from tests.analysis.feeds.reading import Entry, entries, items
from tests.example_rows import insert_row

Database = sqlite3.Connection
SLIP = "2026-11-02T12:00:00Z"


def change(database: Database, kind: str, /, number: int = 1, **values: object) -> None:
    """Insert a change of a launch of Launch Library."""
    given = {
        "source": "launchlibrary",
        "observed_utc": SLIP,
        "since_utc": "2026-11-01T12:00:00Z",
        "table_name": "launches",
        "row_key": "a",
        "name": "Starlink 10-5",
        "launch_designator": None,
        "column_name": "",
        "old_value": None,
        "new_value": None,
    }
    insert_row(database, "_changes", change_number=number, kind=kind, **given | values)


def satellite(database: Database, kind: str, number: int, /, **values: object) -> None:
    """Insert a change of a satellite of CelesTrak."""
    of = {"source": "celestrak", "table_name": "starlink", "row_key": str(number)}
    change(database, kind, number, **of, name=f"STARLINK-{number}", **values)


def planned(database: Database, precision: str, date: str) -> None:
    """Insert a planned launch of Launch Library."""
    common = {"launch_id": "a", "source": "launchlibrary", "is_upcoming": 1}
    dated = {"date_utc": date, "date_precision": precision}
    insert_row(database, "launches", **common, **dated, status="Go")
    insert_row(database, "launch_sources", **common, **dated, source_launch_id="a")


def only(database: Database, name: str) -> tuple[str, Entry]:
    """Return what identifies the only entry of a feed, and the entry."""
    ((key, entry),) = entries(content(database, name)).items()
    return key, entry


def test_a_slip_is_one_entry_with_both_dates(database: Database) -> None:
    planned(database, "minute", "2026-12-03T14:05:00Z")
    moved = {"old_value": "2026-12-01T00:00:00Z", "new_value": "2026-12-03T14:05:00Z"}
    change(database, "corrected", 1, column_name="date_utc", **moved)
    finer = {"old_value": "day", "new_value": "minute"}
    change(database, "corrected", 2, column_name="date_precision", **finer)
    for name in ("changes.atom", "launches.atom"):
        key, entry = only(database, name)
        assert key == f"changes/launchlibrary/{SLIP}/launch/a"
        assert entry.title == "Starlink 10-5: 2026-12-03 14:05, was 2026-12-01"
        assert entry.updated == SLIP
        assert items(entry) == ["Date: 2026-12-01 → 2026-12-03 14:05."]
        assert [each.term for each in entry.tags] == ["corrected", "Launch Library 2"]


def test_a_changed_altitude_is_told_with_its_date_and_certainty(database: Database) -> None:
    told = {"old_value": "550.0 km", "new_value": "2026-05-11 to 2026-05-12: -5.00 km/d, certain"}
    satellite(database, "altitude", 1, column_name="raised", **told)
    satellite(database, "altitude", 2, column_name="left its shell", **told)
    _, entry = only(database, "changes.atom")
    assert entry.title == "2 satellites with a changed altitude"
    words = "2026-05-11 to 2026-05-12: -5.00 km/d, certain, from 550.0 km"
    assert items(entry) == [
        f"STARLINK-2 (2): left its shell, {words}",
        f"STARLINK-1 (1): raised, {words}",
    ]


@pytest.mark.parametrize(
    ("precision", "old", "title"),
    [
        ("month", "2026-12-31T00:00:00Z", "Jan 2027, was Dec 2026"),
        ("quarter", "2026-12-31T00:00:00Z", "Q1 2027, was Q4 2026"),
        ("day", "2026-12-31T00:00:00Z", "2027-01-31, was 2026-12-31"),
    ],
)
def test_a_date_is_told_to_its_precision(
    database: Database, precision: str, old: str, title: str
) -> None:
    planned(database, precision, "2027-01-31T00:00:00Z")
    moved = {"old_value": old, "new_value": "2027-01-31T00:00:00Z"}
    change(database, "corrected", column_name="date_utc", **moved)
    assert only(database, "changes.atom")[1].title == f"Starlink 10-5: {title}"


def test_an_entry_stays_as_it_is_when_the_launch_is_dated_better_later(database: Database) -> None:
    planned(database, "month", "2026-12-31T00:00:00Z")
    change(database, "new launch", new_value="2026-12-31T00:00:00Z")
    before = only(database, "changes.atom")[1]
    assert before.title == "Starlink 10-5: new launch, Dec 2026"
    database.execute("UPDATE launch_sources SET date_precision = 'minute'")
    later = {"observed_utc": "2026-11-20T12:00:00Z", "column_name": "date_precision"}
    change(database, "corrected", **later, old_value="month", new_value="minute")
    after = entries(content(database, "changes.atom"))[before.id.partition(":")[2].split(":", 1)[1]]
    assert dict(after) == dict(before)


@pytest.mark.parametrize(
    ("kind", "values", "title", "item"),
    [
        (
            "withdrawn",
            {"old_value": "2026-12-01T10:00:00Z"},
            "withdrawn",
            "The source no longer has the launch, which was planned for 2026-12-01.",
        ),
        ("flown", {"column_name": "success", "new_value": "1"}, "flown, success", None),
        ("flown", {"column_name": "success"}, "flown, outcome not yet known", None),
        (
            "corrected",
            {"column_name": "success", "old_value": "1", "new_value": "0"},
            "another outcome",
            "Outcome: success → failure.",
        ),
        (
            "corrected",
            {"column_name": "launchpad_id", "old_value": "x", "new_value": "y"},
            "another launch site",
            "Another launch site.",
        ),
    ],
)
def test_kinds_of_changes_of_a_launch(
    database: Database, kind: str, values: dict[str, str], title: str, item: str | None
) -> None:
    change(database, kind, **values)
    entry = only(database, "changes.atom")[1]
    assert entry.title == f"Starlink 10-5: {title}"
    assert item is None or items(entry) == [item]


def test_satellites_are_told_by_kind_and_new_ones_by_launch(database: Database) -> None:
    for number in (1, 2, 3):
        of = "2026-201" if number < 3 else None
        satellite(database, "new satellite", number, launch_designator=of, new_value="53° 550 km")
    satellite(
        database, "orbit status", 4, column_name="x", old_value="raising", new_value="operational"
    )
    satellite(database, "unlisted", 5, old_value="decaying")
    found = entries(content(database, "changes.atom"))
    at = f"changes/celestrak/{SLIP}"
    assert {key: (entry.title, items(entry)) for key, entry in found.items()} == {
        f"{at}/new-satellite/2026-201": (
            "2 new satellites of 2026-201",
            [f"STARLINK-{number} ({number}): in the shell 53° 550 km" for number in (1, 2)],
        ),
        f"{at}/new-satellite/unknown": (
            "1 new satellite of an unknown launch",
            ["STARLINK-3 (3): in the shell 53° 550 km"],
        ),
        f"{at}/orbit-status": (
            "1 satellite with another orbit status",
            ["STARLINK-4 (4): raising → operational"],
        ),
        f"{at}/unlisted": (
            "1 satellite no longer listed",
            ["STARLINK-5 (5): last known as decaying"],
        ),
    }


def test_a_long_list_is_cut_and_says_so(database: Database) -> None:
    for number in range(MOST_LISTED + 3):
        satellite(database, "unlisted", number + 1)
    listed = items(only(database, "changes.atom")[1])
    assert len(listed) == MOST_LISTED + 1
    assert listed[-1] == "and 3 more satellites, in the table v_changes"


def test_old_changes_are_no_longer_told(database: Database) -> None:
    change(database, "withdrawn", observed_utc="2026-10-02T12:00:00Z", row_key="old")
    change(database, "withdrawn", observed_utc="2026-11-02T12:00:00Z", row_key="new")
    assert only(database, "changes.atom")[0].endswith("/launch/new")


@pytest.mark.parametrize(
    ("success", "outcome", "title"),
    [
        (1, "success", "Starlink 10-5: success, 2026-11-28 07:00"),
        (0, "failure", "Starlink 10-5: failure, 2026-11-28 07:00"),
        (None, "unknown", "Starlink 10-5: outcome not yet known, 2026-11-28 07:00"),
    ],
)
def test_each_outcome_of_a_launch_is_a_fact(
    database: Database, success: int | None, outcome: str, title: str
) -> None:
    dated = {"date_utc": "2026-11-28T07:00:00Z", "date_precision": "minute"}
    common = {
        "launch_id": "a",
        "source": "launchlibrary",
        "is_upcoming": 0,
        "name": "Starlink 10-5",
    }
    insert_row(database, "launches", **common, **dated, success=success, date_source=None)
    change(database, "flown", new_value=success and str(success))
    key, entry = only(database, "launches.atom")
    assert (key, entry.title) == (f"launches/a/{outcome}", title)
    assert entry.updated == dated["date_utc"]


def lost(database: Database, **values: object) -> Entry:
    """Return the entry of a satellite that was lost in November 2026."""
    given = {
        "norad_cat_id": 44713,
        "object_name": "STARLINK-1007",
        "source": "celestrak",
        "is_decayed": 0,
        "is_listed": 0,
        "decay_date": None,
        "decay_precision": None,
        "unconfirmed_decay_date": None,
        "launch_date": "2019-11-11",
        "last_listed_utc": "2026-11-19T12:00:00Z",
        "unlisted_since_utc": "2026-11-20T12:00:00Z",
        "epoch_utc": "2026-11-19T06:00:00.000000Z",
    }
    database.execute("DELETE FROM starlink")
    insert_row(database, "starlink", **given | values)
    key, entry = only(database, "reentries.atom")
    assert key == "reentries/44713"
    return entry


def test_a_reentry_is_told_once_whoever_dates_it_later(database: Database) -> None:
    low = {"perigee_altitude_km": 200.0, "apogee_altitude_km": 210.0}
    of = {"norad_cat_id": 44713, "source": "celestrak", "epoch_utc": "2026-11-19T06:00:00.000000Z"}
    insert_row(database, "starlink_elements", **of, **low)
    presumed = lost(database)
    assert presumed.title == "STARLINK-1007: presumed to have re-entered by 2026-11-20"
    assert "205 km on 2026-11-19" in presumed.content[0].value
    dated = {"is_decayed": 1, "decay_date": "2026-11-19", "decay_date_source": "satcat"}
    confirmed = lost(database, **dated)
    assert confirmed.title == "STARLINK-1007: re-entered on 2026-11-19"
    assert confirmed.updated == presumed.updated == "2026-11-20T00:00:00Z"
    vague = lost(database, **dated | {"decay_date": "2026-11-01", "decay_precision": "month"})
    assert vague.title == "STARLINK-1007: re-entered in the month of 2026-11"


def test_a_satellite_in_orbit_is_no_reentry(database: Database) -> None:
    insert_row(database, "starlink", norad_cat_id=1, is_decayed=0, unlisted_since_utc=None)
    assert entries(content(database, "reentries.atom")) == {}
