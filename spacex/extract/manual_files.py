"""Manual files: GP lists that a person downloaded and put into a folder.

The date of a list is the one in the name of its file, such as `starlink_2025-05-18.json.gz`. A date
without a time stands for its last second, but never for a time in the future. A list without a date
in its name has the date of its newest epoch. The file's modification time says nothing.

A file that cannot be used is moved from the folder of manual files to its folder `rejected`, with
the reason beside it.
"""

import gzip
import os
import re
import stat
import zlib
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from itertools import count
from pathlib import Path

from spacex.errors import DataError, ResponseError, SettingsError
from spacex.extract.http_client import Response
from spacex.extract.sidecar import MANUAL_SCHEME
from spacex.sources.tle import is_tle
from spacex.units import utc_instant, utc_now

REJECTED = "rejected"
"""Name of the folder of files that cannot be used."""

DATE_TOLERANCE = timedelta(days=3)
"""Largest difference between the date of a list and its median epoch; in a list of the fleet, half
of the epochs are less than a day old."""

_DATE = re.compile(
    r"""(?<!\d) ((?:19|20)\d\d) ([-_. ]?) (\d\d) \2 (\d\d)
        (?: [T_. -]? ([01]\d|2[0-3]) [-_.:h]? ([0-5]\d) (?: [-_.:m]? ([0-5]\d) )? )? (?!\d)""",
    re.VERBOSE,
)
_GZIP = b"\x1f\x8b"
_OTHER_FORMATS = {
    b"PK\x03\x04": "is a ZIP archive, not the list itself",
    _GZIP: "is compressed twice",
    b"\xff\xfe": "is text in UTF-16, not in UTF-8",
    b"\xfe\xff": "is text in UTF-16, not in UTF-8",
}
_MEBIBYTE = 2**20


def manual_files(folder: Path) -> list[Path]:
    """Return the entries of a folder by name, without hidden ones and the folder `rejected`."""
    if not folder.is_dir():
        return []
    entries = [path for path in folder.iterdir() if path.name[0] != "."]
    return sorted(path for path in entries if path.name != REJECTED)


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
        ResponseError: it is no regular file, is damaged, too large or in another format, or
            cannot be read.
    """
    name = shown_name(path)
    try:
        if within and not path.resolve().is_relative_to(within.resolve()):
            raise _unusable(name, "is a link to another folder", "Copy the file itself.")
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            kind = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
            raise _unusable(name, f"is {kind}", "Provide single files.")
        with path.open("rb") as file:
            is_gzip = file.read(len(_GZIP)) == _GZIP
            file.seek(0)
            body = (gzip.GzipFile(fileobj=file) if is_gzip else file).read(max_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise _unusable(name, f"cannot be read ({reason})", "Download it again.") from None
    if len(body) > max_bytes:
        raise _unusable(
            name,
            f"is larger than {max_bytes / _MEBIBYTE:g} MB",
            "If this size is expected, raise SPACEX_MAX_RESPONSE_MB.",
        )
    for start, format_ in _OTHER_FORMATS.items():
        if body.startswith(start):
            raise _unusable(name, format_, "Convert it to OMM or TLE in UTF-8.")
    if b"\0" in body:
        raise _unusable(name, "holds zero bytes: it is binary, or text in UTF-16", "Convert it.")
    return body


def list_instant(name: str, newest_epoch: datetime, median_epoch: datetime) -> datetime:
    """Return the instant of a list, from the name of its file or else its newest epoch.

    Args:
        name: the name of the file.
        newest_epoch: the newest epoch of the list.
        median_epoch: its median epoch.

    Raises:
        SettingsError: the date in the name is invalid.
        DataError: the date and the epochs contradict each other.
    """
    if dates := date_in_name(name):
        check_date(name, dates, median_epoch)
        return min(dates[1], utc_now())
    if newest_epoch - median_epoch > DATE_TOLERANCE:
        raise DataError(
            f"{name} has no date in its name, and its element sets contradict each other: half are "
            f"of {median_epoch:%Y-%m-%d} or older, but the newest is of {newest_epoch:%Y-%m-%d}.",
            remedy="Rename it with the date of the list, such as starlink_2025-05-18.tle.",
        )
    return min(newest_epoch.replace(microsecond=0), utc_now())


def check_date(name: str, dates: tuple[datetime, datetime], median_epoch: datetime) -> None:
    """Check that the date of a list agrees with its epochs.

    Args:
        name: the name of the list.
        dates: the first and the last instant of its date.
        median_epoch: its median epoch.

    Raises:
        DataError: they contradict each other.
    """
    first, last = dates
    if not first - DATE_TOLERANCE <= median_epoch <= last + DATE_TOLERANCE:
        raise DataError(
            f"{name} is dated {last:%Y-%m-%d}, but its element sets are of "
            f"{median_epoch:%Y-%m-%d} (the median of their epochs).",
            remedy="Rename the file with the date of the list, or download the list again.",
        )


def date_of(instant: str) -> tuple[datetime, datetime]:
    """Return the first instant of a stored list's date, and its own instant."""
    last = utc_instant(instant)
    return last.replace(hour=0, minute=0, second=0), last


def date_in_name(name: str) -> tuple[datetime, datetime] | None:
    """Return the first and last instant of the date in a file name; None if it has none.

    Eight digits that are no valid date, such as a catalogue number, are none.

    >>> [instant.isoformat() for instant in date_in_name("starlink_2025.05.18.tle")]
    ['2025-05-18T00:00:00+00:00', '2025-05-18T23:59:59+00:00']

    Raises:
        SettingsError: the date is invalid.
    """
    invalid = ""
    for found in _DATE.finditer(name):
        year, separator, month, day, hour, minute, second = found.groups()
        try:
            date = datetime(int(year), int(month), int(day), tzinfo=UTC)
        except ValueError:
            invalid = invalid or (found[0] if separator else "")
            continue
        if hour:
            instant = date.replace(hour=int(hour), minute=int(minute), second=int(second or 0))
            return instant, instant
        return date, datetime.combine(date, time(23, 59, 59), UTC)
    if invalid:
        raise SettingsError(
            f"The date {invalid} in the file name {name} is invalid.",
            remedy="Rename the file, for example to starlink_2025-05-18.json.",
        )
    return None


def set_aside(path: Path, reason: str) -> Path | None:
    """Move a file to the folder `rejected` beside it, with the reason in `NAME.reason.txt`.

    Nothing there is overwritten: a name that is taken gets a number.

    Returns:
        The new path; None if the file cannot be moved.
    """
    for number in count(1):
        suffix = f"-{number}" if number > 1 else ""
        target = path.parent / REJECTED / f"{path.name}{suffix}"
        note = target.with_name(f"{target.name}.reason.txt")
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


def manual_response(path: Path, instant: datetime, body: bytes) -> Response:
    """Return the content of a file as a response, to be stored."""
    return Response(
        url=f"{MANUAL_SCHEME}{shown_name(path)}",
        status=0,
        body=body,
        etag=None,
        content_type=_content_type(body),
        retrieved_at=instant,
    )


def _content_type(body: bytes) -> str:
    head = body.removeprefix(b"\xef\xbb\xbf")[:1024].lstrip()
    if head[:1] in (b"[", b"{"):
        return "application/json"
    if head.startswith(b"#") and b"\t" in head.partition(b"\n")[0]:
        return "text/tab-separated-values"
    return "text/plain" if is_tle(body.decode(errors="replace")) else "text/csv"


def _unusable(name: str, problem: str, remedy: str) -> ResponseError:
    return ResponseError(f"{name} {problem}.", remedy=remedy)
