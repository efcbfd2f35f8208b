"""The coverage: the periods that each source can speak of, by subject, as the view `v_coverage`.

Only inside its coverage does a source tell that something did not happen; outside, nothing is
known. No coverage is extended by a single record later than the others.

- `launches`: from the first to the last of a series of flown launches without a longer pause than
  LONGEST_PAUSE_DAYS, and than LONGEST_EARLY_PAUSE_DAYS before 2014; the newest one does not count
  if it is alone. To the last check for a live source that lists upcoming launches, if the pause
  before the check is no longer. It ends at the earliest overdue launch, which the source lists as
  upcoming although its date had passed at the last check; at the earliest date of the first launch
  seen in orbit that no source lists; and at the flight of a booster whose next listed one has a
  number so much higher that launches are missing between them. If sources only together cover the
  time of missing launches, a period that begins in it begins at its end instead. A source with
  SpaceX's first launch covers all of 2006.
- `landings`, `payload masses`: as `launches`, for the sources that report them; landings of an
  archive to the newest launch whose landing it reports, because the sample has later ones without.
- `satellites launched`: from the first to the newest launch with satellites in GCAT or the sample,
  which also have those that never got a catalogue number, unless it is a part.
- `satellites launched`, `satellites catalogued` and `decays` of a source end with its
  `complete_until`, if it has only the satellites of later launches that stayed in orbit.
- `satellites catalogued`, the launches of satellites with a catalogue number: from the first to the
  newest launch in a catalogue or archive that is no part of one; and from a GP list to
  LISTED_WITHIN_DAYS before the last one of a series, because lists have satellites days after
  their launch.
- `satellites listed`: from a GP list to the last one of a series without gaps of more than
  LONGEST_GAP_DAYS.
- `elements`: as `satellites listed`, by the epochs. Those of after the response are predicted, and
  count as of its instant.
- `decays`: from the first launch to the second newest decay of a catalogue or archive. A part of a
  catalogue covers `decays of some satellites` only: nothing is known of the others. It lacks more
  than a LARGEST_LACK of the satellites that it should have: those with numbers up to its highest
  one, or launched CATALOGUED_WITHIN_DAYS before its newest decay; or two launches of before then,
  with all of their satellites, as a catalogue of older launches only. So does a part with objects
  of far fewer Starlink launches than the launch lists to the same date; one of which fewer than
  FEWEST_DECAYED of the old satellites have decayed, as a catalogue of those in orbit only; and one
  with a longer pause between launches than LONGEST_PAUSE_DAYS.
- `space weather`: successive days with an observed Ap.

No coverage is later than the last check of any source, as a clock that was ahead would have it.
The newest date is one that two satellites have reached, and for epochs 1 % of them.
"""

import re
from collections.abc import Iterable

from spacex.schema.ddl import literals
from spacex.schema.space_weather import KNOWN
from spacex.sources import GCAT, SAMPLE, SOURCES
from spacex.warehouse.authorities import LISTED_WITHIN_DAYS
from spacex.warehouse.launch_dates import period_begin, period_end

Span = tuple[str, str]
"""Start and end, as UTC text."""

LAUNCHES, LANDINGS, MASSES = "launches", "landings", "payload masses"
LAUNCHED, CATALOGUED = "satellites launched", "satellites catalogued"
LISTED, ELEMENTS, DECAYS = "satellites listed", "elements", "decays"
SOME_DECAYS = "decays of some satellites"
WEATHER = "space weather"

_WHOLE = (GCAT.name, SAMPLE.name)
"""The sources with the satellites that never got a catalogue number."""

LARGEST_LACK = 0.1
"""Share of the satellites that a whole catalogue may lack, because sources name them differently.

GCAT lacks 0.5 % of the satellites in the GP lists of May 2025.
"""
FEWEST_OF_A_LAUNCH = 3
"""A whole catalogue may lack launches with so few satellites: it may name them differently."""
CATALOGUED_WITHIN_DAYS = 30
"""Time after a launch in which a whole catalogue has its satellites."""
FEWEST_DECAYED = 0.01
"""A whole catalogue has at least this share of the satellites launched OLD_YEARS before its newest
launch as decayed. At any time, more than 10 % of these are."""
OLD_YEARS = 2
LONGEST_PAUSE_DAYS = 180
"""SpaceX has paused for 178 days at most since 2013."""
LONGEST_EARLY_PAUSE_DAYS = 540
"""Before, it paused for 532 days at most, from December 2010 to May 2012."""
LONGEST_GAP_DAYS = 10
"""Longest time between two GP lists of one period: satellites may come and go in a longer one."""
EARLY_DAYS = 30
"""Age up to which a GP list has the satellites of a launch, but for those lost at once."""
SECOND_FLIGHT = "2007-03-21"
"""A source with an earlier launch has SpaceX's first one."""
_DAYS_APART = """iif(l.name LIKE '%starlink%', 3, 1)"""
"""SQL: days between the dates of one launch in two sources, at most. The archive has Starlink 4-34
two days too early; launches of other names explain those of their day."""
_HAS_DRAGON = """EXISTS (
            SELECT 1 FROM launch_payloads JOIN payloads p USING (payload_id)
            WHERE launch_payloads.launch_id = l.launch_id AND p.type LIKE '%dragon%')"""
"""SQL: whether a launch had a Dragon on board. None of these had Starlinks, but launches of other
names had: Transporter-1 and -2, and one of the NRO."""


def union(spans: Iterable[Span]) -> list[Span]:
    """Join overlapping spans.

    >>> union([("2020", "2022"), ("2021", "2023"), ("2024", "2025")])
    [('2020', '2023'), ('2024', '2025')]
    """
    joined: list[Span] = []
    for since, until in sorted(spans):
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(until, joined[-1][1]))
        else:
            joined.append((since, until))
    return joined


def _sources(*, live: bool) -> str:
    return literals(name for name, each in SOURCES.items() if each.is_live is live)


def _sources_of(table: str, column: str) -> str:
    """Return the sources whose mappings fill a column, as SQL."""
    names = (
        name
        for name, source in SOURCES.items()
        for endpoint in source.endpoints.values()
        for mapping in endpoint.mappings
        if mapping.table == table and column in mapping.columns
    )
    return literals(dict.fromkeys(names))


UNRECORDED_LAUNCHES = f"""
    WITH without_designator AS MATERIALIZED (
        SELECT date({period_begin("l")}, '-' || {_DAYS_APART} || ' days') AS since,
               date({period_end("l")}, '+' || {_DAYS_APART} || ' days') AS until
        FROM launches l WHERE l.launch_designator IS NULL AND NOT l.is_upcoming
                              AND NOT {_HAS_DRAGON}
                              AND coalesce(l.launch_class, 'orbital') = 'orbital'),
    dated AS MATERIALIZED (
        SELECT launch_designator, substr(launch_designator, 1, 4) AS year,
               {period_begin("l")} AS begin_utc, {period_end("l")} AS end_utc
        FROM launches l WHERE launch_designator IS NOT NULL AND NOT is_upcoming),
    seen AS (
        SELECT launch_designator, min(launch_date) AS launch_date,
               substr(launch_designator, 1, 4) AS year,
               coalesce(min(coalesce(first_listed_utc, epoch_utc)), '9999') AS known_by
        FROM starlink
        WHERE launch_designator IS NOT NULL AND EXISTS (SELECT 1 FROM launches)
          AND launch_designator NOT IN (
              SELECT launch_designator FROM launches WHERE launch_designator IS NOT NULL)
        GROUP BY launch_designator),
    undated AS MATERIALIZED (
        SELECT launch_designator, min(earliest_utc, latest_utc) AS earliest_utc, latest_utc
        FROM (SELECT launch_designator,
                     max(s.year || '-01-01T00:00:00Z', coalesce((
                         SELECT max(begin_utc) FROM dated d WHERE d.year = s.year
                             AND d.launch_designator < s.launch_designator), '')) AS earliest_utc,
                     min(s.year || '-12-31T23:59:59Z', s.known_by, coalesce((
                         SELECT min(end_utc) FROM dated d WHERE d.year = s.year
                             AND d.launch_designator > s.launch_designator), '9999')) AS latest_utc
              FROM seen s WHERE launch_date IS NULL))
    SELECT launch_designator, launch_date, launch_date || 'T00:00:00Z' AS earliest_utc,
           launch_date || 'T00:00:00Z' AS latest_utc
    FROM seen WHERE launch_date IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM without_designator WHERE launch_date BETWEEN since AND until)
    UNION ALL
    SELECT launch_designator, NULL, earliest_utc, latest_utc
    FROM undated u WHERE (
        SELECT count(*) FROM undated o WHERE o.launch_designator <= u.launch_designator
            AND o.latest_utc >= u.earliest_utc
    ) > (SELECT count(*) FROM without_designator
         WHERE since <= u.latest_utc AND until >= substr(u.earliest_utc, 1, 10))"""
"""SELECT of the launches that were seen in orbit, by their designators, and that no source lists.

They flew from `earliest_utc` to `latest_utc`: on the date of their satellites or, if it is unknown,
in the year of their designator, between the launches with lower and higher ones, and before they
were first listed. A flown launch without a designator and without a Dragon is one of these times.
"""


def newly_unlisted(date: str) -> str:
    """Return how many flights of a booster no source lists since its listed flight before, as SQL.

    It is NULL for the first one. The rows have `core_id` and `unlisted`, the number of the flight
    less its place among the listed ones: of two flights with one number, neither is missing. If the
    number of a flight is unknown, those missing up to the next one may be of before it.

    Args:
        date: the column with the date of the flight.
    """
    return f"""coalesce(unlisted, min(unlisted) OVER (PARTITION BY core_id ORDER BY {date}
                       ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING))
                   - max(unlisted) OVER (PARTITION BY core_id ORDER BY {date}
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"""


_SKIPPED_FLIGHTS = f"""
    SELECT since_utc, until_utc
    FROM (SELECT since_utc, until_utc, unlisted, {newly_unlisted("until_utc")} AS flights
          FROM (SELECT c.core_id, max(iif(c.flight IS NULL, NULL, l.date_utc)) OVER (
                           earlier ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS since_utc,
                       l.date_utc AS until_utc,
                       c.flight - row_number() OVER earlier AS unlisted
                FROM launch_cores c JOIN launches l USING (launch_id)
                WHERE NOT l.is_upcoming AND c.core_id IS NOT NULL
                WINDOW earlier AS (PARTITION BY c.core_id ORDER BY l.date_utc)))
    WHERE unlisted IS NOT NULL AND flights > 0 AND flights > (
        SELECT count(*) FROM launches l
        WHERE NOT l.is_upcoming AND l.date_utc > since_utc AND l.date_utc < until_utc
              AND NOT EXISTS (SELECT 1 FROM launch_cores c
                              WHERE c.launch_id = l.launch_id AND c.core_id IS NOT NULL))"""
"""SELECT of the times in which a booster has flown more often, by its flight numbers, than there
are launches of it and of unknown boosters: some are missing. They begin at its last flight with a
known number."""
SEEN_IN_ORBIT = "launch seen in orbit that no source lists"
SKIPPED_FLIGHT = "last flight of a booster before its number skips some"

_LAUNCH_COVERAGE = f"""
        checked AS (
            SELECT source, checked_utc FROM (
                SELECT s.source, s.checked_utc, row_number() OVER (
                           PARTITION BY s.source ORDER BY r.loaded_utc DESC, s.checked_utc DESC)
                           AS position
                FROM _snapshots s JOIN _runs r USING (run_id) WHERE s.endpoint = 'launches')
            WHERE position = 1),
        launch AS (
            SELECT l.source, l.date_utc, l.is_upcoming, c.checked_utc,
                   NOT l.is_upcoming AND l.date_utc <= c.checked_utc AS is_past,
                   l.is_upcoming AND {period_end("l")} < c.checked_utc AS is_overdue,
                   iif(l.date_precision IN ('day', 'hour', 'minute', 'second'), l.date_utc,
                       {period_end("l")}) AS due_utc
            FROM launch_sources l JOIN checked c USING (source)),
        listed AS (
            SELECT source, max(checked_utc) AS checked_utc,
                   source IN ({_sources(live=True)}) AND max(is_upcoming) AS reaches_check,
                   min(due_utc) FILTER (WHERE is_overdue) AS overdue_utc
            FROM launch GROUP BY source),
        past AS (
            SELECT source, date_utc, sum(is_first) OVER (
                       PARTITION BY source ORDER BY date_utc) AS series
            FROM (SELECT source, date_utc, coalesce(
                             julianday(date_utc) - julianday(lag(date_utc) OVER earlier)
                             > iif(date_utc < '2014', {LONGEST_EARLY_PAUSE_DAYS},
                                   {LONGEST_PAUSE_DAYS}), 1) AS is_first
                  FROM launch WHERE is_past
                  WINDOW earlier AS (PARTITION BY source ORDER BY date_utc))),
        flown AS (
            SELECT source, series, min(date_utc) AS first_utc, max(date_utc) AS newest_utc,
                   count(*) AS launches,
                   max(series) OVER (PARTITION BY source) = series AS is_last
            FROM past GROUP BY source, series),
        span AS (
            SELECT source, newest_utc, overdue_utc,
                   iif(first_utc < '{SECOND_FLIGHT}', '2006-01-01T00:00:00Z', first_utc)
                       AS from_utc,
                   iif(is_last AND reaches_check, checked_utc, newest_utc) AS end_utc
            FROM (SELECT source, series, first_utc, newest_utc, launches, is_last, checked_utc,
                         overdue_utc, reaches_check AND julianday(checked_utc)
                             - julianday(newest_utc) <= {LONGEST_PAUSE_DAYS} AS reaches_check
                  FROM flown JOIN listed USING (source))
            WHERE NOT (is_last AND series > 1 AND launches = 1 AND NOT reaches_check)),
        missing AS MATERIALIZED (
            SELECT earliest_utc AS missing_utc, latest_utc AS until_utc,
                   '{SEEN_IN_ORBIT}' AS ends_at FROM ({UNRECORDED_LAUNCHES})
            UNION ALL SELECT since_utc, until_utc, '{SKIPPED_FLIGHT}' FROM ({_SKIPPED_FLIGHTS})),
        claimed AS (
            SELECT min(from_utc) AS from_utc, max(end_utc) AS end_utc
            FROM (SELECT from_utc, end_utc, sum(is_first) OVER (ORDER BY from_utc) AS position
                  FROM (SELECT from_utc, end_utc, coalesce(from_utc > max(end_utc) OVER (
                                   ORDER BY from_utc
                                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 1) AS is_first
                        FROM span))
            GROUP BY position),
        denied AS MATERIALIZED (
            SELECT missing_utc, until_utc, ends_at
            FROM missing JOIN claimed ON missing_utc >= from_utc AND until_utc <= end_utc),
        ended AS (
            SELECT source, newest_utc, overdue_utc, end_utc,
                   max(from_utc, coalesce((SELECT max(until_utc) FROM denied
                                           WHERE missing_utc < from_utc), '')) AS from_utc,
                   (SELECT min(missing_utc) FROM denied
                    WHERE missing_utc BETWEEN from_utc AND end_utc) AS missing_utc
            FROM span),
        launch_coverage AS (
            SELECT source, from_utc, newest_utc, overdue_utc, missing_utc, NULL AS landing_utc,
                   min(end_utc, coalesce(overdue_utc, end_utc), coalesce(missing_utc, end_utc))
                       AS to_utc
            FROM ended),
        landing_coverage AS (
            SELECT c.source, from_utc, newest_utc, overdue_utc, missing_utc, n.landing_utc,
                   min(to_utc, coalesce(n.landing_utc, to_utc)) AS to_utc
            FROM launch_coverage c LEFT JOIN (
                SELECT s.source, max(s.date_utc) AS landing_utc
                FROM launch_sources s JOIN launch_cores f USING (launch_id)
                WHERE f.landing_attempt IS NOT NULL AND s.source IN ({_sources(live=False)})
                GROUP BY s.source) n USING (source))"""

_LAUNCHES = """
            SELECT source, '{subject}' AS subject, from_utc, to_utc, newest_utc,
                   CASE to_utc WHEN overdue_utc THEN 'earliest overdue launch'
                               WHEN missing_utc THEN (
                                   SELECT min(ends_at) FROM denied
                                   WHERE denied.missing_utc = to_utc)
                               WHEN newest_utc THEN 'newest launch'
                               WHEN landing_utc THEN 'newest landing'
                               ELSE 'last check' END AS ends_at
            FROM {coverage} WHERE from_utc <= to_utc"""


_DATA_UTC = "min(data_utc, observed_utc)"
"""SQL: the date of the data of a GP list; epochs of after its response are predictions."""


def _series(subject: str, at_utc: str, ends_at: str, days_late: int = 0) -> str:
    """Return the periods of GP lists without long gaps, to some days before their end, as SQL."""
    end = f"strftime('%Y-%m-%dT%H:%M:%SZ', max(at_utc), '-{days_late} days')"
    to_utc = end if days_late else "max(at_utc)"
    return f"""
            SELECT source, '{subject}', min(at_utc), {to_utc}, max(data_utc), '{ends_at}'
            FROM (SELECT source, at_utc, data_utc,
                         sum(is_first) OVER (PARTITION BY source ORDER BY at_utc) AS series
                  FROM (SELECT source, at_utc, data_utc, coalesce(julianday(at_utc) - julianday(
                                   lag(at_utc) OVER (PARTITION BY source ORDER BY at_utc))
                                   > {LONGEST_GAP_DAYS}, 1) AS is_first
                        FROM (SELECT source, {_DATA_UTC} AS data_utc, {at_utc} AS at_utc
                              FROM _observations WHERE observed_utc <= coalesce(
                                  (SELECT max(checked_utc) FROM _snapshots), observed_utc))))
            GROUP BY source, series HAVING min(at_utc) <= {to_utc}"""


_ENDS = {each.name: each.complete_until for each in SOURCES.values() if each.complete_until}


def is_complete(date: str) -> str:
    """Return whether a source has every satellite of the launches of a date, as SQL."""
    ends = (f" AND (source <> '{name}' OR {date} <= '{end}')" for name, end in _ENDS.items())
    return f"TRUE{''.join(ends)}"


def _objects(subject: str, date: str, ends_at: str, condition: str) -> str:
    """Return the periods from the first launch of a catalogue to its newest date, as SQL."""
    newest = f"min({date}) FILTER (WHERE position <= 2) || 'T00:00:00Z'"
    return f"""
            SELECT source, '{subject}', min(begin_date) || 'T00:00:00Z', {newest}, {newest},
                   '{ends_at}'
            FROM (SELECT source, {date}, coalesce(launch_date, {date}) AS begin_date,
                         row_number() OVER (PARTITION BY source ORDER BY {date} DESC) AS position
                  FROM catalogue_objects
                  WHERE is_starlink AND {date} <= substr(observed_utc, 1, 10) AND {condition})
            GROUP BY source"""


_PARTS_OF_CATALOGUES = f"""
        part AS MATERIALIZED (
                   SELECT o.source FROM (
                       SELECT source, count(DISTINCT norad_cat_id) AS satellites,
                              count(DISTINCT launch_designator) AS launches,
                              sum(is_decayed) AS decayed, max(launch_date) AS newest_launch,
                              max(norad_cat_id) AS highest, date(max(decay_date) FILTER (
                                  WHERE decay_date <= substr(observed_utc, 1, 10)),
                                  '-{CATALOGUED_WITHIN_DAYS} days') AS launched_by
                       FROM catalogue_objects WHERE is_starlink GROUP BY source) o
                   WHERE o.satellites < {1 - LARGEST_LACK} * (
                       SELECT count(*) FROM starlink s
                       WHERE s.norad_cat_id <= o.highest OR s.launch_date <= o.launched_by)
                   OR (SELECT count(*) FROM (
                           SELECT launch_designator FROM starlink s
                           WHERE coalesce(s.launch_date, substr(s.first_listed_utc, 1, 10))
                                 <= o.launched_by AND launch_designator NOT NULL
                           GROUP BY launch_designator HAVING count(*) > {FEWEST_OF_A_LAUNCH}
                           EXCEPT SELECT c.launch_designator FROM catalogue_objects c
                                  WHERE c.source = o.source AND c.is_starlink)) > 1
                   OR o.launches < {1 - LARGEST_LACK} * (
                       SELECT count(*) FROM launches l
                       WHERE l.name LIKE '%starlink%' AND l.launch_class = 'orbital'
                         AND NOT l.is_upcoming AND l.success IS NOT FALSE
                         AND substr(l.date_utc, 1, 10) <= o.newest_launch)
                   OR o.decayed < {FEWEST_DECAYED} * (
                       SELECT count(*) FROM catalogue_objects c
                       WHERE c.source = o.source AND c.is_starlink
                         AND c.launch_date <= date(o.newest_launch, '-{OLD_YEARS} years'))
                   UNION
                   SELECT source FROM (
                       SELECT source, julianday(launch_date) - julianday(lag(launch_date) OVER (
                                  PARTITION BY source ORDER BY launch_date)) AS pause_days
                       FROM catalogue_objects WHERE is_starlink AND launch_date NOT NULL
                       GROUP BY source, launch_date HAVING count(*) > {FEWEST_OF_A_LAUNCH})
                   WHERE pause_days > {LONGEST_PAUSE_DAYS})"""
"""The table `part` of the catalogues and archives that lack many of their satellites."""


_IS_ARCHIVED = f"source IN ({_sources(live=False)})"
ARCHIVED_ELEMENTS_INDEX = f"""CREATE INDEX IF NOT EXISTS archived_elements_index
    ON starlink_elements (source, norad_cat_id, epoch_utc) WHERE {_IS_ARCHIVED}"""
"""An index of the element sets of archives, which are few among those of all GP lists."""


def _elements_of_archive(source: str) -> str:
    """Return the period between the outermost epochs that 1 % of the satellites have reached."""
    skipped = "CAST(min(count(*) - 1, max(1, 0.01 * (count(*) - 1))) AS INTEGER)"
    oldest, newest = (
        f"""SELECT substr(epoch_utc, 1, 19) || 'Z' FROM {epochs} ORDER BY epoch_utc {order}
                           LIMIT 1 OFFSET (SELECT {skipped} FROM {epochs})"""
        for order, epochs in (
            ("ASC", _epochs(source, "min")),
            ("DESC", _epochs(source, "max")),
        )
    )
    return f"""
            SELECT '{source}', '{ELEMENTS}', from_utc, to_utc, to_utc, 'newest epoch'
            FROM (SELECT from_utc, min(to_utc, coalesce(
                             (SELECT max(retrieved_utc) FROM _snapshots
                              WHERE source = '{source}'), to_utc)) AS to_utc
                  FROM (SELECT ({oldest}) AS from_utc,
                               ({newest}) AS to_utc))
            WHERE from_utc <= to_utc"""


def _epochs(source: str, which: str) -> str:
    """Return the first ("min") or last ("max") epoch of each satellite of an archive, as SQL."""
    return f"""(SELECT {which}(epoch_utc) AS epoch_utc FROM starlink_elements
                            WHERE {_IS_ARCHIVED} AND source = '{source}' GROUP BY norad_cat_id)"""


_ELEMENTS_OF_ARCHIVES = " UNION ALL".join(
    _elements_of_archive(name) for name, source in SOURCES.items() if not source.is_live
)

_WEATHER = f"""
            SELECT source, '{WEATHER}', min(utc_date) || 'T00:00:00Z',
                   max(utc_date) || 'T23:59:59Z', max(utc_date) || 'T00:00:00Z',
                   'newest observed day'
            FROM (SELECT source, utc_date, julianday(utc_date) - row_number() OVER (
                             PARTITION BY source ORDER BY utc_date) AS series
                  FROM space_weather
                  WHERE kind IN ({literals(KNOWN)}) AND ap IS NOT NULL AND utc_date < substr(
                      (SELECT max(checked_utc) FROM _snapshots), 1, 10))
            GROUP BY source, series"""

_ARMS: dict[str, tuple[str, ...]] = {
    LAUNCHES: (_LAUNCHES.format(subject=LAUNCHES, coverage="launch_coverage"),),
    LANDINGS: (
        f"""{_LAUNCHES.format(subject=LANDINGS, coverage="landing_coverage")}
                  AND source IN ({_sources_of("launch_cores", "landing_success")})""",
    ),
    MASSES: (
        f"""{_LAUNCHES.format(subject=MASSES, coverage="launch_coverage")}
                  AND source IN ({_sources_of("payloads", "mass_kg")})""",
    ),
    LAUNCHED: (
        _objects(
            LAUNCHED,
            "launch_date",
            "newest launch",
            f"source IN ({literals(_WHOLE)}) AND source NOT IN part"
            f" AND {is_complete('launch_date')}",
        ),
    ),
    CATALOGUED: (
        _objects(
            CATALOGUED,
            "launch_date",
            "newest launch",
            f"norad_cat_id NOT NULL AND source NOT IN part AND {is_complete('launch_date')}",
        ),
        _series(
            CATALOGUED,
            "observed_utc",
            f"{LISTED_WITHIN_DAYS} days before the list",
            LISTED_WITHIN_DAYS,
        ),
    ),
    LISTED: (_series(LISTED, "observed_utc", "newest GP list"),),
    ELEMENTS: (_series(ELEMENTS, _DATA_UTC, "newest epoch"), _ELEMENTS_OF_ARCHIVES),
    DECAYS: (
        _objects(
            DECAYS,
            "decay_date",
            "second newest decay",
            f"source NOT IN part AND {is_complete('decay_date')}",
        ),
    ),
    SOME_DECAYS: (
        _objects(
            SOME_DECAYS,
            "decay_date",
            "second newest decay",
            f"(source IN part OR source IN ({literals(_ENDS)}))",
        ),
    ),
    WEATHER: (_WEATHER,),
}
"""Subject → the SELECTs of its periods, with the columns of `v_coverage`."""

_TABLES = {r"\b(launch|landing)_coverage\b": _LAUNCH_COVERAGE, r"\bpart\b": _PARTS_OF_CATALOGUES}
"""Pattern of names in the SELECTs of subjects → the tables that have to be defined for them."""


def coverage_of(*subjects: str) -> str:
    """Return the rows of `v_coverage` on these subjects, as a SELECT.

    SQLite parses the whole of each view for each connection, and plans the whole, whatever a
    condition selects: for a statement with `v_coverage`, it takes longer than to run it.
    """
    arms = " UNION ALL".join(arm for subject in subjects for arm in _ARMS[subject])
    needed = (tables for names, tables in _TABLES.items() if re.search(names, arms))
    coverage = f"coverage (source, subject, from_utc, to_utc, newest_utc, ends_at) AS ({arms})"
    return f"WITH {', '.join((*needed, coverage))} SELECT * FROM coverage"


COVERAGE = f"""
        -- One period that a source covers on a subject: launches, landings, payload masses,
        -- satellites launched, satellites catalogued, satellites listed, elements, decays, decays
        -- of some satellites or space weather; the date of its newest data, and what it ends at.
        -- Only inside it does the source tell that something did not happen
        {coverage_of(*_ARMS)}"""

SUPERSEDED = f"""
    {period_end("l")} < (SELECT coalesce(max(date_utc), '') FROM launch_sources
                         WHERE NOT is_upcoming AND source NOT IN ({_sources(live=False)}))
    AND l.launch_id IN (
        SELECT p.launch_id FROM launch_sources p JOIN ({coverage_of(LAUNCHES)}) c
            ON c.source <> p.source
               AND p.date_utc >= c.from_utc AND {period_end("p")} <= c.to_utc
        WHERE p.is_upcoming AND p.source IN ({_sources(live=False)}))"""
"""The upcoming launch `l` is that of an archive, and another source, which covers its date, has no
such launch. The first condition saves the time of the coverage."""
