"""Files of events: what is in them after a kill, and what else may be in their place."""

import os
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from spacex.pipeline.lineage import event_file
from spacex.pipeline.lineage.event_file import create, files, open_abandoned, prune

RUNS = [f"2026-11-{day:02}T05-17-00-000000Z" for day in range(1, 6)]


def test_each_event_is_in_the_file_at_once(tmp_path):
    path = tmp_path / "lineage" / "run.jsonl"
    with closing(create(path)) as file:
        file.append(b'{"a":1}')
        assert path.read_bytes() == b'{"a":1}\n'
        file.append(b'{"a":2}')
        assert file.events() == [{"a": 1}, {"a": 2}]


def test_a_file_is_locked_until_it_is_closed(tmp_path):
    path = tmp_path / "run.jsonl"
    file = create(path)
    assert open_abandoned(path) is None
    file.close()
    other = open_abandoned(path)
    assert other
    other.close()


@pytest.mark.parametrize(
    ("content", "events", "left"),
    [
        (b"", [], b""),
        (b'{"a":1}\n', [{"a": 1}], b'{"a":1}\n'),
        (b'{"a":1}\n{"a"', [{"a": 1}], b'{"a":1}\n'),
        (b'{"a"', [], b""),
    ],
)
def test_a_line_that_was_not_completed_is_removed(tmp_path, content, events, left):
    path = tmp_path / "run.jsonl"
    path.write_bytes(content)
    with closing(open_abandoned(path)) as file:
        assert file.events() == events
        file.append(b"{}")
    assert path.read_bytes() == left + b"{}\n"


def test_a_line_that_is_not_json_is_an_error(tmp_path):
    path = tmp_path / "run.jsonl"
    path.write_bytes(b"what\n")
    with closing(open_abandoned(path)) as file, pytest.raises(msgspec.DecodeError):
        file.events()


@pytest.mark.attack("put a link or pipe in the place of the lineage of a run", "left as it is")
def test_no_link_is_followed_and_no_pipe_waited_for(tmp_path):
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    link, pipe = tmp_path / "link.jsonl", tmp_path / "pipe.jsonl"
    link.symlink_to(mine)
    os.mkfifo(pipe)
    (tmp_path / "folder.jsonl").mkdir()
    for path in (link, pipe, tmp_path / "folder.jsonl", tmp_path / "none.jsonl"):
        assert open_abandoned(path) is None
    for path in (link, pipe, mine):
        with pytest.raises(FileExistsError):
            create(path)
    assert mine.read_text() == "mine"


def written(folder: Path) -> None:
    for name in RUNS:
        (folder / f"{name}.jsonl").write_text("")


def test_the_newest_files_and_that_of_the_published_run_are_kept(tmp_path):
    written(tmp_path)
    (tmp_path / "mine.jsonl").write_text("mine")
    prune(tmp_path, keep=2, spared=RUNS[0])
    assert [each.stem for each in files(tmp_path)] == [RUNS[0], *RUNS[3:]]
    assert (tmp_path / "mine.jsonl").exists()


def test_a_file_that_cannot_be_removed_is_no_error(tmp_path, monkeypatch):
    written(tmp_path)

    def refuse(_: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(event_file.Path, "unlink", refuse)
    prune(tmp_path, keep=2, spared="")
    prune(tmp_path / "none", keep=2, spared="")
    assert len(files(tmp_path)) == 5
