"""The report on a week: launches, landings, satellites, and where the sources disagree."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from spacex.analysis.articles.words import day, launch_day, listed, loss_day, period
from spacex.analysis.data_dates import data_dates
from spacex.analysis.queries import query, run
from spacex.analysis.source_coverage import FLEET, Span, covered
from spacex.analysis.verdict import SIMULATED
from spacex.errors import SettingsError
from spacex.extract.as_of import Date, as_of_utc
from spacex.sources import titles
from spacex.units import counted
from spacex.warehouse.coverage import (
    DECAYS,
    ELEMENTS,
    LANDINGS,
    LAUNCHES,
    LISTED,
    SOME_DECAYS,
    UNRECORDED_LAUNCHES,
)

SUBJECTS = (LAUNCHES, LANDINGS, *FLEET, ELEMENTS)
"""The subjects of `v_coverage` that the report depends on."""
NO_DATA = "No data are loaded."
NO_LAUNCH = "No launch is known."
AGREED = "The sources say nothing different, or only one of them knows."
DAYS_AFTER = 14
"""How far the report looks ahead, d."""
_VAGUE = ("month", "quarter", "half", "year", "fiscal year", "decade")
_WEEK, _LONGEST_DAYS = 7, 366
_DATE = slice(0, 10)
_LANDED = {
    "landed": "landed",
    "missed": "missed the landing",
    "expended": "expended",
    "lost": "lost with the launch",
    "unknown": "without a recorded landing",
}
_PASSED = ("overdue", "superseded")
"""The outcomes of plans whose date has passed."""
_OUTCOMES = {"failure": "failed", "unknown": "of unknown outcome"}
_SATELLITES = ["launched", "decayed", "unlisted"]

_LAUNCHES = """
    SELECT l.*, substr(l.date_utc, 1, 10) AS day, f.catalogued AS satellites
    FROM v_launches l LEFT JOIN v_fleet_by_launch f USING (launch_designator)
    WHERE substr(l.date_utc, 1, 10) BETWEEN ? AND ? ORDER BY l.date_utc, l.name"""
_ROUGHLY_DATED = """
    SELECT name, date_text FROM v_launches
    WHERE (is_flown OR outcome = 'overdue')
      AND substr(date_from_utc, 1, 10) <= ?2 AND substr(date_until_utc, 1, 10) >= ?1
      AND NOT (substr(date_from_utc, 1, 10) >= ?1 AND substr(date_until_utc, 1, 10) <= ?2)
    ORDER BY date_until_utc, name"""
_LANDINGS = """
    SELECT d.* FROM v_landings d JOIN v_launches l USING (launch_id)
    WHERE substr(l.date_from_utc, 1, 10) >= ?1 AND substr(l.date_until_utc, 1, 10) <= ?2
    ORDER BY d.date_utc, launch, core_index"""
_DAYS = """
    SELECT from_date AS day, 1 AS launched, 0 AS decayed, 0 AS unlisted FROM v_starlink
    WHERE launch_date BETWEEN ?1 AND ?2
    UNION ALL
    SELECT until_date, 0, catalogue_status = 'decayed', catalogue_status <> 'decayed'
    FROM v_starlink WHERE until_date BETWEEN ?1 AND ?2 AND NOT unsure_date"""
_UNDATED = """
    SELECT count(*) AS satellites, total(catalogue_status = 'decayed') AS decayed,
           min(last_known_date) AS since, max(until_date) AS until
    FROM v_starlink WHERE until_date >= ?1 AND last_known_date < ?2 AND unsure_date"""
_LAUNCHED_WITHOUT_DATE = """
    SELECT count(*) AS satellites, coalesce(sum(from_date >= ?1), 0) AS about
    FROM v_starlink
    WHERE launch_date IS NULL AND from_date <= ?2 AND known_by_date >= ?1"""
_LISTS = "SELECT * FROM v_observations WHERE substr(observed_utc, 1, 10) BETWEEN ? AND ? ORDER BY 2"
_IN_ORBIT = """
    SELECT in_orbit, at_least FROM v_fleet_growth WHERE day <= ? ORDER BY day DESC LIMIT 1"""
_UNRECORDED = f"""
    SELECT launch_designator FROM ({UNRECORDED_LAUNCHES}) WHERE launch_date BETWEEN ? AND ?"""
_CONTRADICTIONS = """
    SELECT c.name, attribute, c.source, value, other_source, other_value, used
    FROM v_launch_contradictions c JOIN v_launches l USING (launch_id)
    WHERE substr(l.date_utc, 1, 10) BETWEEN ?1 AND ?2
    UNION ALL
    SELECT c.object_name, attribute, c.source, value, other_source, other_value, used
    FROM v_satellite_contradictions c JOIN v_starlink s USING (norad_cat_id)
    WHERE (from_date BETWEEN ?1 AND ?2 OR until_date BETWEEN ?1 AND ?2) AND NOT is_outdated
    ORDER BY 1, 2, 3, 5"""


@dataclass(frozen=True)
class Week:
    """What is known of some days.

    Attributes:
        since: the first day; empty if no data are loaded.
        until: the last day.
        launches: the launches dated to these days and the days after: columns of `v_launches`,
            `day`, and the `satellites` catalogued.
        landings: the rows of `v_landings` of these days.
        changes: one row per satellite that came or went: `day`, `launched`, `decayed`, `unlisted`.
        in_orbit: the satellites in orbit at the end; None if the number is not known.
        lists: the rows of `v_observations` of these days.
        unrecorded: launches of these days that were seen in orbit and that no source lists.
        contradictions: what two sources say differently of these launches and satellites.
        spans: subject → the time that the sources cover.
        at_least: the satellites that are proven to be in orbit at the end; None if none is known.
        undated: the losses of unknown day that may lie on these days: `satellites`, how many of
            them `decayed`, and the span `since` and `until`.
        launched_without_date: the satellites without a launch date that may have been launched on
            these days, and those of them that were launched then by their estimated dates.
        roughly_dated: the launches that may have flown on these days, by a date that is as vague as
            a month: `name` and `date_text`.
        is_simulated: whether the fleet is that of the bundled sample.
    """

    since: str
    until: str
    launches: pd.DataFrame
    landings: pd.DataFrame
    changes: pd.DataFrame
    in_orbit: int | None
    lists: pd.DataFrame
    unrecorded: list[str]
    contradictions: pd.DataFrame
    spans: dict[str, list[Span]]
    at_least: int | None = None
    undated: dict[str, Any] = field(default_factory=dict)
    launched_without_date: tuple[int, int] = (0, 0)
    roughly_dated: pd.DataFrame = field(default_factory=pd.DataFrame)
    is_simulated: bool = False

    @cached_property
    def days(self) -> pd.DataFrame:
        """Each day with the satellites `launched`, `decayed` and `unlisted`."""
        every = _every_day(self.since, self.until)
        counts = self.changes.groupby("day")[_SATELLITES].sum().reindex(every, fill_value=0)
        return counts.astype(int).rename_axis("day").reset_index()

    @cached_property
    def flown(self) -> pd.DataFrame:
        """The launches of these days that took place."""
        is_within = (self.launches["date_from_utc"].str[_DATE] >= self.since) & (
            self.launches["date_until_utc"].str[_DATE] <= self.until
        )
        return self.launches[(self.launches["is_flown"] == 1) & is_within]

    @cached_property
    def flown_table(self) -> pd.DataFrame:
        """The launches for a table, with their boosters."""
        landed = self.landings.assign(
            booster=self.landings["serial"].fillna("unknown")
            + ", "
            + self.landings["landing"].replace("unknown", "not recorded")
        )
        boosters = landed.groupby("launch_id")["booster"].agg("; ".join)
        return pd.DataFrame(
            {
                "date": [
                    launch_day(*each).partition(" ")[2]
                    for each in zip(self.flown["date_utc"], self.flown["date_text"], strict=True)
                ],
                "launch": self.flown["name"],
                "rocket": self.flown["rocket"],
                "site": self.flown["launchpad"],
                "outcome": self.flown["outcome"],
                "booster_and_its_landing": self.flown["launch_id"].map(boosters),
                "Starlinks": self.flown["satellites"].astype("Int64"),
            }
        )

    @cached_property
    def coming(self) -> pd.DataFrame:
        """The launches of the days after, flown or planned to the day, for a table."""
        is_after = (self.launches["day"] > self.until) | (self.launches["is_flown"] != 1)
        is_vague = self.launches["date_precision"].isin(_VAGUE)
        after = self.launches[is_after & ~is_vague & ~self.launches["outcome"].isin(_PASSED)]
        return pd.DataFrame(
            {
                "date": [day(each) for each in after["date_utc"]],
                "launch": after["name"],
                "rocket": after["rocket"],
                "site": after["launchpad"],
                "outcome": after["outcome"],
            }
        )

    @property
    def gaps(self) -> pd.DataFrame:
        """The days on which satellites may have come and gone unseen."""
        missing = [(first, _later(last, 1)) for first, last in _periods(self._missing(*FLEET))]
        return pd.DataFrame(missing, columns=["from_utc", "to_utc"])

    @property
    def headline(self) -> list[str]:
        """The report in some sentences."""
        if not self.since:
            return [NO_DATA]
        simulated = [SIMULATED] if self.is_simulated else []
        return [*simulated, *self._flown(), *self._landed(), *self._fleet(), *self._differ()]

    @property
    def figures(self) -> dict[str, object]:
        """The key figures; a dash for an unknown one."""
        if not self.since:
            return {}
        landings = self._landings()
        is_told = set(landings) - {"unknown"}
        has_launches = len(self.flown) or len(self._missing(LAUNCHES)) < len(self.days)
        return {
            "launches flown": len(self.flown) if has_launches else None,
            "boosters landed": landings.get("landed", 0) if is_told else None,
            **{f"satellites {name}": count for name, count in self._changes().items()},
            "satellites in orbit at the end": self._in_orbit(),
            "GP lists": len(self.lists),
        }

    @property
    def limits(self) -> list[str]:
        """What the sources do not cover of these days."""
        return [*self._limits()] if self.since else []

    def _spans(self, *subjects: str) -> list[Span]:
        return [span for subject in subjects for span in self.spans.get(subject, [])]

    def _missing(self, *subjects: str) -> list[str]:
        """Return the days of which no source tells what happened, on any of these subjects.

        A single list covers an instant only: it does not tell what came or went on its day.
        """
        spans = [span for span in self._spans(*subjects) if span[0] < span[1]]
        return [date for date in self.days["day"] if not _has(spans, date)]

    def _changes(self) -> dict[str, int | None]:
        """Return how many satellites came and went; None if nothing tells."""
        tells = {"launched": FLEET, "decayed": (*FLEET, SOME_DECAYS), "unlisted": (LISTED,)}
        counts: dict[str, int | None] = {
            name: int(self.days[name].sum())
            if len(self._missing(*subjects)) < len(self.days)
            else None
            for name, subjects in tells.items()
        }
        least = self._are_least()
        return {name: count if count or not least[name] else None for name, count in counts.items()}

    def _are_least(self) -> dict[str, bool]:
        """Return whether more satellites may have come and gone than are counted."""
        decayed = int(self.undated.get("decayed", 0))
        return {
            "launched": any(self.launched_without_date),
            "decayed": decayed > 0 or self._lacks_decays(),
            "unlisted": int(self.undated.get("satellites", 0)) > decayed,
        }

    def _lacks_decays(self) -> bool:
        """Return whether no catalogue covers any of these days; GP lists tell of some decays."""
        return len(self._missing(DECAYS)) == len(self.days)

    def _in_orbit(self) -> int | None:
        """Return the satellites in orbit at the end, if it is covered."""
        return self.in_orbit if _has(self._spans(*FLEET, ELEMENTS), self.until) else None

    def _landings(self) -> dict[str, int]:
        """Return the number of boosters by landing, in the order of `_LANDED`."""
        counts = self.landings["landing"].value_counts()
        return {name: int(counts[name]) for name in _LANDED if name in counts}

    def _when(self) -> str:
        one_day = self.since == self.until
        return f"On {day(self.until)}" if one_day else f"From {period(self.since, self.until)}"

    def _flown(self) -> Iterator[str]:
        missing, count = self._missing(LAUNCHES), len(self.flown)
        if not count:
            words = "no launch flew"
            if missing:
                words = "no launch is known, but no source covers them all"
            elif len(self.roughly_dated):
                words = "no launch is known, but the day of some is not known"
            yield f"{self._when()}, {words}."
            return
        is_least = missing or self.unrecorded or len(self.roughly_dated)
        least = "at least " if is_least else ""
        bad = self.flown["outcome"].value_counts()
        others = [f"{bad[name]} {words}" for name, words in _OUTCOMES.items() if name in bad]
        success = "with success" if count == 1 else "all with success"
        flew = counted(count, "launch", "launches")
        yield f"{self._when()}, {least}{flew} flew, {listed(others) or success}."

    def _landed(self) -> Iterator[str]:
        if counts := self._landings():
            parts = [f"{count:,} {_LANDED[name]}" for name, count in counts.items()]
            yield f"Boosters: {listed(parts)}."

    def _fleet(self) -> Iterator[str]:
        if len(self._missing(*FLEET)) == len(self.days):
            yield "Which satellites came and went, no list or catalogue says."
            return
        counts = self._changes()
        least = {
            name: "at least " if is_least else "" for name, is_least in self._are_least().items()
        }
        words = {"launched": "launched", "decayed": "decayed", "unlisted": "left the GP lists"}
        known = [f"{least[name]}{n:,} {words[name]}" for name, n in counts.items() if n is not None]
        if known:
            yield f"Satellites: {listed(known)}{self._days_covered()}{self._at_the_end()}."
        if counts["launched"] is None:
            yield "How many satellites were launched is not known."
        if counts["decayed"] is None:
            no_catalogue = "Which satellites decayed, no catalogue says."
            yield no_catalogue if self._lacks_decays() else "How many decayed is not known."
        if counts["unlisted"] is None and least["unlisted"]:
            yield "How many left the GP lists is not known."

    def _days_covered(self) -> str:
        missing, days = len(self._missing(*FLEET)), len(self.days)
        return f", on the {days - missing} of {days} days that are covered" if missing else ""

    def _at_the_end(self) -> str:
        in_orbit = self._in_orbit()
        if in_orbit is not None:
            return f"; {in_orbit:,} are in orbit at the end"
        return f"; at least {self.at_least:,} are in orbit at the end" if self.at_least else ""

    def _differ(self) -> Iterator[str]:
        if count := len(self.contradictions):
            yield f"The sources disagree on {counted(count, 'value')}."

    def _limits(self) -> Iterator[str]:
        for words, subjects in (
            ("source covers the launches", (LAUNCHES,)),
            ("source covers the landings", (LANDINGS,)),
            ("list or catalogue covers the satellites", FLEET),
        ):
            if missing := self._missing(*subjects):
                spans = listed([period(*each) for each in _periods(missing)])
                yield f"No {words} of {spans}: what happened then is not known."
        if len(self.roughly_dated):
            pairs = zip(self.roughly_dated["name"], self.roughly_dated["date_text"], strict=True)
            names = listed([f"{name} ({text})" for name, text in pairs])
            yield f"Launches that may have flown on these days, and do not count: {names}."
        if self.unrecorded:
            launches = counted(len(self.unrecorded), "launch", "launches")
            yield f"{launches} seen in orbit that no source lists: {listed(self.unrecorded)}."
        possible, about = self.launched_without_date
        if possible:
            estimated = f", {about:,} of them by the numbers of their launches" if about else ""
            does = "does" if possible == 1 else "do"
            yield (
                f"{counted(possible, 'satellite')} without a launch date may have been launched on "
                f"these days{estimated}, and {does} not count."
            )
        if self.undated.get("satellites"):
            lost = int(self.undated["satellites"])
            were, do = ("was", "does") if lost == 1 else ("were", "do")
            when = loss_day(self.undated["since"], self.undated["until"])
            yield (
                f"{counted(lost, 'satellite')} {were} lost {when}, on unknown days, and {do} not "
                "count."
            )
        dates = [day(each) for each in self.lists["observed_utc"]]
        yield f"GP lists of these days: {listed(dates) if dates else 'none'}."


def week(database: Path, start: Date = "", end: Date = "") -> Week:
    """Return what is known of some days: by default the seven days up to the date of the data.

    Args:
        database: the database.
        start: the first day; if empty, six days before the last one.
        end: the last day; if empty, six days after the first one, or the date of the data.

    Raises:
        SettingsError: a date is invalid, the end is before the start, or more than a year after.
        DatabaseError: the database is missing or unreadable.
    """
    since, until = week_period(database, start, end)
    after = _later(until, DAYS_AFTER) if until else ""
    days = [since, until]
    (in_orbit, at_least), *_ = [*_rows(query(database, _IN_ORBIT, [until])), (None, None)]
    undated = query(database, _UNDATED, days).iloc[0]
    without_date = query(database, _LAUNCHED_WITHOUT_DATE, days).iloc[0]
    contradictions = query(database, _CONTRADICTIONS, days)
    return Week(
        since=since,
        until=until,
        launches=query(database, _LAUNCHES, [since, after]),
        landings=query(database, _LANDINGS, days),
        roughly_dated=query(database, _ROUGHLY_DATED, days),
        changes=query(database, _DAYS, days),
        in_orbit=in_orbit,
        at_least=at_least,
        launched_without_date=(int(without_date["satellites"]), int(without_date["about"])),
        undated={str(name): undated[name] for name in undated.index},
        lists=query(database, _LISTS, days),
        unrecorded=query(database, _UNRECORDED, days)["launch_designator"].tolist(),
        contradictions=contradictions.assign(
            **{name: contradictions[name].map(_title) for name in ("source", "other_source")}
        ),
        spans={subject: covered(database, subject) for subject in (*SUBJECTS, SOME_DECAYS)},
        is_simulated=bool(since) and bool(run(database)["is_simulated"]),
    )


def week_period(database: Path, start: Date = "", end: Date = "") -> tuple[str, str]:
    """Return the first and the last day of a report; empty if no data are loaded.

    Args:
        database: the database.
        start: see `week`.
        end: see `week`.

    Raises:
        SettingsError, DatabaseError: see `week`.
    """
    newest = data_dates(database)["data_utc"].max()
    return ("", "") if pd.isna(newest) else week_bounds(start, end, str(newest)[_DATE])


def week_bounds(start: Date, end: Date, last: str) -> tuple[str, str]:
    """Return the first and the last day of a report.

    Args:
        start: the first day; empty by default.
        end: the last day; empty by default.
        last: the date of the data.

    Raises:
        SettingsError: see `week`.

    >>> week_bounds("", "", "2026-05-24")
    ('2026-05-18', '2026-05-24')
    >>> week_bounds("2026-05-04", "", "2026-05-24")
    ('2026-05-04', '2026-05-10')
    """
    first = as_of_utc(start)[_DATE] if start else ""
    until = as_of_utc(end)[_DATE] if end else _later(first, _WEEK - 1) if first else last
    since = first or _later(until, 1 - _WEEK)
    length = len(_every_day(since, until))
    if not 0 < length <= _LONGEST_DAYS:
        raise SettingsError(
            f"The period from {since} to {until} is not of 1 to {_LONGEST_DAYS} days.",
            f"Give an end from {since} to {_later(since, _LONGEST_DAYS - 1)}, or none.",
        )
    return since, until


def _rows(frame: pd.DataFrame) -> Iterator[tuple[int | None, ...]]:
    """Yield the counts of each row, None for a missing one."""
    for row in frame.to_numpy().tolist():
        yield tuple(None if pd.isna(each) else int(each) for each in row)


def _has(spans: Iterable[Span], date: str) -> bool:
    """Return whether any span has a part of a day."""
    return any(since[_DATE] <= date <= until[_DATE] for since, until in spans)


def _title(source: str) -> str:
    return titles(source).partition(" (")[0]


def _later(date: str, days: int) -> str:
    return f"{pd.Timestamp(date) + pd.Timedelta(days=days):%Y-%m-%d}"


def _every_day(since: str, until: str) -> list[str]:
    return pd.date_range(since, until).strftime("%Y-%m-%d").tolist() if since else []


def _periods(dates: list[str]) -> list[Span]:
    """Return the first and last day of each series of successive days.

    >>> _periods(["2026-05-30", "2026-05-31", "2026-06-01", "2026-06-03"])
    [('2026-05-30', '2026-06-01'), ('2026-06-03', '2026-06-03')]
    """
    begins = [date for date in dates if _later(date, -1) not in dates]
    ends = [date for date in dates if _later(date, 1) not in dates]
    return list(zip(begins, ends, strict=True))
