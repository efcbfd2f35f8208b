"""The result of a benchmark."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from timeit import repeat


@dataclass(frozen=True)
class Measurement:
    """One measured value, with its unit and its target, such as `< 50`."""

    name: str
    value: float
    unit: str
    aim: str = ""


def best_s(work: Callable[[], object], times: int = 5) -> float:
    """Return the shortest run time, s: the run least disturbed by other processes."""
    return min(repeat(work, "import gc; gc.enable()", number=1, repeat=times))


def leave_out_pyarrow() -> None:
    """Keep pandas from importing pyarrow, which takes memory and which the image lacks."""
    sys.modules["pyarrow"] = None
