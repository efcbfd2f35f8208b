"""Write `docs/reliability.md`: `python -m tests.faults`."""

import tempfile
from pathlib import Path

from rich.progress import track

from tests.conftest import prefect_server
from tests.faults import machine, processes, services
from tests.faults.fault_setup import make
from tests.faults.outcome import outcome, write


def main() -> None:
    """Inject every fault, and write the outcomes to the page."""
    faults = [*services.faults(), *machine.faults()]
    with tempfile.TemporaryDirectory() as name, prefect_server(Path(name) / "prefect") as api:
        made = Path(name) / "setup"
        make(made)
        rows = [(each.group, outcome(each, made).row(each.name)) for each in track(faults)]
        rows += [
            (processes.GROUP, processes.outcome(each, made, api).row(each.name))
            for each in track(processes.FAULTS, processes.GROUP)
        ]
    write(rows)


if __name__ == "__main__":
    main()
