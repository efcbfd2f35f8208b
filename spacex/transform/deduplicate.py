"""Drop duplicate and out-of-scope records."""

from collections.abc import Iterable
from dataclasses import dataclass

from spacex.sources.record import Record, Unreadable, fields
from spacex.sources.source import Endpoint


@dataclass(frozen=True)
class Deduplicated:
    """The remaining records of an endpoint, and the numbers of those dropped."""

    records: Iterable[Record | Unreadable]
    out_of_scope: int = 0
    duplicates: int = 0


def deduplicate(
    endpoint: Endpoint, records: Iterable[Record | Unreadable], *, keep_versions: bool = False
) -> Deduplicated:
    """Drop the records out of scope, and all but the newest record per key.

    The newest record has the highest version; among equal versions, it is the last one. Records
    without a key are kept, and rejected later.

    Args:
        endpoint: the endpoint.
        records: its records, oldest response first.
        keep_versions: whether to keep the last record of each version, for tables with history.
    """
    if endpoint.in_scope is None and not endpoint.key:
        return Deduplicated(records)
    count, in_scope, newest = 0, 0, dict[object, tuple[str, Record | Unreadable]]()
    for count, record in enumerate(records, start=1):
        found = fields(record)
        if endpoint.in_scope is not None and not endpoint.in_scope(found):
            continue
        in_scope += 1
        version = str(found.get(endpoint.version, ""))
        key: object = str(found[endpoint.key]) if endpoint.key in found else count
        if keep_versions:
            key = (key, version)
        if key not in newest or version >= newest[key][0]:
            newest[key] = (version, record)
    kept = [record for _, record in newest.values()]
    return Deduplicated(kept, count - in_scope, in_scope - len(kept))
