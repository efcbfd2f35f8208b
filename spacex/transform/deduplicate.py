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
    """The records of a list that are read.

    Attributes:
        records: those that are ours, the newest of each.
        out_of_scope: how many were not ours.
        duplicates: how many had a newer one.
    """

    records: Iterable[Record]
    out_of_scope: int = 0
    duplicates: int = 0


def deduplicate(endpoint: Endpoint, records: Iterable[Record]) -> Deduplicated:
    """The records that are ours, once each.

    The newer of two records of one key is the one of the later version; of equal versions, the one
    that came later. Records without a key are kept, to be refused.
    """
    if endpoint.in_scope is None and not endpoint.key:
        return Deduplicated(records)
    every = list(records)
    ours = [each for each in every if endpoint.in_scope is None or endpoint.in_scope(dict(each))]
    newest: dict[object, Record] = {}
    for place, record in enumerate(ours):
        name = str(record[endpoint.key]) if endpoint.key in record else place
        known = newest.get(name)
        if known is None or _version(endpoint, record) >= _version(endpoint, known):
            newest[name] = record
    return Deduplicated(newest.values(), len(every) - len(ours), len(ours) - len(newest))


def last_of_each(rows: Rows) -> Rows:
    """Of rows that several records repeat, the last of each key."""
    places = [rows.columns.index(name) for name in TABLES[rows.table].key]
    last = {tuple(str(row[place]) for place in places): row for row in rows.rows}
    refused = {(reject.row_key, reject.column, reject.reason): reject for reject in rows.rejects}
    return Rows(rows.table, rows.columns, list(last.values()), list(refused.values()))


def _version(endpoint: Endpoint, record: Record) -> str:
    return str(record.get(endpoint.version, ""))
