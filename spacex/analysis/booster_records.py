"""Landings in a row, and how long boosters of the Falcon rockets stay in service.

A landing counts as made if a source says so, or if the booster has flown again since: catalogues
tell flights, but rarely landings. Where neither is known, the booster may have landed, missed, or
been expended.

The share of the boosters still in service after a number of flights is the estimate of Kaplan and
Meier (Journal of the American Statistical Association 53, 1958, 457), with Greenwood's variance and
an interval of 95 % on the scale of log(-log S) (Kalbfleisch and Prentice, The Statistical Analysis
of Failure Time Data, 1980). A booster leaves the service with the flight on which it was missed,
expended, or lost. One that has not flown again for IDLE_DAYS, and of whose last landing nothing is
known, counts as lost in `share_low`, and as still in service in `share_high`.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.analysis.booster_flights import FLIGHTS
from spacex.analysis.queries import query
from spacex.analysis.source_coverage import covered
from spacex.orbits.elements import Array
from spacex.units import counted, date_text
from spacex.warehouse.coverage import LAUNCHES

FIRST_BLOCK_5 = "B1046"
IDLE_DAYS = 365.0
SHOWN_FLIGHTS = (1, 2, 5, 10, 15, 20, 25, 30)
NO_LANDING = "No landing is known: no source of the flights of boosters is loaded."

_NBSP = "\N{NO-BREAK SPACE}"
_Z = 1.959964
_ENDS = ("missed", "expended", "lost")
_FLOWN = f"""{FLIGHTS}
    SELECT date_utc, launch, core_id, booster, outcome FROM flight
    WHERE rocket LIKE 'Falcon%' ORDER BY date_utc, launch, booster"""


def falcon_flights(database: Path | str) -> pd.DataFrame:
    """Return the flights of boosters on flown Falcon launches, in order of time.

    Returns:
        `date_utc`, `launch`, `booster`, `outcome` by the sources, `landing`: *landed*, by a source
        or by a later flight, *missed*, *not tried* or *unknown*; and `is_last` flight known of it.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    flown = query(database, _FLOWN)
    last = flown.groupby("core_id")["date_utc"].transform("max")
    is_last = ~flown["date_utc"].lt(last)
    landing = flown["outcome"].replace(dict.fromkeys(("expended", "lost"), "not tried"))
    flown["landing"] = landing.mask(landing.eq("unknown") & ~is_last, "landed")
    return flown.assign(is_last=is_last).drop(columns="core_id")


@dataclass(frozen=True)
class Streak:
    """Landings in a row.

    Attributes:
        landings: those made, by a source or by a later flight.
        certain: the most of them in a row without one of which nothing is known between them.
        unknown: flights among them of whose landing nothing is known.
        since: date of the first landing.
        until: date of the last one.
        ended_by: the launch whose booster missed; empty if no miss is known after them.
        ended_on: its date; empty if there is none.
    """

    landings: int
    certain: int
    unknown: int
    since: str
    until: str
    ended_by: str = ""
    ended_on: str = ""


def landing_streaks(flights: pd.DataFrame, until: str = "9999") -> list[Streak]:
    """Return the landings in a row between two misses, the longest first.

    Args:
        flights: from `falcon_flights`.
        until: the end of the coverage, after which flights do not count.
    """
    rows = flights[flights["landing"].ne("not tried") & flights["date_utc"].lt(until)]
    group = rows["landing"].eq("missed").shift(fill_value=False).cumsum()
    found = [_streak(run) for _, run in rows.groupby(group)]
    return sorted((each for each in found if each.landings), key=lambda each: -each.landings)


def _streak(run: pd.DataFrame) -> Streak:
    made, is_unknown = run["landing"].eq("landed"), run["landing"].eq("unknown")
    dates = run.loc[made, "date_utc"].str[:10]
    certain = made.groupby(is_unknown.cumsum()).sum().max() if made.any() else 0
    last = run.iloc[-1]
    end = (str(last["launch"]), str(last["date_utc"])[:10]) if last["landing"] == "missed" else ()
    ends = (str(dates.min()), str(dates.max())) if len(dates) else ("", "")
    return Streak(int(made.sum()), int(certain), int(is_unknown.sum()), *ends, *end)


def streak_text(found: list[Streak]) -> str:
    """Return the longest landings in a row in a sentence, and what is not known of them."""
    if not found:
        return NO_LANDING
    longest = found[0]
    period = f"from {date_text(longest.since)} to {date_text(longest.until)}"
    end = (
        f"until the miss of {longest.ended_by} on {date_text(longest.ended_on)}"
        if longest.ended_by
        else "and no miss is known since"
    )
    if not longest.unknown:
        return f"{longest.landings} landings in a row, {period}, {end}."
    return (
        f"At least {longest.landings} landings {period}, {end}. They are in a row unless one of "
        f"{counted(longest.unknown, 'other flight')} missed, of whose landing nothing is known and "
        f"whose booster has not flown again; {longest.certain} of them are in a row for certain."
    )


def kaplan_meier(flights: NDArray[np.int64], is_lost: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the share in service after each number of flights.

    Args:
        flights: the flights of each booster; shape (n,).
        is_lost: whether it was lost on the last of them; shape (n,).

    Returns:
        `flights`, from 1; `at_risk`, the boosters that flew so often; `lost` on that flight;
        `share`, `low` and `high`, its interval of 95 %, NaN while none was lost.
    """
    number = np.arange(1, int(flights.max(initial=0)) + 1)
    at_risk = (flights[:, None] >= number).sum(axis=0)
    lost = ((flights[:, None] == number) & is_lost[:, None]).sum(axis=0)
    share: Array = np.cumprod(1 - lost / at_risk)
    left = np.maximum(at_risk - lost, 1)
    variance = np.cumsum(lost / (at_risk * left))
    inside = (share > 0) & (share < 1)
    log = np.log(np.where(inside, share, 0.5))
    width = np.exp(_Z * np.sqrt(variance) / np.abs(log))
    low, high = (np.where(inside, np.exp(log * each), np.nan) for each in (width, 1 / width))
    columns = {"flights": number, "at_risk": at_risk, "lost": lost, "share": share}
    return pd.DataFrame(columns | {"low": low, "high": high})


def booster_survival(flights: pd.DataFrame, until: str) -> pd.DataFrame:
    """Return the share of the boosters of block 5 in service after each number of flights.

    Args:
        flights: from `falcon_flights`.
        until: the end of the coverage, after which flights do not count.

    Returns:
        `flights`; `at_risk`; `share_low`, with `low`, the lower end of its interval; and
        `share_high`, with `high`, the upper end of its interval.
    """
    known = flights[flights["booster"].ge(FIRST_BLOCK_5) & flights["date_utc"].lt(until)]
    of = known.groupby("booster", sort=True)
    number = of.size().to_numpy().astype(np.int64)
    last = of[["date_utc", "outcome"]].last()
    is_lost = last["outcome"].isin(_ENDS).to_numpy(bool)
    is_unknown = last["outcome"].eq("unknown").to_numpy(bool)
    idle = pd.Timestamp(until[:10]) - pd.to_datetime(last["date_utc"].str[:10])
    is_idle = (idle > pd.Timedelta(days=IDLE_DAYS)).to_numpy(bool)
    # Of a booster whose last landing is not known, only the flights before tell that it landed.
    proven = np.where(is_unknown & ~is_idle, number - 1, number)
    worst = kaplan_meier(proven, is_lost | (is_unknown & is_idle))
    best = kaplan_meier(proven, is_lost)
    return pd.DataFrame(
        {
            "flights": worst["flights"],
            "at_risk": worst["at_risk"],
            "share_low": worst["share"],
            "low": worst["low"],
            "share_high": best["share"],
            "high": best["high"],
        }
    )


def survival_text(found: pd.DataFrame, flights: int = 10) -> str:
    """Return the share in service after a number of flights in a sentence; empty if too few flew.

    Args:
        found: from `booster_survival`.
        flights: the number of flights.
    """
    if len(found) < flights:
        return ""
    row, first = found.iloc[flights - 1], found.iloc[0]
    low, high = (f"{100 * row[name]:.0f}" for name in ("share_low", "share_high"))
    ends = [100 * float(row[name]) for name in ("low", "high")]
    interval = f"{ends[0]:.0f} to {ends[1]:.0f}{_NBSP}%" if np.isfinite(ends).all() else "unknown"
    share = f"{low}{_NBSP}%" if low == high else f"{low} to {high}{_NBSP}%"
    return (
        f"Of {int(first['at_risk'])} boosters from {FIRST_BLOCK_5} on, {share} are still in "
        f"service after {flights} flights (95{_NBSP}%: {interval}), by {int(row['at_risk'])} that "
        "flew so often. Boosters expended on purpose count as out of service."
    )


def coverage_end(database: Path | str) -> str:
    """Return the end of the newest covered period of launches; empty if there is none.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    spans = covered(database, LAUNCHES)
    return spans[-1][1] if spans else ""
