"""Drop duplicate and out-of-scope records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from spacex.schema import TABLES
from spacex.sources.source import Endpoint
from spacex.transform.rows import Rows

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Deduplicated:
    """The remaining records of an endpoint, and the numbers of those dropped."""

    records: Iterable[Record]
    out_of_scope: int = 0
    duplicates: int = 0


def deduplicate(endpoint: Endpoint, records: Iterable[Record]) -> Deduplicated:
    """Drop the records out of scope, and all but the newest record per key.

    The newest record has the highest version; among equal versions, it is the last one. Records
    without a key are kept, and rejected later.
    """
    if endpoint.in_scope is None and not endpoint.key:
        return Deduplicated(records)
    count, in_scope, newest = 0, 0, dict[object, Record]()
    for count, record in enumerate(records, start=1):
        if endpoint.in_scope is not None and not endpoint.in_scope(record):
            continue
        in_scope += 1
        key = str(record[endpoint.key]) if endpoint.key in record else count
        known = newest.get(key)
        if known is None or _version(endpoint, record) >= _version(endpoint, known):
            newest[key] = record
    return Deduplicated(newest.values(), count - in_scope, in_scope - len(newest))


def keep_last(rows: Rows) -> Rows:
    """Keep the last row per key, where several records repeat a row."""
    positions = [rows.columns.index(name) for name in TABLES[rows.table].key]
    last = {tuple(str(row[i]) for i in positions): row for row in rows.rows}
    rejects = {(each.row_key, each.column_name, each.reason): each for each in rows.rejects}
    return Rows(rows.table, rows.columns, list(last.values()), list(rejects.values()))


def _version(endpoint: Endpoint, record: Record) -> str:
    return str(record.get(endpoint.version, ""))
