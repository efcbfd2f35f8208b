"""`spacex release`: write the data as a folder that can be cited and checked."""

from pathlib import Path

from rich.filesize import decimal
from rich.markup import escape

from spacex.analysis.releases import make_release
from spacex.cli.console import console
from spacex.settings import command, settings
from spacex.units import counted


def write_release(folder: Path, after: Path | None) -> None:
    """Write a release, and print what it contains.

    Args:
        folder: the folder to write.
        after: the folder of the release before; None: one beside, if there is one.

    Raises:
        SettingsError, DatabaseError, DataError, StorageError: see `make_release`.
    """
    release = make_release(settings().database, folder, after)
    manifest, output = release.manifest, console()
    byte_count = sum(file.byte_count for file in manifest.files)
    files = counted(len(manifest.files) + 1, "file")
    output.print(
        f"[green]✓[/] {escape(str(folder))}: {files}, {decimal(byte_count)}, of the run "
        f"{manifest.run_id}"
    )
    if manifest.is_simulated:
        output.print("• The data are the bundled sample: its fleet is simulated, as each file says")
    for each in manifest.left_out:
        output.print(f"• {each.row_count:,} rows of {each.table} are left out: {each.reason}")
    if before := manifest.before:
        follows = f"follows the release {escape(before.folder)} (run {before.run_id})"
    else:
        follows = "is the first: no release of an earlier run is beside it, nor named by --after"
    output.print(f"• It {follows}")
    output.print(f"• The SHA-256 of its manifest, to cite: {release.sha256}")
    output.print(f"• `{command('verify')} {escape(str(folder))}` checks it")
