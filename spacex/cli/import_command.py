"""`spacex import-snapshots`: import a folder of GP lists with a progress bar, and print a table."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from spacex.errors import SettingsError
from spacex.extract.manual_files import manual_files
from spacex.pipeline.backfill import ImportedFile, import_files
from spacex.pipeline.disk_space import check_space
from spacex.pipeline.replay import Progress as OnDate
from spacex.pipeline.upgrade import upgrade
from spacex.settings import settings
from spacex.units import counted

_MIN_WIDTH = 140
"""Columns of the table; a narrower terminal wraps its lines instead of cutting names."""
_FATES = ("records", "loaded", "rejected", "out of scope")


def import_snapshots(folder: Path, *, accept_shrink: bool = False) -> int:
    """Import the files of a folder, and print the outcome of each.

    Args:
        folder: the files.
        accept_shrink: see `import_files`.

    Returns:
        The exit code: 1 if a file was not loaded, else 0.

    Raises:
        SettingsError: the folder is missing or empty.
        DatabaseError, SnapshotError, StorageError: see `import_files`.
    """
    if not folder.is_dir():
        raise SettingsError(f"There is no folder {folder}.", remedy="Name one with dated files.")
    if not manual_files(folder):
        raise SettingsError(f"{folder} is empty.", remedy="Put dated GP lists into it.")
    check_space(settings())
    console = Console(soft_wrap=True, width=max(Console().width, _MIN_WIDTH))
    with _progress() as on_date:
        if upgraded := upgrade(settings(), on_date):
            console.print(escape(upgraded))
        files = import_files(settings(), folder, on_date, accept_shrink=accept_shrink)
    console.print(_table(files))
    failed = sum(bool(each.problem) for each in files)
    console.print(f"Loaded: {len(files) - failed:,} of {counted(len(files), 'file')}.")
    return int(failed > 0)


@contextmanager
def _progress() -> Iterator[OnDate]:
    """Show a progress bar; yield the function that reports each date."""
    columns = (TextColumn("{task.description:20}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task("Reading the files", total=None)

        def show(number: int, dates: int, date: str) -> None:
            progress.update(task, description=date, completed=number, total=dates)

        yield show


def _table(files: list[ImportedFile]) -> Table:
    table = Table(box=None, header_style="bold")
    table.add_column("file", overflow="fold")
    table.add_column("date", no_wrap=True)
    for title in _FATES:
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("not loaded because", overflow="fold")
    for each in files:
        numbers = [f"{number:,}" for number in each.fates] if each.fates else ["–"] * len(_FATES)
        table.add_row(escape(each.name), each.list_utc or "–", *numbers, escape(each.reason))
    return table
