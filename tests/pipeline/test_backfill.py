"""Backfill: the files of a folder are judged, stored and loaded, each as the list of its date."""

import fcntl
import gzip
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import settings as settings_
from hypothesis import strategies as st

from spacex.analysis import history, queries
from spacex.analysis.key_figures import key_figures
from spacex.errors import DataError, SettingsError, SnapshotError
from spacex.extract.http_client import Response
from spacex.extract.snapshots import SnapshotStore
from spacex.pipeline import backfill, stages
from spacex.pipeline.drop_in import take_drop_in
from spacex.pipeline.import_files import ImportedFile, import_files
from spacex.pipeline.manual_snapshots import ManualSnapshots
from spacex.schema import TABLES
from spacex.settings import PROJECT, Settings
from spacex.sources import CELESTRAK
from spacex.sources.gcat_launches import LAUNCH_HEADER
from spacex.transform import manual_content
from spacex.transform.manual_content import read_list
from spacex.units import utc_instant
from spacex.warehouse import publish as publish_module
from spacex.warehouse.load import SAMPLE_REPLACED
from tests.clock import Clock
from tests.example_records import omm, omm_json
from tests.sources.test_gcat import SATELLITE, tsv
from tests.sources.test_gcat_launches import LAUNCH
from tests.stages import at, content, publish, rows, unchanged, value

FLEET = range(100_001, 100_041)
HISTORY = ("_observations", "_changes", "_launch_altitudes")


def gp_list(day: str, *numbers: int) -> bytes:
    """Return a list of a day, with element sets of its morning."""
    return omm_json(*(omm(number, EPOCH=f"{day}T06:00:00.5") for number in numbers or FLEET))


@pytest.fixture
def config(settings: Settings) -> Settings:
    return at(settings, sources="celestrak")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of three days, whose alphabetical order differs from that of their dates."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "b_2026-01-01.json").write_bytes(gp_list("2026-01-01", *FLEET[:-1]))
    (folder / "c_2026-01-02.json").write_bytes(gzip.compress(gp_list("2026-01-02", *FLEET[1:])))
    (folder / "a_2026-01-03.json").write_bytes(gp_list("2026-01-03"))
    return folder


def lists(config: Settings) -> list[list[int]]:
    found = history.gp_lists(config.database)
    return found[["satellite_count", "newly_listed", "newly_unlisted"]].to_numpy().tolist()


def dates(config: Settings) -> list[str]:
    return [date for (date,) in rows(config.database, "SELECT observed_utc FROM _observations")]


def everything(database: Path) -> dict[str, object]:
    """Return content and history of a database, without the ids and times of its runs."""
    found: dict[str, object] = dict(content(database))
    for name in HISTORY:
        columns = ", ".join(each for each in TABLES[name].column_names if each != "run_id")
        found[name] = rows(database, f"SELECT {columns} FROM {name} ORDER BY 1, 2, 3")  # noqa: S608
    return found


def problems(files: list[ImportedFile]) -> dict[str, str]:
    return {each.name: each.problem for each in files if each.problem}


def test_list_that_replaces_the_sample_leaves_launches_unknown(config, tmp_path):
    publish(config, "sample", "sample")
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "list_2026-01-01.json").write_bytes(gp_list("2026-01-01"))
    import_files(config, folder)
    figures = {each.name: str(each) for each in key_figures(config.database)}
    for name, missing in {
        "Orbital launches": "launches",
        "Success rate": "launches",
        "Booster landings": "landings",
        "Booster reflights": "booster flights",
    }.items():
        assert figures[name] == f"– (no source of {missing} is loaded)"
    assert figures["Satellites in orbit"] == "at least 40 (of 40 known, on 1 January 2026)"
    assert SAMPLE_REPLACED in queries.run(config.database)["note"]


def test_files_are_loaded_in_the_order_of_their_dates(config, folder):
    files = import_files(config, folder)
    assert [each.name for each in files] == [
        "b_2026-01-01.json",
        "c_2026-01-02.json",
        "a_2026-01-03.json",
    ]
    assert [(each.list_utc[:10], *each.fates, each.problem) for each in files] == [
        ("2026-01-01", 39, 39, 0, 0, 0, ""),
        ("2026-01-02", 39, 39, 0, 0, 0, ""),
        ("2026-01-03", 40, 40, 0, 0, 0, ""),
    ]
    assert lists(config) == [[39, 0, 0], [39, 1, 1], [40, 1, 0]]
    assert len(rows(config.database, "SELECT run_id FROM _runs")) == len(files)
    assert not list(config.runs_dir.glob("*"))


def test_a_folder_is_loaded_once(config, folder):
    first = import_files(config, folder)
    with unchanged(config.database):
        assert import_files(config, folder) == first


def test_later_files_are_added(config, folder):
    import_files(config, folder)
    (folder / "2026-01-04.json").write_bytes(gp_list("2026-01-04", *FLEET[:-1]))
    assert import_files(config, folder)[-1].list_utc[:10] == "2026-01-04"
    assert lists(config)[-1] == [39, 0, 1]


def test_an_interrupted_import_continues_with_later_lists(config, folder, tmp_path):
    """Without a database, all stored lists are loaded, also those after the files."""
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "2026-01-04.json").write_bytes(gp_list("2026-01-04"))
    import_files(config, tmp_path / "later")
    config.database.unlink()

    def interrupt(number: int, *_: object) -> None:
        if number == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_files(config, folder, interrupt)
    assert len(lists(config)) == 3
    import_files(config, folder)
    assert len(lists(config)) == 4


@pytest.mark.parametrize("day", ["2025-12-30", "2026-01-02T12:00"])
def test_older_files_are_loaded_as_if_in_order(config, folder, tmp_path, day):
    (folder / f"{day}.json").write_bytes(gp_list(day[:10], *FLEET[:-2]))
    ordered = at(config, data_dir=tmp_path / "ordered")
    import_files(ordered, folder)
    (folder / f"{day}.json").rename(tmp_path / f"{day}.json")
    import_files(config, folder)
    (tmp_path / f"{day}.json").rename(folder / f"{day}.json")
    assert problems(import_files(config, folder)) == {}
    assert everything(config.database) == everything(ordered.database)
    assert len(lists(config)) == 4


def test_older_files_do_not_take_what_other_services_had_later(three_services, celestrak, folder):
    celestrak.publish(gp_list("2026-01-04"))
    with Clock("2026-01-04"):
        publish(three_services, "auto", only=["starlink"])
    before = content(three_services.database)
    import_files(three_services, folder)
    assert len(lists(three_services)) == 4
    assert content(three_services.database)["launches"] == before["launches"]


def test_an_old_database_is_kept_if_a_rebuild_would_lose_a_list(config, folder):
    import_files(config, folder)
    newest = SnapshotStore(config.raw_dir).all("celestrak", "starlink")[-1]
    (config.raw_dir / newest.path).unlink()
    (folder / "2025-12-31.json").write_bytes(gp_list("2025-12-31"))
    with unchanged(config.database):
        found = problems(import_files(config, folder))
    assert list(found) == ["2025-12-31.json"]
    assert "would lack the GP lists of 2026-01-03" in found["2025-12-31.json"]


BAD = {
    "2026-01-04.json": (b"<html>", "a web page, not a list"),
    "README.txt": (b"These are my lists.\n", "neither OMM nor element sets"),
    "oneweb_2026-01-04.json": (
        omm_json(omm(OBJECT_NAME="ONEWEB-0012", EPOCH="2026-01-04T00:00:00")),
        "no Starlink satellite",
    ),
    "other.json": (b'[{"a": 1}]', "no readable element set of a Starlink satellite"),
    "2026-13-45.json": (gp_list("2026-01-04"), "The date 2026-13-45 in the file name"),
    "2026-01-09.json": (gp_list("2026-01-04"), "dated 2026-01-09, but its element sets are of"),
    "truncated.json.gz": (gzip.compress(gp_list("2026-01-04"))[:-9], "cannot be read"),
}


@pytest.mark.parametrize(("name", "case"), BAD.items(), ids=BAD)
def test_a_file_that_cannot_be_used_does_not_stop_the_others(config, folder, name, case):
    body, reason = case
    (folder / name).write_bytes(body)
    files = import_files(config, folder)
    found = problems(files)
    assert list(found) == [name]
    days = ["2026-01-01", "2026-01-02", "2026-01-03", ""]  # files without a date are last
    assert [each.list_utc[:10] for each in files] == days
    assert reason in found[name]
    assert name in found[name]
    assert len(lists(config)) == 3
    assert len(SnapshotStore(config.raw_dir).all("celestrak", "starlink")) == 3


def test_a_list_that_a_guard_refuses_does_not_stop_the_others(config, folder):
    """The list of the second day lacks half of the fleet."""
    (folder / "c_2026-01-02.json").write_bytes(gp_list("2026-01-02", *FLEET[:20]))
    found = problems(import_files(config, folder))
    assert list(found) == ["c_2026-01-02.json"]
    assert "shrink" in found["c_2026-01-02.json"] or "list" in found["c_2026-01-02.json"]
    assert [date[:10] for date in dates(config)] == ["2026-01-01", "2026-01-03"]


def test_a_list_says_why_its_date_was_not_loaded(config, folder, monkeypatch):
    def load_into(*_: object, **__: object) -> None:
        raise DataError("A row has no parent.")

    import_files(config, folder)
    (folder / "d_2026-01-04.json").write_bytes(gp_list("2026-01-04", *FLEET))
    monkeypatch.setattr("spacex.pipeline.replay.load_into", load_into)
    found = problems(import_files(config, folder))
    assert found == {"d_2026-01-04.json": "d_2026-01-04.json: A row has no parent."}


@pytest.mark.parametrize("is_in_folder", [False, True])
def test_a_truncated_list_is_judged_again_when_an_older_one_comes(config, folder, is_in_folder):
    """Alone it had nothing to be compared with."""
    truncated = folder / "c_2026-01-02.json"
    truncated.write_bytes(gp_list("2026-01-02", *FLEET[:20]))
    later = folder.with_name("later")
    later.mkdir()
    for name in ("b_2026-01-01.json", "a_2026-01-03.json"):
        (folder / name).rename(later / name)
    assert problems(import_files(config, folder)) == {}
    if is_in_folder:
        truncated.rename(later / truncated.name)
    found = problems(import_files(config, later))
    assert list(found) == [truncated.name]
    assert "lacks 19 of the 39" in found[truncated.name]
    assert [date[:10] for date in dates(config)] == ["2026-01-01", "2026-01-03"]
    assert lists(config)[-1] == [40, 1, 0]


def test_a_list_with_impossibly_many_new_satellites_is_not_imported(config, folder):
    grown = folder / "c_2026-01-02.json"
    grown.write_bytes(gp_list("2026-01-02", *FLEET, *range(70_001, 70_400)))
    found = problems(import_files(config, folder))
    assert list(found) == [grown.name]
    assert "of which 400 are new since that of 2026-01-01" in found[grown.name]
    assert "at most 360 can have been launched" in found[grown.name]
    assert [date[:10] for date in dates(config)] == ["2026-01-01", "2026-01-03"]


def test_the_records_of_a_truncated_list_are_rejected_but_for_those_out_of_scope(config, folder):
    debris = omm(1, OBJECT_NAME="STARLINK-1 DEB", EPOCH="2026-01-02T06:00:00")
    satellites = (omm(number, EPOCH="2026-01-02T06:00:00.5") for number in FLEET[:20])
    (folder / "c_2026-01-02.json").write_bytes(omm_json(debris, *satellites))
    (fates,) = (each.fates for each in import_files(config, folder) if each.problem)
    assert (fates.records, fates.loaded, fates.rejected, fates.out_of_scope) == (21, 0, 20, 1)


def test_lists_with_one_newest_epoch_are_ordered_by_their_sizes(config, tmp_path):
    """Also where their instants are in two minutes."""
    for size in (5, 10, 20, 40):
        folder = tmp_path / f"{size}"
        folder.mkdir()
        satellites = (omm(number, EPOCH="2026-01-02T06:00:45") for number in FLEET[:size])
        (folder / f"list{size}.json").write_bytes(omm_json(*satellites))
        import_files(config, folder)
    sql = "SELECT observed_utc, satellite_count FROM _observations ORDER BY observed_utc"
    found = rows(config.database, sql)
    assert [count for _, count in found] == [5, 10, 20, 40]
    assert {utc[:16] for utc, _ in found} == {"2026-01-02T06:00", "2026-01-02T06:01"}


def test_a_truncated_list_loaded_from_drop_in_is_named_when_it_is_refused(config, drop_in):
    (drop_in / "2026-01-02.json").write_bytes(gp_list("2026-01-02", *FLEET[:20]))
    assert take_drop_in(config) == []
    (drop_in / "2026-01-02.json").unlink()
    (drop_in / "2026-01-01.json").write_bytes(gp_list("2026-01-01"))
    (note,) = take_drop_in(config)
    assert note.startswith("2026-01-02.json is no longer loaded. The GP list of 2026-01-02T")
    assert [date[:10] for date in dates(config)] == ["2026-01-01"]
    stored = (None, "application/json", utc_instant("2026-01-04T12:00:00Z"))
    newer = Response("https://x/gp", 200, gp_list("2026-01-04"), *stored)
    SnapshotStore(config.raw_dir).save(CELESTRAK, "starlink", newer, len(FLEET))
    assert backfill.load_later(config) == []  # the refused one has been named
    assert [date[:10] for date in dates(config)] == ["2026-01-01", "2026-01-04"]


SAME_DAY = {
    "b_2026-01-03.json": gp_list("2026-01-03", *FLEET[:-1]),
    "a_2026-01-03.json": omm_json(*(omm(n, EPOCH="2026-01-03T18:00:00.5") for n in FLEET)),
    "2026-01-03T09-30.json": gp_list("2026-01-03", *FLEET[1:]),
    "no_date.json": omm_json(*(omm(n, EPOCH="2026-01-03T12:00:00.5") for n in FLEET[:39])),
}
"""Files of one day, and the instants as whose lists they are loaded."""
INSTANTS = {
    "2026-01-03T09-30.json": "2026-01-03T09:30:00Z",
    "no_date.json": "2026-01-03T12:00:00Z",
    "b_2026-01-03.json": "2026-01-03T23:41:00Z",
    "a_2026-01-03.json": "2026-01-03T23:53:00Z",
}


@pytest.mark.parametrize("names", [list(SAME_DAY), list(SAME_DAY)[::-1]])
@pytest.mark.parametrize("at_once", [True, False])
def test_lists_of_a_day_are_loaded_all_in_the_same_order(config, tmp_path, names, at_once):
    """By the times in their names, or else by their newest epochs."""
    for name in names:
        folder = tmp_path / ("files" if at_once else name)
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(SAME_DAY[name])
        if not at_once:
            import_files(config, folder)
    if at_once:
        files = import_files(config, folder)
        assert {each.name: each.list_utc for each in files} == INSTANTS
    assert dates(config) == sorted(INSTANTS.values())
    assert lists(config) == [[39, 0, 0], [39, 1, 1], [39, 0, 0], [40, 1, 0]]


LISTS = st.lists(
    st.tuples(
        st.sampled_from(["2026-01-03", "2026-01-04", "2026-01-03T18-00", "no_date"]),
        st.sampled_from([1, 2, 18]),
        st.integers(1, 3),
    ),
    min_size=2,
    max_size=5,
)


@settings_(max_examples=30)
@given(LISTS, st.randoms(use_true_random=False))
def test_the_order_of_stored_lists_does_not_depend_on_when_they_come(files, random):
    """Neither does which of the lists of a date are stored, also with the same newest epoch."""

    def stored(order: list[int]) -> list[str]:
        with TemporaryDirectory() as folder, patch("os.fsync"):
            lists = ManualSnapshots(Path(folder), CELESTRAK, "starlink", read_list)
            for number in order:
                name, hour, count = files[number]
                epoch = f"2026-01-03T{hour:02}:00:00.{number % 2:03}"
                body = omm_json(*(omm(n, EPOCH=epoch) for n in FLEET[:count]))
                lists.store(Path(f"{name}.json"), body)
            found = SnapshotStore(Path(folder)).all("celestrak", "starlink")
            return [each.sha256 for each in found]

    numbers = list(range(len(files)))
    shuffled = random.sample(numbers, len(numbers))
    assert stored(numbers) == stored(shuffled)


def test_one_content_is_the_list_of_each_of_its_dates(config, tmp_path):
    """Whichever comes first, and of each date once."""
    body = gp_list("2026-01-02")
    for name in ("2026-01-03.json", "2026-01-02.json", "copy_2026-01-02.json"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_bytes(body)
        import_files(config, tmp_path / name)
    assert [date[:10] for date in dates(config)] == ["2026-01-02", "2026-01-03"]


@pytest.mark.parametrize(
    ("retrieved_utc", "name", "is_stored_again"),
    [
        ("2026-01-01T23:59:59Z", "2026-01-02.json", True),
        ("2026-01-02T00:00:00Z", "2026-01-02.json", False),
        ("2026-01-02T23:59:59Z", "2026-01-02.json", False),
        ("2026-01-03T00:00:00Z", "2026-01-02.json", True),
        ("2026-01-03T00:00:00Z", "no_date.json", False),
    ],
)
def test_a_list_that_a_service_sent_on_the_day_of_a_file_is_that_file(
    config, retrieved_utc, name, is_stored_again
):
    body, store = gp_list("2026-01-02"), SnapshotStore(config.raw_dir)
    instant = utc_instant(retrieved_utc)
    response = Response("https://x/gp", 200, body, None, "application/json", instant)
    sent = store.save(CELESTRAK, "starlink", response, len(FLEET))
    found, _ = ManualSnapshots(config.raw_dir, CELESTRAK, "starlink", read_list).store(
        Path(name), body
    )
    assert (found.path != sent.path) == is_stored_again
    assert len(store.all("celestrak", "starlink")) == 1 + is_stored_again


def test_the_elements_of_every_day_are_kept(config, folder):
    import_files(config, folder)
    assert value(config.database, "SELECT count(*) FROM starlink_elements") == 39 + 39 + 40


@pytest.mark.parametrize("count", [7, 15])
def test_the_copies_of_the_database_grow_less_than_the_files(config, tmp_path, monkeypatch, count):
    folder = tmp_path / "many"
    folder.mkdir()
    for day in range(1, count + 1):
        date = f"2026-01-{day:02}"
        (folder / f"{date}.json").write_bytes(gp_list(date, 100_001, 100_002))
    copies = []
    original = publish_module._private_copy

    def counted(path: Path, *arguments: object) -> Path:
        copies.append(path)
        return original(path, *arguments)

    monkeypatch.setattr(publish_module, "_private_copy", counted)
    import_files(config, folder)
    assert len(lists(config)) == count
    assert 2 ** len(copies) - 1 == count


PROGRAM = """
import sys
from pathlib import Path
from spacex.pipeline.import_files import import_files
from spacex.settings import Settings
config = Settings(_env_file=None, data_dir=Path(sys.argv[1]), sources="celestrak")
print("ready", flush=True)
import_files(config, Path(sys.argv[2]), lambda number, *_: print(number, flush=True))
"""


@pytest.mark.parametrize("is_older", [False, True])
def test_an_import_killed_at_any_time_is_continued(config, folder, tmp_path, is_older):
    ordered = at(config, data_dir=tmp_path / "ordered")
    import_files(ordered, folder)
    if is_older:
        first = tmp_path / "first"
        first.mkdir()
        (folder / "c_2026-01-02.json").rename(first / "c_2026-01-02.json")
        import_files(config, first)
        (first / "c_2026-01-02.json").rename(folder / "c_2026-01-02.json")
    command = [sys.executable, "-c", PROGRAM, config.data_dir, folder]
    for word, later_s in [("ready", 0), ("ready", 0.1), ("1", 0), ("2", 0.05), ("3", 0)]:
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as program:
            assert program.stdout
            while program.stdout.readline().strip() not in {word, ""}:
                pass
            time.sleep(later_s)
            program.send_signal(signal.SIGKILL)
    assert problems(import_files(config, folder)) == {}
    assert everything(config.database) == everything(ordered.database)


@pytest.fixture
def drop_in(config: Settings) -> Path:
    config.drop_in_dir.mkdir(parents=True)
    return config.drop_in_dir


def test_without_celestrak_manual_files_stay(config, drop_in):
    archive = at(config, sources="spacexdata")
    (drop_in / "README.txt").write_text("Hello")
    assert take_drop_in(archive) == []
    assert (drop_in / "README.txt").exists()
    with pytest.raises(SettingsError, match="SPACEX_SOURCES leaves out"):
        import_files(archive, drop_in)


def test_without_manual_files_nothing_happens(config):
    assert take_drop_in(config) == []
    assert not config.data_dir.exists()


def test_each_manual_file_is_loaded_as_the_list_of_its_date(config, drop_in, folder):
    for path in folder.iterdir():
        path.rename(drop_in / path.name)
    assert take_drop_in(config) == []
    assert [date[:10] for date in dates(config)] == ["2026-01-01", "2026-01-02", "2026-01-03"]
    with unchanged(config.database):
        assert take_drop_in(config) == []
    (drop_in / "2025-12-31.json").write_bytes(gp_list("2025-12-31"))
    assert take_drop_in(config) == []
    assert min(dates(config))[:10] == "2025-12-31"
    assert value(config.database, "SELECT max(last_listed_utc) FROM starlink")[:4] == "2026"


def test_an_unusable_manual_file_is_moved_with_its_reason(config, drop_in):
    (drop_in / "README.txt").write_text("Hello")
    (drop_in / "2026-01-01.json").write_bytes(gp_list("2026-01-01"))
    (note,) = take_drop_in(config)
    assert note.startswith("Not loaded from drop-in: README.txt contains neither OMM nor")
    assert note.endswith("(moved to drop-in/rejected)")
    assert (drop_in / "rejected" / "README.txt").read_text() == "Hello"
    assert "README.txt" in (drop_in / "rejected" / "README.txt.reason.txt").read_text()
    assert len(lists(config)) == 1
    assert take_drop_in(config) == []


UNFINISHED = "Not finished, and left in drop-in: {}. The next run takes what is finished by then."


def test_files_whose_names_say_that_they_are_not_finished_stay(config, drop_in):
    names = ["a.json.part", "b.json.crdownload", "c.TMP", "d.json.gz.download", "e.filepart"]
    for name in names:
        (drop_in / name).write_bytes(gp_list("2026-01-02")[:1000])
    (drop_in / "2026-01-01.json").write_bytes(gp_list("2026-01-01"))
    assert take_drop_in(config) == [UNFINISHED.format(", ".join(names))]
    assert len(lists(config)) == 1
    (drop_in / names[0]).write_bytes(gp_list("2026-01-02"))
    (drop_in / names[0]).rename(drop_in / "a.json")
    assert take_drop_in(config) == [UNFINISHED.format(", ".join(names[1:]))]
    assert len(lists(config)) == 2


@pytest.mark.skipif(not hasattr(fcntl, "F_SETLEASE"), reason="needs leases, as Linux has")
def test_a_file_that_a_program_is_writing_stays(config, drop_in):
    body, path = gp_list("2026-01-01"), drop_in / "a.json"
    with path.open("wb") as file:
        file.write(body[:1000])
        file.flush()
        assert take_drop_in(config) == [UNFINISHED.format("a.json")]
        assert path.stat().st_size == 1000
        file.write(body[1000:])
    assert take_drop_in(config) == []
    assert len(lists(config)) == 1


@pytest.mark.parametrize("hours", [-5, 0, 5])
def test_a_file_that_still_grows_stays(config, drop_in, monkeypatch, hours):
    """The clock of the program that writes it, or of this machine, may be wrong."""
    body, path, pauses = gp_list("2026-01-01"), drop_in / "a.json", []
    path.write_bytes(body[:1000])
    now = time.time()
    os.utime(path, (now + 3600 * hours, now + 3600 * hours))

    def pause(duration_s: float) -> None:
        pauses.append(duration_s)
        if len(pauses) == 1:
            path.write_bytes(body)

    monkeypatch.setattr("spacex.extract.unfinished_files.time.sleep", pause)
    assert take_drop_in(config) == [UNFINISHED.format("a.json")]
    assert take_drop_in(config) == []
    assert len(lists(config)) == 1


def test_a_file_that_changes_while_it_is_judged_stays(config, drop_in, monkeypatch):
    body, path = gp_list("2026-01-01"), drop_in / "a.json"
    path.write_bytes(body[:1000])

    def complete(*args: object, **options: object) -> list[ImportedFile]:
        files = import_files(*args, **options)
        path.write_bytes(body)
        return files

    with monkeypatch.context() as patch:
        patch.setattr("spacex.pipeline.drop_in.import_files", complete)
        assert take_drop_in(config) == [UNFINISHED.format("a.json")]
    assert take_drop_in(config) == []
    assert len(lists(config)) == 1


def test_a_file_that_is_open_for_an_hour_without_a_change_is_judged(config, drop_in, monkeypatch):
    with (drop_in / "a.json").open("wb") as file:
        file.write(gp_list("2026-01-01")[:1000])
        file.flush()
        monkeypatch.setattr("spacex.extract.unfinished_files._age_s", lambda _: 4000.0)
        (note,) = take_drop_in(config)
    assert "a.json contains JSON without its end: the file is cut" in note
    assert (drop_in / "rejected" / "a.json").exists()


def test_nothing_is_overwritten_among_the_rejected_files(config, drop_in):
    for number in range(3):
        (drop_in / "README.txt").write_text(str(number))
        take_drop_in(config)
    found = {path.name: path.read_text() for path in (drop_in / "rejected").iterdir()}
    assert [found[name] for name in ("README.txt", "README-2.txt", "README-3.txt")] == [*"012"]
    assert {f"{name}.reason.txt" for name in found if "reason" not in name} <= found.keys()
    assert len(found) == 6


def test_odd_entries_are_moved_without_being_opened(config, drop_in, tmp_path):
    os.mkfifo(drop_in / "pipe")
    (drop_in / "folder").mkdir()
    (tmp_path / "secret.json").write_bytes(gp_list("2026-01-01"))
    (drop_in / "link.json").symlink_to(tmp_path / "secret.json")
    (drop_in / "broken.json").symlink_to(drop_in / "missing")
    (drop_in / "loop.json").symlink_to(drop_in / "loop.json")
    (drop_in / f"{'long' * 61}.json").write_bytes(b"?")
    (drop_in / os.fsdecode(b"\xff\n.json")).write_bytes(b"?")
    notes = take_drop_in(config)
    assert len(notes) == 7
    for word in ("not a regular file", "is a folder", "link to another folder", "No such file"):
        assert any(word in note for note in notes)
    assert [path.name for path in drop_in.iterdir()] == ["rejected"]
    assert (tmp_path / "secret.json").exists()


def test_a_drop_in_that_is_no_folder_is_reported(config):
    config.data_dir.mkdir(parents=True)
    config.drop_in_dir.write_text("")
    (note,) = take_drop_in(config)
    assert note == f"{config.drop_in_dir} is a file, not a folder. Move it away, or name a folder."


def test_a_run_notes_that_its_manual_files_have_replaced_the_sample(config, drop_in):
    publish(config, "sample", "sample")
    (drop_in / "2026-01-01.json").write_bytes(gp_list("2026-01-01"))
    publish(config, "snapshot")
    assert queries.run(config.database)["note"] == SAMPLE_REPLACED
    publish(config, "snapshot", "two")
    assert queries.run(config.database)["note"] == ""


def test_manual_files_stay_in_place_when_the_flow_has_loaded_them(config, drop_in):
    (drop_in / "README.txt").write_text("Hello")
    with suppress(SnapshotError):
        stages.extract(config, source="snapshot", drop_in=False)
    assert (drop_in / "README.txt").exists()


def test_a_file_that_cannot_be_moved_is_reported(config, drop_in):
    (drop_in / "README.txt").write_text("Hello")
    (drop_in / "rejected").write_text("in the way")
    (note,) = take_drop_in(config)
    assert note.endswith("(it cannot be moved)")
    assert (drop_in / "README.txt").exists()


def test_a_list_that_a_guard_refuses_is_moved_and_not_used_by_runs(config, drop_in):
    (drop_in / "2026-01-01.json").write_bytes(gp_list("2026-01-01"))
    take_drop_in(config)
    (drop_in / "2026-01-02.json").write_bytes(gp_list("2026-01-02", *FLEET[:20]))
    manifest = publish(config, "auto")
    assert "Not loaded from drop-in: " in manifest.note
    assert (drop_in / "rejected" / "2026-01-02.json").exists()
    manifest = publish(config, "auto", "two")
    assert "2026-01-02" not in manifest.note
    (config.raw_dir / "refused_lists.json").unlink()
    (drop_in / "2026-01-01.json").unlink()
    manifest = publish(config, "auto", "three")
    assert "\n2026-01-02.json (celestrak/starlink/20260102T234100" in manifest.note
    assert manifest.note.endswith("is stored, but not loaded: import its file again.")
    assert [date[:10] for date in dates(config)] == ["2026-01-01"]


@pytest.fixture
def refused(config: Settings, drop_in: Path) -> Path:
    """A list that lacks half of the satellites of the one before, in the folder `rejected`."""
    (drop_in / "2026-01-01.json").write_bytes(gp_list("2026-01-01"))
    (drop_in / "2026-01-02.json").write_bytes(gp_list("2026-01-02", *FLEET[:20]))
    (note,) = take_drop_in(config)
    assert "lacks 20 of the 40" in note
    assert "run again with --accept-shrink" in note
    assert lists(config) == [[40, 0, 0]]
    return drop_in / "rejected" / "2026-01-02.json"


@pytest.mark.parametrize("is_moved_back", [False, True])
@pytest.mark.parametrize("is_followed", [False, True], ids=["newest", "older"])
def test_a_refused_list_is_loaded_if_it_is_accepted(
    config, drop_in, refused, is_moved_back, is_followed
):
    if is_followed:
        (drop_in / "2026-01-03.json").write_bytes(gp_list("2026-01-03", *FLEET[:21]))
    if is_moved_back:
        refused.rename(drop_in / refused.name)
    assert take_drop_in(config, accept_shrink=True) == []
    assert lists(config) == [[40, 0, 0], [20, 0, 20], [21, 1, 0]][: 2 + is_followed]
    accepted = json.loads((config.raw_dir / "accepted_lists.json").read_text())["paths"]
    assert any("20260102T" in path for path in accepted.values())
    with unchanged(config.database):
        assert take_drop_in(config) == []


@pytest.mark.parametrize("refused_day", [2, 3])
def test_a_refused_list_is_not_tried_again(config, folder, monkeypatch, refused_day):
    name = {2: "c_2026-01-02.json", 3: "a_2026-01-03.json"}[refused_day]
    (folder / name).write_bytes(gp_list(f"2026-01-0{refused_day}", *FLEET[:20]))
    first = import_files(config, folder)
    assert list(problems(first)) == [name]
    with monkeypatch.context() as patched:
        patched.setattr(backfill, "rebuild", None)
        patched.setattr(backfill.DateLoader, "load", None)
        assert import_files(config, folder) == first
        assert import_files(config, folder) == first
    (folder / "2026-01-04.json").write_bytes(gp_list("2026-01-04"))
    again = import_files(config, folder)
    assert (again[:3], again[3].problem) == (first, "")


def too_many_rejects(day: str) -> bytes:
    """Return a list of which half of the elements are rejected."""
    return omm_json(
        *(
            omm(number, EPOCH=f"{day}T06:00:{second:02}.5", ECCENTRICITY=2 * (number % 2))
            for second, number in enumerate(FLEET)
        )
    )


def test_a_file_with_too_many_rejects_is_named_as_a_file_not_as_a_service(config, folder):
    (folder / "2025-12-31.json").write_bytes(too_many_rejects("2025-12-31"))
    (problem,) = problems(import_files(config, folder)).values()
    assert "20 of 40 element sets are rejected" in problem
    assert "The file may be damaged or of another kind; SPACEX_MAX_REJECT_PCT sets" in problem
    assert "service" not in problem


@pytest.mark.parametrize("case", ["accepted", "rebuild refused", "damaged", "alone"])
def test_nothing_is_tried_again_without_news(config, folder, monkeypatch, case):
    """Whatever the reason why a list is not loaded."""
    is_accepted = case == "accepted"
    if case != "alone":
        import_files(config, folder)
    else:
        for path in folder.iterdir():
            path.unlink()
    if case in {"accepted", "alone"}:
        (folder / "2025-12-31.json").write_bytes(too_many_rejects("2025-12-31"))
    else:
        newest = SnapshotStore(config.raw_dir).all("celestrak", "starlink")[-1]
        (config.raw_dir / newest.path).write_bytes(b"")
        (folder / "2025-12-31.json").write_bytes(gp_list("2025-12-31"))
        if case == "damaged":
            config.database.unlink()
            (folder / "a_2026-01-03.json").unlink()
    first = import_files(config, folder, accept_shrink=is_accepted)
    assert bool(problems(first)) == (case != "damaged")
    with monkeypatch.context() as patched:
        patched.setattr(backfill, "rebuild", None)
        patched.setattr(backfill, "DateLoader", None)
        assert import_files(config, folder, accept_shrink=is_accepted) == first
    (folder / "2026-01-04.json").write_bytes(gp_list("2026-01-04"))
    assert "2026-01-04.json" not in problems(import_files(config, folder))
    assert max(dates(config))[:10] == "2026-01-04"


def test_a_damaged_snapshot_is_replaced_by_an_import(config, folder):
    """The copy is stored beside it, and `spacex verify` says to remove it."""
    import_files(config, folder)
    newest = SnapshotStore(config.raw_dir).all("celestrak", "starlink")[-1]
    (config.raw_dir / newest.path).write_bytes(b"")
    config.database.unlink()
    assert problems(import_files(config, folder)) == {}
    assert [count for count, *_ in lists(config)] == [39, 39, 40]


def test_a_file_is_stored_as_it_was_judged(config, folder, monkeypatch):
    original = manual_content.read_gp_list

    def replacing(body: bytes, name: str, *options: float) -> object:
        (folder / name).write_bytes(b"something else")
        return original(body, name, *options)

    monkeypatch.setattr(manual_content, "read_gp_list", replacing)
    assert problems(import_files(config, folder)) == {}
    assert len(lists(config)) == 3


def test_a_refused_list_is_judged_again_if_the_list_before_it_is_loaded(config, folder, tmp_path):
    (folder / "c_2026-01-02.json").unlink()
    (folder / "a_2026-01-03.json").write_bytes(gp_list("2026-01-03", *FLEET[:20]))
    assert list(problems(import_files(config, folder))) == ["a_2026-01-03.json"]
    (tmp_path / "before").mkdir()
    (tmp_path / "before" / "2026-01-02.json").write_bytes(gp_list("2026-01-02", *FLEET[:21]))
    assert problems(import_files(config, tmp_path / "before", accept_shrink=True)) == {}
    assert problems(import_files(config, folder)) == {}
    assert [count for count, *_ in lists(config)] == [39, 21, 20]


def test_a_list_is_tried_again_when_its_damaged_snapshot_is_restored(config, folder):
    import_files(config, folder)
    config.database.unlink()
    newest = SnapshotStore(config.raw_dir).all("celestrak", "starlink")[-1]
    path = config.raw_dir / newest.path
    intact = path.read_bytes()
    path.write_bytes(b"")
    (folder / "a_2026-01-03.json").rename(config.data_dir / "a_2026-01-03.json")
    import_files(config, folder)
    assert len(lists(config)) == 2
    path.write_bytes(intact)
    (config.data_dir / "a_2026-01-03.json").rename(folder / "a_2026-01-03.json")
    assert problems(import_files(config, folder)) == {}
    assert len(lists(config)) == 3


@pytest.mark.parametrize("name", ["2026-01-09.json", "2026-13-45.json", "no_date.json"])
def test_a_file_refused_for_its_date_is_refused_again(config, folder, name):
    """The same bytes are loaded under a right name."""
    newest = {FLEET[0]: "2026-01-08"} if name == "no_date.json" else {}
    element_sets = [omm(n, EPOCH=f"{newest.get(n, '2026-01-03')}T06:00:00.5") for n in FLEET]
    for each in ("a_2026-01-03.json", name):
        (folder / each).write_bytes(omm_json(*element_sets))
    first = import_files(config, folder)
    assert list(problems(first)) == [name]
    assert import_files(config, folder) == first


@pytest.mark.parametrize(("count", "bad"), [(40, 3), (40, 5), (1_000, 99), (1_000, 120)])
def test_a_list_with_too_many_bad_element_sets_is_not_stored(config, tmp_path, count, bad):
    """Of large lists, some records are looked at first."""
    records = [omm(100_001 + n, EPOCH="2026-01-02T06:00:00") for n in range(count)]
    for record in records[:: count // bad][:bad]:
        record["MEAN_MOTION"] = 0.5
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "2026-01-02.json").write_bytes(omm_json(*records))
    found = problems(import_files(config, tmp_path / "files"))
    stored = SnapshotStore(config.raw_dir).all("celestrak", "starlink")
    if bad <= max(3, count // 10):
        assert (found, len(stored)) == ({}, 1)
        return
    (reason,) = found.values()
    start = f"2026-01-02.json: {bad} of {count:,} element sets are rejected, over the limit of 10 %"
    assert reason.startswith(start)
    assert stored == []


def test_an_import_accepts_lists(config, folder):
    (folder / "c_2026-01-02.json").write_bytes(gp_list("2026-01-02", *FLEET[:20]))
    (reason,) = problems(import_files(config, folder)).values()
    assert reason.endswith("run again with --accept-shrink.")
    assert problems(import_files(config, folder, accept_shrink=True)) == {}
    assert [count for count, *_ in lists(config)] == [39, 20, 40]
    assert problems(import_files(config, folder)) == {}


def test_what_an_earlier_release_stored_is_skipped_by_name(config):
    """It stored files unseen, and dated those without a date by their modification time."""
    store = SnapshotStore(config.raw_dir)
    for name, date, body in [
        ("good.json", "2026-01-01T23:59:59Z", gp_list("2026-01-01")),
        ("old.json", "2026-01-08T10:00:00Z", gp_list("2026-01-03")),
        ("poison.json", "2026-01-09T10:00:00Z", b'[{"a": 1}]'),
    ]:
        response = Response(f"file:{name}", 0, body, None, "", utc_instant(date))
        store.save(CELESTRAK, "starlink", response, 1)
    manifest = publish(config, "auto")
    assert [item.snapshot.url for item in manifest.extracted] == ["file:good.json"]
    assert "poison.json contains no readable element set" in manifest.note
    assert "old.json is dated 2026-01-08" in manifest.note


SPACE_TRACK = {
    "INTLDES": "2026-001A",
    "NORAD_CAT_ID": "100001",
    "OBJECT_TYPE": "PAYLOAD",
    "SATNAME": "STARLINK-100001",
    "LAUNCH": "2025-12-01",
    "SITE": "AFETR",
    "DECAY": "2026-01-05",
    "CURRENT": "Y",
}


def test_a_file_of_satcat_is_recognized_by_its_content(config, folder):
    config = at(config, sources="celestrak,satcat")
    other = SPACE_TRACK | {"SATNAME": "VANGUARD 1", "NORAD_CAT_ID": "5", "LAUNCH": "1958-03-17"}
    body = json.dumps([SPACE_TRACK, other]).encode()
    (folder / "download.json").write_bytes(body)
    files = {each.name: each for each in import_files(config, folder)}
    assert problems(list(files.values())) == {}
    assert files["download.json"].list_utc == "2026-01-05T23:58:59Z"
    assert files["download.json"].fates == (2, 1, 0, 0, 1)
    publish(config, "snapshot", "after")
    sql = "SELECT decay_date, decay_date_source, launch_date FROM starlink WHERE norad_cat_id = ?"
    assert rows(config.database, sql, 100_001) == [("2026-01-05", "satcat", "2025-12-01")]
    again = {each.name: each for each in import_files(config, folder)}
    assert again["download.json"].problem == ""
    assert len(SnapshotStore(config.raw_dir).all("satcat", "objects")) == 1


@pytest.mark.parametrize(
    ("decays", "date"), [(["2026-01-05", None], "2026-01-05"), ([None, None], "2025-12-01")]
)
def test_a_file_of_satcat_may_have_objects_that_have_not_decayed(config, tmp_path, decays, date):
    config = at(config, sources="celestrak,satcat")
    (tmp_path / "s").mkdir()
    records = [
        SPACE_TRACK | {"NORAD_CAT_ID": str(number), "DECAY": decay}
        for number, decay in enumerate(decays, 100_001)
    ]
    (tmp_path / "s" / "satcat.json").write_bytes(json.dumps(records).encode())
    (file,) = import_files(config, tmp_path / "s")
    assert (file.list_utc, file.fates, file.problem) == (f"{date}T23:58:59Z", (2, 2, 0, 0, 0), "")


def test_a_file_of_satcat_without_any_date_is_reported(config, folder):
    config = at(config, sources="celestrak,satcat")
    record = SPACE_TRACK | {"LAUNCH": None, "DECAY": None}
    (folder / "satcat.json").write_bytes(json.dumps([record]).encode())
    (reason,) = problems(import_files(config, folder)).values()
    assert reason.startswith("satcat.json ")


@pytest.mark.parametrize(
    ("name", "body", "content"),
    [
        ("launch_2025-11-01.tsv", tsv(LAUNCH, header=LAUNCH_HEADER), "2025-12-01"),
        (
            "satcat_2020-01-01.json",
            json.dumps([SPACE_TRACK, SPACE_TRACK | {"NORAD_CAT_ID": "100002"}]).encode(),
            "2025-12-01",
        ),
        ("satcat_2025-11-30.json", json.dumps([SPACE_TRACK]).encode(), ""),  # one is predicted
        ("launch_2025-11-28.tsv", tsv(LAUNCH, header=LAUNCH_HEADER), ""),
        ("launch_2025-11-27.tsv", tsv(LAUNCH, header=LAUNCH_HEADER), "2025-12-01"),
    ],
)
def test_a_catalogue_that_is_newer_than_the_date_in_its_name_is_refused(
    config, tmp_path, name, body, content
):
    """As of that date, its launches and decays of after it would be facts.

    A file may be named three days before the instant at its head.
    """
    (tmp_path / "dated").mkdir()
    (tmp_path / "dated" / name).write_bytes(body)
    config = at(config, sources="satcat,gcat")
    (file,) = import_files(config, tmp_path / "dated")
    day = name[-15:-5] if name.endswith("json") else name[-14:-4]
    refused = f"{name} is dated {day}, but its content is of {content}."
    assert file.problem.startswith(refused) if content else file.problem == ""


LOST = {"JCAT": "A10836", "Satcat": "NNA", "Launch_Tag": "2026-001", "LDate": "2025 Nov 30"}
GCAT_FILES = {
    "satcat.tsv": tsv(SATELLITE | {"JCAT": "S70001", "Launch_Tag": "2026-001"}),
    "more.tsv": tsv(
        *(SATELLITE | {"JCAT": f"S000{number}", "Bus": "Starlink V2MD"} for number in FLEET)
    ),
    "auxcat_2026-01-04.tsv": tsv(SATELLITE | LOST, SATELLITE | LOST | {"JCAT": "A99999"}),
    "launch.tsv": tsv(LAUNCH, header=LAUNCH_HEADER),
}


def test_files_of_gcat_are_recognized_by_their_content(config, folder, drop_in):
    """Those of the objects are used together."""
    for path in folder.iterdir():
        path.rename(drop_in / path.name)
    config = at(config, sources="celestrak,gcat")
    (drop_in / "auxcat_2026-01-04.tsv").write_bytes(GCAT_FILES["auxcat_2026-01-04.tsv"])
    (note,) = take_drop_in(config)
    assert note == (
        "auxcat_2026-01-04.tsv is stored, and used when satcat and satcat100k of GCAT are stored "
        "too. Provide them."
    )
    publish(config, "snapshot", "without")
    assert value(config.database, "SELECT count(*) FROM catalogue_objects") == 0
    for name, body in GCAT_FILES.items():
        (drop_in / name).write_bytes(body)
    assert take_drop_in(config) == []
    publish(config, "snapshot", "with")
    sql = "SELECT bus, version_source FROM starlink WHERE norad_cat_id = 100001"
    assert rows(config.database, sql) == [("Starlink V2MD", "gcat")]
    sql = "SELECT catalogued FROM v_fleet_by_launch WHERE launch_designator = '2026-001'"
    assert value(config.database, sql) == 41
    assert value(config.database, "SELECT count(*) FROM v_never_catalogued") == 2
    assert value(config.database, "SELECT name FROM launches") == "Starlink Group 11-30"
    stored = SnapshotStore(config.raw_dir).all("gcat", "objects")
    assert {each.part: each.retrieved_utc[:16] for each in stored} == {
        "satcat": "2025-12-01T01:09",
        "satcat100k": "2025-12-01T01:09",
        "auxcat": "2026-01-04T21:58",
    }
    take_drop_in(config)
    assert len(SnapshotStore(config.raw_dir).all("gcat", "objects")) == 3


@pytest.mark.parametrize(
    "body",
    [
        tsv(SATELLITE, SATELLITE | {"JCAT": "A10836"}),
        b"#JCAT\tPiece\tName\tLDate\tTLast\tTOp\nS00005\t-\t-\t-\t-\t-\n",
    ],
    ids=["two in one", "psatcat"],
)
def test_another_table_of_gcat_is_refused(config, tmp_path, body):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "table.tsv").write_bytes(body)
    (file,) = import_files(at(config, sources="gcat"), tmp_path / "other")
    assert file.problem.startswith("table.tsv is not one of the tables of GCAT that are used.")


def test_gcat_alone_needs_no_other_source(config, drop_in, folder):
    config = at(config, sources="gcat")
    (drop_in / "launch.tsv").write_bytes(GCAT_FILES["launch.tsv"])
    (folder / "a_2026-01-03.json").rename(drop_in / "a_2026-01-03.json")
    (note,) = take_drop_in(config)
    assert note == (
        "a_2026-01-03.json is of the source celestrak, which SPACEX_SOURCES leaves out. "
        "Add celestrak to SPACEX_SOURCES."
    )
    assert (drop_in / "a_2026-01-03.json").exists()
    publish(config, "snapshot", "launches")
    assert value(config.database, "SELECT count(*) FROM launches") == 1


def test_an_unexpected_error_costs_only_its_file(config, folder, drop_in, monkeypatch):
    original = manual_content.read_gp_list

    def faulty(body: bytes, name: str, *options: float) -> object:
        if name.startswith("b_"):
            raise TypeError("oops")
        return original(body, name, *options)

    monkeypatch.setattr(manual_content, "read_gp_list", faulty)
    for path in folder.iterdir():
        path.rename(drop_in / path.name)
    (note,) = take_drop_in(config)
    assert "b_2026-01-01.json cannot be judged (TypeError: oops)." in note
    assert "please report it" in note
    assert [date[:10] for date in dates(config)] == ["2026-01-02", "2026-01-03"]
    assert (drop_in / "rejected" / "b_2026-01-01.json").exists()


def test_a_file_of_satcat_needs_its_source(config, folder):
    (folder / "satcat_2026-01-05.json").write_bytes(json.dumps([SPACE_TRACK]).encode())
    found = problems(import_files(config, folder))
    assert list(found) == ["satcat_2026-01-05.json"]
    assert "Add satcat to SPACEX_SOURCES" in found["satcat_2026-01-05.json"]


VANGUARD = SPACE_TRACK | {"SATNAME": "VANGUARD 1"}
OTHER_SATELLITE = SATELLITE | {"Name": "Vanguard 1", "PLName": "-", "Bus": "-"}


@pytest.mark.parametrize(
    ("name", "body", "content"),
    [
        ("satcat.json", json.dumps([VANGUARD]).encode(), "Starlink"),
        ("satcat.json", json.dumps([{"INTLDES": "x", "SATNAME": "y"}]).encode(), "Starlink"),
        (
            "launch.tsv",
            tsv(LAUNCH | {"LV_Type": "Soyuz-2-1A", "Agency": "RU"}, header=LAUNCH_HEADER),
            "launch of SpaceX",
        ),
        ("satcat.tsv", tsv(OTHER_SATELLITE), ""),  # the Starlinks may be in its other files
    ],
)
def test_a_catalogue_has_something_of_spacex_unless_it_has_other_files(
    config, tmp_path, name, body, content
):
    config = at(config, sources="satcat,gcat")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / name).write_bytes(body)
    (file,) = import_files(config, tmp_path / "other")
    if content:
        assert file.problem == f"{name} contains no {content}. Provide another catalogue."
    else:
        assert file.problem.startswith(f"{name} is stored, and used when ")
        assert (file.fates, file.stays) == ((1, 0, 0, 0, 1), True)
    assert bool([*config.raw_dir.glob("*/*/*")]) == (not content)
