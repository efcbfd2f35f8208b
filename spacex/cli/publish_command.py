"""`spacex publish`: write the static edition."""

from pathlib import Path

from rich.filesize import decimal
from rich.markup import escape

from spacex.cli.console import console
from spacex.dashboard.static_edition.edition import publish
from spacex.settings import settings
from spacex.units import counted


def publish_edition(folder: Path) -> None:
    """Write the static edition, and print what changed.

    Args:
        folder: the folder to write.

    Raises:
        SettingsError, DatabaseError, StorageError: see `publish`.
    """
    output = console()
    with output.status("Reading the database …") as status:
        found = publish(settings(), folder, lambda what: status.update(f"Writing {escape(what)} …"))
    files = counted(found.file_count, "file")
    output.print(
        f"[green]✓[/] {escape(str(folder))}: {files}, {decimal(found.byte_count)}, of the run "
        f"{found.run_id}"
    )
    output.print(f"• Written: {found.written_count:,}; removed: {found.removed_count:,}")
    output.print(f"• Open {escape(str(folder / 'index.html'))}, or copy the folder to a web host")
