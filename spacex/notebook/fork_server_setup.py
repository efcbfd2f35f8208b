"""Set up the fork server, which imports this module first."""

import os
import sys

os.setsid()  # Ctrl-C and a closed terminal reach only the process that started it
os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # no debugger warning of frozen modules
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # as `spacex.cli.app.main`
