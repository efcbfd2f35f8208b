"""Re-entries of satellites as entries.

A satellite re-enters once: it keeps its entry when the catalogues date what the lists showed.
"""

import sqlite3

from spacex.analysis.feeds.atom import Entry, page
from spacex.sources import short_title

KEPT_DAYS = 60
"""Days before the newest re-entry from which re-entries are told."""

_VAGUE = {"month": 7, "quarter": 7, "year": 4, "decade": 4}
"""Precision coarser than a day → the characters of a date that are true of it."""

_REENTRIES = f"""
    WITH lost AS (
        SELECT norad_cat_id, object_name, object_id, launch_designator, version, decay_date,
               decay_precision, decay_is_uncertain, decay_date_source, is_presumed_decayed,
               unlisted_since_utc, mean_altitude_km, epoch_utc, source,
               max(until_date, coalesce(substr(unlisted_since_utc, 1, 10), '')) AS day
        FROM v_starlink
        WHERE (catalogue_status = 'decayed' OR is_presumed_decayed) AND until_date NOT NULL)
    SELECT * FROM lost
    WHERE day >= (SELECT date(max(day), '-{KEPT_DAYS} days') FROM lost)"""


def reentry_entries(connection: sqlite3.Connection) -> list[Entry]:
    """Return an entry for each satellite that re-entered, or is presumed to have."""
    found = connection.execute(_REENTRIES)
    names = [column for column, *_ in found.description]
    return [_entry(dict(zip(names, row, strict=True))) for row in found]


def _entry(row: dict[str, object]) -> Entry:
    name, number = f"{row['object_name']}", row["norad_cat_id"]
    date_source = f"{row['decay_date_source'] or row['source']}"
    if row["is_presumed_decayed"]:
        title = f"{name}: presumed to have re-entered by {row['day']}"
        told = (
            "It is no longer listed, and was low enough when last seen; no catalogue has its "
            "re-entry yet."
        )
        kind, date_source = "presumed", f"{row['source']}"
    else:
        title = f"{name}: re-entered {_date(row)}"
        told = f"Re-entered {_date(row)}, by {short_title(date_source)}."
        kind = "decayed"
    known = [
        f"Catalogue number {number}",
        f"designator {row['object_id'] or 'unknown'}",
        f"version {row['version'] or 'unknown'}",
    ]
    lines = [told, f"{', '.join(known)}."]
    if row["mean_altitude_km"] is not None:
        seen = f"{row['epoch_utc']}"[:10]
        lines.append(f"Newest orbit known: {row['mean_altitude_km']:.0f} km on {seen}.")
    return Entry(
        key=f"reentries/{number}",
        title=title,
        updated=f"{row['day']}T00:00:00Z",
        lines=tuple(lines),
        link=page("satellite", satellite=number),
        categories=(kind, short_title(date_source)),
    )


def _date(row: dict[str, object]) -> str:
    """Return the date of a re-entry in words, no more precise than it is known."""
    date, precision = f"{row['decay_date'] or ''}", row["decay_precision"] or "day"
    if not date:
        return f"by {row['day']}"
    if precision in _VAGUE:
        return f"in the {precision} of {date[: _VAGUE[f'{precision}']]}"
    return f"about {date}" if row["decay_is_uncertain"] else f"on {date}"
