"""Two runs side by side: what went in, what came out, and what the checks found.

A run is known by its rows in the database, if it published, and by its folder, as long as that is
kept: an import may replace the rows. What is not known of a run is called so; it is no difference.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from spacex import __version__
from spacex.analysis import queries
from spacex.errors import DatabaseError, SettingsError, SnapshotError
from spacex.extract.run_folder import MANIFEST, NAMED_FOR_START, STAGING, Run
from spacex.extract.run_start import STARTED
from spacex.files import write_atomically
from spacex.notebook.reports.report_records import ReportRecord, write_report_record
from spacex.notebook.run_index import (
    RECORD,
    Record,
    html_page,
    html_table,
    read_record,
    run_folders,
    write_index,
)
from spacex.settings import Settings
from spacex.settings.values import nearest
from spacex.units import counted, date_text, utc_now, utc_text

LAST = "last"
"""Stands for the newest run."""
_PAGE = "compare.html"
_OF_RUNS = (RECORD, STARTED, MANIFEST, STAGING)
"""Files of which the folder of a run has one."""
_COUNTS = """
    SELECT table_name, source, rows_loaded, rows_rejected, rows_duplicate FROM _counts
    WHERE run_id = ?
    ORDER BY table_name, source"""
_STAGED_COUNTS = """
    SELECT table_name, source, rows_loaded, rows_rejected, rows_duplicate FROM _counts
    WHERE run_id = ? AND endpoint IN (SELECT endpoint FROM _snapshots)
    ORDER BY table_name, source"""
NOT_KNOWN = "not known"
_NOT_PUBLISHED = "not published"
_NONE = "none"
_COMPLETE = ("Inputs", "Records loaded", "Records rejected", "Duplicate records", "Findings")
"""The parts that are known as a whole or not at all."""
_SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True)
class Line:
    """A value of two runs.

    Attributes:
        part: the part of the comparison, such as `Inputs`.
        what: what is compared.
        pair: the value of each run, or that it is not known or not published.
    """

    part: str
    what: str
    pair: tuple[str, str]

    @property
    def is_known(self) -> bool:
        """Whether both runs have a value."""
        return not {NOT_KNOWN, _NOT_PUBLISHED} & {*self.pair}

    @property
    def differs(self) -> bool:
        """Whether the runs are known to differ in it."""
        return self.is_known and self.pair[0] != self.pair[1]


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
        if len({*self.runs}) == 1:
            return f"Both are one run, {self.runs[0]}: there is nothing to compare."
        unknown = sum(not line.is_known for line in self.lines)
        known = (
            f" {counted(unknown, 'value is', 'values are')} known of one only." if unknown else ""
        )
        if not self.differences:
            return f"The two runs do not differ in what is recorded of them.{known}"
        parts = dict.fromkeys(line.part.lower() for line in self.differences)
        equal = len(self.lines) - len(self.differences) - unknown
        differ = f"They differ in {counted(len(self.differences), 'value')}: {', '.join(parts)}."
        return f"{differ} {counted(equal, 'value is', 'values are')} equal.{known}"


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
    absent = [_absent(settings, *each) for each in zip(runs, values, strict=True)]
    first_of, second_of = (
        {key: found.get(key, other[key[0]]) for key in keys}
        for found, other in zip(values, absent, strict=True)
    )
    return Comparison(runs, [Line(*key, (first_of[key], second_of[key])) for key in keys])


def _absent(settings: Settings, run_id: str, values: Mapping["Key", str]) -> Mapping[str, str]:
    """Return part → what a line is called that a run does not have."""
    record = read_record(settings.runs_dir / run_id)
    is_failed = record is not None and record.state != "published"
    known = dict.fromkeys({part for part, _ in values} & {*_COMPLETE}, _NONE)
    return defaultdict(lambda: _NOT_PUBLISHED if is_failed else NOT_KNOWN, known)


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
    found = {folder.name for folder in run_folders(settings.runs_dir) if _is_run(folder)}
    with suppress(DatabaseError):
        ids = "SELECT run_id FROM _runs"
        found |= set(queries.query(settings.database, ids)["run_id"])
    return sorted(found)


def _is_run(folder: Path) -> bool:
    """Return whether a folder is that of a run, by its name or by a file in it."""
    is_named = NAMED_FOR_START.fullmatch(folder.name)
    return bool(is_named) or any((folder / name).is_file() for name in _OF_RUNS)


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
    counts = _counts(settings, run_id)
    return {
        (part, what): value
        for part, lines in (
            ("Run", _of_run(settings, run_id, counts)),
            ("Inputs", _of_inputs(settings, run_id)),
            ("Records loaded", _of_rows(counts, 0)),
            ("Records rejected", _of_rows(counts, 1)),
            ("Duplicate records", _of_rows(counts, 2)),
            ("Key figures", _of_figures(settings, run_id)),
            ("Findings", _of_findings(settings, run_id)),
        )
        for what, value in lines
    }


def _of_run(
    settings: Settings, run_id: str, counts: Sequence[tuple[Any, ...]]
) -> Iterator[tuple[str, str]]:
    """Yield how a run ended and what it published.

    Args:
        settings: the folders and the database.
        run_id: the run.
        counts: the fates of its records, as of `_counts`.
    """
    record = read_record(settings.runs_dir / run_id)
    row = _row(settings, run_id)
    if record:
        yield "state", f"{record.state}: {record.failure}" if record.failure else record.state
        yield "duration, s", f"{record.duration_s:.0f}"
        if record.schema_version:
            yield "schema version", f"{record.schema_version}"
        for name, value in record.parameters.items():
            yield f"parameter {name}", f"{value}" or "not set"
    elif row:
        yield "state", "published"
    if row or (record and record.state == "published"):
        yield from _of_published(row, record, counts)


def _of_published(
    row: Mapping[str, Any], record: Record | None, counts: Sequence[tuple[Any, ...]]
) -> Iterator[tuple[str, str]]:
    """Yield what a run published by its row in the database, or else by its folder.

    Args:
        row: its row of `_runs`; empty if there is none.
        record: how it ended; None if its folder does not tell.
        counts: the fates of its records, as of `_counts`.
    """
    if release := row["software_version"] if row else record and record.release:
        yield "release", str(release)
    is_simulated = row["is_simulated"] if row else record and record.is_simulated
    if is_simulated is not None:
        yield "data", "simulated" if is_simulated else "real"
    if row or counts:
        loaded, rejected = (sum(each[place] for each in counts) for place in (2, 3))
        yield "rows loaded", f"{row.get('row_count', loaded):,}"
        yield "records rejected", f"{row.get('reject_count', rejected):,}"


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
    with suppress(SnapshotError, SettingsError, ValueError):  # or a date that is none
        return [
            (f"{s.source}, {s.endpoint}", s.record_count, date_text(s.retrieved_utc), s.sha256)
            for s in (x.snapshot for x in Run(settings.runs_dir, run_id).manifest().extracted)
        ]
    sql = """SELECT source || ', ' || endpoint, record_count, retrieved_utc, sha256 FROM _snapshots
             WHERE run_id = ? ORDER BY source, endpoint, retrieved_utc"""
    rows = _read(settings.database, sql, run_id)
    return [(name, count, date_text(date), digest) for name, count, date, digest in rows]


def _of_rows(counts: Sequence[tuple[Any, ...]], place: int) -> Iterator[tuple[str, str]]:
    for table, source, *rows in counts:
        yield f"{table}, {source}", f"{rows[place]:,}"


def _of_figures(settings: Settings, run_id: str) -> Iterator[tuple[str, str]]:
    record = read_record(settings.runs_dir / run_id)
    yield from record.figures.items() if record else ()


def _of_findings(settings: Settings, run_id: str) -> Iterator[tuple[str, str]]:
    record = read_record(settings.runs_dir / run_id)
    rows = record.findings if record else None
    if _row(settings, run_id):
        rows = queries.finding_records(settings.database, run_id)
    if rows is None:
        return
    for severity in _SEVERITIES:
        yield severity, f"{sum(row[0] == severity for row in rows)}"
    for severity, name, message in rows:
        yield name.replace("_", " "), f"{severity}: {message}"


def _counts(settings: Settings, run_id: str) -> list[tuple[Any, ...]]:
    """Return table, source and fates of the records of a published run; none if not known."""
    if found := _read(settings.database, _COUNTS, run_id):
        return found
    record = read_record(settings.runs_dir / run_id)
    if record is None or record.state != "published":
        return []
    return _read(Run(settings.runs_dir, run_id).staging, _STAGED_COUNTS, run_id)


def _row(settings: Settings, run_id: str) -> dict[str, Any]:
    """Return the row of `_runs` of a run; empty if it published nothing."""
    with suppress(DatabaseError):
        return {str(name): value for name, value in queries.run(settings.database, run_id).items()}
    return {}


def _read(database: Path, sql: str, run_id: str) -> list[tuple[Any, ...]]:
    with suppress(DatabaseError):
        found = queries.query(database, sql, [run_id])
        return list(found.itertuples(index=False, name=None))
    return []


def _page(comparison: Comparison) -> str:
    heads = ("", *map(escape, comparison.runs))
    body = f"<h1>Two runs side by side</h1><p>{escape(comparison.headline)}</p>"
    for part in dict.fromkeys(line.part for line in comparison.lines):
        rows = [_html_row(line) for line in comparison.lines if line.part == part]
        body += f"<h2>{escape(part)}</h2>{html_table(heads, rows)}"
    sources = "Sources: the records and manifests of the runs, and their rows in the database."
    return html_page("Two runs side by side", f"{body}<p>{sources} Not known: no difference.</p>")


def _html_row(line: Line) -> str:
    """Return a row, in which what differs is bold."""
    shown = [escape(each) for each in line.pair]
    cells = [f"<b>{each}</b>" if line.differs else each for each in shown]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in (escape(line.what), *cells))}</tr>"
