from datetime import UTC, datetime
from pathlib import Path

import pytest

from spacex.errors import DataError, SnapshotError
from spacex.extract.http_client import Response
from spacex.extract.snapshots import SnapshotStore
from spacex.pipeline.replay import replay, stored_dates
from spacex.sources import CELESTRAK, SPACEXDATA
from spacex.sources.source import Source


def save(store: SnapshotStore, source: Source, endpoint: str, day: int, hour: int) -> None:
    instant = datetime(2026, 11, day, hour, tzinfo=UTC)
    body = b"[]" + b"\n" * hour
    response = Response(f"https://x/{endpoint}", 200, body, None, "application/json", instant)
    store.save(source, endpoint, response, 0)


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    """A store with two snapshots of rockets on one day and one of cores on the next."""
    store = SnapshotStore(tmp_path / "raw")
    for endpoint, day, hour in [("rockets", 1, 6), ("rockets", 1, 18), ("cores", 2, 6)]:
        save(store, SPACEXDATA, endpoint, day, hour)
    return store


def test_each_day_with_a_snapshot_is_a_date(store):
    assert stored_dates(store) == ["2026-11-01", "2026-11-02"]


def test_a_gp_list_replaced_on_its_day_is_a_separate_date(store):
    for hour in (4, 12, 20):
        save(store, CELESTRAK, "starlink", 2, hour)
    first, *rest = stored_dates(store)
    assert first == "2026-11-01"
    assert rest == ["2026-11-02T04:00:00Z", "2026-11-02T12:00:00Z", "2026-11-02"]


def test_an_empty_store_has_no_dates(tmp_path):
    assert stored_dates(SnapshotStore(tmp_path)) == []
    with pytest.raises(SnapshotError, match="No snapshot is stored"):
        replay([], lambda *_: None)


def test_a_replay_continues_after_a_failure_and_then_accepts_a_smaller_table():
    calls = []

    def publish(date: str, accept_shrink: bool) -> str:  # noqa: FBT001 - as called
        calls.append((date, accept_shrink))
        if date == "b":
            raise DataError("launches would shrink.")
        return date.upper()

    assert replay("abcd", publish) == (["A", "C", "D"], ["b: launches would shrink."])
    assert calls == [("a", True), ("b", False), ("c", True), ("d", False)]
