"""The static edition at the end of a run, written by another process.

The pages of the dashboard take memory and time; neither they nor their failure may cost the run.
"""

import os
import subprocess
import sys

from spacex.settings import Settings, environment

TIMEOUT_S = 3600
"""Longest time for an edition, s; the next one completes one that was stopped."""

_MOST_CHARS = 500


def write_edition(settings: Settings, timeout_s: float = TIMEOUT_S) -> str:
    """Write the edition into the folder of the settings.

    Args:
        settings: the folders.
        timeout_s: the longest time, s.

    Returns:
        Why it was not written; empty if it was, or if the settings name no folder.
    """
    if settings.publish_dir is None:
        return ""
    command = [sys.executable, "-m", "spacex", "publish", str(settings.publish_dir)]
    try:
        done = subprocess.run(  # noqa: S603 - our own
            command,
            env={**os.environ, **environment(settings)},
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it took more than {timeout_s:,.0f} s"
    except OSError as error:
        return str(error)
    said = " ".join(done.stderr.split())[-_MOST_CHARS:]
    return "" if done.returncode == 0 else said or f"exit code {done.returncode}"
