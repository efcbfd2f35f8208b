"""The digest beside the published database, whatever happens to either."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spacex.warehouse.digest import (
    announce_digest,
    check_digest,
    confirm_digest,
    forget_check,
    is_checked,
    published_digest,
    record_check,
    settle_digest,
    sha256,
)


@pytest.fixture(scope="module")
def path(_small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a published database."""
    return copy_into(tmp_path_factory.mktemp("digest"), _small_data / "starlink.db")


@pytest.fixture
def copy(path: Path, tmp_path: Path) -> Path:
    return copy_into(tmp_path, path)


def copy_into(folder: Path, path: Path) -> Path:
    """Copy a database and its digest."""
    for name in (path.name, f"{path.name}.sha256"):
        shutil.copy(path.with_name(name), folder)
    return folder / path.name


def names(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.glob(f"{path.name}.sha256*"))


def test_the_published_database_matches_its_digest(path: Path) -> None:
    assert published_digest(path) == sha256(path)
    assert check_digest(path) == ""
    assert names(path) == ["starlink.db.sha256"]


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="no sha256sum on this machine")
def test_sha256sum_checks_the_digest(path: Path) -> None:
    command = ["sha256sum", "--check", "--strict", "starlink.db.sha256"]
    assert subprocess.run(command, cwd=path.parent, check=False).returncode == 0


@pytest.mark.attack("change one bit of the database", "found by its digest")
@given(st.sampled_from(["starlink.db", "starlink.db.sha256"]), st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_flipped_bit_is_found(path: Path, name: str, data: st.DataObject) -> None:
    file = path.with_name(name)
    before = file.read_bytes()
    content = bytearray(before)
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    file.write_bytes(content)
    try:
        assert check_digest(path) == (
            f"The database {path} does not match its digest in starlink.db.sha256."
        )
    finally:
        file.write_bytes(before)


def test_a_database_without_a_digest_is_not_checked(copy: Path) -> None:
    copy.with_name("starlink.db.sha256").unlink()
    assert published_digest(copy) is None
    assert check_digest(copy) == ""


def test_a_check_is_recorded_until_a_program_writes(copy: Path) -> None:
    assert not is_checked(copy)  # the digest is newer than the copy
    record_check(copy, copy.stat().st_mtime_ns)
    assert is_checked(copy)
    assert check_digest(copy) == ""
    forget_check(copy)
    assert not is_checked(copy)
    record_check(copy, copy.stat().st_mtime_ns)
    os.utime(copy)
    assert not is_checked(copy)
    copy.with_name("starlink.db.sha256").unlink()
    record_check(copy, copy.stat().st_mtime_ns)
    assert not is_checked(copy)


def test_a_published_database_is_checked(path: Path, tmp_path: Path) -> None:
    copied = copy_into(tmp_path, path)
    announce_digest(copied, sha256(copied))
    assert not is_checked(copied)
    confirm_digest(copied)
    assert is_checked(copied)


@pytest.mark.parametrize("is_renamed", [False, True])
def test_a_killed_publish_is_settled(copy: Path, is_renamed: bool) -> None:  # noqa: FBT001
    new = copy.with_name("new")
    new.write_bytes(b"another database")
    announce_digest(copy, sha256(new))
    if is_renamed:
        new.replace(copy)
    assert check_digest(copy) == ""
    settle_digest(copy)
    assert names(copy) == ["starlink.db.sha256"]
    assert published_digest(copy) == sha256(copy)
    assert check_digest(copy) == ""


def test_a_database_replaced_during_the_check_is_checked_again(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def publish_meanwhile(path: Path) -> str:
        found = sha256(path)
        if found != sha256(new):
            announce_digest(copy, sha256(new))
            shutil.copy(new, replaced := copy.with_name("replaced"))
            replaced.replace(copy)
            confirm_digest(copy)
        return found

    new = copy.with_name("new")
    new.write_bytes(b"another database")
    monkeypatch.setattr("spacex.warehouse.digest.sha256", publish_meanwhile)
    assert check_digest(copy) == ""
