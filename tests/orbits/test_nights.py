"""Nights, against the clock of the place and the Sun."""

import numpy as np
import pytest

from spacex.orbits.cities import find_place
from spacex.orbits.nights import coming_night, dark_spans, first_night, lit_spans, next_dark
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
        ("2026-06-21T20:00", "80, 0", "2026-06-21", "2026-06-22T12:00"),
    ],
)
def test_a_night_lasts_until_noon(start: str, where: str, evening: str, noon: str) -> None:
    found = first_night(np.datetime64(start, "us"), find_place(where))
    assert found == (evening, np.datetime64(noon, "us"))


def test_a_polar_night_lasts_for_a_day_or_until_the_sky_is_no_longer_dark() -> None:
    day = np.timedelta64(24, "h")
    start = np.datetime64("2026-12-21T10:50", "us")  # ten minutes before noon
    svalbard, utqiagvik = find_place("Longyearbyen"), find_place("71.29, -156.79")
    assert coming_night(start, svalbard) == ("2026-12-20", [(start, start + day)])
    noon = np.datetime64("2026-12-21T22:00", "us")
    evening, ((begin, end),) = coming_night(noon - day, utqiagvik)
    assert (evening, is_dark_sky(utqiagvik, end).tolist()) == ("2026-12-20", [False])
    assert noon - day < begin < end < noon


@pytest.mark.parametrize(
    ("start", "where"),
    [("2026-06-21T12:00", "Reykjavik"), ("2026-12-21T12:00", "-90, 0"), (None, "Berlin")],
)
def test_the_next_dark_sky_is_the_first_one(start: str | None, where: str) -> None:
    """At the pole it is dark from the day on which the Sun is 6° south of the equator."""
    place, night = find_place(where), np.datetime64("2026-05-04T23:00", "us")
    first = np.datetime64(start, "us") if start else night
    found = next_dark(first, place)
    assert is_dark_sky(place, found).all()
    if start is None:
        assert found == night
    else:
        before = np.arange(first, found, np.timedelta64(10, "m"))
        assert not is_dark_sky(place, before).any()
        assert str(found)[:7] == ("2027-04" if where == "-90, 0" else "2026-07")


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
