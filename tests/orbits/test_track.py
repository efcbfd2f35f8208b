"""Ground tracks against single positions and known geometry."""

import numpy as np
import pandas as pd
import pytest

from spacex.errors import DataError, SettingsError
from spacex.orbits.earth import earth_fixed_km, geodetic
from spacex.orbits.propagation import propagate
from spacex.orbits.track import ground_track
from tests.orbits.fleets import EPOCH, element_sets
from tests.orbits.test_propagation import LOST

DAY_LATER = EPOCH + np.timedelta64(1, "D")

PROGRADE, RETROGRADE, EQUATORIAL = 53.05, 142.0, 0.01


def track(inclination: float = PROGRADE, step_s: float = 30.0) -> pd.DataFrame:
    return ground_track(element_sets(inclination_deg=inclination), EPOCH, DAY_LATER, step_s)


def test_track_points_are_below_the_satellite():
    line = track()
    own = line[line["longitude_deg"].abs() < 180]
    when = own["instant_utc"].to_numpy("datetime64[us]")
    below = geodetic(earth_fixed_km(propagate(element_sets(), when).position_km[0], when))
    assert own["longitude_deg"].to_numpy() == pytest.approx(below.longitude_deg)
    assert own["latitude_deg"].to_numpy() == pytest.approx(below.latitude_deg)
    assert own["height_km"].to_numpy() == pytest.approx(below.height_km)
    assert len(own) == 24 * 3600 / 30 + 1


@pytest.mark.parametrize("inclination", [PROGRADE, RETROGRADE, EQUATORIAL, 97.66])
def test_no_segment_crosses_the_antimeridian(inclination):
    for _, segment in track(inclination).groupby("segment"):
        assert segment["longitude_deg"].diff().abs().max() < 90
        assert segment["longitude_deg"].between(-180, 180).all()


@pytest.mark.parametrize(("inclination", "heading"), [(PROGRADE, 1), (RETROGRADE, -1)])
def test_segments_meet_on_both_sides_of_the_antimeridian(inclination, heading):
    line = track(inclination)
    ends = line.groupby("segment").last().iloc[:-1]
    starts = line.groupby("segment").first().iloc[1:]
    assert (ends["longitude_deg"] == 180 * heading).all()
    assert (starts["longitude_deg"] == -180 * heading).all()
    assert (ends["instant_utc"].to_numpy() == starts["instant_utc"].to_numpy()).all()
    assert (ends["latitude_deg"].to_numpy() == starts["latitude_deg"].to_numpy()).all()


def test_a_day_has_one_segment_per_revolution_over_the_ground():
    # 15.06 revolutions among the stars are one fewer over the ground, and the node drifts west.
    assert track()["segment"].nunique() == 15
    assert track(RETROGRADE)["segment"].nunique() == 17


def test_segments_are_numbered_in_time_order():
    line = track()
    assert line["instant_utc"].is_monotonic_increasing
    assert line["segment"].is_monotonic_increasing
    assert line["segment"].unique().tolist() == list(range(line["segment"].nunique()))


def test_inserted_points_lie_between_their_neighbours():
    coarse, fine = track(step_s=60), track(step_s=1)
    for _, edge in coarse[coarse["longitude_deg"] == 180].iterrows():
        nearest = (fine["instant_utc"] - edge["instant_utc"]).abs().argmin()
        assert fine["latitude_deg"].iloc[nearest] == pytest.approx(edge["latitude_deg"], abs=0.1)


def test_track_without_a_crossing_is_one_segment():
    line = ground_track(element_sets(), EPOCH, EPOCH + np.timedelta64(60, "s"))
    assert line["segment"].tolist() == [0, 0, 0]


def test_track_needs_one_satellite():
    with pytest.raises(DataError, match="needs one satellite; 2 were given"):
        ground_track(element_sets(raan_deg=[0, 1]), EPOCH, DAY_LATER)


def test_decaying_satellite_has_no_track():
    with pytest.raises(DataError, match=r"NORAD 28872 has no position at .* closer to the epoch"):
        ground_track(LOST, LOST.epoch_utc[0], LOST.epoch_utc[0] + np.timedelta64(2, "h"))


def test_backward_track_raises():
    with pytest.raises(SettingsError, match="is not after the start"):
        ground_track(element_sets(), EPOCH, EPOCH)
