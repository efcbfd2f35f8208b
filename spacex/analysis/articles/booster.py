"""The report on a booster: its flights, landings and turnarounds, beside those of all boosters."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from spacex.analysis.articles.count import Count
from spacex.analysis.articles.words import NBSP, day, gap_words, launch_day, listed, period, times
from spacex.analysis.booster_flights import FLIGHTS, LANDING_LABELS
from spacex.analysis.queries import query
from spacex.analysis.source_coverage import covered, gap_of, gaps
from spacex.errors import DataError
from spacex.settings.values import nearest_of_all
from spacex.units import counted, plain_text
from spacex.warehouse.coverage import LANDINGS, LAUNCHES, Span

NO_BOOSTER = "No booster is known: no source of their flights is loaded."
NO_FLIGHT = "No flight of it is known."
_OUTCOMES = {
    "landed": "landed",
    "missed": "missed its landing",
    "expended": "was expended",
    "lost": "was lost with the launch",
}
_WATER = "Ocean"
_ENDED = ("expended", "lost")
"""Statuses of boosters that fly no more."""
_FLIGHTS = f"""{FLIGHTS}
    SELECT booster AS serial, date_utc, date_text, launch, launch_designator, flight, outcome,
           landing, turnaround_d
    FROM flight WHERE core_id IS NOT NULL ORDER BY date_utc, launch"""


def find_booster(database: Path, serial: str) -> str:
    """Return the serial of a booster as the database has it; empty if there are no boosters.

    Args:
        database: the database.
        serial: the serial, in upper or lower case; if empty, that of the booster with most known
            flights.

    Raises:
        DataError: there is no such booster.
        DatabaseError: the database is missing or unreadable.
    """
    sql = "SELECT serial FROM v_boosters WHERE serial IS NOT NULL ORDER BY flights DESC, serial"
    known = query(database, sql)["serial"].tolist()
    wanted = plain_text(serial).strip()
    if not wanted:
        return next(iter(known), "")
    found = [each for each in known if each.casefold() == wanted.casefold()]
    if found:
        return wanted if wanted in found else str(found[0])
    raise DataError(
        f"There is no booster {serial!r}{nearest_of_all(wanted, known)}",
        "Give a serial such as B1067, or none for the booster with most known flights.",
    )


@dataclass(frozen=True)
class Booster:
    """What is known of a booster.

    Attributes:
        serial: its serial; empty if there are no boosters.
        block: its version; None if unknown.
        fleet: the flights of all boosters, by date: `serial`, `date_utc`, `date_text`, `launch`,
            `launch_designator`, `flight`, `outcome`, `landing` and `turnaround_d`.
        launches: the time in which the sources cover launches.
        landings: the time in which they cover landings.
        status: its status by its source, such as active or lost; empty if unknown.
    """

    serial: str
    block: int | None
    fleet: pd.DataFrame
    launches: list[Span]
    landings: list[Span]
    status: str = ""

    @cached_property
    def flown(self) -> pd.DataFrame:
        """Its own rows of `fleet`."""
        return self.fleet[self.fleet["serial"] == self.serial]

    @cached_property
    def flights(self) -> pd.DataFrame:
        """Its flights for a table, newest first."""
        return pd.DataFrame(
            {
                "date": [when.partition(" ")[2] for when in self._when()],
                "launch": self.flown["launch"],
                "flight": self.flown["flight"].astype("Int64"),
                "outcome": self.flown["outcome"].replace("unknown", "not recorded"),
                "landing_on": self.flown["landing"].map(LANDING_LABELS).fillna("–"),
                "since_the_flight_before_days": self.flown["turnaround_d"].round().astype("Int64"),
            }
        ).iloc[::-1]

    @cached_property
    def counts(self) -> pd.DataFrame:
        """The number of `boosters` with each number of `flights`, and whether it `is_this`."""
        found = self._totals.value_counts().rename_axis("flights").reset_index(name="boosters")
        return found.assign(is_this=found["flights"] == self._total).sort_values("flights")

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """When no source covers launches, between the first flight of any booster and the last."""
        return gaps(self.launches, self.fleet["date_utc"])

    @property
    def headline(self) -> list[str]:
        """The report in some sentences."""
        if not self.serial:
            return [NO_BOOSTER]
        if self.flown.empty:
            return [f"{self.serial} is known, but no flight of it."]
        return [self._flown(), self._landed(), self._compared()]

    @property
    def figures(self) -> dict[str, object]:
        """The key figures; a dash for an unknown one."""
        if self.flown.empty:
            return {}
        own, others = (_median(each) for each in (self.flown, self.fleet))
        known = self.flown["turnaround_d"].dropna()
        outcomes = self.flown["outcome"].value_counts()
        block = {"block, its version": self.block} if self.block else {}
        told = len(self.flown) - outcomes.get("unknown", 0)
        attempts = outcomes.get("landed", 0) + outcomes.get("missed", 0)
        known_ones = " known" if self._flights.most is None else ""
        return {
            f"flights, {len(self.flown):,} of them known" if self._unlisted() else "flights": (
                self._flights.figure
            ),
            f"landings, of {counted(attempts, 'known attempt')}": (
                int(outcomes.get("landed", 0)) if told else None
            ),
            f"days between flights, median of {len(known)}; of all boosters {_days(others)}": own,
            f"days between flights, the fewest{known_ones}": _rounded(known.min()),
            **block,
        }

    @property
    def limits(self) -> list[str]:
        """What the sources do not cover of it."""
        return [*self._missing_flights(), *self._missing_landings()]

    @cached_property
    def _totals(self) -> "pd.Series[int]":
        """How often each booster flew: at least as often as its highest flight number says."""
        flights = self.fleet.groupby("serial")["flight"].agg(["size", "max"])
        return flights.fillna(0).max(axis=1).astype(int)

    @property
    def _total(self) -> int:
        """How often this booster flew, at least."""
        return int(self._totals.get(self.serial, 0))

    @property
    def _flights(self) -> Count:
        """How often this booster flew: at least, if flights of it may be in no source."""
        is_least = self._unlisted() or self._gaps()
        return Count(self._total, None if is_least else self._total)

    def _when(self) -> list[str]:
        """Return when it flew: on a day, or in a month or other period."""
        dates = zip(self.flown["date_utc"], self.flown["date_text"], strict=True)
        return [launch_day(*each) for each in dates]

    def _flown(self) -> str:
        dates = self._when()
        first, last = (dates[end].partition(" ")[2] for end in (0, -1))
        dated = f"from {first} to {last}" if dates[1:] else dates[0]
        least = "at least " if self._flights.most is None else ""
        flown = f"{self.serial} has flown {least}{times(self._total)}"
        if not self._unlisted():
            return f"{flown}, {dated}."
        known = f"{len(dates):,} known flights were" if dates[1:] else "only known flight was"
        return f"{flown}; the {known} {dated}."

    def _landed(self) -> str:
        outcomes = self.flown["outcome"].value_counts()
        parts = [
            f"{_OUTCOMES[n]} {times(outcomes[n])}{self._on_water() if n == 'landed' else ''}"
            for n in _OUTCOMES
            if n in outcomes
        ]
        unknown = int(outcomes.get("unknown", 0))
        if not parts:
            return "Whether it landed is not recorded."
        also = f"; of {counted(unknown, 'flight')} the landing is not recorded" if unknown else ""
        also += "; it was not recovered" if self._is_left_in_water() else ""
        told = f"it {listed(parts)}{also}."
        if self._flights.most is not None:
            return f"{told[0].upper()}{told[1:]}"
        count = len(self.flown)
        known = "only known flight" if count == 1 else counted(count, "known flight")
        return f"In its {known}, {told}"

    def _on_water(self) -> str:
        """Return which of its landings were on water."""
        landings = self.flown.loc[self.flown["outcome"] == "landed", "landing"]
        wet = int(landings.eq(_WATER).sum())
        if wet < len(landings):
            return f" ({wet:,} of them on water)" if wet else ""
        return " on water"

    def _is_left_in_water(self) -> bool:
        """Return whether it ended with a landing on water."""
        last = self.flown.iloc[-1]
        return self.status in _ENDED and (last["outcome"], last["landing"]) == ("landed", _WATER)

    def _compared(self) -> str:
        """Compare it by the known flights: any booster may have flown where no source covers."""
        more = int((self._totals > self._total).sum())
        as_many = int((self._totals == self._total).sum()) - 1
        others = len(self._totals) - 1
        if not others:
            return "It is the only booster known."
        if more:
            have = "has" if more == 1 else "have"
            found = f"{more:,} of {counted(others, 'other booster')} {have} flown more often"
        elif as_many:
            found = f"no booster has flown more often; {as_many:,} as often"
        else:
            found = f"none of {counted(others, 'other booster')} has flown as often"
        return f"By the flights known, {found}."

    def _missing_flights(self) -> Iterator[str]:
        if missing := self._unlisted():
            yield f"By its flight numbers, {counted(missing, 'flight')} of it are in no source."
        for since, until in self._gaps():
            yield f"No source covers launches from {period(since, until)}: it may have flown then."
        ends = _end(self.launches)
        if ends and not self._has_ended:
            yield f"No source covers launches after {day(ends)}: later flights are not known."

    def _missing_landings(self) -> Iterator[str]:
        if not self.landings:
            return
        unknown = self.flown[self.flown["outcome"] == "unknown"]
        found = Counter(gap_of(self.landings, date) for date in unknown["date_utc"])
        for gap, count in found.items():
            if gap:
                yield (
                    f"No source covers landings {gap_words(gap)}, when it made "
                    f"{counted(count, 'flight')}. A landing that is not recorded need not have "
                    "failed."
                )

    @property
    def _has_ended(self) -> bool:
        """Whether it flies no more, and each of its flights is known."""
        return self.status in _ENDED and not self._unlisted()

    def _unlisted(self) -> int:
        """Return the number of flights that are known by their numbers alone."""
        return self._total - len(self.flown)

    def _gaps(self) -> list[Span]:
        """Return when no source covers launches, from its first flight on.

        A booster that was expended or lost flies no more: if its flight numbers have no gap, all
        its flights are known.
        """
        if self._has_ended:
            return []
        career = pd.Series([self.flown["date_utc"].min(), _end(self.launches) or None])
        found = gaps(self.launches, career)
        return list(zip(found["from_utc"], found["to_utc"], strict=True))


def booster(database: Path, serial: str = "") -> Booster:
    """Return what is known of a booster.

    Raises:
        DataError, DatabaseError: as `find_booster`.
    """
    found = find_booster(database, serial)
    sql = "SELECT block, status FROM v_boosters WHERE serial = ?"
    block, status = (column.dropna() for _, column in query(database, sql, [found]).items())
    version = int(block.iloc[0]) if len(block) else None
    fleet = query(database, _FLIGHTS).astype({"turnaround_d": float})
    return Booster(
        found,
        version,
        fleet,
        launches=covered(database, LAUNCHES),
        landings=covered(database, LANDINGS),
        status=str(next(iter(status), "")),
    )


def _end(spans: list[Span]) -> str:
    """Return the end of the last span; empty if there is none."""
    return spans[-1][1] if spans else ""


def _median(flights: pd.DataFrame) -> float | None:
    """Return the median turnaround of flights, d; None if none is known."""
    return _rounded(flights["turnaround_d"].median())


def _rounded(days: float) -> float | None:
    return None if pd.isna(days) else round(float(days), 1)


def _days(value: float | None) -> str:
    return "–" if value is None else f"{value:g}{NBSP}d"
