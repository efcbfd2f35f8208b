"""Pages as PDF, printed by Chromium."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from spacex.errors import StorageError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_OF_MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_LIMIT_S = 60


def find_chromium() -> str:
    """Return the path of Chromium or Chrome; empty if there is neither."""
    found = (shutil.which(name) for name in _NAMES)
    installed = (path for path in _OF_MACOS if os.access(path, os.X_OK))
    return next(filter(None, (*found, *installed)), "")


def write_pdf(browser: str, page: Path) -> Path:
    """Write a page as PDF beside it.

    Raises:
        StorageError: the browser cannot write it.
    """
    path = page.with_suffix(".pdf")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium has no sandbox for root
    with tempfile.TemporaryDirectory() as profile:
        options = ["--headless", "--disable-gpu", "--no-pdf-header-footer", *root]
        options += [f"--user-data-dir={profile}", f"--print-to-pdf={path}"]
        printing = [browser, *options, page.absolute().as_uri()]
        try:
            path.unlink(missing_ok=True)
            done = subprocess.run(  # noqa: S603 - the browser of this machine, and our page
                printing, check=False, capture_output=True, timeout=_LIMIT_S
            )
            reason = f"exit code {done.returncode}"
        except (OSError, subprocess.TimeoutExpired) as error:
            reason = str(error)
    if not path.is_file():
        raise StorageError(
            f"{browser} could not write {path} ({reason}).", "Print the page from a browser."
        )
    return path
