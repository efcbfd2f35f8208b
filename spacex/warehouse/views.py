"""The views of the database: joins and aggregates of general interest."""

import re
import sqlite3

from spacex.schema import TABLES
from spacex.schema.ddl import literals
from spacex.warehouse.authorities import CATALOGUES_SQL, VAGUE
from spacex.warehouse.catalogue_agreement import LATE_DAYS, SATELLITE_CONTRADICTIONS
from spacex.warehouse.coverage import (
    COVERAGE,
    DECAYS,
    EARLY_DAYS,
    ELEMENTS,
    LAUNCHED,
    LISTED,
    LONGEST_GAP_DAYS,
    SUPERSEDED,
    coverage_of,
)
from spacex.warehouse.decay_days import first_day, is_exact, last_day
from spacex.warehouse.launch_agreement import LAUNCH_CONTRADICTIONS
from spacex.warehouse.launch_dates import DATE_TEXT, OVERDUE, period_begin, period_end
from spacex.warehouse.renumbering import OTHER_NUMBERS
from spacex.warehouse.simulated_launches import simulated_launch

LOW_KM = 250
"""Mean altitude from which drag alone brings a satellite down within days, km."""
LOWERING_KM_PER_DAY = 10
"""Fastest lowering under thrust, as over a week in the GP lists of May 2025, km/d."""

_KNOWN_BY = """min(coalesce(substr(s.launch_designator, 1, 4) || '-12-31', '9999'),
                   substr(coalesce(s.first_listed_utc, s.epoch_utc, s.decay_date,
                                   (SELECT max(retrieved_utc) FROM _snapshots)), 1, 10))"""
"""SQL: the day by which a satellite without a launch date had been launched."""

_UNLISTED = "substr(s.unlisted_since_utc, 1, 10)"
_CATALOGUED_AS_DECAYED = """(SELECT min(substr(o.observed_utc, 1, 10)) FROM catalogue_objects o
                             WHERE s.is_decayed AND o.norad_cat_id = s.norad_cat_id
                                   AND o.is_decayed)"""
_LOST_BY = f"""
    CASE WHEN {is_exact("s")} THEN s.decay_date
         ELSE nullif(min(coalesce({last_day("s")}, '9999'), coalesce({_UNLISTED}, '9999'),
                         coalesce({_CATALOGUED_AS_DECAYED}, '9999')), '9999') END"""
"""SQL: the day of the loss of a satellite, or the last day on which it can have been lost."""

_IN_ORBIT_BY_CATALOGUE = f"""
                   (SELECT max(o.observed_utc) FROM catalogue_objects o
                    WHERE o.norad_cat_id = s.norad_cat_id AND o.source IN ({CATALOGUES_SQL})
                      AND NOT o.is_decayed AND o.decay_date IS NULL AND NOT s.is_decayed
                      AND julianday(o.observed_utc)
                          - julianday(s.unlisted_since_utc) > {LATE_DAYS})"""
"""SQL: the newest catalogue that has an unlisted satellite in orbit, and is not merely late."""

VIEWS: dict[str, str] = {
    "v_launches": f"""
        -- One launch with its rocket, site, year, class, outcome and total payload mass. date_text
        -- is the date to its precision: Q3 2026, or NET 2026 for a planned launch with only a year.
        -- A planned launch is overdue if its date had passed when its source was last checked, or
        -- when an archive was last loaded or is as of, and superseded if that source is an archive
        -- and another one, which covers the date, does not have it: what became of it is not known.
        -- payload_mass_kg is the known mass in the launch's own list of payloads
        SELECT l.launch_id, l.flight_number, l.name, l.date_utc, l.date_precision,
               CASE WHEN l.is_upcoming AND (l.is_net OR l.date_precision IN (
                        'year', 'fiscal year', 'decade'))
                    THEN 'NET ' ELSE '' END || {DATE_TEXT} AS date_text,
               {period_begin("l")} AS date_from_utc, {period_end("l")} AS date_until_utc,
               CAST(substr(l.date_utc, 1, 4) AS INTEGER) AS year,
               r.name AS rocket, p.name AS launchpad, p.region, l.launch_class,
               CASE WHEN {OVERDUE} THEN iif({SUPERSEDED.strip()}, 'superseded', 'overdue')
                    WHEN l.is_upcoming THEN 'planned'
                    WHEN l.success IS NULL THEN 'unknown'
                    WHEN l.success THEN 'success' ELSE 'failure' END AS outcome,
               NOT l.is_upcoming AS is_flown,
               m.payload_mass_kg, coalesce(m.payloads_of_unknown_mass, 0)
                   AS payloads_of_unknown_mass,
               l.source, l.date_source, l.status, l.orbit_code, l.launch_designator, l.webcast_url,
               l.article_url, l.wikipedia_url
        FROM launches l LEFT JOIN rockets r USING (rocket_id)
             LEFT JOIN launchpads p USING (launchpad_id)
             LEFT JOIN (SELECT i.launch_id, sum(mass_kg) AS payload_mass_kg,
                               sum(mass_kg IS NULL) AS payloads_of_unknown_mass
                        FROM launch_payloads i LEFT JOIN payloads USING (payload_id)
                        GROUP BY i.launch_id) m USING (launch_id)""",
    "v_launches_by_year": """
        -- Launches per year, class and outcome: success, failure, unknown, planned, overdue or
        -- superseded
        SELECT year, outcome, count(*) AS launches, launch_class
        FROM v_launches GROUP BY year, outcome, launch_class""",
    "v_upcoming": """
        -- One planned launch of a live source, from yesterday onwards
        SELECT launch_id, name, date_text, date_utc, date_precision, date_until_utc, status, rocket,
               launchpad, orbit_code, launch_class, source
        FROM v_launches WHERE outcome = 'planned' AND status IS NOT NULL
             AND date_until_utc >= strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-1 day')
        ORDER BY date_until_utc, name""",
    "v_landings": """
        -- One flight of a booster on a past launch, with its landing: landed, missed, expended,
        -- lost (with the launch) or unknown. landing_attempt is whether it came to land. A failed
        -- launch tells nothing of a booster that flew again, or whose landing no source knows
        SELECT launch_id, launch, date_utc, year, rocket, core_index, core_id, serial, flight,
               is_reused, CASE landing WHEN 'unknown' THEN NULL ELSE landing IN ('landed', 'missed')
                   END AS landing_attempt,
               landing_success, landing_type, landpad, turnaround_days, source, landing
        FROM (SELECT l.launch_id, l.name AS launch, l.date_utc,
                     CAST(substr(l.date_utc, 1, 4) AS INTEGER) AS year, r.name AS rocket,
                     c.core_index, c.core_id, k.serial, c.flight, c.is_reused, c.landing_success,
                     c.landing_type, d.name AS landpad, c.turnaround_days, l.source,
                     CASE WHEN l.launch_class = 'pad loss' THEN 'lost'
                          WHEN c.landing_attempt AND c.landing_success THEN 'landed'
                          WHEN c.landing_attempt AND NOT c.landing_success THEN 'missed'
                          WHEN NOT l.success AND (c.landing_attempt IS NULL OR l.date_utc < max(
                              l.date_utc) OVER (PARTITION BY coalesce(c.core_id, l.launch_id)))
                              THEN 'unknown'
                          WHEN NOT l.success THEN 'lost'
                          WHEN NOT c.landing_attempt THEN 'expended'
                          ELSE 'unknown' END AS landing
              FROM launch_cores c JOIN launches l USING (launch_id)
                   LEFT JOIN rockets r USING (rocket_id) LEFT JOIN cores k USING (core_id)
                   LEFT JOIN landpads d USING (landpad_id)
              WHERE NOT l.is_upcoming)""",
    "v_landings_by_year": """
        -- Landing attempts and landings per year and landing type
        SELECT year, landing_type, count(*) AS attempts, sum(landing_success) AS landings
        FROM v_landings WHERE landing_attempt GROUP BY year, landing_type""",
    "v_boosters": """
        -- One booster with its flights on past launches and their landings. flights is the highest
        -- flight number if the sources have fewer flights of it, recorded_flights; the landings are
        -- those of recorded flights. Both counts of landings are NULL if it is not known of any
        -- flight whether the booster landed
        SELECT k.core_id, k.serial, k.block, k.status,
               max(count(f.launch_id), coalesce(max(f.flight), 0)) AS flights,
               count(f.launch_id) AS recorded_flights,
               sum(f.landing_attempt) AS landing_attempts,
               sum(f.landing_attempt AND f.landing_success) AS landings,
               min(f.date_utc) AS first_flight_utc, max(f.date_utc) AS last_flight_utc
        FROM cores k LEFT JOIN v_landings f USING (core_id) GROUP BY k.core_id""",
    "v_starlink": f"""
        -- One satellite with its newest element set, its launch and its catalogue status: in orbit,
        -- decayed (by a catalogue or archive), or unlisted (no longer in the GP lists). It counts
        -- in the fleet from from_date, its launch date, until until_date, its decay date or, if it
        -- is unlisted or its decay has no date, the date of the first GP list without it, or of the
        -- catalogue that has it as decayed; a date before the launch counts as its day. If the day
        -- of the loss is unknown, it lies after last_known_date, the last day on which the
        -- satellite is known to be in orbit: when it was last listed, of its newest elements, or of
        -- its launch. unsure_date marks losses of which these two days are more than
        -- {LONGEST_GAP_DAYS} days apart. If the launch date is unknown, from_date is estimated from
        -- the number of the launch in its year: launches that were known by the same day, that of
        -- the first GP list with them (or their decay or the newest snapshot) or the last one of
        -- the year, are evenly spaced up to it.
        -- An unlisted satellite is presumed decayed if it had the time to re-enter: its last mean
        -- altitude was at most {LOW_KM} km above what {LOWERING_KM_PER_DAY} km a day take away
        -- until the first GP list without it. It is not if in_orbit_by_catalogue_utc is known: then
        -- a catalogue of more than {LATE_DAYS} days after that list has it in orbit
        WITH undated AS (
            SELECT year, known_by, max(number) AS last_number
            FROM (SELECT substr(launch_designator, 1, 4) AS year, {_KNOWN_BY} AS known_by,
                         substr(launch_designator, 6, 3) AS number
                  FROM starlink s WHERE launch_date IS NULL AND launch_designator IS NOT NULL)
            GROUP BY year, known_by)
        SELECT s.norad_cat_id, s.object_name, s.object_id, s.version, s.launch_id,
               coalesce(l.name, {simulated_launch("s.launch_designator")}) AS launch,
               s.launch_date,
               s.launch_designator,
               CASE WHEN s.is_decayed THEN 'decayed'
                    WHEN s.unlisted_since_utc IS NOT NULL THEN 'unlisted'
                    ELSE 'in orbit' END AS catalogue_status,
               s.orbit_status, s.shell, s.first_listed_utc, s.last_listed_utc,
               s.unlisted_since_utc,
               s.decay_date, s.from_date, s.known_by_date,
               CASE WHEN NOT s.is_dated THEN max(s.from_date, min(s.until_date, s.known_date)) END
                   AS last_known_date,
               s.until_date,
               NOT s.is_dated AND julianday(s.until_date) - julianday(
                   max(s.from_date, s.known_date)) > {LONGEST_GAP_DAYS} AS unsure_date,
               s.epoch_utc, e.inclination_deg, e.raan_deg, e.eccentricity,
               e.arg_of_pericenter_deg, e.mean_anomaly_deg, e.mean_motion_rev_per_day, e.bstar,
               e.mean_motion_dot, e.mean_motion_ddot, e.semi_major_axis_km,
               e.perigee_altitude_km, e.apogee_altitude_km,
               (e.perigee_altitude_km + e.apogee_altitude_km) / 2 AS mean_altitude_km,
               e.period_min, s.source, s.launch_date_source, s.decay_precision,
               s.decay_is_uncertain, s.decay_date_source, s.fate, s.version_source,
               s.is_direct_to_cell, s.bus, s.mass_kg, s.group_name, s.is_listed,
               s.in_orbit_by_catalogue_utc,
               NOT s.is_decayed AND s.unlisted_since_utc IS NOT NULL
                   AND s.in_orbit_by_catalogue_utc IS NULL
                   AND coalesce((e.perigee_altitude_km + e.apogee_altitude_km) / 2 <= {LOW_KM}
                       + {LOWERING_KM_PER_DAY} * (julianday(s.unlisted_since_utc)
                                                  - julianday(s.epoch_utc)), 0)
                   AS is_presumed_decayed
        FROM (SELECT s.*, coalesce(s.launch_date, {_KNOWN_BY}) AS known_by_date,
                     {_IN_ORBIT_BY_CATALOGUE.strip()} AS in_orbit_by_catalogue_utc,
                     coalesce(s.launch_date,
                         date(n.year || '-01-01', CAST(
                             (julianday(n.known_by) - julianday(n.year || '-01-01'))
                             * substr(s.launch_designator, 6, 3) / n.last_number AS INTEGER)
                             || ' days'),
                         {_KNOWN_BY}) AS from_date,
                     max({_LOST_BY.strip()}, coalesce(s.launch_date, ''),
                         iif({is_exact("s")}, '', coalesce(substr(s.last_listed_utc, 1, 10), '')))
                         AS until_date,
                     {_LOST_BY.strip()} IS NULL OR {is_exact("s")} AS is_dated,
                     max(coalesce(substr(s.last_listed_utc, 1, 10), ''),
                         coalesce(substr(s.epoch_utc, 1, 10), ''),
                         coalesce(date({first_day("s")}, '-1 day'), '')) AS known_date
              FROM starlink s
                   LEFT JOIN undated n ON s.launch_date IS NULL AND n.known_by = {_KNOWN_BY}
                        AND n.year = substr(s.launch_designator, 1, 4)) s
             LEFT JOIN starlink_elements e USING (norad_cat_id, epoch_utc, source)
             LEFT JOIN launches l USING (launch_id)""",
    "v_never_catalogued": f"""
        -- One satellite that was launched and never got a catalogue number, as GCAT has it (or the
        -- sample, which has it from there); v_starlink does not. Its days are as in v_starlink: it
        -- is lost on until_date, or after last_known_date if the day of its loss is not known. A
        -- decay without a date is of before the date of the catalogue
        SELECT *, is_decayed AND last_known_date NOT NULL AND julianday(until_date)
                      - julianday(last_known_date) > {LONGEST_GAP_DAYS} AS unsure_date
        FROM (SELECT launch_designator, launch_date, decay_date, decay_precision,
                     decay_is_uncertain, is_decayed, from_date,
                     CASE WHEN is_decayed AND NOT is_dated THEN max(from_date, min(until_date,
                              coalesce(date(first_day, '-1 day'), ''))) END AS last_known_date,
                     until_date, catalogue_id, source
              FROM (SELECT *, max(from_date, iif(is_dated, decay_date, min(
                                  coalesce(last_day, '9999'), substr(observed_utc, 1, 10))))
                                  AS until_date
                    FROM (SELECT *, coalesce(launch_date, (
                                     SELECT max(s.launch_date) FROM starlink s
                                     WHERE s.launch_designator = n.launch_designator),
                                     first_launch_date) AS from_date,
                                 {is_exact("n")} AS is_dated,
                                 {first_day("n")} AS first_day, {last_day("n")} AS last_day
                          FROM (SELECT launch_designator, launch_date AS first_launch_date,
                                       iif(launch_precision IN ({literals(VAGUE)}), NULL,
                                           launch_date) AS launch_date,
                                       iif(is_decayed, decay_date, NULL) AS decay_date,
                                       decay_precision, decay_is_uncertain, is_decayed,
                                       iif(is_decayed, observed_utc, NULL) AS observed_utc,
                                       catalogue_id, source
                                FROM catalogue_objects
                                WHERE source IN ('gcat', 'sample') AND is_starlink
                                      AND norad_cat_id IS NULL) n)))""",
    "v_fleet_by_status": """
        -- Satellites per version and catalogue status
        SELECT version, catalogue_status, count(*) AS satellites
        FROM v_starlink GROUP BY version, catalogue_status""",
    "v_fleet_by_shell": """
        -- Satellites in orbit per inclination (rounded to 0.5 deg) and mean altitude (to 10 km)
        SELECT round(inclination_deg * 2) / 2 AS inclination_deg,
               round(mean_altitude_km / 10) * 10 AS mean_altitude_km, count(*) AS satellites
        FROM v_starlink WHERE catalogue_status = 'in orbit' GROUP BY 1, 2""",
    "v_fleet_by_launch": f"""
        -- Satellites of one launch: launched = catalogued + never_catalogued, and catalogued =
        -- decayed + unlisted + in_orbit, of the satellites that the loaded sources have. Satellites
        -- that never got a catalogue number are known from GCAT (or the sample, which has them from
        -- there); launched and never_catalogued are NULL for launches that it does not cover.
        -- launch_date is that of the most satellites.
        -- Without a known one, decayed is NULL unless a source covers the decays from the launch to
        -- within {EARLY_DAYS} days of the newest GP list. unlisted is NULL unless a source that
        -- covers the decays has the launch, or a GP list of at most {EARLY_DAYS} days after it, and
        -- a newer list tells which ones are gone: a later first list has survivors only
        WITH satellite AS (
            SELECT launch_designator, launch_date, launch_id, launch, catalogue_status,
                   first_listed_utc, from_date
            FROM v_starlink
            UNION ALL
            SELECT launch_designator, launch_date, NULL, NULL, 'never catalogued', NULL, NULL
            FROM v_never_catalogued),
        counted AS (
            SELECT *, count(launch_date) OVER (
                          PARTITION BY coalesce(launch_designator, launch_id, launch_date),
                                       launch_date) AS satellites_of_date
            FROM satellite),
        launch AS (
            SELECT substr(max(printf('%06d', satellites_of_date) || launch_date), 7)
                       AS launch_date, max(launch_id) AS launch_id,
                   max(launch) AS launch, sum(catalogue_status <> 'never catalogued') AS catalogued,
                   sum(catalogue_status = 'never catalogued') AS never_catalogued,
                   sum(catalogue_status = 'decayed') AS decayed,
                   sum(catalogue_status = 'unlisted') AS unlisted,
                   sum(catalogue_status = 'in orbit') AS in_orbit, launch_designator,
                   min(first_listed_utc) AS first_listed_utc, min(from_date) AS from_date
            FROM counted GROUP BY coalesce(launch_designator, launch_id, launch_date)),
        covered AS MATERIALIZED (
            SELECT subject, substr(min(from_utc), 1, 10) AS since,
                   substr(max(to_utc), 1, 10) AS until
            FROM ({coverage_of(LAUNCHED, DECAYS)}) GROUP BY subject),
        judged AS (
            SELECT launch.*,
                   EXISTS (SELECT 1 FROM covered WHERE subject = '{LAUNCHED}'
                           AND launch_date BETWEEN since AND until) AS is_covered,
                   EXISTS (SELECT 1 FROM covered WHERE subject = '{DECAYS}'
                           AND launch_date BETWEEN since AND until) AS has_decays,
                   (SELECT max(until) FROM covered WHERE subject = '{DECAYS}') AS decays_until,
                   (SELECT max(last_listed_utc) FROM starlink) AS newest_list_utc
            FROM launch)
        SELECT launch_date, launch_id, launch,
               CASE WHEN is_covered THEN catalogued + never_catalogued END AS launched, catalogued,
               CASE WHEN is_covered THEN never_catalogued END AS never_catalogued,
               CASE WHEN decayed OR has_decays AND coalesce(
                         julianday(newest_list_utc) - julianday(decays_until) <= {EARLY_DAYS}, 1)
                    THEN decayed END AS decayed,
               CASE WHEN unlisted OR has_decays AND newest_list_utc NOT NULL
                         OR first_listed_utc < newest_list_utc
                            AND julianday(first_listed_utc) - julianday(from_date) <= {EARLY_DAYS}
                    THEN unlisted END AS unlisted,
               in_orbit, launch_designator
        FROM judged""",
    "v_fleet_growth": f"""
        -- Catalogued satellites launched, decayed, unlisted and in orbit at the end of each day on
        -- which one of these changes, or becomes known or unknown; by from_date and until_date of
        -- v_starlink. at_least is how many are proven to be in orbit, NULL from
        -- {LONGEST_GAP_DAYS} days after what the sources cover. in_orbit is NULL on days that no
        -- source covers, and while a satellite may be lost already, or not yet be launched: from
        -- its last_known_date to its until_date, or its from_date to its known_by_date, if these
        -- are more than {LONGEST_GAP_DAYS} days apart. After the coverage of satellites catalogued,
        -- which GP lists have days late, launched and in_orbit are the fewest
        WITH satellite AS (
            SELECT from_date, until_date, catalogue_status,
                   iif(julianday(known_by_date) - julianday(from_date) > {LONGEST_GAP_DAYS},
                       known_by_date, from_date) AS proven_from,
                   iif(unsure_date, date(last_known_date, '+1 day'), until_date) AS proven_until
            FROM v_starlink),
        covered AS MATERIALIZED (
            SELECT substr(from_utc, 1, 10) AS since, date(to_utc, '+1 day') AS until
            FROM ({coverage_of(LISTED, ELEMENTS, DECAYS)})),
        change (day, launched, decayed, unlisted, proven, sources) AS (
            SELECT from_date, 1, 0, 0, 0, 0 FROM satellite
            UNION ALL
            SELECT until_date, 0, catalogue_status = 'decayed', catalogue_status <> 'decayed', 0, 0
            FROM satellite
            UNION ALL
            SELECT proven_from, 0, 0, 0, 1, 0 FROM satellite
            UNION ALL
            SELECT max(proven_from, proven_until), 0, 0, 0, -1, 0 FROM satellite
            UNION ALL
            SELECT since, 0, 0, 0, 0, 1 FROM covered
            UNION ALL
            SELECT until, 0, 0, 0, 0, -1 FROM covered),
        daily AS (SELECT day, sum(launched) AS launched, sum(decayed) AS decayed,
                         sum(unlisted) AS unlisted, sum(proven) AS proven, sum(sources) AS sources,
                         max(sources = 0) AS has_change
                  FROM change WHERE day IS NOT NULL GROUP BY day),
        total AS (SELECT day, sum(launched) OVER day AS launched, sum(decayed) OVER day AS decayed,
                         sum(unlisted) OVER day AS unlisted, sum(proven) OVER day AS at_least,
                         sum(sources) OVER day > 0 AS is_covered, has_change
                  FROM daily WINDOW day AS (ORDER BY day))
        SELECT day, launched, decayed, unlisted,
               iif(is_covered AND launched - decayed - unlisted = at_least, at_least, NULL)
                   AS in_orbit,
               iif(day < (SELECT date(max(until), '+{LONGEST_GAP_DAYS} days') FROM covered),
                   at_least, NULL) AS at_least
        FROM (SELECT *, is_covered <> lag(is_covered, 1, 0) OVER (ORDER BY day) AS has_turned
              FROM total)
        WHERE has_change OR has_turned AND day < (SELECT max(until) FROM covered)""",
    "v_launch_contradictions": LAUNCH_CONTRADICTIONS,
    "v_satellite_contradictions": SATELLITE_CONTRADICTIONS,
    "v_coverage": COVERAGE,
    "v_observations": """
        -- One GP list, with the satellites newly listed and newly unlisted since the previous one
        SELECT o.source, o.observed_utc, o.satellite_count, o.oldest_epoch_utc, o.newest_epoch_utc,
               coalesce(sum(c.kind IN ('new satellite', 'returned')), 0) AS newly_listed,
               coalesce(sum(c.kind = 'unlisted'), 0) AS newly_unlisted,
               min(c.since_utc) AS since_utc
        FROM _observations o LEFT JOIN _changes c USING (source, observed_utc)
        GROUP BY o.source, o.observed_utc""",
    "v_launch_altitudes": f"""
        -- Satellites of one launch in one GP list: their number and mean altitudes (10th, 50th and
        -- 90th percentiles)
        SELECT a.launch_designator,
               coalesce(l.name, {simulated_launch("a.launch_designator")}) AS launch,
               l.date_utc AS launch_utc, a.observed_utc, a.satellite_count, a.operational_count,
               a.low_altitude_km, a.median_altitude_km,
               a.high_altitude_km, a.source
        FROM _launch_altitudes a LEFT JOIN launches l USING (launch_designator)""",
    "v_changes": """
        -- One change between two successive responses of a service
        SELECT observed_utc, since_utc, source, kind, name, launch_designator, column_name,
               old_value, new_value, table_name, row_key, run_id
        FROM _changes""",
    "v_other_numbers": OTHER_NUMBERS,
    "v_launch_agreement": """
        -- Flown launches per year, site and source, and how many of them another source also has
        SELECT CAST(substr(s.date_utc, 1, 4) AS INTEGER) AS year, p.name AS launchpad, s.source,
               count(*) AS launches, sum(s.launch_id IN (
                   SELECT launch_id FROM launch_sources GROUP BY 1 HAVING count(*) > 1)) AS matched
        FROM launch_sources s LEFT JOIN launchpads p USING (launchpad_id)
        WHERE NOT s.is_upcoming GROUP BY 1, 2, 3""",
    "v_sources": """
        -- One service: when its data were last retrieved and last checked
        SELECT source, max(checked_utc) AS checked_utc, max(retrieved_utc) AS retrieved_utc,
               count(DISTINCT run_id) AS runs
        FROM _snapshots GROUP BY source""",
}
"""Name → SELECT. The comment at its head describes one row."""


def apply_views(connection: sqlite3.Connection) -> None:
    """Replace every view of the database that differs from its declaration."""
    sql = "SELECT name, sql FROM main.sqlite_master WHERE type = 'view'"
    present = dict(connection.execute(sql).fetchall())
    for name, select in VIEWS.items():
        declaration = f"CREATE VIEW {name} AS {select.strip()}"
        if present.get(name) != declaration:
            connection.execute(f"DROP VIEW IF EXISTS {name}")
            connection.execute(declaration)


def tables_of(name: str) -> list[str]:
    """Return the tables that a table or view is made of, and the views in it: itself if a table.

    >>> tables_of("launches"), tables_of("v_never_catalogued")
    (['launches'], ['catalogue_objects', 'starlink'])
    """
    if name not in VIEWS:
        return [name]
    read = re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", VIEWS[name])
    known = [each for each in read if each in VIEWS or each in TABLES]
    return sorted({table for each in known for table in tables_of(each)})


def describe(name: str) -> str:
    """Return the description of a view's rows."""
    lines = (line.strip() for line in VIEWS[name].strip().splitlines())
    return " ".join(line.removeprefix("-- ") for line in lines if line.startswith("-- "))
