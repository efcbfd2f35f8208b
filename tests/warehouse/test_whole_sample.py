"""The whole sample in a database: its figures are those of the facts, and of the README."""

import re
from collections import Counter
from pathlib import Path

import pytest

from spacex.analysis.articles.launch import UNKNOWN_LOSS, find_launch, launch
from spacex.analysis.articles.week import week
from spacex.analysis.key_figures import key_figures
from spacex.analysis.queries import query
from spacex.analysis.survival import launch_survival
from spacex.errors import DataError
from spacex.schema import TABLES
from spacex.settings import PROJECT
from spacex.sources.gcat_launches import launch_class, success
from spacex.sources.launch_facts import CREDIT, LAST_COUNTED, gcat_launches, starlink_launches
from spacex.sources.sample import NOTE, SAMPLE, SIMULATED
from tests.conftest import settings_in
from tests.stages import at, publish, rows

README = (PROJECT / "README.md").read_text()
ANSWERS = re.findall(r"^```sql\n(.*?)^```\n\n```text\n(.*?)^```", README, re.M | re.S)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = at(settings_in(tmp_path_factory.mktemp("whole")), sample_satellites=None)
    publish(settings, "sample")
    return settings.database


def test_launches_per_year_are_those_of_gcat(database):
    outcomes = {True: "success", False: "failure"}
    expected = Counter(
        (int(row["Launch_UTC"][:4]), launch_class(row), outcomes[success(row["LaunchCode"])])
        for row in gcat_launches()
    )
    sql = "SELECT year, launch_class, outcome, launches FROM v_launches_by_year"
    assert {row[:3]: row[3] for row in rows(database, sql)} == expected


def test_every_launch_has_the_satellites_of_the_facts(database):
    sql = """SELECT launch_designator, launched, catalogued, never_catalogued, decayed, unlisted,
                    in_orbit FROM v_fleet_by_launch"""
    found = {row[0]: row[1:] for row in rows(database, sql)}
    for each in starlink_launches():
        if each.launch_designator:
            counts = (each.launched, each.catalogued, None, None, None, each.in_orbit_2026_08_22)
            if each.launched is not None:
                lost = each.launched - each.catalogued
                decayed = each.catalogued - each.in_orbit_2026_08_22
                counts = (*counts[:2], lost, decayed, *counts[4:])
            assert found[each.launch_designator] == counts, each
    assert sum(launched or 0 for launched, *_ in found.values()) == 8_900
    assert sum(in_orbit for *_, in_orbit in found.values()) == 10_744


def test_nothing_is_claimed_of_launches_of_which_survivors_alone_are_known(database):
    """Group 10-23 had one satellite more than are in orbit, by its mass of 15,685 kg."""
    sql = """SELECT count(*), count(launched), count(decayed), count(unlisted)
             FROM v_fleet_by_launch WHERE launch_date > ?"""
    assert rows(database, sql, str(LAST_COUNTED)) == [(134, 0, 0, 0)]
    found = launch(database, "2025-133")
    assert "26 of its Starlink satellites are in orbit." in found.headline[-1]
    assert list(found.figures.values())[:3] == [None, 26, None]
    assert UNKNOWN_LOSS in found.limits
    with pytest.raises(DataError, match="How many satellites launch 2025-133 had is not known"):
        launch_survival(database, "2025-133")
    ends = """SELECT subject, max(substr(to_utc, 1, 10)) FROM v_coverage
              WHERE subject LIKE 'satellites %' OR subject LIKE 'decays%' GROUP BY subject"""
    assert dict(rows(database, ends)) == {
        "satellites launched": str(LAST_COUNTED),
        "satellites catalogued": str(LAST_COUNTED),
        "decays": "2025-06-08",
        "decays of some satellites": "2026-08-20",
    }
    figures = {each.name: each.value for each in key_figures(database)}
    assert figures["Decayed or unlisted"] == "at least 1,689"


@pytest.mark.parametrize(("launch", "mass"), [("2022-010", 13_260), ("2024-129", None)])
def test_no_mass_leaves_out_satellites_that_never_got_a_number(database, launch, mass):
    """GCAT's mass is that of the catalogued ones; the archive has that of the whole launch."""
    sql = "SELECT payload_mass_kg FROM v_launches WHERE launch_designator = ?"
    assert rows(database, sql, launch) == [(mass,)]


def test_survival_counts_the_satellites_that_never_got_a_number(database):
    group_4_7 = launch_survival(database, "2022-010")
    assert group_4_7.satellites == 49
    assert group_4_7.points["share"].iloc[-1] == pytest.approx(9 / 49)
    group_9_3 = launch_survival(database, "2024-129")
    assert (group_9_3.satellites, group_9_3.points["share"].iloc[-1]) == (20, 0)


@pytest.mark.parametrize(
    ("launch", "days", "share"),
    [("2019-029", 1460, 0), ("2021-006", 730, 0), ("2022-010", 10, 9 / 49), ("2024-129", 10, 0)],
)
def test_losses_are_as_early_as_the_numbers_tell(database, launch, days, share):
    """The first launch and the ride-share of 2021 were given up, the others failed."""
    survival = launch_survival(database, launch)
    assert survival.until(days)["share"].iloc[-1] == pytest.approx(share)


def test_nothing_is_rejected_and_the_simulation_and_the_credit_are_named(database):
    assert rows(database, "SELECT count(*) FROM _rejects") == [(0,)]
    assert rows(database, "SELECT note, is_simulated FROM _runs") == [(NOTE, 1)]
    assert CREDIT in SAMPLE.licence
    for name in ("GCAT by Jonathan McDowell (CC BY 4.0)", "Space-Track.org", "simulated"):
        assert name in NOTE


def test_simulated_columns_are_filled_and_have_no_number_of_a_real_object(database):
    for table, columns in SIMULATED.items():
        assert set(columns) <= set(TABLES[table].column_names)
        filled = ", ".join(f"count({name})" for name in columns)
        ((*counts,),) = rows(database, f"SELECT {filled} FROM {table}")  # noqa: S608
        empty = {name for name, count in zip(columns, counts, strict=True) if not count}
        assert empty <= {"creation_utc"}, table
    assert rows(database, "SELECT min(norad_cat_id) > 199999 FROM starlink") == [(1,)]


def test_shells_are_those_of_the_licences(database):
    sql = "SELECT shell FROM starlink_shells ORDER BY shell"
    assert [shell for (shell,) in rows(database, sql)] == [
        "43.00° 530 km",
        "53.00° 525 km",
        "53.00° 550 km",
        "53.20° 540 km",
        "70.00° 570 km",
        "97.60° 560 km",
    ]


def test_the_answers_of_the_readme_are_right(database):
    assert len(ANSWERS) == 4
    found = [query(database, sql).to_string(index=False) for sql, _ in ANSWERS]
    assert found == [text.rstrip("\n") for _, text in ANSWERS]


def test_the_summary_of_the_readme_is_right(database):
    summary = " ".join(README.split())
    figures = {each.name: str(each).replace("\xa0", " ") for each in key_figures(database)}
    assert len(figures) == 6
    assert [name for name, text in figures.items() if f"{name} {text}" not in summary] == []


def test_a_launch_is_found_by_a_short_designator_and_the_beginning_of_its_name(database):
    assert find_launch(database, "2022-10") == find_launch(database, "Starlink 4-7 (v1.5)")
    with pytest.raises(DataError, match=r"did you mean Starlink 4-7 \(v1\.5\)\?"):
        find_launch(database, "starlink 4-7")


def test_a_week_counts_launches_that_are_known_by_their_satellites_alone(database):
    _, flown, *_ = week(database, "2026-07-06", "2026-07-12").headline
    assert flown.endswith("2 launches are known by their satellites alone.")
