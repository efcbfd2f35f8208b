"""What a check found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from spacex.settings import Settings


@dataclass(frozen=True)
class Diagnosis:
    """The result of one check.

    Attributes:
        state: `ok`; `note` if a run works nevertheless; `fault` if not.
        text: the result.
        remedy: what to do; empty if nothing.
    """

    state: str
    text: str
    remedy: str = ""


Check = Callable[[Settings], Iterator[Diagnosis]]
