"""Transform snapshots into tidy, validated frames, and account for every record."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from spacex.extract.run_folder import ExtractedSnapshot, Manifest
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import SOURCES
from spacex.sources.record import Record, Unreadable
from spacex.sources.source import Endpoint
from spacex.transform.rows import Reject
from spacex.transform.tables import TidyTable, tidy_tables

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
    source = SOURCES[newest.source]
    endpoint = source.endpoints[newest.endpoint]
    records = _records(endpoint, extracted, store)
    return tidy_tables(endpoint, source.name, records, newest.retrieved_utc)


def _records(
    endpoint: Endpoint, extracted: Sequence[ExtractedSnapshot], store: SnapshotStore
) -> Iterator[Record | Unreadable]:
    for item in extracted:
        yield from endpoint.records(store.read(item.snapshot), item.snapshot.origin)
