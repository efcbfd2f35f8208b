"""How fast coasting satellites sink, against the geomagnetic index Ap, by altitude.

The rate of a step is the change of the semi-major axis between two element sets of one satellite
that follow each other, divided by the time between them. It is set against the mean of the observed
Ap of the days that the step covers, weighted by the time in each. A storm lasts a day or two: steps
of more than LONGEST_STEP_DAYS cannot tell it, and where satellites have no others, the answer is
"too sparse".

A satellite coasts if it sinks by at least SLOWEST_KM_PER_DAY in the AROUND_DAYS before and after
the middle of each step, for at least SHORTEST_RUN_DAYS and by at least LEAST_SINK_KM in all, never
rises by more than RISE_KM in a step, and never sinks faster than drag can make it
(`spacex.analysis.decay.fastest_drag_km_per_day`). Satellites that keep their altitude do not.
Weak thrust that lowers a satellite cannot be distinguished from drag.

`times_usual` compares each step with the median of the steps of the same satellite in the
USUAL_DAYS around it, which cancels its shape, mass, altitude and steady thrust. Intervals are 95 %
intervals, from blocks of five days and satellites drawn again at the same time (Owen, Annals of
Applied Statistics 1, 2007, 386), because all satellites of a day have the same weather, days that
follow each other a similar one, and all days of a satellite the same drag area. The seed is fixed.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.analysis.decay import fastest_drag_km_per_day
from spacex.analysis.history import elements
from spacex.analysis.space_weather import weather_days
from spacex.orbits.elements import Array
from spacex.schema.space_weather import KNOWN
from spacex.units import EARTH_RADIUS_KM, counted

SHORTEST_STEP_DAYS, LONGEST_STEP_DAYS = 0.5, 2.0
"""Over shorter steps, the noise of element sets, some 10 m, outweighs drag."""
AROUND_DAYS = 3.5
SLOWEST_KM_PER_DAY = 0.014
"""0.1 km a week; the noise of the axis makes less uncertain."""
RISE_KM, LEAST_SINK_KM = 0.1, 0.5
SHORTEST_RUN_DAYS = 7.0
FOLLOWED_DAYS = SHORTEST_RUN_DAYS + 2 * AROUND_DAYS
"""Fewest days in which a satellite must have element sets close enough."""
USUAL_DAYS, FEWEST_STEPS = 14, 5
BAND_KM = 50
AP_FROM, HIGHEST_AP = (0, 8, 16, 30, 50), 400
"""Classes of Ap: quiet, unsettled, active, minor storm, and major storm or more."""
FEWEST_SATELLITES, FEWEST_BLOCKS = 5, 5
"""With fewer, there is no interval, and so no rate."""
DAYS_TO_TELL = 90
"""Days in which Ap and F10.7 go ways of their own: the Sun turns about three times."""
SEED = 21
_SAMPLES, _BLOCK_DAYS = 400, 5
_DAY = np.timedelta64(1, "D")
_NO_DAY = "0001-01-01"
_APART = 1e5
"""Days between the times of two segments when all are put on one axis."""
_OF_SETS = ("norad_cat_id", "epoch_utc", "semi_major_axis_km")
COLUMNS = (
    *("altitude_from_km", "altitude_to_km", "ap_from", "ap_to"),
    *("since", "until", "days", "satellites", "steps"),
    *("median_km_per_day", "low_km_per_day", "high_km_per_day"),
    *("times_usual", "low_times", "high_times"),
)
_DAILY = ("utc_date", "ap", "f107_observed_sfu", "satellites", "times_usual")


@dataclass(frozen=True)
class StormResponse:
    """How fast coasting satellites sink by altitude and Ap.

    Attributes:
        table: one row for each band of altitude, `altitude_from_km` to `altitude_to_km`, and class
            of Ap, `ap_from` to `ap_to`: the first day, `since`, and the last one, `until`; the
            numbers of `days`, `satellites` and `steps`; the median rate, `median_km_per_day`, and
            `times_usual`, each with its interval. These are missing for fewer than FEWEST_BLOCKS
            blocks of days or FEWEST_SATELLITES satellites.
        daily: the steps of each day: `utc_date`, `ap`, `f107_observed_sfu`, `satellites` and
            `times_usual`.
        since: the first day with a step; empty if there is none.
        until: the last one.
        answer: what can be said, in sentences.
    """

    table: pd.DataFrame
    daily: pd.DataFrame
    since: str
    until: str
    answer: str


def storm_response(database: Path | str, since: str = "", until: str = "") -> StormResponse:
    """Return how fast coasting satellites sank by altitude and Ap.

    Args:
        database: the database.
        since: the first day; empty: the first one with observed space weather.
        until: the last day; empty: the last such one.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    weather = weather_days(database, since, until)
    weather = weather[weather["kind"].isin(KNOWN)].dropna(subset="ap")
    days = weather["utc_date"].tolist() or [_NO_DAY]
    sets = elements(database, since=days[0], until=days[-1], columns=_OF_SETS)
    return response(sets, weather)


def response(sets: pd.DataFrame, weather: pd.DataFrame) -> StormResponse:
    """Return how fast coasting satellites sank by altitude and Ap.

    Args:
        sets: `norad_cat_id`, `epoch_utc` and `semi_major_axis_km` of element sets.
        weather: `utc_date`, `ap` and `f107_observed_sfu` of observed days.
    """
    if weather.empty:
        return _nothing("No space weather is known of the time: nothing to compare with.")
    found = steps(sets)
    if found.empty:
        return _nothing("No satellite has two element sets of the time.")
    followed = _followed(found)
    if followed.empty:
        return _nothing(_too_sparse(found))
    coasting = with_weather(coasting_steps(followed), weather)
    if coasting.empty:
        seen = counted(followed["norad_cat_id"].nunique(), "satellite")
        return _nothing(
            f"No satellite coasts for {SHORTEST_RUN_DAYS:g} days with known space weather, of "
            f"{seen} with element sets close enough, {_period(followed)}."
        )
    daily = _daily(coasting)
    days = daily["utc_date"]
    return StormResponse(_table(coasting), daily, days.iloc[0], days.iloc[-1], _answer(daily))


def steps(sets: pd.DataFrame) -> pd.DataFrame:
    """Return the steps between element sets of a satellite that follow each other.

    Args:
        sets: `norad_cat_id`, `epoch_utc` and `semi_major_axis_km`, in any order.

    Returns:
        `norad_cat_id`, `start_utc`, `end_utc`, `days`, `altitude_km` above the equatorial radius,
        `change_km` and `km_per_day`, by satellite and time.
    """
    epochs = pd.to_datetime(sets["epoch_utc"], utc=True, format="ISO8601").dt.tz_localize(None)
    every = sets.assign(epoch_utc=epochs).sort_values(["norad_cat_id", "epoch_utc"])
    number, epoch, axis = (
        every[name].to_numpy() for name in ("norad_cat_id", "epoch_utc", "semi_major_axis_km")
    )
    kept = _spaced(number, epoch)
    number, epoch, axis = number[kept], epoch[kept], axis[kept].astype(float)
    found = pd.DataFrame(
        {
            "norad_cat_id": number[1:],
            "start_utc": epoch[:-1],
            "end_utc": epoch[1:],
            "days": (epoch[1:] - epoch[:-1]) / _DAY,
            "altitude_km": axis[:-1] - EARTH_RADIUS_KM,
            "change_km": axis[1:] - axis[:-1],
        }
    )
    own = pd.DataFrame(found[number[1:] == number[:-1]])
    return own.assign(km_per_day=own["change_km"] / own["days"])


def _spaced(number: NDArray[np.int64], epoch: NDArray[np.datetime64]) -> NDArray[np.intp]:
    """Return the element sets that are at least SHORTEST_STEP_DAYS after the one kept before."""
    day = (epoch - epoch.min()) / _DAY if len(epoch) else np.zeros(0)
    kept: list[int] = []
    last_number, last_day = -1, 0.0
    pairs = zip(number.tolist(), day.tolist(), strict=True)
    for row, (of, at) in enumerate(pairs):
        if of != last_number or at - last_day >= SHORTEST_STEP_DAYS:
            kept.append(row)
            last_number, last_day = of, at
    return np.array(kept, np.intp)


def _followed(found: pd.DataFrame) -> pd.DataFrame:
    """Return the short steps of satellites that have them for FOLLOWED_DAYS without a break."""
    short = found[found["days"] <= LONGEST_STEP_DAYS]
    days = short.groupby(_runs(short))["days"].transform("sum")
    return pd.DataFrame(short[days >= FOLLOWED_DAYS])


def _runs(found: pd.DataFrame) -> "pd.Series[int]":
    """Return the number of the run of each step: the steps of a satellite without a break."""
    is_same = found["norad_cat_id"].eq(found["norad_cat_id"].shift())
    follows = is_same & found["start_utc"].eq(found["end_utc"].shift())
    return (~follows).astype(int).cumsum()


def coasting_steps(found: pd.DataFrame) -> pd.DataFrame:
    """Return the steps in which a satellite coasts, with its usual rate.

    Args:
        found: from `steps`, without those that are too long.

    Returns:
        The same columns, and `usual_km_per_day`.
    """
    fastest = fastest_drag_km_per_day(found["altitude_km"].to_numpy())
    falls = found[(found["change_km"] <= RISE_KM) & (found["km_per_day"] >= -fastest)]
    before, after = _rates_around(falls)
    sinking = falls[np.maximum(before, after) <= -SLOWEST_KM_PER_DAY]
    runs = sinking.groupby(_runs(sinking))
    is_run = runs["days"].transform("sum").ge(SHORTEST_RUN_DAYS) & runs["change_km"].transform(
        "sum"
    ).le(-LEAST_SINK_KM)
    own = pd.DataFrame(sinking[is_run])
    if own.empty:
        return own.assign(usual_km_per_day=np.nan)
    of_run = own.assign(run=_runs(own)).groupby("run")
    around = of_run.rolling(f"{USUAL_DAYS}D", on="start_utc", center=True, min_periods=FEWEST_STEPS)
    usual = around["km_per_day"].median().to_numpy()
    return pd.DataFrame(own.assign(usual_km_per_day=usual)[usual < 0])


def _rates_around(found: pd.DataFrame) -> tuple[Array, Array]:
    """Return the mean rates before and after the middle of each step; NaN at the ends of runs."""
    run = _runs(found).to_numpy() * _APART
    first = found["start_utc"].min()
    start, end = (run + ((found[name] - first) / _DAY).to_numpy() for name in _ENDS)
    low = found["altitude_km"].to_numpy()
    place = np.column_stack((start, end)).ravel()
    height = np.column_stack((low, low + found["change_km"].to_numpy())).ravel()
    middle = (start + end) / 2
    here, past, future = (
        np.interp(middle + days, place, height) for days in (0, -AROUND_DAYS, AROUND_DAYS)
    )
    begins = found.assign(at=start).groupby(run)["at"].transform("min").to_numpy()
    ends = found.assign(at=end).groupby(run)["at"].transform("max").to_numpy()
    return (
        np.where(middle - AROUND_DAYS >= begins, (here - past) / AROUND_DAYS, np.nan),
        np.where(middle + AROUND_DAYS <= ends, (future - here) / AROUND_DAYS, np.nan),
    )


_ENDS = ("start_utc", "end_utc")


def with_weather(coasting: pd.DataFrame, weather: pd.DataFrame) -> pd.DataFrame:
    """Add the weather of the days that each step covers; steps of unknown days are left out.

    Args:
        coasting: from `coasting_steps`.
        weather: `utc_date`, `ap` and `f107_observed_sfu` of observed days.

    Returns:
        The steps with `utc_date`, the day of their middle, and `ap` and `f107_observed_sfu`, the
        means over their time.
    """
    days = pd.to_datetime(weather["utc_date"]).to_numpy("datetime64[D]")
    means = {
        name: _mean_over(coasting, days, weather[name].to_numpy(np.float64))
        for name in ("ap", "f107_observed_sfu")
    }
    middle = coasting["start_utc"] + (coasting["end_utc"] - coasting["start_utc"]) / 2
    known = coasting.assign(utc_date=middle.dt.strftime("%Y-%m-%d"), **means)
    return known.dropna(subset="ap")


def _mean_over(
    found: pd.DataFrame, days: NDArray[np.datetime64], values: Array
) -> NDArray[np.float64]:
    """Return the mean of a daily value over the time of each step; NaN if a day is unknown.

    Args:
        found: from `steps`.
        days: the days with a value, ascending.
        values: the values.
    """
    every = np.arange(days[0], days[-1] + np.timedelta64(1, "D"))
    by_day = np.full(len(every), np.nan)
    by_day[(days - days[0]).astype(int)] = values
    integral = np.concatenate([[0.0], np.cumsum(np.nan_to_num(by_day))])
    unknown = np.concatenate([[0.0], np.cumsum(np.isnan(by_day))])
    first = days[0].astype("datetime64[us]")
    ends = [(found[name].to_numpy("datetime64[us]") - first) / _DAY for name in _ENDS]
    edges = np.arange(len(integral))
    total, missing = (
        np.interp(ends[1], edges, sums) - np.interp(ends[0], edges, sums)
        for sums in (integral, unknown)
    )
    is_outside = (ends[0] < 0) | (ends[1] > len(every))
    mean = total / (ends[1] - ends[0])
    return np.asarray(np.where(is_outside | (missing > 0), np.nan, mean))


def _table(coasting: pd.DataFrame) -> pd.DataFrame:
    random = np.random.default_rng(SEED)
    times = coasting["km_per_day"] / coasting["usual_km_per_day"]
    band = (coasting["altitude_km"] // BAND_KM * BAND_KM).astype(int)
    place = np.searchsorted(AP_FROM, coasting["ap"], side="right") - 1
    every = coasting.assign(times=times, band=band, place=place)
    rows = []
    for _, group in every.groupby(["band", "place"]):
        low, of_ap = (int(group[name].iloc[0]) for name in ("band", "place"))
        weights = _drawn_again(group, random)
        rows.append(
            (
                *(low, low + BAND_KM, AP_FROM[of_ap], [*AP_FROM[1:], HIGHEST_AP + 1][of_ap] - 1),
                group["utc_date"].min(),
                group["utc_date"].max(),
                group["utc_date"].nunique(),
                group["norad_cat_id"].nunique(),
                len(group),
                *_median_and_interval(group["km_per_day"].to_numpy(), weights),
                *_median_and_interval(group["times"].to_numpy(), weights),
            )
        )
    return pd.DataFrame(rows, columns=[*COLUMNS])


def _drawn_again(group: pd.DataFrame, random: np.random.Generator) -> list[Array]:
    """Return the weights of the steps in each sample, of days times satellites; none for few."""
    block = pd.to_datetime(group["utc_date"]).to_numpy("datetime64[D]").astype(int) // _BLOCK_DAYS
    parts = [np.unique(of, return_inverse=True) for of in (block, group["norad_cat_id"])]
    sizes = [len(values) for values, _ in parts]
    if sizes[0] < FEWEST_BLOCKS or sizes[1] < FEWEST_SATELLITES:
        return []
    samples: list[Array] = []
    while len(samples) < _SAMPLES:
        day, satellite = (
            random.multinomial(size, np.full(size, 1 / size)).astype(float)[rows]
            for size, (_, rows) in zip(sizes, parts, strict=True)
        )
        if (weight := day * satellite).any():  # few steps may all have a weight of zero
            samples.append(weight)
    return samples


def _median_and_interval(values: Array, weights: list[Array]) -> tuple[float, float, float]:
    """Return the median and its interval.

    Args:
        values: of the steps.
        weights: of the steps in each sample; if there is none, all is NaN.
    """
    if not weights:
        return np.nan, np.nan, np.nan
    order = np.argsort(values)
    medians = []
    for weight in weights:
        total = np.cumsum(weight[order])
        medians.append(values[order][np.searchsorted(total, total[-1] / 2)])
    low, high = np.quantile(medians, (0.025, 0.975))
    return float(np.median(values)), float(low), float(high)


def _daily(coasting: pd.DataFrame) -> pd.DataFrame:
    times = coasting["km_per_day"] / coasting["usual_km_per_day"]
    return (
        coasting.assign(times_usual=times)
        .groupby("utc_date", as_index=False)
        .agg(
            ap=("ap", "median"),
            f107_observed_sfu=("f107_observed_sfu", "median"),
            satellites=("norad_cat_id", "nunique"),
            times_usual=("times_usual", "median"),
        )
    )


def _answer(daily: pd.DataFrame) -> str:
    """Return how the rate goes with Ap and F10.7, and whether the days are enough to tell them."""
    enough = daily[daily["satellites"] >= FEWEST_SATELLITES]
    days = len(enough)
    since, until = daily["utc_date"].iloc[[0, -1]]
    said = f"{counted(days, 'day')} with {FEWEST_SATELLITES} coasting satellites or more, "
    said += f"{since} to {until}"
    if days < 2 * _BLOCK_DAYS:
        return f"Too few days: {said}."
    with_ap, with_flux = (_correlation(enough, name) for name in ("ap", "f107_observed_sfu"))
    text = f"The rank correlation of the sinking is {with_ap} with Ap, and {with_flux} with F10.7, "
    text += f"over {said}."
    if days < DAYS_TO_TELL:
        text += (
            f" Fewer than {DAYS_TO_TELL} days do not tell the two apart: the Sun turns in 27, and "
            "both follow it."
        )
    return text


def _correlation(daily: pd.DataFrame, name: str) -> str:
    """Return Spearman's rank correlation of a column with the sinking, and its interval."""
    pair = daily[["times_usual", name]].to_numpy(float)
    if np.ptp(pair, axis=0).min() == 0:
        return "unknown"
    random = np.random.default_rng(SEED)
    starts = random.integers(len(pair), size=(_SAMPLES, -(-len(pair) // _BLOCK_DAYS)))
    rows = (starts[:, :, None] + np.arange(_BLOCK_DAYS)).reshape(_SAMPLES, -1) % len(pair)
    drawn = [_rank_correlation(pair[each]) for each in rows[:, : len(pair)]]
    low, high = np.nanquantile(drawn, (0.025, 0.975))
    return f"{_rank_correlation(pair):.2f} ({low:.2f} to {high:.2f})"


def _rank_correlation(pair: Array) -> float:
    ranks = pd.DataFrame(pair).rank().to_numpy()
    return float(np.corrcoef(ranks, rowvar=False)[0, 1])


def _too_sparse(found: pd.DataFrame) -> str:
    apart = found["days"].median()
    said = "Too sparse" if apart > LONGEST_STEP_DAYS else "Too short"
    return (
        f"{said}: no satellite has element sets at most {LONGEST_STEP_DAYS:g} days apart for "
        f"{FOLLOWED_DAYS:g} days. Those of {counted(found['norad_cat_id'].nunique(), 'satellite')} "
        f"are {apart:.1f} days apart, the median of {counted(len(found), 'step')}, "
        f"{_period(found)}. A storm lasts a day or two: load daily lists."
    )


def _period(found: pd.DataFrame) -> str:
    return f"{found['start_utc'].min():%Y-%m-%d} to {found['end_utc'].max():%Y-%m-%d}"


def _nothing(answer: str) -> StormResponse:
    empty = [pd.DataFrame(columns=[*names]) for names in (COLUMNS, _DAILY)]
    return StormResponse(empty[0], empty[1], "", "", answer)
