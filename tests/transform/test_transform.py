from datetime import UTC, datetime
from pathlib import Path

import pytest

from spacex.errors import ResponseError, SnapshotError
from spacex.extract.http_client import Response
from spacex.extract.run_folder import ExtractedSnapshot
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import SPACEXDATA
from spacex.transform import _tables, transform

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path)


def stored(store: SnapshotStore, endpoint: str, body: bytes) -> ExtractedSnapshot:
    """Store a snapshot of an endpoint."""
    response = Response("https://example.org", 200, body, None, "application/json", NOW)
    snapshot = store.save(SPACEXDATA, endpoint, response, 1)
    return ExtractedSnapshot(
        snapshot=snapshot, origin="fetched", checked_utc=snapshot.retrieved_utc
    )


def test_snapshot_fills_the_tables_of_its_endpoint(store: SnapshotStore, sample_dir: Path) -> None:
    body = (sample_dir / "payloads.json").read_bytes()
    tables = transform([stored(store, "payloads", body)], store)
    filled = [each.table.name for each in tables]
    assert filled == ["payloads", "payload_parties", "payload_norad_ids"]
    assert sum(each.rows_rejected for each in tables) == 0


def test_transform_is_deterministic(store: SnapshotStore, sample_dir: Path) -> None:
    extracted = stored(store, "launches", (sample_dir / "launches.json").read_bytes())
    first = transform([extracted], store)
    _tables.cache_clear()
    second = transform([extracted], store)
    assert all(a.frame.equals(b.frame) for a, b in zip(first, second, strict=True))


def test_a_snapshot_that_was_read_before_is_not_parsed_again(
    store: SnapshotStore, sample_dir: Path
) -> None:
    extracted = stored(store, "launches", (sample_dir / "launches.json").read_bytes())
    first, second = (transform([extracted], store) for _ in range(2))
    assert [id(each) for each in first] == [id(each) for each in second]
    assert first is not second


def test_a_snapshot_damaged_since_it_was_read_is_an_error(store: SnapshotStore) -> None:
    extracted = stored(store, "cores", b"[]")
    other = stored(store, "cores", b'[{"id": "a", "serial": "B1051"}]')
    assert len(transform([other], store)[0].frame) == 1
    with pytest.raises(ResponseError):
        transform([extracted], store)
    (store.folder / other.snapshot.path).write_bytes(b"damaged")
    with pytest.raises(SnapshotError, match="cannot be decompressed"):
        transform([other], store)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b"[1]", b'[{"id": NaN}]'])
def test_invalid_snapshot_names_its_file(store: SnapshotStore, body: bytes) -> None:
    extracted = stored(store, "cores", body)
    with pytest.raises(ResponseError) as caught:
        transform([extracted], store)
    assert caught.value.message.startswith(f"{extracted.snapshot.path} contains ")


def test_missing_snapshot_is_an_error(store: SnapshotStore) -> None:
    extracted = stored(store, "cores", b"[{}]")
    (store.folder / extracted.snapshot.path).unlink()
    with pytest.raises(SnapshotError, match="is missing"):
        transform([extracted], store)
