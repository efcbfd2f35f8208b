"""Transform snapshots into tidy, validated frames, and account for every record."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby

from spacex.extract.run_folder import ExtractedSnapshot, Manifest
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.sources import SOURCES
from spacex.transform.rows import Reject
from spacex.transform.tables import TidyTable, tables_of, tidy_tables

__all__ = ["Reject", "TidyTable", "tidy_tables", "transform", "transform_run"]


def transform_run(manifest: Manifest, store: SnapshotStore) -> list[TidyTable]:
    """Return the tables of a run, one per table and source.

    Raises:
        SnapshotError, ResponseError: as `transform`.
    """
    endpoints = groupby(
        manifest.extracted, key=lambda item: (item.snapshot.source, item.snapshot.endpoint)
    )
    return [table for _, items in endpoints for table in transform(list(items), store)]


def transform(extracted: Sequence[ExtractedSnapshot], store: SnapshotStore) -> list[TidyTable]:
    """Return the tables of one endpoint, from its snapshots, oldest first.

    Raises:
        SnapshotError: a snapshot is missing or damaged.
        ResponseError: a snapshot does not have the endpoint's format.
    """
    newest = extracted[-1].snapshot
    bodies = tuple(_Body.of(item.snapshot, store) for item in extracted)
    return list(_tables(newest.source, newest.endpoint, newest.retrieved_utc, bodies))


@dataclass(frozen=True)
class _Body:
    """The body of a snapshot, compared by its digest."""

    origin: str
    sha256: str
    content: bytes = field(compare=False, repr=False)

    @classmethod
    def of(cls, snapshot: Snapshot, store: SnapshotStore) -> "_Body":
        return cls(snapshot.origin, snapshot.sha256, store.read(snapshot))


@lru_cache(maxsize=48)  # three runs: a replay of many dates mostly meets what it has just read
def _tables(
    source: str, endpoint: str, retrieved_utc: str, bodies: tuple[_Body, ...]
) -> tuple[TidyTable, ...]:
    declared = SOURCES[source].endpoints[endpoint]
    documents = (declared.records(each.content, each.origin) for each in bodies)
    return tuple(tables_of(declared, source, documents, retrieved_utc))
