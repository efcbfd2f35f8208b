"""Propagation against the verification data of AIAA 2006-6753 in the sgp4 package."""

from importlib.resources import files

import numpy as np
import pytest
from numpy.typing import NDArray

from spacex.errors import SettingsError
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.instants import after
from spacex.orbits.propagation import Propagator, age_warning, at_epoch, display_instant, propagate
from tests.orbits.fleets import EPOCH, element_sets, joined, shell

EPOCH_ROUNDING_KM = 1e-5
"""SGP4's epoch, in days since 1949, is good to 0.3 microseconds or 2 mm."""
EPOCH_ROUNDING_KM_S = 1e-8

DAY = np.timedelta64(1, "D")
LOST = element_sets(  # sub-orbital; re-enters within the hour
    norad_cat_id=28872,
    epoch_utc=np.datetime64("2005-11-29T00:28:58.938", "us"),
    mean_motion_rev_per_day=16.46015938,
    eccentricity=0.0303955,
    inclination_deg=96.4736,
    raan_deg=157.9986,
    arg_of_pericenter_deg=244.0492,
    mean_anomaly_deg=110.6523,
    bstar=2.4476e-4,
    mean_motion_dot=0.25992681,
)


def power(text: str) -> float:
    """Parse a TLE number with an implied decimal point and a power of ten."""
    return float(f"{text[0]}.{text[1:6].strip()}e{text[6:8].strip() or 0}")


def tle_elements(line1: str, line2: str) -> ElementSets:
    year = int(line1[18:20])
    first = np.datetime64(f"{2000 + year if year < 57 else 1900 + year}-01-01", "us")
    day_864us = round((float(line1[20:32]) - 1) * 1e8)
    return element_sets(
        norad_cat_id=int(line1[2:7]),
        epoch_utc=first + np.timedelta64(day_864us * 864, "us"),
        mean_motion_dot=float(line1[33:43]),
        mean_motion_ddot=power(line1[44:52]),
        bstar=power(line1[53:61]),
        inclination_deg=float(line2[8:16]),
        raan_deg=float(line2[17:25]),
        eccentricity=float(f"0.{line2[26:33].strip()}"),
        arg_of_pericenter_deg=float(line2[34:42]),
        mean_anomaly_deg=float(line2[43:51]),
        mean_motion_rev_per_day=float(line2[52:63]),
    )


def verification() -> list[tuple[ElementSets, NDArray[np.float64]]]:
    """Return each satellite's elements and rows: minutes from the epoch, position, velocity."""
    text = files("sgp4").joinpath("SGP4-VER.TLE").read_text("ascii")
    lines = [line for line in text.splitlines() if line[:1] in {"1", "2"}]
    rows = []
    for line in files("sgp4").joinpath("tcppver.out").read_text("ascii").splitlines():
        if "xx" in line:
            rows.append([])
        else:
            rows[-1].append([float(field) for field in line.split()[:7]])
    pairs = zip(lines[::2], lines[1::2], strict=True)
    return [(tle_elements(*pair), np.array(one)) for pair, one in zip(pairs, rows, strict=True)]


CASES = verification()
SOUND = [case for case in CASES if case[0].norad_cat_id[0] != 33334]  # fails at once


@pytest.mark.parametrize(("satellite", "rows"), SOUND, ids=lambda case: str(case)[:0])
def test_states_match_the_verification(satellite, rows):
    when = after(satellite.epoch_utc[0], rows[:, 0] * 60)
    states = propagate(satellite, when)
    assert not states.error.any()
    assert np.abs(states.position_km[0] - rows[:, 1:4]).max() < EPOCH_ROUNDING_KM
    assert np.abs(states.velocity_km_s[0] - rows[:, 4:7]).max() < EPOCH_ROUNDING_KM_S


def test_verification_is_complete():
    assert len(SOUND) == 32
    assert sum(len(rows) for _, rows in SOUND) == 666


@pytest.mark.parametrize(
    ("number", "minutes", "code"),
    [(28872, 55, 6), (29141, 440, 6), (33333, 25, 4), (33334, 0, 3), (22312, 494, 1)],
)
def test_error_codes_match_the_verification(number, minutes, code):
    (satellite,) = (one for one, _ in CASES if one.norad_cat_id[0] == number)
    states = propagate(satellite, satellite.epoch_utc[0] + np.timedelta64(minutes, "m"))
    assert states.error.tolist() == [[code]]
    assert np.isnan(states.position_km).all()
    assert np.isnan(states.velocity_km_s).all()


def test_failure_names_satellite_instant_and_reason():
    fleet = joined(LOST, element_sets())
    states = propagate(fleet, LOST.epoch_utc[0] + np.array([0, 60, 90], "timedelta64[m]"))
    (sentence,) = states.failures()
    assert sentence.startswith("NORAD 28872 has no position at 2005-11-29T01:28:58Z: mrt is less")
    assert states.error[:, 0].tolist() == [0, 0]
    assert np.isnan(states.position_km).any(axis=2).tolist() == (states.error != 0).tolist()
    assert not states.error[1].any()


def test_nine_digit_catalogue_numbers_are_propagated():
    states = propagate(element_sets(norad_cat_id=[339_999, 340_000, 799_999_999]), EPOCH)
    assert states.norad_cat_id.tolist() == [339_999, 340_000, 799_999_999]
    assert not states.error.any()
    assert np.ptp(states.position_km, axis=0).max() == 0


def test_propagator_matches_propagate():
    fleet = shell(planes=3, each=4)
    one, many = Propagator(fleet), EPOCH + np.arange(5) * np.timedelta64(10, "m")
    together = one.states(many)
    assert together.position_km.shape == (12, 5, 3)
    for place, when in enumerate(many):
        assert (one.states(when).position_km[:, 0] == together.position_km[:, place]).all()


def test_at_epoch_matches_propagation_to_the_epoch():
    fleet = element_sets(epoch_utc=EPOCH + np.arange(4) * np.timedelta64(7, "h"), raan_deg=range(4))
    states = at_epoch(fleet)
    same = propagate(fleet, fleet.epoch_utc).position_km[range(4), range(4)]
    assert states.position_km.shape == (4, 1, 3)
    assert states.instants[:, 0].tolist() == fleet.epoch_utc.tolist()
    assert np.abs(states.position_km[:, 0] - same).max() < EPOCH_ROUNDING_KM


def test_failure_at_epoch_names_the_epoch():
    (fallen,) = (one for one, _ in CASES if one.norad_cat_id[0] == 33334)
    (sentence,) = at_epoch(joined(element_sets(), fallen)).failures()
    assert sentence.startswith("NORAD 33334 has no position at 2006-06-23T20:35:47Z: perturbed")


def test_missing_instant_raises():
    with pytest.raises(SettingsError, match="An instant is missing"):
        propagate(element_sets(), np.datetime64("NaT"))


@pytest.mark.parametrize(
    ("days", "needed"),
    [(-7.5, " Elements of before that instant are needed."), (7.5, " Load newer elements.")],
)
def test_age_warning_far_from_the_epoch(days, needed):
    fleet = element_sets(epoch_utc=[EPOCH, EPOCH + DAY])
    warning = age_warning(fleet, EPOCH + np.timedelta64(int(days * 24), "h"))
    assert "of 2 satellites are more than 7 days away" in warning
    assert warning.endswith(needed)


def test_age_warning_counts_satellites():
    fleet = element_sets(epoch_utc=EPOCH - np.array([0, 6, 8]) * DAY)
    assert age_warning(fleet, EPOCH).startswith(
        "The elements of 1 of 3 satellites are more than 7 days"
    )
    assert "(at most 8.0 days)" in age_warning(fleet, EPOCH)


@pytest.mark.parametrize(("days", "is_present"), [(-0.5, True), (13.9, True), (14.1, False)])
def test_display_instant_is_the_present_unless_elements_are_old(days, is_present):
    newest = EPOCH + np.timedelta64(9, "h")  # a prediction, as CelesTrak has some
    fleet = element_sets(epoch_utc=[EPOCH - DAY, EPOCH, newest])
    now = newest + np.timedelta64(int(days * 86400), "s")
    assert display_instant(fleet.epoch_utc, now) == (now if is_present else EPOCH)


def test_display_instant_of_old_elements_is_a_whole_minute():
    fleet = element_sets(epoch_utc=EPOCH + np.timedelta64(119, "s"))
    assert display_instant(fleet.epoch_utc, "2030-01-01") == EPOCH + np.timedelta64(1, "m")
