"""Drop repeated and out-of-scope records."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from spacex.sources.record import Record, Unreadable, fields
from spacex.sources.source import Endpoint

Documents = Iterable[Iterable[Record | Unreadable]]
"""The records of each response of an endpoint, oldest first."""

_Version = tuple[str, str]
"""Version and revision of a record."""

_Versions = dict[object, tuple[_Version, list[Record | Unreadable]]]
"""Key of a record → its newest version, and the records of that version."""


@dataclass(frozen=True)
class Deduplicated:
    """The remaining records of an endpoint, and the numbers of those dropped."""

    records: Iterable[Record | Unreadable]
    out_of_scope: int = 0
    duplicates: int = 0


def deduplicate(
    endpoint: Endpoint, documents: Documents, *, keep_versions: bool = False
) -> Deduplicated:
    """Drop the records out of scope, and all but the newest records per key.

    The newest records have the highest version, and of that the highest revision; among equal
    ones, they are those of the last document. If this has several that differ, all are kept:
    nothing tells which one is right.
    Records without a key are kept, and rejected later.

    Args:
        endpoint: the endpoint.
        documents: its records.
        keep_versions: whether to keep the last records of each version, for tables with history.
    """
    if endpoint.in_scope is None and not endpoint.key:
        return Deduplicated(chain.from_iterable(documents))
    count, in_scope, newest = 0, 0, _Versions()
    for number, document in enumerate(documents):
        found = _Versions()
        for record in document:
            count += 1
            known = fields(record)
            if endpoint.in_scope is None or endpoint.in_scope(known):
                in_scope += 1
                version = str(known.get(endpoint.version, ""))
                revision = str(known.get(endpoint.revision) or "")
                key = known.get(endpoint.key, (number, count))
                identity = (str(key), version if keep_versions else "")
                _add(found, identity, (version, revision), record)
        for each, (newest_version, records) in found.items():
            if each not in newest or newest_version >= newest[each][0]:
                newest[each] = (newest_version, records)
    kept = [record for _, records in newest.values() for record in records]
    return Deduplicated(kept, count - in_scope, in_scope - len(kept))


def _add(found: _Versions, key: object, version: _Version, record: Record | Unreadable) -> None:
    """Add a record of a document, unless a newer one is known, or it repeats the first one."""
    if key not in found or version > found[key][0]:
        found[key] = (version, [record])
    elif version == found[key][0] and record != found[key][1][0]:
        found[key][1].append(record)
