"""Files that are not finished: another program still copies or downloads them."""

import errno
import fcntl
import os
import signal
import stat
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

_ENDINGS = (".part", ".partial", ".filepart", ".crdownload", ".opdownload", ".download", ".tmp")
"""Endings of the names that browsers and other programs give to files that are not finished."""
_RECENTLY_S = 60
_PAUSE_S = 2.0
"""Time between two looks at a file that has changed recently, or in the future, s."""
_LONGEST_S = 3600
"""Time for which a program may have a file open for writing and change nothing, s."""

State = tuple[int, int, int, int]
"""Inode, size, and the times of the last change of content and of inode, ns."""


def has_unfinished_name(path: Path) -> bool:
    """Return whether the name of a file says that it is not finished.

    >>> [has_unfinished_name(Path(name)) for name in ("a.json.part", "A.JSON.TMP", "part.json")]
    [True, True, False]
    """
    return path.name.lower().endswith(_ENDINGS)


def states_of(paths: Iterable[Path]) -> dict[Path, State]:
    """Return the state of each file; those that are gone are left out."""
    found = {}
    for path in paths:
        with suppress(OSError):
            state = path.lstat()
            found[path] = (state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
    return found


def unfinished(states: Mapping[Path, State]) -> set[Path]:
    """Return the files that are not finished.

    That is by their names, because another program has them open for writing, or because they
    change within the next seconds. The times of a file alone tell little: clocks may be wrong.

    Args:
        states: the files, with their states a moment ago.
    """
    named = {path for path in states if has_unfinished_name(path)}
    recent = {path for path in states.keys() - named if _age_s(states[path]) < _RECENTLY_S}
    if recent:
        time.sleep(_PAUSE_S)
    later = states_of(states.keys() - named)
    changed = {path for path in states.keys() - named if later.get(path) != states[path]}
    return named | changed | {path for path in later if _is_open(path, later[path])}


def _age_s(state: State) -> float:
    """Return how long a file has not changed, by the more recent of its times; below 0 if ahead."""
    return time.time() - max(state[2:]) / 1e9


def _is_open(path: Path, state: State) -> bool:
    """Return whether a program has a file open for writing; False if that is not known.

    A file may be leased only if no program has. The lease ends at once; a program that opens the
    file in between waits for that.
    """
    if not hasattr(fcntl, "F_SETLEASE") or _age_s(state) > _LONGEST_S:
        return False
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return False
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)  # the usual signal stops a program
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(descriptor)
    return False
