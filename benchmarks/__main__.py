"""Run all benchmarks, or the named parts, and compare with the baseline.

Example: `python -m benchmarks orbits`. `--save` makes the results the baseline.
"""

import argparse
import importlib

from rich.console import Console
from rich.table import Table

from benchmarks.baseline import Baseline, machine
from benchmarks.measurement import Measurement, leave_out_pyarrow

PARTS = (
    *("imports", "pipeline", "scale", "history", "orbits", "dashboard", "globe", "visitors"),
    *("forecasts", "edition", "history_archive"),
)
COLUMNS = (
    ("", "left"),
    ("measured", "right"),
    ("unit", "left"),
    ("aim", "left"),
    ("baseline", "right"),
    ("ratio", "right"),
)


def main() -> None:
    """Print a table of each part as soon as it is measured."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join(PARTS)}")
    parser.add_argument("--sets", type=int, help="element sets in the archive of history_archive")
    parser.add_argument("--save", action="store_true", help="make this the baseline")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"unknown part {', '.join(sorted(unknown))}; choose from {', '.join(PARTS)}")
    leave_out_pyarrow()
    console, baseline = Console(), Baseline()
    console.print(f"Measured on {machine()}\n")
    for part in arguments.parts or PARTS:
        sizes = (arguments.sets,) if part == "history_archive" and arguments.sets else ()
        found = list(importlib.import_module(f"benchmarks.{part}").measure(*sizes))
        console.print(_table(part, found, baseline), "")
        if arguments.save:
            baseline.save(part, found)


def _table(part: str, found: list[Measurement], baseline: Baseline) -> Table:
    table = Table(
        title=f"{part} [dim](baseline: {baseline.machine(part)})[/]",
        title_justify="left",
        box=None,
        header_style="bold",
    )
    for name, justify in COLUMNS:
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for each in found:
        before = baseline.of(part, each.name)
        compared = (f"{before:,.4g}", f"{each.value / before:.2f}") if before else ("–", "–")
        table.add_row(each.name, f"{each.value:,.4g}", each.unit, each.aim, *compared)
    return table


if __name__ == "__main__":
    main()
