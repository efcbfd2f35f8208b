"""Set up the fork server, which imports this module first."""

import gc
import os

from spacex.notebook import slow_imports

gc.disable()  # modules leave no garbage, and to look for it takes a fifth of the time; see `run`
os.setsid()  # Ctrl-C and a closed terminal reach only the process that started it
os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # no debugger warning of frozen modules
slow_imports.leave_out()

ALIVE, ALIVE_END = os.pipe()
"""A pipe whose other end the kernels close, so that they can read its end when this server ends."""
