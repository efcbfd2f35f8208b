import logging
import shutil
from pathlib import Path

from spacex.pipeline import flow_parts
from spacex.pipeline.retention import prune

RUNS = [f"2026-11-{day:02}T05-17-00-000000Z" for day in range(1, 6)]


def folders(tmp_path: Path, *names: str) -> None:
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "40_report.html").write_text("page")


def left(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in tmp_path.iterdir())


def test_the_newest_runs_are_kept(tmp_path):
    folders(tmp_path, *RUNS)
    assert prune(tmp_path, keep=5) == []
    assert prune(tmp_path, keep=2) == RUNS[:3]
    assert left(tmp_path) == RUNS[3:]


def test_the_published_run_is_always_kept(tmp_path):
    folders(tmp_path, *RUNS)
    assert prune(tmp_path, keep=1, spared=RUNS[0]) == RUNS[1:4]
    assert left(tmp_path) == [RUNS[0], RUNS[4]]


def test_files_and_folders_with_other_names_are_kept(tmp_path):
    folders(tmp_path, *RUNS, "before-the-change")
    (tmp_path / "notes.txt").write_text("mine")
    prune(tmp_path, keep=1)
    assert left(tmp_path) == [RUNS[4], "before-the-change", "notes.txt"]


def test_a_folder_that_another_run_removes_meanwhile_is_not_an_error(tmp_path, monkeypatch):
    folders(tmp_path, *RUNS)
    remove = shutil.rmtree

    def remove_second(path: Path, **options: bool) -> None:
        remove(path)
        remove(path, **options)

    monkeypatch.setattr("spacex.pipeline.retention.shutil.rmtree", remove_second)
    assert prune(tmp_path, keep=3) == RUNS[:2]
    assert left(tmp_path) == RUNS[2:]


def test_a_missing_folder_of_runs_is_not_an_error(tmp_path):
    assert prune(tmp_path / "runs", keep=1) == []


def test_a_page_of_runs_that_cannot_be_written_is_told(settings, monkeypatch, caplog):
    monkeypatch.setattr(flow_parts, "get_run_logger", logging.getLogger)
    (settings.runs_dir / "index.html" / "mine").mkdir(parents=True)
    flow_parts.forget_old_runs(settings)
    (told,) = caplog.messages
    assert told.startswith("The page of all runs is not up to date: ")
