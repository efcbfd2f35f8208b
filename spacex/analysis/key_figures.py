"""The key figures: the headline numbers of a database, computed and worded for every surface.

`FIGURES` declares each of them once: its rule, the subjects whose coverage it needs, what would
change it, and the words for its value. A figure without coverage is unknown, not zero.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from spacex.analysis.articles.count import Count
from spacex.analysis.booster_flights import UNRECORDED_BOOSTERS
from spacex.analysis.decay import HAS_LOSSES
from spacex.analysis.growth import KNOWN, NEWEST_CHANGES, covers_day, reaching
from spacex.analysis.intervals import percent, wilson_text
from spacex.analysis.queries import query_once
from spacex.analysis.source_coverage import FLEET, coverage, days, gaps, year_shares
from spacex.sources import titles
from spacex.units import counted, date_text
from spacex.warehouse.authorities import UNLISTED_THAT_DECAYED
from spacex.warehouse.coverage import (
    CATALOGUED,
    DECAYS,
    ELEMENTS,
    LANDINGS,
    LAUNCHES,
    LISTED,
    LONGEST_GAP_DAYS,
    SOME_DECAYS,
    UNRECORDED_LAUNCHES,
    Span,
    union,
)
from spacex.warehouse.views import LOW_KM, LOWERING_KM_PER_DAY

UNKNOWN = "–"
"""The value of a key figure that the loaded data do not give; it does not mean zero."""
_DATE = slice(0, 10)
_HALF_A_DAY = 0.5
_HIGH_KM = LOW_KM + LOWERING_KM_PER_DAY * LONGEST_GAP_DAYS
"""Satellites above it do not come down between two lists without a long gap, km."""


@dataclass(frozen=True)
class KeyFigure:
    """A headline number, and how it is known.

    Attributes:
        name: what the number counts.
        value: the number, formatted.
        note: its denominator, interval or period.
        coverage: a line for each source, with the period that it covers and what this ends at.
        rule: how the number is counted.
        uncertainty: what is not known about it.
        revision: what would change it.
        tables: the tables and views that it is counted in.
    """

    name: str
    value: str
    note: str
    coverage: tuple[str, ...] = ()
    rule: str = ""
    uncertainty: str = ""
    revision: str = ""
    tables: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the value and its note on one line.

        >>> print(KeyFigure("Booster landings", "149", "of 164 attempts"))
        149 (of 164 attempts)
        """
        return f"{self.value} ({self.note})"


@dataclass(frozen=True)
class Counts:
    """What the key figures are worded from.

    Attributes:
        n: the numbers of `_COUNTS`.
        coverage: the rows of `v_coverage`.
    """

    n: "pd.Series[int]"
    coverage: pd.DataFrame

    def of(self, subjects: tuple[str, ...]) -> pd.DataFrame:
        """Return the coverage of these subjects."""
        return self.coverage[self.coverage["subject"].isin(subjects)]

    def years(self, subject: str) -> str:
        """Return the covered years in words: `2006–2021, part of 2022`."""
        found = self.of((subject,))
        return _covered_years(union(zip(found["from_utc"], found["to_utc"], strict=True)))

    def date(self, *subjects: str) -> str:
        """Return the end of the coverage of the first of these subjects that has any."""
        found = (self.of((subject,))["to_utc"] for subject in subjects)
        return next((str(ends.max())[_DATE] for ends in found if len(ends)), "")

    def spans(self, *subjects: str) -> list[Span]:
        """Return the time in which any source covers any of these subjects."""
        found = self.of(subjects)
        return union(zip(found["from_utc"], found["to_utc"], strict=True))

    @property
    def newest_day(self) -> str:
        """The date of the newest fleet, as `growth.fleet_date`."""
        changes = self.n[["newest_loss", "newest_launch"]].dropna().astype(str)
        ends = ["", *(until[_DATE] for _, until in self.spans(*KNOWN)), *changes]
        return str(max(ends))

    @property
    def is_least_in_orbit(self) -> bool:
        """Whether no source tells what is catalogued to the end of the newest day."""
        return not covers_day(self.spans(CATALOGUED), self.newest_day)

    @property
    def is_least_lost(self) -> bool:
        """Whether sources do not tell all losses from the first launch to the newest day."""
        day = self.newest_day
        if pd.isna(self.n["first_launch"]):
            return True
        spans, decays = (reaching(self.spans(*each), day) for each in (FLEET, (DECAYS,)))
        missing = gaps(spans, pd.Series([self.n["first_launch"], day]))
        unknown = sum(map(days, zip(missing["from_utc"], missing["to_utc"], strict=True)))
        is_part = bool(self.spans(SOME_DECAYS)) and not any(until >= day for _, until in decays)
        return unknown >= _HALF_A_DAY or is_part

    def fleet_date(self) -> str:
        """Return the date of the fleet in words: that of the orbits, and of newer changes."""
        listed = self.date(LISTED, ELEMENTS)
        changes = self.n[["newest_loss", "newest_launch"]].fillna("").astype(str)
        newest = {
            "decays": max(self.date(DECAYS), str(changes["newest_loss"])),
            "launches": str(changes["newest_launch"]),
        }
        later = [f"{what} to {date_text(date)}" for what, date in newest.items() if date > listed]
        date = listed or max(newest.values())
        on = f"on {date_text(date)}" if date else "on an unknown date"
        return f"{on} by the orbits, with {' and '.join(later)}" if listed and later else on


Words = tuple[str, str, str]
"""The value, the note and the uncertainty of a key figure."""


@dataclass(frozen=True)
class Figure:
    """The declaration of a key figure.

    Attributes:
        name: what the number counts.
        subjects: the subjects of `v_coverage` that its value depends on.
        words: words its value from the counts.
        rule: how the number is counted.
        revision: what would change it.
        missing: what has to be loaded for it.
        requires: the count without which it is unknown, besides the coverage.
        tables: the tables and views that it is counted in.
    """

    name: str
    subjects: tuple[str, ...]
    words: Callable[[Counts], Words]
    rule: str
    revision: str
    missing: str
    requires: str
    tables: tuple[str, ...]

    def measure(self, counts: Counts) -> KeyFigure:
        """Return the key figure of a database."""
        rows = counts.of(self.subjects)
        is_loaded = counts.n[self.requires]
        if not is_loaded or rows.empty:
            note = "what is loaded covers no time" if is_loaded else f"no {self.missing} is loaded"
            return self._worded((UNKNOWN, note, "unknown"), ())
        lines = tuple(_covered(each) for _, each in rows.groupby(["subject", "source"]))
        return self._worded(self.words(counts), lines)

    def _worded(self, words: Words, lines: tuple[str, ...]) -> KeyFigure:
        value, note, uncertainty = words
        return KeyFigure(
            self.name, value, note, lines, self.rule, uncertainty, self.revision, self.tables
        )


def at_least(count: int, *, is_least: bool) -> str:
    """Return a number in words; UNKNOWN if nothing but "at least 0" is known.

    >>> at_least(10744, is_least=True), at_least(0, is_least=False), at_least(0, is_least=True)
    ('at least 10,744', '0', '–')
    """
    known = Count(int(count), None if is_least else int(count))
    return str(known) if known.is_known else UNKNOWN


def fewest(database: Path | str) -> tuple[bool, bool]:
    """Return whether the numbers in orbit and no longer in orbit are the fewest.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    counts = Counts(query_once(database, _COUNTS).iloc[0], coverage(database))
    return counts.is_least_in_orbit, counts.is_least_lost


def key_figures(database: Path | str, covered: pd.DataFrame | None = None) -> list[KeyFigure]:
    """Return the key figures of launches, boosters and satellites; a dash for unknown ones.

    Args:
        database: the database.
        covered: the rows of `v_coverage`, if they have been read already.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    rows = coverage(database) if covered is None else covered
    counts = Counts(query_once(database, _COUNTS).iloc[0], rows)
    return [figure.measure(counts) for figure in FIGURES]


_NOT_CATALOGUED = """
    SELECT count(*) AS not_catalogued, min(substr(date_from_utc, 1, 10)) AS not_catalogued_since
    FROM v_launches
    WHERE is_flown AND name LIKE '%starlink%' AND outcome <> 'failure'
      AND substr(date_from_utc, 1, 10) > (SELECT max(from_date) FROM v_starlink)"""
_COUNTS = f"""
    SELECT * FROM
      (SELECT count(*) FILTER (WHERE launch_class = 'orbital') AS launches,
              count(*) FILTER (WHERE launch_class = 'orbital' AND success) AS successes,
              count(*) FILTER (WHERE launch_class = 'orbital' AND NOT success) AS failures,
              count(*) FILTER (WHERE launch_class = 'suborbital') AS suborbital,
              count(*) FILTER (WHERE launch_class = 'pad loss') AS pad_losses,
              count(*) FILTER (WHERE launch_class IS NULL) AS of_unknown_class
       FROM launches WHERE NOT is_upcoming),
      (SELECT count(*) AS seen_in_orbit, min(substr(launch_designator, 1, 4)) AS seen_since,
              max(substr(launch_designator, 1, 4)) AS seen_until
       FROM ({UNRECORDED_LAUNCHES})),
      (SELECT count(*) FILTER (WHERE landing_attempt) AS attempts,
              count(*) FILTER (WHERE landing = 'landed') AS landings,
              count(*) FILTER (WHERE landing = 'unknown') AS unknown_landings,
              count(*) FILTER (WHERE landing NOT IN ('lost', 'unknown')) AS told_landings,
              count(*) FILTER (WHERE is_reused) AS reflights,
              count(*) FILTER (WHERE is_reused IS NULL) AS unknown_flights FROM v_landings),
      (SELECT coalesce(sum(boosters), 0) AS unrecorded_boosters FROM ({UNRECORDED_BOOSTERS})),
      (SELECT count(*) AS satellites,
              count(*) FILTER (WHERE catalogue_status = 'decayed') AS decayed,
              {NEWEST_CHANGES}, min(from_date) AS first_launch,
              count(*) FILTER (WHERE catalogue_status = 'unlisted') AS unlisted,
              count(*) FILTER (WHERE is_presumed_decayed) AS presumed,
              count(*) FILTER (WHERE is_presumed_decayed AND mean_altitude_km > {_HIGH_KM})
                  AS presumed_high,
              count(in_orbit_by_catalogue_utc) AS in_orbit_by_catalogue,
              (SELECT count(*) FROM v_never_catalogued) AS never_catalogued,
              count(*) FILTER (WHERE catalogue_status = 'in orbit') AS in_orbit,
              count(*) FILTER (WHERE catalogue_status = 'in orbit' AND epoch_utc IS NULL)
                  AS without_elements
       FROM v_starlink),
      ({UNLISTED_THAT_DECAYED}),
      ({_NOT_CATALOGUED}),
      (SELECT coalesce(sum(max(0, flights - recorded_flights - iif(has_first, 0, 1))), 0)
                  AS unlisted_reflights
       FROM v_boosters LEFT JOIN (
           SELECT core_id, max(coalesce(flight = 1 OR NOT is_reused, FALSE)) AS has_first
           FROM v_landings GROUP BY core_id) USING (core_id)),
      (SELECT EXISTS (SELECT 1 FROM launches) AS has_launches,
              EXISTS (SELECT 1 FROM launch_cores) AS has_flights,
              EXISTS (SELECT 1 FROM starlink) AS has_satellites,
              EXISTS (SELECT 1 FROM _observations) AS has_lists,
              {HAS_LOSSES.strip()}
                  AS has_losses)"""


def _orbital_launches(counts: Counts) -> Words:
    n = counts.n
    others = ", ".join(
        f"{n[column]:,} {words}"
        for column, words in (
            ("suborbital", "suborbital"),
            ("pad_losses", "lost on the pad"),
            ("of_unknown_class", "of unknown class"),
            ("seen_in_orbit", f"seen in orbit only, of {_period(n)}"),
        )
        if n[column]
    )
    period = f"{counts.years(LAUNCHES)}, {n['failures']:,} failed"
    unknown = (
        f"Missing: at least {counted(n['seen_in_orbit'], 'launch', 'launches')} of {_period(n)}, "
        "seen in orbit by their satellites and listed by no source."
        if n["seen_in_orbit"]
        else "Exact inside the coverage, unless every source lacks a launch."
    )
    return f"{n['launches']:,}", f"{period}; not counted: {others}" if others else period, unknown


def _success_rate(counts: Counts) -> Words:
    n = counts.n
    successes, known = n["successes"], n["successes"] + n["failures"]
    interval = wilson_text(successes, known) if known else ""
    note = f"of {counted(known, 'orbital launch', 'orbital launches')} with known outcome"
    unknown = _unknown("The outcome", n["launches"] - known)
    words = f"{interval}. {unknown}" if interval else unknown
    return percent(successes, known), f"{note}, {interval}" if interval else note, words


def _landings(counts: Counts) -> Words:
    n = counts.n
    missing = n["unknown_landings"] + n["unrecorded_boosters"]
    unknown = f"; not known of {counted(missing, 'flight')}" if missing else ""
    return (
        f"{n['landings']:,}",
        f"of {counted(n['attempts'], 'attempt')}{unknown}",
        _unknown("Whether the booster landed", missing),
    )


def _reflights(counts: Counts) -> Words:
    n = counts.n
    unknown = _unknown(
        "Whether the booster had flown", n["unknown_flights"] + n["unrecorded_boosters"]
    )
    note = "flights of used boosters"
    if n["unlisted_reflights"]:
        note += (
            f"; {counted(n['unlisted_reflights'], 'flight')} more by the boosters' flight numbers"
        )
        reflights = counted(n["unlisted_reflights"], "reflight")
        unknown += f" No source lists {reflights} that the flight numbers of boosters tell of."
    return f"{n['reflights']:,}", note, unknown


def _in_orbit(counts: Counts) -> Words:
    n = counts.n
    of = "known" if counts.is_least_in_orbit else "catalogued"
    note = f"of {n['satellites']:,} {of}, {counts.fleet_date()}"
    launches = counted(n["not_catalogued"], "Starlink launch", "Starlink launches")
    missing = ""
    if n["not_catalogued"]:
        since = date_text(str(n["not_catalogued_since"]))
        missing = f"The satellites of at least {launches}, from {since} on, are missing. "
    late = (
        f"Satellites are listed days after their launch. {missing}Decays are catalogued some days "
        "late."
    )
    some = f"{n['without_elements']:,} of them are known without elements. "
    unknown = f"{some}{late}" if n["without_elements"] else late
    return at_least(n["in_orbit"], is_least=counts.is_least_in_orbit), note, unknown


def _no_longer(counts: Counts) -> Words:
    n = counts.n
    presumed = f", {n['presumed']:,} of them presumed decayed" if n["presumed"] else ""
    unlisted = f"{n['unlisted']:,} no longer listed{presumed}"
    listing = unlisted if n["has_lists"] else "no GP list is loaded"
    lost = n["unlisted"] - n["presumed"]
    known = "No satellite is unlisted."
    if n["unlisted"]:
        known = "All unlisted ones had the time to come down, and are presumed decayed."
    if lost:
        known = f"What became of {lost:,} of the unlisted is not known."
    if high := n["presumed_high"]:
        were = "was" if high == 1 else "were"
        known += (
            f" Of those presumed decayed, {high:,} {were} last known above {_HIGH_KM} km: the "
            "lists are far apart, and nothing else tells that they came down."
        )
    if still := n["in_orbit_by_catalogue"]:
        known += f" A catalogue of well after the lists has {still:,} of them in orbit."
    unknown = known if n["has_lists"] else "Which satellites are no longer listed is not known."
    if n["left_lists"]:
        unknown += (
            f" Of {counted(n['left_lists'], 'satellite')} no longer listed that a newer catalogue "
            f"has, {percent(n['left_and_decayed'], n['left_lists'])} had decayed."
        )
    value = at_least(n["decayed"] + n["unlisted"], is_least=counts.is_least_lost)
    never = f"; {n['never_catalogued']:,} more never catalogued" if n["never_catalogued"] else ""
    return value, f"{n['decayed']:,} re-entered, {listing}{never}", unknown


FIGURES = (
    Figure(
        "Orbital launches",
        (LAUNCHES,),
        _orbital_launches,
        rule="Flown launches of the class orbital, each once, however many sources list it.",
        revision="A launch outside the coverage, or a source that corrects a class.",
        missing="source of launches",
        requires="has_launches",
        tables=("launches",),
    ),
    Figure(
        "Success rate",
        (LAUNCHES,),
        _success_rate,
        rule="Successes, of the orbital launches that succeeded or failed.",
        revision="The outcome of a launch without one, or of a launch outside the coverage.",
        missing="source of launches",
        requires="has_launches",
        tables=("launches",),
    ),
    Figure(
        "Booster landings",
        (LANDINGS,),
        _landings,
        rule="Boosters that landed, of those that came to land. Boosters that were expended, or "
        "lost with the launch, made no attempt.",
        revision="A source with the landings of more flights: GCAT has none.",
        missing="source of landings",
        requires="told_landings",
        tables=("v_landings",),
    ),
    Figure(
        "Booster reflights",
        (LAUNCHES,),
        _reflights,
        rule="Flights of boosters that had flown before, suborbital ones included; each booster of "
        "a Falcon Heavy counts.",
        revision="The boosters of a launch outside the coverage, or a corrected flight number.",
        missing="source of booster flights",
        requires="has_flights",
        tables=("v_landings", "v_boosters"),
    ),
    Figure(
        "Satellites in orbit",
        (LISTED, ELEMENTS, DECAYS, SOME_DECAYS),
        _in_orbit,
        rule="Catalogued satellites, except those that a catalogue reports as decayed, or that "
        "later GP lists lack.",
        revision="A newer GP list or catalogue.",
        missing="GP list or catalogue",
        requires="has_satellites",
        tables=("v_starlink",),
    ),
    Figure(
        "Decayed or unlisted",
        (LISTED, ELEMENTS, DECAYS, SOME_DECAYS),
        _no_longer,
        rule="Catalogued satellites that decayed by a catalogue, or that a GP list lacks and that "
        "have no decay date; those never catalogued come on top. Unlisted "
        "satellites are presumed decayed if they had the time to come down from their last known "
        f"height until the first list without them, by {LOWERING_KM_PER_DAY} km a day, and no "
        "later catalogue has them in orbit.",
        revision="A catalogue with the decay dates of unlisted satellites, or a list with them.",
        missing="second GP list or catalogue",
        requires="has_losses",
        tables=("v_starlink", "v_never_catalogued"),
    ),
)
"""The key figures, in the order in which they are shown."""


def _covered(rows: pd.DataFrame) -> str:
    """Return the periods of one source on one subject in words."""
    spans = [
        (since[_DATE], until[_DATE])
        for since, until in zip(rows["from_utc"], rows["to_utc"], strict=True)
    ]
    periods = ", ".join(
        since if since == until else f"{since} to {until}" for since, until in spans
    )
    subject, source, ends_at = rows[["subject", "source", "ends_at"]].iloc[-1]
    title, _, _ = titles(source).partition(" (")
    return f"{title}, {subject}: {periods} (to the {ends_at})"


def _unknown(what: str, count: int) -> str:
    """Return in words of how many something is not known."""
    return f"{what} is not known of {count:,}." if count else f"{what} is known of all."


def _period(n: "pd.Series[int]") -> str:
    return _years(str(n["seen_since"]), str(n["seen_until"]))


def _covered_years(spans: list[Span]) -> str:
    """Return the years of spans in words, those marked that they cover in part.

    >>> _covered_years([("2006-01-01T00:00:00Z", "2022-10-05T00:00:00Z")])
    '2006–2021, part of 2022'
    """
    series: list[tuple[int, int, bool]] = []
    shares = year_shares(spans)
    for year, share in shares.items():
        is_whole = share >= 1
        if is_whole and series and series[-1][1:] == (year - 1, True):
            series[-1] = (series[-1][0], year, True)
        elif share or not any(shares.values()):  # the last span may end with a year
            series.append((year, year, is_whole))
    return ", ".join(
        _years(str(first), str(last)) if is_whole else f"part of {first}"
        for first, last, is_whole in series
    )


def _years(since_utc: str, until_utc: str) -> str:
    first, last = since_utc[:4], until_utc[:4]
    return first if first == last else f"{first}–{last}"
