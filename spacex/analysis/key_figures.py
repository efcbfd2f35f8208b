"""The key figures: the headline numbers of a database, computed and worded for every surface."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from spacex.analysis.cadence import coverage
from spacex.analysis.intervals import percent, wilson_text
from spacex.analysis.queries import query
from spacex.units import counted

UNKNOWN = "–"
"""The value of a key figure that nothing loaded tells: it is not zero."""


@dataclass(frozen=True)
class KeyFigure:
    """A headline number.

    Attributes:
        name: what the number counts.
        value: the number, formatted.
        note: its denominator, interval or period.
    """

    name: str
    value: str
    note: str

    def __str__(self) -> str:
        """Return the value and its note on one line.

        >>> print(KeyFigure("Booster landings", "149", "of 164 attempts"))
        149 (of 164 attempts)
        """
        return f"{self.value} ({self.note})"


def key_figures(database: Path | str) -> list[KeyFigure]:
    """Return the key figures of launches, boosters and satellites; a dash for unknown ones.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    n = query(
        database,
        """SELECT * FROM
             (SELECT count(*) FILTER (WHERE launch_class = 'orbital') AS launches,
                     count(*) FILTER (WHERE launch_class = 'orbital' AND success) AS successes,
                     count(*) FILTER (WHERE launch_class = 'orbital' AND NOT success) AS failures,
                     count(*) FILTER (WHERE launch_class = 'suborbital') AS suborbital,
                     count(*) FILTER (WHERE launch_class = 'pad loss') AS pad_losses,
                     count(*) FILTER (WHERE launch_class IS NULL) AS of_unknown_class
              FROM launches WHERE NOT is_upcoming),
             (SELECT count(*) FILTER (WHERE landing_attempt) AS attempts,
                     count(*) FILTER (WHERE landing = 'landed') AS landings,
                     count(*) FILTER (WHERE landing = 'unknown') AS unknown_landings,
                     count(*) FILTER (WHERE is_reused) AS reflights FROM v_landings),
             (SELECT count(*) AS satellites,
                     count(*) FILTER (WHERE catalogue_status = 'decayed') AS decayed,
                     count(*) FILTER (WHERE catalogue_status = 'unlisted') AS unlisted,
                     count(*) FILTER (WHERE is_presumed_decayed) AS presumed,
                     count(*) FILTER (WHERE catalogue_status = 'in orbit') AS in_orbit
              FROM v_starlink),
             (SELECT EXISTS (SELECT 1 FROM launches) AS has_launches,
                     EXISTS (SELECT 1 FROM launch_cores) AS has_flights,
                     EXISTS (SELECT 1 FROM starlink) AS has_satellites,
                     EXISTS (SELECT 1 FROM _observations) AS has_lists)""",
    ).iloc[0]
    return [*_launch_figures(n, database), *_booster_figures(n), *_satellite_figures(n)]


def _unknown(names: tuple[str, ...], missing: str) -> list[KeyFigure]:
    return [KeyFigure(name, UNKNOWN, f"no {missing} is loaded") for name in names]


def _launch_figures(n: "pd.Series[int]", database: Path | str) -> list[KeyFigure]:
    names = ("Orbital launches", "Success rate")
    if not n["has_launches"]:
        return _unknown(names, "source of launches")
    successes, known = n["successes"], n["successes"] + n["failures"]
    interval = f", {wilson_text(successes, known)}" if known else ""
    others = ", ".join(
        f"{n[column]:,} {words}"
        for column, words in (
            ("suborbital", "suborbital"),
            ("pad_losses", "lost on the pad"),
            ("of_unknown_class", "of unknown class"),
        )
        if n[column]
    )
    years = ", ".join(_years(*span) for span in coverage(database))
    period = f"{years}, {n['failures']:,} failed" if years else "none yet"
    launches, rate = names
    with_outcome = f"{counted(known, 'orbital launch', 'orbital launches')} with known outcome"
    return [
        KeyFigure(
            launches, f"{n['launches']:,}", f"{period}; not counted: {others}" if others else period
        ),
        KeyFigure(
            rate,
            percent(successes, known),
            f"of {with_outcome}{interval}",
        ),
    ]


def _booster_figures(n: "pd.Series[int]") -> list[KeyFigure]:
    names = ("Booster landings", "Booster reflights")
    if not n["has_flights"]:
        missing = "source of booster flights" if n["has_launches"] else "source of launches"
        return _unknown(names, missing)
    unknown = (
        f"; not known of {counted(n['unknown_landings'], 'flight')}"
        if n["unknown_landings"]
        else ""
    )
    landings, reflights = names
    return [
        KeyFigure(
            landings, f"{n['landings']:,}", f"of {counted(n['attempts'], 'attempt')}{unknown}"
        ),
        KeyFigure(reflights, f"{n['reflights']:,}", "flights of used boosters"),
    ]


def _satellite_figures(n: "pd.Series[int]") -> list[KeyFigure]:
    names = ("Satellites in orbit", "Decayed or unlisted")
    if not n["has_satellites"]:
        return _unknown(names, "GP list or catalogue")
    presumed = f", {n['presumed']:,} of them presumed decayed" if n["presumed"] else ""
    unlisted = f"{n['unlisted']:,} no longer listed{presumed}"
    listing = unlisted if n["has_lists"] else "no GP list is loaded"
    in_orbit, gone = names
    return [
        KeyFigure(in_orbit, f"{n['in_orbit']:,}", f"of {n['satellites']:,} catalogued"),
        KeyFigure(
            gone,
            f"{n['decayed'] + n['unlisted']:,}",
            f"{n['decayed']:,} re-entered, {listing}",
        ),
    ]


def _years(since_utc: str, until_utc: str) -> str:
    first, last = since_utc[:4], until_utc[:4]
    return first if first == last else f"{first}–{last}"


def launch_period(database: Path | str) -> tuple[str, str]:
    """Return the instants of the first and the last past launch; two empty texts if none.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    sql = """SELECT coalesce(min(date_utc), ''), coalesce(max(date_utc), '')
             FROM launches WHERE NOT is_upcoming"""
    first, last = query(database, sql).iloc[0]
    return first, last
