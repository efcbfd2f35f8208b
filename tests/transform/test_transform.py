from datetime import UTC, datetime

import pytest

from spacex.errors import ResponseError, SnapshotError
from spacex.extract.http_client import Response
from spacex.extract.run_folder import ExtractedSnapshot
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import SPACEXDATA
from spacex.transform import transform

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    return SnapshotStore(tmp_path)


def stored(store, endpoint, body):
    answer = Response("https://example.org", 200, body, None, "application/json", NOW)
    snapshot = store.save(SPACEXDATA, endpoint, answer, 1)
    return ExtractedSnapshot(
        snapshot=snapshot, origin="fetched", checked_utc=snapshot.retrieved_utc
    )


def test_a_stored_answer_becomes_the_tables_of_its_list(store, sample_dir):
    body = (sample_dir / "payloads.json").read_bytes()
    tables = transform([stored(store, "payloads", body)], store)
    assert [each.table.name for each in tables] == [
        "payloads",
        "payload_parties",
        "payload_norad_ids",
    ]
    assert sum(each.rows_rejected for each in tables) == 0


def test_the_same_answer_gives_the_same_tables(store, sample_dir):
    extracted = stored(store, "launches", (sample_dir / "launches.json").read_bytes())
    first, second = (transform([extracted], store) for _ in range(2))
    assert all(a.frame.equals(b.frame) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b"[1]", b'[{"id": NaN}]'])
def test_a_stored_answer_that_is_no_list_of_records_names_its_file(store, body):
    extracted = stored(store, "cores", body)
    with pytest.raises(ResponseError) as caught:
        transform([extracted], store)
    assert caught.value.message.startswith(f"{extracted.snapshot.path} returned ")


def test_a_stored_answer_that_is_damaged_is_not_used(store):
    extracted = stored(store, "cores", b"[{}]")
    (store.folder / extracted.snapshot.path).unlink()
    with pytest.raises(SnapshotError, match="is missing"):
        transform([extracted], store)
