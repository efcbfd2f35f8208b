"""Write `docs/reliability.md`: `python -m tests.faults`."""

import tempfile
from pathlib import Path

from rich.progress import track

from tests.conftest import prefect_server
from tests.faults import machine, processes, services
from tests.faults.outcome import outcome, write
from tests.faults.world import make


def main() -> None:
    """Let everything happen, and write down what came of it."""
    faults = [*services.faults(), *machine.faults()]
    with tempfile.TemporaryDirectory() as name, prefect_server(Path(name) / "prefect") as api:
        made = Path(name) / "world"
        make(made)
        told = [
            (fault.group, outcome(fault, made).line(fault.name))
            for fault in track(faults, "Faults")
        ]
        told += [
            (processes.GROUP, processes.outcome(each, made, api).line(each.name))
            for each in track(processes.ACCIDENTS, processes.GROUP)
        ]
    write(told)


if __name__ == "__main__":
    main()
