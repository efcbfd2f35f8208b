"""Transform: stored answers into tidy, validated frames, with every row accounted for."""

from spacex.records import decode_record, split_records
from spacex.runs import Extracted
from spacex.snapshots import SnapshotStore
from spacex.sources import SOURCES
from spacex.transform.rows import Reject
from spacex.transform.tables import TidyTable, tidy_tables

__all__ = ["Reject", "TidyTable", "tidy_tables", "transform"]


def transform(extracted: Extracted, store: SnapshotStore) -> list[TidyTable]:
    """The tables that one stored answer fills.

    Raises:
        SnapshotError: the stored answer is missing or damaged.
        AnswerError: it is no list of records.
    """
    snapshot = extracted.snapshot
    source = SOURCES[snapshot.source]
    records = split_records(store.read(snapshot), snapshot.path)
    decoded = (decode_record(raw, snapshot.path) for raw in records)
    return tidy_tables(source.endpoints[snapshot.endpoint], source.name, decoded)
