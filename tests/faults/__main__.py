"""Write `docs/reliability.md`: `python -m tests.faults`."""

import tempfile
from pathlib import Path

from rich.progress import track

from tests.faults import machine, services
from tests.faults.outcome import write
from tests.faults.world import make

if __name__ == "__main__":
    faults = [*services.faults(), *machine.faults()]
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder))
        for _ in track(write(faults, Path(folder)), total=len(faults)):
            pass
