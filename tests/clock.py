"""A clock that tests set, injected into `spacex.units`."""

from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from spacex import units


class Clock:
    """The time that `utc_now` returns in this process while the clock is entered.

    It advances by a microsecond each time it is read, so that no two timestamps are equal.
    """

    def __init__(self, time: str) -> None:
        self.set(time)

    def __enter__(self) -> Self:
        self._replaced, units.clock = units.clock, self
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        units.clock = self._replaced

    def __call__(self) -> datetime:
        self._now += timedelta(microseconds=1)
        return self._now

    def set(self, time: str) -> None:
        """Set the clock to a time, or to noon of a date."""
        text = time if "T" in time else f"{time}T12:00:00"
        self._now = datetime.fromisoformat(text).replace(tzinfo=UTC)

    def advance(self, **duration: float) -> None:
        """Advance by the arguments of a `timedelta`."""
        self._now += timedelta(**duration)
