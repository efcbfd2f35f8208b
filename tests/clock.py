"""A clock that tests set: every module of ours that asks for the present asks it."""

import sys
from datetime import UTC, datetime, timedelta

import pytest

from spacex import units


class Clock:
    """The present, as the tests have it."""

    def __init__(self, instant: str) -> None:
        self.set(instant)

    def set(self, instant: str) -> None:
        """Make it this instant; a date is its noon."""
        text = instant if "T" in instant else f"{instant}T12:00:00"
        self.instant = datetime.fromisoformat(text).replace(tzinfo=UTC)

    def forward(self, **duration: float) -> None:
        """Let time pass."""
        self.instant += timedelta(**duration)

    def __call__(self) -> datetime:
        """The present; it moves by a microsecond with each look, as time does."""
        self.instant += timedelta(microseconds=1)
        return self.instant


def install(patch: pytest.MonkeyPatch, clock: Clock) -> None:
    """Put the clock in place of the machine's, in all modules that are imported by now."""
    real = units.utc_now
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "spacex" and getattr(module, "utc_now", None) is real:
            patch.setattr(module, "utc_now", clock)
