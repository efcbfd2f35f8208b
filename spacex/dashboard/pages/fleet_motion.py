"""The motion of the satellites in orbit: keyframes by SGP4, the place of one, and their errors."""

from collections import OrderedDict
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.analysis.error_laws import ExpectedErrors, error_text, is_beyond_use
from spacex.dashboard.pages.fleet_model import Fleet
from spacex.dashboard.ui.globe_widget import Keyframe, keyframe_points
from spacex.orbits.earth import earth_fixed_km, earth_fixed_velocity_km_s, geodetic
from spacex.orbits.propagation import Propagator, propagate
from spacex.orbits.sun import is_sunlit, sun_direction
from spacex.units import EARTH_RADIUS_KM, MINUTES_PER_DAY

STEP_S = 300
"""Time between two keyframes: the browser's curves then stay within 0.5 km of SGP4's orbits."""

KEPT = 64
"""Most keyframes in memory: 8 MB of 10,800 satellites."""

_STEP = np.timedelta64(STEP_S, "s")
_FIRST, _LAST = (
    int(np.datetime64(year, "s").astype(np.int64)) // STEP_S for year in ("1958", "2100")
)


class Motion:
    """The motion of the satellites of a fleet that are in orbit; the globes of a visitor share it.

    Attributes:
        fleet: the fleet.
        rows: their rows in the fleet.
    """

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.rows = np.flatnonzero(fleet.is_in_orbit)
        self._propagator = Propagator(fleet.elements.select(self.rows))
        self._known: OrderedDict[int, Keyframe] = OrderedDict()

    def keyframe(self, number: int) -> Keyframe | None:
        """Return the keyframe of an instant; None in a year that nobody asks for.

        Args:
            number: the instant, in steps since 1970.
        """
        if not _FIRST <= number < _LAST:
            return None
        if number not in self._known:
            self._known[number] = self.frame(number * _STEP + np.datetime64(0, "us"), STEP_S)
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
        return self._known[number]

    def without_position(self, at: np.datetime64) -> int:
        """Return how many satellites SGP4 has no position of: it fails, or lets them decay."""
        found = self.keyframe(int((at - np.datetime64(0, "us")) // _STEP))
        if found is None:
            return len(self.rows)
        points = np.frombuffer(found.points, "<i2").reshape(len(self.rows), -1)
        return int(np.count_nonzero(~points.any(axis=1)))

    def is_sunlit(self, at: np.datetime64) -> NDArray[np.bool_]:
        """Return whether each satellite is in sunlight at an instant; shape (n,)."""
        states = self._propagator.states(at)
        return is_sunlit(states.position_km, states.instants)[:, 0]

    def frame(self, at: np.datetime64, step_s: float) -> Keyframe:
        """Return the keyframe of an instant, of any step.

        Args:
            at: the instant, UTC.
            step_s: time from one keyframe to the next, s.
        """
        states = self._propagator.states(at)
        position = earth_fixed_km(states.position_km, states.instants)
        velocity = earth_fixed_velocity_km_s(states.velocity_km_s, position, states.instants)
        position[np.linalg.norm(position, axis=2) < EARTH_RADIUS_KM] = np.nan  # no error in SGP4
        points = keyframe_points(position[:, 0], velocity[:, 0], step_s)
        sun = earth_fixed_km(sun_direction(states.instants), states.instants)
        return Keyframe(points, tuple(sun[0].tolist()))


@lru_cache(maxsize=1)
def motion(fleet: Fleet) -> Motion:
    """Return the motion of a fleet, of which at least one satellite is in orbit."""
    return Motion(fleet)


def expected_errors(fleet: Fleet, rows: NDArray[np.intp], at: np.datetime64) -> pd.DataFrame:
    """Return the expected errors of the positions of satellites: see `ExpectedErrors.at`.

    Args:
        fleet: the fleet.
        rows: rows of the satellites in it.
        at: the instant, UTC.
    """
    elements = fleet.elements.select(rows)
    return ExpectedErrors.of(fleet.catalogue.iloc[rows], elements).at(at)


def track_error(fleet: Fleet, row: int, at: np.datetime64) -> "pd.Series[float]":
    """Return the expected error at the end of a satellite's next revolution, the greatest on it.

    Args:
        fleet: the fleet.
        row: row of the satellite in it.
        at: the instant at which the revolution begins, UTC.
    """
    minutes = MINUTES_PER_DAY / float(fleet.elements.mean_motion_rev_per_day[row])
    ends = (at, at + np.timedelta64(round(60 * minutes), "s"))
    errors = [expected_errors(fleet, np.array([row]), each).iloc[0] for each in ends]
    return max(errors, key=lambda each: np.nan_to_num(float(each["error_km"])))


def track_words(fleet: Fleet, row: int, at: np.datetime64) -> str:
    """Return the expected error of the track of a satellite in words; empty if it is unknown.

    Args:
        fleet: the fleet.
        row: row of the satellite in it.
        at: the instant at which the track begins, UTC.
    """
    error = track_error(fleet, row, at)
    if np.isnan(error["error_km"]):
        return ""
    text = error_text(error["error_km"], error["error_s"])
    if is_beyond_use(error["error_km"]):
        return f"Its track is not drawn, because it is {text}."
    return f"Expected error of its track, at most: {text}."


def place_of(fleet: Fleet, row: int, at: np.datetime64) -> tuple[float, float, float]:
    """Return the longitude, latitude (degrees) and height (km) of one satellite; NaN if SGP4 fails.

    Args:
        fleet: the fleet.
        row: row of the satellite in it.
        at: the instant, UTC.
    """
    states = propagate(fleet.elements.select(np.array([row])), at)
    found = geodetic(earth_fixed_km(states.position_km[:, 0], states.instants))
    return found.longitude_deg.item(), found.latitude_deg.item(), found.height_km.item()
