import gzip
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from spacex.errors import SnapshotError
from spacex.extract.http_client import Response
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.sources import SPACEXDATA

BODY = b'[{"id": "a"},\n {"id": "\xc3\xa9"}]\r\n'
FIRST = datetime(2026, 1, 2, 3, 4, 5, 678, UTC)
NAME = "20260102T030405.000678Z"


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path / "raw")


URL = "https://example.org/v4/launches"
RESPONSE = Response(URL, 200, BODY, 'W/"1"', "application/json", FIRST)


def save(store: SnapshotStore, endpoint: str = "launches", **changes: Any) -> Snapshot:
    return store.save(SPACEXDATA, endpoint, replace(RESPONSE, **changes), 2)


def files(store: SnapshotStore) -> list[str]:
    return sorted(path.relative_to(store.folder).as_posix() for path in store.folder.rglob("*.*"))


def test_a_response_is_stored_byte_for_byte_beside_its_sidecar(store):
    snapshot = save(store)
    folder = store.folder / "spacexdata" / "launches"
    assert files(store) == [
        f"spacexdata/launches/{NAME}.json.gz",
        f"spacexdata/launches/{NAME}.meta.json",
    ]
    assert gzip.decompress((folder / f"{NAME}.json.gz").read_bytes()) == BODY
    assert store.read(snapshot) == BODY
    assert json.loads((folder / f"{NAME}.meta.json").read_bytes()) == {
        "source": "spacexdata",
        "endpoint": "launches",
        "url": "https://example.org/v4/launches",
        "status": 200,
        "retrieved_utc": "2026-01-02T03:04:05Z",
        "sha256": hashlib.sha256(BODY).hexdigest(),
        "byte_count": len(BODY),
        "record_count": 2,
        "etag": 'W/"1"',
        "licence": SPACEXDATA.licence,
        "file": f"{NAME}.json.gz",
    }


def test_snapshots_are_ordered_by_retrieval(store):
    assert store.newest("spacexdata", "launches") is None
    later = save(store, body=b"[{}]", retrieved_at=FIRST + timedelta(microseconds=1))
    first = save(store)
    assert store.newest("spacexdata", "launches") == later
    assert store.all("spacexdata", "launches") == [first, later]


def test_the_same_response_is_stored_once(store):
    first = save(store)
    assert save(store, retrieved_at=FIRST + timedelta(days=1)) == first
    assert len(files(store)) == 2


@pytest.mark.parametrize(
    "changes", [{"body": b"[{}]"}, {"etag": 'W/"2"'}, {"url": "http://127.0.0.1/v4/launches"}]
)
def test_a_different_response_is_stored_separately(store, changes):
    first = save(store)
    second = save(store, retrieved_at=FIRST + timedelta(days=1), **changes)
    assert store.all("spacexdata", "launches") == [first, second]
    assert store.read(first) == BODY


def test_endpoints_are_stored_separately(store):
    save(store)
    save(store, "starlink")
    assert len(files(store)) == 4
    assert store.newest("spacexdata", "cores") is None


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


OTHER_CONTENT = "does not match the digest in its sidecar"
DAMAGE = {
    "missing": (lambda path: path.unlink(), "is missing"),
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[:-9]), "cannot be decompressed"),
    "empty": (lambda path: path.write_bytes(b""), OTHER_CONTENT),
    "not gzipped": (lambda path: path.write_bytes(BODY), "cannot be decompressed"),
    "a flipped byte": (flip_a_byte, "cannot be decompressed|does not match"),
    "other content": (lambda path: path.write_bytes(gzip.compress(b"[{}]")), OTHER_CONTENT),
}


@pytest.mark.parametrize(("damage", "message"), DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_snapshot_raises_with_the_files_to_remove(store, damage, message):
    snapshot = save(store)
    path = store.folder / snapshot.path
    damage(path)
    with pytest.raises(SnapshotError, match=message) as caught:
        store.read(snapshot)
    assert caught.value.message.startswith(f"The snapshot {path} ")
    assert caught.value.remedy == f"Remove the files {NAME}.*, then run again."
    assert store.newest_intact("spacexdata", "launches") is None


@pytest.mark.parametrize("sidecar", [b"", b"{}", b"\xff", b'{"source": "spacexdata"'])
def test_a_damaged_sidecar_raises(store, sidecar):
    snapshot = save(store)
    (store.folder / snapshot.path).with_name(f"{NAME}.meta.json").write_bytes(sidecar)
    with pytest.raises(SnapshotError, match=rf"{NAME}\.meta\.json cannot be read"):
        store.newest("spacexdata", "launches")
    assert store.newest_intact("spacexdata", "launches") is None


@pytest.mark.parametrize("suffix", [".json.gz", ".meta.json"])
def test_a_response_is_stored_again_if_its_snapshot_is_damaged(store, suffix):
    broken = store.folder / "spacexdata" / "launches" / f"{NAME}{suffix}"
    save(store)
    broken.write_bytes(b"broken")
    again = save(store, retrieved_at=FIRST + timedelta(days=1))
    assert store.newest("spacexdata", "launches") == again
    assert store.read(again) == BODY
    assert broken.read_bytes() == b"broken"


def test_a_data_file_without_a_sidecar_does_not_count(store):
    """A kill between the two writes leaves such a file."""
    snapshot = save(store)
    (store.folder / snapshot.path).with_name(f"{NAME}.meta.json").unlink()
    assert store.all("spacexdata", "launches") == []
    assert store.newest("spacexdata", "launches") is None
