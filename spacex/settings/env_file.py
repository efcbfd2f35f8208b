"""The file `.env`: its variables, and what is wrong with it."""

import io
import logging
import stat
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

logging.getLogger("dotenv.main").setLevel(logging.ERROR)  # `unreadable_lines` finds them

ENCODING = "utf-8-sig"
"""UTF-8; Windows editors begin it with a byte order mark."""

_MAX_BYTES = 2**20


def read_text(file: Path) -> str:
    """Return the text of the file; empty if there is none.

    Raises:
        ValueError: what is wrong with it, for a message.
    """
    try:
        status = file.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ValueError(f"{file} is a folder; remove it, or make it a text file")
        if not stat.S_ISREG(status.st_mode):  # to read a pipe would wait for its writer
            raise ValueError(f"{file} is a pipe or device; make it a text file")
        if status.st_size > _MAX_BYTES:
            size_mb = status.st_size / _MAX_BYTES
            raise ValueError(f"{file} has {size_mb:,.0f} MB, which no settings need; correct it")
        text = file.read_text(ENCODING)
    except FileNotFoundError:
        if file.is_symlink():
            raise ValueError(f"{file} is a link to {file.readlink()}, which is missing") from None
        return ""
    except UnicodeDecodeError:
        text = "\0"
    except OSError as error:
        raise ValueError(f"{file} cannot be read ({error.strerror})") from None
    if "\0" in text:  # UTF-16, most often
        raise ValueError(f"{file} is not UTF-8 text; save it as UTF-8")
    return text


def variables(text: str) -> dict[str, str]:
    """Return variable → value, given the text of the file."""
    return {name: value or "" for name, value in dotenv_values(stream=io.StringIO(text)).items()}


def unreadable_lines(text: str) -> list[int]:
    """Return the numbers of the lines that are not assignments, given the text of the file."""
    wrong = [each.original for each in parse_stream(io.StringIO(text)) if each.error]
    blank = [len(each.string) - len(each.string.lstrip()) for each in wrong]
    return [
        each.line + each.string.count("\n", 0, end) for each, end in zip(wrong, blank, strict=True)
    ]
