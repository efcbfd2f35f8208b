"""Changes of the altitude: those put into recorded histories are found, and few others."""

from pathlib import Path

import numpy as np
import pytest

from spacex.analysis.intervals import garwood, wilson
from spacex.orbits.altitude_changes import (
    CERTAIN_KM,
    AltitudeChange,
    Altitudes,
    Change,
    altitude_changes,
    floor,
)
from spacex.orbits.elements import Array
from tests.recorded_altitudes import as_known, chosen, find, recorded_altitudes, still

START = np.datetime64("2026-05-01T06:00:00", "us")
DAY = np.timedelta64(1, "D")
PERIODS = ("April", "May")


@pytest.fixture(scope="module")
def recorded(recorded_dir: Path) -> dict[str, Altitudes]:
    return {period: recorded_altitudes(recorded_dir, period) for period in PERIODS}


def history(altitude_km: list[float] | Array, days: list[float] | Array | None = None) -> Altitudes:
    """Return the history of one satellite, by default with a set each day."""
    at = np.arange(len(altitude_km), dtype=float) if days is None else np.array(days)
    epochs = START + (at * 86_400e6).astype("m8[us]")
    return Altitudes.of(np.full(len(at), 44713), epochs, np.array(altitude_km, float))


def kinds(found: list[AltitudeChange]) -> list[tuple[Change, int]]:
    """Return the kinds of changes, and the day of the first set after each."""
    return [(each.kind, round(float((each.until_utc - START) / DAY))) for each in found]


def test_a_step_is_a_manoeuvre_with_its_date_and_size() -> None:
    (found,) = altitude_changes(history([550.0] * 6 + [550.3] * 5))
    assert found.kind is Change.RAISED
    assert (found.after_utc, found.until_utc) == (START + 5 * DAY, START + 6 * DAY)
    assert found.known_utc == START + 8 * DAY
    assert (found.altitude_km, found.change_km) == pytest.approx((550, 0.3))
    assert found.is_certain
    (found,) = altitude_changes(history([550.0] * 6 + [549.8] * 5))
    assert found.kind is Change.LOWERED
    assert not found.is_certain


def test_phases_begin_and_end() -> None:
    held, sunk = [550.0] * 5, [545.0, 540.0, 535.0, 530.0, 525.0]
    assert kinds(altitude_changes(history(held + sunk + [525.0] * 4))) == [
        (Change.SINKS, 5),
        (Change.HOLDS, 9),
    ]
    climb = [350.0 + 10 * day for day in range(6)]
    assert kinds(altitude_changes(history([*climb, *[400.0] * 4]))) == [(Change.HOLDS, 5)]
    assert kinds(altitude_changes(history([550.0] * 5 + [552.0, 554.0, 556.0, 558.0]))) == [
        (Change.CLIMBS, 5)
    ]


def test_a_satellite_that_sinks_slowly_no_longer_keeps_its_altitude() -> None:
    days = np.arange(40.0)
    altitude = 550 - 0.06 * np.maximum(days - 15.5, 0)
    (found,) = altitude_changes(history(altitude))
    assert found.kind is Change.DRIFTS
    assert found.after_utc <= START + 15 * DAY < found.until_utc <= START + 19 * DAY


def test_what_changes_nothing() -> None:
    steady = 550 - 0.3 * np.arange(30.0)
    off = np.full(20, 550.0)
    off[[4, 11]] += 0.5, -2
    for each in (steady, off, np.full(30, 550.0), np.full(2, 550.0)):
        assert altitude_changes(history(each)) == []
    both = Altitudes.of(
        np.repeat([1, 2], 10), np.tile(START + np.arange(10) * DAY, 2), np.repeat([550.0, 480], 10)
    )
    assert altitude_changes(both) == []


def test_over_a_pause_nothing_is_known() -> None:
    days = [*range(6), *range(20, 26)]
    assert altitude_changes(history([550.0] * 6 + [540.0] * 6, days)) == []


def test_lists_a_week_apart_have_no_floor() -> None:
    weekly = floor(history([550.0] * 20, np.arange(20) * 7.0))
    assert np.isnan(weekly.step_km)
    assert weekly.tested == 0
    daily = floor(history([550.0] * 20))
    assert daily == (0.15, 20 - 6)


def test_a_change_depends_on_no_later_set(recorded: dict[str, Altitudes]) -> None:
    """What is found in the sets until an instant is what was found then, of all satellites."""
    of = recorded["May"]
    of = chosen(of, np.unique(of.norad_cat_id)[::7])
    found = altitude_changes(of)
    assert len({each.kind for each in found}) == 5
    for until in np.datetime64("2026-05-26", "us") + np.arange(4) * DAY:
        is_known = of.epoch_utc <= until
        then = Altitudes(
            *(value[is_known] for value in (of.norad_cat_id, of.epoch_utc)),
            of.altitude_km[is_known],
        )
        assert altitude_changes(then) == as_known(found, until)


@pytest.mark.parametrize("period", PERIODS)
def test_steps_of_a_quarter_kilometre_are_found(
    recorded: dict[str, Altitudes], period: str
) -> None:
    """On satellites that were not looked at when the rule was made."""
    of = still(recorded[period], held_out=True)
    found = find(of, lambda days: np.full_like(days, 0.25))
    assert found.found >= 0.95 * found.put
    assert found.exact >= 0.95 * found.put
    assert wilson(found.found, found.put)[0] > 0.92
    assert found.days_until_known < 2
    assert floor(of).step_km <= 0.25


@pytest.mark.parametrize("rate", [1.0, 5.0])
@pytest.mark.parametrize("period", PERIODS)
def test_climbs_and_descents_are_found(
    recorded: dict[str, Altitudes], period: str, rate: float
) -> None:
    found = find(still(recorded[period], held_out=True), lambda days: rate * days)
    assert found.found >= 0.98 * found.put


def test_still_satellites_have_less_than_one_false_change_a_year(
    recorded: dict[str, Altitudes],
) -> None:
    of = [still(recorded[period], held_out=True) for period in PERIODS]
    found = [find(each, np.zeros_like) for each in of]
    false, years = sum(each.false for each in found), sum(each.years for each in found)
    assert years > 15
    assert garwood(false)[1] / years < 1
    certain = [c for each in of for c in altitude_changes(each) if abs(c.change_km) > CERTAIN_KM]
    assert certain == []
