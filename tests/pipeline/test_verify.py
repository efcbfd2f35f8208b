"""Verification: any damage is found and named, and what is no damage is not reported as such."""

import errno
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacex.cli.doctor import stored_data
from spacex.extract.accepted_lists import accept
from spacex.extract.http_client import Response
from spacex.extract.refused_lists import refuse
from spacex.extract.run_folder import NO_DIGESTS, Run
from spacex.extract.sealed_json import sealed
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.extract.stored_forecasts import FOLDER
from spacex.notebook.run_index import Record, figures_before, write_record
from spacex.pipeline.import_files import import_files
from spacex.pipeline.retention import prune
from spacex.pipeline.verify import Verification, verify
from spacex.schema import SCHEMA_VERSION
from spacex.settings import Settings
from spacex.sources import CELESTRAK, SPACEXDATA
from tests import stages
from tests.conftest import settings_in
from tests.example_records import omm, omm_json

GP = "raw/celestrak/starlink"
EDITED = (
    "A GP list in the database does not name its 10 satellites: another program has edited "
    "_observations.listed"
)


@pytest.fixture(scope="module")
def finished(three_days: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a folder with three finished runs; tests restore what they change."""
    settings = settings_in(tmp_path_factory.mktemp("finished"))
    shutil.copytree(three_days.parent, settings.data_dir)
    for folder in settings.runs_dir.iterdir():
        (folder / "40_report.html").write_text("<p>A report</p>")
        run = Run(settings.runs_dir, folder.name)
        write_record(run, Record(run_id=folder.name, duration_s=1, parameters={}))
        run.write_digests()
    (first, *_) = SnapshotStore(settings.raw_dir).all("celestrak", "starlink")
    accept(settings.raw_dir, first)
    refuse(settings.raw_dir, {first: "It may be truncated."})
    return settings


@pytest.fixture
def data(finished: Settings, settings: Settings) -> Settings:
    """Settings of a copy of that folder."""
    shutil.copytree(finished.data_dir, settings.data_dir)
    return settings


def problems(settings: Settings) -> dict[str, str]:
    """Return file → problem."""
    return {each.file: each.message for each in verify(settings).problems}


def notes(settings: Settings) -> list[str]:
    return [each.message for each in verify(settings).notes]


def test_an_intact_folder_is_read_completely_and_not_changed(data):
    before = tree(data.data_dir)
    read: list[int] = []
    found = verify(data, read.append)
    assert (found.problems, found.notes) == ([], [])
    counts = {part.name: part.count for part in found.parts}
    assert counts.pop("archive files") == 0
    assert counts == {"database": 1, "runs": 3, "snapshots": 3, "request ledgers": 1}
    unread = {".lock"}
    files = [path for path in data.data_dir.rglob("*") if path.is_file()]
    expected = [path.stat().st_size for path in files if path.suffix not in unread]
    digests = (data.data_dir / "starlink.db.sha256").stat().st_size
    assert sum(read) == sum(part.byte_count for part in found.parts) == sum(expected) - digests
    assert tree(data.data_dir) == before


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    """Return every path with its size and time of change."""
    found = {str(path): path.stat() for path in folder.rglob("*")}
    return {path: (status.st_size, status.st_mtime_ns) for path, status in found.items()}


NO_CONTENT = {".lock"}
"""A lock file is empty, and created again when it is missing."""

MAY_BE_MISSING = {
    "staging.db": "backups leave it out, because it can be built again",
    "refused_lists.json": "without a refused list there is none",
}


def damageable(settings: Settings) -> list[Path]:
    files = sorted(path for path in settings.data_dir.rglob("*") if path.is_file())
    return [path for path in files if path.suffix not in NO_CONTENT]


@contextmanager
def changed(path: Path) -> Iterator[bytes]:
    """Restore a file after the block."""
    content = path.read_bytes()
    yield content
    path.write_bytes(content)


def assert_named(settings: Settings, path: Path) -> None:
    found = verify(settings).problems
    assert any(path.name in each.message for each in found), (path, found)


@hypothesis.settings(max_examples=150)
@given(data=st.data())
def test_any_flipped_byte_and_any_truncation_is_found_and_named(finished, data):
    path = data.draw(st.sampled_from(damageable(finished)))
    with changed(path) as content:
        position = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            flip = data.draw(st.integers(1, 255))
            path.write_bytes(
                content[:position] + bytes([content[position] ^ flip]) + content[position + 1 :]
            )
        else:
            path.write_bytes(content[:position])
        assert_named(finished, path)


def test_any_deleted_file_is_found_and_named(finished):
    for path in damageable(finished):
        with changed(path):
            path.unlink()
            if path.name not in MAY_BE_MISSING and path.parent.name != FOLDER:  # without forecasts
                assert_named(finished, path)
    assert problems(finished) == {}


@hypothesis.settings(max_examples=30)
@given(content=st.binary(max_size=300) | st.sampled_from([b"[" * 99_999, b"{}", b"null"]))
def test_no_bytes_cause_an_exception(finished, content):
    for name in ("*.meta.json", "head.json", "manifest.json", "SHA256SUMS", "ledger.json", "*.db"):
        path = next(finished.data_dir.rglob(name))
        with changed(path):
            path.write_bytes(content)
            assert_named(finished, path)


@hypothesis.settings(max_examples=60)
@given(data=st.data())
def test_a_high_bit_in_any_two_files_is_no_traceback_of_a_reader(finished, data):
    """The text is not UTF-8 any more, which a JSON decoder reports in a way of its own."""
    text = [path for path in damageable(finished) if path.suffix not in {".gz", ".db"}]
    with ExitStack() as stack:
        for path in data.draw(st.lists(st.sampled_from(text), min_size=1, max_size=2, unique=True)):
            content = bytearray(stack.enter_context(changed(path)))
            content[data.draw(st.integers(0, len(content) - 1))] ^= 0x80
            path.write_bytes(content)
        assert verify(finished).problems
        for diagnose in (stored_data.files, stored_data.ages, stored_data.last_run):
            list(diagnose(finished))
        figures_before(finished.runs_dir, "9", is_simulated=False)


def test_a_missing_database_with_a_digest_is_damage(data):
    data.database.unlink()
    assert problems(data) == {"starlink.db": "starlink.db is missing, or is not a file."}


def test_a_missing_database_is_named_by_a_run_that_published_it(data):
    for path in data.data_dir.glob("starlink.db*"):
        path.unlink()
    by = "the run 2026-11-03 published it"
    assert problems(data) == {"starlink.db": f"starlink.db is missing: {by}."}
    for folder in data.runs_dir.iterdir():  # what failed has published nothing
        run = Run(data.runs_dir, folder.name)
        failed = Record(run_id=folder.name, duration_s=1, parameters={}, failure="No space.")
        write_record(run, failed)
        run.write_digests()
    assert problems(data) == {}


def test_a_missing_folder_of_runs_is_named_by_the_database(data):
    shutil.rmtree(data.runs_dir)
    by = "the database was published by the run 2026-11-03"
    assert problems(data) == {"runs": f"runs is missing: {by}."}
    data.runs_dir.mkdir()  # each run may be removed
    assert problems(data) == {}
    assert "runs/2026-11-03 was removed: its run published the database." in notes(data)


def test_snapshots_and_an_import_alone_are_intact(data, settings, tmp_path):
    shutil.rmtree(data.runs_dir)
    for path in data.data_dir.glob("starlink.db*"):
        path.unlink()
    assert problems(data) == {}
    shutil.rmtree(data.data_dir)
    files = tmp_path / "files"
    files.mkdir()
    satellites = (omm(n, EPOCH="2026-01-01T06:00:00.5") for n in range(1, 4))
    (files / "list_2026-01-01.json").write_bytes(omm_json(*satellites))
    import_files(stages.at(settings, sources="celestrak"), files)
    assert settings.database.exists()
    assert problems(settings) == {}


def sidecars(settings: Settings) -> list[Path]:
    return sorted((settings.data_dir / GP).glob("*.meta.json"))


def data_file(sidecar: Path) -> Path:
    return sidecar.with_name(sidecar.name.replace(".meta.json", ".json.gz"))


@pytest.mark.parametrize("position", range(3))
def test_a_removed_snapshot_is_named_by_what_is_left(data, position):
    sidecar = sidecars(data)[position]
    data_file(sidecar).unlink()
    sidecar.unlink()
    following = [*sidecars(data), sidecar.with_name("head.json")][position].name
    name = f"{GP}/{sidecar.name}"
    assert problems(data) == {name: f"{name} is missing: {following} names it."}


def swap(first: Path, second: Path) -> None:
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)


@pytest.mark.parametrize(
    "swapped",
    [(data_file,), (lambda sidecar: sidecar,), (data_file, lambda sidecar: sidecar)],
    ids=["data files", "sidecars", "both"],
)
def test_swapped_snapshots_are_found(data, swapped: tuple[Callable[[Path], Path], ...]):
    first, second, _ = sidecars(data)
    for of in swapped:
        swap(of(first), of(second))
    found = problems(data)
    for sidecar in (first, second):
        assert any(sidecar.name.partition(".meta")[0] in name for name in found)


def test_a_snapshot_replaced_by_another_valid_one_is_found(data):
    """Somebody has stored another file under the same name."""
    first = sidecars(data)[0]
    instant = datetime.strptime(first.name[:22], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
    for path in (first, data_file(first)):
        path.unlink()
    saved = SnapshotStore(data.data_dir / "other").save(
        CELESTRAK, "starlink", replace(response(1), retrieved_at=instant), 0
    )
    for path in (data.data_dir / "other").rglob(f"{first.name[:22]}*"):
        shutil.copy(path, first.parent)
    assert saved.file == data_file(first).name
    name = f"{GP}/{first.name}"
    following = sidecars(data)[1].name
    (remark,) = (each for each in verify(data).problems if each.file == name)
    assert remark.message == (
        f"{name} is not the file that {following} refers to: it was replaced later."
    )
    assert remark.remedy.startswith("If you stored it again, add the line celestrak/starlink/")


def test_manual_file_is_imported_again_after_its_loss(settings, tmp_path):
    config = stages.at(settings, sources="celestrak")
    files = tmp_path / "files"
    files.mkdir()
    for day in ("2026-01-01", "2026-01-02"):
        satellites = (omm(n, EPOCH=f"{day}T06:00:00.5") for n in range(1, 4))
        (files / f"list_{day}.json").write_bytes(omm_json(*satellites))
    import_files(config, files)
    assert problems(config) == {}
    first = data_file(sidecars(config)[0])
    first.write_bytes(b"damaged")
    (remark,) = verify(config).problems
    name = first.name.removesuffix(".json.gz")
    assert remark.remedy.startswith(
        f"Remove {name}.*, then import or drop in list_2026-01-01.json again."
    )
    assert "fetch" not in remark.remedy
    for path in first.parent.glob(f"{name}.*"):
        path.unlink()
    assert all(
        "import or drop in list_2026-01-01.json again" in each.remedy
        for each in verify(config).problems
    )
    import_files(config, files)
    assert problems(config) == {}
    sidecar = f"{GP}/{name}.meta.json"
    assert f"{sidecar} was stored again later, with the same content." in notes(config)


def test_a_known_loss_is_accepted(data):
    sidecar = sidecars(data)[1]
    sidecar.unlink()
    data_file(sidecar).unlink()
    (remedy, *_) = {each.remedy for each in verify(data).problems}
    name = f"celestrak/starlink/{sidecar.name.removesuffix('.meta.json')}"
    assert f"add the line {name} to raw/lost.txt" in remedy
    (data.raw_dir / "lost.txt").write_text(f"# the disk of 2026\n{name}  # no backup\n")
    assert problems(data) == {}


def response(number: int) -> Response:
    instant = datetime(2026, 11, 10, tzinfo=UTC) + timedelta(hours=number)
    body = f"[{number}]".encode()
    return Response("https://x/rockets", 200, body, None, "application/json", instant)


def save(settings: Settings, *numbers: int) -> list[Snapshot]:
    store = SnapshotStore(settings.raw_dir)
    return [store.save(SPACEXDATA, "rockets", response(number), 1) for number in numbers]


def test_stores_merged_from_two_machines_are_intact(settings, tmp_path):
    other = settings_in(tmp_path / "other")
    save(settings, 1, 2)
    shutil.copytree(settings.data_dir, other.data_dir)
    save(settings, 3)
    save(other, 4, 5)
    shutil.copytree(other.raw_dir, settings.raw_dir, dirs_exist_ok=True)
    assert problems(settings) == {}
    save(settings, 6)
    assert problems(settings) == {}


def test_a_backup_restored_over_a_newer_store_is_intact(settings, tmp_path):
    save(settings, 1, 2)
    shutil.copytree(settings.raw_dir, tmp_path / "backup")
    save(settings, 3)
    shutil.copytree(tmp_path / "backup", settings.raw_dir, dirs_exist_ok=True)
    save(settings, 4)
    assert problems(settings) == {}


def as_of_release_0_1(settings: Settings) -> None:
    """Strip the sidecars of what this release has added."""
    for path in settings.raw_dir.rglob("*.meta.json"):
        fields = json.loads(path.read_bytes())
        for name in ("file_sha256", "previous", "previous_sha256", "digest"):
            fields.pop(name, None)
        path.write_text(json.dumps(fields, indent=2) + "\n")
    for path in settings.raw_dir.rglob("head.json"):
        path.unlink()


def empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def test_snapshots_of_the_last_release_are_verified_by_their_bodies_and_runs(data):
    empty(data.runs_dir)
    as_of_release_0_1(data)
    assert problems(data) == {}
    first, second, third = sidecars(data)
    data_file(first).write_bytes(data_file(second).read_bytes())
    fields = json.loads(second.read_bytes())
    second.write_text(json.dumps(fields | {"record_count": 99}))
    for path in (third, data_file(third)):
        path.unlink()
    found = problems(data)
    assert set(found) == {f"{GP}/{data_file(path).name}" for path in (first, second, third)}
    assert found[f"{GP}/{data_file(third).name}"].endswith(
        "is missing: the run 2026-11-03 names it."
    )


def test_a_chain_that_continues_one_of_the_last_release_is_intact(data):
    as_of_release_0_1(data)
    empty(data.runs_dir)
    store = SnapshotStore(data.raw_dir)
    saved = store.save(CELESTRAK, "starlink", replace(response(1), url="https://y"), 0)
    assert saved.previous == sidecars(data)[2].name
    assert problems(data) == {}
    with changed(sidecars(data)[2]) as content:
        sidecars(data)[2].write_bytes(content.replace(b"2026", b"2025"))
        assert sidecars(data)[2].name in " ".join(problems(data))


def test_runs_removed_by_retention_are_no_damage(data):
    for name in ("2026-11-01", "2026-11-02"):
        (data.runs_dir / name).rename(data.runs_dir / f"{name}T00-00-00-000000Z")
    assert len(prune(data.runs_dir, keep=1)) == 1
    assert problems(data).keys() == set()


def test_an_unfinished_run_and_leftovers_are_notes(data):
    (data.runs_dir / "2026-11-02" / "SHA256SUMS").write_bytes(NO_DIGESTS)
    (data.runs_dir / "2026-11-02" / "staging.db").write_bytes(b"unfinished")
    for name in ("starlink.db-wal", "starlink.db.x.unpublished", f"{GP}/1.tmp", f"{GP}/1.json.gz"):
        (data.data_dir / name).write_bytes(b"")
    assert problems(data) == {}
    which = "that have not ended, were stopped, or are of an earlier release"
    assert notes(data) == [
        "starlink.db-wal is the log of another program, which has not ended or was killed.",
        "starlink.db.x.unpublished is an unpublished database; a run is writing it or was killed.",
        f"runs holds runs {which}: 2026-11-02.",
        f"{GP}/1.json.gz has no sidecar, so it does not count; a killed run left it.",
        f"{GP}/1.tmp is unfinished; a killed run left it.",
    ]


def test_the_manifest_of_an_unfinished_run_is_checked(data):
    folder = data.runs_dir / "2026-11-02"
    (folder / "SHA256SUMS").write_bytes(NO_DIGESTS)
    manifest = folder / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"auto"', b'"aut0"'))
    name = "runs/2026-11-02/manifest.json"
    assert problems(data) == {name: f"{name} is damaged."}


def test_a_run_of_release_0_1_has_no_digests(data):
    folder = data.runs_dir / "2026-11-02"
    (folder / "SHA256SUMS").unlink()
    assert list(problems(data)) == ["runs/2026-11-02/SHA256SUMS"]
    fields = json.loads((folder / "manifest.json").read_bytes())
    del fields["digest"]
    (folder / "manifest.json").write_text(json.dumps(fields))
    assert problems(data) == {}


def test_a_ledger_of_release_0_1_has_no_digest_but_all_its_fields(data):
    path = data.raw_dir / "celestrak" / "ledger.json"
    fields: dict[str, object] = {"requests_utc": [], "next_utc": "", "trouble": ""}
    path.write_text(json.dumps(fields))
    assert problems(data) == {}
    for changed_fields in ({}, {"requests_utc": []}, {**fields, "requests": {"celestrak": 1}}):
        path.write_text(json.dumps(changed_fields))
        name = "raw/celestrak/ledger.json"
        assert problems(data) == {name: f"{name} is damaged."}


def test_a_service_that_was_never_asked_has_no_ledger(data):
    for path in data.raw_dir.rglob("*.meta.json"):
        fields = {**json.loads(path.read_bytes()), "status": 0}
        del fields["digest"]
        path.write_bytes(sealed(msgspec.convert(fields, Snapshot)))
    (data.raw_dir / "celestrak" / "ledger.json").unlink()
    assert "raw/celestrak/ledger.json" not in problems(data)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ("UPDATE _observations SET listed = '[[1,2]]'", "has other rows than were published"),
        ("UPDATE starlink SET object_name = 'x'", "has other rows than were published"),
        (
            "PRAGMA application_id = 0; UPDATE _observations SET listed = '[[1,2]]'",
            f"is damaged: {EDITED}",
        ),
    ],
)
def test_edited_rows_are_found_also_if_the_digest_was_written_again(data, edit, message):
    with closing(sqlite3.connect(data.database)) as connection:
        connection.executescript(edit)
    digest = hashlib.sha256(data.database.read_bytes()).hexdigest()
    data.database.with_name("starlink.db.sha256").write_text(f"{digest}  starlink.db\n")
    assert problems(data) == {"starlink.db": f"starlink.db {message}."}


@pytest.mark.parametrize("name", ["raw/celestrak", GP, "runs/day-1"])
def test_a_folder_that_cannot_be_read_is_named_and_its_files_are_not_missing(
    data, monkeypatch, name
):
    stat = Path.stat
    if name == "runs/day-1":
        (folder, *_) = data.runs_dir.iterdir()
        name = f"runs/{folder.name}"

    def may_not(path: Path, **options: bool) -> os.stat_result:
        if path == data.data_dir / name:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", may_not)
    assert problems(data)[name] == f"{name} cannot be read (Permission denied)."
    assert not any("is missing" in each for each in problems(data).values())


def test_a_database_of_an_older_schema_is_checked_and_noted(data):
    with closing(sqlite3.connect(data.database)) as connection:
        connection.execute("PRAGMA user_version = 3")
    data.database.with_name("starlink.db.sha256").unlink()
    data_file(sidecars(data)[0]).unlink()
    found = verify(data)
    assert [each.file for each in found.problems] == [f"{GP}/{data_file(sidecars(data)[0]).name}"]
    assert "schema version 3" in found.notes[0].message
    assert found.notes[0].remedy == "`make run` rebuilds it."


def test_a_database_of_a_newer_release_is_checked_and_noted(data):
    with closing(sqlite3.connect(data.database)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    assert verify(data).notes[0].remedy.startswith("Update the software")


KILLED = """
import os, random, signal, sys, time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from spacex.extract.http_client import Response
from spacex.extract.snapshots import SnapshotStore
from spacex.sources import SPACEXDATA

raw, noon = Path(sys.argv[1]), datetime(2026, 11, 10, 12, tzinfo=UTC)

def write(name, announced):
    store = SnapshotStore(raw)
    for number in count():
        body = f'["{name}", {number}]'
        response = Response("https://x/cores", 200, body.encode(), None, "application/json", noon)
        path = store.save(SPACEXDATA, "cores", response, 0).path
        os.write(announced, f"{path}|{body}\\n".encode())

for round in range(20):
    announcements, announced = os.pipe()
    writers = []
    for letter in "ab":
        writers.append(os.fork())
        if writers[-1] == 0:
            write(f"{letter}{round}", announced)
    os.close(announced)
    with open(announcements) as lines:
        for _ in range(random.randint(1, 6)):
            print(lines.readline(), end="")
        time.sleep(random.uniform(0, 0.005))
        for writer in writers:
            os.kill(writer, signal.SIGKILL)
            os.waitpid(writer, 0)
        print(lines.read(), end="", flush=True)
"""


def test_killed_writers_lose_nothing_that_they_stored(settings):
    program = [sys.executable, "-c", KILLED, str(settings.raw_dir)]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    stored = dict(line.split("|") for line in done.stdout.splitlines())
    assert len(stored) >= 20
    store = SnapshotStore(settings.raw_dir)
    found = {each.path: store.read(each).decode() for each in store.all("spacexdata", "cores")}
    assert found | stored == found
    assert problems(settings) == {}
    save(settings, 1)
    assert problems(settings) == {}


def test_a_snapshot_overwritten_by_release_0_1_is_reported_once(data):
    """Two runs were built from different files of one name."""
    with closing(sqlite3.connect(data.database)) as connection:
        sql = "UPDATE _snapshots SET sha256 = 'x' WHERE run_id = '2026-11-01'"
        connection.execute(sql)
        connection.commit()
    name = f"{GP}/{data_file(sidecars(data)[0]).name}"
    assert problems(data)[name] == f"{name} is not the snapshot that the run 2026-11-01 names."


def test_nothing_is_reported_while_a_process_stores_snapshots(settings):
    save(settings, 0)
    with ThreadPoolExecutor(1) as pool:
        stored = pool.submit(save, settings, *range(1, 100))
        while not stored.done():
            assert problems(settings) == {}
    assert len(stored.result()) == 99


def test_a_damaged_sidecar_is_one_problem(data):
    sidecar = sidecars(data)[2]
    sidecar.write_bytes(sidecar.read_bytes().replace(b"celestrak", b"celestraK"))
    assert problems(data) == {
        f"{GP}/{sidecar.name}": f"{GP}/{sidecar.name} is damaged: its content does not match its "
        "digest."
    }


@pytest.mark.attack(
    "point a record of the database at a file outside the data folder", "reported, not read"
)
@pytest.mark.parametrize("path", ["/", "", "..", "raw/../../x.gz", "raw/a/b/..gz/..", "a\nb"])
def test_odd_paths_in_a_database_are_problems(data, path):
    with closing(sqlite3.connect(data.database)) as connection:
        connection.execute("UPDATE _snapshots SET path = ? WHERE run_id = '2026-11-01'", (path,))
        connection.commit()
    assert any("is not a snapshot: the run 2026-11-01" in text for text in problems(data).values())


@pytest.mark.attack("put pipes, links and folders in place of stored files", "reported")
def test_odd_files_are_problems_and_not_tracebacks(data):
    folder = data.data_dir / GP
    os.mkfifo(folder / "20260101T000000.000000Z.meta.json")
    (folder / "20260102T000000.000000Z.meta.json").mkdir()
    (folder / "20260103T000000.000000Z.meta.json").symlink_to("nowhere")
    (data.raw_dir / "a file").write_text("")
    (data.runs_dir / "-no run id").mkdir()
    assert len(problems(data)) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems allow no such names")
def test_a_name_that_is_no_text_is_printed(data):
    (data.raw_dir / os.fsdecode(b"\xff")).mkdir()
    (data.data_dir / GP / os.fsdecode(b"\xff.meta.json")).write_text("")
    name = f"{GP}/?.meta.json"
    assert problems(data) == {name: f"{name} is damaged: it cannot be read as a sidecar."}


def run_command(
    settings: Settings, *arguments: str, **environment: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [Path(sys.executable).with_name("spacex"), "verify", *arguments],
        env=os.environ | {"SPACEX_DATA_DIR": str(settings.data_dir)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_prints_a_table_and_exits_with_0_or_1(data):
    done = run_command(data)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(f"✓ {data.data_dir} is intact.\n")
    sidecars(data)[0].write_bytes(b"")
    done = run_command(data, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (1, "")
    name = f"{GP}/{sidecars(data)[0].name}"
    assert (
        f"? {name} is damaged: it cannot be read as a sidecar.\n    ? Restore it from a backup."
        in done.stdout
    )


def test_the_command_prints_json_for_programs(data):
    done = run_command(data, "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert list(found) == ["data_folder", "is_intact", "checked", "problems", "notes"]
    assert found["is_intact"] is True
    assert list(found["checked"][0]) == ["part", "count", "bytes", "problems"]
    sidecars(data)[0].write_bytes(b"")
    done = run_command(data, "--json")
    assert done.returncode == 1
    assert list(json.loads(done.stdout)["problems"][0]) == ["file", "message", "remedy"]


def test_a_missing_data_folder_is_a_usage_error(settings):
    done = run_command(stages.at(settings, data_dir=settings.data_dir / "typo"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("✗ There is no data folder ")


def test_an_empty_data_folder_is_intact(settings):
    settings.data_dir.mkdir()
    found: Verification = verify(settings)
    assert (found.problems, len(found.notes)) == ([], 1)
