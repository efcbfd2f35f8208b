"""The chance to fly within a day, from the dates of launches in successive responses."""

from collections.abc import Callable

import pandas as pd
import pytest

from spacex.analysis.articles.launch import launch as report
from spacex.analysis.launch_slips import (
    FEWEST,
    Chance,
    chance_text,
    chances,
    dated_launches,
    planned_chance,
    slips_text,
)
from spacex.settings import Settings
from tests.clock import Clock
from tests.example_records import launch, upcoming
from tests.service_replicas import LaunchLibrary
from tests.stages import at, publish

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def config(three_services: Settings) -> Settings:
    return at(three_services, sources="launchlibrary")


@pytest.fixture
def day(config: Settings, launchlibrary: LaunchLibrary, clock: Clock) -> Callable[..., None]:
    def publish_on(day: int, *launches: dict[str, object]) -> None:
        clock.set(f"2026-11-{day:02d}")
        launchlibrary.launches = list(launches)
        publish(config, "auto", f"day-{day}")

    return publish_on


def test_dates_are_compared_with_what_happened(day, config):
    """a flies on its date, b slips by two days, c is not to the day, and d has not flown."""
    on, late, later = (f"2026-11-{n:02d}T06:00:00Z" for n in (6, 8, 10))
    vague = {"net_precision": {"name": "Month", "abbrev": "M"}}
    day(
        2,
        upcoming("a", on),
        upcoming("b", on),
        upcoming("c", "2026-11-30T00:00:00Z", **vague),
        upcoming("d", later),
    )
    day(5, upcoming("a", on), upcoming("b", late), upcoming("d", later))
    day(7, launch("a", "2026-11-06T06:03:00Z"), upcoming("b", late), upcoming("d", later))
    day(9, launch("a", "2026-11-06T06:03:00Z"), launch("b", late), upcoming("d", later))
    found = dated_launches(config.database)
    known = {
        (row.launch[-1], row.seen_utc[8:10], row.date_utc[8:10]): row.flew
        for row in found.itertuples()
    }
    assert (
        known
        == {
            ("a", "02", "06"): True,
            ("a", "05", "06"): True,
            ("b", "02", "06"): False,
            ("b", "05", "08"): True,
            ("b", "07", "08"): True,
            ("d", "02", "10"): pd.NA,
            ("d", "05", "10"): pd.NA,
            ("d", "07", "10"): pd.NA,
            ("d", "09", "10"): pd.NA,
        }
        or found.to_dict("records") == []
    )
    day(
        12,
        launch("a", "2026-11-06T06:03:00Z"),
        launch("b", late),
        upcoming("d", "2026-11-20T06:00:00Z"),
    )
    missed = dated_launches(config.database)
    of_d = missed[
        missed["launch"].str.endswith("d") & missed["date_utc"].str.startswith("2026-11-10")
    ]
    assert of_d["flew"].tolist() == [False] * len(of_d)
    assert "too few slips" in slips_text(chances(missed))


def test_one_response_tells_nothing(day, config):
    day(2, upcoming("a", "2026-11-06T06:00:00Z"))
    found = chances(dated_launches(config.database))
    assert [each.launches for each in found] == [0, 0, 0, 0]
    assert sum(each.open for each in found) == 1
    (launch_id,) = dated_launches(config.database)["launch_id"]
    assert "launches 3 to 7 days ahead (n" in planned_chance(config.database, launch_id)
    assert planned_chance(config.database, "none") == ""
    said = report(config.database, "Falcon 9 Block 5 | a").headline
    assert "too few slips are observed" in said[1]
    assert slips_text(found).replace("\xa0", " ") == (
        "Whether launches fly within a day of their date is not known: too few slips are observed "
        f"(n = 0; {FEWEST} are needed). Each response of Launch Library adds some."
    )


def test_without_the_service_there_are_none(sampled):
    found = chances(dated_launches(sampled.database))
    assert [each.launches for each in found] == [0, 0, 0, 0]


def test_the_chance_is_that_of_the_span():
    few, many = (
        Chance("0 to 1", 5, 4, 0, "", ""),
        Chance("1 to 3", 40, 30, 2, "2026-01-02", "2026-11-02"),
    )
    found = [few, many, few, few]
    assert chance_text(found, 2.0).replace("\xa0", " ") == (
        "Of 40 launches dated 1 to 3 days ahead, 75.0 % flew within a day (95 % interval 59.8 to "
        "85.8 %; 2026-01-02 to 2026-11-02)."
    )
    assert "too few slips" in chance_text(found, 0.5)
    assert chance_text(found, 40) == chance_text(found, -1) == ""
    assert "1 to 3 days before: 75.0" in slips_text(found)
    assert few.text.replace("\xa0", " ") == "too few launches to tell (n = 5)"
