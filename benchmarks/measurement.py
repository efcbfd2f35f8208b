"""What a benchmark tells."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measurement:
    """One number.

    Attributes:
        name: what was measured.
        value: how much.
        unit: of the value.
        aim: what is aimed at, in words, such as `< 50`.
    """

    name: str
    value: float
    unit: str
    aim: str = ""


def best_s(work: Callable[[], object], times: int = 5) -> float:
    """The shortest of some runs, s: the one least disturbed by the rest of the machine."""

    def once() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return min(once() for _ in range(times))
