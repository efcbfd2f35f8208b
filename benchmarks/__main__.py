"""Measure everything, or the parts named: `python -m benchmarks orbits pipeline`."""

import importlib
import sys

from rich.console import Console
from rich.table import Table

PARTS = ("imports", "pipeline", "scale", "history", "orbits", "dashboard", "map")


def main(parts: list[str]) -> None:
    """Print a table of each part, as soon as it is measured."""
    console = Console()
    for part in parts or PARTS:
        module = importlib.import_module(f"benchmarks.{part}")
        table = Table(title=part, title_justify="left", box=None, header_style="bold")
        for name, justify in (
            ("", "left"),
            ("measured", "right"),
            ("unit", "left"),
            ("aim", "left"),
        ):
            table.add_column(name, justify=justify)
        for found in module.measure():
            table.add_row(found.name, f"{found.value:,.4g}", found.unit, found.aim)
        console.print(table, "")


if __name__ == "__main__":
    main(sys.argv[1:])
