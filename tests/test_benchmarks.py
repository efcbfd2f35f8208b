"""The baseline that benchmarks are compared with."""

import json
import subprocess
import sys

from benchmarks.__main__ import PARTS
from benchmarks.baseline import FILE, Baseline
from benchmarks.measurement import Measurement
from spacex.settings import PROJECT


def test_what_is_saved_is_what_is_compared_with(tmp_path):
    path = tmp_path / "baseline.json"
    Baseline(path).save("orbits", [Measurement("shells", 0.0012345, "s")])
    Baseline(path).save("map", [Measurement("frame", 160_000, "B")])
    found = Baseline(path)
    assert found.of("orbits", "shells") == 0.001234
    assert found.of("map", "frame") == 160_000
    assert found.of("map", "shells") is None
    assert "cores" in found.machine("orbits")
    assert found.machine("scale") == "not measured yet"


def test_a_part_there_is_not_is_told_with_those_there_are():
    command = [sys.executable, "-m", "benchmarks", "orbit"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "there is no part orbit; choose of imports, pipeline" in done.stderr


def test_there_is_a_baseline_of_every_part():
    assert set(json.loads(FILE.read_text())) == set(PARTS)
