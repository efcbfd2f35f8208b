"""Launch rates against the published numbers of orbital launches per year."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from spacex.analysis.cadence import by_year, launch_rate, rate
from spacex.analysis.intervals import garwood
from spacex.analysis.source_coverage import coverage, covered, year_gaps
from spacex.errors import DataError, SettingsError
from spacex.settings import Settings
from spacex.warehouse.coverage import LAUNCHES
from tests import stages
from tests.clock import Clock
from tests.example_records import launch, rocket, upcoming
from tests.replica import Replica
from tests.service_replicas import LaunchLibrary

PUBLISHED = [1, 1, 2, 1, 2, 0, 2, 3, 6, 7, 8, 18, 21, 13, 25, 31]
"""Orbital launches of each year from 2006 to 2021."""


def test_rate_is_events_per_time() -> None:
    found = rate(50, 0.5)
    assert found.per_year == 100
    assert (found.low_per_year, found.high_per_year) == pytest.approx([2 * b for b in garwood(50)])


@pytest.mark.parametrize(("count", "years"), [(-1, 1), (1, 0), (1, -1)])
def test_rate_needs_a_count_and_a_period(count: int, years: float) -> None:
    with pytest.raises(SettingsError):
        rate(count, years)


def test_launch_rate_of_2021(recorded_settings: Settings) -> None:
    found = launch_rate(recorded_settings.database, "2021-01-01T00:00:00Z", "2022-01-01T00:00:00Z")
    assert found.count == 31
    assert found.per_year == pytest.approx(31.0, abs=0.03)


@pytest.fixture(scope="module")
def archive_years(recorded_settings: Settings) -> pd.DataFrame:
    return by_year(recorded_settings.database).set_index("year")


def test_whole_years_match_the_published_counts(archive_years: pd.DataFrame) -> None:
    whole = archive_years[~archive_years["is_partial"]]
    assert whole["launches"].to_dict() == dict(enumerate(PUBLISHED, start=2006))
    assert whole["per_year"].tolist() == PUBLISHED
    assert whole["covered_pct"].eq(100).all()
    assert whole["suborbital"].to_dict() | {2020: 0} == dict.fromkeys(range(2006, 2022), 0)
    assert whole.loc[2020, "suborbital"] == 1  # the in-flight abort test
    assert whole.query("pad_losses > 0")["pad_losses"].to_dict() == {2016: 1}  # Amos-6


def test_whole_years_have_the_exact_interval(archive_years: pd.DataFrame) -> None:
    bounds = archive_years.loc[[2011, 2010], ["low_per_year", "high_per_year"]].to_numpy().tolist()
    assert bounds == [pytest.approx((0, 3.689), abs=1e-3), pytest.approx((0.242, 7.225), abs=1e-3)]


def test_last_year_of_the_archive_is_partial(archive_years: pd.DataFrame) -> None:
    """The archive ends with Crew-5, on day 278 of 2022 at 16:00, after 44 launches."""
    last = archive_years.loc[2022]
    assert last["is_partial"]
    assert last["until_utc"] == "2022-10-05T16:00:00Z"
    assert last["launches"] == 44
    assert last["per_year"] == pytest.approx(44 / ((277 + 2 / 3) / 365))


def test_uncovered_years_are_absent(archive_years: pd.DataFrame) -> None:
    assert archive_years.index.tolist() == list(range(2006, 2023))


Publish = Callable[..., Path]


@pytest.fixture
def with_library(recorded_dir: Path, settings: Settings) -> Publish:
    """Publish the archive and the given launches of Launch Library in mid-2026."""

    def publish(*launches: dict[str, Any]) -> Path:
        with (
            Clock("2026-07-02"),
            Replica(recorded_dir / "spacexdata") as archive,
            LaunchLibrary() as service,
        ):
            service.launches = list(launches)
            urls = {"base_url": archive.url, "launchlibrary_url": service.url}
            used = stages.at(settings, sources="spacexdata,launchlibrary", **urls)
            stages.publish(used, "auto")
        return settings.database

    return publish


PAST = [
    launch("one", "2025-12-18T00:00:00Z"),
    *(launch(f"{month} of 2026", f"2026-0{month}-10T00:00:00Z") for month in range(1, 6)),
]
NEXT = upcoming("six", "2026-08-01T00:00:00Z")


def test_years_covered_by_a_live_source(with_library: Publish) -> None:
    """Five launches in half of 2026 are ten a year; a few days of 2025 have no rate."""
    years = by_year(with_library(*PAST, NEXT)).set_index("year")
    assert years.index.tolist() == [*range(2006, 2023), 2025, 2026]
    current = years.loc[2026]
    assert current["is_partial"]
    assert (current["launches"], current["until_utc"]) == (5, "2026-07-02T12:00:00Z")
    assert current["covered_pct"] == pytest.approx(50)
    assert current["per_year"] == pytest.approx(10)
    assert current["low_per_year"] == pytest.approx(2 * 1.623, abs=6e-3)
    assert years.loc[2025, ["launches", "since_utc"]].tolist() == [1, "2025-12-18T00:00:00Z"]
    assert years.loc[2025, ["per_year", "low_per_year", "high_per_year"]].isna().all()


def test_live_source_without_upcoming_launches_covers_until_its_last_launch(
    with_library: Publish,
) -> None:
    """Without upcoming launches its response may be incomplete."""
    assert covered(with_library(*PAST), LAUNCHES) == [
        ("2006-01-01T00:00:00Z", "2022-10-05T16:00:00Z"),
        ("2025-12-18T00:00:00Z", "2026-05-10T00:00:00Z"),
    ]


def test_overlapping_coverage_is_one_span(with_library: Publish) -> None:
    early = [
        launch(f"{day:%F}", f"{day:%F}T00:00:00Z", rocket=rocket())
        for day in (date(2022, 9, 1) + timedelta(days) for days in range(0, 1400, 150))
    ]
    database = with_library(*early, NEXT)
    assert covered(database, LAUNCHES) == [("2006-01-01T00:00:00Z", "2026-07-02T12:00:00Z")]


def test_coverage_ends_at_the_earliest_overdue_launch(with_library: Publish) -> None:
    """A mirror that is no longer updated has upcoming launches in the past."""
    late = upcoming("late", "2026-04-20T00:00:00Z")
    later = upcoming("later", "2026-06-01T00:00:00Z")
    database = with_library(*PAST, later, late, NEXT)
    assert covered(database, LAUNCHES)[-1] == ("2025-12-18T00:00:00Z", "2026-04-20T00:00:00Z")
    found = coverage(database, LAUNCHES).set_index("source").loc["launchlibrary"]
    assert found["ends_at"] == "earliest overdue launch"
    assert found["newest_utc"] == "2026-05-10T00:00:00Z"
    current = by_year(database).set_index("year").loc[2026]
    assert current["launches"] == 5  # of these, four in the covered part of the year
    assert current["per_year"] == pytest.approx(4 / (109 / 365))


def test_plan_to_a_month_is_overdue_only_after_it(with_library: Publish) -> None:
    in_time = upcoming("in time", "2026-07-01T00:00:00Z", net_precision={"id": 7})
    assert covered(with_library(*PAST, in_time), LAUNCHES)[-1][1] == "2026-07-02T12:00:00Z"


def test_rate_counts_covered_time_only(with_library: Publish) -> None:
    database = with_library(*PAST, NEXT)
    found = launch_rate(database, "2024-01-01T00:00:00Z", "2026-07-01T00:00:00Z")
    days = 14 + 181
    assert (found.count, found.period_years) == (6, pytest.approx(days / 365.25))
    with pytest.raises(DataError, match="No source of launches covers any time from 2023"):
        launch_rate(database, "2023-01-01T00:00:00Z", "2025-01-01T00:00:00Z")
    with pytest.raises(DataError, match=r"cover 14\.0 days from 2025-01-01"):
        launch_rate(database, "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z")


def test_suborbital_launches_are_not_in_the_rate(with_library: Publish) -> None:
    orbit = {"description": None, "orbit": {"abbrev": "Sub"}}
    hop = launch("Starship", "2026-05-20T00:00:00Z", mission=orbit)
    current = by_year(with_library(*PAST, hop, NEXT)).set_index("year").loc[2026]
    assert (current["launches"], current["suborbital"]) == (5, 1)
    assert current["per_year"] == pytest.approx(10)


def test_gaps_are_the_years_without_full_coverage(with_library: Publish) -> None:
    found = year_gaps(with_library(*PAST, NEXT)).set_index("year")
    assert found["coverage"].to_dict() == {
        2022: "part of the year",
        2023: "none",
        2024: "none",
        2025: "part of the year",
        2026: "part of the year",
    }


def test_a_launch_of_after_the_coverage_is_in_a_gap(with_library: Publish) -> None:
    alone = launch("alone", "2025-01-18T00:00:00Z")
    found = year_gaps(with_library(alone, launch("late", "2026-06-18T00:00:00Z")))
    assert found["year"].tolist() == [2022, 2023, 2024, 2025, 2026]


def test_no_launches_have_no_years(three_days: Path) -> None:
    assert by_year(three_days).empty
    assert year_gaps(three_days).empty
