"""The stored manual files that are not loaded, and why."""

from collections.abc import Collection, Iterator

from spacex.errors import DataError, ResponseError, SettingsError, SnapshotError
from spacex.extract.list_dates import check_date, date_of
from spacex.extract.refused_lists import refused
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.settings import Settings
from spacex.transform.gp_list import GP_LIST, read_gp_list
from spacex.warehouse.loaded_lists import loaded


def refused_lists(store: SnapshotStore, loaded_lists: Collection[str]) -> dict[Snapshot, str]:
    """Return the stored lists that were refused and not loaded since, and why.

    Args:
        store: the stored snapshots.
        loaded_lists: instants of the lists in the database. If it has none, nothing counts as
            refused: there is nothing to compare a list with.

    Raises:
        SnapshotError: a sidecar cannot be read.
    """
    reasons = refused(store.folder).reasons if loaded_lists else {}
    return {
        each: reasons[each.path]
        for each in (store.all(*GP_LIST) if reasons else ())
        if each.path in reasons and each.retrieved_utc not in loaded_lists
    }


def unusable_lists(settings: Settings) -> dict[Snapshot, str]:
    """Return the newest stored manual files that no run can use, with a sentence about each.

    They were stored by an earlier release, or could not be loaded. The sentence is empty if the run
    that refused the file has reported it.

    Raises:
        SnapshotError: a sidecar cannot be read.
        DatabaseError: the database cannot be read.
    """
    store = SnapshotStore(settings.raw_dir)
    observed = loaded(settings.database).lists
    were_refused = refused_lists(store, observed)
    found: dict[Snapshot, str] = {}
    for snapshot, problem in _newest_unloaded(store, observed):
        if problem:
            found[snapshot] = f"{problem} The snapshot {snapshot.path} is not used."
        elif snapshot in were_refused:
            found[snapshot] = ""
        else:
            found[snapshot] = f"{snapshot.origin} is stored, but not loaded: import its file again."
    return found


def newest_refused(settings: Settings) -> list[Snapshot]:
    """Return the newest stored manual files that can be used, but are not loaded.

    Raises:
        SnapshotError: a sidecar cannot be read.
        DatabaseError: the database cannot be read.
    """
    found = _newest_unloaded(SnapshotStore(settings.raw_dir), loaded(settings.database).lists)
    return [snapshot for snapshot, problem in found if not problem]


def _newest_unloaded(
    store: SnapshotStore, observed: Collection[str]
) -> Iterator[tuple[Snapshot, str]]:
    """Yield the manual files newer than any loaded list, with the problem of each, if any."""
    for snapshot in reversed(store.all(*GP_LIST)):
        if not snapshot.manual_name or snapshot.retrieved_utc in observed:
            return
        problem = _problem_of(store, snapshot)
        if not problem and not observed:  # a new or rebuilt database
            return
        yield snapshot, problem


def _problem_of(store: SnapshotStore, snapshot: Snapshot) -> str:
    """Return why a stored manual file cannot be used; empty if it can."""
    try:
        content = read_gp_list(store.read(snapshot), snapshot.manual_name)
        check_date(snapshot.manual_name, date_of(snapshot.retrieved_utc), content.median_epoch)
    except (DataError, ResponseError, SettingsError, SnapshotError) as error:
        return error.message
    return ""
