"""A machine with a database published yesterday, and the services it was built from."""

import io
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from spacex.cli import main
from spacex.extract.run_folder import Run
from spacex.pipeline import stages
from spacex.pipeline.staged_restore import noticing_restore
from spacex.pipeline.upgrade import upgrade
from spacex.settings import settings
from spacex.sources.gcat_launches import LAUNCH_HEADER
from spacex.sources.sample import archive_history, write_sample
from tests.clock import Clock
from tests.example_records import launch, omm, omm_json, upcoming
from tests.replica import Replica
from tests.service_replicas import CelesTrak, LaunchLibrary
from tests.sources.test_gcat import SATELLITE, tsv
from tests.sources.test_gcat_launches import LAUNCH
from tests.sources.test_satcat import satcat_csv
from tests.sources.test_spaceweather import day, weather_csv

SATELLITES = 60
LAUNCHES = 40
LIMITS = {
    "attempts": 1,
    "max_response_mb": 4,
    "lock_timeout_s": 0.2,
}


SATCAT_FILE = "satcat.csv"
WEATHER_FILE = "SW-Last5Years.csv"
_NUMBERS = range(100_000, 100_000 + SATELLITES)
CATALOGUES = {
    SATCAT_FILE: satcat_csv(
        *(
            f"STARLINK-{number},2026-001A,{number},PAY,+,US,2026-01-05,AFETR,,90,53,550,540,,,EA,IMP"
            for number in _NUMBERS
        )
    ),
    "tsv/cat/satcat.tsv": tsv(SATELLITE | {"JCAT": "S00005", "Bus": "-", "Name": "Vanguard 1"}),
    "tsv/cat/satcat100k.tsv": tsv(
        *(SATELLITE | {"JCAT": f"S{number:09}", "Launch_Tag": "2026-001"} for number in _NUMBERS)
    ),
    "tsv/cat/auxcat.tsv": tsv(SATELLITE | {"JCAT": "A10836", "Launch_Tag": "2026-001"}),
    "tsv/launch/launch.tsv": tsv(
        *(
            LAUNCH | {"Launch_Tag": f"2025-{number:03}", "Launch_Date": f"2025 Jan {number:2} 0848"}
            for number in range(1, 31)
        ),
        header=LAUNCH_HEADER,
    ),
    WEATHER_FILE: weather_csv(
        *(day(f"2026-11-{number:02}", ap=f"{number}") for number in range(1, 25))
    ),
}
"""File of a catalogue → its content."""


@dataclass
class Setup:
    """The machine and its services.

    Attributes:
        patch: undone when the setup ends.
        data_dir: the data folder, with a published database.
        services: name → its replica.
        clock: the current time.
    """

    patch: pytest.MonkeyPatch
    data_dir: Path
    services: dict[str, Replica]
    clock: Clock

    @property
    def database(self) -> Path:
        return self.data_dir / "starlink.db"

    def set(self, **changes: object) -> None:
        """Change settings."""
        for name, value in changes.items():
            self.patch.setenv(f"SPACEX_{name.upper()}", str(value))
        settings.cache_clear()

    def portable(self, text: str) -> str:
        """Replace this machine's addresses, folders, run IDs and names of snapshots in a text."""
        for name, server in self.services.items():
            address = re.escape(server.url.removeprefix("http://"))
            text = re.sub(f"https?://{address}", f"https://{name}", text)
        text = re.sub(r"\S+ \(process \d+\)", "PROGRAM (process ID)", text)
        text = without_run_ids(text).replace(str(self.data_dir), "data")
        text = text.replace(str(self.data_dir.parent), "elsewhere")
        text = re.sub(r"\d{8}T\d{6}\.\d{6}Z", "INSTANT", text)  # of a snapshot
        text = re.sub(r"replaced-[\dTZ.]+Z", "replaced-INSTANT", text)
        return re.sub(
            r"\d+ MB free, and a run needs \d+ MB", "N MB free, and a run needs N MB", text
        )


def without_run_ids(text: str) -> str:
    """Replace the run IDs in a text by RUN."""
    return re.sub(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{6}Z", "RUN", text)


@contextmanager
def setup(folder: Path) -> Iterator[Setup]:
    """Yield the setup in a folder that `make` filled, a day later."""
    with ExitStack() as stack:
        clock = stack.enter_context(Clock("2026-11-26"))
        spacexdata = stack.enter_context(Replica(folder / "responses"))
        celestrak = stack.enter_context(CelesTrak())
        launchlibrary = stack.enter_context(LaunchLibrary())
        celestrak.publish(omm_json(*(omm(100_000 + number) for number in range(SATELLITES))))
        launchlibrary.launches = [
            *(
                launch(f"L{number}", f"2026-10-{1 + number % 28:02}T0{number % 10}:25:16Z")
                for number in range(LAUNCHES)
            ),
            upcoming("next"),
        ]
        satcat = stack.enter_context(Replica(folder / "none"))
        gcat = stack.enter_context(Replica(folder / "none"))
        spaceweather = stack.enter_context(Replica(folder / "none"))
        own = {SATCAT_FILE: satcat, WEATHER_FILE: spaceweather}
        for name, body in CATALOGUES.items():
            own.get(name, gcat).serve(name, body)
        found = Setup(
            patch=stack.enter_context(pytest.MonkeyPatch.context()),
            data_dir=folder / "data",
            services={
                "spacexdata": spacexdata,
                "celestrak": celestrak,
                "launchlibrary": launchlibrary,
                "satcat": satcat,
                "gcat": gcat,
                "spaceweather": spaceweather,
            },
            clock=clock,
        )
        found.set(
            data_dir=found.data_dir,
            sources="spacexdata,celestrak,launchlibrary",
            base_url=spacexdata.url,
            celestrak_url=celestrak.gp_url,
            launchlibrary_url=launchlibrary.url,
            satcat_url=f"{satcat.url}/{SATCAT_FILE}",
            gcat_url=gcat.url,
            spaceweather_url=f"{spaceweather.url}/{WEATHER_FILE}",
            **LIMITS,
        )
        stack.callback(settings.cache_clear)
        yield found


def make(folder: Path) -> None:
    """Fill a folder with responses, and with the data of a run the day before."""
    write_sample(folder / "responses", satellites=SATELLITES, history=archive_history())
    with setup(folder) as made:
        made.clock.set("2026-11-25")
        made.set(max_response_mb=100, sources=",".join(made.services))
        code, error = command(made, "run")
        assert code == 0, error


def copy(made: Path, folder: Path) -> Path:
    """Copy a folder that `make` filled."""
    shutil.copytree(made / "data", folder / "data")
    (folder / "responses").symlink_to(made / "responses")
    return folder


def command(setup: Setup, *arguments: str) -> tuple[int, str]:
    """Run a command line; return its exit code and error output.

    Its flow runs without Prefect and notebooks, which would only cost time.
    """

    def flow(parameters: dict[str, Any], _server: None) -> SimpleNamespace:
        accept_shrink = bool(parameters.pop("accept_shrink"))
        with noticing_restore(settings()):
            upgraded = upgrade(settings())
            manifest = stages.extract(settings(), **parameters)  # takes the manual files
            run = Run(settings().runs_dir, manifest.run_id)
            run.add_note(upgraded)
            stages.transform(settings(), run.run_id)
            stages.load(settings(), run.run_id, accept_shrink=accept_shrink)
        return SimpleNamespace(run_id=run.run_id, database=setup.database, report=run.report)

    setup.patch.setattr("spacex.cli.run_command._show_progress", flow)
    setup.patch.setattr("spacex.cli.run_command.TemporaryServer", lambda **_: None)
    setup.patch.setattr("sys.argv", ["spacex", *arguments])
    setup.patch.setenv("COLUMNS", "1000")
    error = io.StringIO()
    with redirect_stdout(io.StringIO()), redirect_stderr(error), pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0), error.getvalue()
