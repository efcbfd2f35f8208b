"""Tidy frames out of rows, every row accounted for: loaded, or refused with its reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pandera.errors

from spacex.schema import TABLES, Table
from spacex.schema.frame_schema import DTYPES, frame_schema
from spacex.sources.source import Endpoint
from spacex.transform.deduplicate import Deduplicated, deduplicate, last_of_each
from spacex.transform.derive import derive
from spacex.transform.rows import Reject, Rows, quote, read_rows
from spacex.transform.values import convert

_SAME_KEY = "multiple_fields_uniqueness"
"""What pandera calls it that a key stands for more than one row."""


@dataclass(frozen=True)
class TidyTable:
    """One table of one run.

    Attributes:
        table: its declaration.
        endpoint: name of the list it came from.
        source: name of the source it came from.
        frame: the accepted rows, with the table's columns in order.
        rows_in: rows the source gave.
        rejects: why the others were refused; a row may have several reasons.
        rows_duplicate: rows that a newer one of the same source repeats.
        rows_superseded: rows that give way to one of another source.
        rows_out_of_scope: rows of what this project is not about.
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
        """Rows refused: in = loaded + rejected + duplicate + superseded + out of scope."""
        left_out = self.rows_duplicate + self.rows_superseded + self.rows_out_of_scope
        return self.rows_in - len(self.frame) - left_out

    def keep(self, frame: pd.DataFrame) -> "TidyTable":
        """The table with fewer rows, those left out superseded."""
        left_out = len(self.frame) - len(frame)
        return replace(self, frame=frame, rows_superseded=self.rows_superseded + left_out)


def tidy_tables(
    endpoint: Endpoint, source: str, records: Iterable[Mapping[str, Any]], observed_utc: str = ""
) -> list[TidyTable]:
    """The tables that one list of a source fills.

    Args:
        endpoint: the list.
        source: name of the source, for the `source` columns.
        records: the list's records, of several answers from the oldest to the newest.
        observed_utc: instant of the newest answer, for the columns of that name.
    """
    dropped = deduplicate(endpoint, records)
    read = [
        last_of_each(rows) if mapping.is_shared else rows
        for mapping, rows in zip(
            endpoint.mappings, read_rows(dropped.records, endpoint.mappings), strict=True
        )
    ]
    given = {"source": source, "observed_utc": observed_utc or None}
    tidy: dict[str, TidyTable] = {}
    for name in endpoint.tables:
        table = TABLES[name]
        one = _tidy(table, endpoint.name, given, [rows for rows in read if rows.table == name])
        if any(m.table == name and not (m.each or m.is_shared) for m in endpoint.mappings):
            one = _with_dropped_records(one, dropped)
        tidy[name] = _without_orphans(one, tidy[table.parent]) if table.parent else one
    return list(tidy.values())


def _with_dropped_records(tidy: TidyTable, dropped: Deduplicated) -> TidyTable:
    """The table with the records counted that were left out before rows were read."""
    return replace(
        tidy,
        rows_in=tidy.rows_in + dropped.out_of_scope + dropped.duplicates,
        rows_duplicate=dropped.duplicates,
        rows_out_of_scope=dropped.out_of_scope,
    )


def _tidy(
    table: Table, endpoint: str, given: Mapping[str, str | None], read: list[Rows]
) -> TidyTable:
    rejects = [reject for rows in read for reject in rows.rejects]
    rows_in = sum(len(rows.rows) for rows in read) + len(rejects)
    frame, faults = _frame(table, given, read)
    frame, failures = _validated(table, derive(table.name, frame))
    source = str(given["source"])
    return TidyTable(table, endpoint, source, frame, rows_in, [*rejects, *faults, *failures])


def _frame(
    table: Table, given: Mapping[str, str | None], read: list[Rows]
) -> tuple[pd.DataFrame, list[Reject]]:
    """The rows whose values convert, with a column for each of the table's, and the other rows."""
    count = sum(len(rows.rows) for rows in read)
    values = {name: [value] * count for name, value in given.items()} | _columns(read)
    raw = {c.name: values.get(c.name, [None] * count) for c in table.columns}
    converted: dict[str, list[Any]] = {}
    faults: dict[tuple[int, str], str] = {}
    for column in table.columns:
        converted[column.name], at_fault = convert(column.kind, raw[column.name])
        faults |= {(place, column.name): reason for place, reason in at_fault.items()}
    frame = pd.DataFrame(
        {c.name: pd.Series(converted[c.name], dtype=DTYPES[c.kind]) for c in table.columns}
    )
    rejects = [
        Reject(table.name, _key(table, raw, place), column, quote(raw[column][place]), reason)
        for (place, column), reason in sorted(faults.items())
    ]
    return frame.drop(index=sorted({place for place, _ in faults})), rejects


def _columns(read: list[Rows]) -> dict[str, list[Any]]:
    """Lists of values by column, over all of a table's mappings; None where one lacks it."""
    columns: dict[str, list[Any]] = {name: [] for rows in read for name in rows.columns}
    for rows in read:
        own = dict(zip(rows.columns, zip(*rows.rows, strict=True), strict=False))
        for name, values in columns.items():
            values.extend(own.get(name, [None] * len(rows.rows)))
    return columns


def _validated(table: Table, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Reject]]:
    """The rows that satisfy the table's declaration, and the reasons against the others."""
    try:
        return frame_schema(table).validate(frame, lazy=True), []
    except pandera.errors.SchemaErrors as errors:
        failures = errors.failure_cases
    structural = failures[failures["index"].isna()]
    if not structural.empty:
        msg = f"The frame of {table.name} is not made as declared: {structural.to_dict('records')}"
        raise AssertionError(msg)
    # A key of several columns fails once for each of them; a row is told of it once.
    columns = failures["column"].where(failures["check"] != _SAME_KEY, "")
    cases = dict.fromkeys(zip(failures["index"], columns, failures["check"], strict=True))
    rejects = [_failure(table, frame, *case) for case in cases]
    return frame.drop(index=failures["index"].unique()), rejects


def _failure(table: Table, frame: pd.DataFrame, place: int, column: str, check: str) -> Reject:
    key = _key(table, frame, place)
    if check == _SAME_KEY:
        reason = f"duplicate: an earlier row has the same {', '.join(table.key)}"
        return Reject(table.name, key, "", "", reason)
    if check == "not_nullable":
        return Reject(table.name, key, column, "null", "is null, which the column does not allow")
    return Reject(table.name, key, column, quote(frame[column][place]), check)


def _key(table: Table, values: Mapping[str, Any] | pd.DataFrame, place: int) -> str:
    return "/".join(quote(values[name][place]) for name in table.key if name != "source")


def _without_orphans(child: TidyTable, parent: TidyTable) -> TidyTable:
    """The child table without the rows whose parent row was refused."""
    key = list(parent.table.key)
    known = pd.MultiIndex.from_frame(parent.frame[key])
    orphaned = ~pd.MultiIndex.from_frame(child.frame[key]).isin(known)
    reason = f"its row in {parent.table.name} was refused"
    rejects = [
        Reject(child.table.name, _key(child.table, child.frame, place), "", "", reason)
        for place in child.frame.index[orphaned]
    ]
    return replace(child, frame=child.frame[~orphaned], rejects=[*child.rejects, *rejects])
