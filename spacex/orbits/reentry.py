"""When satellites that sink without thrust re-enter, from their element sets.

On a circular orbit of radius a, drag lowers the mean altitude h at the rate rho(h) B sqrt(mu a),
with the density rho of the atmosphere and the ballistic term B, drag coefficient times area over
mass (King-Hele, Satellite Orbits in an Atmosphere, 1987). From h, the orbit lasts

    T = D(h) / B,    D(h) = the integral of dh / (rho sqrt(mu a)) from END_KM to h.

D of a coasting satellite falls at the constant rate B, which measures B: from the first and the
last element set of the WINDOW_DAYS before the newest one, or from the derivative of the mean motion
in the newest one if these are less than LEAST_SPAN_DAYS apart. Satellites turn and tumble as they
sink, so that B changes: the forecast uses B^w times (that of most satellites)^(1 - w).

The density is that of Vallado's exponential model (Fundamentals of Astrodynamics and Applications,
4th edition, table 8-4), times the ratio by which the model of the Australian Space Weather Agency
(Satellite Orbital Decay Calculations, 1999) changes it with the solar flux and Ap. Both are means
of the 27 days before, a rotation of the Sun: those to come are not known.

`LAW` has w, B of most satellites, and the intervals. They were fitted on recorded re-entries;
docs/analytics.md has their errors and limits.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array, Instants
from spacex.orbits.status import HOLDING_KM_PER_DAY
from spacex.units import EARTH_MU_KM3_S2, EARTH_RADIUS_KM, SECONDS_PER_DAY

MODEL = "ballistic 1"
"""Name of the rule; another rule, or another `LAW`, has another name."""
END_KM = 120.0
"""Mean altitude at which no orbit is left."""
HIGHEST_KM = 350.0
"""Mean altitude above which nothing is forecast: thrust often stops the sinking, or causes it."""
LONGEST_DAYS = 60.0
"""Longest remaining life that is forecast."""
WINDOW_DAYS, LEAST_SPAN_DAYS = 10.0, 2.0
WEATHER_DAYS = 27

_ALTITUDE_KM = np.array([100, 110, 120, 130, 140, 150, 180, 200, 250, 300, 350, 400.0])
_DENSITY_KG_M3 = np.array(
    [
        *(5.297e-7, 9.661e-8, 2.438e-8, 8.484e-9, 3.845e-9, 2.070e-9),
        *(5.464e-10, 2.789e-10, 7.248e-11, 2.418e-11, 9.518e-12, 3.725e-12),
    ]
)
_GRID_KM = np.arange(END_KM, HIGHEST_KM + 50.5, 1.0)
_PER_KM_AND_DAY = 1000 * SECONDS_PER_DAY
_DAY = np.timedelta64(1, "D")


class Weather(NamedTuple):
    """Space weather: mean solar flux at 10.7 cm, sfu, and mean Ap."""

    flux_sfu: float
    ap: float


USUAL_WEATHER = Weather(150.0, 12.0)
"""That of which Vallado's density is taken to be; used if the weather is not known."""


@dataclass(frozen=True)
class Law:
    """What is fitted of the forecast.

    Attributes:
        usual_m2_per_kg: the ballistic term of most satellites that sink.
        own_weight: the weight w of the own term, from the altitudes of several days.
        own_weight_of_one: the same, from one element set.
        spread: half the width of the interval of the logarithm of the remaining life, in which
            80 % of the re-entries fall.
        spread_of_one: the same, from one element set.
    """

    usual_m2_per_kg: float
    own_weight: float
    own_weight_of_one: float
    spread: float
    spread_of_one: float


LAW = Law(
    usual_m2_per_kg=0.0133,
    own_weight=0.7,
    own_weight_of_one=0.6,
    spread=0.40,
    spread_of_one=0.64,
)


@dataclass(frozen=True, eq=False)
class Histories:
    """The newest element set of each of n satellites, and what those before it tell.

    Attributes:
        norad_cat_id: catalogue numbers, ascending; all arrays have shape (n,).
        epoch_utc: epochs of the newest element sets.
        altitude_km: their mean altitudes.
        altitude_rate_km_per_day: rates in the newest element sets.
        span_days: time from the first element set of the WINDOW_DAYS before.
        first_altitude_km: the mean altitude in that one.
    """

    norad_cat_id: NDArray[np.int64]
    epoch_utc: Instants
    altitude_km: Array
    altitude_rate_km_per_day: Array
    span_days: Array
    first_altitude_km: Array

    @property
    def can_be_forecast(self) -> NDArray[np.bool_]:
        """Whether each satellite sinks, below HIGHEST_KM and above END_KM; shape (n,)."""
        is_low = (self.altitude_km <= HIGHEST_KM) & (self.altitude_km > END_KM)
        return np.asarray(is_low & (self.altitude_rate_km_per_day < -HOLDING_KM_PER_DAY))


def histories(sets: ElementSets) -> Histories:
    """Return the histories of the satellites of element sets, which may have several each."""
    order = np.lexsort((sets.epoch_utc, sets.norad_cat_id))
    number, epoch = sets.norad_cat_id[order], sets.epoch_utc[order]
    altitude = sets.altitude_km[order]
    is_last = np.append(np.diff(number) != 0, True)
    last = np.flatnonzero(is_last)
    newest = np.repeat(epoch[last], np.diff(np.append(-1, last)))
    is_recent = (newest - epoch) / _DAY <= WINDOW_DAYS
    recent = np.flatnonzero(is_recent)
    first = recent[np.unique(number[recent], return_index=True)[1]]
    return Histories(
        norad_cat_id=number[last],
        epoch_utc=epoch[last],
        altitude_km=altitude[last],
        altitude_rate_km_per_day=sets.altitude_rate_km_per_day[order][last],
        span_days=np.asarray((epoch[last] - epoch[first]) / _DAY),
        first_altitude_km=altitude[first],
    )


@dataclass(frozen=True, eq=False)
class Lives:
    """Remaining lives of n satellites, from the epochs of their element sets.

    Attributes:
        expected_days: exceeded by half of them; all arrays have shape (n,).
        low_days: lower end of the interval in which 80 % re-enter.
        high_days: its upper end.
    """

    expected_days: Array
    low_days: Array
    high_days: Array


def remaining_lives(of: Histories, weather: Weather = USUAL_WEATHER, law: Law = LAW) -> Lives:
    """Return how long satellites remain in orbit, if they sink without thrust.

    Args:
        of: the satellites; those that do not sink have no meaningful life.
        weather: means of the WEATHER_DAYS before.
        law: what was fitted.
    """
    lasts = decay_integral(of.altitude_km, weather)
    own, is_measured = own_terms(of, weather)
    weight = np.where(is_measured, law.own_weight, law.own_weight_of_one)
    term = own**weight * law.usual_m2_per_kg ** (1 - weight)
    expected = lasts / term
    factor = np.exp(np.where(is_measured, law.spread, law.spread_of_one))
    return Lives(expected, expected / factor, expected * factor)


def own_terms(of: Histories, weather: Weather) -> tuple[Array, NDArray[np.bool_]]:
    """Return the ballistic term of each satellite, m²/kg, and whether it is from its altitudes.

    It is from the newest element set alone if the others are too near, or do not sink.
    """
    speed = np.sqrt(EARTH_MU_KM3_S2 * (EARTH_RADIUS_KM + of.altitude_km))
    density = density_kg_m3(of.altitude_km, weather)
    at_epoch = -of.altitude_rate_km_per_day / (density * speed * _PER_KM_AND_DAY)
    fallen = decay_integral(of.first_altitude_km, weather) - decay_integral(of.altitude_km, weather)
    is_measured = (of.span_days >= LEAST_SPAN_DAYS) & (fallen > 0)
    own = np.where(is_measured, fallen / np.maximum(of.span_days, LEAST_SPAN_DAYS), at_epoch)
    return np.maximum(own, np.finfo(float).tiny), is_measured


def decay_integral(altitude_km: Array, weather: Weather) -> Array:
    """Return D, kg d/m², by which the orbits of satellites last for D/B days; up to 400 km."""
    speed = np.sqrt(EARTH_MU_KM3_S2 * (EARTH_RADIUS_KM + _GRID_KM))
    days = 1 / (density_kg_m3(_GRID_KM, weather) * speed * _PER_KM_AND_DAY)
    integral = np.append(0, np.cumsum((days[1:] + days[:-1]) / 2) * np.diff(_GRID_KM))
    return np.asarray(np.interp(altitude_km, _GRID_KM, integral))


def density_kg_m3(altitude_km: Array, weather: Weather = USUAL_WEATHER) -> Array:
    """Return the density of the atmosphere, kg/m³, at mean altitudes from 100 to 400 km."""
    usual = np.exp(np.interp(altitude_km, _ALTITUDE_KM, np.log(_DENSITY_KG_M3)))
    above_km = np.maximum(altitude_km - 175.0, 0.0)
    ratio = above_km / _scale_km(altitude_km, USUAL_WEATHER) - above_km / _scale_km(
        altitude_km, weather
    )
    return np.asarray(usual * np.exp(ratio))


def _scale_km(altitude_km: Array, weather: Weather) -> Array:
    """Return the scale height above 175 km: the temperature, K, over the molecular mass."""
    temperature = 900 + 2.5 * (weather.flux_sfu - 70) + 1.5 * weather.ap
    return np.asarray(temperature / (27 - 0.012 * (altitude_km - 200)))
