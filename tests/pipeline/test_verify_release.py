"""`spacex verify RELEASE`: any changed byte, missing or further file, and a broken chain."""

import json
import os
import shutil
from pathlib import Path

import hypothesis
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from spacex.analysis.releases import Release, make_release
from spacex.cli.app import app
from spacex.errors import SettingsError
from spacex.extract.sealed_json import sealed
from spacex.pipeline.verify.released_files import verify_release
from tests.analysis.releases.conftest import later, released, small  # noqa: F401 - fixtures


def problems(folder: Path) -> dict[str, str]:
    """Return file → problem."""
    return {each.file: each.message for each in verify_release(folder).problems}


def notes(folder: Path) -> list[str]:
    return [each.message for each in verify_release(folder).notes]


@pytest.fixture
def copied(released, tmp_path) -> Path:  # noqa: F811
    """A copy of a release."""
    return shutil.copytree(released.folder, tmp_path / "copied")


def test_a_release_is_intact_wherever_it_is(copied, released):  # noqa: F811
    assert problems(copied) == {}
    assert notes(copied) == [
        f"manifest.json has the SHA-256 {released.sha256}: compare it with the one that is cited."
    ]


@hypothesis.settings(max_examples=60)
@given(data=st.data())
def test_any_changed_byte_is_found(released: Release, data: st.DataObject) -> None:  # noqa: F811
    names = ["manifest.json", *(file.path for file in released.manifest.files)]
    path = released.folder / data.draw(st.sampled_from(names))
    content = path.read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    byte = content[place] ^ data.draw(st.integers(1, 255))
    path.write_bytes(content[:place] + bytes([byte]) + content[place + 1 :])
    try:
        (problem,) = verify_release(released.folder).problems
    finally:
        path.write_bytes(content)
    assert problem.file == path.relative_to(released.folder).as_posix()
    assert "is damaged" in problem.message


def test_missing_and_further_files_are_named(copied, tmp_path):
    (copied / "csv" / "launches.csv").unlink()
    (copied / "CITATION.cff").unlink()
    (copied / "CITATION.cff").mkdir()
    (copied / "starlink.db-journal").touch()
    (copied / "notes" / "empty").mkdir(parents=True)
    path = copied / "csv" / "cores.csv"
    path.rename(tmp_path / "cores.csv")
    path.symlink_to(tmp_path / "cores.csv")
    (copied / "parquet" / "cores.parquet").unlink()
    os.mkfifo(copied / "parquet" / "cores.parquet")
    lacks = "is not part of the release: manifest.json lacks it."
    assert problems(copied) == {
        "CITATION.cff": "CITATION.cff is not a regular file.",
        "csv/cores.csv": "csv/cores.csv is not a regular file.",
        "csv/launches.csv": "csv/launches.csv is missing.",
        "notes": f"notes {lacks}",
        "notes/empty": f"notes/empty {lacks}",
        "parquet/cores.parquet": "parquet/cores.parquet is not a regular file.",
        "starlink.db-journal": f"starlink.db-journal {lacks}",
    }


def test_a_folder_that_is_a_link_is_no_part_of_a_release(copied, tmp_path):
    (copied / "csv").rename(tmp_path / "csv")
    (copied / "csv").symlink_to(tmp_path / "csv")
    assert problems(copied) == {
        "csv": "csv is not part of the release: manifest.json lacks it.",
    }


def test_a_manifest_that_names_files_elsewhere_is_a_problem(copied, released):  # noqa: F811
    first, *others = released.manifest.files
    for path in ("../secret", "/etc/hostname"):
        file = msgspec.structs.replace(first, path=path)
        changed = msgspec.structs.replace(released.manifest, files=(first, *others, file))
        (copied / "manifest.json").write_bytes(sealed(changed))
        assert problems(copied) == {
            "manifest.json": f"manifest.json names {path!r}, outside of it."
        }


def test_without_a_manifest_nothing_is_a_release(copied, tmp_path):
    (copied / "manifest.json").unlink()
    assert problems(copied) == {"manifest.json": "manifest.json is missing."}
    (copied / "manifest.json").write_text("{}")
    assert problems(copied) == {
        "manifest.json": "manifest.json is damaged, or is no manifest of a release."
    }
    with pytest.raises(SettingsError, match="There is no folder"):
        verify_release(tmp_path / "missing")


@pytest.mark.usefixtures("small")
def test_a_chain_of_three_is_verified_and_a_broken_one_named(later, tmp_path):  # noqa: F811
    folder = tmp_path / "out"
    for n in (1, 2, 3):
        make_release(later(n), folder / f"{n}")
    chain = verify_release(folder / "3").parts[1]
    assert (chain.count, chain.problems, chain.notes) == (2, {}, [])

    (folder / "2").rename(folder / "renamed")
    assert problems(folder / "3") == {}
    assert verify_release(folder / "3").parts[1].count == 2

    (folder / "renamed").rename(tmp_path / "elsewhere")
    assert problems(folder / "3") == {}
    assert "manifest.json names the release before, 2 (run run-2), not found beside." in notes(
        folder / "3"
    )
    (tmp_path / "elsewhere").rename(folder / "2")

    shutil.rmtree(folder / "1")
    assert problems(folder / "3") == {}
    assert any("names the release before, 1 (run run-1)" in each for each in notes(folder / "3"))

    shutil.rmtree(folder / "2")
    path = make_release(tmp_path / "later-2" / "starlink.db", folder / "2").folder / "manifest.json"
    assert problems(folder / "3") == {
        f"{path}": f"{path} is not the one that the release 3 follows: it was damaged or replaced."
    }


@pytest.mark.usefixtures("door", "small")
def test_the_commands_say_what_they_did(tmp_path):
    folder = tmp_path / "out" / "first"
    done = CliRunner().invoke(app, ["release", str(folder)])
    assert done.exit_code == 0, done.output
    sha256 = done.stdout.rpartition("to cite: ")[2][:64]
    assert "of the run first" in done.stdout
    assert "its fleet is simulated, as each file says" in done.stdout
    assert "is the first: no release of an earlier run is beside it" in done.stdout
    assert f"verify {folder}` checks it" in done.stdout

    done = CliRunner().invoke(app, ["verify", str(folder)])
    assert (done.exit_code, done.stdout.strip().endswith("is intact.")) == (0, True)
    assert sha256 in done.stdout
    (folder / "LICENCES.md").unlink()
    done = CliRunner().invoke(app, ["verify", str(folder)])
    assert done.exit_code == 1
    assert "✗ LICENCES.md is missing.\n    → Obtain the release again" in done.stdout
    done = CliRunner().invoke(app, ["verify", str(folder), "--json"])
    found = json.loads(done.stdout)
    assert (done.exit_code, found["is_intact"]) == (1, False)
    assert [each["part"] for each in found["checked"]] == ["files", "releases before"]
    done = CliRunner().invoke(app, ["verify", str(tmp_path / "missing")])
    assert done.exit_code == 2
    assert "There is no folder" in done.stderr
