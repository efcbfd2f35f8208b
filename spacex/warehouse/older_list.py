"""A GP list older than the one in use: an observation of its own date, and never the fleet.

A mirror or a cache may send a list of days before. By its response, it would be the newest one.
Manual files are loaded in the order of their dates, so none of them is older.

Functions take the connection to the database being loaded, with the run's staging database.
"""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from spacex.schema.starlink import STARLINK
from spacex.sources import short_title
from spacex.units import counted, date_text
from spacex.warehouse.checks import Finding
from spacex.warehouse.fleet import Observation, note_listed, record_observation, staged_list
from spacex.warehouse.guards import find_truncation
from spacex.warehouse.list_growth import find_growth
from spacex.warehouse.older_data import OLDER_LIST
from spacex.warehouse.renumbering import current_numbers, renumberings


@dataclass(frozen=True)
class OlderList:
    """A staged GP list that is older than the one in use.

    Attributes:
        observed: the list, at the date of its orbits.
        newest_utc: the date of the orbits in use.
    """

    observed: Observation
    newest_utc: str

    @property
    def finding(self) -> Finding:
        """What was found, with both dates."""
        dates = self.observed.observed_utc, self.newest_utc
        texts = [*map(date_text, dates)]
        sent, used = texts if texts[0] != texts[1] else dates
        return Finding(
            check_name=OLDER_LIST,
            severity="warning",
            table_name=STARLINK.name,
            finding_count=1,
            message=f"{short_title(self.observed.source)} sent a GP list of {sent}, which is older "
            f"than the one in use, of {used}: the fleet stays that of {used}",
            examples=f"{self.observed.retrieved_utc} "
            f"({counted(len(self.observed.listed), 'satellite')})",
        )


def find_older_list(connection: sqlite3.Connection, data_dir: Path) -> OlderList | None:
    """Return the GP list of the staged run if it is older than the one in use, or None.

    It is if its orbits are of an earlier date, and of the satellites in both lists, more have an
    older element set in it than a newer one. A list that only lacks satellites is not older.

    Args:
        connection: the database.
        data_dir: the data folder, which holds the snapshots.
    """
    staged = staged_list(connection, data_dir)
    if staged is None or staged.is_manual:
        return None
    (newest_utc,) = connection.execute(
        "SELECT max(data_utc) FROM main._observations WHERE source = ?", (staged.source,)
    ).fetchone()
    if newest_utc is None or staged.data_utc >= newest_utc:
        return None
    older, newer = connection.execute(
        """SELECT total(e.epoch_utc < s.epoch_utc), total(e.epoch_utc > s.epoch_utc)
           FROM (SELECT norad_cat_id, max(epoch_utc) AS epoch_utc FROM staging.starlink_elements
                 WHERE source = :source GROUP BY norad_cat_id) e
                JOIN main.starlink s USING (norad_cat_id)
           WHERE s.is_listed AND s.source = :source""",
        {"source": staged.source},
    ).fetchone()
    if older <= newer:
        return None
    observed = Observation(
        staged.source,
        staged.data_utc,
        since_utc="",
        listed=staged.listed,
        max_norad_cat_id=staged.max_norad_cat_id,
        retrieved_utc=staged.retrieved_utc,
        sha256=staged.sha256,
    )
    return OlderList(observed, newest_utc)


def record_older_list(
    connection: sqlite3.Connection, older: OlderList, run_id: str, accepted: Collection[str] = ()
) -> None:
    """Record an older GP list as an observation, unless it is known or implausible.

    A satellite in it may have been listed earlier or later than was known. One that no other list
    has is added. The fleet stays as it is otherwise.

    Args:
        connection: the database.
        older: the list.
        run_id: the run.
        accepted: digests of the lists that a person accepted.
    """
    observed = older.observed
    if (
        _is_known(connection, observed)
        or find_truncation(connection, observed, accepted)
        or find_growth(connection, observed, accepted)
    ):
        return
    note_listed(connection, observed.listed)
    record_observation(connection, observed, run_id)
    now = current_numbers(observed.listed, observed.observed_utc, renumberings(connection))
    at = {"source": observed.source, "at": observed.observed_utc}
    note_listed(connection, now)
    connection.execute(
        """INSERT OR IGNORE INTO main.starlink SELECT * FROM staging.starlink
           WHERE source = :source AND NOT is_decayed AND norad_cat_id IN temp.listed""",
        at,
    )
    connection.execute(
        """UPDATE main.starlink SET first_listed_utc = min(coalesce(first_listed_utc, :at), :at),
               last_listed_utc = max(coalesce(last_listed_utc, :at), :at)
           WHERE norad_cat_id IN temp.listed""",
        at,
    )


def _is_known(connection: sqlite3.Connection, observed: Observation) -> bool:
    """Return whether a list with the same orbits is recorded, or another one at its instant."""
    found = connection.execute(
        """SELECT 1 FROM main._observations
           WHERE source = ?1 AND (data_utc = ?2 AND satellite_count = ?3 OR observed_utc = ?2)""",
        (observed.source, observed.observed_utc, len(observed.listed)),
    )
    return found.fetchone() is not None
