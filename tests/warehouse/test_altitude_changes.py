"""What altitudes tell with a GP list: recorded once, as on the day, and without the status."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from spacex.analysis.articles.satellite import satellite as report
from spacex.analysis.orbit_changes import (
    altitude_history,
    altitude_sentences,
    changes_table,
    floor_sentence,
)
from spacex.orbits.altitude_changes import altitude_changes
from spacex.settings import Settings
from tests.clock import Clock
from tests.example_records import omm, omm_json
from tests.orbits.fleets import mean_motion
from tests.service_replicas import CelesTrak
from tests.stages import at, publish, rows

pytestmark = pytest.mark.usefixtures("clock")

SINKS, RAISED, HELD = 50_001, 50_002, 50_003
LAST = 11
SUNK = "2026-11-05 to 2026-11-06: -5.00 km/d, certain"
STEPPED = "2026-11-06 to 2026-11-07: +0.30 km, certain"
TOLD = "SELECT observed_utc, row_key, column_name, old_value, new_value FROM _changes"
ALTITUDE = f"{TOLD} WHERE kind = 'altitude' ORDER BY 1, 2"

Day = Callable[..., None]


@pytest.fixture
def config(three_services: Settings) -> Settings:
    return at(three_services, sources="celestrak")


@pytest.fixture
def day(config: Settings, celestrak: CelesTrak, clock: Clock) -> Day:
    """Return a function that publishes the GP list of a day of November."""

    def publish_on(day: int, **options: Any) -> None:
        clock.set(f"2026-11-{day:02d}")
        celestrak.publish(omm_json(*listed(day)))
        publish(config, "auto", f"day-{day}", **options)

    return publish_on


def listed(day: int) -> list[dict[str, Any]]:
    """Return a shell, a satellite that leaves it on the sixth, and one raised on the seventh."""
    shell = [satellite(HELD + n, day, 550.0, RA_OF_ASC_NODE=9.0 * n) for n in range(40)]
    sunk = satellite(SINKS, day, 550.0 - 5.0 * max(day - 5, 0), MEAN_MOTION_DOT=0.0)
    return [sunk, satellite(RAISED, day, 550.0 + 0.3 * (day >= 7)), *shell]


def satellite(number: int, day: int, altitude_km: float, **fields: Any) -> Any:
    """Return the record of a satellite at an altitude."""
    record = {"EPOCH": f"2026-11-{day:02d}T03:00:00.123456", "MEAN_MOTION_DOT": 0.0}
    record |= {"MEAN_MOTION": float(mean_motion(altitude_km)), "INCLINATION": 53.05}
    return omm(number, **record | {"OBJECT_ID": f"2023-{number % 900 + 1:03d}A"} | fields)


def test_changes_are_told_once_when_they_are_known(day: Day, config: Settings) -> None:
    for each in range(1, LAST + 1):
        day(each)
    found = [(at[:10], *rest) for at, *rest in rows(config.database, ALTITUDE)]
    assert found == [
        ("2026-11-08", str(SINKS), "left its shell", "550.0 km", SUNK),
        ("2026-11-09", str(RAISED), "raised", "550.0 km", STEPPED),
    ]
    statuses = "SELECT DISTINCT orbit_status FROM starlink WHERE norad_cat_id <> ?"
    assert rows(config.database, statuses, SINKS) == [("operational",)]


def test_a_change_as_of_a_date_is_the_one_of_that_date(day: Day, config: Settings) -> None:
    for each in range(1, 10):
        day(each)
    then = rows(config.database, ALTITUDE)
    at_nine = changes_table(altitude_changes(altitude_history(config.database, RAISED)))
    for each in range(10, LAST + 1):
        day(each)
    assert rows(config.database, ALTITUDE) == then
    now = altitude_history(config.database, RAISED, "2026-11-09T23:59:59Z")
    assert changes_table(altitude_changes(now)).equals(at_nine)
    assert len(at_nine) == 1
    assert altitude_changes(altitude_history(config.database, RAISED, "2026-11-08T23:59:59Z")) == []
    publish(config, "snapshot", "then", accept_shrink=True, as_of="2026-11-09T23:59:59Z")
    assert rows(config.database, ALTITUDE) == then


def test_the_report_tells_the_newest_change_and_the_floor(day: Day, config: Settings) -> None:
    for each in range(1, LAST + 1):
        day(each)
    found = report(config.database, str(SINKS))
    (sentence,) = (each for each in found.headline if "began to sink" in each)
    assert sentence == (
        "It began to sink between 5 November 2026 and 6 November 2026, at a mean altitude of "
        "550.0\N{NO-BREAK SPACE}km, by 5.0\N{NO-BREAK SPACE}km a day."
    )
    of = altitude_history(config.database, RAISED)
    (sentence,) = altitude_sentences(of)
    assert sentence == (
        "It was raised by 0.30\N{NO-BREAK SPACE}km between 6 November 2026 and 7 November 2026, "
        "at a mean altitude of 550.0\N{NO-BREAK SPACE}km."
    )
    held = report(config.database, str(HELD))
    assert any(
        each.startswith("Single steps of its altitude are found from") for each in held.limits
    )


def test_weekly_lists_are_too_sparse(day: Day, config: Settings) -> None:
    for each in (1, 8, 15, 22, 29):
        day(each)
    assert rows(config.database, ALTITUDE) == []
    assert floor_sentence(altitude_history(config.database, HELD)).startswith(
        "Its element sets are 7\N{NO-BREAK SPACE}days apart (median): changes of its altitude"
    )


def test_a_table_without_changes_has_its_types() -> None:
    assert changes_table([]).dtypes["is_certain"] == np.dtype(bool)
