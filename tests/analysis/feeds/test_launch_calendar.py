"""The calendar of launches, as an independent parser reads it."""

import sqlite3
from datetime import UTC, date, datetime
from typing import Any

import icalendar
import pytest

from spacex.analysis.feeds.writing import content
from tests.example_rows import insert_row

Database = sqlite3.Connection
SEEN, MOVED = "2026-11-01T12:00:00Z", "2026-11-02T12:00:00Z"
LATER = "2026-11-03T12:00:00Z"


def events(database: Database) -> list[icalendar.Event]:
    """Return the events of the calendar."""
    calendar = icalendar.Calendar.from_ical(content(database, "launches.ics"))
    assert calendar.errors == []
    found = calendar.walk("VEVENT")
    assert [each.errors for each in found] == [[]] * len(found)
    return found


def event(database: Database) -> icalendar.Event:
    """Return the only event of the calendar."""
    (found,) = events(database)
    return found


def planned(database: Database, **values: Any) -> None:
    """Put a planned launch in place of the one before."""
    for table in ("launch_sources", "launches"):
        database.execute(f"DELETE FROM {table}")  # noqa: S608
    common = {
        "launch_id": "a",
        "source": "launchlibrary",
        "is_upcoming": 1,
        "name": "Starlink 10-5",
        "date_utc": "2999-12-03T14:05:00Z",
        "date_precision": "minute",
    } | {name: each for name, each in values.items() if name in {"date_utc", "date_precision"}}
    insert_row(database, "launch_sources", **common, source_launch_id="a")
    given = {"status": "Go", "is_tbd": 0, "window_s": None, "webcast_url": None}
    insert_row(database, "launches", **common | given | values, date_source="launchlibrary")


def change(database: Database, at: str, kind: str, column: str = "", /, **values: Any) -> None:
    """Insert a change of the launch in a response."""
    (number,) = database.execute("SELECT count(*) + 1 FROM _changes").fetchone()
    of = {"source": "launchlibrary", "table_name": "launches", "row_key": "a"}
    at_ = {"observed_utc": at, "since_utc": SEEN, "change_number": number}
    values = {"old_value": None, "new_value": None} | values
    insert_row(database, "_changes", kind=kind, column_name=column, **of, **at_, **values)


@pytest.fixture(autouse=True)
def _seen(database: Database) -> None:
    of = {"run_id": "one", "endpoint": "launches", "source": "launchlibrary"}
    insert_row(database, "_snapshots", **of, retrieved_utc=SEEN, checked_utc=SEEN)


def test_a_dated_launch_is_an_event(database: Database) -> None:
    insert_row(database, "launchpads", launchpad_id="x", name="SLC-40", region="Florida")
    url = "https://example.org/live"
    planned(database, window_s=3600, launchpad_id="x", webcast_url=url)
    found = event(database)
    assert found["UID"] == "a@spacex-insights"
    assert found["SEQUENCE"] == 0
    assert found["SUMMARY"] == "Starlink 10-5"
    assert found["STATUS"] == "TENTATIVE"
    assert found.start == datetime(2999, 12, 3, 14, 5, tzinfo=UTC)
    assert "2999-12-03 14:05 UTC. Status: Go.\nLaunch window: 60 min." in found["DESCRIPTION"]
    assert found["DTSTAMP"].dt == datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert found["LOCATION"] == "SLC-40, Florida"
    assert found["URL"] == url
    assert "Source: Launch Library 2, as of 2026-11-01 12:00 UTC." in found["DESCRIPTION"]


@pytest.mark.parametrize(
    ("precision", "begin", "end"),
    [
        ("second", datetime(2999, 12, 3, 14, 5, tzinfo=UTC), None),
        ("minute", datetime(2999, 12, 3, 14, 5, tzinfo=UTC), None),
        (
            "hour",
            datetime(2999, 12, 3, 14, tzinfo=UTC),
            datetime(2999, 12, 3, 15, tzinfo=UTC),
        ),
        ("day", date(2999, 12, 3), date(2999, 12, 4)),
    ],
)
def test_an_event_is_as_long_as_its_date_is_vague(
    database: Database, precision: str, begin: date, end: date | None
) -> None:
    planned(database, date_precision=precision)
    found = event(database)
    assert found["DTSTART"].dt == begin
    assert ("DTEND" in found and found["DTEND"].dt) == (end or False)


@pytest.mark.parametrize("precision", ["week", "month", "quarter", "half", "year", None])
def test_a_launch_without_a_day_is_no_event(database: Database, precision: str | None) -> None:
    planned(database, date_precision=precision)
    assert events(database) == []


def test_what_changes_without_a_response_changes_only_the_description(database: Database) -> None:
    planned(database, status="TBC", window_s=None)
    before = event(database)
    planned(database, status="Go", window_s=600)
    after = event(database)
    for each in (before, after):
        del each["DESCRIPTION"]
    assert after == before


def test_a_slip_keeps_the_uid_and_raises_the_sequence(database: Database) -> None:
    planned(database)
    before = event(database)
    moved = {"old_value": "2999-12-03T14:05:00Z", "new_value": "2999-12-05T10:00:00Z"}
    planned(database, date_utc="2999-12-05T10:00:00Z")
    change(database, MOVED, "corrected", "date_utc", **moved)
    after = event(database)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["DTSTAMP"].dt == datetime(2026, 11, 2, 12, tzinfo=UTC)
    assert after.start == datetime(2999, 12, 5, 10, tzinfo=UTC)
    change(database, LATER, "corrected", "date_utc")
    change(database, LATER, "corrected", "name")
    assert event(database)["SEQUENCE"] == after["SEQUENCE"] + 1


def test_a_launch_that_loses_its_day_is_cancelled_and_comes_back(database: Database) -> None:
    planned(database, date_utc="2999-12-31T00:00:00Z", date_precision="month")
    dates = {"old_value": "2999-12-03T14:05:00Z", "new_value": "2999-12-31T00:00:00Z"}
    change(database, MOVED, "corrected", "date_utc", **dates)
    change(database, MOVED, "corrected", "date_precision", old_value="minute", new_value="month")
    lost = event(database)
    assert (lost["STATUS"], lost["SEQUENCE"]) == ("CANCELLED", 1)
    assert lost.start == datetime(2999, 12, 3, 14, 5, tzinfo=UTC)
    assert lost["DESCRIPTION"].startswith("Moved to Dec 2999: no day is known.")

    planned(database, date_utc="2999-12-20T00:00:00Z", date_precision="day")
    change(database, LATER, "corrected", "date_precision", old_value="month", new_value="day")
    back = event(database)
    assert back["UID"] == lost["UID"]
    assert (back["STATUS"], back["SEQUENCE"]) == ("TENTATIVE", 2)


def test_a_withdrawn_launch_is_cancelled(database: Database) -> None:
    withdrawn = {"old_value": "2999-12-03T14:05:00Z", "name": "Starlink 10-5"}
    change(database, MOVED, "withdrawn", **withdrawn)
    found = event(database)
    assert found["UID"] == "a@spacex-insights"
    assert (found["STATUS"], found["SEQUENCE"]) == ("CANCELLED", 1)
    assert found.start == date(2999, 12, 3)  # its precision is not known

    change(database, LATER, "new launch", new_value="2999-12-09T00:00:00Z")
    planned(database, date_utc="2999-12-09T00:00:00Z")
    assert (event(database)["STATUS"], event(database)["SEQUENCE"]) == ("TENTATIVE", 2)


def test_a_withdrawn_launch_that_never_had_a_day_is_no_event(database: Database) -> None:
    finer = {"old_value": "quarter", "new_value": "month"}
    change(database, SEEN, "corrected", "date_precision", **finer)
    change(database, MOVED, "withdrawn", old_value="2999-12-31T00:00:00Z")
    assert events(database) == []


def test_a_flown_launch_keeps_its_event(database: Database) -> None:
    flown = {"is_upcoming": 0, "date_utc": "2026-11-02T10:00:00Z", "success": None}
    planned(database, **flown)
    database.execute("UPDATE launch_sources SET is_upcoming = 0, success = NULL")
    change(database, MOVED, "flown")
    found = event(database)
    assert (found["STATUS"], found["SEQUENCE"]) == ("CONFIRMED", 2)
    assert found["DESCRIPTION"].startswith("Outcome not yet known.")

    planned(database, **flown | {"success": 1})
    database.execute("UPDATE launch_sources SET is_upcoming = 0, success = 1")
    after = event(database)
    assert after["UID"] == found["UID"]
    assert after["SEQUENCE"] == 3
    assert after["DESCRIPTION"].startswith("Success.")


def test_an_overdue_launch_says_so(database: Database) -> None:
    planned(database, date_utc="2026-10-01T10:00:00Z")
    found = event(database)
    assert found["DESCRIPTION"].startswith("Its date has passed")


def test_a_launch_of_the_archive_that_never_took_place_is_no_event(database: Database) -> None:
    planned(database, source="spacexdata", date_utc="2022-11-01T10:00:00Z", status=None)
    assert events(database) == []


@pytest.mark.attack("put line breaks and addresses into launches, to forge a calendar", "escaped")
def test_hostile_text_forges_no_event(database: Database) -> None:
    name = "A;B,C\\D\r\nEND:VEVENT\r\nBEGIN:VALARM " + "ü" * 100
    planned(database, name=name, webcast_url="https://a.example\r\nATTACH:x")
    found = event(database)
    assert found["SUMMARY"] == " ".join(name.split())
    assert "URL" not in found
    for line in content(database, "launches.ics").split(b"\r\n"):
        assert len(line) <= 75


def test_the_sample_is_marked_and_has_uids_of_its_own(database: Database) -> None:
    database.execute("UPDATE _runs SET is_simulated = 1")
    planned(database)
    found = event(database)
    assert found["UID"] == "sample-a@spacex-insights"
    assert found["SUMMARY"] == "Starlink 10-5 (simulated sample)"
    assert found["DESCRIPTION"].startswith("SIMULATED SAMPLE")
