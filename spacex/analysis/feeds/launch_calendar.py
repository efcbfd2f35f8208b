"""The launches as a calendar (iCalendar, RFC 5545).

Only a launch that is dated to the day or better is an event: any day of the calendar would be made
up for another one. It enters the calendar when it gets a day. If it loses it, or its source no
longer has it, the event is cancelled.

A launch keeps its UID. Its SEQUENCE is the number of responses that changed it, and of sources that
tell of its flight and of its outcome: none of them becomes fewer. The times and the status of an
event depend on nothing that may change without them: the launch window and what the source calls
its status are in the description.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from spacex.analysis.feeds.atom import SIMULATED, Channel, plain, sentences
from spacex.analysis.feeds.calendar_text import calendar_text, escaped, utc_time
from spacex.analysis.feeds.launch_precisions import DAY_OR_BETTER, Precisions
from spacex.schema.ddl import literals
from spacex.sources import short_title
from spacex.units import utc_instant

KEPT_DAYS = 60
"""Days for which flown and cancelled launches are kept."""
REFRESH = "PT6H"
"""How often programs should look for changes."""

_COLUMNS = f"""
    SELECT v.launch_id, v.name, v.date_utc, v.date_precision, v.date_text, v.date_from_utc,
           v.outcome, v.is_flown, v.rocket, v.launchpad, v.region, v.orbit_code, v.status,
           v.webcast_url, v.source, l.window_s,
           v.date_precision IN ({literals(DAY_OR_BETTER)}) AS has_day,
           coalesce(c.changes, 0) + (
               SELECT count(*) + count(success) FROM launch_sources s
               WHERE s.launch_id = v.launch_id AND NOT s.is_upcoming) AS sequence,
           coalesce(nullif(max(coalesce(c.changed_utc, ''), iif(v.is_flown, v.date_from_utc, ''),
               coalesce((SELECT min(retrieved_utc) FROM _snapshots
                         WHERE endpoint = 'launches' AND source = v.source), '')), ''),
               v.date_utc) AS changed_utc
    FROM v_launches v JOIN launches l USING (launch_id)
         LEFT JOIN (SELECT row_key, count(DISTINCT observed_utc) AS changes,
                           max(observed_utc) AS changed_utc
                    FROM _changes WHERE table_name = 'launches' GROUP BY row_key) c
              ON c.row_key = v.launch_id"""
_FLOWN = f"""{_COLUMNS}
    WHERE v.is_flown AND has_day AND v.date_utc >= (
        SELECT strftime('%Y-%m-%dT%H:%M:%SZ', max(date_utc), '-{KEPT_DAYS} days')
        FROM launches WHERE NOT is_upcoming)
    ORDER BY v.launch_id"""
_PLANNED = f"""{_COLUMNS}
    WHERE v.outcome IN ('planned', 'overdue') AND v.status IS NOT NULL
    ORDER BY v.launch_id"""
_LOST_DAY = f"""
    SELECT p.old_value AS date_precision, coalesce(d.old_value, :date_utc) AS date_utc
    FROM _changes p LEFT JOIN _changes d
         ON d.source = p.source AND d.observed_utc = p.observed_utc AND d.row_key = p.row_key
            AND d.table_name = 'launches' AND d.column_name = 'date_utc'
    WHERE p.table_name = 'launches' AND p.column_name = 'date_precision'
          AND p.row_key = :launch_id AND p.old_value IN ({literals(DAY_OR_BETTER)})
    ORDER BY p.observed_utc DESC LIMIT 1"""
_WITHDRAWN = f"""
    SELECT row_key AS launch_id, name, old_value AS date_utc, source, observed_utc AS changed_utc,
           (SELECT count(DISTINCT observed_utc) FROM _changes n
            WHERE n.table_name = 'launches' AND n.row_key = c.row_key) AS sequence
    FROM _changes c
    WHERE kind = 'withdrawn' AND old_value NOT NULL
          AND row_key NOT IN (SELECT launch_id FROM launches)
          AND observed_utc >= (
              SELECT strftime('%Y-%m-%dT%H:%M:%SZ', max(observed_utc), '-{KEPT_DAYS} days')
              FROM _changes)
          AND observed_utc = (SELECT max(observed_utc) FROM _changes n
                              WHERE n.table_name = 'launches' AND n.row_key = c.row_key)
    ORDER BY row_key"""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Event:
    """An event of the calendar, on a date known to a precision of a day or better."""

    row: Row
    date_utc: str
    precision: str
    status: str
    words: Sequence[str]

    def lines(self, *, is_simulated: bool) -> Iterator[str]:
        """Yield the lines of the event."""
        row = self.row
        name = plain(f"{row['name'] or row['launch_id']}")
        sample = "sample-" if is_simulated else ""
        words = [SIMULATED, *self.words] if is_simulated else self.words
        yield "BEGIN:VEVENT"
        yield f"UID:{sample}{escaped(plain(row['launch_id']))}@spacex-insights"
        yield f"DTSTAMP:{utc_time(row['changed_utc'])}"
        yield f"SEQUENCE:{row['sequence']}"
        yield from self._period()
        yield f"SUMMARY:{escaped(f'{name} (simulated sample)' if is_simulated else name)}"
        yield f"STATUS:{self.status}"
        if where := ", ".join(filter(None, (row.get("launchpad"), row.get("region")))):
            yield f"LOCATION:{escaped(plain(where))}"
        yield f"DESCRIPTION:{escaped(chr(10).join(plain(each) for each in words))}"
        if address := _address(row.get("webcast_url")):
            yield f"URL:{address}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"

    def _period(self) -> Iterator[str]:
        """Yield the begin of the event, and its end if the date leaves an hour or a day open."""
        begin = utc_instant(self.date_utc)
        if self.precision == "day":
            yield f"DTSTART;VALUE=DATE:{begin:%Y%m%d}"
            yield f"DTEND;VALUE=DATE:{begin + timedelta(days=1):%Y%m%d}"
            return
        if self.precision == "hour":
            begin = begin.replace(minute=0, second=0)
            yield f"DTEND:{begin + timedelta(hours=1):%Y%m%dT%H%M%SZ}"
        yield f"DTSTART:{begin:%Y%m%dT%H%M%SZ}"


def launch_calendar(connection: sqlite3.Connection, channel: Channel) -> bytes:
    """Return the calendar of the launches; the same launches make the same bytes.

    Args:
        connection: the database.
        channel: what it says of itself.
    """
    name = f"{channel.title} (simulated sample)" if channel.is_simulated else channel.title
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//SpaceX Insights//Launches//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        f"DESCRIPTION:{escaped(' '.join((channel.subtitle, *sentences(channel.credits))))}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
    ]
    for event in _events(connection):
        lines += event.lines(is_simulated=channel.is_simulated)
    return calendar_text([*lines, "END:VCALENDAR"]).encode()


def _events(connection: sqlite3.Connection) -> Iterator[_Event]:
    for row in _rows(connection, _FLOWN):
        outcome = "Outcome not yet known" if row["outcome"] == "unknown" else row["outcome"]
        words = (f"{outcome.capitalize()}.", *_words(row))
        yield _Event(row, row["date_utc"], row["date_precision"], "CONFIRMED", words)
    for row in _rows(connection, _PLANNED):
        if row["has_day"]:
            yield _planned(row)
        elif lost := next(_rows(connection, _LOST_DAY, row), None):
            words = (f"Moved to {row['date_text']}: no day is known.", *_words(row))
            yield _Event(row, lost["date_utc"], lost["date_precision"], "CANCELLED", words)
    precisions = Precisions(connection)
    for row in _rows(connection, _WITHDRAWN):
        known = precisions.around(row["source"], row["launch_id"], row["changed_utc"])[0]
        if known in {"", *DAY_OR_BETTER}:
            words = ("The source no longer has this launch.", f"Source: {_source(row)}.")
            yield _Event(row, row["date_utc"], known or "day", "CANCELLED", words)


def _planned(row: Row) -> _Event:
    words = [f"{row['date_text']} UTC. Status: {row['status']}.", *_words(row)]
    if window := row["window_s"]:
        words.insert(1, f"Launch window: {window / 60:,.0f} min.")
    if row["outcome"] == "overdue":
        words.insert(0, "Its date has passed, and its source does not say that it flew.")
    return _Event(row, row["date_utc"], row["date_precision"], "TENTATIVE", words)


def _words(row: Row) -> Iterator[str]:
    rocket, orbit = (row[each] or "unknown" for each in ("rocket", "orbit_code"))
    yield f"Rocket: {rocket}. Orbit: {orbit}."
    yield f"Source: {_source(row)}, as of {row['changed_utc'][:16].replace('T', ' ')} UTC."


def _source(row: Row) -> str:
    return short_title(row["source"])


def _address(url: str | None) -> str:
    """Return an address as a value; empty if it is not one of the web."""
    address = url or ""
    is_plain = address.isprintable() and " " not in address
    return address if is_plain and address.startswith(("http://", "https://")) else ""


def _rows(connection: sqlite3.Connection, sql: str, parameters: Row | None = None) -> Iterator[Row]:
    found = connection.execute(sql, parameters or {})
    names = [column for column, *_ in found.description]
    return (dict(zip(names, each, strict=True)) for each in found)
