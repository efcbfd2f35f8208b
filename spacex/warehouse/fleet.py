"""Load the fleet: keep every satellite ever listed, and track when it was listed.

`starlink` keeps the satellites that are not in the newest GP list, marked as unlisted since the
first GP list without them. A run without a GP list leaves these marks unchanged. So does a GP list
whose format cannot hold a satellite's number: element sets in two lines (TLE) have five digits, or
Alpha-5. A satellite whose elements were all rejected is listed without an orbit; so is one whose
record cannot be read.

Functions take the connection to the database being loaded, with the run's staging database.
"""

import gzip
import json
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import msgspec
import pandas as pd

from spacex.errors import DatabaseError
from spacex.extract.list_dates import DATE_TOLERANCE
from spacex.extract.sidecar import MANUAL_SCHEME
from spacex.schema.bookkeeping import LAUNCH_ALTITUDES, OBSERVATIONS
from spacex.schema.ddl import literals
from spacex.schema.shared import MAX_CATALOGUE_NUMBER
from spacex.schema.starlink import STARLINK, TABLES, UNLISTED
from spacex.settings import RUN_COMMAND
from spacex.sources import SERVICES, tle
from spacex.sources.object_names import UNNAMED
from spacex.units import utc_instant
from spacex.warehouse.decay_days import follows
from spacex.warehouse.insert import insert_frame, insert_records
from spacex.warehouse.rejected_satellites import highest, rejected_satellites
from spacex.warehouse.renumbering import (
    Renumbering,
    current_numbers,
    renumber,
    renumberings,
    undo_renumberings,
)

LIVE = literals(name for name, source in SERVICES.items() if source.is_live)
"""SQL: the names of the live services."""
_IS_CONTRADICTED = follows("epoch_utc", "p", "unconfirmed_decay_date")
FLEET_TABLES = tuple(table.name for table in TABLES)
"""The tables that a GP list fills."""

LIST_COLUMNS = "max_norad_cat_id, listed, satellite_count, observed_utc"
"""SQL: the columns of `_observations` that tell the satellites of a GP list."""

_LATE_SHARE = 0.01
"""Share of a GP list that may be later than the others without dating it."""
_TLE_FILE, _CSV_FILE = ".txt.gz", ".csv.gz"
"""Ends of the names of snapshots in these formats; an earlier release took some TLE for CSV."""


@dataclass(frozen=True)
class StagedList:
    """What a staged GP list says by itself.

    Attributes:
        source: the service.
        listed: catalogue numbers of the satellites in orbit whose records can be read.
        max_norad_cat_id: largest number that its format can hold.
        data_utc: date of its orbits; that of its response if it has none.
        retrieved_utc: instant of its response.
        sha256: digest of its snapshot.
        is_manual: whether it is a manual file.
    """

    source: str
    listed: frozenset[int]
    max_norad_cat_id: int
    data_utc: str
    retrieved_utc: str
    sha256: str
    is_manual: bool


@dataclass(frozen=True)
class Observation:
    """A staged GP list.

    Attributes:
        source: the service.
        observed_utc: instant of the list: that of its response, or of its orbits if it is out of
            date.
        retrieved_utc: instant of its response.
        since_utc: instant of the newest list loaded before; empty if there is none.
        listed: catalogue numbers of the satellites in orbit that it lists, readable or not.
        max_norad_cat_id: largest number that its format can hold.
        sha256: digest of its snapshot.
        unknown: number of its rejected records of which the satellite is not known.
        assumed: satellites in `listed` that these records may be of.
    """

    source: str
    observed_utc: str
    since_utc: str
    listed: frozenset[int]
    max_norad_cat_id: int
    retrieved_utc: str = ""
    sha256: str = ""
    unknown: int = 0
    assumed: tuple[int, ...] = ()

    @property
    def is_newer(self) -> bool:
        """Whether an older GP list is loaded, so that the two can be compared."""
        return "" < self.since_utc < self.observed_utc


def staged_observation(connection: sqlite3.Connection, data_dir: Path) -> Observation | None:
    """Return the GP list of the staged run, or None if it has none.

    The satellites in the database get the catalogue numbers that they have by this list.

    Args:
        connection: the database.
        data_dir: the data folder, which holds the snapshots.
    """
    staged = staged_list(connection, data_dir)
    if staged is None:
        return None
    source, largest = staged.source, staged.max_norad_cat_id
    is_outdated = utc_instant(staged.retrieved_utc) - utc_instant(staged.data_utc) > DATE_TOLERANCE
    observed_utc = staged.data_utc if is_outdated else staged.retrieved_utc
    undo_renumberings(connection, source, observed_utc)
    (before,) = connection.execute("SELECT max(last_listed_utc) FROM main.starlink").fetchone()
    listed, rejected = staged.listed, rejected_satellites(connection, source)
    listed = (listed - rejected.disputed) | rejected.numbers
    renumber(connection, source, observed_utc, listed, largest)
    absent = _listed_before(connection, source, observed_utc, largest) - listed
    assumed = highest(connection, absent, rejected.unknown)
    return Observation(
        source,
        observed_utc,
        since_utc=before or "",
        listed=listed.union(assumed),
        max_norad_cat_id=largest,
        retrieved_utc=staged.retrieved_utc,
        sha256=staged.sha256,
        unknown=rejected.unknown,
        assumed=assumed,
    )


def staged_list(connection: sqlite3.Connection, data_dir: Path) -> StagedList | None:
    """Return what the GP list of the staged run says by itself, or None if the run has none.

    Args:
        connection: the database.
        data_dir: the data folder, which holds the snapshots.
    """
    snapshot = connection.execute(
        f"""SELECT source, path, url, sha256, max(retrieved_utc) FROM staging._snapshots
            WHERE source IN ({LIVE}) AND endpoint = '{STARLINK.name}' GROUP BY source"""
    ).fetchone()
    if snapshot is None:
        return None
    source, path, url, sha256, retrieved_utc = snapshot
    rows = connection.execute(
        """SELECT norad_cat_id FROM staging.starlink WHERE source = :source AND NOT is_decayed
           UNION SELECT norad_cat_id FROM staging.starlink_elements WHERE source = :source
           EXCEPT SELECT norad_cat_id FROM staging.starlink
                  WHERE source = :source AND is_decayed""",
        {"source": source},
    )
    listed = frozenset(number for (number,) in rows)
    epochs = pd.read_sql_query(
        """SELECT max(epoch_utc) AS epoch_utc FROM staging.starlink_elements
           WHERE source = ? GROUP BY norad_cat_id""",
        connection,
        params=(source,),
    )["epoch_utc"]
    return StagedList(
        source,
        listed,
        max_norad_cat_id=_largest(listed) if _is_tle(data_dir / path) else MAX_CATALOGUE_NUMBER,
        data_utc=retrieved_utc if epochs.empty else _data_utc(epochs),
        retrieved_utc=retrieved_utc,
        sha256=sha256,
        is_manual=url.startswith(MANUAL_SCHEME),
    )


def _listed_before(
    connection: sqlite3.Connection, source: str, observed_utc: str, largest: int
) -> set[int]:
    """Return the satellites up to the largest number that the GP lists before an instant had."""
    lists = connection.execute(
        f"""SELECT {LIST_COLUMNS} FROM main._observations
            WHERE source = ? AND observed_utc < ? ORDER BY observed_utc DESC""",
        (source, observed_utc),
    )
    return known_numbers(lists, largest, renumberings(connection))


def _is_tle(path: Path) -> bool:
    """Return whether a snapshot is in the TLE format."""
    if not path.name.endswith(_CSV_FILE):
        return path.name.endswith(_TLE_FILE)
    with suppress(OSError, EOFError, zlib.error):
        return tle.is_tle(gzip.decompress(path.read_bytes()).decode(errors="replace"))
    return False


def _largest(listed: frozenset[int]) -> int:
    """Return the largest number that a TLE list can hold, which uses Alpha-5 or does not."""
    return tle.MAX_NUMBER if max(listed, default=0) <= tle.MAX_NUMBER else tle.MAX_ALPHA5_NUMBER


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
        f"""DELETE FROM main.starlink WHERE source NOT IN ({LIVE}) OR first_listed_utc > ?
            OR norad_cat_id IN (SELECT norad_cat_id FROM staging.starlink
                                WHERE source IN ({LIVE}) OR is_decayed)""",
        (observed.observed_utc,),
    )
    connection.execute("INSERT OR IGNORE INTO main.starlink SELECT * FROM staging.starlink")
    connection.execute(  # a list without names
        f"""UPDATE main.starlink AS s SET object_name = b.object_name FROM fleet_before b
            WHERE b.norad_cat_id = s.norad_cat_id
              AND s.object_name = '{UNNAMED}' || s.norad_cat_id"""
    )
    connection.execute(  # what an earlier list said: a decay, or one that its elements contradict
        f"""UPDATE main.starlink AS s SET is_decayed = 1, decay_date = b.decay_date
            FROM (SELECT norad_cat_id, decay_date_source,
                         coalesce(decay_date, iif({_IS_CONTRADICTED}, unconfirmed_decay_date, NULL))
                             AS decay_date
                  FROM fleet_before p) b
            WHERE b.norad_cat_id = s.norad_cat_id AND NOT s.is_decayed
              AND b.decay_date <= substr(?, 1, 10) AND b.decay_date_source = s.source""",
        (observed.observed_utc,),
    )
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
    """Record a GP list in `_observations` and `_launch_altitudes`; requires the table `listed`.

    Args:
        connection: the database being loaded.
        observed: the staged GP list.
        run_id: the run.
    """
    key = (observed.source, observed.observed_utc)
    for table in (OBSERVATIONS, LAUNCH_ALTITUDES):
        where = "WHERE source = ? AND observed_utc = ?"
        connection.execute(f"DELETE FROM main.{table.name} {where}", key)
    elements = pd.read_sql_query(
        """SELECT e.norad_cat_id, max(e.epoch_utc) AS epoch_utc, s.launch_designator,
                  s.orbit_status,
                  (e.perigee_altitude_km + e.apogee_altitude_km) / 2 AS altitude_km
           FROM staging.starlink_elements e LEFT JOIN staging.starlink s USING (norad_cat_id)
           WHERE e.source = ? AND e.norad_cat_id IN temp.listed GROUP BY e.norad_cat_id""",
        connection,
        params=(observed.source,),
    )
    common = {"source": observed.source, "observed_utc": observed.observed_utc, "run_id": run_id}
    row = common | {
        "satellite_count": len(observed.listed),
        "oldest_epoch_utc": elements["epoch_utc"].min(),
        "newest_epoch_utc": elements["epoch_utc"].max(),
        "data_utc": _data_utc(elements["epoch_utc"]),
        "retrieved_utc": observed.retrieved_utc,
        "max_norad_cat_id": observed.max_norad_cat_id,
        "listed": json.dumps(ranges(sorted(observed.listed)), separators=(",", ":")),
    }
    insert_records(connection, OBSERVATIONS, [row])
    altitudes = _launch_altitudes(elements).assign(**common)
    insert_frame(connection, LAUNCH_ALTITUDES, altitudes[list(LAUNCH_ALTITUDES.column_names)])


def _data_utc(epochs: "pd.Series[str]") -> str:
    """Return the newest epoch that 1 % of the satellites, and at least two, have reached."""
    newest = epochs.sort_values(ascending=False)
    position = max(1, int(_LATE_SHARE * (len(newest) - 1)))
    return f"{newest.iloc[min(position, len(newest) - 1)][:19]}Z"


def ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Compress ascending numbers into ranges [first, last] of consecutive numbers.

    >>> ranges([44713, 44714, 44716])
    [(44713, 44714), (44716, 44716)]
    """
    if not numbers:
        return []
    breaks = [position for position, (a, b) in enumerate(pairwise(numbers), start=1) if b > a + 1]
    return [(numbers[a], numbers[b - 1]) for a, b in pairwise([0, *breaks, len(numbers)])]


def catalogue_numbers(listed: str, satellite_count: int) -> set[int]:
    """Return the catalogue numbers in the ranges of `_observations.listed`.

    Args:
        listed: the ranges, as JSON.
        satellite_count: how many numbers they contain.

    Raises:
        DatabaseError: they are not these ranges: another program has edited them.

    >>> sorted(catalogue_numbers("[[44713,44715],[44718,44718]]", 4))
    [44713, 44714, 44715, 44718]
    """
    try:
        found = msgspec.json.decode(listed, type=list[tuple[int, int]])
    except msgspec.MsgspecError:
        found = []
    is_plausible = sum(last - first + 1 for first, last in found) == satellite_count
    numbers = {n for first, last in found if is_plausible for n in range(first, last + 1)}
    if len(numbers) != satellite_count:
        raise DatabaseError(
            f"A GP list in the database does not name its {satellite_count:,} satellites: another "
            "program has edited _observations.listed.",
            remedy=f"Move the database away and run `{RUN_COMMAND}`: it is rebuilt from the "
            "snapshots.",
        )
    return numbers


def known_numbers(
    lists: Iterable[tuple[int, str, int, str]], largest: int, renumbered: Sequence[Renumbering] = ()
) -> set[int]:
    """Return the satellites of a GP list, with those of older ones whose numbers it cannot hold.

    Args:
        lists: the `LIST_COLUMNS` of the list and of the ones before it, newest first.
        largest: the largest number of interest.
        renumbered: every renumbering, oldest first.

    Returns:
        Their catalogue numbers of now.

    Raises:
        DatabaseError: see `catalogue_numbers`.
    """
    found: set[int] = set()
    covered = 0
    for max_norad_cat_id, listed, count, observed_utc in lists:
        numbers = catalogue_numbers(listed, count)
        held = (number for number in numbers if covered < number <= largest)
        found |= current_numbers(held, observed_utc, renumbered)
        covered = max(covered, max_norad_cat_id)
        if covered >= largest:
            break
    return {number for number in found if number <= largest} if renumbered else found


def _update_listing(connection: sqlite3.Connection, observed: Observation) -> None:
    """Set `is_listed` and the listing instants of every satellite, by a GP list.

    Satellites whose numbers the list cannot hold stay as they are.
    """
    note_listed(connection, observed.listed)
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
        """UPDATE main.starlink SET epoch_utc = NULL, orbit_status = NULL, shell = NULL
           WHERE norad_cat_id IN listed
             AND norad_cat_id NOT IN (SELECT norad_cat_id FROM staging.starlink)"""
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
            WHERE norad_cat_id NOT IN listed AND norad_cat_id <= :largest""",
        {"now": observed.observed_utc, "largest": observed.max_norad_cat_id},
    )
    connection.execute(
        """UPDATE main.starlink SET shell = NULL WHERE norad_cat_id > ?
           AND shell NOT IN (SELECT shell FROM staging.starlink_shells)""",
        (observed.max_norad_cat_id,),
    )


def note_listed(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Create the temp table `listed` of the satellites of a GP list."""
    connection.execute("DROP TABLE IF EXISTS temp.listed")
    connection.execute("CREATE TEMP TABLE listed (norad_cat_id INTEGER PRIMARY KEY)")
    rows = ((number,) for number in sorted(numbers))
    connection.executemany("INSERT INTO temp.listed VALUES (?)", rows)


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
