"""Transform: stored answers into tidy, validated frames, with every row accounted for."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from spacex.extract.run_folder import ExtractedSnapshot, Manifest
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import SOURCES
from spacex.sources.source import Endpoint
from spacex.transform.rows import Reject
from spacex.transform.tables import TidyTable, tidy_tables

__all__ = ["Reject", "TidyTable", "tidy_tables", "transform", "transform_run"]


def transform_run(manifest: Manifest, store: SnapshotStore) -> list[TidyTable]:
    """The tables of a run, as each of its sources gives them.

    Raises:
        SnapshotError, ResponseError: as `transform`.
    """
    lists = groupby(
        manifest.extracted, key=lambda each: (each.snapshot.source, each.snapshot.endpoint)
    )
    return [table for _, answers in lists for table in transform(list(answers), store)]


def transform(answers: Sequence[ExtractedSnapshot], store: SnapshotStore) -> list[TidyTable]:
    """The tables that one list fills.

    Args:
        answers: the stored answers of the list, oldest first.
        store: where they are.

    Raises:
        SnapshotError: a stored answer is missing or damaged.
        ResponseError: one is not what the list's answers are.
    """
    newest = answers[-1].snapshot
    source = SOURCES[newest.source]
    endpoint = source.endpoints[newest.endpoint]
    records = _records(endpoint, answers, store)
    return tidy_tables(endpoint, source.name, records, newest.retrieved_utc)


def _records(
    endpoint: Endpoint, answers: Sequence[ExtractedSnapshot], store: SnapshotStore
) -> Iterator[dict[str, Any]]:
    for each in answers:
        yield from endpoint.records(store.read(each.snapshot), each.snapshot.path)
