"""Expected errors of SGP4's predictions, by the age of the elements.

The error of half of the predictions is at most k·t^p, for an age of t days; another such law is
exceeded by one in ten of them, and a third by nine in ten. Each group of satellites has its own
laws, by altitude, version and thrust. `spacex.analysis.position_errors` measures and fits them;
docs/analytics.md has their limits. Errors lie along the track, so that satellites are early or
late.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Self

import msgspec
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array, Instants
from spacex.orbits.propagation import AGE_LIMIT_DAYS
from spacex.orbits.status import HOLDING_KM_PER_DAY
from spacex.sources.sample import SAMPLE
from spacex.units import EARTH_MU_KM3_S2, counted

USE_LIMIT_KM = 1_000.0
"""Greatest expected error of a prediction of use: two minutes, a quarter of a pass."""
LEAST_AGE_DAYS = 0.25
"""Errors of younger elements count as those of this age: they were not measured."""
FILE = "error_laws.toml"
NO_GROUP = -1
MEANING = (
    "Half of such predictions err by more than the expected error, in place and, along the track, "
    "in time. It is unknown where none was measured, as of simulated orbits."
)

_FIRST = ("v0.9", "v1.0", "v1.5")
_NBSP = "\N{NO-BREAK SPACE}"
_DAY = np.timedelta64(1, "D")


class Group(msgspec.Struct, frozen=True):
    """Satellites that share their laws.

    Attributes:
        name: of the satellites, for people.
        altitude_km: their mean altitudes, from and below.
        versions: their versions; any if empty.
        is_moving: whether they climb or sink by more than HOLDING_KM_PER_DAY.
    """

    name: str
    altitude_km: tuple[float, float]
    versions: tuple[str, ...] = ()
    is_moving: bool = False


GROUPS = (
    Group("climbing or sinking below 340 km", (0, 340), is_moving=True),
    Group("climbing or sinking at 340 to 430 km", (340, 430), is_moving=True),
    Group("climbing or sinking at 430 to 600 km", (430, 600), is_moving=True),
    Group("V2 mini direct to cell at 340 to 430 km", (340, 430), ("V2 mini direct to cell",)),
    Group("V2 mini optimized at 340 to 430 km", (340, 430), ("V2 mini optimized",)),
    Group("v1.0 at 430 to 510 km", (430, 510), ("v1.0",)),
    Group("v1.5 at 430 to 510 km", (430, 510), ("v1.5",)),
    Group("V2 mini at 430 to 510 km", (430, 510), ("V2 mini",)),
    Group("V2 mini optimized at 430 to 510 km", (430, 510), ("V2 mini optimized",)),
    Group("v0.9 to v1.5 at 510 to 600 km", (510, 600), _FIRST),
    Group("V2 mini at 510 to 600 km", (510, 600), ("V2 mini", "V2 mini optimized")),
)
"""No satellite is in two groups; those in none have no law."""


class PowerLaw(msgspec.Struct, frozen=True):
    """The error as a function of the age: `km` at one day, and the exponent."""

    km: float
    exponent: float

    def at(self, age_days: Array) -> Array:
        """Return the errors, km, at ages in days."""
        return np.asarray(self.km * np.abs(age_days) ** self.exponent)


class ErrorLaw(msgspec.Struct, frozen=True):
    """The laws of a group.

    Attributes:
        group: the name of the group.
        pairs: the pairs of element sets that they were fitted on.
        satellites: the satellites of these pairs.
        low: exceeded by nine in ten predictions.
        median: exceeded by half of them.
        high: exceeded by one in ten.
        km_95: 95 % interval of the median at one day.
        exponent_95: 95 % interval of its exponent.
    """

    group: str
    pairs: int
    satellites: int
    low: PowerLaw
    median: PowerLaw
    high: PowerLaw
    km_95: tuple[float, float]
    exponent_95: tuple[float, float]

    def band(self, age_days: Array) -> tuple[Array, Array, Array]:
        """Return the low, median and high error, km, at ages in days."""
        median = self.median.at(age_days)
        low, high = self.low.at(age_days), self.high.at(age_days)
        return np.minimum(low, median), median, np.maximum(median, high)


class ErrorTable(msgspec.Struct, frozen=True):
    """The bundled laws, with the data that they come from."""

    source: str
    period: str
    seed: int
    law: tuple[ErrorLaw, ...]


@cache
def error_table() -> ErrorTable:
    """Return the bundled laws."""
    text = files(__package__).joinpath(FILE).read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), ErrorTable)


def groups(fleet: ElementSets, version: "pd.Series[str]") -> NDArray[np.intp]:
    """Return the group of each satellite, as its row in `GROUPS`, or NO_GROUP; shape (n,).

    Args:
        fleet: one element set per satellite; n of them.
        version: their versions in the same order, null if unknown.
    """
    found = np.full(len(fleet), NO_GROUP)
    is_moving = np.abs(fleet.altitude_rate_km_per_day) > HOLDING_KM_PER_DAY
    for row, group in enumerate(GROUPS):
        low, high = group.altitude_km
        belongs = (is_moving == group.is_moving) & (fleet.altitude_km >= low)
        belongs &= fleet.altitude_km < high
        if group.versions:
            belongs &= version.isin(group.versions).to_numpy(bool)
        found[belongs] = row
    return found


@dataclass(frozen=True, eq=False)
class ExpectedErrors:
    """The laws of n satellites.

    Attributes:
        group: rows in `GROUPS`, NO_GROUP if there is no law; shape (n,).
        epoch_utc: the epochs of their elements; shape (n,).
        speed_km_s: their mean speeds; shape (n,).
    """

    group: NDArray[np.intp]
    epoch_utc: Instants
    speed_km_s: Array

    @classmethod
    def of(cls, satellites: pd.DataFrame, fleet: ElementSets) -> Self:
        """Return the laws of satellites; simulated ones, those of the sample, have none.

        Args:
            satellites: `version` and `source` of each; n rows.
            fleet: their elements, in the same order.
        """
        is_true = satellites["source"].ne(SAMPLE.name).to_numpy(bool)
        group = np.where(is_true, groups(fleet, satellites["version"]), NO_GROUP)
        return cls(group, fleet.epoch_utc, np.sqrt(EARTH_MU_KM3_S2 / fleet.semi_major_axis_km))

    def at(
        self, when: Instants | np.datetime64, row: NDArray[np.intp] | slice = slice(None)
    ) -> pd.DataFrame:
        """Return the expected errors of predictions.

        Args:
            when: the predicted instants, or one for all; shape (p,).
            row: the satellites of the predictions; by default each satellite once.

        Returns:
            `error_km`, exceeded by half of the predictions, `error_high_km`, exceeded by one in
            ten, and `error_s`, the time in which the satellite flies `error_km`. NaN if unknown:
            without a law, and for elements of more than AGE_LIMIT_DAYS before or after.
        """
        group = self.group[row]
        age = np.abs((when - self.epoch_utc[row]) / _DAY)
        is_known = age <= AGE_LIMIT_DAYS
        age = np.maximum(age, LEAST_AGE_DAYS)
        median, high = np.full(len(group), np.nan), np.full(len(group), np.nan)
        laws = {law.group: law for law in error_table().law}
        for number in np.unique(group[is_known]):
            law = laws.get(GROUPS[number].name) if number != NO_GROUP else None
            if law is not None:
                chosen = (group == number) & is_known
                _, median[chosen], high[chosen] = law.band(age[chosen])
        seconds = median / self.speed_km_s[row]
        return pd.DataFrame({"error_km": median, "error_high_km": high, "error_s": seconds})


def error_text(error_km: float, error_s: float | None = None) -> str:
    r"""Format an expected error, of the position and along the track.

    >>> error_text(3.39, 0.446), error_text(float("nan"))
    ('±\xa03.4\xa0km, ±\xa00.4\xa0s', 'unknown')
    """
    if not np.isfinite(error_km):
        return "unknown"
    if is_beyond_use(error_km):
        return f"beyond use: ±{_NBSP}{rounded_error(error_km)}{_NBSP}km"
    position = f"±{_NBSP}{rounded_error(error_km)}{_NBSP}km"
    return position if error_s is None else f"{position}, ±{_NBSP}{rounded_error(error_s)}{_NBSP}s"


def error_texts(predictions: pd.DataFrame) -> "pd.Series[str]":
    """Return the expected error of each pass or event as text."""
    pairs = zip(predictions["error_km"], predictions["error_s"], strict=True)
    return pd.Series([error_text(*pair) for pair in pairs], predictions.index, dtype="str")


def is_beyond_use(error_km: float) -> bool:
    """Return whether half of such predictions err by more than USE_LIMIT_KM; False if unknown."""
    return bool(error_km > USE_LIMIT_KM)


def use_warning(error_km: "pd.Series[float]") -> str:
    """Return a warning if predictions are expected to err by more than USE_LIMIT_KM."""
    useless = int((error_km > USE_LIMIT_KM).sum())
    if not useless:
        return ""
    return (
        f"{useless:,} of {counted(len(error_km), 'prediction')} are beyond use: half of such "
        f"err by more than {USE_LIMIT_KM:,.0f} km, two minutes of flight. Load newer elements."
    )


def rounded_error(value: float) -> str:
    """Format an error in km or s to a tenth, and from ten on to whole ones.

    >>> rounded_error(0.03), rounded_error(3.39), rounded_error(1832.3)
    ('0.1', '3.4', '1,832')
    """
    return f"{max(value, 0.1):.1f}" if value < 9.95 else f"{value:,.0f}"
