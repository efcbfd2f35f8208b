"""What the fleet offers a place: satellites in sight, those seen by the naked eye, and light time.

- By latitude: the mean number of satellites above an elevation (`spacex.orbits.coverage`).
- Naked eye: the mean number in sunlight, in a dark sky, above 10° and bright enough, at each hour
  of the night in each month. Satellites are drawn at random along their orbits, and the longitudes
  of orbits are uniform, so that it holds for any year with the same fleet. Magnitudes are those of
  `spacex.orbits.magnitudes`; satellites without one are left out.
- Light time: up to the nearest satellite in sight and down again, at c. A user waits for at least
  twice this time, to a gateway nearby and back; queues, frames and the ground network come on top.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from spacex.orbits.coverage import TERMINAL_ELEVATION_DEG, in_sight
from spacex.orbits.earth import earth_fixed_km
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array, Instants
from spacex.orbits.instants import span
from spacex.orbits.magnitudes import (
    DARK_PLACE_MAG,
    TOWN_MAG,
    apparent_magnitude,
    design_difference_mag,
)
from spacex.orbits.passes import MIN_ELEVATION_DEG
from spacex.orbits.place import Place
from spacex.orbits.propagation import Propagator
from spacex.orbits.sun import DARK_SKY_BELOW_DEG, subsolar_point
from spacex.units import EARTH_RADIUS_KM, SECONDS_PER_DAY, counted

LATITUDES_DEG = np.arange(-90.0, 91.0, 2.0)
LIGHT_KM_PER_MS = 299.792458
LATENCY_STEP_S, LATENCY_DAYS = 1800.0, 1.0
HOURS = np.arange(0, 24, 0.5)
"""Hours of local solar time."""
DRAWN, SEED = 40_000, 21
"""Directions that are drawn of all satellites together."""

_NBSP = "\N{NO-BREAK SPACE}"
_BIN_KM, _BIN_DEG = 5.0, 0.2
_AT_ONCE = 12
"""Instants propagated at once."""
_YEAR = 2026
"""The year of the declinations of the Sun, which differ by 0.4° from one year to another."""
_MONTHS = tuple(range(1, 13))


def by_latitude(
    fleet: ElementSets, min_elevation_deg: float = TERMINAL_ELEVATION_DEG
) -> pd.DataFrame:
    """Return the mean number of satellites above an elevation, by latitude.

    Args:
        fleet: one element set per satellite.
        min_elevation_deg: the least elevation.

    Returns:
        `latitude_deg`, from -90 to 90, and `satellites`.
    """
    north = LATITUDES_DEG[LATITUDES_DEG >= 0]  # circles are the same in the south
    found = in_sight(north, *_shells(fleet), min_elevation_deg)
    both = np.interp(np.abs(LATITUDES_DEG), north, found)
    return pd.DataFrame({"latitude_deg": LATITUDES_DEG, "satellites": both})


def in_sight_text(fleet: ElementSets, latitude_deg: float) -> str:
    """Return the mean number of satellites in sight at a latitude, in a sentence.

    Args:
        fleet: one element set per satellite.
        latitude_deg: the latitude.
    """
    found = in_sight(np.array([latitude_deg]), *_shells(fleet))[0]
    return (
        f"On the mean, {found:.1f} of {counted(len(fleet), 'satellite')} are above "
        f"{TERMINAL_ELEVATION_DEG:.0f}°, where they serve users (± 3{_NBSP}%)."
    )


def _shells(fleet: ElementSets) -> tuple[Array, Array, Array]:
    """Return inclination and altitude of groups of satellites, and how many are in each."""
    bins = np.stack(
        (np.round(fleet.inclination_deg / _BIN_DEG), np.round(fleet.altitude_km / _BIN_KM)), axis=1
    )
    pairs, number = np.unique(bins, axis=0, return_counts=True)
    return pairs[:, 0] * _BIN_DEG, pairs[:, 1] * _BIN_KM, number.astype(float)


def naked_eye(satellites: pd.DataFrame, place: Place) -> pd.DataFrame:
    """Return how many satellites the naked eye sees at once, by month and hour of the night.

    Args:
        satellites: their elements, and `version`, `launch_date` and `orbit_status`.
        place: the place.

    Returns:
        `month`, of which the 15th counts; `hour` of local solar time; `is_dark`, whether the sky is
        dark then; and the mean numbers seen in a `town` and in a `dark_place`.
    """
    names = ("version", "launch_date", "orbit_status")
    difference = design_difference_mag(*(satellites[name].tolist() for name in names))
    is_known = np.isfinite(difference)
    drawn = _drawn(satellites[is_known], difference[is_known], place) if is_known.any() else None
    rows = []
    for month in _MONTHS:
        for hour in HOURS.tolist():
            sun = _sun(month, hour, place.longitude_deg)
            is_dark = float(sun @ place.axes[2]) < np.sin(np.radians(DARK_SKY_BELOW_DEG))
            seen = drawn.seen(sun) if drawn is not None and is_dark else (0.0, 0.0)
            rows.append((month, hour, is_dark, *seen))
    return pd.DataFrame(rows, columns=["month", "hour", "is_dark", "town", "dark_place"])


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Directions of satellites in sight of a place, each for some satellites.

    Attributes:
        position_km: Earth-fixed positions; shape (k, 3).
        to_place: unit vectors towards the place; shape (k, 3).
        range_km: distances; shape (k,).
        difference: differences of the designs, magnitudes; shape (k,).
        weight: satellites for each; shape (k,).
    """

    position_km: Array
    to_place: Array
    range_km: Array
    difference: Array
    weight: Array

    def seen(self, sun: Array) -> tuple[float, float]:
        """Return the numbers seen in a town and in a dark place, with the Sun in a direction."""
        along = self.position_km @ sun
        across2 = np.sum(self.position_km**2, axis=1) - along**2
        is_lit = (along > 0) | (across2 > EARTH_RADIUS_KM**2)
        phase = np.degrees(np.arccos(np.clip(self.to_place @ sun, -1, 1)))
        magnitude = apparent_magnitude(self.difference, self.range_km, phase)
        town, dark = (
            float(self.weight[is_lit & (magnitude <= limit)].sum())
            for limit in (TOWN_MAG, DARK_PLACE_MAG)
        )
        return town, dark


def _drawn(satellites: pd.DataFrame, difference: Array, place: Place) -> _Drawn:
    """Draw satellites along their orbits, at any longitude, and return those in sight."""
    random = np.random.default_rng(SEED)
    fleet = ElementSets.from_frame(satellites)
    each = max(1, DRAWN * 10 // len(fleet))
    row = np.repeat(np.arange(len(fleet)), each)
    u, longitude = random.uniform(0, 2 * np.pi, (2, len(row)))
    sin_y = np.sin(np.radians(fleet.inclination_deg[row])) * np.sin(u)
    flat = np.sqrt(1 - sin_y**2)
    unit = np.stack((flat * np.cos(longitude), flat * np.sin(longitude), sin_y), axis=1)
    position = unit * fleet.semi_major_axis_km[row, None]
    look = place.look(position)
    is_near = look.elevation_deg >= MIN_ELEVATION_DEG
    near, distance = position[is_near], look.range_km[is_near]
    return _Drawn(
        position_km=near,
        to_place=(place.position_km - near) / distance[:, None],
        range_km=distance,
        difference=difference[row[is_near]],
        weight=np.full(len(near), 1 / each),
    )


def _sun(month: int, hour: float, longitude_deg: float) -> Array:
    """Return the Earth-fixed direction of the Sun on the 15th of a month, by local solar time."""
    noon = np.datetime64(f"{_YEAR}-{month:02d}-15T12:00", "us")
    declination = np.radians(float(subsolar_point(noon)[0][0]))
    angle = np.radians(longitude_deg - 15 * (hour - 12))
    flat = np.cos(declination)
    return np.array([flat * np.cos(angle), flat * np.sin(angle), np.sin(declination)])


def naked_eye_text(found: pd.DataFrame) -> str:
    """Return when the naked eye sees most satellites at once, in a sentence.

    Args:
        found: from `naked_eye`.
    """
    best = found.iloc[int(found["dark_place"].to_numpy(float).argmax())]
    if not best["dark_place"]:
        return "The naked eye sees none of the satellites whose brightness is known."
    month = pd.Timestamp(_YEAR, int(best["month"]), 15).strftime("%B")
    hour = f"{int(best['hour']):02d}:{int(60 * (best['hour'] % 1)):02d}"
    least = found[found["is_dark"]].groupby("month")["dark_place"].max().min()
    return (
        f"In a dark place, the naked eye sees most satellites at once in {month} about {hour}, "
        f"local solar time: {best['dark_place']:.1f} on the mean, {best['town']:.1f} of them in a "
        f"town. In the month with fewest it is {least:.1f} at best. Brightness is known to "
        f"±{_NBSP}1 magnitude."
    )


@dataclass(frozen=True)
class LightTime:
    """The time of light from a place up to the nearest satellite in sight and down again.

    Attributes:
        median_ms: the median; NaN if none is ever in sight.
        low_ms: the 10 % quantile.
        high_ms: the 90 % quantile.
        instants: the number of instants.
        with_none: those without a satellite in sight.
        since: the first instant, UTC text.
        until: the last one.
    """

    median_ms: float
    low_ms: float
    high_ms: float
    instants: int
    with_none: int
    since: str
    until: str

    @property
    def text(self) -> str:
        """The light time in a sentence."""
        period = f"{counted(self.instants, 'instant')} from {self.since} to {self.until} UTC"
        above = f"{TERMINAL_ELEVATION_DEG:.0f}°"
        if not np.isfinite(self.median_ms):
            return f"No satellite is above {above} at any of {period}."
        none = f" At {self.with_none} of them, none is above {above}." if self.with_none else ""
        return (
            f"Light takes {self.median_ms:.1f}{_NBSP}ms up to the nearest satellite above {above} "
            f"and down again (80{_NBSP}%: {self.low_ms:.1f} to {self.high_ms:.1f}{_NBSP}ms; "
            f"{period}).{none} No answer can be faster than twice that."
        )


def light_time(fleet: ElementSets, place: Place, start: np.datetime64) -> LightTime:
    """Return the light time through the nearest satellite in sight, over a day.

    Args:
        fleet: one element set per satellite.
        place: the place.
        start: the first instant, UTC.
    """
    end = start + np.timedelta64(round(LATENCY_DAYS * SECONDS_PER_DAY), "s")
    when = span(start, end, LATENCY_STEP_S)
    propagator = Propagator(fleet)
    parts = np.array_split(when, -(-len(when) // _AT_ONCE))
    nearest = np.concatenate([_nearest_km(propagator, place, part) for part in parts])
    is_seen = np.isfinite(nearest)
    light = 2 * nearest[is_seen] / LIGHT_KM_PER_MS
    low, median, high = np.quantile(light, (0.1, 0.5, 0.9)) if len(light) else (np.nan,) * 3
    ends = (np.datetime_as_string(each, "m").replace("T", " ") for each in (when[0], when[-1]))
    return LightTime(
        float(median), float(low), float(high), len(when), int((~is_seen).sum()), *map(str, ends)
    )


def _nearest_km(propagator: Propagator, place: Place, when: Instants) -> Array:
    """Return the distances of the nearest satellites in sight at instants; infinite without one."""
    look = place.look(earth_fixed_km(propagator.states(when).position_km, when))
    is_seen = look.elevation_deg >= TERMINAL_ELEVATION_DEG
    return np.asarray(np.where(is_seen, look.range_km, np.inf).min(axis=0))
