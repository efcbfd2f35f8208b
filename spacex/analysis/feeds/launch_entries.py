"""Launches as entries: how each went, and what changed about the others."""

import sqlite3

from spacex.analysis.feeds.atom import Entry, page
from spacex.analysis.feeds.change_entries import launch_changes
from spacex.sources import short_title

KEPT_DAYS = 60
"""Days before the newest flown launch from which outcomes are told."""

_FLOWN = f"""
    SELECT launch_id, name, date_text, date_from_utc, outcome, rocket, launchpad, orbit_code,
           launch_designator, source, date_source
    FROM v_launches
    WHERE is_flown AND date_from_utc >= (
        SELECT strftime('%Y-%m-%dT%H:%M:%SZ', max(date_utc), '-{KEPT_DAYS} days')
        FROM launches WHERE NOT is_upcoming)"""


def launch_entries(connection: sqlite3.Connection) -> list[Entry]:
    """Return an entry for the outcome of each launch, and those of its changes before.

    An outcome that becomes known, or turns out to be another one, is another fact.
    """
    changes = [each for each in launch_changes(connection) if "flown" not in each.categories]
    return [*changes, *map(_outcome, connection.execute(_FLOWN))]


def _outcome(row: tuple[str | None, ...]) -> Entry:
    launch, name, date, instant, outcome, *place, designator, source, dated_by = row
    rocket, pad, orbit = (each or "unknown" for each in place)
    sources = [*dict.fromkeys(short_title(each) for each in (source, dated_by) if each)]
    words = "outcome not yet known" if outcome == "unknown" else outcome
    return Entry(
        key=f"launches/{launch}/{outcome}",
        title=f"{name}: {words}, {date}",
        updated=f"{instant}",
        lines=(
            f"Launched {date} UTC. Rocket: {rocket}. Site: {pad}. Orbit: {orbit}.",
            f"Designator: {designator or 'none yet'}. Source: {', '.join(sources)}.",
        ),
        link=page("launch", mission=designator or name),
        categories=(f"{outcome}", *sources),
    )
