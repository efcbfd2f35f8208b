"""Forecasts of re-entries, and how they turned out.

Of each satellite and rule, the first forecast counts in each span of expected remaining life
(`SPANS_DAYS`): forecasts of successive days miss together. The truth is the day of the re-entry in
a catalogue. Of a satellite without one it is between the last GP list with it and the first one
without it. The middle of that time counts, unless it is longer than a day and than VAGUE of the
remaining life: then the forecast is not scored.

A satellite that is still in orbit after the expected instant is censored: the error is at least the
delay until now. The median error and the share of intervals that hold the re-entry are those of the
estimator of Kaplan and Meier (Journal of the American Statistical Association 53, 1958, 457), with
intervals from resampled satellites.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.analysis.queries import query
from spacex.orbits.elements import Array
from spacex.orbits.reentry import HIGHEST_KM, LONGEST_DAYS, MODEL
from spacex.orbits.status import HOLDING_KM_PER_DAY, RAISING_FOR_DAYS
from spacex.schema.forecasts import RE_ENTRY
from spacex.units import SECONDS_PER_DAY, counted, date_text
from spacex.warehouse.decay_days import first_day, last_day
from spacex.warehouse.renumbering import RENUMBERINGS, Renumbering, current_numbers

SPANS_DAYS = (0.0, 3.0, 7.0, 14.0, 30.0, LONGEST_DAYS)
"""Ends of the spans of expected remaining life."""
VAGUE = 0.35
SEED = 21
MEASURED = (
    "Measured before, with constants fitted on other satellites: 655 forecasts of 175 satellites "
    "from 17 October 2021 to 30 May 2026, of which 50 re-entered. The median error was 17 % of the "
    "remaining life, 43 % with a constant scale height of the air; 81 % of the intervals had the "
    "re-entry. The form of the law was chosen with all of these satellites in view."
)
NOTHING = (
    "No forecast of a re-entry is stored: they are made from GP lists of CelesTrak, of satellites "
    f"below {HIGHEST_KM:.0f} km that sink."
)
NOT_FORECAST = (
    f"No re-entry is forecast: this is done for satellites below {HIGHEST_KM:.0f} km that sink by "
    f"more than {HOLDING_KM_PER_DAY:g} km per day, were launched more than "
    f"{RAISING_FOR_DAYS:.0f} days before, and have {LONGEST_DAYS:.0f} days left at most. Beyond "
    "that, thrust and the weather in space decide, and a forecast is of no use."
)

_NBSP = "\N{NO-BREAK SPACE}"
_RESAMPLES = 400
_LEAST_SATELLITES = 5
"""Fewest satellites that intervals are given for."""
_FORECASTS = f"SELECT * FROM forecasts WHERE kind = '{RE_ENTRY}' ORDER BY made_utc, subject"
_FORECASTS_OF = f"""
    SELECT f.* FROM starlink s JOIN forecasts f ON f.made_utc = s.last_listed_utc
    WHERE s.norad_cat_id = ?1 AND f.kind = '{RE_ENTRY}' AND f.subject = ?1"""
_FORECAST_NOW = f"""
    SELECT f.subject FROM starlink s JOIN forecasts f ON f.made_utc = s.last_listed_utc
        AND f.kind = '{RE_ENTRY}' AND f.subject = CAST(s.norad_cat_id AS TEXT)"""
_ENDS = f"""
    SELECT s.norad_cat_id, s.object_name, s.last_listed_utc,
           iif(s.is_decayed AND s.decay_date IS NOT NULL, {first_day("s")},
               min(s.last_listed_utc, coalesce(s.epoch_utc, s.last_listed_utc))) AS earliest,
           iif(s.is_decayed AND s.decay_date IS NOT NULL, date({last_day("s")}, '+1 day'),
               s.unlisted_since_utc) AS latest
    FROM starlink s WHERE s.norad_cat_id IN (SELECT value FROM json_each(?))"""


def reentry_forecasts(database: Path | str) -> pd.DataFrame:
    """Return every stored forecast of a re-entry, beside what happened, oldest first.

    Returns:
        `made_utc`, `value`, `low`, `high`, `last_listed_utc`, `earliest` and `latest`, instants;
        `norad_cat_id`, the number of now, `object_name`, `model` and `run`. The orbit ended between
        `earliest` and `latest`; `latest` is missing if the satellite was in orbit at `earliest`,
        when it was last seen.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    return _with_ends(database, query(database, _FORECASTS))


def _with_ends(database: Path | str, found: pd.DataFrame) -> pd.DataFrame:
    """Return forecasts beside what happened; see `reentry_forecasts`."""
    numbers = _numbers_of_now(found, query(database, RENUMBERINGS))
    wanted = f"[{','.join(map(str, sorted(set(numbers))))}]"
    ends = query(database, _ENDS, (wanted,)).astype({"norad_cat_id": "int64"})
    found = found.drop(columns=["subject", "kind"])
    found["norad_cat_id"] = np.array(numbers, np.int64)
    found = found.merge(ends, how="left", on="norad_cat_id")
    for name in ("made_utc", "value", "low", "high", "last_listed_utc", "earliest", "latest"):
        found[name] = pd.to_datetime(found[name], utc=True, format="ISO8601")
    return found


def _numbers_of_now(found: pd.DataFrame, renumbered: pd.DataFrame) -> list[int]:
    known = [Renumbering(*each) for each in renumbered.itertuples(index=False, name=None)]
    pairs = zip(found["subject"].astype(int), found["made_utc"], strict=True)
    return [next(iter(current_numbers([number], made, known))) for number, made in pairs]


def scored(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Return the forecasts that count, with their scores.

    Args:
        forecasts: from `reentry_forecasts`.

    Returns:
        Their rows, with `days`, the expected remaining life; `span`, the number of its span;
        `has_ended`; `error`, as a share of the true remaining life, and `miss`, at most 1 if the
        interval has the truth. Both are lower limits of a satellite in orbit, and missing if that
        says nothing, or if the truth is too vague.
    """
    days = _days(forecasts["value"] - forecasts["made_utc"])
    span = np.digitize(days, SPANS_DAYS[1:-1])
    rows = forecasts.assign(days=days, span=span)
    rows = rows.drop_duplicates(["norad_cat_id", "model", "span"], ignore_index=True)
    has_ended = rows["latest"].notna()
    middle = rows["earliest"] + (rows["latest"] - rows["earliest"]) / 2
    end = middle.where(has_ended, rows["earliest"])
    true = _days(end - rows["made_utc"])
    is_late = end > rows["value"]
    side = rows["high"].where(is_late, rows["low"])
    miss = (end - rows["value"]) / (side - rows["value"]).where(side != rows["value"])
    width = _days(rows["latest"] - rows["earliest"])
    is_vague = has_ended & ((width > np.maximum(VAGUE * true, 1.01)) | (true <= 0))
    is_known = ~is_vague & (has_ended | is_late)
    return rows.assign(
        has_ended=has_ended,
        error=((rows["days"] - true).abs() / true).where(is_known),
        miss=miss.where(is_known),
    )


def _days(times: "pd.Series[Any]") -> "pd.Series[float]":
    days: pd.Series[float] = times.dt.total_seconds() / SECONDS_PER_DAY
    return days


@dataclass(frozen=True)
class Record:
    """How forecasts turned out.

    Attributes:
        forecasts: their number.
        satellites: the satellites of these.
        ended: forecasts whose satellite has re-entered.
        ended_satellites: the satellites of these.
        late: censored ones: in orbit after the expected instant.
        open: those that cannot be scored: the expected instant is to come, or the truth is vague.
        error: median error as a share of the remaining life; NaN if it cannot be told.
        error_95: its interval of 95 %; NaN if there are few satellites.
        covered: share of the intervals with the re-entry; NaN if it cannot be told.
        covered_95: its interval of 95 %.
        since: date of the first of the forecasts; empty if there is none.
        until: date of the last one.
    """

    forecasts: int
    satellites: int
    ended: int
    ended_satellites: int
    late: int
    open: int
    error: float
    error_95: tuple[float, float]
    covered: float
    covered_95: tuple[float, float]
    since: str
    until: str


def record(of: pd.DataFrame) -> Record:
    """Return how forecasts turned out, of some or all rows of `scored`."""
    known = of.dropna(subset="error")
    ended = known["has_ended"].to_numpy(bool)
    errors, misses = known["error"].to_numpy(float), known["miss"].to_numpy(float)
    samples = _samples(known["norad_cat_id"].to_numpy())
    made = of["made_utc"]
    return Record(
        forecasts=len(of),
        satellites=of["norad_cat_id"].nunique(),
        ended=int(ended.sum()),
        ended_satellites=known["norad_cat_id"][ended].nunique(),
        late=int((~ended).sum()),
        open=len(of) - len(known),
        error=median(errors, ended),
        error_95=_interval([median(errors[each], ended[each]) for each in samples]),
        covered=share_within(misses, ended),
        covered_95=_interval([share_within(misses[each], ended[each]) for each in samples]),
        since=f"{made.min():%Y-%m-%d}" if len(of) else "",
        until=f"{made.max():%Y-%m-%d}" if len(of) else "",
    )


def _samples(number: NDArray[np.int64]) -> list[NDArray[np.intp]]:
    """Return rows of resampled satellites; none if there are few."""
    rows = [np.flatnonzero(number == each) for each in np.unique(number)]
    if len(rows) < _LEAST_SATELLITES:
        return []
    drawn = np.random.default_rng(SEED).integers(len(rows), size=(_RESAMPLES, len(rows)))
    return [np.concatenate([rows[each] for each in sample]) for sample in drawn.tolist()]


def _interval(found: Sequence[float]) -> tuple[float, float]:
    values = np.array([each for each in found if np.isfinite(each)])
    if len(values) < _RESAMPLES // 2:
        return np.nan, np.nan
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def median(values: Array, is_known: NDArray[np.bool_]) -> float:
    """Return the median of values of which some are lower limits; NaN if these are too many.

    >>> median(np.array([1.0, 2.0, 3.0, 9.0]), np.array([True, True, True, False]))
    2.0
    """
    ordered, above = _exceeded(values, is_known)
    reached = np.flatnonzero(above <= 0.5 + 1e-9)
    return float(ordered[reached[0]]) if len(reached) else np.nan


def share_within(values: Array, is_known: NDArray[np.bool_]) -> float:
    """Return the share of values up to 1, of which some are lower limits; NaN if there is none."""
    if not is_known.any():
        return np.nan
    ordered, above = _exceeded(values, is_known)
    within = np.searchsorted(ordered, 1.0, "right")
    return float(1 - above[within - 1]) if within else 0.0


def _exceeded(values: Array, is_known: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Return the values in order, and the share above each, after Kaplan and Meier."""
    order = np.lexsort((~is_known, values))
    left = np.arange(len(values), 0, -1)
    above = np.cumprod(np.where(is_known[order], 1 - 1 / left, 1.0))
    return values[order], np.asarray(above, float)


def by_span(rows: pd.DataFrame) -> list[tuple[str, Record]]:
    """Return how the forecasts of each span turned out, longest first, and its name."""
    names = [f"{low:g} to {high:g} days" for low, high in pairwise(SPANS_DAYS)]
    found = [(name, record(rows[rows["span"] == span])) for span, name in enumerate(names)]
    return [each for each in reversed(found) if each[1].forecasts]


def coming(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Return the forecasts of the last list with each satellite in orbit, the next re-entry first.

    There is none of a satellite that no longer sinks by that list. If several rules have forecast
    it, the present one counts.
    """
    is_newest = forecasts["made_utc"].eq(forecasts["last_listed_utc"])
    found = forecasts[is_newest & forecasts["latest"].isna()]
    by_rule = found.assign(is_of_now=found["model"].eq(MODEL)).sort_values(["is_of_now", "model"])
    one = by_rule.drop_duplicates("norad_cat_id", keep="last").drop(columns="is_of_now")
    return one.sort_values(["value", "norad_cat_id"], ignore_index=True)


def track_record(of: Record) -> str:
    """Return how forecasts turned out in sentences, with numbers, intervals and period."""
    if not of.forecasts:
        return NOTHING
    stored = (
        f"From {date_text(of.since)} to {date_text(of.until)}, "
        f"{counted(of.forecasts, 'forecast')} of {counted(of.satellites, 'satellite')} count"
    )
    known = f"{of.ended} of {counted(of.ended_satellites, 'satellite')} that re-entered"
    late = f"{of.late} of satellites still in orbit after the expected instant (censored)"
    rest = f"{of.open} are not over, or the re-entry is not known well enough"
    text = f"{stored}: {known}, and {late}; {rest}."
    if np.isfinite(of.error):
        text += (
            f" The median error is {share_text(of.error, of.error_95)} of the remaining life, and "
            f"{share_text(of.covered, of.covered_95)} of the intervals had the re-entry, where "
            f"80{_NBSP}% should."
        )
    return text


def share_text(share: float, interval: tuple[float, float]) -> str:
    r"""Format a share with its interval of 95 %.

    >>> share_text(0.171, (0.12, 0.25)), share_text(float("nan"), (0.1, 0.2))
    ('17\xa0% (95\xa0%: 12 to 25\xa0%)', 'unknown')
    """
    if not np.isfinite(share):
        return "unknown"
    text = f"{100 * share:.0f}{_NBSP}%"
    if not np.isfinite(interval[0]):
        return text
    low, high = (f"{100 * each:.0f}" for each in interval)
    return f"{text} (95{_NBSP}%: {low} to {high}{_NBSP}%)"


def forecast_satellites(database: Path | str) -> set[str]:
    """Return the numbers of the satellites of which `reentry_text` may have a forecast.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    return set(query(database, _FORECAST_NOW)["subject"])


def reentry_text(database: Path | str, norad_cat_id: int) -> str:
    """Return the newest forecast of a satellite's re-entry in a sentence, or `NOT_FORECAST`.

    Args:
        database: the database.
        norad_cat_id: the satellite, by its number of now.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    of = coming(_with_ends(database, query(database, _FORECASTS_OF, (str(norad_cat_id),))))
    if of.empty:
        return NOT_FORECAST
    found = of.iloc[0]
    value, low, high, made = (
        date_text(found[name].isoformat()) for name in ("value", "low", "high", "made_utc")
    )
    return (
        f"It is expected to re-enter on {value}, between {low} and {high} with a probability of "
        f"80{_NBSP}%, if it sinks without thrust. Forecast of {made}."
    )
