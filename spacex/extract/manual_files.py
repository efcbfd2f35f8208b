"""Manual files: files that a person downloaded and put into a folder.

They are read regardless of their names. A file that cannot be used is moved from the folder of
manual files to its folder `rejected`, with the reason beside it.
"""

import gzip
import os
import re
import stat
import zlib
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from spacex.errors import ResponseError, SettingsError
from spacex.extract.http_client import Response
from spacex.extract.sidecar import MANUAL_SCHEME
from spacex.sources.tle import is_tle

REJECTED = "rejected"
"""Name of the folder of files that cannot be used."""

_GZIP = b"\x1f\x8b"
_OTHER_FORMATS = {
    b"PK\x03\x04": "is a ZIP archive, not the list itself",
    b"7z\xbc\xaf\x27\x1c": "is a 7z archive, not the list itself",
    b"BZh": "is compressed with bzip2, not gzip",
    b"\xfd7zXZ\0": "is compressed with xz, not gzip",
    b"\x28\xb5\x2f\xfd": "is compressed with zstd, not gzip",
    _GZIP: "is compressed twice",
    b"\xff\xfe\0\0": "is text in UTF-32, not in UTF-8",
    b"\0\0\xfe\xff": "is text in UTF-32, not in UTF-8",
    b"\xff\xfe": "is text in UTF-16, not in UTF-8",
    b"\xfe\xff": "is text in UTF-16, not in UTF-8",
}
_CONVERT = "Convert it to OMM or TLE in UTF-8."
_PROVIDE = "Provide GP data: OMM in JSON or CSV, or TLE."
_MEBIBYTE = 2**20
_HEAD = 1024
_REASON = ".reason.txt"
_LONGEST_NAME = 255
"""Bytes of a file name on common file systems."""
_STEM_AND_ENDING = r"(.+?)((?:\.[A-Za-z]\w{0,7}){0,2})"
"""A file name: its stem, which may contain a date with dots, and endings such as `.json.gz`."""


def manual_files(folder: Path) -> list[Path]:
    """Return the entries of a folder by name.

    Hidden ones, the folder `rejected` and the reasons of rejected files are left out.

    Raises:
        SettingsError: it is not a folder, or cannot be listed.
    """
    try:
        entries = [path for path in folder.iterdir() if path.name[0] != "."]
    except FileNotFoundError:
        if folder.is_symlink():
            raise SettingsError(
                f"{folder} is a link to {folder.readlink()}, which is missing.",
                remedy="Correct or remove the link.",
            ) from None
        return []
    except NotADirectoryError:
        raise SettingsError(
            f"{folder} is a file, not a folder.", remedy="Move it away, or name a folder."
        ) from None
    except OSError as error:
        raise SettingsError(
            f"The folder {folder} cannot be listed ({error.strerror or error}).",
            remedy="Check its permissions.",
        ) from None
    return sorted(
        path for path in entries if path.name != REJECTED and not path.name.endswith(_REASON)
    )


def shown_name(path: Path) -> str:
    """Return the name of a file for messages; characters that cannot be printed are replaced."""
    name = os.fsencode(path.name).decode(errors="replace")
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name)


def read_manual_file(path: Path, max_bytes: int, within: Path | None = None) -> bytes:
    """Return the content of a file, decompressed if it is gzipped, whatever its name.

    Args:
        path: the file.
        max_bytes: its largest size, decompressed, B.
        within: the folder that a symbolic link must not leave; None: any.

    Raises:
        ResponseError: it is not a regular file, is damaged, too large or in another format, or
            cannot be read.
    """
    name = shown_name(path)
    try:
        if within and not path.resolve().is_relative_to(within.resolve()):
            raise _unusable(name, "is a link to another folder", "Copy the file itself.")
        _check_kind(name, path.stat().st_mode)
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            _check_kind(name, os.fstat(file.fileno()).st_mode)  # it may have been replaced
            is_gzip = file.read(len(_GZIP)) == _GZIP
            file.seek(0)
            body = (gzip.GzipFile(fileobj=file) if is_gzip else file).read(max_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise _unusable(name, f"cannot be read ({reason})", "Download it again.") from None
    except RuntimeError:  # Python up to 3.12
        raise _unusable(name, "is a link to itself", "Copy the file itself.") from None
    if len(body) > max_bytes:
        raise _unusable(
            name,
            f"is larger than {max_bytes / _MEBIBYTE:g} MB",
            "If this size is expected, raise SPACEX_MAX_RESPONSE_MB.",
        )
    for start, format_ in _OTHER_FORMATS.items():
        if body.startswith(start):
            raise _unusable(name, format_, _CONVERT)
    if b"\0" in body:
        if any(body[:_HEAD:2]) != any(body[1:_HEAD:2]):  # every other byte is zero
            raise _unusable(name, "is text in UTF-16, not in UTF-8", _CONVERT)
        raise _unusable(name, "is a binary file, not text", _PROVIDE)
    return body


def _check_kind(name: str, mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
        raise _unusable(name, f"is {kind}", "Provide single files.")


def set_aside(path: Path, reason: str) -> Path | None:
    """Move a file to the folder `rejected` beside it, with the reason in `NAME.reason.txt`.

    Nothing there is overwritten: if a name is taken, its stem gets a number. A name that is too
    long for this is shortened.

    Returns:
        The new path; None if the file cannot be moved.
    """
    for number in count(1):
        target, note = _rejected_paths(path, number)
        if os.path.lexists(target):
            continue
        try:
            target.parent.mkdir(exist_ok=True)
            with note.open("x", encoding="utf-8", errors="replace") as file:
                file.write(f"{reason}\n")
        except FileExistsError:
            if not target.parent.is_dir():
                return None
            continue
        except OSError:
            return None
        try:
            path.rename(target)
        except OSError:
            with suppress(OSError):
                note.unlink()
            return None
        return target
    raise AssertionError


def _rejected_paths(path: Path, number: int) -> tuple[Path, Path]:
    """Return the paths of a rejected file and of its reason.

    >>> [each.name for each in _rejected_paths(Path("starlink_2025.05.18.json.gz"), 2)]
    ['starlink_2025.05.18-2.json.gz', 'starlink_2025.05.18-2.json.gz.reason.txt']
    """
    added = f"-{number}" if number > 1 else ""
    stem, ending = re.fullmatch(_STEM_AND_ENDING, path.name, re.DOTALL).groups()  # type: ignore[union-attr]
    while len(os.fsencode(f"{stem}{added}{ending}{_REASON}")) > _LONGEST_NAME:
        stem = stem[:-1]
    target = path.parent / REJECTED / f"{stem}{added}{ending}"
    return target, target.with_name(f"{target.name}{_REASON}")


def manual_response(path: Path, instant: datetime, body: bytes) -> Response:
    """Return the content of a file as a response, to be stored.

    Args:
        path: the file.
        instant: the instant as of which it is stored.
        body: its content, decompressed.
    """
    return Response(
        url=f"{MANUAL_SCHEME}{shown_name(path)}",
        status=0,
        body=body,
        etag=None,
        content_type=_content_type(body),
        retrieved_at=instant,
    )


def _content_type(body: bytes) -> str:
    head = body.removeprefix(b"\xef\xbb\xbf")[:_HEAD].lstrip()
    if head[:1] in (b"[", b"{"):
        return "application/json"
    if head.startswith(b"#") and b"\t" in head.partition(b"\n")[0]:
        return "text/tab-separated-values"
    return "text/plain" if is_tle(body.decode(errors="replace")) else "text/csv"


def _unusable(name: str, problem: str, remedy: str) -> ResponseError:
    return ResponseError(f"{name} {problem}.", remedy=remedy)
