"""`spacex verify`: find damaged and missing files in the data folder, or in a release."""

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.filesize import decimal
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from spacex.cli.console import console
from spacex.pipeline.verify import Remark, Verification, size, verify
from spacex.pipeline.verify.released_files import size_of_release, verify_release
from spacex.settings import settings
from spacex.units import counted

_MOST_NOTES = 10


def verify_data(release: Path | None, *, as_json: bool) -> int:
    """Verify a folder and print the result; return 1 if there is damage, 0 if not.

    Args:
        release: the folder of a release; None: the data folder.
        as_json: print JSON for programs instead of a table.

    Raises:
        SettingsError: there is no such folder, or a setting is invalid.
    """
    columns = (TextColumn("Verifying"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    terminal = Console(stderr=True)
    with Progress(
        *columns, console=terminal, transient=True, disable=as_json or not terminal.is_terminal
    ) as bar:
        task = bar.add_task("", total=size_of_release(release) if release else size(settings()))
        advance = partial(bar.advance, task)
        found = verify_release(release, advance) if release else verify(settings(), advance)
    if as_json:
        print(json.dumps(_as_json(found), indent=2))  # noqa: T201 - for programs
    else:
        _print(found, console())
    return int(bool(found.problems))


def _as_json(found: Verification) -> dict[str, object]:
    """Return the result with the keys that `docs/operating.md` describes."""
    return {
        "data_folder": str(found.folder.absolute()),
        "is_intact": not found.problems,
        "checked": [
            {
                "part": part.name,
                "count": part.count,
                "bytes": part.byte_count,
                "problems": len(part.problems),
            }
            for part in found.parts
        ],
        "problems": [asdict(problem) for problem in found.problems],
        "notes": [asdict(note) for note in found.notes],
    }


def _print(found: Verification, output: Console) -> None:
    table = Table("checked", box=None, header_style="bold")
    for name in ("count", "size", "problems"):
        table.add_column(name, justify="right")
    for part in found.parts:
        problems = f"[red]{len(part.problems):,}[/]" if part.problems else "0"
        table.add_row(part.name, f"{part.count:,}", decimal(part.byte_count), problems)
    output.print(table, "")
    for problem in found.problems:
        _print_remark(output, "[red]✗[/]", problem)
    for note in found.notes[:_MOST_NOTES]:
        _print_remark(output, "[yellow]•[/]", note)
    if len(found.notes) > _MOST_NOTES:
        more = counted(len(found.notes) - _MOST_NOTES, "more note")
        output.print(f"  and {more}: see --json")
    if found.problems:
        problems = counted(len(found.problems), "problem")
        output.print(f"{problems} in {escape(str(found.folder))}")
    else:
        output.print(f"[green]✓[/] {escape(str(found.folder))} is intact.")


def _print_remark(output: Console, mark: str, remark: Remark) -> None:
    output.print(f"{mark} {escape(remark.message)}")
    if remark.remedy:
        output.print(f"    → {escape(remark.remedy)}")
