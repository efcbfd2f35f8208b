"""What the altitudes of the satellites tell with a GP list, by `spacex.orbits.altitude_changes`.

A change is told with the list whose element sets make it known, some days after it, and follows
from the element sets of the DAYS before that were known then. A satellite has left its shell if it
began to sink, or no longer keeps its altitude, where there is a shell of its inclination.

The orbit status is another matter: it follows from the newest element set alone.

Functions take the connection to the database being loaded.
"""

import sqlite3

import numpy as np

from spacex.orbits.altitude_changes import (
    MANOEUVRES,
    AltitudeChange,
    Altitudes,
    Change,
    altitude_changes,
)
from spacex.units import EARTH_RADIUS_KM
from spacex.warehouse.fleet import Observation

ALTITUDE = "altitude"
"""Kind of these changes in `_changes`."""
LEFT = "left its shell"
DAYS = 20
"""Days of element sets that a change may depend on."""
DEPARTURES = frozenset({Change.SINKS, Change.DRIFTS})

_SETS = f"""
    SELECT norad_cat_id, epoch_utc, semi_major_axis_km, observed_utc > :since
    FROM main.starlink_elements
    WHERE source = :source AND observed_utc <= :known
      AND epoch_utc >= strftime('%Y-%m-%dT%H:%M:%SZ', :known, '-{DAYS} days')
      AND norad_cat_id IN (SELECT norad_cat_id FROM main.starlink WHERE is_listed)"""


def note_altitude_changes(connection: sqlite3.Connection, observed: Observation) -> None:
    """Create the temp table `altitude_changes` of what the altitudes tell with a GP list.

    It has `norad_cat_id`, `what`, `is_departure`, `altitude_km` before, and the rest in words,
    `told`.

    Args:
        connection: the database being loaded, with the fleet of the list.
        observed: the list.
    """
    connection.execute("DROP TABLE IF EXISTS temp.altitude_changes")
    connection.execute(
        """CREATE TEMP TABLE altitude_changes (
               norad_cat_id INTEGER, what TEXT, is_departure INTEGER, altitude_km REAL,
               told TEXT)"""
    )
    rows = (
        (each.norad_cat_id, each.kind, each.kind in DEPARTURES, each.altitude_km, told(each))
        for each in _newly_known(connection, observed)
    )
    connection.executemany("INSERT INTO temp.altitude_changes VALUES (?, ?, ?, ?, ?)", rows)


def told(change: AltitudeChange) -> str:
    """Return when the altitude of a satellite changed, by how much, and how certain that is."""
    ends = (change.after_utc, change.until_utc)
    days = dict.fromkeys(str(np.datetime_as_string(each, "D")) for each in ends)
    is_step = change.kind in MANOEUVRES
    much = f"{change.change_km:+.2f} km" if is_step else f"{change.rate_km_per_day:+.2f} km/d"
    return f"{' to '.join(days)}: {much}, {'certain' if change.is_certain else 'likely'}"


def _newly_known(connection: sqlite3.Connection, observed: Observation) -> list[AltitudeChange]:
    """Return the changes that the element sets of a list make known."""
    known = max(observed.observed_utc, observed.retrieved_utc)
    of = {"source": observed.source, "since": observed.since_utc, "known": known}
    rows = connection.execute(_SETS, of).fetchall()
    if not any(is_new for *_, is_new in rows):
        return []
    numbers = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    at = np.array([row[1][:-1] for row in rows], "M8[us]")  # without the Z
    axes = np.fromiter((row[2] for row in rows), np.float64, len(rows))
    is_new = np.fromiter((row[3] for row in rows), bool, len(rows))
    fresh = set(zip(numbers[is_new].tolist(), at[is_new], strict=True))
    found = altitude_changes(Altitudes.of(numbers, at, axes - EARTH_RADIUS_KM))
    return [each for each in found if (each.norad_cat_id, each.known_utc) in fresh]
