"""The request ledger: the recent requests to a host, and any pause of further ones.

All processes share one small file per host. A process locks it while it makes a request, and
records the request first, so that the request counts even if the process is killed.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from spacex.errors import ServiceUnavailableError, SnapshotError, StorageError
from spacex.extract.sealed_json import UNREADABLE, sealed
from spacex.files import CHECK_DISK, read_file, remove_unfinished, write_atomically, write_error
from spacex.units import utc_instant, utc_now, utc_text

_LOCK_TIMEOUT_S = 600
_HOUR = timedelta(hours=1)


class Pause(msgspec.Struct):
    """A pause of requests.

    Attributes:
        next_utc: requests are paused until this instant; empty if they are not.
        trouble: the reason for the pause; empty if it is only the service's update interval.
    """

    next_utc: str = ""
    trouble: str = ""

    @property
    def is_over(self) -> bool:
        """Whether requests are allowed now."""
        return not self.next_utc or utc_instant(self.next_utc) <= utc_now()


class LedgerEntry(Pause, kw_only=True):
    """The content of a ledger; its own pause is that of all requests to the host.

    Attributes:
        requests_utc: instants of the requests of the last hour.
        requests: service → number of requests so far; a host may serve several.
        refusals: service → number of those that it refused or failed to answer, or that did not
            reach it.
        files: name of a file → the pause of its requests, where the rule is about files.
    """

    requests_utc: list[str] = msgspec.field(default_factory=list)
    files: dict[str, Pause] = msgspec.field(default_factory=dict)
    requests: dict[str, int] = msgspec.field(default_factory=dict)
    refusals: dict[str, int] = msgspec.field(default_factory=dict)

    def pause_of(self, source: str) -> Pause:
        """Return the pause of all requests to a service; it is over if a request is allowed."""
        own = [pause for name, pause in self.files.items() if name.split("/")[0] == source]
        first = min(own, key=lambda pause: pause.next_utc, default=Pause())
        return max(self, first, key=lambda pause: pause.next_utc)


class Ledger:
    """The request ledger of one host, in a file.

    Args:
        path: the file.
        service: the service that is requested; empty: that of the file's folder.
    """

    def __init__(self, path: Path, service: str = "") -> None:
        self.path = path
        self.service = service or path.parent.name

    @contextmanager
    def locked(self) -> Iterator["LockedLedger"]:
        """Lock the ledger, so that no other process requests from the host.

        Raises:
            ServiceUnavailableError: another process has held the lock for too long.
            SnapshotError: the ledger is damaged.
            StorageError: it cannot be written.
        """
        lock = FileLock(self.path.with_suffix(".lock"), timeout=_LOCK_TIMEOUT_S)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise ServiceUnavailableError(
                f"Another run has been fetching from {self.path.parent.name} for more than "
                f"{_LOCK_TIMEOUT_S} s.",
                remedy="Wait for that run to end, then run again.",
            ) from None
        except OSError as error:
            raise write_error(self.path, error) from None
        try:
            remove_unfinished(self.path.parent, self.path.name)
            yield LockedLedger(self.path, self.service, self.read())
        finally:
            lock.release()

    def count(self, *, is_refused: bool) -> None:
        """Count a request of a service without limits, if the ledger can be read and written.

        Raises:
            ServiceUnavailableError: see `locked`.
        """
        # `spacex verify` reports a damaged ledger; on a full disk no snapshot is stored either.
        with suppress(SnapshotError, StorageError), self.locked() as ledger:
            ledger.count(is_refused=is_refused)

    def read(self) -> LedgerEntry:
        """Return the content of the ledger.

        Raises:
            SnapshotError: the file is damaged.
        """
        try:
            return msgspec.json.decode(read_file(self.path), type=LedgerEntry)
        except (FileNotFoundError, NotADirectoryError):
            return LedgerEntry()
        except OSError as error:
            raise SnapshotError(
                f"The request ledger {self.path} cannot be read ({error.strerror}).",
                remedy=CHECK_DISK,
            ) from None
        except UNREADABLE as error:
            raise SnapshotError(
                f"The request ledger {self.path} cannot be read ({error}).",
                remedy="Wait two hours to respect the rate limit, then remove the file.",
            ) from None


class LockedLedger:
    """A ledger that this process has locked; each change is written to disk at once."""

    def __init__(self, path: Path, service: str, entry: LedgerEntry) -> None:
        self._path, self._service = path, service
        self.entry = entry

    @property
    def is_paused(self) -> bool:
        """Whether all requests are paused now."""
        return not self.entry.is_over

    def pause_of_file(self, name: str) -> Pause:
        """Return the pause of the requests of a file: its own, or that of all requests."""
        own = self.entry.files.get(name, Pause())
        return max(self.entry, own, key=lambda pause: pause.next_utc)

    def requests_left(self, per_hour: int) -> int:
        """Return the number of requests that an hourly budget still allows."""
        return per_hour - len(self._recent())

    def _recent(self) -> list[str]:
        """Return the requests of the last hour, and forget the others."""
        since = utc_now() - _HOUR
        recent = [each for each in self.entry.requests_utc if utc_instant(each) > since]
        self.entry.requests_utc = recent
        return recent

    def budget_renewed_at(self) -> datetime:
        """Return the time at which the oldest request of the last hour stops counting."""
        oldest = min(map(utc_instant, self.entry.requests_utc), default=utc_now() - _HOUR)
        return oldest + _HOUR + timedelta(seconds=1)

    def record_request(self) -> None:
        """Record a request before it is sent."""
        self._recent().append(utc_text(utc_now()))
        self._add(self.entry.requests, 1)
        self._write()

    def withdraw_request(self) -> None:
        """Take the last request, which did not reach the service, off the hourly budget."""
        self.entry.requests_utc.pop()
        self._add(self.entry.refusals, 1)
        self._write()

    def record_refusal(self) -> None:
        """Record that the service refused the last request, or failed."""
        self._add(self.entry.refusals, 1)
        self._write()

    def count(self, *, is_refused: bool) -> None:
        """Count a request that has ended."""
        self._add(self.entry.requests, 1)
        self._add(self.entry.refusals, int(is_refused))
        self._write()

    def _add(self, counts: dict[str, int], number: int) -> None:
        counts[self._service] = counts.get(self._service, 0) + number

    def pause(self, until: datetime, reason: str = "") -> None:
        """Pause all requests."""
        self.entry.next_utc, self.entry.trouble = utc_text(until), reason
        self._write()

    def pause_file(self, name: str, until: datetime, reason: str = "") -> None:
        """Pause the requests of a file.

        Args:
            name: the file.
            until: the end of the pause.
            reason: why; empty if it is only the update interval of the service.
        """
        self.entry.files[name] = Pause(utc_text(until), reason)
        self._write()

    def resume_file(self, name: str) -> None:
        """End the pause of the requests of a file."""
        self.entry.files.pop(name, None)
        self._write()

    def resume(self) -> None:
        """End the pause of all requests."""
        self.entry.next_utc = self.entry.trouble = ""
        self._write()

    def _write(self) -> None:
        write_atomically(self._path, sealed(self.entry))
