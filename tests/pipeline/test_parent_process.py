"""The process of a served run ends with the process that serves it."""

import subprocess
import sys

from spacex.settings import PROJECT

CHILD = "import flows, time; print('started', flush=True); time.sleep(10); print('survived')"
PARENT = f"""
import multiprocessing
child = multiprocessing.get_context("spawn").Process(target=exec, args=({CHILD!r},))
child.start()
child.join()
"""


def test_the_process_of_a_run_ends_with_a_killed_parent():
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout.readline() == "started\n"
        parent.kill()
        assert parent.stdout.read() == ""  # it is open as long as the child lives
