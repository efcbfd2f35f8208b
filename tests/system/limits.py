"""Exhaust memory, processes and /tmp, from inside a container; print where each stops.

Fails if a limit does not hold. It is the input of Python in a container of its own.
"""

import errno
import os
import signal
import sys
from pathlib import Path

MB = 1 << 20


def most_memory() -> str:
    """Fill memory in a child process; return how it ended."""
    child = os.fork()
    if child == 0:
        held = [os.urandom(MB)]
        while len(held) < 8192:
            held.append(bytes(reversed(held[0])))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        raise SystemExit("8 GB of memory were available")
    return "memory"


def most_processes() -> str:
    """Fork until the limit is reached."""
    children = []
    try:
        while len(children) < 4096:
            child = os.fork()
            if child == 0:
                signal.pause()
            children.append(child)
    except BlockingIOError:
        return f"{len(children)} processes"
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    raise SystemExit("4096 processes could be started")


def most_files() -> str:
    """Fill /tmp."""
    path = Path("/tmp/full")  # noqa: S108 - the container's
    written = 0
    try:
        with path.open("wb") as file:
            while written < 4096:
                written += file.write(bytes(MB)) // MB
    except OSError as error:
        if error.errno == errno.ENOSPC:
            return f"{written} MB in /tmp"
        raise
    finally:
        path.unlink()
    raise SystemExit("4 GB could be written to /tmp")


if __name__ == "__main__":  # not when pytest looks for doctests
    sys.stdout.write(f"stopped: {most_files()}, {most_processes()}, {most_memory()}\n")
