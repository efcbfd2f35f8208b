"""The file that a run keeps locked in its folder while it is executed.

A process that dies leaves it without its lock, so that others see that the run was stopped.
"""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from spacex.errors import masked
from spacex.extract.sealed_json import read_record

STARTED = "started.json"


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """A run that has begun and whose end is not recorded.

    Attributes:
        flow_run_id: the flow run in Prefect; may be empty.
        parameters: those that the run was started with.
    """

    flow_run_id: str
    parameters: dict[str, Any]


@contextmanager
def noting_start(folder: Path, started: Started) -> Iterator[None]:
    """Keep the file in the folder of a run, without passwords, while the block executes the run.

    What stops the block leaves the file, unless the end of the run is recorded in its place.
    """
    path = folder / STARTED
    new = path.with_suffix(".new")
    with ExitStack() as stack:
        with suppress(OSError):  # the run itself reports a folder that cannot be written
            folder.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context(new.open("x", encoding="utf-8"))
            file.write(masked(msgspec.json.encode(started).decode()))
            file.flush()
            fcntl.flock(file, fcntl.LOCK_EX)  # before others see the file
            new.replace(path)
        yield
        with suppress(OSError):
            path.unlink()


def started_run(folder: Path) -> Started | None:
    """Return the start of a run whose end is not recorded; None if it is, or if there is none."""
    return read_record(folder / STARTED, Started)


def is_executed(folder: Path) -> bool:
    """Return whether a process executes the run of a folder; True if that cannot be told."""
    try:
        with (folder / STARTED).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # also of a read-only folder
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
