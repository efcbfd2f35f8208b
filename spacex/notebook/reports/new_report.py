"""A new notebook of one's own, from a template that works as it is."""

import re
from pathlib import Path

from spacex.errors import SettingsError
from spacex.files import create_atomically
from spacex.notebook.reports.report_notebooks import NUMBERED, is_reserved, report_names
from spacex.settings import Settings

_TEMPLATE = Path(__file__).with_name("own_report.ipynb")
_TITLE = "TITLE"
"""Stands for the heading in the template."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_EXAMPLE = "high_satellites"


def write_new(settings: Settings, name: str) -> Path:
    """Write a notebook of one's own, named and headed by `name`.

    Returns:
        The notebook.

    Raises:
        SettingsError: the name is taken, or has other characters than letters, digits, `-`, `_`.
        StorageError: the notebook cannot be written.
    """
    if not _NAME.fullmatch(name):
        raise SettingsError(
            f"A notebook cannot be named {name!r}.",
            f"Use letters, digits, - and _ only, such as {_EXAMPLE}.",
        )
    path = settings.own_notebooks_dir / f"{name}.ipynb"
    words = NUMBERED.sub("", name, count=1) or name
    heading = words.replace("_", " ").replace("-", " ").strip().capitalize()
    content = _TEMPLATE.read_text(encoding="utf-8").replace(_TITLE, heading, 1)
    bundled = [path.stem for path in (settings.notebooks_dir / "reports").glob("*.ipynb")]
    is_taken = name in report_names(settings) or is_reserved(name, bundled)
    if is_taken or not create_atomically(path, content.encode()):
        raise SettingsError(f"The name {name} is taken.", "Choose another name.")
    return path
