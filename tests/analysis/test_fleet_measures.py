"""Raising, decay, occupancy and renewal of generated fleets with known results."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from spacex.analysis.decay import fastest_drag_km_per_day, is_lowered, sinking_and_raising
from spacex.analysis.occupancy import occupancy
from spacex.analysis.raising import climb_rate_km_per_day, climbs
from spacex.analysis.renewal import rates as renewal_rates
from spacex.orbits.element_sets import ElementSets
from spacex.settings import Settings
from spacex.units import EARTH_RADIUS_KM
from tests import stages
from tests.clock import Clock
from tests.example_records import omm, omm_json
from tests.orbits.fleets import EPOCH, element_sets, joined, mean_motion, shell
from tests.service_replicas import CelesTrak


def test_climb_rate_of_a_constant_climb():
    days = np.arange(0.0, 100, 5)
    altitude = np.minimum(300 + 4.5 * days, 550)
    assert climb_rate_km_per_day(days, altitude) == pytest.approx((4.5, 4.5, 4.5))


def test_climb_rate_has_the_interval_of_its_scatter():
    """Of 0, 5, 8 and 13 km the slope is 4.2, and the squared residuals add up to 0.8."""
    rate, low, high = climb_rate_km_per_day(np.arange(5.0), np.array([300.0, 305, 308, 313, 330]))
    error = math.sqrt(0.8 / 2 / 5)
    assert rate == pytest.approx(4.2)
    assert (high - rate, rate - low) == pytest.approx((4.303 * error, 4.303 * error), rel=1e-3)


def test_intervals_of_climb_rates_cover():
    rng = np.random.default_rng(1)
    days = np.arange(8.0)
    altitudes = 300 + 5 * days + rng.normal(0, 0.5, (400, 8))
    bounds = [climb_rate_km_per_day(days, each)[1:] for each in altitudes]
    assert np.mean([low <= 5 <= high for low, high in bounds]) == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize(
    "altitude",
    [
        [],
        [550.0],
        [300.0, 550.0],
        [300.0, 310.0, 550.0],
        [550.0, 550.0, 549.0],
        [500.0, 400.0, 300.0],
        [350.0, 350.2, 350.1, 350.4, 350.3, 540.0],
    ],
    ids=["no list", "one", "one climbs", "two climb", "level", "sinking", "parked, then a gap"],
)
def test_no_climb_rate_without_a_visible_climb(altitude):
    days = np.arange(float(len(altitude)))
    assert np.isnan(climb_rate_km_per_day(days, np.array(altitude))).all()


@pytest.mark.parametrize(("rise", "climbs_at"), [(0.5, False), (0.51, True)])
def test_parked_launch_holds_its_altitude_within_half_a_kilometre_a_day(rise, climbs_at):
    altitude = np.array([*(350 + rise * np.arange(4.0)), 400.0])
    rate = climb_rate_km_per_day(np.arange(5.0), altitude)[0]
    assert (rate == pytest.approx(rise)) if climbs_at else math.isnan(rate)


def test_rate_is_that_of_the_longest_climb():
    """A launch climbs 4 km a day, is parked, and climbs 6 km a day for longer."""
    altitude = [300.0, 304, 308, 312, 312, 312, 312, *(312 + 6 * np.arange(1.0, 9))]
    rate = climb_rate_km_per_day(np.arange(float(len(altitude))), np.array(altitude))
    assert rate == pytest.approx((6, 6, 6))


def test_decay_rate_is_the_derivative_of_keplers_law():
    """Compare with the altitudes of two mean motions a day apart."""
    n, change = 15.5, 0.002
    fleet = element_sets(mean_motion_rev_per_day=n, mean_motion_dot=change / 2)
    (rate,) = fleet.altitude_rate_km_per_day

    def axis(motion: float) -> float:
        return (398600.4418 / (motion * 2 * math.pi / 86400) ** 2) ** (1 / 3)

    assert rate == pytest.approx(axis(n + change / 2) - axis(n - change / 2))
    assert rate < 0


SINKING = {"norad_cat_id": 60001 + np.arange(20), "mean_motion_dot": 0.009}  # about 5 km a day
LOW = SINKING | {"mean_motion_rev_per_day": mean_motion(310)}


def launch_dates(*ages: tuple[int, int]) -> "pd.Series[str]":
    """Return launch dates from pairs of an age (d) at the epoch and a number of satellites."""
    dates = [str((EPOCH - np.timedelta64(age, "D")).astype("datetime64[D]")) for age, _ in ages]
    return pd.Series(dates).repeat([count for _, count in ages]).reset_index(drop=True)


@pytest.mark.parametrize(
    ("launched", "sinking", "raising"),
    [
        (launch_dates((900, 1584), (3, 20)), 0, 20),
        (launch_dates((900, 1584), (800, 20)), 20, 0),
        (launch_dates((900, 1564), (120, 40)), 20, 0),
        (pd.Series([None] * 1604, dtype="str"), 20, 0),
    ],
    ids=["new launch", "old launch", "new launch half in its shell", "unknown launch"],
)
def test_low_sinking_satellites_are_raising_or_sinking_by_launch(launched, sinking, raising):
    fleet = joined(shell(), element_sets(**LOW))
    sinks, is_raising = sinking_and_raising(fleet, launched, launched)
    assert (sinks.sum(), is_raising.sum()) == (sinking, raising)


@pytest.mark.parametrize(
    ("altitude_km", "rate_km_per_day", "lowered"),
    [
        (547, -5.4, True),
        (480, -5.4, True),
        (547, -0.1, False),
        (350, -5.4, False),
        (299, -99, False),
    ],
    ids=["leaving a shell", "arriving", "in a shell", "too low to tell", "decaying"],
)
def test_satellites_sinking_faster_than_drag_can_make_them_are_lowered(
    altitude_km, rate_km_per_day, lowered
):
    """In April 2026, satellites were lowered from 547 to 478 km in less than 15 days."""
    fleet = sinking_at(altitude_km, rate_km_per_day)
    assert is_lowered(fleet, pd.Series(["2019-074"])).tolist() == [lowered]


def test_limit_of_drag_decreases_with_altitude():
    limit = fastest_drag_km_per_day(np.array([360.0, 450, 480, 500, 547]))
    assert limit == pytest.approx([28.0, 6.4, 3.9, 2.8, 1.3], abs=0.06)
    for rate, is_below in ((1.001, True), (0.999, False)):
        fleet = sinking_at(480, -rate * fastest_drag_km_per_day(np.array([480.0]))[0])
        assert is_lowered(fleet, pd.Series(["2019-074"])).tolist() == [is_below]


@pytest.mark.parametrize(
    ("altitudes", "rates", "launches", "lowered"),
    [
        ([405, 430, 466], [-4, -4.3, -4.6], "aaa", [True] * 3),
        ([405, 430, 465], [-4, -4.3, -4.6], "aaa", [False] * 3),
        ([405, 430, 466], [-2.9, -4.3, -4.6], "aaa", [False] * 3),
        ([405, 430, 466], [-4, -4.3, -4.6], "aab", [False] * 3),
        ([299, 330, 366], [-4, -4.3, -4.6], "aaa", [False, True, True]),
        ([405, 430, 466], [-1.9, -2.0, -1.9], "aaa", [False] * 3),
    ],
    ids=["steady", "within a scale height", "unsteady", "two launches", "low", "in a storm"],
)
def test_satellites_of_a_launch_that_sink_steadily_are_lowered(altitudes, rates, launches, lowered):
    fleet = joined(*map(sinking_at, altitudes, rates))
    assert is_lowered(fleet, pd.Series(list(launches))).tolist() == lowered


def sinking_at(altitude_km: float, rate_km_per_day: float) -> ElementSets:
    """Return a satellite at an altitude with a rate, by Kepler's third law."""
    motion = mean_motion(altitude_km)
    dot = -0.75 * rate_km_per_day * motion / (EARTH_RADIUS_KM + altitude_km)
    return element_sets(mean_motion_rev_per_day=motion, mean_motion_dot=dot)


@pytest.fixture
def climbing(settings: Settings) -> Callable[[int], Path]:
    """Publish five GP lists of a launch that climbs 6 km a day; return the database."""

    def publish(every_days: int) -> Path:
        with Clock("2026-11-01") as clock, CelesTrak() as celestrak:
            used = stages.at(settings, celestrak_url=celestrak.gp_url, sources="celestrak")
            for number in range(5):
                day = 1 + number * every_days
                clock.set(f"2026-11-{day:02d}")
                motion = float(mean_motion(300.0 + 6 * day))
                fields = {"EPOCH": f"2026-11-{day:02d}T06:00:00.5", "MEAN_MOTION": motion}
                celestrak.publish(omm_json(*(omm(100_000 + n, **fields) for n in range(20))))
                stages.publish(used, "auto", str(day))
        return used.database

    return publish


def test_daily_gp_lists_give_a_climb_rate(climbing):
    """The last two of five GP lists are within 10 km of the maximum; three give the rate."""
    (found,) = climbs(climbing(every_days=1)).to_dict("records")
    assert (found["gp_lists"], found["climbing_lists"], found["longest_gap_days"]) == (5, 3, 1)
    rates = [found[f"{name}_km_per_day"] for name in ("climb_rate", "low", "high")]
    assert rates == pytest.approx([6, 6, 6], abs=0.01)
    assert found["first_seen_utc"] == "2026-11-01T12:00:00Z"
    altitudes = found["first_altitude_km"], found["highest_altitude_km"]
    assert altitudes == pytest.approx((306, 330), abs=0.01)
    assert found["launch_utc"] is None or math.isnan(found["launch_utc"])


def test_weekly_gp_lists_give_no_climb_rate(climbing):
    (found,) = climbs(climbing(every_days=7)).to_dict("records")
    assert (found["gp_lists"], found["climbing_lists"], found["longest_gap_days"]) == (5, 4, 7)
    assert math.isnan(found["climb_rate_km_per_day"])
    assert found["highest_altitude_km"] - found["first_altitude_km"] == pytest.approx(168, abs=0.1)


def test_no_climbs_without_gp_lists(published):
    assert climbs(published.database).empty


def test_occupancy_counts_planes_and_satellites():
    full = shell(planes=72, each=22)
    thin = full.select(~np.isin(full.norad_cat_id, 50_001 + np.arange(11)))  # half of one plane
    other = shell(planes=36, each=20, altitude_km=570, inclination_deg=70.0)
    found = occupancy(joined(thin, other))
    assert found["satellites"].tolist() == [72 * 22 - 11, 720]
    assert found["planes"].tolist() == found["occupied_planes"].tolist() == [72, 36]
    assert found["is_certain"].all()
    assert found[["fewest", "most"]].to_numpy().tolist() == [[11, 22], [20, 20]]
    assert found["mean_fill"].tolist() == pytest.approx([(71 + 0.5) / 72, 1])


def test_a_shell_without_planes_has_no_occupied_ones():
    """The nodes of its satellites are anywhere."""
    spread = shell(raan_deg=np.random.default_rng(1).uniform(0, 360, 72 * 22))
    (found,) = occupancy(spread).to_dict("records")
    counts = ("satellites", "planes", "occupied_planes", "fewest", "most")
    assert [found[name] for name in counts] == [72 * 22, 0, 0, 0, 0]
    assert not found["is_certain"]
    assert math.isnan(found["mean_fill"])


def test_occupancy_is_empty_without_shells():
    lone = element_sets(mean_motion_rev_per_day=mean_motion(np.array([300.0, 700.0])))
    assert occupancy(lone).empty


def test_renewal_is_a_share_of_the_fleet_per_year():
    year = ("2025-01-01T00:00:00Z", "2026-01-01T06:00:00Z")  # 365.25 days
    found = renewal_rates(year, (900, 1100), (300, 100))
    assert found.mean_fleet == 1000
    assert (found.newly_listed_per_year, found.newly_unlisted_per_year) == (0.3, 0.1)
