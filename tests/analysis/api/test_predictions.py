"""The expected errors of positions, tracks and passes."""

import numpy as np
import pandas as pd
import pytest

from spacex.analysis.api import provenance
from spacex.analysis.api.fleet_positions import passes, positions, shown_instant, track
from spacex.analysis.error_laws import error_table
from spacex.analysis.sightings import OF_SATELLITES
from spacex.errors import DataWarning
from spacex.orbits.cities import CITIES
from tests.clock import Clock
from tests.orbits.fleets import EPOCH, ONE, element_sets, mean_motion

LAWS = {law.group: law for law in error_table().law}
STEADY = LAWS["V2 mini optimized at 430 to 510 km"].median
CLIMBING = LAWS["climbing or sinking at 340 to 430 km"].median
DAY = np.timedelta64(1, "D")


def satellites() -> pd.DataFrame:
    """Return a V2 mini optimized in its shell, and one that climbs."""
    fleet = element_sets(
        norad_cat_id=[1, 2],
        mean_motion_rev_per_day=mean_motion([480, 360]),
        mean_motion_dot=[0, -0.002],
    )
    known = dict.fromkeys(OF_SATELLITES) | {"version": "V2 mini optimized", "source": "celestrak"}
    return pd.DataFrame(known | {name: getattr(fleet, name) for name in ONE}).assign(
        object_name=["STEADY", "CLIMBING"]
    )


def test_a_position_has_the_error_of_its_age() -> None:
    found = positions(satellites(), EPOCH + 2 * DAY)
    expected = [float(law.at(np.array(2.0))) for law in (STEADY, CLIMBING)]
    assert found["error_km"].tolist() == pytest.approx(expected)
    assert (found["error_high_km"] > found["error_km"]).all()
    assert found.attrs["errors"]["measured"] == error_table().period


def test_the_error_grows_along_a_track() -> None:
    found = track(satellites().head(1), EPOCH + DAY, 24)
    assert found["error_km"].is_monotonic_increasing
    ends = found["error_km"].iloc[[0, -1]].tolist()
    assert ends == pytest.approx([STEADY.km, float(STEADY.at(np.array(2.0)))])


def test_a_pass_is_early_or_late_by_its_error() -> None:
    """At 480 km the speed is 7.623 km/s."""
    found = passes(satellites().head(1), CITIES["Berlin"], EPOCH, 24, 10)
    assert len(found) > 3
    age = (found["culmination_utc"].dt.tz_localize(None) - pd.Timestamp(EPOCH)) / pd.Timedelta("1D")
    expected = STEADY.at(np.maximum(age.to_numpy(float), 0.25))
    assert found["error_km"].to_numpy() == pytest.approx(expected)
    assert found["error_s"].to_numpy() == pytest.approx(expected / 7.623, rel=1e-3)


def test_a_fleet_that_is_not_of_the_present_is_dated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "_shown", set())
    epochs = pd.Series([f"2022-11-{day:02d}T12:34:56.000000Z" for day in (20, 7, 13)])
    with Clock("2026-11-28"), pytest.warns(DataWarning) as told:
        assert shown_instant(epochs) == np.datetime64("2022-11-13T12:34")
    assert [str(each.message) for each in told] == [
        (
            "The newest elements are of 2022-11-20, too old for the present: shown is "
            "2022-11-13T12:34:00Z. Name an instant to choose another."
        )
    ]


def test_predictions_beyond_use_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A climbing satellite is lost within days."""
    monkeypatch.setattr(provenance, "_shown", set())
    with pytest.warns(DataWarning, match="1 of 2 predictions are beyond use"):
        found = positions(satellites(), EPOCH + 5 * DAY)
    assert found["error_km"].iloc[1] > 1000
