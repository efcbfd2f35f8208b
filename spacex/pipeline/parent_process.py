"""A run that Prefect's runner executes in a process of its own ends with the runner.

A runner that was killed cannot end it. The next one calls the run crashed and starts another.
"""

import multiprocessing
import os
from multiprocessing import connection
from threading import Thread


def end_with_parent() -> None:
    """End this process as soon as its parent has ended, if `multiprocessing` started it."""
    if parent := multiprocessing.parent_process():
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
