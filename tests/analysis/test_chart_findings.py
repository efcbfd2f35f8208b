"""The sentences of finding say what is known, and how far."""

import pandas as pd

from spacex.analysis.findings import booster_findings as boosters
from spacex.analysis.findings import change_findings as changes
from spacex.analysis.findings import fleet_findings as fleet
from spacex.analysis.findings import launch_findings as launches

SPANS = [("2006-01-01T00:00:00Z", "2025-11-28T18:43:00Z")]


def plain(words: str) -> str:
    return words.replace("\N{NO-BREAK SPACE}", " ")


def test_a_year_that_is_covered_to_a_day_says_so() -> None:
    flown = pd.DataFrame({"year": [2024, 2025, 2025], "launches": [134, 100, 52]})
    total = "of 286 launches known to have flown since 2024."
    words = plain(launches.busiest_year(flown, SPANS))
    assert words == f"2025 had the most launches: 152 to 28 November, {total}"
    assert "at least 152" in launches.busiest_year(flown, [])


def test_groups_that_are_equal_are_not_ranked() -> None:
    flown = pd.DataFrame({"rocket": ["A", "B"], "launches": [2, 2]})
    assert plain(launches.most_flown(flown, "rocket")).startswith("2 have the most: 2 each of 4")


def test_a_number_in_orbit_that_is_no_longer_known_is_not_of_today() -> None:
    growth = pd.DataFrame(
        {"day": ["2025-06-01", "2026-01-01"], "launched": [9, 12], "in_orbit": [8, None]}
    )
    words = plain(fleet.newest_fleet(growth))
    assert words.startswith("On 1 June 2025, 8 of 9 satellites launched were known in orbit; later")


def test_what_comes_and_goes_over_a_gap_is_the_least() -> None:
    lists = pd.DataFrame(
        {
            "observed_utc": ["2022-11-07T00:00:00Z", "2025-05-18T00:00:00Z"],
            "newly_listed": [0, 5],
            "newly_unlisted": [0, 2],
        }
    )
    gaps = lists.iloc[:1]
    said = "at least 5 satellites newly listed, at least 2 newly unlisted."
    assert changes.newly_listed(lists, gaps).endswith(said)
    assert "least" not in changes.newly_listed(lists, gaps.iloc[:0])


def test_launches_that_rise_and_sink_are_told_apart() -> None:
    altitudes = pd.DataFrame(
        {
            "launch_designator": ["a", "a", "b", "b", "c", "c"],
            "median_altitude_km": [350.0, 400.0, 540.0, 540.5, 540.0, 500.0],
            "observed_utc": ["2025-05-18T00:00:00Z", "2025-06-01T00:00:00Z"] * 3,
        }
    )
    assert "1 rose by more than 2 km, 1 sank by more, and 1 did neither" in changes.climbs(
        altitudes
    )


def test_nothing_is_said_of_no_rows() -> None:
    none = pd.DataFrame(
        columns=["year", "launches", "rocket", "date_utc", "success", "mass_t", "flights"]
    )
    assert launches.busiest_year(none, SPANS) == ""
    assert launches.most_flown(none, "rocket") == ""
    assert launches.launches_so_far(none, is_least=True) == ""
    assert launches.latest_successes(none, 30) == ""
    assert launches.most_mass(none) == ""
    assert boosters.most_flights(none) == ""
    assert boosters.newest_reuse(none, SPANS) == ""


def test_a_number_in_orbit_that_is_the_least_says_so() -> None:
    growth = pd.DataFrame({"day": ["2025-06-01"], "launched": [9], "in_orbit": [8]})
    assert "at least 8 of 9" in fleet.newest_fleet(growth, is_least=True)
