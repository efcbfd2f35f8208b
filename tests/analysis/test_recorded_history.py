"""Replay of recorded CelesTrak days and Launch Library launches, from replicas that enforce limits.

Expected counts were taken from the recordings by hand; changes are compared with Python sets.
"""

import gzip
import json
import math
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spacex.analysis import (
    cadence,
    decay,
    history,
    occupancy,
    queries,
    raising,
    renewal,
    source_comparison,
    source_coverage,
    survival,
)
from spacex.analysis.articles.booster import booster
from spacex.analysis.articles.fleet import fleet
from spacex.analysis.articles.launch import launch as launch_report
from spacex.analysis.articles.satellite import satellite
from spacex.analysis.articles.week import week
from spacex.analysis.key_figures import key_figures
from spacex.errors import DataError
from spacex.orbits.element_sets import ElementSets
from spacex.settings import Settings
from spacex.sources.launch_facts import starlink_launches
from spacex.units import EARTH_MU_KM3_S2, EARTH_RADIUS_KM, SECONDS_PER_DAY
from spacex.warehouse.connection import integrity, reading
from tests import stages
from tests.clock import Clock
from tests.replica import Replica, Status
from tests.service_replicas import CelesTrak, LaunchLibrary
from tests.stages import rows, value

pytestmark = pytest.mark.long

DAYS = {
    "2022-11-07": (3300, 3275),
    "2025-05-18": (7434, 7434),
    "2025-05-25": (7483, 7483),
    "2025-06-01": (7522, 7522),
}
"""Day → records, and Starlink satellites among them."""
LAUNCHES = "2026-08-22T20:48:17"

Satellites = dict[int, dict[str, Any]]
Replay = tuple[Settings, CelesTrak, LaunchLibrary]


@pytest.fixture(scope="module")
def recorded(recorded_dir: Path) -> dict[str, Satellites]:
    """Map each day to its Starlink records by catalogue number."""
    return {day: _starlink(recorded_dir, day) for day in DAYS}


def _body(recorded_dir: Path, day: str) -> bytes:
    return gzip.decompress((recorded_dir / "celestrak" / f"starlink_{day}.json.gz").read_bytes())


def _starlink(recorded_dir: Path, day: str) -> Satellites:
    records = json.loads(_body(recorded_dir, day))
    return {r["NORAD_CAT_ID"]: r for r in records if r["OBJECT_NAME"].startswith("STARLINK")}


@pytest.fixture(scope="module")
def replay(recorded_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Replay:
    """Publish the archive and each day, then Launch Library; return settings and replicas.

    Each day's run is repeated at once and must not request CelesTrak again.
    """
    with (
        Clock("2022-11-07T20:00:00") as clock,
        Replica(recorded_dir / "spacexdata") as archive,
        CelesTrak() as celestrak,
        LaunchLibrary() as launchlibrary,
    ):
        settings = Settings(
            _env_file=None,
            data_dir=tmp_path_factory.mktemp("history") / "data",
            base_url=archive.url,
            celestrak_url=celestrak.gp_url,
            launchlibrary_url=launchlibrary.url,
            sources="spacexdata,celestrak",
        )
        for day in DAYS:
            clock.set(f"{day}T20:00:00")
            celestrak.publish(_body(recorded_dir, day))
            stages.publish(settings, "auto", day)
            stages.publish(settings, "auto", f"{day}-again")
        path = recorded_dir / "launchlibrary" / "launches_2026-08-22.json.gz"
        launchlibrary.launches = json.loads(gzip.decompress(path.read_bytes()))["launches"]
        clock.set(LAUNCHES)
        celestrak.script("", Status(503))
        all_three = stages.at(settings, sources="spacexdata,celestrak,launchlibrary")
        stages.publish(all_three, "auto", "launches")
    return all_three, celestrak, launchlibrary


@pytest.fixture(scope="module")
def database(replay: Replay) -> Path:
    return replay[0].database


def test_requests_respect_the_rate_limits(replay):
    _, celestrak, launchlibrary = replay
    assert celestrak.violations == launchlibrary.violations == []
    assert len(celestrak.requests) == len(DAYS) + 1
    endpoints = [request.endpoint.split("?")[0] for request in launchlibrary.requests]
    assert endpoints == ["launches/previous/", "launches/upcoming/"]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("table", ["starlink", "starlink_elements"])
def test_row_counts_of_each_day(database, day, table):
    rows_in, starlink = DAYS[day]
    found = rows(
        database,
        """SELECT rows_in, rows_rejected, rows_duplicate, rows_out_of_scope,
                  rows_loaded + rows_superseded
           FROM _counts WHERE run_id = ? AND source = 'celestrak' AND table_name = ?""",
        day,
        table,
    )
    assert found == [(rows_in, 0, 0, rows_in - starlink, starlink)]


def test_history_has_four_gp_lists_and_all_element_sets(database, recorded):
    lists = history.gp_lists(database)
    assert lists["satellite_count"].tolist() == [starlink for _, starlink in DAYS.values()]
    assert lists["observed_utc"].tolist() == [f"{day}T20:00:00Z" for day in DAYS]
    distinct = {(n, r["EPOCH"]) for day in recorded.values() for n, r in day.items()}
    sets = history.elements(database)
    assert (sets["source"] == "celestrak").sum() == len(distinct)
    # of the list of 2022, those with a newer set
    assert value(database, "SELECT sum(row_count) FROM history_files") == 2_603


def test_history_with_long_gaps_has_a_caveat(database):
    caveat = history.history_caveat(history.gp_lists(database))
    expected = "4 GP lists are loaded, of 2022-11-07 to 2025-06-01, up to 923 d apart."
    assert caveat.startswith(expected)


@pytest.mark.parametrize("day", DAYS)
def test_fleet_on_a_date_matches_its_gp_list(database, recorded, day):
    fleet = history.fleet_on(database, day).set_index("norad_cat_id")
    assert sorted(fleet.index) == sorted(recorded[day])
    for name, field in {"raan_deg": "RA_OF_ASC_NODE", "bstar": "BSTAR"}.items():
        expected = [recorded[day][number][field] for number in fleet.index]
        assert fleet[name].tolist() == expected


def test_fleet_on_a_date_excludes_later_data(database, recorded):
    fleet = history.fleet_on(database, "2025-05-24")
    assert fleet.attrs["observed_utc"] == "2025-05-18T20:00:00Z"
    assert len(fleet) == 7434
    assert set(fleet["observed_utc"]) == {"2025-05-18T20:00:00Z"}
    assert sorted(fleet["norad_cat_id"]) == sorted(recorded["2025-05-18"])


def test_fleet_long_after_a_gp_list_raises(database):
    assert len(history.fleet_on(database, "2022-11-16")) == 3275
    with pytest.raises(DataError, match="the newest GP list before it, of 2022-11-07") as error:
        history.fleet_on(database, "2023-06-01")
    assert error.value.remedy.startswith("Choose 2022-11-07, or run")


def test_fleet_before_the_first_gp_list_raises(database):
    with pytest.raises(DataError, match="there is no GP list from before"):
        history.fleet_on(database, "2022-11-06")


def test_losses_between_far_lists_are_spans(database):
    """The archive ends in October 2021; the lists of 2022 and 2025 are 923 days apart."""
    sql = "SELECT sum(unsure_date), sum(until_date NOT NULL AND NOT unsure_date) FROM v_starlink"
    assert rows(database, sql) == [(778, 118 + 17)]
    growth = "SELECT day, in_orbit, at_least FROM v_fleet_growth WHERE day IN (?, ?, ?)"
    assert rows(database, growth, "2022-11-07", "2022-11-08", "2025-05-18") == [
        ("2022-11-07", 3275, 3275),
        ("2022-11-08", None, 2603),
        ("2025-05-18", 7489, 7489),
    ]


PAIRS = list(zip(list(DAYS)[:-1], list(DAYS)[1:], strict=True))


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_listing_changes_match_set_differences(database, recorded, before, after):
    archive = {
        n for (n,) in rows(database, "SELECT norad_cat_id FROM starlink WHERE starlink_id NOT NULL")
    }
    listed = set().union(*(recorded[day] for day in DAYS if day <= before))
    added = set(recorded[after]) - set(recorded[before])
    sql = "SELECT kind, row_key FROM _changes WHERE substr(observed_utc, 1, 10) = ?"
    found = defaultdict(set)
    for kind, key in rows(database, sql, after):
        found[kind].add(int(key) if key.isdecimal() else key)
    assert found["new satellite"] == added - listed - archive
    assert found["returned"] == added & listed
    assert found["unlisted"] == set(recorded[before]) - set(recorded[after])


def test_first_gp_list_makes_no_changes_to_the_archive(database):
    """A change of source is not a change of the fleet."""
    assert rows(database, "SELECT * FROM _changes WHERE observed_utc < '2022-12-01'") == []


def test_run_without_a_new_gp_list_makes_no_changes(database):
    runs = rows(database, "SELECT DISTINCT run_id FROM _changes ORDER BY 1")
    assert runs == [("2025-05-18",), ("2025-05-25",), ("2025-06-01",)]


def test_failed_service_keeps_its_fleet_and_age(database):
    note = value(database, "SELECT note FROM _runs WHERE run_id = 'launches'")
    assert "Requests to CelesTrak (orbits) are paused until 2026-08-22T22:48:1" in note
    assert "returned 503" in note
    assert "Stored snapshots are used instead, checked 2025-06-01T20:00:00Z." in note
    assert value(database, "SELECT count(*) FROM starlink WHERE is_listed") == 7522
    ages = queries.view(database, "v_sources").set_index("source")["checked_utc"]
    assert ages["celestrak"] == "2025-06-01T20:00:00Z"
    assert ages["launchlibrary"] == "2026-08-22T20:48:17Z"
    assert ages["spacexdata"] == "2026-08-22T20:48:17Z"


def test_satellites_have_one_row_each(database, recorded):
    newest = recorded["2025-06-01"]
    by_source = rows(database, "SELECT source, count(*) FROM starlink WHERE is_listed GROUP BY 1")
    assert by_source == [("celestrak", len(newest))]
    assert value(database, "SELECT count(*) FROM starlink WHERE starlink_id NOT NULL") == 1791
    decayed = {n for (n,) in rows(database, "SELECT norad_cat_id FROM starlink WHERE is_decayed")}
    assert len(decayed) == 118
    assert not decayed & set(newest)
    known = [n for (n,) in rows(database, "SELECT norad_cat_id FROM starlink")]
    assert len(known) == len(set(known))
    assert set().union(*recorded.values()) <= set(known)


def test_archive_adds_attributes_to_listed_satellites(database):
    (row,) = rows(
        database,
        """SELECT source, version, launch_date, launch_designator, height_km,
                  launch_id IS NOT NULL FROM starlink WHERE norad_cat_id = 44714""",
    )
    assert row == ("celestrak", "v1.0", "2019-11-11", "2019-074", None, 1)


def test_launch_library_launches_are_added_to_the_archive(database):
    sources = rows(database, "SELECT source, count(*) FROM launches GROUP BY 1 ORDER BY 1")
    assert sources == [("launchlibrary", 51), ("spacexdata", 205)]
    pads = rows(
        database,
        """SELECT launchpad, count(*) FROM v_launches WHERE source = 'launchlibrary'
           GROUP BY 1 ORDER BY 2 DESC""",
    )
    assert pads == [
        ("VAFB SLC 4E", 25),
        ("Unknown Pad", 16),
        ("CCSFS SLC 40", 6),
        ("KSC LC 39A", 3),
        ("STLS", 1),
    ]
    assert rows(
        database,
        """SELECT launch, serial, flight, is_reused, landing_success, landpad, turnaround_days
           FROM v_landings WHERE source = 'launchlibrary'""",
    ) == [("Falcon 9 Block 5 | Starlink Group 15-20", "B1100", 9, 1, 1, "OCISLY", 27.0)]


def test_archive_outcomes_are_unchanged(database):
    outcomes = rows(
        database,
        """SELECT outcome, count(*) FROM v_launches WHERE source = 'spacexdata'
           GROUP BY 1 ORDER BY 1""",
    )
    assert outcomes == [("failure", 5), ("overdue", 18), ("success", 181), ("unknown", 1)]


def test_sources_agree_where_they_overlap(database):
    counts = source_comparison.launch_counts(database)
    launches = counts.groupby("source")["launches"].sum().to_dict()
    assert launches == {"launchlibrary": 1, "spacexdata": 187}
    assert source_comparison.unmatched_launches(database).empty  # they share no day
    assert source_comparison.contradictions(database).empty


def test_launches_seen_in_orbit_but_not_recorded_are_counted(database):
    """194 launches of 2023 to 2025 have satellites in the GP lists, and no source lists them."""
    seen = source_coverage.unrecorded_launches(database).set_index("year")["launches"]
    assert seen.to_dict() == {2022: 5, 2023: 62, 2024: 89, 2025: 43}
    launches, *_ = key_figures(database)
    assert "199 seen in orbit only, of 2022–2025" in launches.note
    ended = ("2006-01-01T00:00:00Z", "2022-10-05T00:00:00Z")  # 2022-125; Starlink 4-34 slipped
    assert source_coverage.covered(database, "launches")[0] == ended
    assert not set(cadence.by_year(database)["year"]) & {2023, 2024, 2025}
    (finding,) = rows(
        database,
        """SELECT severity, finding_count FROM _findings
           WHERE check_name = 'launches not recorded' ORDER BY finding_count DESC LIMIT 1""",
    )
    assert finding == ("warning", seen.sum())


def test_first_shell_has_its_filed_planes(database):
    found = occupancy.by_shell(database, "2022-11-07").iloc[0]
    assert found["shell"] == "53.05° 547 km"
    assert found["planes"] == found["occupied_planes"] == 72
    assert found["concentration"] == pytest.approx(0.996, abs=5e-4)


def test_launch_climbs_to_its_filed_shell(database):
    """2022-136, launched on 2022-10-20, to 540 km (FCC SAT-MOD-20200417-00037, shell 2)."""
    profile = raising.profile(database, "2022-136")
    assert profile["satellite_count"].tolist() == [54, 51, 51, 51]
    assert profile["median_altitude_km"].iloc[0] == pytest.approx(350, abs=1)
    assert profile["median_altitude_km"].iloc[-1] == pytest.approx(540, abs=1)


def test_weekly_gp_lists_give_no_climb_rates(database):
    found = raising.climbs(database).set_index("launch_designator")
    first = found.loc["2022-136"]
    assert (first["gp_lists"], first["climbing_lists"]) == (4, 1)
    assert first["first_seen_utc"] == "2022-11-07T20:00:00Z"
    assert first["first_altitude_km"] == pytest.approx(350, abs=1)
    assert first["highest_altitude_km"] == pytest.approx(540, abs=1)
    assert found["climb_rate_km_per_day"].isna().all()
    assert found["longest_gap_days"].max() == 7
    assert found.loc["2019-074", "launch_utc"] == "2019-11-11T14:56:00Z"


@pytest.mark.parametrize("day", DAYS)
def test_decay_groups_by_the_year_of_the_designator(database, recorded, day):
    found = decay.by_launch_year(database, day).set_index("launch_year")
    years = [int(record["OBJECT_ID"][:4]) for record in recorded[day].values()]
    assert found["satellites"].to_dict() == {year: years.count(year) for year in set(years)}
    assert (found["raising"] + found["sinking"] <= found["satellites"]).all()


def test_retired_satellites_are_lowered(database):
    """Six satellites of 2019-074 sank by 4 to 7 km a day, at 405 to 520 km."""
    found = decay.by_launch_year(database, "2025-05-18").set_index("launch_year")
    counts = ["decayed", "unlisted", "satellites", "raising", "lowered", "sinking"]
    assert [*found] == [*counts, "sinking_pct", "median_rate_km_per_day"]
    assert found.loc[2019, ["lowered", "sinking"]].tolist() == [6, 0]
    assert found.loc[2019, "sinking_pct"] == 0


def test_launched_satellites_are_listed_or_unlisted(database):
    """120 satellites were launched in 2019, and 833 of 2020 were catalogued."""
    found = decay.by_launch_year(database, "2025-06-01").set_index("launch_year")
    whole = found["decayed"] + found["unlisted"] + found["satellites"]
    assert whole[[2019, 2020]].tolist() == [120, 833]
    decayed = """SELECT CAST(substr(launch_designator, 1, 4) AS INTEGER), count(*) FROM v_starlink
                 WHERE catalogue_status = 'decayed' AND until_date <= '2025-06-01'
                 AND launch_designator > '2019' GROUP BY 1"""
    assert found["decayed"][lambda number: number > 0].to_dict() == dict(rows(database, decayed))
    assert found["sinking_pct"].idxmax() == 2020


def test_never_listed_satellites_are_unlisted_since_the_first_gp_list(database):
    """224 satellites of the archive are in no GP list."""
    since = rows(
        database,
        """SELECT unlisted_since_utc, count(*) FROM starlink
           WHERE is_listed = 0 AND first_listed_utc IS NULL GROUP BY 1""",
    )
    assert since == [("2022-11-07T20:00:00Z", 224)]


def test_loss_between_gp_lists_is_a_span(database):
    """22 satellites of 2020-006 were unlisted between 2022-11-07 and 2025-05-18."""
    curve = survival.launch_survival(database, "2020-006")
    launched = np.datetime64("2020-01-29T14:06")
    days = [(np.datetime64(day) - launched) / np.timedelta64(1, "D") for day in list(DAYS)[:2]]
    ends = [curve.until(age).iloc[-1] for age in (days[0] - 2, sum(days) / 2, days[1] + 1)]
    lost = ends[0]["fewest"] - ends[2]["most"]
    assert lost == value(
        database,
        """SELECT count(*) FROM starlink WHERE launch_designator = '2020-006'
           AND unlisted_since_utc = '2025-05-18T20:00:00Z'""",
    )
    assert ends[1]["most"] - ends[1]["fewest"] == lost
    middle = (ends[0]["fewest"] + ends[2]["most"]) / 2 / curve.satellites
    assert ends[1]["share"] == pytest.approx(middle, abs=2e-3)


def test_altitude_rates_match_altitudes_a_week_apart(database):
    """Steady climbs match within 1 %; sinking satellites sink 10 % slower than published."""
    first, second = (
        history.fleet_on(database, day).set_index("norad_cat_id")
        for day in ("2025-05-18", "2025-05-25")
    )
    both = first.index.intersection(second.index)
    sets = [ElementSets.from_frame(fleet.loc[both].reset_index()) for fleet in (first, second)]
    before, after = (each.altitude_rate_km_per_day for each in sets)
    days = (sets[1].epoch_utc - sets[0].epoch_utc) / np.timedelta64(1, "D")
    is_steady = abs(after - before) < 0.1 * abs(before)
    climb, sink = (is_steady & (before > 0.5), is_steady & (before < -1))
    moved = sets[1].altitude_km - sets[0].altitude_km
    expected = (before + after) / 2 * days
    assert np.median(moved[climb] / expected[climb]) == pytest.approx(1, abs=0.01)
    assert np.median(moved[sink] / expected[sink]) == pytest.approx(0.9, abs=0.05)
    assert (climb.sum(), sink.sum()) == (35, 34)


def test_renewal_matches_set_differences(database, recorded):
    found = renewal.renewal(database, "2025-05-18", "2025-05-25")
    added = set(recorded["2025-05-25"]) - set(recorded["2025-05-18"])
    assert (found.newly_listed, found.newly_unlisted) == (len(added), 5)
    assert found.mean_fleet == (7434 + 7483) / 2
    assert found.newly_listed_per_year == pytest.approx(len(added) / 7458.5 * 365.25 / 7)


def test_database_integrity_including_history(database):
    with reading(database) as connection:
        assert integrity(connection, with_history=True) == []


def test_fates_add_up(database):
    odd = rows(
        database,
        """SELECT * FROM _counts WHERE rows_in <> rows_loaded + rows_rejected + rows_duplicate
                                                   + rows_superseded + rows_out_of_scope""",
    )
    assert odd == []


def test_intervals_of_survival_cover_what_became_of_each_launch(replay: Replay) -> None:
    """Most launches of 2023 to 2025 are known from a list of 2025 alone, which has survivors."""
    settings, _, _ = replay
    found = 0
    for launch in starlink_launches()[::3]:
        in_orbit = launch.catalogued - (launch.decayed_2025_06_21 or 0)
        if launch.launch_designator and launch.launch_date.isoformat() < "2025-03-01":
            with suppress(DataError):  # none of its satellites is left
                curve = survival.launch_survival(settings.database, launch.launch_designator)
                low, high = curve.points[["low", "high"]].iloc[-1]
                assert low <= in_orbit / launch.known <= high, launch.launch_designator
                found += 1
    assert found > 75


# The reports made to order on these data: their numbers are those of the recorded lists.


def test_the_report_on_a_week_counts_as_the_lists_do(database, recorded):
    before, then = (set(recorded[day]) for day in ("2025-05-25", "2025-06-01"))
    first = then - before - set(recorded["2025-05-18"]) - set(recorded["2022-11-07"])
    found = week(database, "2025-05-26", "2025-06-01")
    assert found.figures["catalogued satellites unlisted"] == len(before - then) == 12
    assert found.first_listed["satellites"].sum() == len(first) == 51
    of_launches = {recorded["2025-06-01"][number]["OBJECT_ID"][:8] for number in first}
    assert found.first_listed["launch"].tolist() == sorted(of_launches)
    assert found.figures["catalogued satellites in orbit at the end"] == "at least 7,522"
    assert found.figures["GP lists"] == 1


def test_the_report_on_the_fleet_of_a_date_counts_its_list(database, recorded):
    (in_orbit, *_) = fleet(database, "2025-06-01").figures.values()
    assert in_orbit == f"at least {len(recorded['2025-06-01']):,}"
    launched = value(
        database,
        """SELECT count(*) FROM v_starlink WHERE launch_date <= '2025-05-18' AND norad_cat_id IN (
               SELECT CAST(row_key AS INTEGER) FROM v_changes
               WHERE kind = 'new satellite' AND observed_utc > '2025-05-19')""",
    )
    (in_orbit, *_) = fleet(database, "2025-05-18").figures.values()
    assert in_orbit == f"at least {len(recorded['2025-05-18']) + int(str(launched)):,}"


def test_the_report_on_a_launch_has_the_satellites_and_altitudes_of_the_lists(database, recorded):
    satellites = [
        each for each in recorded["2025-06-01"].values() if each["OBJECT_ID"].startswith("2025-110")
    ]
    radii_km = [
        (EARTH_MU_KM3_S2 / (each["MEAN_MOTION"] * 2 * math.pi / SECONDS_PER_DAY) ** 2) ** (1 / 3)
        for each in satellites
    ]
    median_km = np.median(radii_km) - EARTH_RADIUS_KM
    figures, count = launch_report(database, "2025-110").figures, len(satellites)
    assert figures["in orbit"] == count
    assert figures[f"km, median altitude of {count} satellites in orbit"] == round(median_km)


def test_the_report_on_a_satellite_has_the_orbit_of_its_newest_list(database, recorded):
    number, listed = next(iter(recorded["2025-06-01"].items()))
    figures = satellite(database, str(number)).figures
    assert figures["°, inclination"] == round(listed["INCLINATION"], 2)
    assert figures["minutes an orbit"] == round(1440 / listed["MEAN_MOTION"], 1)
    listed_epochs = {day[number]["EPOCH"] for day in recorded.values() if number in day}
    assert figures["element sets"] == len(listed_epochs) + 1  # that of the archive


def test_the_report_on_a_booster_counts_the_flights_of_the_archive(database, recorded_dir):
    launches = json.loads((recorded_dir / "spacexdata" / "launches.json").read_bytes())
    cores = json.loads((recorded_dir / "spacexdata" / "cores.json").read_bytes())
    (number,) = [core["id"] for core in cores if core["serial"] == "B1067"]
    flown = [
        core
        for each in launches
        if not each["upcoming"]
        for core in each["cores"]
        if core["core"] == number
    ]
    figures = booster(database, "B1067").figures
    assert figures["flights"] == f"at least {len(flown)}"
    assert figures[f"landings, of {len(flown)} known attempts"] == sum(
        core["landing_success"] for core in flown
    )
