"""Two runs side by side: what went in, what came out, and what the checks found.

A run is known by its folder, as long as that is kept, and by its rows in the database, if it
published. What is not known of a run is a dash, not zero.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from spacex import __version__
from spacex.analysis import queries
from spacex.analysis.key_figures import UNKNOWN
from spacex.errors import DatabaseError, SettingsError, SnapshotError
from spacex.extract.run_folder import Run
from spacex.files import write_atomically
from spacex.notebook.reports.report_records import ReportRecord, write_report_record
from spacex.notebook.run_index import html_page, html_table, read_record, run_folders, write_index
from spacex.settings import Settings
from spacex.settings.values import nearest
from spacex.units import counted, date_text, utc_now, utc_text

LAST = "last"
"""Stands for the newest run."""
_PAGE = "compare.html"
_COUNTS = """
    SELECT table_name, source, rows_loaded, rows_rejected, rows_duplicate FROM _counts
    WHERE run_id = ?
    ORDER BY table_name, source"""
_SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True)
class Line:
    """A value of two runs.

    Attributes:
        part: the part of the comparison, such as `Inputs`.
        what: what is compared.
        pair: the value of each run; a dash if it is not known.
    """

    part: str
    what: str
    pair: tuple[str, str]

    @property
    def differs(self) -> bool:
        """Whether the runs differ in it."""
        return self.pair[0] != self.pair[1]


@dataclass(frozen=True)
class Comparison:
    """Two runs side by side.

    Attributes:
        runs: their ids.
        lines: their values, part by part.
    """

    runs: tuple[str, str]
    lines: list[Line]

    @property
    def differences(self) -> list[Line]:
        """The values in which they differ."""
        return [line for line in self.lines if line.differs]

    @property
    def headline(self) -> str:
        """The comparison in a sentence."""
        if not self.differences:
            return "The two runs do not differ in what is recorded of them."
        parts = dict.fromkeys(line.part.lower() for line in self.differences)
        equal = len(self.lines) - len(self.differences)
        differ = f"They differ in {counted(len(self.differences), 'value')}: {', '.join(parts)}."
        return f"{differ} {counted(equal, 'value is', 'values are')} equal."


def compare_runs(settings: Settings, first: str, second: str) -> Comparison:
    """Return two runs side by side.

    Args:
        settings: the folders and the database.
        first: a run: its id, the beginning of one, or `last`.
        second: another run.

    Raises:
        SettingsError: there is no such run, or several begin so.
    """
    known = _known_runs(settings)
    runs = _find(first, known), _find(second, known)
    values = [_values(settings, run_id) for run_id in runs]
    keys = sorted({*values[0], *values[1]}, key=_order(values))
    lines = [Line(*key, (values[0].get(key, UNKNOWN), values[1].get(key, UNKNOWN))) for key in keys]
    return Comparison(runs, lines)


def write_comparison(settings: Settings, comparison: Comparison) -> Path:
    """Write a comparison as a page among the reports made to order, and return its path.

    Raises:
        StorageError: it cannot be written.
    """
    folder = settings.reports_dir / "_".join(("compare", *comparison.runs))
    write_atomically(folder / _PAGE, _page(comparison).encode())
    record = ReportRecord(
        report="compare",
        title="Two runs side by side",
        parameters=dict(zip(("first", "second"), comparison.runs, strict=True)),
        page=_PAGE,
        made_utc=utc_text(utc_now()),
        duration_s=0,
        run_id=max(comparison.runs),
        is_simulated=any("simulated" in line.pair for line in comparison.lines),
        version=__version__,
        basis="",
        headline=comparison.headline,
    )
    write_report_record(folder, record)
    write_index(settings)
    return folder / _PAGE


def _known_runs(settings: Settings) -> list[str]:
    """Return the ids of all runs, the oldest first."""
    found = {folder.name for folder in run_folders(settings.runs_dir)}
    with suppress(DatabaseError):
        ids = "SELECT run_id FROM _runs"
        found |= set(queries.query(settings.database, ids)["run_id"])
    return sorted(found)


def _find(wanted: str, known: Sequence[str]) -> str:
    """Return the id of a run, given it, its beginning, or `last`."""
    remedy = f"The newest are {', '.join(known[-3:])}." if known else "There is no run yet."
    if wanted in known:
        return wanted
    found = [run_id for run_id in known if wanted and run_id.startswith(wanted)]
    if wanted == LAST and known:
        return known[-1]
    if len(found) > 1:
        raise SettingsError(
            f"{len(found)} runs begin with {wanted!r}.", f"Give more of it: {remedy}"
        )
    if not found:
        raise SettingsError(f"There is no run {wanted!r}{nearest(wanted, known) or '.'}", remedy)
    return found[0]


Key = tuple[str, str]


def _order(values: Sequence[Mapping[Key, str]]) -> Any:
    """Return the sort key that leaves parts and lines in the order in which they were read."""
    parts = list(dict.fromkeys(part for each in values for part, _ in each))
    places = {key: place for each in reversed(values) for place, key in enumerate(each)}
    return lambda key: (parts.index(key[0]), places[key], key[1])


def _values(settings: Settings, run_id: str) -> dict[Key, str]:
    """Return part and line → value of a run."""
    counts = _read(settings, _COUNTS, run_id)
    return {
        (part, what): value
        for part, lines in (
            ("Run", _of_run(settings, run_id)),
            ("Inputs", _of_inputs(settings, run_id)),
            ("Records loaded", _of_rows(counts, 0)),
            ("Records rejected", _of_rows(counts, 1)),
            ("Duplicate records", _of_rows(counts, 2)),
            ("Key figures", _of_figures(settings, run_id)),
            ("Findings", _of_findings(settings, run_id)),
        )
        for what, value in lines
    }


def _of_run(settings: Settings, run_id: str) -> Iterator[tuple[str, str]]:
    record = read_record(settings.runs_dir / run_id)
    row = _row(settings, run_id)
    if record:
        yield "state", f"{record.state}: {record.failure}" if record.failure else record.state
        yield "duration, s", f"{record.duration_s:.0f}"
        yield "schema version", f"{record.schema_version}" if record.schema_version else UNKNOWN
        for name, value in record.parameters.items():
            yield f"parameter {name}", f"{value}" or "–"
    elif row:
        yield "state", "published"
    if row:
        yield "release", str(row["software_version"])
        yield "data", "simulated" if row["is_simulated"] else "real"
        yield "rows loaded", f"{row['row_count']:,}"
        yield "records rejected", f"{row['reject_count']:,}"


def _of_inputs(settings: Settings, run_id: str) -> Iterator[tuple[str, str]]:
    """Yield the snapshots of each endpoint: records, date and digest, equal for equal ones."""
    inputs = pd.DataFrame(_inputs(settings, run_id), columns=["of", "records", "date", "digest"])
    for name, found in inputs.groupby("of", sort=False):
        several = f"{len(found):,} snapshots, " if len(found) > 1 else ""
        newest = found.iloc[-1]
        records = counted(found["records"].sum(), "record")
        yield str(name), f"{several}{records} of {newest['date']} ({newest['digest'][:8]})"


def _inputs(settings: Settings, run_id: str) -> list[tuple[str, int, str, str]]:
    """Return endpoint, records, date and digest of each snapshot, by the manifest if it is kept."""
    with suppress(SnapshotError, SettingsError):
        return [
            (f"{s.source}, {s.endpoint}", s.record_count, date_text(s.retrieved_utc), s.sha256)
            for s in (x.snapshot for x in Run(settings.runs_dir, run_id).manifest().extracted)
        ]
    sql = """SELECT source || ', ' || endpoint, record_count, retrieved_utc, sha256 FROM _snapshots
             WHERE run_id = ? ORDER BY source, endpoint, retrieved_utc"""
    rows = _read(settings, sql, run_id)
    return [(name, count, date_text(date), digest) for name, count, date, digest in rows]


def _of_rows(counts: Sequence[tuple[Any, ...]], place: int) -> Iterator[tuple[str, str]]:
    for table, source, *rows in counts:
        yield f"{table}, {source}", f"{rows[place]:,}"


def _of_figures(settings: Settings, run_id: str) -> Iterator[tuple[str, str]]:
    record = read_record(settings.runs_dir / run_id)
    yield from record.figures.items() if record else ()


def _of_findings(settings: Settings, run_id: str) -> Iterator[tuple[str, str]]:
    if not _row(settings, run_id):
        return
    sql = """SELECT severity, check_name, message FROM _findings WHERE run_id = ?
             ORDER BY check_name"""
    rows = _read(settings, sql, run_id)
    for severity in _SEVERITIES:
        yield severity, f"{sum(row[0] == severity for row in rows)}"
    for severity, name, message in rows:
        yield name.replace("_", " "), f"{severity}: {message}"


def _row(settings: Settings, run_id: str) -> dict[str, Any]:
    """Return the row of `_runs` of a run; empty if it published nothing."""
    with suppress(DatabaseError):
        return {str(name): value for name, value in queries.run(settings.database, run_id).items()}
    return {}


def _read(settings: Settings, sql: str, run_id: str) -> list[tuple[Any, ...]]:
    with suppress(DatabaseError):
        found = queries.query(settings.database, sql, [run_id])
        return list(found.itertuples(index=False, name=None))
    return []


def _page(comparison: Comparison) -> str:
    heads = ("", *map(escape, comparison.runs))
    body = f"<h1>Two runs side by side</h1><p>{escape(comparison.headline)}</p>"
    for part in dict.fromkeys(line.part for line in comparison.lines):
        rows = [_html_row(line) for line in comparison.lines if line.part == part]
        body += f"<h2>{escape(part)}</h2>{html_table(heads, rows)}"
    sources = "Sources: the records and manifests of the runs, and their rows in the database."
    return html_page("Two runs side by side", f"{body}<p>{sources} A dash: not known.</p>")


def _html_row(line: Line) -> str:
    """Return a row, in which what differs is bold."""
    shown = [escape(each) for each in line.pair]
    cells = [f"<b>{each}</b>" if line.differs else each for each in shown]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in (escape(line.what), *cells))}</tr>"
