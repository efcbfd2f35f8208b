"""The files of notebooks, one's own among them: whatever is wrong with one is a NotebookError."""

import ast
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from spacex.errors import NotebookError, SpacexError
from spacex.files import read_file

_READING = Lock()
"""Filters of warnings are shared by the threads of a process."""


def read_notebook(path: Path, *, is_executed: bool = False) -> Any:
    """Return the content of a notebook.

    Args:
        path: its file.
        is_executed: whether the runner wrote it, with outputs that need not be valid.

    Raises:
        NotebookError: the file is missing, cannot be read, or is no valid notebook.
    """
    import nbformat  # noqa: PLC0415 - heavy

    with reading(path):
        content = nbformat.reads(read_file(path).decode(), as_version=4)
        if not is_executed:
            nbformat.validate(content)
        return content


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn whatever nbformat and papermill raise of a file into a NotebookError that names it.

    Raises:
        NotebookError: the file is missing, or the block failed.
    """
    if not path.exists():
        raise NotebookError(f"There is no notebook {path}.", remedy="Check the folder.")
    with _READING, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they warn of becomes an error, or is repaired
        try:
            yield
        except SpacexError:
            raise
        except Exception as error:  # noqa: BLE001 - of a damaged file they raise nearly anything
            raise NotebookError(
                f"{path.name} is not a runnable notebook: {_reason(error)}",
                remedy="Open it in JupyterLab, choose the kernel Python 3, and save it.",
            ) from None


def literal(code: str) -> Any:
    """Return the value of a literal of Python.

    Raises:
        ValueError: it is none.
    """
    try:
        return ast.literal_eval(code)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError(f"{code!r} is no literal") from error


def _reason(error: Exception) -> str:
    text = (error.strerror or "") if isinstance(error, OSError) else str(error)
    return text.strip().partition("\n")[0] or type(error).__name__
