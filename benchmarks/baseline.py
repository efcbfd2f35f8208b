"""The baseline to compare with, and its machine: `benchmarks/baseline.json`."""

import json
import os
import platform
from pathlib import Path
from typing import Any

from benchmarks.measurement import Measurement
from spacex.units import utc_now

FILE = Path(__file__).with_name("baseline.json")


class Baseline:
    """The values of the committed baseline, by part and name."""

    def __init__(self, path: Path = FILE) -> None:
        self._path = path
        self._parts: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}

    def of(self, part: str, name: str) -> float | None:
        """Return the value of a measurement; None if it is not in the baseline."""
        value: float | None = self._parts.get(part, {}).get("measured", {}).get(name)
        return value

    def machine(self, part: str) -> str:
        """Return where and when the baseline of a part was measured."""
        return str(self._parts.get(part, {}).get("machine", "")) or "not measured yet"

    def save(self, part: str, found: list[Measurement]) -> None:
        """Replace the baseline of a part."""
        self._parts[part] = {
            "machine": f"{machine()}, {utc_now():%Y-%m-%d}",
            "measured": {each.name: float(f"{each.value:.4g}") for each in found},
        }
        ordered = dict(sorted(self._parts.items()))
        self._path.write_text(json.dumps(ordered, indent=2, ensure_ascii=False) + "\n")


def machine() -> str:
    """Return a short description of this machine."""
    python = platform.python_version()
    return f"{os.cpu_count()} cores {platform.machine()}, {_memory_gb():.0f} GB, Python {python}"


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
