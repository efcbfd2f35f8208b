"""`spacex import-snapshots`: import a folder of GP lists with a progress bar, and print a table."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Column, Table

from spacex.analysis.feeds.writing import write_feeds
from spacex.cli.console import console
from spacex.errors import DatabaseError, SettingsError, StorageError
from spacex.extract.manual_files import manual_files
from spacex.pipeline.disk_space import check_space
from spacex.pipeline.import_files import ImportedFile, import_files
from spacex.pipeline.replay import Progress as OnDate
from spacex.pipeline.staged_restore import noticing_restore
from spacex.pipeline.upgrade import upgrade
from spacex.settings import RUN_COMMAND, settings
from spacex.units import counted
from spacex.warehouse.load import SAMPLE_REPLACED
from spacex.warehouse.loaded_lists import loaded

_FATES = ("records", "loaded", "rejected", "duplicate", "out of\nscope")
_LOADED = _FATES.index("loaded")
_MINUTE = len("2025-05-18T06:30")


def import_snapshots(folder: Path, *, accept_shrink: bool = False) -> int:
    """Import the files of a folder, and print the outcome of each.

    Args:
        folder: the files.
        accept_shrink: see `import_files`.

    Returns:
        The exit code: 1 if a file was not loaded, else 0.

    Raises:
        SettingsError: the folder is missing, empty, or cannot be listed.
        DatabaseError, SnapshotError, StorageError: see `import_files`.
    """
    if not folder.exists():
        raise SettingsError(f"There is no folder {folder}.", remedy="Name one with dated files.")
    if not manual_files(folder):
        raise SettingsError(f"{folder} is empty.", remedy="Put dated GP lists into it.")
    check_space(settings())
    output = console()
    with noticing_restore(settings()), progress_bars() as report:
        if upgraded := upgrade(settings(), report("Rebuilding")):
            output.print(escape(upgraded))
        before, state = _file_state(), loaded(settings().database)
        files = import_files(
            settings(),
            folder,
            report("Loading"),
            on_file=report("Reading"),
            accept_shrink=accept_shrink,
        )
    _print(output, files)
    if state.is_simulated and not loaded(settings().database).is_simulated:
        output.print(SAMPLE_REPLACED)
    if before == _file_state():
        output.print("Nothing was loaded: the database is unchanged.")
    elif problem := _renew_feeds():
        output.print(f"[yellow]•[/] The feeds are not up to date: {escape(problem)}")
    return int(any(each.problem and not each.is_unfinished for each in files))


def _renew_feeds() -> str:
    """Write the feeds that changed; return what prevented it, or nothing."""
    config = settings()
    try:
        write_feeds(config.database, config.feeds_dir, lock_timeout_s=config.lock_timeout_s)
    except (DatabaseError, StorageError) as error:
        return str(error)
    return ""


def _file_state() -> tuple[int, int] | None:
    """Return what distinguishes one database file from the next; None if there is none."""
    path = settings().database
    if not path.exists():
        return None
    state = path.stat()
    return state.st_ino, state.st_mtime_ns


@contextmanager
def progress_bars() -> Iterator[Callable[[str], OnDate]]:
    """Show progress bars; yield what returns the function that reports an action."""
    name = Column(width=32, no_wrap=True, overflow="ellipsis")
    text = TextColumn("{task.description}", markup=False, table_column=name)
    columns = (text, BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
        tasks: dict[str, TaskID] = {}

        def reporter(action: str) -> OnDate:
            def show(number: int, count: int, name: str) -> None:
                if action not in tasks:
                    tasks[action] = progress.add_task(action, total=count)
                task, text = tasks[action], f"{action} {name}"
                progress.update(task, description=text, completed=number, total=count)

            return show

        yield reporter


def _print(output: Console, files: list[ImportedFile]) -> None:
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("file", overflow="fold")
    table.add_column("date", no_wrap=True)
    for title in _FATES:
        table.add_column(title, justify="right", no_wrap=True)
    for each in files:
        numbers = [f"{number:,}" for number in each.fates] if each.fates else ["–"] * len(_FATES)
        if each.catalogue and each.fates:
            numbers[_LOADED] = "stored"
        date = each.list_utc[:_MINUTE].replace("T", " ") or "–"
        table.add_row(escape(each.name), date, *numbers)
    output.print(table)
    skipped = [each for each in files if each.is_unfinished]
    failed = [each for each in files if each.problem and not each.is_unfinished]
    catalogues = [each for each in files if each.catalogue and not each.problem]
    for each in failed:
        output.print(f"[red]✗[/] {escape(each.name)}: {escape(each.reason)}")
    for each in catalogues:
        output.print(f"[yellow]•[/] {escape(each.name)} is stored, and not loaded yet.")
    for each in skipped:
        output.print(f"[yellow]•[/] {escape(each.name)}: {escape(each.reason)}")
    lists = len(files) - len(failed) - len(catalogues) - len(skipped)
    output.print(f"Loaded: {lists:,} of {counted(len(files), 'file')}.")
    if catalogues:
        output.print(
            f"Stored: {counted(len(catalogues), 'catalogue')}. `{RUN_COMMAND}` loads the newest "
            "one of each."
        )
