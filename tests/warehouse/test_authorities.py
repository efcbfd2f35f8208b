"""The merge of catalogues into satellites: precedence, sources, and the order of loading."""

import json
from pathlib import Path

import pytest

from spacex.analysis import decay, source_comparison, survival
from spacex.analysis.articles.fleet import fleet
from spacex.analysis.articles.launch import launch as launch_report
from spacex.analysis.articles.week import week
from spacex.analysis.key_figures import key_figures
from spacex.warehouse.authorities import merge_catalogues
from spacex.warehouse.fleet import save_previous_fleet
from spacex.warehouse.views import apply_views
from tests.example_records import omm, omm_json
from tests.example_rows import empty_database, insert_row
from tests.replica import Status
from tests.sources.test_gcat import SATELLITE, tsv
from tests.sources.test_satcat import satcat_csv
from tests.stages import at, publish, rows
from tests.warehouse.catalogues import (
    VANGUARD,
    Load,
    Setup,
    content_after,
    gcat_row,
    gp,
    ordered,
    satcat_row,
)


def test_each_attribute_has_the_value_and_the_name_of_its_authority(setup):
    setup.list_satellites("2026-11-01", gp(1, 2, 3))
    setup.serve_satcat(satcat_csv(satcat_row(1, "2026-10-30"), satcat_row(2), satcat_row(3)))
    setup.serve_gcat(
        tsv(
            gcat_row(1, DDate="2026 Oct 29?", Status="R", LDate="2024 Jul 11"),
            gcat_row(2, DDate="2026 Oct 28?", Status="R", Bus="Starlink V2MD"),
        ),
        tsv(SATELLITE | VANGUARD),
    )
    setup.publish()
    dates = "catalogue_status, decay_date, decay_precision, decay_is_uncertain, decay_date_source"
    assert setup.satellite(1, dates) == ("decayed", "2026-10-30", "day", None, "satcat")
    assert setup.satellite(2, dates) == ("decayed", "2026-10-28", "day", 1, "gcat")
    assert setup.satellite(3, dates) == ("in orbit", None, None, None, None)
    launch = "launch_date, launch_date_source, fate, bus, mass_kg, group_name"
    assert setup.satellite(1, launch) == (
        *("2024-07-12", "satcat", "re-entered", "Starlink V2M", 730.0, "Starlink Group 9-3"),
    )
    version = "version, version_source, is_direct_to_cell"
    assert setup.satellite(1, version) == ("V2 mini", "gcat", 0)
    assert setup.satellite(2, version) == ("V2 mini direct to cell", "gcat", 1)
    assert setup.satellite(3, version) == ("V2 mini", "launch", 0)


def test_satellites_that_only_a_catalogue_knows_are_added(setup):
    setup.list_satellites("2026-11-01", gp(1))
    setup.serve_satcat(satcat_csv(satcat_row(1), satcat_row(2, "2025-01-01"), satcat_row(3)))
    setup.publish()
    assert setup.satellite(2, "catalogue_status, until_date, epoch_utc") == (
        *("decayed", "2025-01-01", None),
    )
    # The GP list after its launch lacks it, and no catalogue says that it decayed.
    assert setup.satellite(3, "catalogue_status, until_date") == ("unlisted", "2026-11-01")


def test_a_satellite_launched_after_the_newest_list_is_not_unlisted(setup):
    setup.list_satellites("2026-11-01", gp(1))
    setup.serve_satcat(satcat_csv(satcat_row(1), satcat_row(2, launch="2026-11-05")))
    setup.clock.set("2026-11-06")
    setup.celestrak.publish(gp(1))
    setup.used.remove("celestrak")
    setup.publish()
    setup.used.append("celestrak")
    assert setup.satellite(2, "catalogue_status, until_date") == ("in orbit", None)


@pytest.mark.parametrize(
    ("launch_date", "status"), [("2026-10-02", "unlisted"), ("2026-10-03", "in orbit")]
)
def test_a_satellite_that_no_list_has_yet_is_not_unlisted_for_a_month(setup, launch_date, status):
    """The list is of 2026-11-01; a newer catalogue has the launch already."""
    setup.list_satellites("2026-11-01", gp(1))
    setup.publish()
    setup.clock.set("2026-11-09")
    setup.serve_satcat(satcat_csv(satcat_row(1), satcat_row(2, launch=launch_date)))
    setup.publish()
    assert setup.satellite(2, "catalogue_status") == (status,)
    sql = "SELECT finding_count FROM _findings WHERE check_name = 'unlisted'"
    assert rows(setup.database, sql) == [(1,)] * (status == "unlisted")


def test_satellites_without_a_number_are_launched_and_never_catalogued(setup):
    setup.list_satellites("2026-11-01", gp(1))
    lost = {"JCAT": "A00001", "Satcat": "NNA", "DDate": "2024 Jul 12 2300?", "Status": "R"}
    starshield = {"Name": "USA 350", "PLName": "Starshield 1"}
    setup.serve_gcat(tsv(gcat_row(1), gcat_row(4, **starshield)), tsv(gcat_row(9, **lost)))
    setup.publish()
    sql = """SELECT launch_designator, launched, catalogued, never_catalogued, decayed, unlisted,
                    in_orbit FROM v_fleet_by_launch"""
    # Decays are known up to the newest one, long before the list.
    assert rows(setup.database, sql) == [("2024-129", 2, 1, 1, None, 0, 1)]


def test_direct_to_cell_survives_a_later_list_without_the_tag(setup):
    setup.list_satellites("2026-11-01", gp(1, OBJECT_NAME="STARLINK-11072 [DTC]"))
    setup.publish()
    setup.list_satellites("2026-11-02", gp(1, OBJECT_NAME="STARLINK-11072"))
    setup.publish()
    version = "object_name, version, version_source, is_direct_to_cell"
    assert setup.satellite(1, version) == (
        *("STARLINK-11072", "V2 mini direct to cell", "name", 1),
    )


def test_the_tag_in_a_name_counts_before_its_number(setup):
    setup.list_satellites("2026-11-01", gp(1, OBJECT_NAME="STARLINK-30036 [DTC]"))
    setup.publish()
    assert setup.satellite(1, "version, version_source") == ("V2 mini direct to cell", "name")


@pytest.mark.parametrize(("largest", "since"), [(99_998, None), (99_999, "2026-11-02T00:00:00Z")])
def test_a_list_speaks_of_the_numbers_that_it_can_hold(largest, since):
    with empty_database() as connection:
        absent = {"epoch_utc": "2026-10-01T00:00:00.000000Z", "is_decayed": 0}
        insert_row(connection, "starlink", norad_cat_id=99_999, is_listed=0, **absent)
        insert_row(connection, "starlink", last_listed_utc="2026-11-02T00:00:00Z", is_listed=1)
        held = {"observed_utc": "2026-11-02T00:00:00Z", "max_norad_cat_id": largest}
        insert_row(connection, "_observations", source="celestrak", **held)
        save_previous_fleet(connection)
        merge_catalogues(connection)
        sql = "SELECT unlisted_since_utc FROM starlink WHERE norad_cat_id = 99999"
        assert connection.execute(sql).fetchone() == (since,)


@pytest.mark.parametrize(
    ("number", "version", "is_direct_to_cell"),
    [
        (10_999, None, 0),
        (11_000, "V2 mini direct to cell", 1),
        (11_999, "V2 mini direct to cell", 1),
        (12_000, None, 0),
        (29_999, None, 0),
        (30_000, "V2 mini", 0),
        (33_249, "V2 mini", 0),
        (33_250, "V2 mini optimized", 0),
        (36_999, "V2 mini optimized", 0),
        (37_000, None, 0),
    ],
)
def test_the_number_in_a_name_tells_the_version(number, version, is_direct_to_cell):
    with empty_database() as connection:
        names = {"object_name": f"STARLINK-{number}", "is_decayed": 0, "is_direct_to_cell": 0}
        insert_row(connection, "starlink", launch_designator=None, **names)
        save_previous_fleet(connection)
        merge_catalogues(connection)
        sql = "SELECT version, is_direct_to_cell FROM starlink"
        assert connection.execute(sql).fetchall() == [(version, is_direct_to_cell)]


VAGUE_BUS = {"source": "gcat", "version": "Starlink", "bus": "Starlink"}


@pytest.mark.parametrize(
    ("said", "satellite", "version"),
    [
        ([{"source": "spacexdata", "version": "v1.0"}], {}, ("v1.0", "spacexdata")),
        ([], {"launch_designator": "2019-074"}, ("v1.0", "launch")),
        ([], {}, ("Starlink", "gcat")),
        ([], {"object_name": "STARLINK-30001"}, ("Starlink", "gcat")),  # another generation
        ([{"source": "spacexdata", "version": None}], {}, ("Starlink", "gcat")),
    ],
)
def test_a_precise_version_counts_before_a_bus_that_tells_only_the_generation(
    said, satellite, version
):
    with empty_database() as connection:
        row = {"launch_designator": None, "is_decayed": 0, "is_direct_to_cell": 0}
        insert_row(connection, "starlink", **row | {"object_name": "STARLINK-1"} | satellite)
        for each in (VAGUE_BUS, *said):
            found = {"norad_cat_id": 1, "is_starlink": 1, "launch_designator": None, "bus": None}
            insert_row(connection, "catalogue_objects", **found | each)
        save_previous_fleet(connection)
        merge_catalogues(connection)
        apply_views(connection)
        sql = "SELECT version, version_source FROM starlink"
        assert connection.execute(sql).fetchall() == [version]
        sql = "SELECT count(*) FROM v_satellite_contradictions WHERE attribute = 'version'"
        assert connection.execute(sql).fetchone() == (0,)


@pytest.mark.parametrize(
    ("satellite", "version"),
    [
        ({"first_listed_utc": "2026-05-30T05:07:00Z"}, "V2 mini optimized"),
        ({"first_listed_utc": "2026-07-12T00:00:00Z"}, None),  # after the facts
        ({"first_listed_utc": "2025-12-31T00:00:00Z", "launch_designator": "2025-301"}, None),
        ({"launch_date": "2026-05-07", "first_listed_utc": None}, "V2 mini optimized"),
        ({"launch_date": "2026-05-10", "first_listed_utc": None}, None),  # of no known launch
    ],
)
def test_the_version_of_all_launches_that_can_be_its_own_is_that_of_a_satellite(satellite, version):
    """No source has the dates of launches 2026-094, 2026-101 and 2026-110, or their versions."""
    with empty_database() as connection:
        row = {"launch_designator": "2026-094", "is_decayed": 0, "is_direct_to_cell": 0}
        row |= {"launch_date": None, "version": None, "object_name": "STARLINK-37219"}
        if "launch_date" in satellite:
            date = {"norad_cat_id": 1, "is_starlink": 1, "launch_date": satellite["launch_date"]}
            date |= {"launch_designator": "2026-094", "version": None, "source": "satcat"}
            date["launch_precision"] = "day"
            insert_row(connection, "catalogue_objects", **date)
        insert_row(connection, "starlink", **row | satellite)
        other = {"norad_cat_id": 2, "launch_designator": None}
        insert_row(connection, "starlink", **row | other)
        save_previous_fleet(connection)
        for _ in range(2):  # a replay loads one run after another
            merge_catalogues(connection)
            sql = "SELECT version, version_source FROM starlink"
            expected = [(version, version and "launch"), (None, None)]
            assert connection.execute(sql).fetchall() == expected


@pytest.mark.parametrize(
    ("vague", "expected"),
    [
        ({"decay_date": "2021-03-01", "decay_precision": "month"}, ("2021-03-05", "spacexdata")),
        (
            {"decay_date": "2021-03-09", "decay_precision": "day", "decay_is_uncertain": 1},
            ("2021-03-05", "spacexdata"),
        ),
        ({"decay_date": "2021-04-01", "decay_precision": "month"}, ("2021-04-01", "gcat")),
        ({"decay_date": "2021-03-06", "decay_precision": "day"}, ("2021-03-06", "gcat")),
    ],
)
def test_an_exact_decay_date_counts_before_a_vague_one_that_it_agrees_with(vague, expected):
    no_date = dict.fromkeys(("decay_date", "unconfirmed_decay_date"))
    said = {"norad_cat_id": 1, "is_starlink": 1, "is_decayed": 1, "decay_is_uncertain": 0}
    archive = {"source": "spacexdata", "decay_date": "2021-03-05", "decay_precision": None}
    catalogue = {"source": "gcat", "observed_utc": "2025-12-01T00:00:00Z"}
    with empty_database() as connection:
        insert_row(connection, "starlink", norad_cat_id=1, is_decayed=0, **no_date)
        for each in (archive, catalogue | vague):
            insert_row(connection, "catalogue_objects", **said | each)
        save_previous_fleet(connection)
        merge_catalogues(connection)
        sql = "SELECT decay_date, decay_date_source FROM starlink"
        assert connection.execute(sql).fetchall() == [expected]


def test_a_corrected_catalogue_is_followed(setup):
    setup.list_satellites("2026-11-01", gp(1))
    setup.serve_satcat(satcat_csv(satcat_row(1, "2026-10-30")))
    setup.publish()
    setup.list_satellites("2026-11-03", gp(1))
    setup.serve_satcat(satcat_csv(satcat_row(1)))
    setup.publish()
    assert setup.satellite(1, "catalogue_status, decay_date, decay_date_source") == (
        *("in orbit", None, None),
    )


def test_a_satellite_that_is_listed_for_the_first_time_is_new_though_catalogued(setup):
    setup.list_satellites("2026-11-01", gp(1))
    setup.serve_satcat(satcat_csv(satcat_row(1), satcat_row(2)))
    setup.publish()
    setup.list_satellites("2026-11-03", gp(1, 2))
    setup.publish()
    sql = "SELECT kind, row_key FROM v_changes WHERE kind IN ('new satellite', 'returned')"
    assert rows(setup.database, sql) == [("new satellite", "2")]


@pytest.mark.parametrize(
    ("launched", "words", "in_orbit", "date"),
    [
        ("2026-10-19", "with decays to 30 October 2026", 2, "2026-10-30"),
        (
            "2026-10-31",
            "with decays to 30 October 2026 and launches to 31 October 2026",
            2,
            "2026-10-31",
        ),
    ],
)
def test_the_date_of_the_fleet_is_that_of_the_newest_change_that_it_counts(
    setup, launched, words, in_orbit, date
):
    """The coverage ends at the second newest decay: no single record extends it."""
    setup.list_satellites("2026-10-20", gp(1, 2, 3, 4, EPOCH="2026-10-20T00:00:00"))
    setup.publish()
    setup.clock.set("2026-11-01")
    decays = {1: "2026-10-25", 2: "2026-10-28", 3: "2026-10-30"}
    known = [satcat_row(n, decays.get(n, "")) for n in range(1, 5)]
    new = satcat_row(5, launch=launched).replace("2024-129", "2026-200")
    setup.serve_satcat(satcat_csv(*known, new))
    setup.publish()
    figure = {each.name: each for each in key_figures(setup.database)}["Satellites in orbit"]
    assert str(figure) == (
        f"at least {in_orbit} (of 5 known, on 20 October 2026 by the orbits, {words})"
    )
    (line,) = (each for each in figure.coverage if "decays" in each)
    assert line.endswith("to 2026-10-28 (to the second newest decay)")
    growth = "SELECT day, at_least FROM v_fleet_growth ORDER BY day DESC LIMIT 1"
    assert rows(setup.database, growth) == [(date, in_orbit)]
    found = fleet(setup.database)
    assert (found.on, len(found.satellites), found.is_covered) == (date, in_orbit, True)
    assert found.statuses["orbit_status"].isin(["decayed", "unlisted"]).sum() == 0
    assert "No list or catalogue covers" not in " ".join(found.limits)
    assert "The orbits are those of the GP list of 20\xa0October\xa02026." in found.limits
    assert launch_report(setup.database, "2024-129").known_until == date


def test_a_part_of_a_catalogue_does_not_date_the_fleet(setup):
    setup.list_satellites("2026-05-01", gp(*range(1, 11), EPOCH="2026-05-01T00:00:00"))
    setup.publish()
    setup.clock.set("2026-11-01")
    setup.serve_satcat(satcat_csv(satcat_row(1, "2026-10-25"), satcat_row(2, "2026-10-28")))
    setup.publish()
    growth = "SELECT in_orbit, at_least FROM v_fleet_growth ORDER BY day DESC LIMIT 1"
    assert rows(setup.database, growth) == [(None, None)]
    found = fleet(setup.database)
    assert (found.on, found.covered_until, len(found.satellites)) == ("2026-10-28", "2026-05-01", 8)
    assert launch_report(setup.database, "2024-129").known_until == "2026-05-01"


def test_a_run_without_catalogues_uses_nothing_of_them(setup):
    setup.list_satellites("2026-11-01", gp(1))
    setup.publish()
    setup.list_satellites("2026-11-03", gp(1, EPOCH="2026-11-01T00:00:00.5"))
    setup.serve_satcat(satcat_csv(satcat_row(1, "2026-10-30"), satcat_row(2)))
    setup.publish()
    everything = "norad_cat_id, decay_date, launch_date_source"
    sql = f"SELECT {everything} FROM starlink ORDER BY 1"  # noqa: S608
    assert rows(setup.database, sql) == [(1, "2026-10-30", "satcat"), (2, None, "satcat")]
    config = at(setup.settings, sources="celestrak,satcat")
    publish(config, "snapshot", "then", accept_shrink=True, as_of="2026-11-02")
    assert rows(setup.database, sql) == [(1, None, "launch facts")]


def test_the_archive_can_be_left_out_again(setup, sample_dir):
    """Its launches go with their failures and payloads, though no other source has any."""
    setup.serve_archive(sample_dir)
    setup.serve_gcat(tsv(gcat_row(1)), tsv(SATELLITE | VANGUARD))
    setup.publish()
    of_archive = "SELECT DISTINCT source FROM launches"
    assert ("spacexdata",) in rows(setup.database, of_archive)
    assert rows(setup.database, "SELECT * FROM launch_failures")
    setup.used.remove("spacexdata")
    setup.publish()
    assert rows(setup.database, of_archive) == [("gcat",)]
    for child in ("launch_failures", "launch_payloads"):
        assert rows(setup.database, f"SELECT * FROM {child}") == []  # noqa: S608


@pytest.mark.parametrize(("late_days", "is_decayed"), [(10, True), (11, False)])
def test_a_catalogue_denies_the_decay_of_an_archive_only_if_it_is_newer(late_days, is_decayed):
    said = {"norad_cat_id": 1, "is_starlink": 1, "decay_date": None, "is_decayed": 0}
    no_date = dict.fromkeys(("decay_date", "unconfirmed_decay_date"))
    with empty_database() as connection:
        insert_row(connection, "starlink", norad_cat_id=1, is_decayed=0, **no_date)
        decay = {"decay_date": "2020-01-01", "is_decayed": 1}
        insert_row(connection, "catalogue_objects", **said | decay | {"source": "spacexdata"})
        observed = {"source": "satcat", "observed_utc": f"2020-01-{1 + late_days:02}T00:00:00Z"}
        insert_row(connection, "catalogue_objects", **said | observed)
        save_previous_fleet(connection)
        merge_catalogues(connection)
        sql = "SELECT is_decayed, decay_date, decay_date_source FROM starlink"
        expected = (1, "2020-01-01", "spacexdata") if is_decayed else (0, None, None)
        assert connection.execute(sql).fetchall() == [expected]


def test_a_missing_file_of_a_catalogue_does_not_stop_the_run(setup):
    setup.list_satellites("2026-11-01", gp(1))
    setup.serve_gcat(tsv(gcat_row(1)), tsv(SATELLITE | VANGUARD))
    setup.files.script("gcat/tsv/launch/launch.tsv", Status(404))
    setup.publish()
    assert setup.satellite(1, "bus") == ("Starlink V2M",)
    setup.publish()  # paused, and never stored
    setup.files.script("gcat/tsv/launch/launch.tsv")
    setup.clock.advance(days=1)
    setup.celestrak.publish(gp(1))
    setup.publish()
    assert len(rows(setup.database, "SELECT * FROM launches WHERE source = 'gcat'")) == 1


@pytest.mark.parametrize(
    ("mean_motion", "is_presumed"),
    [(15.9, 1), (15.2, 0)],  # 304 km and 503 km, listed until seven days before
)
def test_an_unlisted_satellite_is_presumed_decayed_only_if_it_was_low(
    setup, mean_motion, is_presumed
):
    setup.list_satellites("2026-11-01", gp(1, 2, MEAN_MOTION=mean_motion))
    setup.publish()
    setup.list_satellites("2026-11-07", gp(1))
    setup.publish()
    status = "catalogue_status, is_presumed_decayed, until_date"
    assert setup.satellite(2, status) == ("unlisted", is_presumed, "2026-11-07")
    assert setup.satellite(1, status) == ("in orbit", 0, None)
    assert decay.unlisted_text(setup.database) == ""  # no catalogue says anything
    setup.clock.set("2026-11-08")
    setup.serve_satcat(satcat_csv(satcat_row(1), satcat_row(2, "2026-11-05")))
    setup.publish()
    assert setup.satellite(2, status) == ("decayed", 0, "2026-11-05")
    assert decay.unlisted_that_decayed(setup.database) == (1, 1)
    text = decay.unlisted_text(setup.database).replace("\N{NO-BREAK SPACE}", " ")
    assert text == (
        "Unlisted is not decayed: of 1 satellite no longer listed, and of which a newer "
        "catalogue is loaded, 100.0 % had decayed by it (95 % interval 20.7 to 100.0 %)."
    )


@pytest.mark.parametrize("source", ["satcat", "gcat"])
def test_a_catalogue_does_not_know_the_fleet_at_the_time_of_the_request(setup, source):
    """A mirror lags by months: its satellites may have decayed since."""
    setup.list_satellites("2026-11-01", gp(1, 2, MEAN_MOTION=15.9))
    setup.publish()
    setup.list_satellites("2026-11-07", gp(1))
    setup.publish()
    setup.clock.set("2026-11-29")
    if source == "satcat":
        body = satcat_csv(satcat_row(1), satcat_row(2), satcat_row(3, "2026-11-02"))
        setup.serve_satcat(body, is_current=False)
    else:
        setup.serve_gcat(tsv(gcat_row(1), gcat_row(2)), tsv(gcat_row(9)), updated="2026 Nov  2")
    setup.publish()
    status = "catalogue_status, is_presumed_decayed, in_orbit_by_catalogue_utc"
    assert setup.satellite(2, status) == ("unlisted", 1, None)
    assert rows(setup.database, CONTRADICTION) == []
    assert decay.unlisted_text(setup.database) == ""


@pytest.mark.parametrize(("catalogue", "is_late"), [("2026-11-17", True), ("2026-11-18", False)])
def test_a_satellite_that_a_later_catalogue_has_in_orbit_is_not_presumed_decayed(
    setup, catalogue, is_late
):
    """It is 10 days after the first list without it: catalogues are complete some days late."""
    setup.list_satellites("2026-11-01", gp(1, 2, MEAN_MOTION=15.9))
    setup.publish()
    setup.list_satellites("2026-11-07", gp(1))
    setup.publish()
    setup.clock.set(f"{catalogue}T00:01")
    setup.serve_satcat(satcat_csv(satcat_row(1), satcat_row(2)))
    setup.publish()
    status = setup.satellite(2, "catalogue_status, is_presumed_decayed")
    assert status == ("unlisted", int(is_late))
    reason = f"no GP list since 2026-11-07 has it, satcat does on {catalogue}"
    row = ("in orbit", "celestrak", "0", "satcat", "1", None, reason)
    assert rows(setup.database, CONTRADICTION) == [row] * (not is_late)
    found = survival.launch_survival(setup.database, "2024-129")
    assert found.points.iloc[-1]["most"] == 2 - is_late
    figure = {each.name: each for each in key_figures(setup.database)}["Decayed or unlisted"]
    assert ("has 1 of them in orbit" in figure.uncertainty) is not is_late


def test_a_satellite_that_is_listed_again_is_named_in_the_week_in_which_it_left(setup):
    for date, numbers in (
        *(("2026-09-01", (1, 2, 3)), ("2026-09-06", (1, 2, 3)), ("2026-09-11", (1, 2))),
        *(("2026-09-16", (1, 2)), ("2026-09-21", (1, 2, 3))),
    ):
        setup.list_satellites(date, gp(*numbers))
        setup.publish()
    unlisted = "SELECT newly_unlisted FROM v_observations WHERE observed_utc LIKE '2026-09-11%'"
    assert rows(setup.database, unlisted) == [(1,)]
    found = week(setup.database, "2026-09-09")
    assert found.figures["catalogued satellites unlisted"] == 0
    words = "1 satellite left the GP lists on these days and was listed again later, and does not"
    assert any(each.startswith(words) for each in found.limits)
    assert week(setup.database, "2026-09-12").listed_again == 0


@pytest.mark.parametrize(("newest", "is_high"), [("2026-11-07", False), ("2026-12-02", True)])
def test_what_is_presumed_by_the_time_alone_is_said(setup, newest, is_high):
    """After a month, a satellite can have come down from any height."""
    setup.list_satellites("2026-11-01", gp(1, 2, MEAN_MOTION=15.05 if is_high else 15.9))
    setup.publish()
    setup.list_satellites(newest, gp(1))
    setup.publish()
    assert setup.satellite(2, "is_presumed_decayed") == (1,)
    figure = {each.name: each for each in key_figures(setup.database)}["Decayed or unlisted"]
    assert "All unlisted ones had the time to come down" in figure.uncertainty
    words = "Of those presumed decayed, 1 was last known above 350 km: the lists are far apart"
    assert (words in figure.uncertainty) is is_high


def test_survival_counts_satellites_that_were_never_catalogued(setup):
    setup.list_satellites("2026-11-01", gp(1))
    lost = {"JCAT": "A00001", "Satcat": "NNA", "DDate": "2024 Jul 12 2300?", "Status": "R"}
    setup.serve_gcat(tsv(gcat_row(1), gcat_row(2)), tsv(gcat_row(9, **lost)))
    setup.publish()
    found = survival.launch_survival(setup.database, "2024-129")
    assert found.satellites == 3  # one listed, one that only GCAT knows, one without a number
    assert found.points.iloc[-1][["fewest", "most"]].tolist() == [1, 2]
    days = found.points.loc[found.points["most"] == 2, "age_days"]
    assert 0 < days.iloc[0] <= 2  # GCAT has the day on which the last one re-entered


def test_contradictions_are_listed_with_their_reasons_and_the_source_that_stands(setup):
    before_decays = json.loads(gp(1, 2, 3, 4, 5, 8).replace(b"2026-10-31", b"2026-08-31"))
    before_decays[-1]["OBJECT_ID"] = "2024-129X"
    setup.list_satellites("2026-11-01", omm_json(*before_decays, *json.loads(gp(7, 9))))
    decays = {1: "2026-10-20", 2: "2026-10-30", 3: "2026-10-20", 4: "2026-10-20", 7: "2026-10-20"}
    setup.serve_satcat(satcat_csv(*(satcat_row(n, decays.get(n, "")) for n in range(1, 9))))
    setup.serve_gcat(
        tsv(
            gcat_row(1, DDate="2026 Oct", Status="R"),  # agrees to its precision
            gcat_row(2),
            gcat_row(3, DDate="2026 Oct 21", Status="R"),
            gcat_row(4, DDate="2026 Oct 25?", Status="R", LDate="2024 Jul  1"),
            gcat_row(5, DDate="2026 Sep  1", Status="R"),
            gcat_row(6, Name="USA 350"),
            gcat_row(7, DDate="2026 Oct 23", Status="R"),  # its elements are later
            gcat_row(8, Piece="2024-129Y"),
        ),
        tsv(SATELLITE | VANGUARD),
    )
    setup.publish()
    found = source_comparison.satellite_contradictions(setup.database)
    columns = ["norad_cat_id", "attribute", "value", "other_value", "used", "stands", "reason"]
    day_apart, estimated = "a day apart: the hour of the event decides", "estimate the re-entry"
    uncertain, starlink = "marks its date as uncertain", "calls it a Starlink, the other one not"
    differ, follow = "the records differ", "elements of 2026-11-01 follow the decay of 2026-10-20"
    expected = [
        [3, "decay date", "2026-10-21", "2026-10-20", "2026-10-20", "satcat", day_apart],
        [4, "decay date", "2026-10-25", "2026-10-20", "2026-10-20", "satcat", uncertain],
        [7, "decay date", "2026-10-23", "2026-10-20", "", "", estimated],
        [5, "decayed", "1", "0", "1", "gcat", "satcat does not know the decay"],
        [7, "decayed", "0", "1", "0", "celestrak", follow],
        [8, "designator", "2024-129X", "2024-129Y", "2024-129X", "celestrak", differ],
        [8, "designator", "2024-129X", "2024-129H", "2024-129X", "celestrak", differ],
        [8, "designator", "2024-129Y", "2024-129H", "2024-129X", "another source", differ],
        [6, "is a Starlink", "0", "1", "1", "satcat", starlink],
        [4, "launch date", "2024-07-01", "2024-07-12", "2024-07-12", "satcat", differ],
        [2, "decayed", "0", "1", "1", "satcat", "gcat is some days late"],
    ]
    for row, (*values, reason) in zip(found[columns].fillna("").to_numpy(), expected, strict=True):
        assert row[:-1].tolist() == values
        assert reason in row[-1]
    sql = """SELECT check_name, finding_count FROM _findings
             WHERE check_name IN ('sources disagree', 'decay not known yet') ORDER BY 1"""
    differ_by_age = [("decay not known yet", 1), ("sources disagree", len(expected) - 1)]
    assert rows(setup.database, sql) == differ_by_age


def test_an_archive_is_as_old_as_its_newest_epoch_or_decay():
    """Its response may be years later: the r/SpaceX API still serves the elements of 2021."""
    decays = {1: "2021-10-02", 2: "2021-10-03", 3: "2021-10-08", 4: "2021-10-18", 5: "2024-01-01"}
    with empty_database() as connection:
        for source, observed in {"spacexdata": "2022-11-07", "satcat": "2025-06-21"}.items():
            for number, date in (decays | {6: "2021-10-13"}).items():
                is_known = source == "satcat" or number == 6
                insert_row(
                    connection,
                    "catalogue_objects",
                    source=source,
                    catalogue_id=f"{number}",
                    norad_cat_id=number,
                    observed_utc=f"{observed}T20:00:00Z",
                    is_decayed=int(is_known),
                    decay_date=date if is_known else None,
                )
        for epoch in (None, "2021-10-17T14:00:01.000224Z"):
            insert_row(connection, "starlink", norad_cat_id=1 if epoch else 2, epoch_utc=epoch)
        connection.execute("UPDATE starlink SET source = 'spacexdata'")
        apply_views(connection)
        sql = "SELECT norad_cat_id, reason, is_outdated FROM v_satellite_contradictions ORDER BY 1"
        expected = {
            1: ("spacexdata does not know the decay", 0),
            2: ("spacexdata does not know the decay", 0),
            3: ("spacexdata is some days late", 1),
            4: ("spacexdata is older", 1),
            5: ("spacexdata is older", 1),
        }
        assert {n: (reason, age) for n, reason, age in connection.execute(sql)} == expected
        connection.execute("DELETE FROM starlink")  # GP lists have all its satellites
        found = {n: (reason, age) for n, reason, age in connection.execute(sql)}
        assert found == expected | {2: ("spacexdata is some days late", 1)}


CONTRADICTION = """SELECT attribute, source, value, other_source, other_value, used, reason
                   FROM v_satellite_contradictions"""
DECAY = "catalogue_status, decay_date"


def test_other_numbers_in_the_names_of_a_satellite_are_a_contradiction(setup):
    """The spelling and what follows the number do not count."""
    setup.serve_satcat(
        satcat_csv(
            satcat_row(1, name="STARLINK-1034"),
            satcat_row(2, name="STARLINK-1130 (DARKSAT)"),
            satcat_row(3, name="Starlink 3"),
            satcat_row(4, name="STARLINK-TBA"),
        )
    )
    records = {1: "STARLINK-1052", 2: "STARLINK-1130", 3: "STARLINK-3 [DTC]", 4: "STARLINK-4"}
    names = [
        omm(number, OBJECT_NAME=name, OBJECT_ID=f"2024-129{chr(64 + number)}")
        for number, name in records.items()
    ]
    setup.list_satellites("2026-11-25", omm_json(*names))
    setup.publish()
    expected = ("celestrak", "STARLINK-1052", "satcat", "STARLINK-1034", "STARLINK-1052")
    assert rows(setup.database, CONTRADICTION) == [("name", *expected, "the records differ")]


def unconfirmed(setup: Setup, number: int) -> tuple[object, ...]:
    """Return the unconfirmed decay date of a satellite, and the source of its decay date."""
    sql = "SELECT unconfirmed_decay_date, decay_date_source FROM starlink WHERE norad_cat_id = ?"
    (found,) = rows(setup.database, sql, number)
    return found


@pytest.mark.parametrize(
    ("epoch", "is_later"), [("2026-11-05T23:59:59", False), ("2026-11-06T00:00:00", True)]
)
def test_a_satellite_with_elements_of_after_its_decay_is_in_orbit_while_listed(
    setup, epoch, is_later
):
    """An epoch may be three days ahead of what was observed."""
    setup.serve_satcat(satcat_csv(satcat_row(1), satcat_row(2, "2026-11-02")))
    records = [
        omm(number, EPOCH=epoch, OBJECT_ID=f"2024-129{chr(64 + number)}") for number in (1, 2)
    ]
    setup.list_satellites("2026-11-08", omm_json(*records))
    setup.publish()
    if not is_later:
        assert setup.satellite(2, DECAY) == ("decayed", "2026-11-02")
        assert rows(setup.database, CONTRADICTION) == []
        return
    assert setup.satellite(2, DECAY) == ("in orbit", None)
    assert unconfirmed(setup, 2) == ("2026-11-02", "satcat")
    reason = "elements of 2026-11-06 follow the decay of 2026-11-02"
    said = ("decayed", "celestrak", "0", "satcat", "1")
    assert rows(setup.database, CONTRADICTION) == [(*said, "0", reason)]
    setup.list_satellites("2026-11-09", omm_json(records[0] | {"EPOCH": "2026-11-09T00:00:00"}))
    setup.publish()
    assert setup.satellite(2, DECAY) == ("decayed", "2026-11-02")
    assert unconfirmed(setup, 2) == (None, "satcat")
    found = [(*said, "1", f"{reason}, but it is no longer listed")]
    assert rows(setup.database, CONTRADICTION) == found


@pytest.mark.parametrize("ddate", ["2026 Q4", "2026", "2026 Nov  5?", "-"])
def test_a_list_newer_than_the_catalogue_counts_more_than_a_decay_without_a_day(setup, ddate):
    setup.list_satellites("2026-11-08", gp(1, 2))
    setup.serve_gcat(tsv(gcat_row(1, DDate=ddate, Status="R")), tsv(SATELLITE | VANGUARD))
    setup.publish()
    assert setup.satellite(1, "catalogue_status") == ("decayed",)
    setup.list_satellites("2026-11-20", gp(1, 2).replace(b"2026-10-31", b"2026-11-19"))
    setup.publish()
    assert setup.satellite(1, DECAY) == ("in orbit", None)
    (found,) = rows(setup.database, CONTRADICTION)
    assert found[:6] == ("decayed", "celestrak", "0", "gcat", "1", "0")
    setup.list_satellites("2026-11-21", gp(2).replace(b"2026-10-31", b"2026-11-19"))
    setup.publish()
    status = "catalogue_status, last_known_date >= '2026-11-19', until_date >= '2026-11-20'"
    assert setup.satellite(1, status) == ("decayed", 1, 1)


@pytest.mark.parametrize(
    ("ddate", "is_later"),
    [
        *(("2026 Nov", False), ("2026 Oct", True), ("2026", False)),
        *(("2026 Q4", False), ("2026 Q3", True), ("2026 Sep?", True), ("2026 Oct?", False)),
    ],
)
def test_a_coarse_decay_date_is_contradicted_by_elements_of_after_its_period(
    setup, ddate, is_later
):
    setup.list_satellites("2026-11-08", gp(1, 2).replace(b"2026-10-31", b"2026-11-07"))
    setup.serve_gcat(tsv(gcat_row(1, DDate=ddate, Status="R")), tsv(SATELLITE | VANGUARD))
    setup.publish()
    assert (setup.satellite(1, "catalogue_status") == ("in orbit",)) is is_later


def test_a_list_withdraws_the_decay_that_an_earlier_list_gave(setup):
    setup.list_satellites("2026-11-03", gp(1, 2))
    setup.publish()
    setup.list_satellites(
        "2026-11-04", omm_json(*json.loads(gp(1)), *json.loads(gp(2, DECAY_DATE="2026-11-01")))
    )
    setup.publish()
    assert setup.satellite(2, DECAY) == ("decayed", "2026-11-01")
    for day in ("2026-11-10", "2026-11-12"):
        setup.list_satellites(day, gp(1, 2).replace(b"2026-10-31", b"2026-11-09"))
        setup.publish()
        assert setup.satellite(2, DECAY) == ("in orbit", None)
        assert unconfirmed(setup, 2) == ("2026-11-01", "celestrak")
        assert [row[:6] for row in rows(setup.database, CONTRADICTION)] == [
            ("decayed", "celestrak", "0", "celestrak", "1", "0")
        ]


def test_a_predicted_decay_is_kept_and_counts_only_when_it_is_a_fact(setup):
    predicted = omm_json(*json.loads(gp(1)), *json.loads(gp(2, DECAY_DATE="2026-11-05")))
    setup.list_satellites("2026-11-03", predicted)
    setup.publish()
    assert setup.satellite(2, f"{DECAY}, orbit_status <> 'decayed'") == ("in orbit", None, 1)
    assert unconfirmed(setup, 2) == ("2026-11-05", "celestrak")
    setup.list_satellites("2026-11-10", gp(1))
    setup.publish()
    assert setup.satellite(2, DECAY) == ("unlisted", None)
    assert unconfirmed(setup, 2) == ("2026-11-05", "celestrak")
    setup.list_satellites("2026-11-20", gp(1, 2).replace(b"2026-10-31", b"2026-11-19"))
    setup.publish()
    assert setup.satellite(2, DECAY) == ("in orbit", None)
    assert unconfirmed(setup, 2) == (None, None)
    assert rows(setup.database, CONTRADICTION) == []


def test_one_row_of_a_catalogue_does_not_decide_the_date_of_a_launch(setup):
    """It is listed as a contradiction. One under the designator of another launch has no say."""
    setup.list_satellites("2026-11-03", gp(1, 2, 3, 4, 5))
    dates = {4: "2024-07-15", 5: "2024-07-14"}
    lines = [satcat_row(n, launch=dates.get(n, "2024-07-12")) for n in range(1, 6)]
    lines[4] = lines[4].replace("2024-129", "2024-130")
    setup.serve_satcat(satcat_csv(*lines))
    setup.publish()
    sql = "SELECT launch_designator, launch_date FROM v_fleet_by_launch"
    assert rows(setup.database, sql) == [("2024-129", "2024-07-12")]
    assert setup.satellite(4, "launch_date, launch_date_source") == ("2024-07-12", "satcat")
    assert setup.satellite(5, "launch_date")[0] != "2024-07-14"
    found = {(row[0], row[2], row[4], row[5]) for row in rows(setup.database, CONTRADICTION)}
    assert found == {
        ("designator", "2024-129E", "2024-130E", "2024-129E"),
        ("launch date", "2024-07-15", "2024-07-12", "2024-07-12"),
    }


def test_a_launch_date_without_a_day_is_none(setup):
    setup.list_satellites("2026-11-03", gp(1, 2))
    catalogued = (gcat_row(1, LDate="2024 Jul"), gcat_row(2, LDate="2024"))
    setup.serve_gcat(tsv(*catalogued), tsv(SATELLITE | VANGUARD))
    setup.publish()
    for number in (1, 2):
        found = setup.satellite(number, "launch_date, launch_date_source")
        assert found == ("2024-07-12", "launch facts")


def test_a_decay_date_of_a_catalogue_in_the_future_is_reported_and_does_not_count(setup):
    setup.list_satellites("2026-11-03", gp(1, 2))
    setup.serve_satcat(satcat_csv(satcat_row(1, "2026-11-04"), satcat_row(2, "2026-11-03")))
    setup.publish()
    assert setup.satellite(1, f"{DECAY}, until_date") == ("in orbit", None, None)
    assert unconfirmed(setup, 1) == ("2026-11-04", "satcat")
    assert setup.satellite(2, DECAY) == ("decayed", "2026-11-03")
    sql = "SELECT finding_count, examples FROM _findings WHERE check_name = 'decay in the future'"
    assert rows(setup.database, sql) == [(1, "STARLINK-1")]


def test_a_name_replaces_a_placeholder_and_a_placeholder_no_name(setup):
    unnamed = omm_json(*json.loads(gp(1)), *json.loads(gp(2, OBJECT_NAME="TBA - TO BE ASSIGNED")))
    names = []
    for day, body in enumerate([unnamed, gp(1, 2), unnamed, gp(1)], start=1):
        setup.list_satellites(f"2026-11-0{day}", body)
        setup.publish()
        names += setup.satellite(2, "object_name")
    assert names == ["NORAD 2", "STARLINK-2", "STARLINK-2", "STARLINK-2"]


def test_a_name_of_a_catalogue_replaces_a_placeholder(setup):
    unnamed = omm_json(*json.loads(gp(1)), *json.loads(gp(2, OBJECT_NAME=None)))
    setup.list_satellites("2026-11-01", unnamed)
    setup.serve_satcat(satcat_csv(satcat_row(1, name="STARLINK-X"), satcat_row(2)))
    setup.publish()
    assert setup.satellite(1, "object_name") == ("STARLINK-1",)
    assert setup.satellite(2, "object_name") == ("STARLINK-2",)


SMALL_LISTS = {"2026-11-03": (1, 2, 3), "2026-11-06": (1, 3), "2026-11-09": (1, 3, 4)}


def small_loads(archive: Path) -> tuple[list[Load], list[Load]]:
    """Return the loads of the lists, oldest first, and those of the other sources."""
    catalogue = satcat_csv(satcat_row(1), satcat_row(2, "2026-11-01"), satcat_row(5, "2025-01-01"))
    numbered = tsv(gcat_row(1, Bus="Starlink V2MD"), gcat_row(3, DDate="2026 Oct 31", Status="R"))
    lost = tsv(gcat_row(9, JCAT="A00001", DDate="2024 Jul 12", Status="R"))
    lists: list[Load] = [
        lambda setup, date=date, numbers=numbers: setup.list_satellites(date, gp(*numbers))  # type: ignore[misc]
        for date, numbers in SMALL_LISTS.items()
    ]
    return lists, [
        lambda setup: setup.serve_archive(archive),
        lambda setup: setup.serve_satcat(catalogue, is_current=False),
        lambda setup: setup.serve_gcat(numbered, lost),
    ]


ORDERS = [(0, 0, 0), (3, 1, 2), (2, 0, 3)]
"""Number of lists loaded before the archive, SATCAT and GCAT."""


def test_the_order_of_loading_makes_no_difference(make_setup, sample_dir):
    lists, others = small_loads(sample_dir)
    first, *rest = [content_after(make_setup(), ordered(lists, others, each)) for each in ORDERS]
    assert {name for name, found in first.items() if found} >= {"starlink", "catalogue_objects"}
    for order, found in zip(ORDERS[1:], rest, strict=True):
        for name in first:
            assert found[name] == first[name], (order, name)


@pytest.mark.parametrize(
    ("altitude_km", "days", "is_presumed"),
    [(250, 0, 1), (250.5, 0, 0), (320, 7, 1), (320.5, 7, 0), (None, 7, 0)],
)
def test_the_altitude_of_a_presumed_decay_at_its_limit(altitude_km, days, is_presumed):
    epoch = "2025-05-01T00:00:00.000000Z"
    with empty_database() as connection:
        listing = {"unlisted_since_utc": f"2025-05-{1 + days:02}T00:00:00Z", "is_decayed": 0}
        insert_row(connection, "starlink", norad_cat_id=1, epoch_utc=epoch, **listing)
        if altitude_km:
            orbit = {
                "perigee_altitude_km": altitude_km - 10,
                "apogee_altitude_km": altitude_km + 10,
            }
            orbit |= {"semi_major_axis_km": 6378.137 + altitude_km}
            insert_row(connection, "starlink_elements", norad_cat_id=1, epoch_utc=epoch, **orbit)
        apply_views(connection)
        sql = "SELECT catalogue_status, is_presumed_decayed FROM v_starlink"
        assert connection.execute(sql).fetchall() == [("unlisted", is_presumed)]
