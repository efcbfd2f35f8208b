"""The chance that a launch flies within a day of its date, by how long before it is dated.

Each response of Launch Library is a forecast: the dates of the launches to come. A date counts if
it was given to the day or better; of each launch, the first such date in each span of lead counts,
the days from the response to the date. The launch flew within a day if it lifted off at most a day
before or after that instant. A launch that has not flown a day after its date, by the last
response, did not. With fewer than FEWEST launches in a span, the answer is that they are too few.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from spacex.analysis.intervals import percent, wilson, wilson_text
from spacex.analysis.queries import query
from spacex.units import counted

SERVICE = "launchlibrary"
SPANS_DAYS = (0.0, 1.0, 3.0, 7.0, 30.0)
"""Ends of the spans of lead."""
FEWEST = 20
WITHIN = pd.Timedelta(days=1)

_NBSP = "\N{NO-BREAK SPACE}"
_TO_THE_DAY = frozenset({"day", "hour", "minute", "second"})
_PLAN = re.compile(r"(\S+) \((.*)\)")
_RESPONSES = f"""
    SELECT DISTINCT utc FROM (
        SELECT retrieved_utc AS utc FROM _snapshots
        WHERE source = '{SERVICE}' AND endpoint = 'launches'
        UNION SELECT checked_utc FROM _snapshots
        WHERE source = '{SERVICE}' AND endpoint = 'launches') ORDER BY 1"""
_PRESENT = f"""
    SELECT launch_id, name, date_utc, date_precision, is_upcoming FROM launch_sources
    WHERE source = '{SERVICE}'"""
_CHANGES = f"""
    SELECT row_key AS launch_id, observed_utc, kind, column_name, old_value, new_value
    FROM _changes WHERE source = '{SERVICE}' AND table_name = 'launches'
        AND (kind IN ('new launch', 'flown')
             OR column_name IN ('date_utc', 'date_precision'))
    ORDER BY observed_utc, change_number"""


class _Plan(NamedTuple):
    """The date of a launch in the responses from an instant on."""

    since_utc: str
    date_utc: str
    precision: str


@dataclass(frozen=True)
class Chance:
    """How many launches flew within a day of the date that they had some time before.

    Attributes:
        span: the days before, such as *1 to 3*.
        launches: those of which it is known.
        flew: those that flew within a day.
        open: those of which it is not known yet.
        since: date of the first response that counts; empty if there is none.
        until: date of the last one.
    """

    span: str
    launches: int
    flew: int
    open: int
    since: str
    until: str

    @property
    def interval(self) -> tuple[float, float]:
        """The interval of 95 % of the share (Wilson)."""
        return wilson(self.flew, self.launches)

    @property
    def text(self) -> str:
        """The share in words, or that there are too few."""
        if self.launches < FEWEST:
            return f"too few launches to tell (n{_NBSP}={_NBSP}{self.launches})"
        share = percent(self.flew, self.launches)
        return f"{share}, {wilson_text(self.flew, self.launches)}, n{_NBSP}={_NBSP}{self.launches}"


def dated_launches(database: Path | str) -> pd.DataFrame:
    """Return the dates that count, and whether the launch flew within a day of each.

    Returns:
        `launch_id`, `launch`, `seen_utc`, the instant of the response; `date_utc`, the date in it;
        `lead_days`; `span`, its number; and `flew`, missing if it is not known yet.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    responses = query(database, _RESPONSES)["utc"].tolist()
    present = query(database, _PRESENT)
    changes = {str(key): of for key, of in query(database, _CHANGES).groupby("launch_id")}
    nothing = pd.DataFrame(
        columns=["observed_utc", "kind", "column_name", "old_value", "new_value"]
    )
    rows = [
        (launch.launch_id, launch.name, *found)
        for launch in present.itertuples(index=False)
        for found in _forecasts(launch, changes.get(str(launch.launch_id), nothing), responses)
    ]
    columns = ["launch_id", "launch", "seen_utc", "date_utc", "lead_days", "span", "flew"]
    found = pd.DataFrame(rows, columns=columns).astype({"lead_days": "float64", "flew": "boolean"})
    return found.drop_duplicates(["launch_id", "span"], ignore_index=True)


def _forecasts(
    launch: "tuple[object, ...]", changes: pd.DataFrame, responses: list[str]
) -> Iterator[tuple[str, str, float, int, bool | None]]:
    """Yield what each response said of a launch, and whether that came true."""
    _, _, date, precision, is_upcoming = launch
    flown = changes[changes["kind"] == "flown"]["observed_utc"]
    end = flown.iloc[0] if len(flown) else ("9999" if is_upcoming else "")
    plans = [*_plans(changes, str(date), str(precision)), _Plan("9999", "", "")]
    actual = pd.Timestamp(str(date)) if not is_upcoming else None
    last = pd.Timestamp(responses[-1] if responses else "2006-01-01T00:00:00Z")
    for plan, following in pairwise(plans):
        if plan.precision not in _TO_THE_DAY:
            continue
        planned = pd.Timestamp(plan.date_utc)
        for seen in responses:
            if not plan.since_utc <= seen < min(following.since_utc, end):
                continue
            lead = (planned - pd.Timestamp(seen)) / pd.Timedelta(days=1)
            if not SPANS_DAYS[0] <= lead < SPANS_DAYS[-1]:
                continue
            span = sum(lead >= each for each in SPANS_DAYS) - 1
            yield seen, plan.date_utc, float(lead), span, _flew(planned, actual, last)


def _flew(planned: pd.Timestamp, actual: pd.Timestamp | None, last: pd.Timestamp) -> bool | None:
    """Return whether a launch flew within a day of its date; None if it is not known yet.

    Args:
        planned: the date.
        actual: when it flew; None if it has not, by the last response.
        last: the instant of that response.
    """
    if actual is None:
        return False if last > planned + WITHIN else None
    return bool(abs(actual - planned) <= WITHIN)


def _plans(changes: pd.DataFrame, date: str, precision: str) -> list[_Plan]:
    """Return the dates that a launch had until it flew, in order."""
    flown = changes[changes["kind"] == "flown"]
    if len(flown) and (found := _PLAN.fullmatch(str(flown["old_value"].iloc[0]))):
        date, precision = found[1], found[2]
        changes = changes[changes["observed_utc"] < flown["observed_utc"].iloc[0]]
    plans = []
    moved = changes[changes["kind"] == "corrected"]
    for seen, of in reversed([*moved.groupby("observed_utc")]):
        plans.append(_Plan(str(seen), date, precision))
        old = of.set_index("column_name")["old_value"]
        date, precision = old.get("date_utc", date), old.get("date_precision", precision)
    new = changes[changes["kind"] == "new launch"]["observed_utc"]
    plans.append(_Plan(str(new.iloc[0]) if len(new) else "", date, precision))
    return plans[::-1]


def chances(found: pd.DataFrame) -> list[Chance]:
    """Return the chance to fly within a day in each span of lead, the shortest first.

    Args:
        found: from `dated_launches`.
    """
    return [
        _chance(f"{low:g} to {high:g}", found[found["span"] == span])
        for span, (low, high) in enumerate(pairwise(SPANS_DAYS))
    ]


def _chance(span: str, rows: pd.DataFrame) -> Chance:
    known = rows["flew"].dropna()
    seen = rows["seen_utc"].str[:10] if len(rows) else pd.Series([""])
    return Chance(
        span, len(known), int(known.sum()), int(rows["flew"].isna().sum()), seen.min(), seen.max()
    )


def slips_text(found: list[Chance]) -> str:
    """Return how reliable dates of launches are, in a sentence."""
    launches = max((each.launches for each in found), default=0)
    if launches < FEWEST:
        return (
            f"Whether launches fly within a day of their date is not known: too few slips are "
            f"observed (n{_NBSP}={_NBSP}{launches}; {FEWEST} are needed). Each response of Launch "
            "Library adds some."
        )
    told = [each for each in found if each.launches >= FEWEST]
    parts = "; ".join(f"{each.span} days before: {each.text}" for each in told)
    period = f"{min(each.since for each in told)} to {max(each.until for each in told)}"
    return f"Launches that flew within a day of their date, in responses of {period}: {parts}."


def chance_text(found: list[Chance], lead_days: float) -> str:
    """Return the chance of a launch that is dated so many days ahead; empty if it is out of range.

    Args:
        found: from `chances`.
        lead_days: the days from the response to the date.
    """
    if not SPANS_DAYS[0] <= lead_days < SPANS_DAYS[-1]:
        return ""
    of = found[sum(lead_days >= each for each in SPANS_DAYS) - 1]
    if of.launches < FEWEST:
        return (
            "How likely it flies within a day of this date is not known: too few slips are "
            f"observed of launches {of.span} days ahead (n{_NBSP}={_NBSP}{of.launches})."
        )
    return (
        f"Of {counted(of.launches, 'launch', 'launches')} dated {of.span} days ahead, "
        f"{percent(of.flew, of.launches)} flew within a day ({wilson_text(of.flew, of.launches)}; "
        f"{of.since} to {of.until})."
    )


def planned_chance(database: Path | str, launch_id: str) -> str:
    """Return the chance that a launch flies within a day of its date; empty if it has no such date.

    Args:
        database: the database.
        launch_id: the launch, planned.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    found = dated_launches(database)
    own = found[found["launch_id"].eq(launch_id) & found["flew"].isna()]
    return chance_text(chances(found), float(own["lead_days"].iloc[-1])) if len(own) else ""
