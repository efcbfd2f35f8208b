"""Passes against skyfield, which uses SGP4 at every instant."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from sgp4.api import WGS72, Satrec
from skyfield.api import EarthSatellite, load, wgs84
from skyfield.toposlib import GeographicPosition

from spacex.errors import DataError, SettingsError
from spacex.orbits import passes as module
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.ephemeris import ephemeris
from spacex.orbits.instants import after, span
from spacex.orbits.passes import find_passes
from spacex.orbits.place import Place
from spacex.orbits.propagation import Propagator, propagate
from spacex.orbits.sun import is_dark_sky, is_sunlit
from tests.orbits.fleets import EPOCH, element_sets, joined, shell
from tests.orbits.test_propagation import LOST

TIME_S = 1.0
"""Step of skyfield's search for maxima; its crossings are good to 0.2 s."""
ANGLE_DEG = 0.005
"""Interpolation error and UT1: 40 m at 500 km."""

DAY_LATER = EPOCH + np.timedelta64(1, "D")
RISE, CULMINATION, SET = range(3)
TIMESCALE = load.timescale(builtin=True)

ORBITS = {
    "first shell": {},
    "polar shell": {"inclination_deg": 97.66, "mean_motion_rev_per_day": 15.02},
    "as it is raised": {"mean_motion_rev_per_day": 15.7, "eccentricity": 0.004},
    "low inclination": {"inclination_deg": 33.0, "mean_anomaly_deg": 200.0},
}
PLACES = {
    "Berlin": Place(52.52, 13.40),
    "Quito, 2.8 km up": Place(-0.18, -78.47, 2.8),
    "Sydney": Place(-33.87, 151.21),
    "Suva, by the antimeridian": Place(-18.14, 178.44),
    "Tromso, to the north of the shell": Place(69.65, 18.96),
}


def skyfield_satellite(elements: ElementSets) -> EarthSatellite:
    names = ("arg_of_pericenter_deg", "inclination_deg", "mean_anomaly_deg", "raan_deg")
    *angles, node = (np.radians(getattr(elements, name)[0]) for name in names)
    motion = elements.mean_motion_rev_per_day[0] * 2 * np.pi / 1440
    day = (elements.epoch_utc[0] - np.datetime64("1949-12-31", "us")) / np.timedelta64(1, "D")
    drag, shape = (elements.bstar[0], 0.0, 0.0), (elements.eccentricity[0], *angles, motion, node)
    record = Satrec()
    record.sgp4init(WGS72, "i", 1, day, *drag, *shape)
    return EarthSatellite.from_satrec(record, TIMESCALE)


def skyfield_passes(
    satellite: EarthSatellite, place: GeographicPosition, min_elevation_deg: float
) -> NDArray[np.float64]:
    """Return seconds from the epoch to rise, culmination and set of complete passes; (p, 3)."""
    start = TIMESCALE.utc(2022, 11, 7)
    hour = 1 / 24
    times, events = satellite.find_events(place, start - hour, start + 1 + hour, min_elevation_deg)
    elapsed_s = (times - start) * 86400
    whole = [
        elapsed_s[first : first + 3]
        for first in range(len(events) - 2)
        if events[first : first + 3].tolist() == [RISE, CULMINATION, SET]
    ]
    return np.array([one for one in whole if 0 <= one[CULMINATION] <= 86400]).reshape(-1, 3)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("orbit", ORBITS.values(), ids=ORBITS)
@pytest.mark.parametrize("min_elevation", [0.0, 10.0, 25.0])
def test_passes_match_skyfield(orbit, place, min_elevation):
    elements = element_sets(**orbit)
    satellite = skyfield_satellite(elements)
    here = wgs84.latlon(place.latitude_deg, place.longitude_deg, place.height_km * 1000)
    found = find_passes(elements, place, EPOCH, DAY_LATER, min_elevation)
    elapsed_s = (found.at_utc - EPOCH) / np.timedelta64(1, "s")
    expected_s = skyfield_passes(satellite, here, min_elevation)
    assert elapsed_s.shape == expected_s.shape
    assert np.abs(elapsed_s - expected_s).max(initial=0) < TIME_S
    for one, instants_s in enumerate(elapsed_s):
        then = TIMESCALE.utc(2022, 11, 7, second=instants_s)
        elevation, azimuth, _ = (satellite - here).at(then).altaz()
        turn = (found.look.azimuth_deg[one] - azimuth.degrees + 180) % 360 - 180
        assert np.abs(found.look.elevation_deg[one] - elevation.degrees).max() < ANGLE_DEG
        assert np.abs(turn * np.cos(elevation.radians)).max() < ANGLE_DEG
        assert np.abs(elevation.degrees[[RISE, SET]] - min_elevation).max() < ANGLE_DEG


def test_passes_are_ordered_by_culmination():
    fleet = shell(planes=6, each=6)
    found = find_passes(fleet, PLACES["Berlin"], EPOCH, DAY_LATER)
    assert (np.diff(found.at_utc[:, CULMINATION]) >= np.timedelta64(0)).all()
    assert (np.diff(found.at_utc, axis=1) > np.timedelta64(0)).all()
    assert set(found.norad_cat_id) == set(fleet.norad_cat_id)


@pytest.mark.parametrize("part_size", [1500, 1], ids=["three satellites", "one satellite"])
def test_fleet_in_parts_has_the_passes_of_its_satellites(monkeypatch, part_size):
    fleet = shell(planes=4, each=3)
    each = [fleet.select([row]) for row in range(len(fleet))]
    alone = [find_passes(one, PLACES["Sydney"], EPOCH, DAY_LATER).frame() for one in each]
    monkeypatch.setattr(module, "_PART_SIZE", part_size)
    together = find_passes(fleet, PLACES["Sydney"], EPOCH, DAY_LATER).frame()
    for satellite in alone:
        number = satellite["norad_cat_id"].iloc[0]
        same = together[together["norad_cat_id"] == number].reset_index(drop=True)
        assert (same["rise_utc"] - satellite["rise_utc"]).abs().max().total_seconds() < 0.01
        assert len(same) == len(satellite)


def test_each_pass_belongs_to_one_span():
    cuts = span(EPOCH, DAY_LATER, 5 * 3600)
    whole = find_passes(shell(2, 5), PLACES["Berlin"], EPOCH, DAY_LATER)
    pieces = [find_passes(shell(2, 5), PLACES["Berlin"], *pair) for pair in pairwise(cuts)]
    assert sum(map(len, pieces)) == len(whole)
    for piece, (first, last) in zip(pieces, pairwise(cuts), strict=True):
        assert (piece.at_utc[:, CULMINATION] >= first).all()
        assert (piece.at_utc[:, CULMINATION] <= last).all()


def test_pass_is_visible_if_sunlit_in_a_dark_sky():
    fleet, place = shell(planes=12, each=4), PLACES["Berlin"]
    found = find_passes(fleet, place, EPOCH, DAY_LATER)
    top = found.at_utc[:, CULMINATION]
    rows = np.searchsorted(fleet.norad_cat_id, found.norad_cat_id)
    teme_km = propagate(fleet, top).position_km[rows, range(len(found))]
    assert (found.is_sunlit == is_sunlit(teme_km, top)).all()
    assert (found.is_dark_sky == is_dark_sky(place, top)).all()
    assert (found.is_visible == (found.is_sunlit & found.is_dark_sky)).all()
    assert 0 < found.is_visible.sum() < found.is_dark_sky.sum() < len(found)


def test_visible_passes_in_november_are_in_the_evening_and_morning():
    found = find_passes(shell(12, 10), PLACES["Berlin"], EPOCH, DAY_LATER).frame()
    hour = found.loc[found["is_visible"], "culmination_utc"].dt.hour
    assert set(hour) <= {3, 4, 5, 16, 17, 18}  # the Sun is down from 15:30 to 6:10 UTC


def test_frame_has_one_row_per_pass():
    found = find_passes(element_sets(), PLACES["Berlin"], EPOCH, DAY_LATER)
    frame = found.frame()
    assert len(frame) == len(found) > 3
    for event, name in enumerate(("rise", "culmination", "set")):
        instants = pd.DatetimeIndex(found.at_utc[:, event], tz="UTC")
        assert frame[f"{name}_utc"].tolist() == instants.tolist()
        assert frame[f"{name}_azimuth_deg"].tolist() == [*found.look.azimuth_deg[:, event]]
    assert frame["culmination_elevation_deg"].tolist() == [
        *found.look.elevation_deg[:, CULMINATION]
    ]
    assert frame["culmination_range_km"].tolist() == [*found.look.range_km[:, CULMINATION]]


EVERYWHERE = {
    **PLACES,
    "the equator": Place(0.0, 0.0),
    "the north pole": Place(90.0, 0.0),
    "the south pole": Place(-90.0, 0.0, 2.8),
    "the edge of the first shells": Place(66.5, -120.0),
    "below the sea": Place(31.5, 35.5, -0.43),
}
SEARCH = np.timedelta64(4, "h")


@pytest.fixture
def all_steps(monkeypatch):
    """Return a function that finds passes by evaluating SGP4 at every step."""

    def find(*arguments):
        with monkeypatch.context() as patched:
            patched.setattr(module, "ephemeris", lambda *some: ephemeris(*some[:3]))
            return find_passes(*arguments)

    return find


@pytest.mark.parametrize("place", EVERYWHERE.values(), ids=EVERYWHERE)
def test_the_recorded_fleet_has_the_passes_of_a_search_of_every_step(celestrak, all_steps, place):
    fleet = celestrak("2025-06-01")
    for start, min_elevation in (("2025-06-01T20:00", 10.0), ("2025-06-20T03:10", 0.0)):
        first = np.datetime64(start, "us")
        span_of_time = (first, first + SEARCH)
        found = find_passes(fleet, place, *span_of_time, min_elevation)
        every = all_steps(fleet, place, *span_of_time, min_elevation)
        pd.testing.assert_frame_equal(found.frame(), every.frame())
        assert found.failures == every.failures
        assert len(found) > 50


@pytest.mark.parametrize("place", EVERYWHERE.values(), ids=EVERYWHERE)
@pytest.mark.parametrize("min_elevation", [0.0, 10.0, 60.0])
def test_odd_orbits_have_the_passes_of_a_search_of_every_step(all_steps, place, min_elevation):
    each = 40
    odd = [
        shell(each, 1, altitude_km=330, inclination_deg=97.0),
        shell(each, 1, altitude_km=1_900, inclination_deg=143.0),
        shell(each, 1, altitude_km=1_200, inclination_deg=53.0, eccentricity=0.12),
        shell(each, 1, altitude_km=550, inclination_deg=0.5),
        shell(each, 1, altitude_km=250, inclination_deg=53.0, bstar=2e-3),
    ]
    fleet = joined(*odd)
    found = find_passes(fleet, place, EPOCH, DAY_LATER, min_elevation)
    every = all_steps(fleet, place, EPOCH, DAY_LATER, min_elevation)
    pd.testing.assert_frame_equal(found.frame(), every.frame())
    assert found.failures == every.failures


def test_a_search_evaluates_a_part_of_the_steps(celestrak, monkeypatch):
    fleet, evaluated = celestrak("2025-06-01"), []
    of_some = Propagator.some_states

    def counted(self, when, is_wanted):
        evaluated.append(is_wanted.mean())
        return of_some(self, when, is_wanted)

    monkeypatch.setattr(Propagator, "some_states", counted)
    start = np.datetime64("2025-06-01T20:00", "us")
    find_passes(fleet, PLACES["Berlin"], start, start + SEARCH)
    assert np.mean(evaluated) < 0.25


def test_no_passes_give_an_empty_frame():
    found = find_passes(element_sets(inclination_deg=0.1), Place(80, 0), EPOCH, DAY_LATER)
    assert len(found) == 0
    assert found.frame().empty
    assert found.failures == []


def test_decaying_satellite_is_reported():
    start = LOST.epoch_utc[0]
    fleet = joined(LOST, element_sets(epoch_utc=start))
    found = find_passes(fleet, PLACES["Berlin"], start, after(start, np.float64(86400)))
    assert [sentence[:11] for sentence in found.failures] == ["NORAD 28872"]
    assert not np.isnat(found.at_utc).any()
    assert np.isfinite(found.look.azimuth_deg).all()


def test_an_elevation_just_below_the_zenith_is_valid():
    below = np.nextafter(90.0, 0.0)
    assert len(find_passes(element_sets(), PLACES["Berlin"], EPOCH, DAY_LATER, below)) == 0


@pytest.mark.parametrize("min_elevation", [np.nextafter(0.0, -1.0), 90, float("nan")])
def test_invalid_elevation_raises(min_elevation):
    with pytest.raises(SettingsError, match="Give one from 0 to below 90"):
        find_passes(element_sets(), PLACES["Berlin"], EPOCH, DAY_LATER, min_elevation)


def test_backward_span_raises():
    with pytest.raises(SettingsError, match="is not after the start"):
        find_passes(element_sets(), PLACES["Berlin"], DAY_LATER, EPOCH)


def test_high_orbits_raise():
    fleet = element_sets(norad_cat_id=[44713, 28626], mean_motion_rev_per_day=[15.06, 1.0027])
    with pytest.raises(DataError, match=r"for 1 satellite \(NORAD 28626\)\. Leave"):
        find_passes(fleet, PLACES["Berlin"], EPOCH, DAY_LATER)
