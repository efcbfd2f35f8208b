"""Extract, transform and load as the fleet grows, each size in a process of its own."""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measurement import Measurement, best_s, leave_out_pyarrow

RECORDED_FLEET = 1_791
AIMS = {100: {"in all": "< 30", "peak memory": "< 1,000"}}


def measure() -> Iterator[Measurement]:
    """Measure 1, 10 and 100 times the recorded fleet."""
    for factor in (1, 10, 100):
        command = [sys.executable, "-m", "benchmarks.scale", str(factor * RECORDED_FLEET)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        for name, (value, unit) in found.items():
            label = f"{factor * RECORDED_FLEET:,} satellites: {name}"
            yield Measurement(label, value, unit, AIMS.get(factor, {}).get(name, ""))


def run(satellites: int) -> dict[str, tuple[float, str]]:
    """Return the seconds of each stage, and the peak memory."""
    leave_out_pyarrow()
    from spacex.pipeline import stages  # noqa: PLC0415 - pandas looks for pyarrow
    from spacex.settings import Settings  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), sample_satellites=satellites)
        work: dict[str, Callable[[], object]] = {
            "extract": lambda: stages.extract(settings, "bench", "sample", only=["starlink"]),
            "transform": lambda: stages.transform(settings, "bench"),
            "load": lambda: stages.load(settings, "bench"),
        }
        took = {name: (best_s(stage, times=1), "s") for name, stage in work.items()}
    took["in all"] = (sum(seconds for seconds, _ in took.values()), "s")
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return took | {"peak memory": (peak_mb, "MB")}


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]))))
