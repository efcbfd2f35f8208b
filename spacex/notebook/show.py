"""Display tables and key figures in notebooks, with units and escaped text."""

import math
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

import altair as alt
import numpy as np
import pandas as pd
from IPython.display import HTML, display

from spacex.analysis import data_dates, queries
from spacex.analysis.api.door import published
from spacex.analysis.articles.sources_and_limits import origin as origin_of
from spacex.analysis.articles.words import NBSP
from spacex.analysis.key_figures import KeyFigure
from spacex.analysis.key_figures import key_figures as key_figures_of
from spacex.analysis.quality import AGE, IN_ORDER, REJECTS
from spacex.errors import DataWarning
from spacex.notebook import charts
from spacex.notebook.anchors import opening
from spacex.notebook.chart_style import BLUE, GREEN, ORANGE, RED, in_words
from spacex.schema import Table
from spacex.sources import SOURCES, credits_of, short_title
from spacex.transform import TidyTable
from spacex.units import counted, utc_text, with_plain_instants

_CELL = "padding:2px 10px;vertical-align:top"
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+Z)?")
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):[\d.]+Z")
_DAY_DATE = re.compile(r"(?<![\w-])(\d{4}-\d\d-\d\d)()(?![\w-])")
_WEB = re.compile(r"https://([\w./-]+)")
_CODE = re.compile("`([^`]+)`")
_ADDRESS = re.compile(r"https?://([^\s/?#]*[^\s/?#.,;:)])(?:[/?#]\S*(?<![.,;:)]))?")
_MAX_TEXT = 400
_UNBROKEN_TEXT = 24
"""Longest text of a cell that stays in one line, such as a name or a time, in characters."""
_LONG = 20
"""Most rows of a table that is not folded."""
_SEVERITIES = {"error": RED, "warning": ORANGE, IN_ORDER: GREEN, "info": BLUE}
_DETAILS = {
    AGE: "30_load.html#Age-of-the-data",
    REJECTS: "20_transform.html#Rejected-records",
}
"""What a row of the quality is about → the page and heading with its details."""
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
_LABELS = {
    **queries.TITLES,
    "byte_count": "bytes",
    "column_name": "column",
    "norad_cat_id": "catalogue number",
    "raan_deg": "ascending node",
    "record_count": "records",
    "same_bytes": "same content",
    "url": "response",
}
"""Column → its head in tables for people, where its name is not that."""
_NAMES = {"year", "launch_year", "norad_cat_id", "Year", "Launch year", "Catalogue number"}
"""Columns of numbers that stand for a name."""
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
    columns = [
        _ungrouped(frame[name]) if name in _NAMES else frame[name].tolist() for name in frame
    ]
    rows = "".join(
        "<tr>" + "".join(map(_cell, values)) + "</tr>" for values in zip(*columns, strict=True)
    )
    return HTML(
        "<div class='wide' style='overflow-x:auto' tabindex='0'>"
        "<table style='border-collapse:collapse'>"
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{below}"
    )


def labelled(
    frame: pd.DataFrame, empty: str = "None.", most: int | None = None, heading: str = ""
) -> HTML:
    """Render a frame for readers who do not know its columns: with labels, units and plain dates.

    A long table is folded.

    Args:
        frame: the rows; a unit is the last part of a column's name, such as `altitude_km`.
        empty: text shown if there are no rows.
        most: see `table`.
        heading: see `folded`.
    """
    names = [str(name) for name in frame.columns]
    units = dict(map(label_and_unit, names))
    heads = list(units)
    plain = frame.map(_plain)
    known = {name: plain[name].map(shown) for name, shown in _SHOWN.items() if name in plain}
    shown = table(plain.assign(**known).set_axis(heads, axis=1), units, empty, most)
    count = len(frame[:most])
    return folded(shown, f"{count:,} rows", heading) if count > _LONG else shown


def label_and_unit(name: str) -> tuple[str, str]:
    """Return what people call a column, and its unit; empty if it has none.

    >>> label_and_unit("mean_altitude_km")
    ('Mean altitude', 'km')
    """
    return _label(name), _UNITS.get(name.rpartition("_")[2], "")


def findings(frame: pd.DataFrame) -> HTML:
    """Render what the checks of a run found: most severe first, each with a coloured mark.

    Args:
        frame: `spacex.analysis.queries.findings`.
    """
    marks = map(_mark, frame["severity"], frame["check_name"])
    shown = {"": list(marks), "finding": frame["message"], "what_to_do": _advice(frame)}
    shown["examples"] = frame["examples"]
    return labelled(pd.DataFrame(shown), "The checks found nothing to note.")


def quality(frame: pd.DataFrame) -> HTML:
    """Render the quality of a run: what is wrong and what is in order, then facts to know.

    Args:
        frame: `spacex.analysis.quality.quality`. Its details are on the pages of the stages, which
            are in the folder of the report.
    """
    is_fact = frame["severity"].eq("info")
    rows = frame[~is_fact]
    links = [
        link("details", _DETAILS.get(about, f"30_load.html#{_anchor(name)}"))
        for about, name in zip(rows["about"], rows["check_name"], strict=True)
    ]
    shown = {"": list(map(_mark, rows["severity"])), "finding": rows["finding"]}
    main = labelled(pd.DataFrame({**shown, "what_to_do": _advice(rows), " ": links}))
    facts = "".join(
        f"<li>{_unbroken(_for_people(each))}</li>" for each in frame["finding"][is_fact]
    )
    if not facts:
        return main
    summary = counted(is_fact.sum(), "fact to know", "facts to know")
    return HTML(main.data + folded(HTML(f"<ul>{facts}</ul>"), summary).data)


def link(text: str, address: str) -> HTML:
    """Render a link, such as in the cell of a table, whose frame may have HTML as values.

    Args:
        text: its text.
        address: a web address, or a page beside this one; of another kind, the text alone is shown.
    """
    scheme = urlsplit(address).scheme
    if scheme not in {"http", "https", ""}:
        return HTML(escape(text))
    return HTML(f"<a href='{escape(address)}'>{escape(text)}</a>")


def folded(part: HTML, summary: str, heading: str = "") -> HTML:
    """Render a part that opens by a click on its summary, and that paper shows open.

    Args:
        part: the part.
        summary: what it is, in a few words.
        heading: the heading above it; its entry in the list of contents opens the part as well.
    """
    anchor = f" id='{escape(opening(heading))}'" if heading else ""
    inner = f"<div class='folded'{anchor}>{part.data}</div>"
    return HTML(f"<details><summary>{escape(summary)}</summary>{inner}</details>")


def _advice(frame: pd.DataFrame) -> list[HTML]:
    """Return what to do, with commands as code."""
    shown = (_CODE.sub(r"<code>\1</code>", escape(each)) for each in frame["what_to_do"])
    return [HTML(f"<div style='min-width:12em'>{each}</div>" if each else "") for each in shown]


def _mark(severity: str, check_name: str = "") -> HTML:
    """Return a severity with its coloured mark, which is the target of links to its check."""
    place = f" id='{_anchor(check_name)}'" if check_name else ""
    mark = f"<span style='color:{_SEVERITIES[severity]}'>●</span>"
    return HTML(f"<span{place} style='white-space:nowrap'>{mark} {severity}</span>")


def _anchor(check_name: str) -> str:
    """Return the anchor of the finding of a check."""
    return f"finding-{re.sub('[^0-9a-z]+', '-', check_name.lower())}"


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
    units = _units(tidy.table)
    heads = {
        name: _label(name if name in _LABELS else name.removesuffix(f"_{units[name]}"))
        for name in columns
    }
    shown = tidy.frame[list(columns)].head(rows).map(_plain).rename(columns=heads)
    return table(shown, {heads[name]: _UNITS.get(units[name], units[name]) for name in columns})


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
    """Render a highlighted notice with the lines of a text; nothing for an empty one.

    Of a web address, the host is shown, as a link; instants stand as people write them.
    """
    if not text:
        return HTML("")
    box = "padding:8px 14px;border-left:4px solid #E69F00;background:#E69F0022"
    box += ";overflow-wrap:anywhere"
    lines = "<br>".join(map(_linked, with_plain_instants(text).splitlines()))
    return HTML(f"<div style='{box}'>{lines}</div>")


def _linked(line: str) -> str:
    """Return an escaped line whose web addresses are links that show their hosts."""
    parts, end = "", 0
    for found in _ADDRESS.finditer(line):
        parts += escape(line[end : found.start()]) + str(link(found[1], found[0]).data)
        end = found.end()
    return parts + escape(line[end:])


def provenance(run: "pd.Series[Any]", database: Path) -> HTML:
    """Render the date of each source's data, and a run, a row of `spacex.analysis.queries.run`."""
    rows = {
        **data_dates.texts(database),
        "Loaded": run["loaded_utc"],
        "Rows loaded": f"{run['row_count']:,}",
        "Records rejected": f"{run['reject_count']:,}",
        "Run": run["run_id"],
    }
    values = [_INSTANT.sub(lambda found: f"{_said(found)} UTC", each) for each in rows.values()]
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
    named = (_WEB.sub(r"<a href='\g<0>'>\1</a>", escape(line)) for line in credits_of(names))
    lines = "".join(f"<li>{line}</li>" for line in named)
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
        + "".join(
            f"<div style='margin-bottom:4px'>{_unbroken(_for_people(line))}</div>" for line in lines
        )
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


def _label(name: str) -> str:
    """Return what a column is called in the head of a table."""
    if not name.strip():
        return name
    rest, _, unit = name.rpartition("_")
    label = _LABELS.get(name) or (rest if unit in _UNITS else name)
    words = in_words(label)
    return f"{words[:1].upper()}{words[1:]}"


def _plain(value: Any) -> Any:
    return _for_people(value) if isinstance(value, str) else value


def _for_people(text: str) -> str:
    """Return a text with its dates and instants as people write them."""
    return _DAY_DATE.sub(_said, _INSTANT.sub(_said, text))


def _said(found: re.Match[str]) -> str:
    try:
        date = datetime.strptime(found[1], "%Y-%m-%d")  # noqa: DTZ007 - only the date
    except ValueError:
        return found[0]
    day = f"{date:%-d %b %Y}".replace(" ", NBSP)
    return f"{day} {found[2]}".strip()


def _source(name: Any) -> Any:
    return short_title(name) if name in SOURCES else name


def _address(url: Any) -> Any:
    """Return a web address as a link that shows its host."""
    host = urlsplit(url).hostname if isinstance(url, str) else None
    return link(host, url) if host else url


def _name_in_words(name: Any) -> Any:
    return in_words(name) if isinstance(name, str) else name


_SHOWN: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("source", "other_source", "missing_from", "stands"), _source),
    "table_name": _name_in_words,
    "column_name": _name_in_words,
    "url": _address,
}
"""Column → how its values are shown to people."""


def _unbroken(text: str) -> str:
    """Return escaped text whose dates are not broken into two lines."""
    return _DATE.sub(r"<span style='white-space:nowrap'>\g<0></span>", escape(text))


def _ungrouped(column: "pd.Series[Any]") -> list[str | None]:
    """Return numbers that stand for names as text, because a table groups the digits of others."""
    return [None if pd.isna(each) else str(each).removesuffix(".0") for each in column]


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
    shown = value.data if isinstance(value, HTML) else _text(value)
    is_short = isinstance(value, str) and len(value) <= _UNBROKEN_TEXT
    unbroken = ";white-space:nowrap" if is_short else ""
    if isinstance(value, str) and not is_short:
        unbroken = ";min-width:12em"  # a narrow page scrolls a table rather than break each word
    return f"<td style='{_CELL};text-align:{align}{unbroken}'>{shown}</td>"


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
