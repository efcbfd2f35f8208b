import gzip
import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spacex.errors import SnapshotError, StorageError
from spacex.extract import snapshot_chain
from spacex.extract.http_client import Response
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.sources import CELESTRAK, SPACEXDATA

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
    """Return the data files and sidecars."""
    found = store.folder.rglob("2*.*")
    return sorted(path.relative_to(store.folder).as_posix() for path in found)


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
        "file_sha256": hashlib.sha256((folder / f"{NAME}.json.gz").read_bytes()).hexdigest(),
        "digest": json.loads((folder / f"{NAME}.meta.json").read_bytes())["digest"],
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


@pytest.mark.attack("change a stored response", "refused with what to do")
@pytest.mark.parametrize(("damage", "message"), DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_snapshot_raises_with_the_files_to_remove(store, damage, message):
    snapshot = save(store)
    path = store.folder / snapshot.path
    damage(path)
    with pytest.raises(SnapshotError, match=message) as caught:
        store.read(snapshot)
    assert caught.value.message.startswith(f"The snapshot {path} ")
    assert caught.value.remedy == f"Restore {NAME}.* from a backup or remove them, then run again."
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


MANUAL = replace(RESPONSE, url="file:2026-01-02_evening.json", status=0, etag=None)
LAST_SECOND = datetime(2026, 1, 2, 23, 59, 59, tzinfo=UTC)


def test_two_files_of_one_day_are_two_states_of_that_day(store):
    evening = store.save(CELESTRAK, "starlink", replace(MANUAL, retrieved_at=LAST_SECOND), 2)
    other = replace(MANUAL, url="file:2026-01-02_morning.json", body=b"[]")
    morning = store.save(CELESTRAK, "starlink", replace(other, retrieved_at=LAST_SECOND), 0)
    assert store.all("celestrak", "starlink") == [morning, evening]
    assert [store.read(morning), store.read(evening)] == [b"[]", BODY]
    assert [morning.retrieved_utc, evening.retrieved_utc] == [
        "2026-01-02T23:59:58Z",
        "2026-01-02T23:59:59Z",
    ]
    assert store.newest("celestrak", "starlink", "2026-01-02T23:59:58Z") == morning


def test_a_manual_file_leaves_the_second_of_a_response_to_it(store):
    response = store.save(CELESTRAK, "starlink", RESPONSE, 2)
    manual = replace(MANUAL, body=b"[]", retrieved_at=FIRST.replace(microsecond=0))
    assert store.save(CELESTRAK, "starlink", manual, 0).retrieved_utc == "2026-01-02T03:04:04Z"
    assert store.newest("celestrak", "starlink") == response


def test_a_response_of_the_same_microsecond_follows_the_one_stored_before(store):
    first, second = save(store), save(store, body=b"[{}]", content_type="text/csv")
    assert store.all("spacexdata", "launches") == [first, second]
    assert [store.read(first), store.read(second)] == [BODY, b"[{}]"]
    assert second.file == "20260102T030405.000679Z.csv.gz"


def test_an_instant_of_another_time_zone_is_stored_in_utc(store):
    there = FIRST.astimezone(timezone(timedelta(hours=14)))
    assert save(store, retrieved_at=there).file == f"{NAME}.json.gz"


def test_snapshots_are_ordered_by_their_instants_whatever_their_names(store):
    """Files of a store that another program has renamed, with sidecars of an earlier release."""
    for name, hour in {"b": 1, "c": 2, "a": 3}.items():
        retrieved_utc = f"2026-01-02T{hour:02}:00:00Z"
        snapshot = {**EARLIER, "retrieved_utc": retrieved_utc, "file": f"{name}.json.gz"}
        path = store.folder / "spacexdata" / "launches" / f"{name}.meta.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(snapshot))
    found = [snapshot.file[0] for snapshot in store.all("spacexdata", "launches")]
    assert found == ["b", "c", "a"]
    assert store.newest("spacexdata", "launches").file == "a.json.gz"
    assert store.newest("spacexdata", "launches", "2026-01-02T02:30:00Z").file == "c.json.gz"


EARLIER = {
    "source": "spacexdata",
    "endpoint": "launches",
    "url": "https://example.org/v4/launches",
    "status": 200,
    "retrieved_utc": "2026-01-01T00:00:00Z",
    "sha256": hashlib.sha256(BODY).hexdigest(),
    "byte_count": len(BODY),
    "record_count": 2,
    "etag": None,
    "licence": "none",
    "file": "20260101T000000.000000Z.json.gz",
}
"""A sidecar of release 0.1."""


def test_a_data_file_of_a_killed_process_is_completed(store):
    snapshot = save(store)
    sidecar = (store.folder / snapshot.path).with_name(f"{NAME}.meta.json")
    sidecar.unlink()
    assert save(SnapshotStore(store.folder)).file == snapshot.file
    assert store.read(snapshot) == BODY
    assert len(files(store)) == 2


@pytest.mark.parametrize("use", [SnapshotStore.settle, save])
def test_what_a_killed_process_left_unfinished_is_removed(store, use):
    save(store)
    folder = store.folder / "spacexdata" / "launches"
    for name in (f"{NAME}.json.gz.o1_2x3y4.tmp", "head.json.aaaaaaaa.tmp", "mine.tmp"):
        (folder / name).write_bytes(b"half")
    use(SnapshotStore(store.folder))
    assert [path.name for path in folder.glob("*.tmp")] == ["mine.tmp"]


def test_a_data_file_without_sidecar_is_not_overwritten(store):
    orphan = store.folder / "spacexdata" / "launches" / f"{NAME}.json.gz"
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"of somebody")
    assert store.read(save(store)) == BODY
    assert orphan.read_bytes() == b"of somebody"


INSTANTS = st.builds(
    lambda second, zone: (LAST_SECOND + timedelta(seconds=second)).astimezone(zone),
    st.sampled_from([0, 0, 0, -1, -2, 1, 86400]),
    st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-9.5))]),
)
RESPONSES = st.builds(
    Response,
    url=st.sampled_from(["https://example.org/v4/launches", "file:a.json", "file:b.csv"]),
    status=st.sampled_from([0, 200]),
    body=st.sampled_from([b"[]", b"[{}]", b"{}", b"a,b", BODY]),
    etag=st.sampled_from([None, "1"]),
    content_type=st.sampled_from(["application/json", "text/csv", "text/plain"]),
    retrieved_at=INSTANTS,
)


@given(
    saved=st.lists(
        st.tuples(RESPONSES, st.sampled_from(["", "upcoming"]), st.booleans()),
        min_size=1,
        max_size=12,
    )
)
@example(saved=[(replace(MANUAL, body=f"[{n}]".encode()), "", n % 2 == 0) for n in range(12)])
def test_every_body_ever_saved_can_be_read_under_its_own_sidecar(saved):
    """Two processes save by turns: each has its own store."""
    with TemporaryDirectory() as folder:
        stores = [SnapshotStore(Path(folder)) for _ in range(2)]
        snapshots = []
        for response, part, of_first in saved:
            store = stores[of_first]
            snapshots.append(store.save(CELESTRAK, "starlink", response, 0, part=part))
        found = SnapshotStore(Path(folder)).all("celestrak", "starlink")
        assert found == sorted(set(snapshots), key=lambda each: each.order)
        for snapshot, (response, _, _) in zip(snapshots, saved, strict=True):
            assert snapshot in found
            assert stores[0].read(snapshot) == response.body
            assert (snapshot.url, snapshot.etag) == (response.url, response.etag)
        manual = [each.retrieved_utc for each in found if each.status == 0 and not each.part]
        assert len(set(manual)) == len(manual)
        assert chained(Path(folder) / "celestrak" / "starlink") == set(found)


def chained(folder: Path) -> set[Snapshot]:
    """Follow the chain from its head to its beginning."""
    link, found = json.loads((folder / "head.json").read_bytes())["sidecar"], set()
    while link:
        snapshot = msgspec.json.decode((folder / link).read_bytes(), type=Snapshot)
        found.add(snapshot)
        if link := snapshot.previous:
            content = (folder / link).read_bytes()
            assert hashlib.sha256(content).hexdigest() == snapshot.previous_sha256
    return found


def test_threads_that_save_at_the_same_instant_lose_nothing(store):
    bodies = [f"[{number}]".encode() for number in range(24)]

    def save_in_own_store(body: bytes) -> Snapshot:
        return save(SnapshotStore(store.folder), body=body)

    with ThreadPoolExecutor(8) as pool:
        snapshots = list(pool.map(save_in_own_store, bodies))
    assert [store.read(snapshot) for snapshot in snapshots] == bodies
    assert chained(store.folder / "spacexdata" / "launches") == set(snapshots)


def test_the_first_sidecar_of_this_release_names_the_newest_of_the_last(store):
    folder = store.folder / "spacexdata" / "launches"
    folder.mkdir(parents=True)
    for name in ("20260101T000000.000000Z", "20251231T000000.000000Z"):
        content = json.dumps({**EARLIER, "file": f"{name}.json.gz"}).encode()
        (folder / f"{name}.meta.json").write_bytes(content)
    first = save(store, etag="new")
    assert first.previous == "20260101T000000.000000Z.meta.json"
    newest = (folder / first.previous).read_bytes()
    assert first.previous_sha256 == hashlib.sha256(newest).hexdigest()


@pytest.mark.parametrize("head", [None, b"", b"{}", b'{"sidecar": "x", "sha256": "y"}', b"[[[["])
def test_a_missing_or_damaged_head_is_rebuilt(store, head):
    save(store)
    second = save(store, etag="2")
    path = store.folder / "spacexdata" / "launches" / "head.json"
    path.unlink() if head is None else path.write_bytes(head)
    SnapshotStore(store.folder).settle()
    assert len(chained(path.parent)) == 2
    third = save(SnapshotStore(store.folder), etag="3")
    assert third.previous == second.file.replace(".json.gz", ".meta.json")
    assert len(chained(path.parent)) == 3


def test_a_folder_or_pipe_in_the_place_of_a_head_holds_nothing_up(store):
    save(store)
    path = store.folder / "spacexdata" / "launches" / "head.json"
    path.unlink()
    os.mkfifo(path)
    save(SnapshotStore(store.folder), etag="2")
    assert len(chained(path.parent)) == 2
    path.unlink()
    path.mkdir()
    with pytest.raises(StorageError, match=r"head\.json is a folder, not a file") as caught:
        save(SnapshotStore(store.folder), etag="3")
    assert caught.value.remedy.startswith("Move it away")


def test_a_removed_last_snapshot_stays_on_record(store):
    save(store)
    last = save(store, etag="2")
    for path in (store.folder / "spacexdata" / "launches").glob(f"{last.file[:-8]}.*"):
        path.unlink()
    following = save(SnapshotStore(store.folder), etag="3")
    assert following.previous == last.file.replace(".json.gz", ".meta.json")


def test_saving_many_snapshots_reads_each_sidecar_once(store, monkeypatch):
    read = []
    monkeypatch.setattr(snapshot_chain, "read_sidecar", read.append)
    for number in range(20):
        store.save(SPACEXDATA, "launches", replace(RESPONSE, etag=str(number)), 0)
    assert read == []
    assert len(store.all("spacexdata", "launches")) == 20
