"""The report on a week: launches, landings, satellites, and where the sources disagree."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from spacex.analysis.articles.count import Count
from spacex.analysis.articles.words import (
    day,
    every,
    launch_day,
    listed,
    loss_day,
    period,
)
from spacex.analysis.booster_flights import UNRECORDED_BOOSTERS
from spacex.analysis.data_dates import data_dates
from spacex.analysis.queries import query, run
from spacex.analysis.source_coverage import FLEET, covered
from spacex.analysis.verdict import SIMULATED
from spacex.errors import SettingsError
from spacex.extract.as_of import Date, as_of_utc
from spacex.sources import titles
from spacex.units import counted
from spacex.warehouse.authorities import LISTED_WITHIN_DAYS
from spacex.warehouse.coverage import (
    CATALOGUED,
    DECAYS,
    ELEMENTS,
    LANDINGS,
    LAUNCHED,
    LAUNCHES,
    LISTED,
    UNRECORDED_LAUNCHES,
    Span,
)
from spacex.warehouse.simulated_launches import told_launch

SUBJECTS = (LAUNCHES, LANDINGS, LAUNCHED, CATALOGUED, *FLEET, ELEMENTS)
"""The subjects of `v_coverage` that the report depends on."""
NO_DATA = "No data are loaded."
NO_LAUNCH = "No launch is known."
AGREED = "The sources say nothing different, or only one of them knows."
DAYS_AFTER = 14
"""How far the report looks ahead, d."""
_MOST_NAMED = 3
"""Launches that a sentence names; of more it gives the number."""
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
_ALONE = {"failure": " and failed", "unknown": ", of unknown outcome"}
"""The outcomes of launches → their words with a number, and with the only launch."""
_CLASSES = {
    "suborbital": "suborbital",
    "pad loss": "lost on the pad",
    "unknown": "of unknown class",
}
"""The classes of launches that are not orbital → their words with a number."""
_SATELLITES = {
    "launched": ("launched", "How many satellites were launched is not known."),
    "decayed": ("decayed", "How many decayed is not known."),
    "unlisted": ("no longer listed", "How many are no longer listed is not known."),
}
"""Change → its words with a number, and without."""
_LAUNCHES_COVERED = {"launches": LAUNCHES, "landings": LANDINGS}
_FLEET_COVERED = {"satellites launched": CATALOGUED, "decays": DECAYS}
"""Words → the subject that the report says the sources do not cover."""

_LAUNCHES = """
    SELECT l.*, substr(l.date_utc, 1, 10) AS day, f.catalogued, f.launched
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
_UNRECORDED_BOOSTERS = f"""
    SELECT coalesce(sum(boosters), 0) AS boosters FROM ({UNRECORDED_BOOSTERS})
    WHERE substr(date_from_utc, 1, 10) >= ?1 AND substr(date_until_utc, 1, 10) <= ?2"""
_COUNTED = """
    WITH satellite AS (
        SELECT launch_date, from_date, until_date, last_known_date, unsure_date, catalogue_status
        FROM v_starlink
        UNION ALL
        SELECT from_date, from_date, until_date, last_known_date, unsure_date, 'decayed'
        FROM v_never_catalogued WHERE ?3)"""
_DAYS = f"""{_COUNTED}
    SELECT from_date AS day, 1 AS launched, 0 AS decayed, 0 AS unlisted FROM satellite
    WHERE launch_date BETWEEN ?1 AND ?2
    UNION ALL
    SELECT until_date, 0, catalogue_status = 'decayed', catalogue_status <> 'decayed'
    FROM satellite WHERE until_date BETWEEN ?1 AND ?2 AND NOT unsure_date
                         AND coalesce(last_known_date >= date(?1, '-1 day'), TRUE)"""
_UNDATED = f"""{_COUNTED}
    SELECT count(*) AS satellites, total(catalogue_status = 'decayed') AS decayed,
           min(last_known_date) AS since, max(until_date) AS until
    FROM satellite WHERE until_date >= ?1 AND last_known_date < ?2 AND (
        unsure_date OR until_date > ?2 OR last_known_date < date(?1, '-1 day'))"""
_NEVER_CATALOGUED = """
    SELECT count(*) AS satellites FROM v_never_catalogued WHERE from_date BETWEEN ?1 AND ?2"""
_LAUNCHED_WITHOUT_DATE = """
    SELECT count(*) AS satellites, coalesce(sum(from_date >= ?1), 0) AS about
    FROM v_starlink
    WHERE launch_date IS NULL AND from_date <= ?2 AND known_by_date >= ?1"""
_LISTS = "SELECT * FROM v_observations WHERE substr(observed_utc, 1, 10) BETWEEN ? AND ? ORDER BY 2"
_IN_ORBIT = """
    SELECT in_orbit, at_least - (
        SELECT count(*) FROM v_starlink
        WHERE NOT unsure_date AND last_known_date < ?1 AND until_date > ?1) AS at_least
    FROM v_fleet_growth WHERE day <= ?1 ORDER BY day DESC LIMIT 1"""
_LISTED_AGAIN = """
    SELECT count(DISTINCT c.row_key) AS satellites
    FROM v_changes c JOIN v_starlink s ON s.norad_cat_id = CAST(c.row_key AS INTEGER)
    WHERE c.table_name = 'starlink' AND c.kind = 'unlisted'
      AND substr(c.observed_utc, 1, 10) BETWEEN ?1 AND ?2 AND s.last_listed_utc > c.observed_utc"""
_FIRST_LISTED = """
    SELECT launch_designator AS launch, count(DISTINCT row_key) AS satellites
    FROM v_changes WHERE table_name = 'starlink' AND kind = 'new satellite'
      AND substr(observed_utc, 1, 10) BETWEEN ? AND ? GROUP BY 1 ORDER BY 1"""
_UNRECORDED = f"""
    SELECT {told_launch("launch_designator")} AS launch FROM ({UNRECORDED_LAUNCHES})
    WHERE launch_date BETWEEN ? AND ?"""
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
            `day`, and the Starlink satellites `launched` and `catalogued`, missing if unknown.
        landings: the rows of `v_landings` of these days.
        changes: one row per satellite that certainly came or went: `day`, `launched`, `decayed`,
            `unlisted`. A loss between two GP lists is of the day of the second. Those never
            catalogued are in it if a source has them for all these days.
        in_orbit: the catalogued satellites in orbit at the end, or the most; None if they are not
            known.
        lists: the rows of `v_observations` of these days.
        unrecorded: launches of these days that were seen in orbit and that no source lists.
        contradictions: what two sources say differently of these launches and satellites.
        spans: subject → the time that the sources cover.
        at_least: the satellites that are proven to be in orbit at the end; None if none is known.
        undated: the losses of unknown day that may or may not lie on these days: `satellites`, how
            many of them `decayed`, and the span `since` and `until`.
        launched_without_date: the satellites without a launch date that may have been launched on
            these days, and those of them that were launched then by their estimated dates.
        roughly_dated: the launches that may have flown on these days, by a date that is as vague as
            a month: `name` and `date_text`.
        unrecorded_boosters: how many boosters of the launches of these days no source has.
        first_listed: the satellites that lists of these days have and the lists before lack, by
            their launch: `launch`, missing if unknown, and `satellites`.
        listed_again: how many satellites a GP list of these days lacks that later ones have.
        never_catalogued: how many satellites launched on these days are known to have never got a
            catalogue number.
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
    unrecorded_boosters: int = 0
    first_listed: pd.DataFrame = field(default_factory=pd.DataFrame)
    listed_again: int = 0
    never_catalogued: int = 0
    is_simulated: bool = False

    @cached_property
    def days(self) -> pd.DataFrame:
        """Each day with the satellites `launched`, `decayed` and `unlisted`."""
        every = _every_day(self.since, self.until)
        counts = self.changes.groupby("day")[[*_SATELLITES]].sum().reindex(every, fill_value=0)
        return counts.astype(int).rename_axis("day").reset_index()

    @cached_property
    def flown(self) -> pd.DataFrame:
        """The launches of these days that took place."""
        is_within = (self.launches["date_from_utc"].str[_DATE] >= self.since) & (
            self.launches["date_until_utc"].str[_DATE] <= self.until
        )
        return self.launches[(self.launches["is_flown"] == 1) & is_within]

    @cached_property
    def orbital(self) -> pd.DataFrame:
        """The orbital ones of the launches that took place: those that count."""
        return self.flown[self.flown["launch_class"] == "orbital"]

    @cached_property
    def others(self) -> dict[str, int]:
        """The number of other launches that took place, by class in the order of `_CLASSES`."""
        classes = self.flown["launch_class"].fillna("unknown").value_counts()
        return {name: int(classes[name]) for name in _CLASSES if name in classes}

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
                "rocket": self.flown["rocket"].fillna("unknown"),
                "site": self.flown["launchpad"].fillna("unknown"),
                "outcome": [
                    outcome if of == "orbital" else f"{outcome}, {_CLASSES.get(of, of)}"
                    for outcome, of in zip(
                        self.flown["outcome"],
                        self.flown["launch_class"].fillna("unknown"),
                        strict=True,
                    )
                ],
                "booster_and_its_landing": self.flown["launch_id"].map(boosters),
                "Starlinks": [
                    _starlinks(*each)
                    for each in zip(self.flown["launched"], self.flown["catalogued"], strict=True)
                ],
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
                "rocket": after["rocket"].fillna("unknown"),
                "site": after["launchpad"].fillna("unknown"),
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
        return [*simulated, *self.of_launches, *self.of_the_fleet, *self._differ()]

    @property
    def of_launches(self) -> list[str]:
        """What the report says of launches and landings, in some sentences."""
        return [*self._flown(), *self._landed()]

    @property
    def of_the_fleet(self) -> list[str]:
        """What the report says of satellites, in some sentences."""
        return [*self._fleet()]

    @property
    def figures(self) -> dict[str, object]:
        """The key figures; a dash for an unknown one."""
        if not self.since:
            return {}
        changes, ones = self._changes(), self._ones.lower()
        return {
            "orbital launches flown": self._launches().figure,
            "boosters landed": self._boosters_landed().figure,
            **{f"{ones} {name}": count.figure for name, count in changes.items()},
            "catalogued satellites in orbit at the end": self._in_orbit().figure,
            "GP lists": len(self.lists),
        }

    @property
    def limits(self) -> list[str]:
        """What the sources do not cover of these days."""
        return [*self._limits()] if self.since else []

    @property
    def limits_of_launches(self) -> list[str]:
        """What the sources do not cover of the launches and landings of these days."""
        if not self.since:
            return []
        return [*self._not_covered(_LAUNCHES_COVERED), *self._launch_limits()]

    @property
    def limits_of_the_fleet(self) -> list[str]:
        """What the sources do not cover of the satellites of these days."""
        if not self.since:
            return []
        return [*self._not_covered(_FLEET_COVERED), *self._fleet_limits()]

    def _spans(self, subject: str) -> list[Span]:
        return self.spans.get(subject, [])

    def _missing(self, *subjects: str) -> list[str]:
        """Return the days of which no source tells what happened, on any of these subjects."""
        covered = [_whole_days(name, span) for name in subjects for span in self._spans(name)]
        return _uncovered(self.since, self.until, covered)

    @property
    def _has_all(self) -> bool:
        """Whether the satellites that were never catalogued count, too."""
        return not self._missing(LAUNCHED)

    @property
    def _ones(self) -> str:
        """What the changes are the number of."""
        return "Satellites" if self._has_all else "Catalogued satellites"

    def _launches(self) -> Count:
        is_least = self._missing(LAUNCHES) or self.unrecorded or len(self.roughly_dated)
        known = len(self.orbital)
        return Count(known, None if is_least else known + self.others.get("unknown", 0))

    def _boosters_landed(self) -> Count:
        """Return how many boosters landed, at most those without a recorded landing, too.

        Nothing is known if the landing of none is.
        """
        counts = self._landings()
        landed = counts.get("landed", 0)
        is_least = self._missing(LANDINGS) or self._launches().most is None
        is_told = bool(set(counts) - {"unknown"})
        most = landed + counts.get("unknown", 0)
        return Count(landed, most if is_told and not is_least else None)

    def _changes(self) -> dict[str, Count]:
        """Return how many satellites came and went."""
        decayed = int(self.undated.get("decayed", 0))
        unlisted = int(self.undated.get("satellites", 0)) - decayed
        launched = self._change("launched", CATALOGUED, 0)
        return {
            "launched": Count(launched.least, None)
            if any(self.launched_without_date)
            else launched,
            "decayed": self._change("decayed", DECAYS, decayed),
            "unlisted": self._change("unlisted", LISTED, unlisted),
        }

    def _change(self, name: str, subject: str, possible: int) -> Count:
        count = int(self.days[name].sum())
        return Count(count, None if self._missing(subject) else count + possible)

    def _in_orbit(self) -> Count:
        """Return the satellites in orbit at the end; they are proven by what is known later."""
        spans = [span for name in (*FLEET, ELEMENTS) for span in self._spans(name)]
        if all(until[_DATE] < self.until for _, until in spans):
            return Count(0, None)
        is_covered = _has(spans, self.until) and self.until not in self._missing(CATALOGUED)
        least = self.in_orbit if self.at_least is None else self.at_least
        return Count(least or 0, self.in_orbit if is_covered else None)

    def _landings(self) -> dict[str, int]:
        """Return the number of boosters by landing, in the order of `_LANDED`.

        The landing of those that no source has is unknown.
        """
        counts = Counter(self.landings["landing"].tolist())
        counts["unknown"] += self.unrecorded_boosters
        return {name: counts[name] for name in _LANDED if counts[name]}

    def _when(self) -> str:
        one_day = self.since == self.until
        return f"On {day(self.until)}" if one_day else f"From {period(self.since, self.until)}"

    def _flown(self) -> Iterator[str]:
        others = [f"{number:,} {_CLASSES[name]}" for name, number in self.others.items()]
        besides = f"; besides, {listed(others)}" if others else ""
        yield f"{self._when()}, {self._orbital_flown()}{besides}."

    def _orbital_flown(self) -> str:
        """Say what flew, and that these are the orbital launches if there are others."""
        count, which = self._launches(), "orbital " if self.others else ""
        if not count.least and not count.most:
            return self._none_flown(which)
        noun = "launch" if (count.most or count.least) == 1 else "launches"
        flew = f"{count} {which}{noun} flew"
        bad = self.orbital["outcome"].value_counts()
        for name in bad.index.intersection([*_OUTCOMES]):
            if bad[name] == count.least == count.most:
                several = f", {every(count.least)} {_OUTCOMES[name]}"
                return f"{flew}{_ALONE[name] if count.least == 1 else several}"
        ended = [f"{bad[name]} {words}" for name, words in _OUTCOMES.items() if name in bad]
        success = "with success" if count.least == 1 else "all with success"
        return f"{flew}, {listed(ended) or success}" if count.least else flew

    def _none_flown(self, which: str) -> str:
        if count := len(self.unrecorded):
            launches = counted(count, "launch is known by its", "launches are known by their")
            return f"{launches} satellites alone"
        if self._missing(LAUNCHES):
            return f"no {which}launch is known, but no source covers them all"
        if len(self.roughly_dated):
            return f"no {which}launch is known, but the day of some is not known"
        return f"no {which}launch flew"

    def _landed(self) -> Iterator[str]:
        if counts := self._landings():
            landed = self._boosters_landed()
            numbers: dict[str, Count | int] = {"landed": landed} if any(landed) else {}
            numbers |= {name: counts[name] for name in counts if name != "landed"}
            parts = [f"{count} {_LANDED[name]}" for name, count in numbers.items()]
            yield f"Boosters: {listed(parts)}."

    def _fleet(self) -> Iterator[str]:
        counts, in_orbit = self._changes(), self._in_orbit()
        known = [
            f"{counts[name]} {words}"
            for name, (words, _) in _SATELLITES.items()
            if counts[name].is_known
        ]
        ones = " catalogued ones" if self._has_all or not known else ""
        end = f"{in_orbit}{ones} are in orbit at the end" if in_orbit.is_known else ""
        if known:
            yield f"{self._ones}: {listed(known)}{'; ' * bool(end)}{end}."
            yield from self._unknown_changes(counts)
        else:
            yield "Which satellites came and went, no list or catalogue says."
            if end:
                yield f"{end[0].upper()}{end[1:]}."
        yield from self._newly_listed()

    def _newly_listed(self) -> Iterator[str]:
        if self.first_listed.empty:
            return
        count = int(self.first_listed["satellites"].sum())
        launches = self.first_listed["launch"].dropna().tolist()
        by = ""
        if 0 < len(launches) <= _MOST_NAMED:
            by = f", of {'launch' if len(launches) == 1 else 'launches'} {listed(launches)}"
        elif launches:
            by = f", of {len(launches):,} launches"
        were = "satellite was" if count == 1 else "satellites were"
        yield f"{count:,} {were} first listed{by}."

    def _unknown_changes(self, counts: dict[str, Count]) -> Iterator[str]:
        for name, (_, words) in _SATELLITES.items():
            if counts[name].is_known or (name == "unlisted" and not self._spans(LISTED)):
                continue
            has_no_catalogue = name == "decayed" and len(self._missing(DECAYS)) == len(self.days)
            yield "Which satellites decayed, no catalogue says." if has_no_catalogue else words

    def _differ(self) -> Iterator[str]:
        if count := len(self.contradictions):
            yield f"The sources disagree on {counted(count, 'value')}."

    def _not_covered(self, subjects: Mapping[str, str]) -> Iterator[str]:
        uncovered: dict[tuple[str, ...], list[str]] = {}
        for name, subject in subjects.items():
            uncovered.setdefault(tuple(self._missing(subject)), []).append(name)
        for missing, names in uncovered.items():
            if missing:
                when = listed([period(*each) for each in _periods([*missing])])
                what = f"No source covers the {listed(names)} of {when}"
                yield f"{what}: what happened then is not known."

    def _not_catalogued(self) -> Iterator[str]:
        were = "was" if self.never_catalogued == 1 else "were"
        known = f"{self.never_catalogued:,} of those launched {were} never catalogued"
        if self._has_all:
            if self.never_catalogued:
                yield f"{known}: lost before they got a number."
            return
        yield "No source has the satellites that were never catalogued for all of these days: " + (
            f"{known}, and {'does' if self.never_catalogued == 1 else 'do'} not count."
            if self.never_catalogued
            else "they do not count."
        )

    def _limits(self) -> Iterator[str]:
        yield from self._not_covered({**_LAUNCHES_COVERED, **_FLEET_COVERED})
        yield from self._launch_limits()
        yield from self._fleet_limits()

    def _launch_limits(self) -> Iterator[str]:
        if len(self.roughly_dated):
            pairs = zip(self.roughly_dated["name"], self.roughly_dated["date_text"], strict=True)
            names = listed([f"{name} ({text})" for name, text in pairs])
            yield f"Launches that may have flown on these days, and do not count: {names}."
        if self.unrecorded:
            launches = counted(len(self.unrecorded), "launch", "launches")
            yield f"{launches} seen in orbit that no source lists: {listed(self.unrecorded)}."

    def _fleet_limits(self) -> Iterator[str]:
        if self._spans(LISTED) and self._missing(CATALOGUED):
            yield f"GP lists have satellites up to {LISTED_WITHIN_DAYS} days after their launch."
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
            were, do = ("was", "counts") if lost == 1 else ("were", "count")
            when = loss_day(self.undated["since"], self.undated["until"])
            yield (
                f"{counted(lost, 'satellite')} {were} lost {when}, on unknown days, and {do} in "
                "the upper bounds only."
            )
        if again := self.listed_again:
            were, do = ("was", "does") if again == 1 else ("were", "do")
            yield (
                f"{counted(again, 'satellite')} left the GP lists on these days and {were} listed "
                f"again later, and {do} not count."
            )
        yield from self._not_catalogued()
        dates = [day(each) for each in self.lists["observed_utc"]]
        yield f"GP lists of these days: {listed(dates) if dates else 'none'}."


def week(database: Path, start: Date = "", end: Date = "") -> Week:
    """Return what is known of some days: by default the last seven before the date of the data.

    The day of the newest data is not over in them.

    Args:
        database: the database.
        start: the first day; if empty, six days before the last one.
        end: the last day; if empty, six days after the first one, or the day before the date of the
            data.

    Raises:
        SettingsError: a date is invalid, the end is before the start, or more than a year after.
        DatabaseError: the database is missing or unreadable.
    """
    since, until = week_period(database, start, end)
    after = _later(until, DAYS_AFTER) if until else ""
    days = [since, until]
    (in_orbit, at_least), *_ = [*_rows(query(database, _IN_ORBIT, [until])), (None, None)]
    spans = {subject: covered(database, subject) for subject in SUBJECTS}
    whole = [_whole_days(LAUNCHED, span) for span in spans[LAUNCHED]]
    within = (since, until, int(not _uncovered(since, until, whole)))
    undated = query(database, _UNDATED, within).iloc[0]
    without_date = query(database, _LAUNCHED_WITHOUT_DATE, days).iloc[0]
    contradictions = query(database, _CONTRADICTIONS, days)
    return Week(
        since=since,
        until=until,
        launches=query(database, _LAUNCHES, [since, after]),
        landings=query(database, _LANDINGS, days),
        roughly_dated=query(database, _ROUGHLY_DATED, days),
        changes=query(database, _DAYS, within),
        unrecorded_boosters=int(query(database, _UNRECORDED_BOOSTERS, days)["boosters"].iloc[0]),
        first_listed=query(database, _FIRST_LISTED, days),
        listed_again=int(query(database, _LISTED_AGAIN, days)["satellites"].iloc[0]),
        never_catalogued=int(query(database, _NEVER_CATALOGUED, days)["satellites"].iloc[0]),
        in_orbit=in_orbit,
        at_least=at_least,
        launched_without_date=(int(without_date["satellites"]), int(without_date["about"])),
        undated={str(name): undated[name] for name in undated.index},
        lists=query(database, _LISTS, days),
        unrecorded=query(database, _UNRECORDED, days)["launch"].tolist(),
        contradictions=contradictions.assign(
            **{name: contradictions[name].map(_title) for name in ("source", "other_source")}
        ),
        spans=spans,
        is_simulated=bool(since) and bool(run(database)["is_simulated"]),
    )


def newest_weeks(database: Path) -> tuple[Week, Week]:
    """Return the newest week of launches, and that of the fleet.

    Both are the one of `week`, unless no source covers a day of it: then they are the last seven
    days that one does.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    newest = week(database)
    weeks = []
    for subjects in ((LAUNCHES,), (CATALOGUED, *FLEET, ELEMENTS)):
        spans = [_whole_days(name, span) for name in subjects for span in newest.spans[name]]
        last = max((until for _, until in spans), default="")
        is_before = bool(last) and last < newest.since
        weeks.append(week(database, end=last) if is_before else newest)
    of_launches, of_the_fleet = weeks
    return of_launches, of_the_fleet


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
    if pd.isna(newest):
        return "", ""
    return week_bounds(start, end, last=_later(str(newest)[_DATE], -1))


def week_bounds(start: Date, end: Date, last: str) -> tuple[str, str]:
    """Return the first and the last day of a report.

    Args:
        start: the first day; empty by default.
        end: the last day; empty by default.
        last: the last day by default.

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


def _whole_days(subject: str, span: Span) -> Span:
    """Return the first and the last day that a span covers, which is empty if they cross.

    A satellite that a GP list has is lost on a later day, so lists cover their days; a single one
    does not tell what came or went.

    >>> _whole_days("launches", ("2026-05-03T00:00:00Z", "2026-05-10T16:00:00Z"))
    ('2026-05-03', '2026-05-09')
    >>> _whole_days("launches", ("2026-05-03T12:00:00Z", "2026-05-10T23:59:59Z"))
    ('2026-05-04', '2026-05-10')
    """
    since, until = map(pd.Timestamp, span)
    if subject != LISTED:
        since = since.ceil("D")
        until = (until + pd.Timedelta(seconds=1)).floor("D") - pd.Timedelta(days=1)
    elif since == until:
        until -= pd.Timedelta(days=1)
    return f"{since:%Y-%m-%d}", f"{until:%Y-%m-%d}"


def _uncovered(since: str, until: str, spans: list[Span]) -> list[str]:
    """Return the days that no span has.

    Args:
        since: the first day; empty if there is none.
        until: the last day.
        spans: the first and the last day of each.
    """
    return [
        date
        for date in _every_day(since, until)
        if not any(first <= date <= last for first, last in spans)
    ]


def _starlinks(launched: float, catalogued: float) -> str:
    """Return the number of satellites of a launch, and what is known of it.

    Args:
        launched: those launched; missing if unknown.
        catalogued: those catalogued; missing if none is.

    >>> [_starlinks(*each) for each in ((23, 23), (49, 17), (float("nan"), 23))]
    ['23', '49, 17 catalogued', '23 catalogued']
    """
    if pd.isna(catalogued):
        return "–"
    if pd.isna(launched):
        return f"{catalogued:.0f} catalogued"
    more = "" if launched == catalogued else f", {catalogued:.0f} catalogued"
    return f"{launched:.0f}{more}"


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
