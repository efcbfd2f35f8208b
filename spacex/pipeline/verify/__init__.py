"""Verify the data folder: find every damaged or missing file, and change nothing."""

import os
from collections.abc import Collection
from pathlib import Path

import msgspec

from spacex.errors import SettingsError
from spacex.extract.fetch import ledger_path
from spacex.extract.request_ledger import LedgerEntry
from spacex.extract.sealed_json import UNREADABLE, seal_of
from spacex.extract.snapshots import SnapshotStore
from spacex.files import check_folder
from spacex.pipeline.verify.archive_files import check_archive
from spacex.pipeline.verify.database_file import OTHER_PROGRAM, check_database, publishing_run
from spacex.pipeline.verify.forecast_files import check_forecasts
from spacex.pipeline.verify.run_folders import check_presence, check_runs, last_published
from spacex.pipeline.verify.stored_snapshots import check_snapshots
from spacex.pipeline.verify.verification import Part, Progress, Remark, Verification
from spacex.settings import Settings
from spacex.sources import SERVICES
from spacex.sources.request_rules import ByETag

__all__ = ["OTHER_PROGRAM", "Progress", "Remark", "Verification", "size", "verify"]

_LEDGER = "ledger.json"
_PAUSE_H = 2
"""Longest update interval of a service, h: without its ledger, a request might come too early."""


class _EarlierLedger(msgspec.Struct, forbid_unknown_fields=True):
    """The content of a ledger of release 0.1, which wrote no digest, but always all fields."""

    requests_utc: list[str]
    next_utc: str
    trouble: str


def verify(settings: Settings, progress: Progress = lambda _: None) -> Verification:
    """Verify database, archive, runs, snapshots, stored forecasts and request ledgers.

    The snapshots come after what names them, because a run may store more of them in the meantime.

    Args:
        settings: the data folder.
        progress: called with the size of each file that was read.

    Raises:
        SettingsError: there is no data folder.
    """
    folder = settings.data_dir
    check_folder(folder, "SPACEX_DATA_DIR", is_written=False)
    if not os.path.isdir(folder):  # noqa: PTH112 - never raises
        raise SettingsError(
            f"There is no data folder {folder}.", remedy="Choose another with SPACEX_DATA_DIR."
        )
    names = ("database", "archive files", "runs", "snapshots", "request ledgers")
    database, archive, runs, snapshots, ledgers = parts = tuple(
        Part(name, folder, progress) for name in names
    )
    named = check_runs(runs, settings.runs_dir)
    named += check_database(database, settings.database, last_published(runs, settings.runs_dir))
    check_archive(archive, settings.database)
    check_presence(runs, settings.runs_dir, publishing_run(settings.database))
    requested = check_snapshots(snapshots, settings.raw_dir, named)
    check_forecasts(snapshots, settings.raw_dir, settings.database)
    snapshots.entries(settings.drop_in_dir)  # a run would find no manual files in a file or a link
    _check_ledgers(ledgers, settings.raw_dir, requested)
    return Verification(folder, parts)


def size(settings: Settings) -> int:
    """Return the number of bytes that `verify` will read, about."""
    total = 0
    for folder in (settings.raw_dir, settings.runs_dir):
        for parent, _, names in os.walk(folder):
            total += sum(_size(Path(parent, name)) for name in names)
    return total + _size(settings.database)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # a run may have removed it
        return 0


def _check_ledgers(part: Part, raw: Path, requested: Collection[str]) -> None:
    """Check the ledger of each service; one from which a snapshot was requested has one."""
    store = SnapshotStore(raw)
    limited = (source for source in SERVICES.values() if not isinstance(source.rules, ByETag))
    needed = {ledger_path(store, source) for source in limited if source.name in requested}
    for path in sorted(needed | {folder / _LEDGER for folder in part.folders(raw)}):
        remedy = f"Wait {_PAUSE_H} hours before the next run, which writes it."
        content = part.read(path, remedy, is_needed=path in needed)
        if content is None:
            continue
        part.count += 1
        if not _is_intact_ledger(content):
            remedy = f"Remove it, and wait {_PAUSE_H} hours before the next run."
            part.damage(path, "is damaged", remedy)


def _is_intact_ledger(content: bytes) -> bool:
    is_sealed = seal_of(content, frozenset()) == "intact"
    try:
        msgspec.json.decode(content, type=LedgerEntry if is_sealed else _EarlierLedger)
    except UNREADABLE:
        return False
    return True
