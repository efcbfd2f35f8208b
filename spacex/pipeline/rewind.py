"""Rewind: let the database hold what was stored by a date, and nothing that was stored later.

A run as of a date is loaded into a database without what was stored later, whose history and
bookkeeping end there as well. The next run without a date first loads what was stored since. So
does a run after one that stored a GP list and failed to load it.
"""

from functools import partial
from pathlib import Path

from spacex.errors import DataError, SnapshotError
from spacex.extract.as_of import as_of_utc
from spacex.extract.snapshots import SnapshotStore
from spacex.pipeline.backfill import load_later
from spacex.pipeline.replay import Progress, stored_dates
from spacex.pipeline.upgrade import rebuild
from spacex.settings import Settings
from spacex.transform.gp_list import GP_LIST
from spacex.warehouse.connection import reading

_HELD = """SELECT coalesce(max(s.retrieved_utc), ''), coalesce(max(s.checked_utc), '')
           FROM _snapshots s JOIN _runs r USING (run_id) WHERE NOT r.is_simulated"""
_LAST = """SELECT iif(is_simulated, '', loaded_utc), as_of_utc FROM _runs
           ORDER BY loaded_utc DESC, run_id DESC LIMIT 1"""


def rewind(settings: Settings, as_of: str = "", on_date: Progress = lambda *_: None) -> str:
    """Let the published database hold what was stored by a date, and nothing later.

    Args:
        settings: the folders, and the limits of the guards.
        as_of: a date or an instant; empty: load what was stored since, if the database is as of
            a date or was not loaded after the newest GP list was stored.
        on_date: reports progress.

    Returns:
        A sentence for each date or GP list that was not loaded; empty if there is none.

    Raises:
        DataError: the database would lose a GP list of which no snapshot is stored.
        DatabaseError: the database is being written by another run, or cannot be written.
        SnapshotError: a sidecar cannot be read.
    """
    held_utc, checked_utc, loaded_utc, is_as_of = _state(settings.database)
    if not as_of:
        load = load_later if is_as_of else partial(_load_missed, loaded_utc)
        return "\n".join(load(settings, on_date))
    until_utc = as_of_utc(as_of)
    dates = stored_dates(SnapshotStore(settings.raw_dir), held_utc, until_utc)
    if checked_utc <= until_utc and len(dates) <= 1:  # the run itself loads the last date
        return ""
    try:
        return "\n".join(rebuild(settings, on_date, until_utc=until_utc).problems)
    except DataError:
        if held_utc:
            raise
        return ""  # nothing is published, and the run itself says what is wrong


def _load_missed(loaded_utc: str, settings: Settings, on_date: Progress) -> list[str]:
    """Load what was stored since, if a service's newest GP list is; return what was not loaded."""
    try:
        newest = SnapshotStore(settings.raw_dir).newest(*GP_LIST)
        if newest and not newest.manual_name and "" < loaded_utc < newest.retrieved_utc:
            return load_later(settings, on_date)
    except SnapshotError:  # the run itself says what is wrong
        pass
    return []


def _state(database: Path) -> tuple[str, str, str, bool]:
    """Return until when a database holds real snapshots, and knows them to be current.

    Returns:
        The two instants, empty if it holds none; when it was loaded, empty if it holds the sample;
        and whether it is as of a date.
    """
    if not database.exists():
        return "", "", "", False
    with reading(database) as connection:
        held_utc, checked_utc = connection.execute(_HELD).fetchone()
        last = connection.execute(_LAST).fetchone() or ("", "")
    return held_utc, checked_utc, last[0], bool(last[1])
