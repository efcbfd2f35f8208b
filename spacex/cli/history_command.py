"""`spacex history`: import element sets in bulk, and export the archive."""

from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape

from spacex.analysis.exports.archive_files import export_archive
from spacex.cli.console import console
from spacex.cli.import_command import progress_bars
from spacex.pipeline.history_import import import_history, summary
from spacex.pipeline.upgrade import upgrade
from spacex.settings import settings
from spacex.units import counted


def import_paths(paths: Sequence[Path]) -> int:
    """Import files of element sets with a progress bar; return 1 if one could not be used.

    Args:
        paths: files and folders.

    Raises:
        SettingsError, DatabaseError, StorageError: see `import_history`.
    """
    output = console()
    with progress_bars() as report:
        if upgraded := upgrade(settings(), report("Rebuilding")):
            output.print(escape(upgraded))
        found = import_history(settings(), paths, report("Reading"))
    for problem in found.problems:
        output.print(f"[red]✗[/] {escape(problem)}")
    output.print(summary(found))
    return int(bool(found.problems))


def export_files(folder: Path) -> None:
    """Copy the archive to a folder, and print what was written.

    Raises:
        SettingsError, DataError, StorageError: see `export_archive`.
    """
    files = export_archive(settings().database, folder)
    console().print(f"{counted(len(files), 'file')} in {escape(str(folder))}")
