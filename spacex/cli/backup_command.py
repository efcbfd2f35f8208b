"""`spacex backup` and `spacex restore`."""

from functools import partial
from pathlib import Path

from rich.console import Console
from rich.filesize import decimal
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from spacex.cli.console import console
from spacex.extract.manual_files import shown_name
from spacex.pipeline.backup import back_up, back_up_daily
from spacex.pipeline.restore import Contents, restore
from spacex.pipeline.verify import size
from spacex.settings import settings
from spacex.units import counted, utc_text


def back_up_data(path: Path, keep: int) -> None:
    """Write a backup, verify it, and print what it contains.

    Args:
        path: the file; or a folder, for the backup of today.
        keep: number of backups to keep in the folder.

    Raises:
        SettingsError, StorageError, DataError: see `back_up`.
    """
    columns = (TextColumn("Backing up"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    terminal, is_new_folder = Console(stderr=True), not path.absolute().parent.exists()
    with Progress(
        *columns, console=terminal, transient=True, disable=not terminal.is_terminal
    ) as bar:
        task = bar.add_task("", total=2 * size(settings()))
        advance = partial(bar.advance, task)
        if path.is_dir():
            backup = back_up_daily(settings(), path, keep, advance)
        else:
            backup = back_up(settings(), path, advance)
    output = console()
    for each in backup.skipped:
        name = escape(str(each.with_name(shown_name(each))))
        output.print(f"• {name} is skipped: it is a link, pipe or device")
    skipped = f"; {counted(len(backup.skipped), 'file')} skipped" if backup.skipped else ""
    output.print(
        f"[green]✓[/] {escape(str(backup.path))}, {decimal(backup.byte_count)}, verified: "
        f"{backup.contents.summary}{skipped}"
    )
    _print_notes(output, backup.contents)
    if is_new_folder:
        output.print(f"• The folder {escape(str(path.parent))} was created")
    for each in backup.removed:
        output.print(f"• {escape(each.name)} removed")


def restore_data(path: Path) -> None:
    """Restore a backup, and print what it contains and where the replaced data are.

    Args:
        path: the backup.

    Raises:
        SettingsError, StorageError, DataError, DatabaseError: see `restore`.
    """
    restored = restore(settings(), path)
    output, folder = console(), escape(str(settings().data_dir))
    as_of = utc_text(restored.contents.marker.created_utc)
    output.print(
        f"[green]✓[/] {folder} restored as of {as_of}, verified: {restored.contents.summary}"
    )
    _print_notes(output, restored.contents)
    if restored.replaced:
        output.print(f"• The data that were there are now in {escape(str(restored.replaced))}")


def _print_notes(output: Console, contents: Contents) -> None:
    for note in contents.notes:
        output.print(f"• {escape(note.message)} {escape(note.remedy)}".rstrip())
