"""Extract, transform and load as the fleet grows, each size in a process of its own."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measurement import Measurement
from spacex.extract import extractor
from spacex.pipeline import stages
from spacex.settings import Settings
from spacex.sources.sample import sample_response_bytes

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
    body = sample_response_bytes("starlink", satellites)
    extractor.sample_response_bytes = lambda _: body
    took: dict[str, tuple[float, str]] = {}

    def timed(name: str, stage: Callable[[], object]) -> None:
        started = time.perf_counter()
        stage()
        took[name] = (time.perf_counter() - started, "s")

    def every_stage() -> None:
        timed("extract", lambda: stages.extract(settings, "bench", "sample", only=["starlink"]))
        timed("transform", lambda: stages.transform(settings, "bench"))
        timed("load", lambda: stages.load(settings, "bench"))

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        timed("in all", every_stage)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return took | {"peak memory": (peak_mb, "MB")}


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]))))
