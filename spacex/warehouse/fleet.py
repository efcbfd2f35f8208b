"""Load the fleet: keep every satellite ever listed, and track when it was listed.

`starlink` keeps the satellites that are not in the newest GP list, marked as unlisted since the
first GP list without them. A run without a GP list leaves these marks unchanged.

Functions take the connection to the database being loaded, with the run's staging database.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from spacex.schema.bookkeeping import LAUNCH_ALTITUDES, OBSERVATIONS
from spacex.schema.starlink import UNLISTED
from spacex.sources import SERVICES
from spacex.warehouse.insert import insert_frame, insert_records

_LIVE = ", ".join(f"'{name}'" for name, source in SERVICES.items() if source.is_live)


@dataclass(frozen=True)
class Observation:
    """The instants of a GP list and of the one loaded before, empty if there is none."""

    source: str
    observed_utc: str
    since_utc: str

    @property
    def is_newer(self) -> bool:
        """Whether an older GP list is loaded, so that the two can be compared."""
        return "" < self.since_utc < self.observed_utc


def staged_observation(connection: sqlite3.Connection) -> Observation | None:
    """Return the GP list of the staged run, or None if it has none."""
    staged = connection.execute(
        f"""SELECT source, max(observed_utc) FROM staging.starlink_elements
            WHERE source IN ({_LIVE}) GROUP BY source"""
    ).fetchone()
    if staged is None:
        return None
    (before,) = connection.execute("SELECT max(last_listed_utc) FROM main.starlink").fetchone()
    source, observed_utc = staged
    return Observation(source, observed_utc, before or "")


def save_previous_fleet(connection: sqlite3.Connection) -> None:
    """Copy the current fleet and shells to the temp tables `fleet_before` and `shells_before`."""
    for table, source in {"fleet_before": "starlink", "shells_before": "starlink_shells"}.items():
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
        connection.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM main.{source}")
    connection.execute("CREATE UNIQUE INDEX temp.fleet_key ON fleet_before (norad_cat_id)")


def load_fleet(connection: sqlite3.Connection, observed: Observation | None) -> None:
    """Load the staged satellites; with a GP list, keep and mark those that were listed before."""
    if observed is None:
        connection.execute("DELETE FROM main.starlink")
        connection.execute("INSERT INTO main.starlink SELECT * FROM staging.starlink")
        return
    connection.execute(
        f"""DELETE FROM main.starlink WHERE source NOT IN ({_LIVE}) OR first_listed_utc > ?
            OR norad_cat_id IN (SELECT norad_cat_id FROM staging.starlink
                                WHERE source IN ({_LIVE}) OR is_decayed)""",
        (observed.observed_utc,),
    )
    connection.execute("INSERT OR IGNORE INTO main.starlink SELECT * FROM staging.starlink")
    _update_listing(connection, observed)


def link_launches(connection: sqlite3.Connection) -> None:
    """Link satellites and launches that were loaded by different runs."""
    connection.execute(
        """UPDATE main.launches AS l SET launch_designator = s.launch_designator
           FROM (SELECT launch_id, min(launch_designator) AS launch_designator
                 FROM main.starlink WHERE launch_id IS NOT NULL GROUP BY launch_id) s
           WHERE s.launch_id = l.launch_id AND l.launch_designator IS NULL"""
    )
    connection.execute(
        """UPDATE main.starlink AS s SET
               launch_id = l.launch_id,
               launch_date = coalesce(s.launch_date, substr(l.date_utc, 1, 10))
           FROM main.launches l
           WHERE l.launch_designator = s.launch_designator AND s.launch_id IS NULL"""
    )


def record_observation(connection: sqlite3.Connection, observed: Observation, run_id: str) -> None:
    """Record a GP list in `_observations` and `_launch_altitudes`."""
    key = (observed.source, observed.observed_utc)
    for table in (OBSERVATIONS, LAUNCH_ALTITUDES):
        where = "WHERE source = ? AND observed_utc = ?"
        connection.execute(f"DELETE FROM main.{table.name} {where}", key)
    elements = pd.read_sql_query(
        """SELECT e.norad_cat_id, e.epoch_utc, s.launch_designator, s.orbit_status,
                  (e.perigee_altitude_km + e.apogee_altitude_km) / 2 AS altitude_km
           FROM staging.starlink_elements e LEFT JOIN staging.starlink s USING (norad_cat_id)
           WHERE e.source = ? ORDER BY 1""",
        connection,
        params=(observed.source,),
    )
    common = {"source": observed.source, "observed_utc": observed.observed_utc, "run_id": run_id}
    row = common | {
        "satellite_count": len(elements),
        "oldest_epoch_utc": elements["epoch_utc"].min(),
        "newest_epoch_utc": elements["epoch_utc"].max(),
        "listed": json.dumps(ranges(elements["norad_cat_id"].tolist()), separators=(",", ":")),
    }
    insert_records(connection, OBSERVATIONS, [row])
    altitudes = _launch_altitudes(elements).assign(**common)
    insert_frame(connection, LAUNCH_ALTITUDES, altitudes[list(LAUNCH_ALTITUDES.column_names)])


def ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Compress ascending numbers into ranges [first, last] of consecutive numbers.

    >>> ranges([44713, 44714, 44716])
    [(44713, 44714), (44716, 44716)]
    """
    if not numbers:
        return []
    breaks = [position for position, (a, b) in enumerate(pairwise(numbers), start=1) if b > a + 1]
    return [(numbers[a], numbers[b - 1]) for a, b in pairwise([0, *breaks, len(numbers)])]


def _update_listing(connection: sqlite3.Connection, observed: Observation) -> None:
    """Set `is_listed` and the listing instants of every satellite, by a GP list."""
    connection.execute("DROP TABLE IF EXISTS temp.listed")
    connection.execute(
        """CREATE TEMP TABLE listed AS SELECT norad_cat_id FROM staging.starlink_elements
           WHERE source = ?""",
        (observed.source,),
    )
    connection.execute("CREATE UNIQUE INDEX temp.listed_key ON listed (norad_cat_id)")
    connection.execute(
        """UPDATE main.starlink AS s SET
                is_listed = 1,
                first_listed_utc = min(:now, coalesce(
                    (SELECT b.first_listed_utc FROM fleet_before b
                     WHERE b.norad_cat_id = s.norad_cat_id), :now)),
                last_listed_utc = :now, unlisted_since_utc = NULL
            WHERE norad_cat_id IN listed""",
        {"now": observed.observed_utc},
    )
    connection.execute(
        f"""UPDATE main.starlink AS s SET
                is_listed = 0,
                (first_listed_utc, last_listed_utc, unlisted_since_utc) = (
                    SELECT min(first_listed_utc),
                           max(CASE WHEN last_listed_utc <= :now THEN last_listed_utc END),
                           min(coalesce(unlisted_since_utc, :now))
                    FROM (SELECT b.first_listed_utc, b.last_listed_utc, b.unlisted_since_utc
                          FROM fleet_before b WHERE b.norad_cat_id = s.norad_cat_id
                          UNION ALL SELECT NULL, NULL, NULL)),
                orbit_status = CASE WHEN is_decayed THEN orbit_status ELSE '{UNLISTED}' END,
                shell = NULL
            WHERE norad_cat_id NOT IN listed""",
        {"now": observed.observed_utc},
    )


def _launch_altitudes(elements: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `_launch_altitudes`, one per launch."""
    is_operational = elements["orbit_status"].eq("operational")
    groups = elements.assign(is_operational=is_operational).groupby("launch_designator")
    altitudes = groups["altitude_km"]
    launches = pd.DataFrame(
        {
            "satellite_count": groups.size(),
            "operational_count": groups["is_operational"].sum(),
            "low_altitude_km": altitudes.quantile(0.1),
            "median_altitude_km": altitudes.quantile(0.5),
            "high_altitude_km": altitudes.quantile(0.9),
        }
    )
    return launches.reset_index()
