"""The recorded catalogues and GP lists, loaded in several orders."""

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from spacex.analysis import decay, reentry_record, source_comparison, survival
from spacex.sources.launch_facts import starlink_launches
from tests.clock import Clock
from tests.replica import Replica
from tests.service_replicas import CelesTrak
from tests.sources.test_gcat import SATELLITE, tsv
from tests.stages import rows
from tests.warehouse.catalogues import (
    VANGUARD,
    Load,
    Setup,
    content_after,
    gcat_row,
    new_setup,
    ordered,
)

RECORDED_DAYS = ("2022-11-07", "2025-05-18", "2025-05-25", "2025-06-01")


def recorded_loads(folder: Path) -> tuple[list[Load], list[Load]]:
    """Return the loads of the recorded GP lists, and of the archive, SATCAT and GCAT."""

    def unzipped(name: str) -> bytes:
        return gzip.decompress((folder / name).read_bytes())

    lists: list[Load] = [
        lambda setup, day=day: setup.list_satellites(  # type: ignore[misc]
            f"{day}T20:00:00", unzipped(f"celestrak/starlink_{day}.json.gz")
        )
        for day in RECORDED_DAYS
    ]
    satcat = unzipped("satcat/starlink_2025-06-21_part_celestrak_form.csv.gz")
    auxiliary = (folder / "gcat" / "auxcat_starlink_2025-12-01.tsv").read_bytes()
    return lists, [
        lambda setup: setup.serve_archive(folder / "spacexdata"),
        lambda setup: setup.serve_satcat(satcat, is_current=False),
        lambda setup: setup.serve_gcat(
            tsv(SATELLITE | VANGUARD), auxiliary, launched="2022 Oct  5 1600"
        ),
    ]


@pytest.fixture(scope="module")
def recorded_worlds(
    recorded_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Setup, list[dict[str, list[tuple[object, ...]]]]]]:
    """Publish the recorded responses in two orders; return the second setup, and both contents."""
    lists, others = recorded_loads(recorded_dir)

    def together(setup: Setup) -> None:
        for load in others:
            load(setup)

    with Clock("2022-11-01") as clock, CelesTrak() as celestrak, Replica(Path("/none")) as files:
        contents = []
        for loads in ([together, *lists], ordered(lists, others, (2, 4, 3))):
            clock.set("2022-11-01")
            setup = new_setup(tmp_path_factory, clock, celestrak, files)
            contents.append(content_after(setup, loads))
        yield setup, contents


@pytest.mark.long
def test_recorded_lists_and_catalogues_give_the_same_tables_in_every_order(recorded_worlds):
    _, (first, second) = recorded_worlds
    for name in first:
        assert second[name] == first[name], name


@pytest.mark.long
def test_forecasts_of_recorded_lists_are_scored_as_the_docs_say(recorded_worlds):
    """Each list was loaded before SATCAT, which has the truth."""
    setup, _ = recorded_worlds
    counted = reentry_record.scored(reentry_record.reentry_forecasts(setup.database))
    found = reentry_record.record(counted[counted["made_utc"] >= "2025"])
    assert (found.since, found.until) == ("2025-05-18", "2025-06-01")
    assert (found.ended, found.ended_satellites, found.late) == (33, 15, 9)
    shares = [found.error, *found.error_95, found.covered, *found.covered_95]
    assert [round(100 * each) for each in shares] == [13, 9, 19, 90, 73, 100]


@pytest.mark.parametrize(
    ("designator", "launch_date", "catalogued", "lost"),
    [("2022-010", "2022 Feb  3", 17, 32), ("2024-129", "2024 Jul 12", 2, 18)],
)
def test_group_4_7_lost_32_satellites_before_they_were_catalogued(
    setup, recorded_dir, designator, launch_date, catalogued, lost
):
    """The recorded table has those without a number."""
    head, updated, *lines = (
        (recorded_dir / "gcat" / "auxcat_starlink_2025-12-01.tsv").read_bytes().splitlines()
    )
    never_catalogued = [line for line in lines if designator.encode() in line.split(b"\t")]
    launch = {"Launch_Tag": designator, "LDate": launch_date, "Piece": "-"}
    numbered = [gcat_row(number, **launch) for number in range(1, catalogued + 1)]
    setup.serve_gcat(tsv(*numbered), b"\n".join([head, updated, *never_catalogued]))
    setup.publish()
    sql = "SELECT launch_designator, launched, catalogued, never_catalogued FROM v_fleet_by_launch"
    launched = catalogued + lost
    assert rows(setup.database, sql) == [(designator, launched, catalogued, lost)]


@pytest.mark.long
def test_the_table_of_those_never_catalogued_alone_does_not_tell_how_many_were_launched(
    recorded_worlds,
):
    setup, _ = recorded_worlds
    sql = """SELECT launched, catalogued, never_catalogued FROM v_fleet_by_launch
             WHERE launch_designator = '2022-010'"""
    assert rows(setup.database, sql) == [(None, 17, None)]


@pytest.mark.long
def test_launches_of_2019_and_2020_are_as_satcat_counts_them(recorded_worlds, recorded_dir):
    setup, _ = recorded_worlds
    with (recorded_dir.parent / "facts" / "starlink_launches.csv").open() as file:
        expected = {
            (row["launch_tag"], int(row["catalogued_2025_06_21"]), int(row["decayed_2025_06_21"]))
            for row in csv.DictReader(file)
            if row["launch_tag"].startswith(("2019", "2020"))
        }
    sql = """SELECT launch_designator, catalogued, decayed FROM v_fleet_by_launch
             WHERE substr(launch_designator, 1, 4) IN ('2019', '2020')"""
    assert set(rows(setup.database, sql)) == expected


@pytest.mark.long
def test_decay_dates_are_those_of_satcat_to_the_day(recorded_worlds, recorded_dir):
    setup, _ = recorded_worlds
    path = recorded_dir / "satcat" / "starlink_2025-06-21_part.json.gz"
    expected = {
        (int(row["NORAD_CAT_ID"]), row["DECAY"])
        for row in json.loads(gzip.decompress(path.read_bytes()))
    }
    found = rows(
        setup.database,
        """SELECT norad_cat_id, decay_date FROM starlink
           WHERE norad_cat_id IN (SELECT norad_cat_id FROM catalogue_objects
                                  WHERE source = 'satcat')""",
    )
    assert set(found) == expected


@pytest.mark.long
def test_satellites_that_no_list_had_are_unlisted_since_the_first_list(recorded_worlds):
    setup, _ = recorded_worlds
    sql = """SELECT DISTINCT until_date FROM v_starlink
             WHERE launch_designator = '2021-006' AND catalogue_status = 'unlisted'"""
    assert rows(setup.database, sql) == [("2022-11-07",)]


@pytest.mark.long
def test_early_losses_and_old_launches_survive_as_they_should(recorded_worlds):
    """The ride-share of 2021 and v0.9 were lost between 2021 and 2022, or long before."""
    setup, _ = recorded_worlds
    shares = {}
    for launch, days in {"2021-006": 730, "2019-029": 4 * 365}.items():
        points = survival.launch_survival(setup.database, launch).until(days)
        shares[launch] = points["share"].iloc[-1]
    assert shares == pytest.approx({"2021-006": 0, "2019-029": 0})


@pytest.mark.long
def test_every_launch_with_a_launch_date_has_a_curve(recorded_worlds):
    """Every seventh, which is a few of each year."""
    setup, _ = recorded_worlds
    facts = {each.launch_designator: each.launched for each in starlink_launches()}
    sql = """SELECT launch_designator, launched, catalogued, in_orbit FROM v_fleet_by_launch
             WHERE launch_date NOT NULL AND launch_designator NOT NULL ORDER BY 1"""
    launches = rows(setup.database, sql)
    assert len(launches) == 265
    for launch, launched, catalogued, in_orbit in launches[::7]:
        curve = survival.launch_survival(setup.database, launch)
        assert curve.satellites == (launched or max(catalogued, facts[launch] or 0))
        assert curve.points["most"].iloc[-1] >= in_orbit


@pytest.mark.long
def test_share_of_unlisted_satellites_that_decayed_is_measured(recorded_worlds, recorded_dir):
    """Of the satellites in an older list and not in the newest one, SATCAT's part knows some."""
    setup, _ = recorded_worlds
    listed = {
        day: {
            record["NORAD_CAT_ID"]
            for record in json.loads(gzip.decompress(path.read_bytes()))
            if record["OBJECT_NAME"].startswith("STARLINK")
        }
        for path in sorted((recorded_dir / "celestrak").iterdir())
        for day in [path.name[9:19]]
    }
    gone = set().union(*listed.values()) - listed[RECORDED_DAYS[-1]]
    path = recorded_dir / "satcat" / "starlink_2025-06-21_part.json.gz"
    catalogue = {
        int(row["NORAD_CAT_ID"]): bool(row["DECAY"])
        for row in json.loads(gzip.decompress(path.read_bytes()))
    }
    known = (
        gone & catalogue.keys() - listed[RECORDED_DAYS[-2]]
    )  # SATCAT is of that day, by its date
    decayed = sum(catalogue[number] for number in known)
    assert decay.unlisted_that_decayed(setup.database) == (len(known), decayed)
    assert decayed / len(known) > 0.97


@pytest.mark.long
def test_growth_has_no_step_at_the_end_of_a_year(recorded_worlds):
    setup, _ = recorded_worlds
    sql = """SELECT day FROM (SELECT day, launched - lag(launched, 1, 0) OVER (ORDER BY day) AS new
                              FROM v_fleet_growth) WHERE new > 60"""
    assert [day for (day,) in rows(setup.database, sql)] == []


@pytest.mark.long
def test_every_satellite_has_a_launch_date_and_a_version(recorded_worlds):
    setup, _ = recorded_worlds
    sql = "SELECT count(*) FROM starlink WHERE launch_date IS NULL"
    assert rows(setup.database, sql) == [(0,)]
    sql = """SELECT launch_designator, count(*) FROM starlink WHERE version IS NULL
             GROUP BY 1 ORDER BY 1"""
    assert rows(setup.database, sql) == []
    sql = """SELECT launch_designator, version, count(*) FROM starlink
             WHERE launch_designator IN ('2025-063', '2025-076') GROUP BY 1, 2"""
    assert rows(setup.database, sql) == [  # of both versions, which the numbers tell apart
        ("2025-063", "V2 mini", 2),
        ("2025-063", "V2 mini optimized", 25),
        ("2025-076", "V2 mini", 2),
        ("2025-076", "V2 mini optimized", 25),
    ]


@pytest.mark.long
def test_contradictions_come_before_what_a_source_is_too_old_to_know(recorded_worlds):
    """The lists have the names of two satellites the other way round."""
    setup, _ = recorded_worlds
    found = source_comparison.satellite_contradictions(setup.database)
    assert found["is_outdated"].tolist() == [0] * 6 + [1] * 399
    of_lists = [("STARLINK-1939", "decayed"), ("STARLINK-1405", "in orbit")]
    swapped = [("STARLINK-1052", "name"), ("STARLINK-1034", "name")]
    first = [*found[["object_name", "attribute"]].head(6).itertuples(index=False, name=None)]
    assert first == [*of_lists, *(each for each in swapped for _ in range(2))]
    agreement = source_comparison.satellite_agreement(setup.database)
    assert [*agreement[["attribute", "satellites"]].itertuples(index=False, name=None)] == [
        *[("name", 2)] * 2,
        *[(attribute, 1) for _, attribute in of_lists],
        ("decayed", 399),
    ]
    assert agreement["reason"].iloc[-1] == "spacexdata is older"
    sql = """SELECT check_name, finding_count FROM _findings
             WHERE check_name LIKE '%disagree' AND run_id = (SELECT max(run_id) FROM _runs)"""
    assert rows(setup.database, sql) == [("sources disagree", 6)]
