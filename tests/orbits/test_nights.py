"""Nights, against the clock of the place and the Sun."""

import numpy as np
import pytest

from spacex.orbits.cities import find_place
from spacex.orbits.nights import dark_spans, first_night, lit_spans
from spacex.orbits.sun import is_dark_sky, sun_elevation_deg

BERLIN = find_place("Berlin")


@pytest.mark.parametrize(
    ("start", "where", "evening", "noon"),
    [
        ("2026-05-04T15:00", "Berlin", "2026-05-04", "2026-05-05T10:00"),
        ("2026-05-05T01:00", "Berlin", "2026-05-04", "2026-05-05T10:00"),
        ("2026-05-05T07:00", "Berlin", "2026-05-05", "2026-05-06T10:00"),  # the night has ended
        ("2026-03-28T15:00", "Berlin", "2026-03-28", "2026-03-29T11:00"),  # summer time begins
        ("2026-05-04T10:00", "-41.3, 174.8", "2026-05-04", "2026-05-05T00:20:48"),
        ("2026-06-21T10:00", "80, 0", "2026-06-21", "2026-06-22T12:00"),  # it never gets dark
    ],
)
def test_a_night_lasts_until_noon(start: str, where: str, evening: str, noon: str) -> None:
    found = first_night(np.datetime64(start, "us"), find_place(where))
    assert found == (evening, np.datetime64(noon, "us"))


def test_dark_spans_are_those_of_a_dark_sky() -> None:
    start, end = np.datetime64("2026-05-04T12:00", "us"), np.datetime64("2026-05-05T12:00", "us")
    ((since, until),) = dark_spans(BERLIN, start, end)
    assert is_dark_sky(BERLIN, since + np.timedelta64(60, "s")).all()
    assert not is_dark_sky(BERLIN, np.array([since, until])).any()


@pytest.mark.parametrize("day", ["06-21", "12-21"])
def test_satellites_at_550_km_are_lit_until_the_sun_is_39_deg_down(day: str) -> None:
    """By hand: acos(6378 / 6928) is 23.0°, a satellite 10° high is 14.9° away, and 1° of margin."""
    start = np.datetime64(f"2026-{day}T11:00", "us")
    dark = dark_spans(BERLIN, start, start + np.timedelta64(24, "h"))
    lit = lit_spans(BERLIN, dark, 6378.137 + 550, 10.0)
    deepest = [sun_elevation_deg(BERLIN, np.array(each)).min() for each in lit]
    assert len(lit) == (1 if day == "06-21" else 2)
    if day == "12-21":
        assert deepest == pytest.approx([-39.0, -39.0], abs=0.5)
    else:
        assert lit == dark
