"""Give up on a function after a time limit."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

_T = TypeVar("_T")


def within(limit_s: float, function: Callable[[], _T]) -> _T:
    """Return the result of a function, or give up on it after a time limit.

    The function runs on in its thread until it ends, or this process does.

    Raises:
        TimeoutError: the time is up.
    """
    future: Future[_T] = Future()

    def run() -> None:
        try:
            future.set_result(function())
        except BaseException as error:  # noqa: BLE001 - `result` raises it again
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future.result(timeout=limit_s)
