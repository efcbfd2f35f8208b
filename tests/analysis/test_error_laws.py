"""The expected errors of predictions."""

import numpy as np
import pandas as pd
import pytest

from spacex.analysis.error_laws import (
    GROUPS,
    NO_GROUP,
    ExpectedErrors,
    error_table,
    error_text,
    groups,
    use_warning,
)
from tests.orbits.fleets import EPOCH, element_sets, mean_motion

OPTIMIZED = "V2 mini optimized at 430 to 510 km"
LAWS = {law.group: law for law in error_table().law}
DAY = np.timedelta64(1, "D")


def satellites(*versions: str | None, source: str = "celestrak") -> pd.DataFrame:
    return pd.DataFrame({"version": versions, "source": source})


def expected(days: float, source: str = "celestrak") -> list[float]:
    """Return the expected errors of a V2 mini optimized at 480 km, some days after its epoch."""
    fleet = element_sets(mean_motion_rev_per_day=mean_motion(480))
    laws = ExpectedErrors.of(satellites("V2 mini optimized", source=source), fleet)
    when = EPOCH + np.array([round(days * 86400e6)]).astype("m8[us]")
    return [float(each) for each in laws.at(when).iloc[0]]


def test_satellites_are_grouped_by_altitude_version_and_thrust() -> None:
    altitude = [480, 480, 480, 550, 550, 360, 700, 360]
    rate = [0, 0, 0, 0, 0, 0, 0, 0.001]  # half of rev/d²
    fleet = element_sets(mean_motion_rev_per_day=mean_motion(altitude), mean_motion_dot=rate)
    versions = ["V2 mini", "v1.5", None, "v1.0", "V2 mini optimized", "v1.5", "v1.5", "v1.5"]
    found = groups(fleet, pd.Series(versions, dtype=object))
    names = [None if number == NO_GROUP else GROUPS[number].name for number in found]
    assert names == [
        "V2 mini at 430 to 510 km",
        "v1.5 at 430 to 510 km",
        None,
        "v0.9 to v1.5 at 510 to 600 km",
        "V2 mini at 510 to 600 km",
        None,
        None,
        "climbing or sinking at 340 to 430 km",
    ]


def test_the_error_follows_the_law_of_the_group() -> None:
    """The speed at 480 km is sqrt(mu / a) = 7.623 km/s."""
    law = LAWS[OPTIMIZED]
    error, high, seconds = expected(2)
    assert error == pytest.approx(law.median.km * 2**law.median.exponent)
    assert high == pytest.approx(law.high.km * 2**law.high.exponent)
    assert seconds == pytest.approx(error / 7.623, rel=1e-3)
    assert expected(-2) == expected(2)


def test_what_was_not_measured_is_unknown() -> None:
    assert expected(0) == expected(0.25)
    assert np.isfinite(expected(7)).all()
    assert np.isnan(expected(7.01)).all()
    assert np.isnan(expected(1, source="sample")).all()


def test_each_prediction_has_the_law_of_its_satellite() -> None:
    fleet = element_sets(mean_motion_rev_per_day=mean_motion([480, 550]))
    laws = ExpectedErrors.of(satellites("V2 mini optimized", "v1.5"), fleet)
    found = laws.at(EPOCH + np.array([1, 3, 1]) * DAY, np.array([1, 0, 0]))
    first = LAWS["v0.9 to v1.5 at 510 to 600 km"].median.km
    assert found["error_km"].iloc[[0, 2]].tolist() == [first, LAWS[OPTIMIZED].median.km]
    assert laws.at(EPOCH, np.zeros(0, np.intp)).empty


def test_every_law_has_a_group_and_grows() -> None:
    assert {law.group for law in error_table().law} <= {group.name for group in GROUPS}
    ages = np.linspace(0.25, 7, 100)
    for law in error_table().law:
        low, median, high = law.band(ages)
        assert (low <= median).all()
        assert (median <= high).all()
        assert (np.diff(median) > 0).all()


@pytest.mark.parametrize(
    ("error_km", "error_s", "text"),
    [
        (3.39, 0.45, "± 3.4 km, ± 0.5 s"),
        (38.59, 5.06, "± 39 km, ± 5.1 s"),
        (9.95, 9.94, "± 10 km, ± 9.9 s"),
        (0.2, 0.02, "± 0.2 km, ± 0.1 s"),
        (412.3, 54.2, "± 412 km, ± 54 s"),
        (1500.0, 200.0, "beyond use: ± 1,500 km"),
        (np.nan, np.nan, "unknown"),
    ],
)
def test_errors_have_units(error_km: float, error_s: float, text: str) -> None:
    assert error_text(error_km, error_s).replace("\xa0", " ") == text


def test_predictions_beyond_use_are_told() -> None:
    assert use_warning(pd.Series([999.0, np.nan])) == ""
    told = use_warning(pd.Series([1001.0, 3.0, np.nan]))
    assert told.startswith("1 of 3 predictions are beyond use: half of such err by more than 1,000")
