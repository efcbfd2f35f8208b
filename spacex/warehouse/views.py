"""The views of the database: what people ask first."""

import sqlite3

VIEWS: dict[str, str] = {
    "v_launches": """
        -- One launch with the names of its rocket and site, its year, outcome and payload mass
        SELECT l.launch_id, l.flight_number, l.name, l.date_utc, l.date_precision,
               CAST(substr(l.date_utc, 1, 4) AS INTEGER) AS year,
               r.name AS rocket, p.name AS launchpad, p.region,
               CASE WHEN l.is_upcoming THEN 'planned' WHEN l.success IS NULL THEN 'unknown'
                    WHEN l.success THEN 'success' ELSE 'failure' END AS outcome,
               (SELECT sum(mass_kg) FROM payloads WHERE launch_id = l.launch_id) AS payload_mass_kg,
               (SELECT count(*) FROM payloads WHERE launch_id = l.launch_id AND mass_kg IS NULL)
                   AS payloads_of_unknown_mass,
               l.source, l.status, l.orbit_code, l.launch_designator, l.webcast_url, l.article_url,
               l.wikipedia_url
        FROM launches l LEFT JOIN rockets r USING (rocket_id)
             LEFT JOIN launchpads p USING (launchpad_id)""",
    "v_launches_by_year": """
        -- Launches of one year by outcome; planned ones never flew as far as the source knows
        SELECT year, outcome, count(*) AS launches
        FROM v_launches GROUP BY year, outcome""",
    "v_upcoming": """
        -- One launch still to come, as a source that tells of today has it
        SELECT launch_id, name, date_utc, date_precision, status, rocket, launchpad, orbit_code,
               source
        FROM v_launches WHERE outcome = 'planned' AND status IS NOT NULL
             AND date_utc >= strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-1 day')""",
    "v_landings": """
        -- One booster's flight on a launch that took place, with its landing
        SELECT l.launch_id, l.name AS launch, l.date_utc,
               CAST(substr(l.date_utc, 1, 4) AS INTEGER) AS year, r.name AS rocket,
               c.core_index, c.core_id, k.serial, c.flight, c.is_reused, c.landing_attempt,
               c.landing_success, c.landing_type, d.name AS landpad, c.turnaround_days, l.source
        FROM launch_cores c JOIN launches l USING (launch_id)
             LEFT JOIN rockets r USING (rocket_id) LEFT JOIN cores k USING (core_id)
             LEFT JOIN landpads d USING (landpad_id)
        WHERE NOT l.is_upcoming""",
    "v_landings_by_year": """
        -- Landings tried and made in one year, by type
        SELECT year, landing_type, count(*) AS attempts, sum(landing_success) AS landings
        FROM v_landings WHERE landing_attempt GROUP BY year, landing_type""",
    "v_starlink": """
        -- One satellite with the elements of its newest epoch and the name of its launch; gone: no
        -- longer in the list of what is in orbit, presumed to have re-entered. It counts in the
        -- fleet from its launch, or where that is not known from the last day of its launch's year
        -- or the first it was listed, whichever is earlier; until its decay, or the first list
        -- that lacks it
        SELECT s.norad_cat_id, s.object_name, s.object_id, s.version, s.launch_id,
               l.name AS launch, s.launch_date,
               s.launch_designator,
               CASE WHEN s.is_decayed THEN 'decayed' WHEN s.is_listed = 0 THEN 'unlisted'
                    ELSE 'in orbit' END AS catalogue_status,
               s.orbit_status, s.shell, s.first_listed_utc, s.last_listed_utc,
               s.unlisted_since_utc,
               s.decay_date,
               coalesce(s.launch_date, min(
                   coalesce(substr(s.launch_designator, 1, 4) || '-12-31', '9999'),
                   substr(coalesce(s.first_listed_utc, s.epoch_utc), 1, 10))) AS from_date,
               CASE WHEN s.is_decayed THEN s.decay_date
                    ELSE substr(s.unlisted_since_utc, 1, 10) END AS until_date,
               s.epoch_utc, e.inclination_deg, e.raan_deg, e.eccentricity,
               e.arg_of_pericenter_deg, e.mean_anomaly_deg, e.mean_motion_rev_per_day, e.bstar,
               e.semi_major_axis_km, e.perigee_altitude_km, e.apogee_altitude_km,
               (e.perigee_altitude_km + e.apogee_altitude_km) / 2 AS mean_altitude_km,
               e.period_min, s.latitude_deg, s.longitude_deg, s.height_km, s.velocity_km_s,
               s.source
        FROM starlink s
             LEFT JOIN starlink_elements e USING (norad_cat_id, epoch_utc, source)
             LEFT JOIN launches l USING (launch_id)""",
    "v_fleet_by_status": """
        -- Satellites by version and catalogue status
        SELECT version, catalogue_status, count(*) AS satellites
        FROM v_starlink GROUP BY version, catalogue_status""",
    "v_fleet_by_shell": """
        -- Satellites in orbit by inclination, to half a degree, and mean altitude, to 10 km
        SELECT round(inclination_deg * 2) / 2 AS inclination_deg,
               round(mean_altitude_km / 10) * 10 AS mean_altitude_km, count(*) AS satellites
        FROM v_starlink WHERE catalogue_status = 'in orbit' GROUP BY 1, 2""",
    "v_fleet_by_launch": """
        -- One launch's satellites: catalogued, decayed or unlisted, still in orbit
        SELECT launch_date, launch_id, launch, count(*) AS catalogued,
               sum(catalogue_status <> 'in orbit') AS decayed,
               sum(catalogue_status = 'in orbit') AS in_orbit,
               launch_designator
        FROM v_starlink GROUP BY launch_date, launch_id, launch, launch_designator""",
    "v_fleet_growth": """
        -- Satellites launched, decayed or unlisted, and in orbit after each day on which the number
        -- changed; from_date and until_date of v_starlink
        WITH change (day, launched, decayed) AS (
            SELECT from_date, 1, 0 FROM v_starlink
            UNION ALL
            SELECT until_date, 0, 1 FROM v_starlink WHERE until_date IS NOT NULL),
        daily AS (SELECT day, sum(launched) AS launched, sum(decayed) AS decayed
                  FROM change GROUP BY day)
        SELECT day, sum(launched) OVER (ORDER BY day) AS launched,
               sum(decayed) OVER (ORDER BY day) AS decayed,
               sum(launched - decayed) OVER (ORDER BY day) AS in_orbit
        FROM daily WHERE day IS NOT NULL""",
    "v_observations": """
        -- One list of what is in orbit, with how many satellites came and went since the one before
        SELECT o.source, o.observed_utc, o.satellite_count, o.oldest_epoch_utc, o.newest_epoch_utc,
               coalesce(sum(c.kind IN ('new satellite', 'returned')), 0) AS newly_listed,
               coalesce(sum(c.kind = 'unlisted'), 0) AS newly_unlisted,
               min(c.since_utc) AS since_utc
        FROM _observations o LEFT JOIN _changes c USING (source, observed_utc)
        GROUP BY o.source, o.observed_utc""",
    "v_launch_altitudes": """
        -- The satellites of one launch in one list of what is in orbit: how many, and how high
        SELECT b.launch_designator, l.name AS launch, l.date_utc AS launch_utc, b.observed_utc,
               b.satellite_count, b.operational_count, b.low_altitude_km, b.median_altitude_km,
               b.high_altitude_km, b.source
        FROM _launch_altitudes b LEFT JOIN launches l USING (launch_designator)""",
    "v_changes": """
        -- One thing that changed from one answer of a service to its next
        SELECT observed_utc, since_utc, source, kind, name, launch_designator, column_name,
               old_value, new_value, table_name, row_key, run_id
        FROM _changes""",
    "v_launch_agreement": """
        -- Launches flown in one year from one site as one source has them, and how many of these
        -- another source has, too
        SELECT CAST(substr(s.date_utc, 1, 4) AS INTEGER) AS year, p.name AS launchpad, s.source,
               count(*) AS launches, sum(s.launch_id IN (
                   SELECT launch_id FROM launch_sources GROUP BY 1 HAVING count(*) > 1)) AS matched
        FROM launch_sources s LEFT JOIN launchpads p USING (launchpad_id)
        WHERE NOT s.is_upcoming GROUP BY 1, 2, 3""",
    "v_sources": """
        -- One service: when its data were last known to be current, and what it gave then
        SELECT source, max(checked_utc) AS checked_utc, max(retrieved_utc) AS retrieved_utc,
               count(DISTINCT run_id) AS runs
        FROM _snapshots GROUP BY source""",
}
"""Name → SELECT; the comment at its head says what a row is."""


def apply_views(connection: sqlite3.Connection) -> None:
    """Make each view as declared here, whatever stood in its place."""
    for name, select in VIEWS.items():
        connection.execute(f"DROP VIEW IF EXISTS {name}")
        connection.execute(f"CREATE VIEW {name} AS {select.strip()}")


def describe(name: str) -> str:
    """What a row of a view is."""
    lines = (line.strip() for line in VIEWS[name].strip().splitlines())
    return " ".join(line.removeprefix("-- ") for line in lines if line.startswith("-- "))
