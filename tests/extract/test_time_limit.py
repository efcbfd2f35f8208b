"""Functions that take too long."""

import subprocess
import sys

import pytest

from spacex.extract.time_limit import within


def test_the_result_or_the_error_of_the_function_comes_back():
    assert within(60, lambda: 7) == 7
    with pytest.raises(KeyError):
        within(60, lambda: {}["nothing"])


def test_a_function_that_never_ends_keeps_no_process_from_ending():
    code = (
        "from threading import Event; from spacex.extract.time_limit import within\n"
        "try: within(0.01, Event().wait)\n"
        "except TimeoutError: print('given up')"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == "given up\n"
