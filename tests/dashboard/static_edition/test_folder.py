"""An edition writes and removes only its own files."""

from pathlib import Path

import pytest

from spacex.dashboard.static_edition.folder import MANIFEST, EditionFolder
from spacex.errors import StorageError


def write(folder: Path, **files: str) -> EditionFolder:
    """Write an edition."""
    target = EditionFolder(folder, "one", "2026-11-30T12:00:00Z")
    for name, content in files.items():
        target.write(f"{name}/x.html", content)
    target.finish()
    return target


def names(folder: Path) -> set[str]:
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}


def test_files_that_are_gone_are_removed_with_their_folders(tmp_path: Path) -> None:
    write(tmp_path, a="1", b="2")
    (tmp_path / "a" / "note.txt").write_text("mine")
    write(tmp_path, c="3")
    assert names(tmp_path) == {MANIFEST, "c/x.html", "a/note.txt"}
    assert not (tmp_path / "b").exists()


def test_only_changed_files_are_written(tmp_path: Path) -> None:
    assert write(tmp_path, a="1", b="2").written == 2
    assert write(tmp_path, a="1", b="3").written == 1


def test_files_of_a_killed_edition_are_removed_by_the_next(tmp_path: Path) -> None:
    write(tmp_path, a="1")
    killed = EditionFolder(tmp_path, "two", "2026-11-30T13:00:00Z")
    killed.write("b/x.html", "2")
    (tmp_path / "a" / "x.html.12345678.tmp").write_text("half")
    (tmp_path / "a" / "y.html.12345678.tmp").write_text("mine")
    write(tmp_path, a="3")
    assert names(tmp_path) == {MANIFEST, "a/x.html", "a/y.html.12345678.tmp"}


@pytest.mark.parametrize("content", ["", "{", '{"files": 3}'])
def test_a_manifest_that_cannot_be_read_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / MANIFEST).write_text(content)
    with pytest.raises(StorageError, match="cannot be read"):
        write(tmp_path, a="1")


@pytest.mark.attack(
    "name files outside the folder in the manifest of an edition, to have them removed", "kept"
)
def test_a_manifest_cannot_name_files_outside(tmp_path: Path) -> None:
    mine, folder = tmp_path / "mine.txt", tmp_path / "edition"
    mine.write_text("mine")
    write(folder, a="1")
    manifest = (folder / MANIFEST).read_text()
    (folder / MANIFEST).write_text(manifest.replace("a/x.html", "../mine.txt"))
    write(folder, b="1")
    assert mine.exists()
