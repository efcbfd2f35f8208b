"""A machine on which a run has published what three services have, a day ago."""

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
from spacex.pipeline.upgrade import upgrade
from spacex.settings import settings
from spacex.sources.sample import write_sample
from tests.clock import Clock
from tests.example_records import launch, omm, omm_json, upcoming
from tests.replica import Replica
from tests.service_replicas import CelesTrak, LaunchLibrary

SATELLITES = 60
LAUNCHES = 40
TODAY = "2026-11-26"
PATIENCE = {
    "connect_timeout_s": 1,
    "read_timeout_s": 0.3,
    "total_timeout_s": 0.6,
    "attempts": 1,
    "max_response_mb": 4,
    "lock_timeout_s": 0.2,
}


@dataclass
class World:
    """The machine and its services.

    Attributes:
        patch: sets settings and whatever else a fault needs; undone at the end.
        data_dir: the data folder, published.
        services: name → its server.
        clock: the present.
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

    def stored(self, source: str, endpoint: str) -> Path:
        """The newest stored answer of a list."""
        return max((self.data_dir / "raw" / source / endpoint).glob("*.gz"))

    def say(self, text: str) -> str:
        """A text as it would be anywhere: without this machine's addresses and folders."""
        for name, server in self.services.items():
            text = text.replace(server.url, f"https://{name}")
            text = text.replace(server.url.replace("http:", "https:"), f"https://{name}")
        text = re.sub(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{6}Z", "RUN", text)
        return text.replace(str(self.data_dir), "data")


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """The world, in a folder made by `make`."""
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        clock = stack.enter_context(Clock(TODAY))
        services = {
            "spacexdata": stack.enter_context(Replica(folder / "answers")),
            "celestrak": stack.enter_context(CelesTrak()),
            "launchlibrary": stack.enter_context(LaunchLibrary()),
        }
        _fill(services)
        found = World(patch, folder / "data", services, clock)
        found.set(data_dir=folder / "data", sources=",".join(services), **PATIENCE, **_at(services))
        stack.callback(settings.cache_clear)
        yield found


def make(folder: Path) -> None:
    """A folder of answers, and of what a run has made of them the day before."""
    write_sample(folder / "answers", satellites=SATELLITES)
    with world(folder) as made:
        made.clock.set("2026-11-25")
        made.patch.setenv("SPACEX_MAX_RESPONSE_MB", "100")
        code, _, error = command(made, "run")
        assert code == 0, error


def copy(made: Path, folder: Path) -> Path:
    """A copy of what `make` has made, to be spoilt."""
    shutil.copytree(made / "data", folder / "data")
    (folder / "answers").symlink_to(made / "answers")
    return folder


def command(world: World, *arguments: str) -> tuple[int, str, str]:
    """Give a command to the command line; returns exit code, output and errors.

    Its flow runs without Prefect and notebooks, which add nothing here but seconds.
    """

    def steps(parameters: dict[str, Any]) -> SimpleNamespace:
        accept_shrink = bool(parameters.pop("accept_shrink"))
        upgraded = upgrade(settings())
        manifest = stages.extract(settings(), **parameters)
        Run(settings().runs_dir, manifest.run_id).add_note(upgraded)
        stages.transform(settings(), manifest.run_id)
        stages.load(settings(), manifest.run_id, accept_shrink=accept_shrink)
        report = world.data_dir / "runs" / manifest.run_id / "40_report.html"
        return SimpleNamespace(run_id=manifest.run_id, database=world.database, report=report)

    world.patch.setattr("spacex.cli.run_command._show_progress", steps)
    world.patch.setattr("sys.argv", ["spacex", *arguments])
    world.patch.setenv("COLUMNS", "1000")
    output, error = io.StringIO(), io.StringIO()
    with redirect_stdout(output), redirect_stderr(error), pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0), output.getvalue(), error.getvalue()


def _fill(services: dict[str, Replica]) -> None:
    services["celestrak"].publish(omm_json(*(omm(100_000 + n) for n in range(SATELLITES))))
    services["launchlibrary"].launches = [
        *(launch(f"L{n}", f"2026-10-{1 + n % 28:02}T0{n % 10}:25:16Z") for n in range(LAUNCHES)),
        upcoming("next"),
    ]


def _at(services: dict[str, Replica]) -> dict[str, str]:
    return {
        "base_url": services["spacexdata"].url,
        "celestrak_url": services["celestrak"].gp_url,
        "launchlibrary_url": services["launchlibrary"].url,
    }
