"""The temporary folder of a process: removed when it ends, and by the next one if it was killed."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spacex.notebook.temporary_folder import _root

HOLD = """
import sys
from spacex.notebook import forked_kernel, temporary_folder
forked_kernel.start_fork_server(())
(temporary_folder.temporary_folder() / "k-1").mkdir()
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder with a short name, as sockets need."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture
def start(temporary: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start a process with a fork server and a kernel's folder, all in `temporary`."""
    started = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD],
            env=os.environ | {"TMPDIR": str(temporary)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def folders(path: Path) -> set[str]:
    return {each.name for each in path.iterdir()}


def test_a_killed_process_leaves_nothing_that_the_next_one_does_not_remove(start, temporary):
    killed = start()
    (left,) = temporary.iterdir()
    assert {each.name.partition("-")[0] for each in left.iterdir()} == {"lock", "listener", "k"}
    other = temporary / "spacex-of-somebody"
    other.mkdir()
    alive = start()
    (of_alive,) = folders(temporary) - {left.name, other.name}
    killed.kill()
    killed.wait()
    last = start()
    found = folders(temporary)
    assert left.name not in found
    assert {of_alive, other.name} < found
    for process in (alive, last):
        process.communicate("")
        assert process.returncode == 0
    assert folders(temporary) == {other.name}


def test_a_folder_without_a_lock_or_behind_a_link_is_not_removed(start, temporary):
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "lock").touch()
    (temporary / "spacex-link").symlink_to(elsewhere)
    start().communicate("")
    assert folders(temporary) == {"elsewhere", "spacex-link"}
    assert folders(elsewhere) == {"lock"}


@pytest.mark.parametrize(("length", "is_used"), [(58, True), (59, False)])
def test_sockets_are_elsewhere_if_their_paths_would_be_too_long(
    monkeypatch: pytest.MonkeyPatch, length: int, *, is_used: bool
) -> None:
    folder = f"/tmp/{'x' * (length - 5)}"  # noqa: S108
    monkeypatch.setattr(tempfile, "tempdir", folder)
    assert _root() == Path(folder if is_used else "/tmp")  # noqa: S108
