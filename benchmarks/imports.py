"""CPU time of imports."""

import resource
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.measurement import Measurement

COMMANDS = {
    "import spacex": ("import spacex", "< 0.05"),
    "spacex --help": ("import spacex.cli.app", "< 1"),
    "imports of a pipeline notebook": (
        "from spacex.notebook import charts, show, run_summary; from spacex.pipeline import stages",
        "",
    ),
    "import of the flow, with Prefect": ("import flows.etl", ""),
}


def measure() -> Iterator[Measurement]:
    """Measure the best of three new processes each."""
    for name, (statement, aim) in COMMANDS.items():
        yield Measurement(name, min(_cpu_s(statement) for _ in range(3)), "s CPU", aim)


def _cpu_s(statement: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", statement], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
