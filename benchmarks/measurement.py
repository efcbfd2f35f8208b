"""The result of a benchmark."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measurement:
    """One measured value.

    Attributes:
        name: name of the measurement.
        value: the value.
        unit: its unit.
        aim: the target, such as `< 50`.
    """

    name: str
    value: float
    unit: str
    aim: str = ""


def best_s(work: Callable[[], object], times: int = 5) -> float:
    """Return the shortest run time, s: the run least disturbed by other processes."""

    def once() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return min(once() for _ in range(times))
