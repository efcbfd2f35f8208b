"""Extract, transform and load as the fleet grows, each size in a process of its own."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measurement import Measurement
from spacex.extract.http_client import Response
from spacex.extract.run_folder import ExtractedSnapshot, Manifest, Run
from spacex.extract.snapshots import SnapshotStore
from spacex.settings import Settings
from spacex.sources import SAMPLE
from spacex.sources.json_records import count_records
from spacex.sources.sample import sample_response_bytes
from spacex.transform import transform
from spacex.units import utc_now, utc_text
from spacex.warehouse.load import load
from spacex.warehouse.staging import stage

RECORDED_FLEET = 1_791
AIMS = {100: {"in all": "< 30", "peak memory": "< 1,000"}}


def measure() -> Iterator[Measurement]:
    """1, 10 and 100 times the recorded fleet."""
    for factor in (1, 10, 100):
        command = [sys.executable, "-m", "benchmarks.scale", str(factor * RECORDED_FLEET)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        for name, (value, unit) in found.items():
            label = f"{factor * RECORDED_FLEET:,} satellites: {name}"
            yield Measurement(label, value, unit, AIMS.get(factor, {}).get(name, ""))


def run(satellites: int) -> dict[str, tuple[float, str]]:
    """Seconds of each step, and the most memory that was taken."""
    body = sample_response_bytes("starlink", satellites)
    took: dict[str, tuple[float, str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        store, job = SnapshotStore(settings.raw_dir), Run(settings.runs_dir, "bench")
        started = clock = time.perf_counter()
        manifest = _extract(store, job, body)
        took["extract"], clock = (time.perf_counter() - clock, "s"), time.perf_counter()
        tables = transform([manifest.extracted[0]], store)
        took["transform"], clock = (time.perf_counter() - clock, "s"), time.perf_counter()
        stage(job.staging, manifest, tables)
        load(job, settings)
        took["load"] = (time.perf_counter() - clock, "s")
        took["in all"] = (time.perf_counter() - started, "s")
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return took | {"peak memory": (peak_mb, "MB")}


def _extract(store: SnapshotStore, job: Run, body: bytes) -> Manifest:
    """What extract does with an answer, once it has come."""
    answer = Response("bench:starlink", 200, body, None, "application/json", utc_now())
    snapshot = store.save(SAMPLE, "starlink", answer, count_records(body, answer.url))
    extracted = ExtractedSnapshot(
        snapshot=snapshot, origin="fetched", checked_utc=utc_text(utc_now())
    )
    manifest = Manifest(
        run_id=job.run_id,
        source=SAMPLE.name,
        mode="sample",
        is_simulated=True,
        note="",
        extracted=(extracted,),
    )
    job.write_manifest(manifest)
    return manifest


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]))))
