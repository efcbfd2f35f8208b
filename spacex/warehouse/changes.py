"""Record the changes between two successive responses of a service in `_changes`.

Responses are compared only with earlier ones of the same service. A run records no changes if it
has the service's first response, no new response, or (as of an earlier date) an older response.

- `new satellite`: listed for the first time;
- `returned`: listed again after at least one GP list without it;
- `unlisted`: in the previous GP list but not in the new one;
- `renumbered`: listed by another catalogue number than before, which is neither a new satellite nor
  an unlisted one;
- `orbit status`, `shell`: listed in both, with another orbit status or shell. Two shells are the
  same if inclination and altitude agree within 0.2° and 15 km, whatever their names. If a shell is
  found in only one of the responses, satellites within 15 km of it in both stay as they are: that
  fewer or more satellites hold its altitude does not move them. A satellite without usable elements
  in one of the responses has no change of shell;
- `altitude`: what the history of its altitude made known with the list: that it was raised or
  lowered, began to climb or sink, left its shell, or keeps its altitude
  (`spacex.warehouse.altitude_changes`);
- `new launch`: a launch that no source had before;
- `withdrawn`: an upcoming launch that the service no longer has;
- `flown`: a launch that is no longer upcoming; the old value is its last planned date, with its
  precision;
- `corrected`: another value of a column that the service had already filled.

What a service reports is compared with what it reported before, so that what other sources say
makes no difference; `v_launch_contradictions` lists what they say differently. Rockets, sites and
boosters have the IDs of the merge, and are compared only between runs with the same sources of
launches.

Functions take the connection to the database being loaded, and the ID of the run.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from spacex.warehouse.altitude_changes import ALTITUDE, DAYS, LEFT, note_altitude_changes
from spacex.warehouse.fleet import Observation

SAME_SHELL_DEG, SAME_SHELL_KM = 0.2, 15.0
_REPORTED_COLUMNS = ("name", "date_utc", "date_precision", "success", "launch_designator")
_PLACE_COLUMNS = ("rocket_id", "launchpad_id")
_CORE_COLUMNS = ("core_id", "flight", "landing_attempt", "landing_success", "landing_type")


@dataclass(frozen=True)
class Comparison:
    """The instants of two successive responses of one service, the newer one staged."""

    source: str
    observed_utc: str
    since_utc: str


def record_fleet_changes(
    connection: sqlite3.Connection, observed: Observation, run_id: str
) -> None:
    """Record how the loaded fleet differs from the one saved by `save_previous_fleet`.

    Args:
        connection: the database being loaded.
        observed: the staged GP list.
        run_id: the run.
    """
    if not observed.is_newer:
        return
    _match_shells(connection)
    note_altitude_changes(connection, observed)
    comparison = Comparison(observed.source, observed.observed_utc, observed.since_utc)
    _insert_changes(connection, comparison, run_id, " UNION ALL ".join(_FLEET))


def compare_launches(connection: sqlite3.Connection, source: str) -> Comparison | None:
    """Return the published and the staged response of launches; None unless the latter is newer."""
    instants = [
        connection.execute(
            f"SELECT max(retrieved_utc) FROM {database}._snapshots "
            "WHERE source = ? AND endpoint = 'launches'",
            (source,),
        ).fetchone()[0]
        for database in ("main", "staging")
    ]
    before, now = (instant or "" for instant in instants)
    return Comparison(source, now, before) if "" < before < now else None


def record_launch_changes(
    connection: sqlite3.Connection, comparison: Comparison, run_id: str
) -> None:
    """Record how the staged launches differ from the published ones; call before loading them.

    Args:
        connection: the database being loaded.
        comparison: the two responses, as of `compare_launches`.
        run_id: the run.
    """
    parts = [_LAUNCHES, *_reported()]
    if _launch_sources(connection, "main") == _launch_sources(connection, "staging"):
        parts += _corrected("launches", "launch_id", _PLACE_COLUMNS)
        parts += _corrected("launch_cores", "launch_id, core_index", _CORE_COLUMNS)
    _insert_changes(connection, comparison, run_id, " UNION ALL ".join(parts))


def _launch_sources(connection: sqlite3.Connection, database: str) -> set[str]:
    found = connection.execute(f"SELECT DISTINCT source FROM {database}.launch_sources")
    return {source for (source,) in found}


def _insert_changes(
    connection: sqlite3.Connection, comparison: Comparison, run_id: str, changes: str
) -> None:
    """Replace the changes of a comparison by those of a SELECT, from the column `kind` on."""
    parameters = vars(comparison) | {"run_id": run_id}
    connection.execute(
        "DELETE FROM main._changes WHERE source = :source AND observed_utc = :observed_utc",
        parameters,
    )
    connection.execute(
        f"""INSERT INTO main._changes
            SELECT :source, :observed_utc, row_number() OVER (ORDER BY kind, row_key, column_name),
                   :run_id, :since_utc, kind, table_name, row_key, name, launch_designator,
                   column_name, old_value, new_value
            FROM ({changes})""",
        parameters,
    )


def _match_shells(connection: sqlite3.Connection) -> None:
    """Map the previous shell names to the current ones, in the temp table `same_shells`."""
    connection.execute("DROP TABLE IF EXISTS temp.same_shells")
    connection.execute(
        """CREATE TEMP TABLE same_shells AS
           SELECT old_shell, new_shell FROM (
               SELECT b.shell AS old_shell, s.shell AS new_shell, row_number() OVER (
                   PARTITION BY b.shell ORDER BY abs(b.altitude_km - s.altitude_km)) AS rank
               FROM shells_before b JOIN main.starlink_shells s
               WHERE abs(b.inclination_deg - s.inclination_deg) <= ?
                 AND abs(b.altitude_km - s.altitude_km) <= ?)
           WHERE rank = 1""",
        (SAME_SHELL_DEG, SAME_SHELL_KM),
    )


def _reported() -> Iterator[str]:
    """Return a SELECT of the corrected values for each column that a source reports itself."""
    for column in _REPORTED_COLUMNS:
        yield f"""
            SELECT 'corrected' AS kind, 'launches' AS table_name, now.launch_id AS row_key,
                   now.name, l.launch_designator, '{column}' AS column_name,
                   CAST(old.{column} AS TEXT) AS old_value, CAST(now.{column} AS TEXT) AS new_value
            FROM staging.launch_sources now
                 JOIN main.launch_sources old USING (source, source_launch_id)
                 JOIN staging.launches l ON l.launch_id = now.launch_id
            WHERE now.source = :source AND old.{column} IS NOT NULL
              AND now.is_upcoming = old.is_upcoming AND old.{column} IS NOT now.{column}"""


def _corrected(table: str, key: str, columns: tuple[str, ...]) -> Iterator[str]:
    """Return a SELECT of the corrected values for each column."""
    row_key = key.replace(", ", " || '/' || now.")
    for column in columns:
        yield f"""
            SELECT 'corrected' AS kind, '{table}' AS table_name, now.{row_key} AS row_key, l.name,
                   l.launch_designator, '{column}' AS column_name,
                   CAST(old.{column} AS TEXT) AS old_value, CAST(now.{column} AS TEXT) AS new_value
            FROM staging.{table} now JOIN main.{table} old USING ({key})
                 JOIN staging.launches l USING (launch_id)
                 JOIN main.launches b USING (launch_id)
            WHERE l.source = :source AND b.source = :source AND old.{column} IS NOT NULL
              AND l.is_upcoming = b.is_upcoming AND old.{column} IS NOT now.{column}"""


def _near(satellite: str, shell: str) -> str:
    """Return whether a satellite is near the altitude of a shell, as SQL."""
    return f"""(SELECT abs((e.perigee_altitude_km + e.apogee_altitude_km) / 2 - {shell}.altitude_km)
                FROM main.starlink_elements e
                WHERE e.norad_cat_id = {satellite}.norad_cat_id
                  AND e.epoch_utc = {satellite}.epoch_utc
                  AND e.source = {satellite}.source) <= {SAME_SHELL_KM}"""


_FLEET = (
    """SELECT CASE WHEN b.first_listed_utc IS NULL THEN 'new satellite' ELSE 'returned' END AS kind,
              'starlink' AS table_name, s.norad_cat_id AS row_key, s.object_name AS name,
              s.launch_designator, '' AS column_name, NULL AS old_value, s.shell AS new_value
       FROM main.starlink s LEFT JOIN fleet_before b USING (norad_cat_id)
       WHERE s.last_listed_utc = :observed_utc AND coalesce(b.is_listed, 0) = 0""",
    """SELECT 'unlisted', 'starlink', s.norad_cat_id, s.object_name, s.launch_designator, '',
              b.orbit_status, NULL
       FROM main.starlink s JOIN fleet_before b USING (norad_cat_id)
       WHERE b.is_listed AND NOT s.is_listed""",
    """SELECT 'renumbered', 'starlink', s.norad_cat_id, s.object_name, s.launch_designator,
              'norad_cat_id', r.old_norad_cat_id, r.new_norad_cat_id
       FROM main._renumberings r JOIN main.starlink s ON s.norad_cat_id = r.new_norad_cat_id
       WHERE r.source = :source AND r.observed_utc = :observed_utc""",
    """SELECT 'orbit status', 'starlink', s.norad_cat_id, s.object_name, s.launch_designator,
              'orbit_status', b.orbit_status, s.orbit_status
       FROM main.starlink s JOIN fleet_before b USING (norad_cat_id)
       WHERE b.is_listed AND s.last_listed_utc = :observed_utc
         AND b.orbit_status <> s.orbit_status""",
    """SELECT 'shell', 'starlink', s.norad_cat_id, s.object_name, s.launch_designator, 'shell',
              b.shell, s.shell
       FROM main.starlink s JOIN fleet_before b USING (norad_cat_id)
            LEFT JOIN same_shells m ON m.old_shell = b.shell
            LEFT JOIN shells_before lost ON lost.shell = b.shell AND m.new_shell IS NULL
            LEFT JOIN main.starlink_shells found ON found.shell = s.shell
                 AND found.shell NOT IN (SELECT new_shell FROM same_shells)
       WHERE b.is_listed AND s.last_listed_utc = :observed_utc
         AND b.epoch_utc IS NOT NULL AND s.epoch_utc IS NOT NULL
         AND coalesce(m.new_shell, b.shell) IS NOT s.shell
         AND NOT coalesce(s.shell IS NULL AND """
    + _near("s", "lost")
    + """, 0) AND NOT coalesce(b.shell IS NULL AND """
    + _near("b", "found")
    + ", 0)",
    f"""SELECT '{ALTITUDE}', 'starlink', s.norad_cat_id, s.object_name, s.launch_designator,
              iif(c.is_departure AND EXISTS (
                      SELECT 1 FROM main.starlink_elements e
                               JOIN (SELECT inclination_deg, altitude_km FROM main.starlink_shells
                                     UNION SELECT inclination_deg, altitude_km FROM shells_before) h
                               ON abs(e.inclination_deg - h.inclination_deg) <= {SAME_SHELL_DEG}
                                  AND abs(c.altitude_km - h.altitude_km) <= {SAME_SHELL_KM}
                      WHERE e.norad_cat_id = s.norad_cat_id AND e.epoch_utc = s.epoch_utc
                        AND e.source = s.source), '{LEFT}', c.what),
              printf('%.1f km', c.altitude_km), c.told
       FROM temp.altitude_changes c JOIN main.starlink s USING (norad_cat_id)
       WHERE NOT EXISTS (
           SELECT 1 FROM main._changes t
           WHERE t.source = :source AND t.observed_utc < :observed_utc
             AND t.observed_utc > date(:observed_utc, '-{DAYS} days')
             AND t.kind = '{ALTITUDE}' AND t.row_key = CAST(s.norad_cat_id AS TEXT)
             AND t.new_value = c.told)""",
)

_LAUNCHES = """
    SELECT 'new launch' AS kind, 'launches' AS table_name, now.launch_id AS row_key, now.name,
           l.launch_designator, '' AS column_name, NULL AS old_value, now.date_utc AS new_value
    FROM staging.launch_sources now JOIN staging.launches l USING (launch_id)
    WHERE now.source = :source AND NOT EXISTS (
        SELECT 1 FROM staging.launch_sources s
                      JOIN main.launch_sources USING (source, source_launch_id)
        WHERE s.launch_id = now.launch_id)
    UNION ALL
    SELECT 'withdrawn', 'launches', old.launch_id, old.name, b.launch_designator, '', old.date_utc,
           NULL
    FROM main.launch_sources old JOIN main.launches b USING (launch_id)
    WHERE old.source = :source AND old.is_upcoming AND old.source_launch_id NOT IN (
        SELECT source_launch_id FROM staging.launch_sources WHERE source = :source)
    UNION ALL
    SELECT 'flown', 'launches', now.launch_id, now.name, l.launch_designator, 'success',
           old.date_utc || ' (' || coalesce(old.date_precision, '') || ')',
           CAST(now.success AS TEXT)
    FROM staging.launch_sources now JOIN main.launch_sources old USING (source, source_launch_id)
         JOIN staging.launches l ON l.launch_id = now.launch_id
    WHERE now.source = :source AND old.is_upcoming AND NOT now.is_upcoming"""
