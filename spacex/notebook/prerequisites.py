"""What kernels need of the process that starts them; otherwise they die without a reason."""

import resource
import sys

from spacex.errors import SettingsError

_OPEN_FILES = 128
"""Files that a process of a run has open at once, with room."""


def check_prerequisites() -> None:
    """Check the number of files that may be open, and Python's options.

    Raises:
        SettingsError: kernels could not start.
    """
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed not in {resource.RLIM_INFINITY, -1} and allowed < _OPEN_FILES:
        raise SettingsError(
            f"This process may open {allowed} files; it needs {_OPEN_FILES}.",
            remedy="Raise the limit with `ulimit -n 1024`, then try again.",
        )
    if sys.flags.optimize > 1:
        raise SettingsError(
            "Python runs without docstrings (PYTHONOPTIMIZE=2, or -OO), which Altair needs.",
            remedy="Unset PYTHONOPTIMIZE, then try again.",
        )
