"""Exact Poisson intervals, against the tables of Garwood (1936) and Pearson and Hartley.

Launches of a year, against the published counts: 2016 with Amos-6, lost on the pad, and 2020 with
the test of an abort in flight beside its 25 to orbit.
"""

import pytest

from spacex.analysis.cadence import by_year, coverage, launch_rate, rate
from spacex.errors import SettingsError
from spacex.settings import Settings
from tests import stages
from tests.clock import Clock
from tests.conftest import NOBODY_HOME
from tests.example_records import launch, upcoming
from tests.replica import Replica
from tests.service_replicas import LaunchLibrary

TABLE = {
    0: (0, 3.689),
    1: (0.0253, 5.572),
    5: (1.623, 11.668),
    10: (4.795, 18.390),
    100: (81.36, 121.63),
}
PUBLISHED = {
    2006: 1,
    2007: 1,
    2008: 2,
    2009: 1,
    2010: 2,
    2011: 0,
    2012: 2,
    2013: 3,
    2014: 6,
    2015: 7,
    2016: 8 + 1,
    2017: 18,
    2018: 21,
    2019: 13,
    2020: 25 + 1,
    2021: 31,
}


@pytest.mark.parametrize(("count", "ends"), TABLE.items())
def test_the_interval_is_that_of_the_tables(count, ends):
    found = rate(count, 1)
    assert (found.low_per_year, found.high_per_year) == pytest.approx(ends, abs=6e-3)


def test_a_rate_is_events_over_time():
    found = rate(50, 0.5)
    assert found.per_year == 100
    assert found.low_per_year < 100 < found.high_per_year


def test_more_confidence_is_a_wider_interval():
    narrow, wide = rate(10, 1, 0.9), rate(10, 1, 0.99)
    assert wide.low_per_year < narrow.low_per_year < narrow.high_per_year < wide.high_per_year


@pytest.mark.parametrize(("count", "years"), [(-1, 1), (1, 0), (1, -1)])
def test_no_period_no_rate(count, years):
    with pytest.raises(SettingsError):
        rate(count, years)


def test_the_launches_of_a_year_are_those_known(recorded_settings):
    """SpaceX launched 31 times in 2021, by every account."""
    found = launch_rate(recorded_settings.database, "2021-01-01T00:00:00Z", "2022-01-01T00:00:00Z")
    assert found.count == 31
    assert found.per_year == pytest.approx(31.0, abs=0.03)


@pytest.fixture(scope="module")
def archive_years(recorded_settings):
    return by_year(recorded_settings.database).set_index("year")


def test_the_launches_of_every_whole_year_are_those_published(archive_years):
    whole = archive_years[~archive_years["is_partial"]]
    assert whole["launches"].to_dict() == PUBLISHED
    assert whole["per_year"].tolist() == list(PUBLISHED.values())
    assert whole["covered_pct"].eq(100).all()


def test_a_year_has_the_exact_interval_of_its_count(archive_years):
    ends = archive_years.loc[[2011, 2010], ["low_per_year", "high_per_year"]].to_numpy().tolist()
    assert ends == [pytest.approx((0, 3.689), abs=1e-3), pytest.approx((0.242, 7.225), abs=1e-3)]


def test_a_year_that_the_archive_ends_in_has_its_rate_over_the_part_before(archive_years):
    """Its last launch flown is Crew-5, on day 278 of 2022 at 16:00; 44 had flown."""
    last = archive_years.loc[2022]
    assert last["is_partial"]
    assert last["until_utc"] == "2022-10-05T16:00:00Z"
    assert last["launches"] == 44
    assert last["per_year"] == pytest.approx(44 / ((277 + 2 / 3) / 365))


def test_years_that_no_source_covers_are_absent_not_zero(archive_years):
    assert archive_years.index.tolist() == list(range(2006, 2023))


@pytest.fixture
def living(recorded_dir, tmp_path):
    """Publish launches of a living source beside the archive's; the database."""

    def publish(*launches):
        with (
            Clock("2026-07-02"),  # the middle of the year
            Replica(recorded_dir / "spacexdata") as archive,
            LaunchLibrary() as service,
        ):
            service.launches = list(launches)
            settings = Settings(
                _env_file=None,
                data_dir=tmp_path / "data",
                base_url=archive.url,
                celestrak_url=NOBODY_HOME,
                launchlibrary_url=service.url,
                sources="spacexdata,launchlibrary",
                attempts=1,
            )
            stages.publish(settings, "auto")
        return settings.database

    return publish


FLOWN = [
    launch("one", "2025-12-18T00:00:00Z"),
    *(launch(f"{month} of 2026", f"2026-0{month}-10T00:00:00Z") for month in range(1, 6)),
]


def test_the_running_year_has_its_rate_over_the_part_that_has_passed(living):
    """Five launches by the middle of the year are ten a year, and none after is no slower pace."""
    database = living(*FLOWN, upcoming("six", "2026-08-01T00:00:00Z"))
    running = by_year(database).set_index("year").loc[2026]
    assert running["is_partial"]
    assert (running["launches"], running["until_utc"]) == (5, "2026-07-02T12:00:00Z")
    assert running["covered_pct"] == pytest.approx(50)
    assert running["per_year"] == pytest.approx(10)
    assert running["low_per_year"] == pytest.approx(2 * TABLE[5][0], abs=6e-3)


def test_years_between_two_sources_are_absent(living):
    found = by_year(living(*FLOWN, upcoming("six", "2026-08-01T00:00:00Z")))
    assert found["year"].tolist() == [*range(2006, 2023), 2025, 2026]


def test_a_year_of_which_little_is_covered_has_its_launches_but_no_rate(living):
    found = by_year(living(*FLOWN, upcoming("six", "2026-08-01T00:00:00Z"))).set_index("year")
    assert found.loc[2025, ["launches", "since_utc"]].tolist() == [1, "2025-12-18T00:00:00Z"]
    assert found.loc[2025, ["per_year", "low_per_year", "high_per_year"]].isna().all()


def test_a_living_source_that_knows_nothing_to_come_covers_only_what_it_tells(living):
    """Its list was broken off: it is not known what flew since the last launch that it has."""
    assert coverage(living(*FLOWN)) == [
        ("2006-01-01T00:00:00Z", "2022-10-05T16:00:00Z"),
        ("2025-12-18T00:00:00Z", "2026-05-10T00:00:00Z"),
    ]


def test_where_two_sources_cover_one_time_it_is_one_span(living):
    early = launch("early", "2022-09-01T00:00:00Z")
    database = living(early, *FLOWN, upcoming("six", "2026-08-01T00:00:00Z"))
    assert coverage(database) == [("2006-01-01T00:00:00Z", "2026-07-02T12:00:00Z")]


def test_where_no_launch_is_known_there_is_no_year(three_days):
    assert by_year(three_days).empty
