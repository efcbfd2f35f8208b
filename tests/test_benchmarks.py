"""The baseline that benchmarks are compared with."""

import json
import subprocess
import sys

from benchmarks.__main__ import PARTS
from benchmarks.baseline import FILE, Baseline
from benchmarks.measurement import Measurement
from spacex.settings import PROJECT


def test_saved_measurements_become_the_baseline(tmp_path):
    path = tmp_path / "baseline.json"
    Baseline(path).save("orbits", [Measurement("shells", 0.0012345, "s")])
    Baseline(path).save("map", [Measurement("frame", 160_000, "B")])
    found = Baseline(path)
    assert found.of("orbits", "shells") == 0.001234
    assert found.of("map", "frame") == 160_000
    assert found.of("map", "shells") is None
    assert "cores" in found.machine("orbits")
    assert found.machine("scale") == "not measured yet"


def test_an_unknown_part_is_reported_with_the_known_ones():
    command = [sys.executable, "-m", "benchmarks", "orbit"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "unknown part orbit; choose from imports, pipeline" in done.stderr


def test_every_part_has_a_baseline():
    assert set(json.loads(FILE.read_text())) == set(PARTS)
