"""What the notebooks show: frames and figures as people read them, escaped and with units."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd
from IPython.display import HTML

from spacex.analysis.key_figures import KeyFigure
from spacex.schema import Table
from spacex.sources import titles
from spacex.transform import TidyTable

_CELL = "padding:2px 10px;vertical-align:top"
_LONGEST = 160


def table(
    frame: pd.DataFrame, units: Mapping[str, str] | None = None, empty: str = "None."
) -> HTML:
    """A frame as a table: every text escaped and cut to a readable length, numbers rounded.

    Args:
        frame: the rows.
        units: column → unit, shown below the column's name.
        empty: what to say where there are no rows.
    """
    if frame.empty:
        return HTML(f"<p><em>{escape(empty)}</em></p>")
    heads = "".join(_head(str(name), (units or {}).get(str(name), "")) for name in frame.columns)
    columns = [frame[name].tolist() for name in frame.columns]
    rows = "".join(
        "<tr>" + "".join(map(_cell, values)) + "</tr>" for values in zip(*columns, strict=True)
    )
    return HTML(
        "<div style='overflow-x:auto'><table style='border-collapse:collapse'>"
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def head(tidy: TidyTable, columns: Sequence[str], rows: int = 5) -> HTML:
    """The first rows of a table of a run, with the units of the columns."""
    return table(tidy.frame[list(columns)].head(rows), _units(tidy.table))


def figures(values: Mapping[str, object]) -> HTML:
    """Numbers to see at a glance: a row of cards, name → value."""
    card = "padding:8px 18px;border:1px solid #8884;border-radius:8px;min-width:7em"
    cards = "".join(
        f"<div style='{card}'><div style='font-size:1.6em;font-weight:600'>{_text(value)}</div>"
        f"<div style='opacity:.75'>{escape(name)}</div></div>"
        for name, value in values.items()
    )
    return HTML(f"<div style='display:flex;flex-wrap:wrap;gap:10px'>{cards}</div>")


def titled(exhibits: Mapping[str, HTML]) -> HTML:
    """Several exhibits, one below the other, each under its title."""
    parts = (f"<h4>{escape(title)}</h4>{each.data}" for title, each in exhibits.items())
    return HTML("".join(parts))


def notice(text: str) -> HTML:
    """What a reader must not overlook; nothing if there is nothing to say."""
    if not text:
        return HTML("")
    box = "padding:8px 14px;border-left:4px solid #E69F00;background:#E69F0022"
    return HTML(f"<div style='{box}'>{escape(text)}</div>")


def provenance(run: "pd.Series[Any]") -> HTML:
    """Show the source and the date of a run's figures; from `spacex.analysis.queries.run`."""
    rows = {
        "Source": titles(run["source"]),
        "Current as of": run["data_utc"],
        "Loaded": run["loaded_utc"],
        "Rows loaded": int(run["row_count"]),
        "Rows refused": int(run["reject_count"]),
        "Run": run["run_id"],
    }
    return table(pd.DataFrame({"": list(rows), " ": list(rows.values())}))


def headline(key_figures: Sequence[KeyFigure]) -> HTML:
    """Show the key figures as cards."""
    return figures({f"{each.name} ({each.note})": each.value for each in key_figures})


def _units(declared: Table) -> dict[str, str]:
    return {column.name: column.unit for column in declared.columns}


def _head(name: str, unit: str) -> str:
    below = f"<br><span style='font-weight:400;opacity:.7'>{escape(unit)}</span>" if unit else ""
    return f"<th style='{_CELL};text-align:left'>{escape(name)}{below}</th>"


def _cell(value: object) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    align = "right" if is_number else "left"
    return f"<td style='{_CELL};text-align:{align}'>{_text(value)}</td>"


def _text(value: object) -> str:
    """A value as escaped text; a dash where there is none."""
    match value:
        case bool() | np.bool_():
            return "yes" if value else "no"
        case int() | np.integer():
            return f"{value:,}"
        case float() if not math.isnan(value):
            return f"{value:,.6g}" if abs(value) < 1e4 else f"{value:,.0f}"
        case str():
            return escape(value if len(value) <= _LONGEST else value[:_LONGEST] + "…")
    return "–"
