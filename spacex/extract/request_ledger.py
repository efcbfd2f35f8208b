"""When a service was asked, and when it may be asked again: one small file for all processes.

Flows, notebooks and runs by hand share it. A turn at a service is taken under a lock, so that what
the ledger says is still true when the request is sent; and each request is entered before it is
sent, so that one whose process was killed counts as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from spacex.errors import ServiceUnavailableError, SnapshotError
from spacex.files import write_atomically, write_error
from spacex.units import utc_instant, utc_now, utc_text

_LONGEST_TURN_S = 600
_HOUR = timedelta(hours=1)


class Entry(msgspec.Struct, kw_only=True):
    """What the ledger says of one service.

    Attributes:
        requests_utc: instants of the requests of the last hour.
        next_utc: instant before which it is not to be asked; empty if there is none.
        trouble: why it is left alone until then; empty if that is only its rhythm.
    """

    requests_utc: list[str] = msgspec.field(default_factory=list)
    next_utc: str = ""
    trouble: str = ""


class Ledger:
    """The ledger of one service.

    Args:
        path: its file.
        longest_wait_s: longest wait for another process's turn, s.
    """

    def __init__(self, path: Path, longest_wait_s: float = _LONGEST_TURN_S) -> None:
        self.path = path
        self._longest_wait_s = longest_wait_s

    @contextmanager
    def turn(self) -> Iterator["Turn"]:
        """The right to ask the service, which no other process has at the same time.

        Raises:
            ServiceUnavailableError: another process has had it for too long.
            SnapshotError: the ledger is damaged.
            StorageError: it cannot be written.
        """
        lock = FileLock(self.path.with_suffix(".lock"), timeout=self._longest_wait_s)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise ServiceUnavailableError(
                f"Another run has been asking for more than {self._longest_wait_s:g} s "
                f"({self.path.parent.name}).",
                remedy="Wait for it to end, then run again.",
            ) from None
        except OSError as error:
            raise write_error(self.path, error) from None
        try:
            yield Turn(self.path, self.read())
        finally:
            lock.release()

    def read(self) -> Entry:
        """What it says now.

        Raises:
            SnapshotError: the file is damaged.
        """
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Entry)
        except FileNotFoundError:
            return Entry()
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise SnapshotError(
                f"The ledger {self.path} cannot be read ({error}).",
                remedy="Wait two hours, out of courtesy to the service, then remove the file.",
            ) from None


class Turn:
    """One process's turn at a service; what it enters is on disk at once."""

    def __init__(self, path: Path, entry: Entry) -> None:
        self._path = path
        self.entry = entry

    @property
    def is_open(self) -> bool:
        """Whether the service may be asked now."""
        return not self.entry.next_utc or utc_instant(self.entry.next_utc) <= utc_now()

    def requests_left(self, per_hour: int) -> int:
        """How many more requests a budget allows now."""
        since = utc_now() - _HOUR
        recent = [each for each in self.entry.requests_utc if utc_instant(each) > since]
        self.entry.requests_utc = recent
        return per_hour - len(recent)

    def budget_renewed_utc(self) -> str:
        """The instant at which the oldest request of the last hour no longer counts."""
        oldest = min(map(utc_instant, self.entry.requests_utc), default=utc_now() - _HOUR)
        return utc_text(oldest + _HOUR + timedelta(seconds=1))

    def enter_request(self) -> None:
        """Enter a request that is about to be sent."""
        self.entry.requests_utc.append(utc_text(utc_now()))
        self._write()

    def withdraw_request(self) -> None:
        """Take the last request back, which did not reach the service."""
        self.entry.requests_utc.pop()
        self._write()

    def close(self, until: datetime, trouble: str = "") -> None:
        """Leave the service alone until an instant."""
        self.entry.next_utc, self.entry.trouble = utc_text(until), trouble
        self._write()

    def open(self) -> None:
        """Let the service be asked at any time."""
        self.entry.next_utc = self.entry.trouble = ""
        self._write()

    def _write(self) -> None:
        write_atomically(self._path, msgspec.json.format(msgspec.json.encode(self.entry)) + b"\n")
