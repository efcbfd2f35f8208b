"""Build tidy frames from rows. Every row is loaded, rejected, duplicate or out of scope."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from operator import itemgetter
from typing import Any

import pandas as pd
from pandas.api.extensions import ExtensionArray

from spacex.orbits.element_sets import EPOCH_LEAD_DAYS
from spacex.schema import TABLES, Table
from spacex.schema.constraints import DTYPES, Violation, violations
from spacex.schema.launches import LAUNCHES
from spacex.schema.starlink import STARLINK_ELEMENTS
from spacex.sources.mapping import TableMapping
from spacex.sources.record import Record, Unreadable
from spacex.sources.source import Endpoint
from spacex.transform.deduplicate import Deduplicated, Documents, deduplicate
from spacex.transform.derive import derive
from spacex.transform.repeated_rows import repeated_rows
from spacex.transform.rows import Reject, Rows, quote, read_rows
from spacex.transform.values import UnreadableError, convert
from spacex.units import counted, utc_instant, utc_text

_LEAD_DAYS = {STARLINK_ELEMENTS.name: EPOCH_LEAD_DAYS, LAUNCHES.name: 1}
"""Table → days after its response from which nothing can be in it; a clock may be off by hours."""
_KNOWN_LENGTH = dict.fromkeys(("day", "hour", "minute", "second"), len("2026-11-01")) | {
    "month": len("2026-11")
}
"""Precision of a date → length of the part that is known."""
_Rejected = tuple[int, Reject]
"""Position of a row, and a reject of the row or of one of its values."""


@dataclass(frozen=True)
class TidyTable:
    """One table of one source in one run.

    Attributes:
        frame: accepted rows, with the table's columns in order.
        rows_in: number of rows read from the source.
        rejects: reasons for the rejected rows and values; a row may have several.
        rows_duplicate: number of rows that repeat a row of the same source, or that a newer one
            replaced.
        rows_superseded: number of rows replaced by a row of another source.
        rows_out_of_scope: number of rows outside this project's scope.
    """

    table: Table
    endpoint: str
    source: str
    frame: pd.DataFrame
    rows_in: int
    rejects: list[Reject]
    rows_duplicate: int = 0
    rows_superseded: int = 0
    rows_out_of_scope: int = 0

    @property
    def rows_rejected(self) -> int:
        """Number of rejected rows: all that have no other fate."""
        others = self.rows_duplicate + self.rows_superseded + self.rows_out_of_scope
        return self.rows_in - len(self.frame) - others

    @property
    def counts(self) -> dict[str, str | int]:
        """The row of `_counts`, without its run: in = the sum of the other counts."""
        return {
            "table_name": self.table.name,
            "source": self.source,
            "endpoint": self.endpoint,
            "rows_in": self.rows_in,
            "rows_loaded": len(self.frame),
            "rows_rejected": self.rows_rejected,
            "rows_duplicate": self.rows_duplicate,
            "rows_superseded": self.rows_superseded,
            "rows_out_of_scope": self.rows_out_of_scope,
        }

    def keep(self, frame: pd.DataFrame) -> "TidyTable":
        """Return the table with the remaining rows; count the dropped ones as superseded."""
        dropped = len(self.frame) - len(frame)
        return replace(self, frame=frame, rows_superseded=self.rows_superseded + dropped)


def tidy_tables(
    endpoint: Endpoint, source: str, records: Iterable[Record | Unreadable], observed_utc: str = ""
) -> list[TidyTable]:
    """Build the tables of one response of an endpoint.

    Args:
        endpoint: the endpoint.
        source: name of the source.
        records: the records of the response.
        observed_utc: see `tables_of`.
    """
    return tables_of(endpoint, source, [records], observed_utc)


def tables_of(
    endpoint: Endpoint, source: str, documents: Documents, observed_utc: str = ""
) -> list[TidyTable]:
    """Build the tables of one endpoint of a source.

    Args:
        endpoint: the endpoint.
        source: name of the source.
        documents: the records of each response, oldest first.
        observed_utc: instant of the newest response, for the `observed_utc` columns.
    """
    read, deduplicated = _read(endpoint, documents)
    constants = {"source": source, "observed_utc": observed_utc or None}
    tidy: dict[str, TidyTable] = {}
    for name in endpoint.tables:
        own = [rows for rows in read if rows.table == name]
        is_shared = any(m.is_shared for m in endpoint.mappings if m.table == name)
        table = _tidy(TABLES[name], endpoint.name, constants, own, is_shared=is_shared)
        if any(m.table == name and not (m.each or m.is_shared) for m in endpoint.mappings):
            table = _count_dropped(table, deduplicated[name])
        parent = table.table.parent
        tidy[name] = _reject_orphans(table, tidy[parent]) if parent else table
    return list(tidy.values())


def _read(endpoint: Endpoint, documents: Documents) -> tuple[list[Rows], dict[str, Deduplicated]]:
    """Return the rows of each mapping, and by table the records that remained for it.

    The records are read once, as they come, unless tables with and without history differ in them.
    """
    groups: dict[bool, list[TableMapping]] = {}
    for mapping in endpoint.mappings:
        keep_versions = bool(endpoint.version) and TABLES[mapping.table].keeps_history
        groups.setdefault(keep_versions, []).append(mapping)
    every = [list(each) for each in documents] if len(groups) > 1 else documents
    read: list[Rows] = []
    deduplicated: dict[str, Deduplicated] = {}
    for keep_versions, mappings in groups.items():
        remaining = deduplicate(endpoint, every, keep_versions=keep_versions)
        for mapping, rows in zip(mappings, read_rows(remaining.records, mappings), strict=True):
            read.append(rows)
            deduplicated[mapping.table] = remaining
    return read, deduplicated


def _count_dropped(tidy: TidyTable, deduplicated: Deduplicated) -> TidyTable:
    """Add the records dropped before reading to the counts of a table with one row per record."""
    return replace(
        tidy,
        rows_in=tidy.rows_in + deduplicated.out_of_scope + deduplicated.duplicates,
        rows_duplicate=tidy.rows_duplicate + deduplicated.duplicates,
        rows_out_of_scope=deduplicated.out_of_scope,
    )


def _tidy(
    table: Table,
    endpoint: str,
    constants: Mapping[str, str | None],
    read: list[Rows],
    *,
    is_shared: bool,
) -> TidyTable:
    unreadable = [reject for rows in read for reject in rows.rejects]
    rows_in = sum(len(rows.rows) for rows in read) + len(unreadable)
    frame, unconverted = _convert(table, constants, read)
    repeats, differing = (frame.index[:0], []) if is_shared else repeated_rows(table, frame)
    frame = frame.drop(index=repeats)
    frame, contradicting = _without(differing, table, frame, frame)
    observed_utc = constants["observed_utc"] or ""
    derived = derive(table.name, frame, observed_utc)
    found = violations(table, derived, is_unique=not is_shared)
    frame, invalid = _without(found, table, derived, derived)
    frame, future = _without(_future(table, frame, observed_utc), table, frame, frame)
    names = [name for rows in read for name in rows.names]
    rejects = [
        *unreadable,
        *(
            replace(each, record_name=names[position])
            for position, each in unconverted + contradicting + invalid + future
        ),
    ]
    if is_shared:
        frame, rejects = _keep_last(table, frame, rejects)
        rows_in = len(frame) + len({each.row_key for each in rejects if each.lost == "row"})
    source = str(constants["source"])
    return TidyTable(table, endpoint, source, frame, rows_in, rejects, rows_duplicate=len(repeats))


def _keep_last(
    table: Table, frame: pd.DataFrame, rejects: list[Reject]
) -> tuple[pd.DataFrame, list[Reject]]:
    """Keep the last valid value of each column per key, where several records repeat a row.

    Only what no record has stays rejected.
    """
    last = frame.groupby([*table.key], sort=False, as_index=False).last()[[*table.column_names]]
    known = {_row_key(table, last, position): last.loc[position].notna() for position in last.index}
    lost = {
        (each.row_key, each.column_name): each
        for each in rejects
        if each.row_key not in known
        or (each.lost == "value" and not known[each.row_key][each.column_name])
    }
    return last, list(lost.values())


def _convert(
    table: Table, constants: Mapping[str, str | None], read: list[Rows]
) -> tuple[pd.DataFrame, list[_Rejected]]:
    """Return the frame of the rows whose required values convert, with all columns; the rejects."""
    count = sum(len(rows.rows) for rows in read)
    values = {name: [value] * count for name, value in constants.items()} | _columns(read)
    raw = {c.name: values.get(c.name, [None] * count) for c in table.columns}
    arrays: dict[str, ExtensionArray] = {}
    errors: list[Violation] = []
    for column in table.columns:
        converted, reasons = convert(column.kind, raw[column.name])
        arrays[column.name] = pd.array(converted, dtype=DTYPES[column.kind])
        errors += [(position, column.name, reason) for position, reason in reasons.items()]
    errors.sort(key=itemgetter(0, 1))
    return _without(errors, table, pd.DataFrame(arrays), raw)


def _columns(read: list[Rows]) -> dict[str, list[Any]]:
    """Return the values by column, over all mappings of a table; None where a mapping has none."""
    columns: dict[str, list[Any]] = {name: [] for rows in read for name in rows.columns}
    for rows in read:
        own = dict(zip(rows.columns, zip(*rows.rows, strict=True), strict=False))
        for name, values in columns.items():
            values.extend(own.get(name, [None] * len(rows.rows)))
    return columns


def _future(table: Table, frame: pd.DataFrame, observed_utc: str) -> list[Violation]:
    """Return what a response cannot know: flights of after it, and epochs too long after it.

    Element sets are predicted some days ahead.
    """
    if table.name not in _LEAD_DAYS or not observed_utc:
        return []
    days = _LEAD_DAYS[table.name]
    latest = utc_text(utc_instant(observed_utc) + timedelta(days=days), "microseconds")
    if table.name == STARLINK_ELEMENTS.name:
        column, is_future = "epoch_utc", frame["epoch_utc"] > latest
    else:
        column, is_future = "date_utc", ~frame["is_upcoming"] & _begins_after(frame, latest)
    reason = f"is over {counted(days, 'day')} after the response of {observed_utc}"
    return [(position, column, reason) for position in frame.index[is_future]]


def _begins_after(launches: pd.DataFrame, instant: str) -> "pd.Series[bool]":
    """Return whether the date of each launch, as far as it is known, is after an instant."""
    known = launches["date_precision"].map(_KNOWN_LENGTH).fillna(len("2026")).astype(int)
    dates = zip(launches["date_utc"], known, strict=True)
    return pd.Series([d[:n] > instant[:n] for d, n in dates], launches.index, dtype=bool)


def _without(
    errors: Sequence[Violation],
    table: Table,
    frame: pd.DataFrame,
    values: Mapping[str, Any] | pd.DataFrame,
) -> tuple[pd.DataFrame, list[_Rejected]]:
    """Clear the erroneous values of optional columns, and drop the rows with other errors.

    Args:
        errors: the errors.
        table: the table.
        frame: its rows.
        values: the original values of each column, for the rejects.

    Returns:
        The remaining rows, and the rejects by position.
    """
    if not errors:
        return frame, []
    optional = table.optional_columns
    dropped = {position for position, column, _ in errors if column not in optional}
    rejects = [
        (position, _reject(table, values, position, reason, column))
        if column not in optional
        else (position, _reject(table, values, position, reason, column, kept=frame))
        for position, column, reason in errors
        if column not in optional or position not in dropped
    ]
    cleared = {
        name: frame[name].mask(frame.index.isin([at for at, column, _ in errors if column == name]))
        for name in optional & {column for _, column, _ in errors}
    }
    return frame.assign(**cleared).drop(index=sorted(dropped)), rejects


def _reject_orphans(child: TidyTable, parent: TidyTable) -> TidyTable:
    """Reject the rows whose parent row was rejected, for the reason of that."""
    key = list(parent.table.key)
    accepted = pd.MultiIndex.from_frame(parent.frame[key])
    is_orphan = ~pd.MultiIndex.from_frame(child.frame[key]).isin(accepted)
    causes = {each.row_key: each for each in reversed(parent.rejects) if each.lost == "row"}
    rejects = []
    for position in child.frame.index[is_orphan]:
        cause = causes.get(_row_key(parent.table, child.frame, position))
        reason = f"its row in {parent.table.name} was rejected{_because(cause)}"
        reject = _reject(child.table, child.frame, position, reason)
        rejects.append(replace(reject, record_name=cause.record_name if cause else ""))
    return replace(child, frame=child.frame[~is_orphan], rejects=[*child.rejects, *rejects])


def _because(cause: Reject | None) -> str:
    """Return column and reason of a reject, to follow upon what it caused."""
    if cause is None:
        return ""
    of = f" for {cause.column_name}" if cause.column_name else ""
    return f"{of}: {cause.reason}"


def _reject(
    table: Table,
    values: Mapping[str, Any] | pd.DataFrame,
    position: int,
    reason: str,
    column: str = "",
    kept: pd.DataFrame | None = None,
) -> Reject:
    """Return the reject of a row, or of one of its values.

    Args:
        table: the table.
        values: the original values of each column.
        position: the row's position in them.
        reason: the reason.
        column: the column at fault; empty if it is the whole row.
        kept: the frame that keeps the row, if only the value is lost.
    """
    keys = values if kept is None else kept
    key = _row_key(table, keys, position)
    value = values[column][position] if column else ""
    quoted = "" if isinstance(value, UnreadableError) else quote(value)
    lost = "row" if kept is None else "value"
    return Reject(table.name, key, column, quoted, reason, lost=lost)


def _row_key(table: Table, values: Mapping[str, Any] | pd.DataFrame, position: int) -> str:
    return "/".join(quote(values[name][position]) for name in table.key if name != "source")
