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
               l.source, l.webcast_url, l.article_url, l.wikipedia_url
        FROM launches l LEFT JOIN rockets r USING (rocket_id)
             LEFT JOIN launchpads p USING (launchpad_id)""",
    "v_launches_by_year": """
        -- Launches of one year by outcome; planned ones never flew as far as the source knows
        SELECT year, outcome, count(*) AS launches
        FROM v_launches GROUP BY year, outcome""",
    "v_landings": """
        -- One booster's flight on a launch that took place, with its landing
        SELECT l.launch_id, l.name AS launch, l.date_utc,
               CAST(substr(l.date_utc, 1, 4) AS INTEGER) AS year, r.name AS rocket,
               c.core_index, c.core_id, k.serial, c.flight, c.is_reused, c.landing_attempt,
               c.landing_success, c.landing_type, d.name AS landpad
        FROM launch_cores c JOIN launches l USING (launch_id)
             LEFT JOIN rockets r USING (rocket_id) LEFT JOIN cores k USING (core_id)
             LEFT JOIN landpads d USING (landpad_id)
        WHERE NOT l.is_upcoming""",
    "v_landings_by_year": """
        -- Landings tried and made in one year, by type
        SELECT year, landing_type, count(*) AS attempts, sum(landing_success) AS landings
        FROM v_landings WHERE landing_attempt GROUP BY year, landing_type""",
    "v_starlink": """
        -- One satellite with the elements of its newest epoch and the name of its launch
        SELECT s.norad_cat_id, s.object_name, s.object_id, s.version, s.launch_id,
               l.name AS launch, s.launch_date,
               CASE WHEN s.is_decayed THEN 'decayed' ELSE 'in orbit' END AS status,
               s.decay_date, s.epoch_utc, e.inclination_deg, e.raan_deg, e.eccentricity,
               e.arg_of_pericenter_deg, e.mean_anomaly_deg, e.mean_motion_rev_per_day, e.bstar,
               e.semi_major_axis_km, e.perigee_altitude_km, e.apogee_altitude_km,
               (e.perigee_altitude_km + e.apogee_altitude_km) / 2 AS mean_altitude_km,
               e.period_min, s.latitude_deg, s.longitude_deg, s.height_km, s.velocity_km_s,
               s.source
        FROM starlink s
             LEFT JOIN starlink_elements e USING (norad_cat_id, epoch_utc, source)
             LEFT JOIN launches l USING (launch_id)""",
    "v_fleet_by_status": """
        -- Satellites by version and status
        SELECT version, status, count(*) AS satellites FROM v_starlink GROUP BY version, status""",
    "v_fleet_by_shell": """
        -- Satellites in orbit by inclination, to half a degree, and mean altitude, to 10 km
        SELECT round(inclination_deg * 2) / 2 AS inclination_deg,
               round(mean_altitude_km / 10) * 10 AS mean_altitude_km, count(*) AS satellites
        FROM v_starlink WHERE status = 'in orbit' GROUP BY 1, 2""",
    "v_fleet_by_batch": """
        -- One launch's satellites: catalogued, decayed, still in orbit
        SELECT launch_date, launch_id, launch, count(*) AS catalogued,
               sum(status = 'decayed') AS decayed, sum(status = 'in orbit') AS in_orbit
        FROM v_starlink GROUP BY launch_date, launch_id, launch""",
    "v_fleet_growth": """
        -- Satellites launched, decayed and in orbit after each day on which the number changed
        WITH change (day, launched, decayed) AS (
            SELECT launch_date, 1, 0 FROM starlink
            UNION ALL SELECT decay_date, 0, 1 FROM starlink WHERE decay_date IS NOT NULL),
        daily AS (SELECT day, sum(launched) AS launched, sum(decayed) AS decayed
                  FROM change GROUP BY day)
        SELECT day, sum(launched) OVER (ORDER BY day) AS launched,
               sum(decayed) OVER (ORDER BY day) AS decayed,
               sum(launched - decayed) OVER (ORDER BY day) AS in_orbit
        FROM daily""",
}
"""Name → SELECT; the first comment says what a row is."""


def apply_views(connection: sqlite3.Connection) -> None:
    """Make each view as declared here, whatever stood in its place."""
    for name, select in VIEWS.items():
        connection.execute(f"DROP VIEW IF EXISTS {name}")
        connection.execute(f"CREATE VIEW {name} AS {select.strip()}")


def describe(name: str) -> str:
    """What a row of a view is."""
    return VIEWS[name].strip().splitlines()[0].removeprefix("-- ")
