"""Services that send an older list or catalogue than the one in use."""

from pathlib import Path

import pytest

from spacex.analysis.verdict import verdict
from spacex.pipeline.import_files import import_files
from spacex.pipeline.upgrade import rebuild
from spacex.settings import Settings
from tests.clock import Clock
from tests.example_records import launch
from tests.service_replicas import LaunchLibrary
from tests.sources.test_gcat import tsv
from tests.sources.test_satcat import satcat_csv
from tests.stages import at, publish, rows, state, value
from tests.warehouse.catalogues import Setup, gcat_row, gp, satcat_row

FLEET = """SELECT norad_cat_id, is_listed, substr(first_listed_utc, 1, 10),
                  substr(last_listed_utc, 1, 10), substr(unlisted_since_utc, 1, 10)
           FROM starlink ORDER BY 1"""
LISTS = "SELECT substr(observed_utc, 1, 10), satellite_count FROM _observations ORDER BY 1"
FOUND = "SELECT severity, message FROM _findings WHERE check_name = 'older GP list'"
_DAYS = {
    "2026-11-01": (1, 2, 3),
    "2026-11-08": (1, 2, 4, 6),
    "2026-11-15": (1, 4, 5),
}


def body(day: str) -> bytes:
    return gp(*_DAYS[day], EPOCH=f"{day}T06:00:00")


def send(setup: Setup, date: str, day: str) -> None:
    """Publish a run of a date, on which the service sends the list of a day."""
    setup.list_satellites(date, body(day))
    setup.publish()


def in_use(setup: Setup) -> dict[str, object]:
    """Return the content but for the history of the elements."""
    return {
        name: rows(setup.database, f"SELECT * FROM {name} ORDER BY 1")  # noqa: S608
        for name in ("starlink", "starlink_shells", "_observations", "v_changes", "v_coverage")
    }


@pytest.mark.parametrize("date", ["2026-11-15T18:00:00", "2026-11-17", "2026-11-29"])
def test_a_known_older_list_changes_nothing(setup: Setup, date: str) -> None:
    for day in _DAYS:
        send(setup, day, day)
    before = in_use(setup)
    send(setup, date, "2026-11-08")
    assert in_use(setup) == before
    message = (
        "CelesTrak sent a GP list of 8 November 2026, which is older than the one in use, of "
        "15 November 2026: the fleet stays that of 15 November 2026"
    )
    assert rows(setup.database, FOUND) == [("warning", message)]
    assert f"{message}." in verdict(setup.settings)
    send(setup, "2026-11-30", "2026-11-15")
    listed = "SELECT norad_cat_id FROM starlink WHERE is_listed"
    assert rows(setup.database, listed) == [(1,), (4,), (5,)]


def test_a_new_older_list_is_an_observation_of_its_date(setup: Setup, tmp_path: Path) -> None:
    for day in ("2026-11-01", "2026-11-15"):
        send(setup, day, day)
    send(setup, "2026-11-29", "2026-11-08")
    assert rows(setup.database, LISTS) == [(day, len(ids)) for day, ids in _DAYS.items()]
    assert rows(setup.database, FLEET) == [
        (1, 1, "2026-11-01", "2026-11-15", None),
        (2, 0, "2026-11-01", "2026-11-08", "2026-11-15"),
        (3, 0, "2026-11-01", "2026-11-01", "2026-11-08"),
        (4, 1, "2026-11-08", "2026-11-15", None),
        (5, 1, "2026-11-15", "2026-11-15", None),
        (6, 0, "2026-11-08", "2026-11-08", "2026-11-15"),
    ]
    expected = state(setup.database)
    rebuild(setup.settings)
    assert state(setup.database) == expected
    send(setup, "2026-11-30", "2026-11-08")
    assert state(setup.database) == expected
    (tmp_path / "starlink_2026-11-08.json").write_bytes(body("2026-11-08"))
    (file,) = import_files(at(setup.settings, sources="celestrak"), tmp_path)
    assert not file.problem
    assert rows(setup.database, LISTS) == [(day, len(ids)) for day, ids in _DAYS.items()]
    assert value(setup.database, "SELECT count(*) FROM _changes WHERE kind = 'unlisted'") == 3


def test_a_list_that_only_lacks_its_newest_satellite_is_not_older(setup: Setup) -> None:
    newest = gp(3, EPOCH="2026-11-01T07:00:00")
    for date, numbers in (("2026-11-01", (1, 2)), ("2026-11-02", (1, 2))):
        listed = gp(*numbers, EPOCH="2026-11-01T06:00:00")
        setup.list_satellites(
            date, listed[:-1] + b"," + newest[1:] if date < "2026-11-02" else listed
        )
        setup.publish()
    assert value(setup.database, "SELECT is_listed FROM starlink WHERE norad_cat_id = 3") == 0
    assert rows(setup.database, FOUND) == []


@pytest.mark.parametrize(("time", "is_older"), [("06:00:00", False), ("05:59:59", True)])
def test_a_list_is_older_only_if_its_orbits_are_of_an_earlier_date(
    setup: Setup, time: str, *, is_older: bool
) -> None:
    """Two of its satellites date it; the third has an older element set in either case."""
    setup.list_satellites("2026-11-01", gp(1, 2, 3, EPOCH="2026-11-01T06:00:00"))
    setup.publish()
    dating, third = gp(1, 2, EPOCH=f"2026-11-01T{time}"), gp(3, EPOCH="2026-11-01T05:00:00")
    setup.list_satellites("2026-11-02", dating[:-1] + b"," + third[1:])
    setup.publish()
    assert bool(rows(setup.database, FOUND)) is is_older


def test_a_manual_file_is_no_older_list(setup: Setup, tmp_path: Path) -> None:
    """It is used as a person provided it, on the date in its name."""
    send(setup, "2026-11-15", "2026-11-15")
    setup.clock.set("2026-11-18")
    older = gp(1, 4, 5, EPOCH="2026-11-14T20:00:00")
    (tmp_path / "starlink_2026-11-16.json").write_bytes(older)
    (file,) = import_files(at(setup.settings, sources="celestrak"), tmp_path)
    assert not file.problem
    assert rows(setup.database, FOUND) == []
    assert rows(setup.database, LISTS) == [("2026-11-15", 3), ("2026-11-16", 3)]


SATCATS = {
    "old": satcat_csv(satcat_row(1), satcat_row(2), satcat_row(3, "2026-11-01")),
    "new": satcat_csv(satcat_row(1), satcat_row(2, "2026-11-07"), satcat_row(3, "2026-11-01")),
}
GCATS = {
    "old": (tsv(gcat_row(1), gcat_row(2)), "2026 Nov 02 0109:52"),
    "new": (tsv(gcat_row(1), gcat_row(2, DDate="2026 Nov 7", Status="R")), "2026 Nov 08 0109:52"),
}


def serve(setup: Setup, source: str, which: str) -> None:
    if source == "satcat":
        setup.serve_satcat(SATCATS[which], is_current=False)
    else:
        body, updated = GCATS[which]
        setup.serve_gcat(body, tsv(gcat_row(9, JCAT="A00009")), updated=updated)


@pytest.mark.parametrize("source", ["satcat", "gcat"])
def test_an_older_catalogue_replaces_nothing(setup: Setup, source: str) -> None:
    tables = ("catalogue_objects", "starlink", "v_starlink", "v_coverage")

    def known() -> list[list[tuple[object, ...]]]:
        return [rows(setup.database, f"SELECT * FROM {name} ORDER BY 1, 2") for name in tables]  # noqa: S608

    setup.list_satellites("2026-11-09", gp(1, 3))
    serve(setup, source, "new")
    setup.publish()
    before = known()
    setup.clock.set("2026-11-20")
    serve(setup, source, "old")
    setup.publish()
    assert known() == before
    title = {"satcat": "SATCAT of CelesTrak", "gcat": "GCAT by Jonathan McDowell"}[source]
    sent, used = (
        ("1 November", "7 November") if source == "satcat" else ("2 November", "8 November")
    )
    message = (
        f"{title} sent a catalogue of {sent} 2026, which is older than the one in use, of {used} "
        "2026, and is not used"
    )
    sql = "SELECT severity, message FROM _findings WHERE check_name = 'older catalogue'"
    assert rows(setup.database, sql) == [("warning", message)]
    assert f"{message}." in verdict(setup.settings)
    expected = state(setup.database)
    rebuild(setup.settings)
    assert state(setup.database) == expected


@pytest.mark.parametrize("source", ["satcat", "gcat"])
def test_a_newer_catalogue_is_used(setup: Setup, source: str) -> None:
    for date, which in (("2026-11-09", "old"), ("2026-11-20", "new")):
        setup.list_satellites(date, gp(1, 3))
        serve(setup, source, which)
        setup.publish()
    assert setup.satellite(2, "catalogue_status") == ("decayed",)


def test_an_older_list_of_launches_is_told(
    three_services: Settings, launchlibrary: LaunchLibrary, clock: Clock
) -> None:
    config = at(three_services, sources="launchlibrary")
    old = [launch("one", "2026-10-01T00:00:00Z")]
    new = [*old, launch("two", "2026-10-20T00:00:00Z")]
    sql = "SELECT severity, message, examples FROM _findings WHERE check_name LIKE 'older list%'"
    for day, sent in (("2026-11-01", old), ("2026-12-05", new), ("2026-12-06", new)):
        clock.set(day)
        launchlibrary.launches = sent
        publish(config, "auto", day)
        assert rows(config.database, sql) == []
    clock.set("2027-01-10")  # all launches are requested again
    launchlibrary.launches = old
    publish(config, "auto", "again")
    message = (
        "Launch Library 2 sent a list of launches to 1 October 2026, which is older than the one "
        "before, to 20 October 2026: 1 flown launch is missing from it"
    )
    ((severity, said, examples),) = rows(config.database, sql)
    assert (severity, said, examples) == ("warning", message, new[1]["name"])
    assert f"{message}." in verdict(config)
