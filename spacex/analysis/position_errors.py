"""Measure the errors of SGP4's predictions on element sets that follow each other, and fit laws.

A prediction is made from one element set for the epoch of a later one of the same satellite. Its
error is its distance from where the later one has the satellite then, and includes the errors of
both sets, about 1 km. A pair is disturbed if the semi-major axis steps by more than
MANOEUVRE_STEP_KM between two sets from one to the other: the satellite has manoeuvred. Disturbed
pairs count for satellites that climb or sink only, which are under thrust or drag all the time.

The laws are straight lines in the logarithms of age and error, of the quantiles 10, 50 and 90 %
(Koenker and Bassett, Econometrica 46, 1978, 33), for which all ages weigh the same. They are fitted
on half of the satellites; the others are held out, to compare.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.analysis.error_laws import GROUPS, NO_GROUP, ErrorLaw, PowerLaw, groups
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array
from spacex.orbits.propagation import at_epoch, satrecs
from spacex.units import MINUTES_PER_DAY

MANOEUVRE_STEP_KM = 0.1
AGE_RANGE_DAYS = (0.15, 7.2)
"""Sets that follow each other sooner share most of their observations."""
SEED = 21
LEAST_SATELLITES = 100
"""Fewest satellites that laws are fitted on."""

_QUANTILES = (0.1, 0.5, 0.9)
_AGE_EDGES_DAYS = (0.4, 0.7, 1.5, 2.5, 3.5, 4.5)
"""Between these ages, the pairs of each span have the same weight together."""
_RESAMPLES = 200
_ITERATIONS, _TOLERANCE = 100, 1e-5
_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, eq=False)
class Successions:
    """Pairs of element sets of one satellite, as rows of the sets.

    Attributes:
        earlier: the set that predicts; shape (p,).
        later: the set that tells the truth; shape (p,).
        is_disturbed: whether the satellite has manoeuvred between them; shape (p,).
    """

    earlier: NDArray[np.intp]
    later: NDArray[np.intp]
    is_disturbed: NDArray[np.bool_]


def successions(sets: ElementSets) -> Successions:
    """Return all pairs of element sets of one satellite with an age in AGE_RANGE_DAYS."""
    order = np.lexsort((sets.epoch_utc, sets.norad_cat_id))
    number, epoch = sets.norad_cat_id[order], sets.epoch_utc[order]
    axis = sets.semi_major_axis_km[order]
    steps = np.append(0, np.cumsum(np.abs(np.diff(axis)) > MANOEUVRE_STEP_KM))
    least, most = AGE_RANGE_DAYS
    parts = [(np.zeros(0, np.intp),) * 2]
    for lag in range(1, len(sets)):
        age = (epoch[lag:] - epoch[:-lag]) / _DAY
        is_same = (number[lag:] == number[:-lag]) & (age <= most)
        if not is_same.any():
            break
        first = np.flatnonzero(is_same & (age >= least))
        parts.append((first, first + lag))
    earlier, later = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Successions(order[earlier], order[later], steps[later] != steps[earlier])


def measure(earlier: ElementSets, later: ElementSets) -> pd.DataFrame:
    """Return the errors of predictions.

    Args:
        earlier: the sets that predict; p of them.
        later: the sets of the same satellites that tell the truth.

    Returns:
        `norad_cat_id`, `age_days`, `error_km`, and its component `along_km` in the direction of
        flight, positive if the prediction is ahead; NaN where SGP4 fails.
    """
    age_days = np.asarray((later.epoch_utc - earlier.epoch_utc) / _DAY)
    minutes = (age_days * MINUTES_PER_DAY).tolist()
    found = [each.sgp4_tsince(at) for each, at in zip(satrecs(earlier), minutes, strict=True)]
    predicted = np.array([position for _, position, _ in found]).reshape(-1, 3)
    predicted[np.array([error != 0 for error, _, _ in found], bool)] = np.nan
    truth = at_epoch(later)
    apart = predicted - truth.position_km[:, 0]
    velocity = truth.velocity_km_s[:, 0]
    along = np.sum(apart * velocity, axis=1) / np.linalg.norm(velocity, axis=1)
    return pd.DataFrame(
        {
            "norad_cat_id": earlier.norad_cat_id,
            "age_days": age_days,
            "error_km": np.linalg.norm(apart, axis=1),
            "along_km": along,
        }
    )


def grouped(
    pairs: pd.DataFrame,
    earlier: ElementSets,
    version: "pd.Series[str]",
    is_disturbed: NDArray[np.bool_],
) -> pd.DataFrame:
    """Return the pairs that laws are fitted on, with `group`, and `is_held_out` by satellite.

    Args:
        pairs: from `measure`.
        earlier: the sets that predict.
        version: the versions of their satellites.
        is_disturbed: whether these have manoeuvred, from `successions`.
    """
    group = groups(earlier, version)
    is_moving = np.array([*(each.is_moving for each in GROUPS), False])[group]
    belongs = (group != NO_GROUP) & (is_moving | ~is_disturbed) & pairs["error_km"].gt(0)
    numbers = np.unique(pairs["norad_cat_id"])
    held = np.random.default_rng(SEED).choice(numbers, len(numbers) // 2, replace=False)
    known = pairs.assign(group=group, is_held_out=pairs["norad_cat_id"].isin(held))
    return pd.DataFrame(known[belongs])


def fit(pairs: pd.DataFrame) -> list[ErrorLaw]:
    """Return the laws of all groups with at least LEAST_SATELLITES satellites.

    Args:
        pairs: from `grouped`, those of the satellites that are not held out.
    """
    by_group = {number: pairs[pairs["group"] == number] for number in range(len(GROUPS))}
    return [
        _law(GROUPS[number].name, members)
        for number, members in by_group.items()
        if members["norad_cat_id"].nunique() >= LEAST_SATELLITES
    ]


def coverage(pairs: pd.DataFrame, laws: "tuple[ErrorLaw, ...] | list[ErrorLaw]") -> pd.DataFrame:
    """Return pairs of groups with a law, and whether their error `is_covered` by its 80 % band."""
    parts = []
    for law in laws:
        number = [group.name for group in GROUPS].index(law.group)
        members = pairs[pairs["group"] == number]
        low, median, high = law.band(members["age_days"].to_numpy(float))
        error = members["error_km"]
        is_covered = (error >= low) & (error <= high)
        parts.append(members.assign(is_covered=is_covered, is_below_median=error <= median))
    return pd.concat(parts)


def _law(name: str, pairs: pd.DataFrame) -> ErrorLaw:
    age = pairs["age_days"].to_numpy(float)
    x, y = np.log(age), np.log(pairs["error_km"].to_numpy(float))
    span = np.searchsorted(_AGE_EDGES_DAYS, age)
    weight = 1 / np.bincount(span)[span]
    lines = [_quantile_line(x, y, weight, quantile) for quantile in _QUANTILES]
    low, median, high = (PowerLaw(float(np.exp(a)), float(b)) for a, b in lines)
    numbers, satellite = np.unique(pairs["norad_cat_id"], return_inverse=True)
    random = np.random.default_rng(SEED)
    drawn = []
    for _ in range(_RESAMPLES):
        times = np.bincount(
            random.integers(len(numbers), size=len(numbers)), minlength=len(numbers)
        )
        drawn.append(_quantile_line(x, y, weight * times[satellite], 0.5))
    bounds = np.quantile(np.array(drawn), (0.025, 0.975), axis=0)
    return ErrorLaw(
        group=name,
        pairs=len(pairs),
        satellites=len(numbers),
        low=low,
        median=median,
        high=high,
        km_95=(float(np.exp(bounds[0, 0])), float(np.exp(bounds[1, 0]))),
        exponent_95=(float(bounds[0, 1]), float(bounds[1, 1])),
    )


def _quantile_line(x: Array, y: Array, weight: Array, quantile: float) -> Array:
    """Return intercept and slope of a weighted quantile regression, by reweighted least squares."""
    columns = np.stack((np.ones_like(x), x), axis=1)
    line: Array = np.zeros(2)
    each = weight
    for _ in range(_ITERATIONS):
        weighted = columns.T * each
        before = line
        line = np.asarray(np.linalg.solve(weighted @ columns, weighted @ y), np.float64)
        if np.abs(line - before).max() < _TOLERANCE:
            break
        residual = y - columns @ line
        each = weight * np.where(residual > 0, quantile, 1 - quantile)
        each = each / np.maximum(np.abs(residual), 1e-4)
    return np.asarray(line)
