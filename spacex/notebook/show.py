"""Display tables and key figures in notebooks, with units and escaped text."""

import math
import re
import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any, TextIO

import altair as alt
import numpy as np
import pandas as pd
from IPython.display import HTML, display

from spacex.analysis import data_dates, queries
from spacex.analysis.api.door import published
from spacex.analysis.articles.sources_and_limits import origin as origin_of
from spacex.analysis.key_figures import KeyFigure
from spacex.analysis.key_figures import key_figures as key_figures_of
from spacex.errors import DataWarning
from spacex.notebook import charts
from spacex.notebook.chart_style import GREEN, ORANGE, RED
from spacex.schema import Table
from spacex.sources import credits_of
from spacex.transform import TidyTable
from spacex.units import utc_text

_CELL = "padding:2px 10px;vertical-align:top"
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+Z)?")
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):[\d.]+Z")
_MAX_TEXT = 400
_UNBROKEN_TEXT = 24
"""Longest text of a cell that stays in one line, such as a name or a time, in characters."""
_SEVERITIES = {"error": RED, "warning": ORANGE, "info": GREEN}
_UNITS = {
    "utc": "UTC",
    "km": "km",
    "kb": "kB",
    "deg": "°",
    "pct": "%",
    "days": "d",
    "kg": "kg",
    "s": "s",
}
_YEARS = {"year", "launch_year", "Year", "Launch year"}
_REACH = {"Orbital launches", "Satellites in orbit"}
"""The key figures that a notebook begins with."""


def start(*, live: bool = False, quiet: bool = False) -> Path:
    """Begin a notebook on the published database: show what is in it, and where it comes from.

    Charts are pictures, and warnings about the data are notices.

    Args:
        live: whether charts are interactive while the notebook is open in JupyterLab.
        quiet: whether nothing is shown, as in a report, which says its sentence first and ends with
            `origin`.

    Returns:
        The path of the database.
    """
    if live:
        alt.renderers.enable("jupyter", offline=True)
    else:
        charts.for_reports()
    warnings.showwarning = _show_warning
    database = published()
    if quiet:
        return database.path
    reach: dict[str, object] = {
        each.name.lower(): each.value
        for each in key_figures_of(database.path)
        if each.name in _REACH
    }
    lists = database.sql("SELECT count(*) AS lists FROM _observations")  # warns of the sample
    reach["GP lists"] = lists["lists"].iloc[0]
    run = queries.run(database.path)
    reach["simulated"] = "the fleet" if run["is_simulated"] else "nothing"
    note = "" if run["is_simulated"] else run["note"]  # a warning about the sample has it
    display(notice(note), provenance(run, database.path), cards(reach))
    return database.path


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Display a warning about the data as a notice, and any other one as text."""
    if issubclass(category, DataWarning):
        # A report may be mailed: it names the database without its folder.
        display(notice(str(message).replace(f"{published().path.parent}/", "")))
    else:
        text = warnings.formatwarning(message, category, filename, lineno, line)
        print(text, end="", file=file or sys.stderr)


def table(
    frame: pd.DataFrame,
    units: Mapping[str, str] | None = None,
    empty: str = "None.",
    most: int | None = None,
) -> HTML:
    """Render a frame as a table, with escaped, shortened text and rounded numbers.

    Args:
        frame: the rows.
        units: column → unit, shown below the column name.
        empty: text shown if there are no rows.
        most: number of rows shown; if there are more, a line below says so. All by default.
    """
    if frame.empty:
        return HTML(f"<p><em>{escape(empty)}</em></p>")
    is_cut = most is not None and len(frame) > most
    below = f"<p><em>The first {most:,} of {len(frame):,}.</em></p>" if is_cut else ""
    frame = frame[:most]
    heads = "".join(_head(str(name), (units or {}).get(str(name), "")) for name in frame.columns)
    columns = [_years(frame[name]) if name in _YEARS else frame[name].tolist() for name in frame]
    rows = "".join(
        "<tr>" + "".join(map(_cell, values)) + "</tr>" for values in zip(*columns, strict=True)
    )
    return HTML(
        "<div style='overflow-x:auto' tabindex='0'><table style='border-collapse:collapse'>"
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{below}"
    )


def labelled(frame: pd.DataFrame, empty: str = "None.", most: int | None = None) -> HTML:
    """Render a frame for readers who do not know its columns: with labels, units and plain dates.

    Args:
        frame: the rows; a unit is the last part of a column's name, such as `altitude_km`.
        empty: text shown if there are no rows.
        most: see `table`.
    """
    names = [str(name).rpartition("_") for name in frame.columns]
    labels = [(rest if unit in _UNITS else f"{rest}_{unit}".strip("_")) for rest, _, unit in names]
    heads = [label.replace("_", " ").capitalize() for label in labels]
    units = {head: _UNITS.get(unit, "") for head, (_, _, unit) in zip(heads, names, strict=True)}
    plain = frame.map(
        lambda value: _INSTANT.sub(r"\1 \2", value) if isinstance(value, str) else value
    )
    return table(plain.set_axis(heads, axis=1), units, empty, most)


def findings(frame: pd.DataFrame) -> HTML:
    """Render what the checks of a run found: most severe first, each with a coloured mark."""
    shown = frame.assign(severity=[f"● {each}" for each in frame["severity"]])
    shown = shown.rename(columns={"severity": "", "message": "finding"}).drop(columns="table_name")
    html = labelled(shown, "The checks found nothing to note.").data
    for severity, colour in _SEVERITIES.items():
        mark = f"<span style='color:{colour}'>●</span>&nbsp;{severity}"
        html = html.replace(f"● {severity}", mark)
    return HTML(html)


def verdict(sentences: Iterable[str]) -> HTML:
    """Render the sentences that a reader should not miss; they are in the output's metadata."""
    text = " ".join(sentences)
    shown = f"<p style='font-size:1.35em;line-height:1.5'>{_unbroken(text)}</p>"
    return HTML(shown, metadata={"headline": text})


def head(tidy: TidyTable, columns: Sequence[str], rows: int = 5) -> HTML:
    """Render the first rows of a table of a run, with the units of the columns.

    Args:
        tidy: the table.
        columns: names of the columns to show.
        rows: number of rows.
    """
    return table(tidy.frame[list(columns)].head(rows), _units(tidy.table))


def cards(values: Mapping[str, object]) -> HTML:
    """Render values as a row of cards, name → value."""
    style = "padding:8px 14px;border:1px solid #8884;border-radius:8px"
    inner = "".join(
        f"<div style='{style}'><div style='font-size:1.6em;font-weight:600'>{_text(value)}</div>"
        f"<div style='opacity:.75'>{_unbroken(name)}</div></div>"
        for name, value in values.items()
    )
    share = 22 if len(values) % 3 else 30  # four in a row, or three; two on a phone
    columns = f"repeat(auto-fill,minmax(max(9.5em,{share}%),1fr))"
    return HTML(f"<div style='display:grid;grid-template-columns:{columns};gap:10px'>{inner}</div>")


def sections(parts: Mapping[str, HTML]) -> HTML:
    """Render parts one below the other, title → part."""
    return HTML("".join(f"<h3>{escape(title)}</h3>{each.data}" for title, each in parts.items()))


def notice(text: str) -> HTML:
    """Render a highlighted notice with the lines of a text; nothing for an empty one."""
    if not text:
        return HTML("")
    box = "padding:8px 14px;border-left:4px solid #E69F00;background:#E69F0022"
    lines = "<br>".join(map(escape, text.splitlines()))
    return HTML(f"<div style='{box}'>{lines}</div>")


def provenance(run: "pd.Series[Any]", database: Path) -> HTML:
    """Render the date of each source's data, and a run, a row of `spacex.analysis.queries.run`."""
    rows = {
        **data_dates.texts(database),
        "Loaded": run["loaded_utc"],
        "Rows loaded": f"{run['row_count']:,}",
        "Records rejected": f"{run['reject_count']:,}",
        "Run": run["run_id"],
    }
    values = [_INSTANT.sub(r"\1 \2 UTC", value) for value in rows.values()]
    return table(pd.DataFrame({"": list(rows), " ": values}))


def origin(database: Path, *subjects: str) -> HTML:
    """Render the end of a report: the sources of its data, their dates, notes and credit.

    Args:
        database: the database.
        subjects: the subjects of `v_coverage` that the report is about.
    """
    found = origin_of(database, *subjects)
    parts = (labelled(found.sources), notice(found.note), credit(found.names))
    return HTML("".join(each.data for each in parts))


def key_figures(figures: Sequence[KeyFigure], before: Mapping[str, str] | None = None) -> HTML:
    """Render the key figures as cards.

    Args:
        figures: the key figures.
        before: name → value in the report before; a value that has changed is shown.
    """
    return cards(
        {_name(each, (before or {}).get(each.name, each.value)): each.value for each in figures}
    )


def _name(figure: KeyFigure, before: str) -> str:
    """Return what a key figure counts, and its value before if that was another one."""
    name = f"{figure.name} ({figure.note})"
    return name if before == figure.value else f"{name}; {before} in the report before"


def evidence(figures: Sequence[KeyFigure]) -> HTML:
    """Render how the key figures are known, one block for each."""
    return HTML("".join(map(_evidence, figures)))


def credit(names: Iterable[str]) -> HTML:
    """Render the terms and credit of each source."""
    lines = "".join(f"<li>{escape(line)}</li>" for line in credits_of(names))
    return HTML(f"<ul style='overflow-wrap:anywhere'>{lines}</ul>")


def _evidence(figure: KeyFigure) -> str:
    known = {
        "Sources and coverage": figure.coverage or ("none",),
        "Rule": (figure.rule,),
        "Uncertainty": (figure.uncertainty,),
        "What would change it": (figure.revision,),
    }
    parts = "".join(
        f"<div style='flex:1 1 15em'><div style='opacity:.7'>{name}</div>"
        + "".join(f"<div style='margin-bottom:4px'>{_unbroken(line)}</div>" for line in lines)
        + "</div>"
        for name, lines in known.items()
    )
    return (
        "<div style='display:flex;flex-wrap:wrap;gap:8px 24px;padding:12px 0;"
        "border-top:1px solid #8884'>"
        f"<div style='flex:1 1 15em'><div>{escape(figure.name)}</div>"
        f"<div style='font-size:1.6em;font-weight:600'>{escape(figure.value)}</div>"
        f"<div style='opacity:.75'>{_unbroken(figure.note)}</div></div>{parts}</div>"
    )


def _unbroken(text: str) -> str:
    """Return escaped text whose dates are not broken into two lines."""
    return _DATE.sub(r"<span style='white-space:nowrap'>\g<0></span>", escape(text))


def _years(column: "pd.Series[Any]") -> list[str | None]:
    """Return years as text, because a table groups the digits of numbers."""
    return [None if pd.isna(year) else str(year).removesuffix(".0") for year in column]


def _units(declared: Table) -> dict[str, str]:
    return {column.name: column.unit for column in declared.columns}


def _head(name: str, unit: str) -> str:
    if not name.strip():
        return f"<td style='{_CELL}'></td>"
    below = f"<br><span style='font-weight:400;opacity:.7'>{escape(unit)}</span>" if unit else ""
    return f"<th scope='col' style='{_CELL};text-align:left'>{escape(name)}{below}</th>"


def _cell(value: object) -> str:
    is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    align = "right" if is_number else "left"
    is_short = isinstance(value, str) and len(value) <= _UNBROKEN_TEXT
    unbroken = ";white-space:nowrap" if is_short else ""
    return f"<td style='{_CELL};text-align:{align}{unbroken}'>{_text(value)}</td>"


def _text(value: object) -> str:
    """Return a value as escaped text; a dash for a missing one."""
    match value:
        case datetime() if not pd.isna(value):
            return _unbroken(utc_text(value) if value.tzinfo else f"{value:%Y-%m-%d}")
        case bool() | np.bool_():
            return "yes" if value else "no"
        case int() | np.integer():
            return f"{value:,}"
        case float() if not math.isnan(value):
            return f"{value:,.6g}" if abs(value) < 1e4 else f"{value:,.0f}"
        case str():
            return _unbroken(value if len(value) <= _MAX_TEXT else value[:_MAX_TEXT] + "…")
    return "–"
