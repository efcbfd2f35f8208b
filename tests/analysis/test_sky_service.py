"""What the fleet offers a place, against the propagated fleet, the almanac and known distances."""

import numpy as np
import pandas as pd
import pytest

from spacex.analysis import sky_service
from spacex.analysis.sky_service import (
    LIGHT_KM_PER_MS,
    by_latitude,
    in_sight_text,
    light_time,
    naked_eye,
    naked_eye_text,
)
from spacex.orbits.earth import earth_fixed_km
from spacex.orbits.magnitudes import DARK_PLACE_MAG, apparent_magnitude
from spacex.orbits.place import Place
from spacex.orbits.propagation import propagate
from spacex.orbits.sun import is_sunlit, phase_angle_deg, sun_direction
from tests.orbits.fleets import EPOCH, element_sets, shell

FLEET = shell(planes=36, each=20)
BERLIN = Place(52.5, 13.4)
HOUR = np.timedelta64(1, "h")


def satellites(
    version: str = "V2 mini direct to cell", status: str = "operational"
) -> pd.DataFrame:
    """Return the satellites of a shell."""
    columns = {name: getattr(FLEET, name) for name in vars(FLEET) if not name.startswith("_")}
    known = {"version": version, "launch_date": "2024-01-01", "orbit_status": status}
    return pd.DataFrame({k: v for k, v in columns.items() if np.ndim(v) == 1}).assign(**known)


def test_the_naked_eye_sees_what_the_propagated_fleet_shows():
    """The mean over 120 instants of two weeks of evenings, each with the Sun where it is then."""
    frame = satellites()
    difference = np.full(len(frame), 6.47 - 7.87)
    drawn = sky_service._drawn(frame, difference, BERLIN)
    when = EPOCH + np.arange(10)[:, None] * np.timedelta64(24, "h") + 16 * HOUR
    when = (when + np.arange(12) * np.timedelta64(7, "m")).ravel()
    states = propagate(FLEET, when)
    fixed = earth_fixed_km(states.position_km, when)
    look = BERLIN.look(fixed)
    phase = np.array([phase_angle_deg(BERLIN, each, when) for each in fixed])
    magnitude = apparent_magnitude(np.float64(6.47 - 7.87), look.range_km, phase)
    seen = is_sunlit(states.position_km, when) & (look.elevation_deg >= 10)
    seen &= magnitude <= DARK_PLACE_MAG
    suns = earth_fixed_km(sun_direction(when), when)
    expected = np.array([drawn.seen(sun)[1] for sun in suns])
    assert seen.sum() > 200
    assert expected.sum() == pytest.approx(seen.sum(), rel=0.1)


def test_the_sun_is_highest_at_noon_and_west_of_the_place_after_it():
    place = Place(23.44, 13.4)
    noon, later = (sky_service._sun(6, hour, place.longitude_deg) for hour in (12.0, 14.0))
    assert np.degrees(np.arcsin(noon @ place.axes[2])) == pytest.approx(90, abs=0.3)
    assert np.degrees(np.arccos(noon @ later)) == pytest.approx(
        30 * np.cos(np.radians(23.3)), abs=1
    )
    assert later @ place.axes[0] < 0


def test_none_is_seen_at_winter_midnight_and_some_at_dusk():
    found = naked_eye(satellites(), BERLIN).set_index(["month", "hour"])
    assert len(found) == 12 * 48
    assert found.loc[(12, 0.0), ["is_dark", "dark_place"]].tolist() == [True, 0]
    assert found.loc[(12, 17.5), "dark_place"] > found.loc[(12, 19.0), "dark_place"]
    assert found.loc[(6, 12.0)].tolist() == [False, 0, 0]
    assert (found["town"] <= found["dark_place"]).all()
    assert "sees most satellites at once in" in naked_eye_text(found.reset_index())


def test_satellites_of_unknown_brightness_are_left_out():
    found = naked_eye(satellites(status="lowering"), BERLIN)
    assert not found["dark_place"].any()
    assert "sees none" in naked_eye_text(found)


def test_latitudes_are_symmetric_and_most_are_at_the_edge_of_the_shell():
    found = by_latitude(FLEET).set_index("latitude_deg")["satellites"]
    assert found[50.0] == found[-50.0]
    assert abs(found.idxmax()) == 48
    assert found[90.0] == 0
    assert "of 720 satellites are above 25°" in in_sight_text(FLEET, 52.5)


def test_light_takes_the_way_to_the_nearest_satellite_and_back():
    found = light_time(FLEET, BERLIN, EPOCH)
    assert (found.instants, found.since) == (49, "2022-11-07 00:00")
    shortest, longest = 2 * 540 / LIGHT_KM_PER_MS, 2 * 1130 / LIGHT_KM_PER_MS
    assert shortest < found.low_ms <= found.median_ms <= found.high_ms < longest
    assert "No answer can be faster than twice that." in found.text
    alone = light_time(element_sets(), Place(80.0, 0.0), EPOCH)
    assert (alone.with_none, np.isnan(alone.median_ms)) == (49, True)
    assert alone.text.startswith("No satellite is above 25° at any of 49 instants")
