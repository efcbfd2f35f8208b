"""A killed load leaves either the old or the new database, intact."""

import math
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from spacex.settings import Settings
from spacex.warehouse.connection import integrity
from spacex.warehouse.publish import locked
from tests.replica import Replica
from tests.stages import at, content, digest, extract, publish, staged

pytestmark = pytest.mark.long

KILLS = 40
PROJECT = Path(__file__).resolve().parents[2]


class Loader:
    """Controls `killed_load`, which loads a staged run with other data into a database.

    Attributes:
        interrupted: number of kills during the load, which left a private copy behind.
    """

    def __init__(self, process: "subprocess.Popen[str]", database: Path) -> None:
        self._process = process
        self._database = database
        self._digest = database.with_name(f"{database.name}.sha256")
        self._old, self._old_line = database.with_name("old.db"), self._digest.read_bytes()
        shutil.copyfile(database, self._old)
        self._old_content, self._old_digest = content(database), digest(database)
        _, self.duration_s = self._load("after", math.inf)
        self._new_content = content(database)
        assert self._new_content != self._old_content
        self.interrupted = 0

    def kill(self, when: str, number: float) -> tuple[str, str]:
        """Kill a load into the old database; return how it ended, and which database remains.

        Check that the remaining database is intact, and equal to one of the two, and that the next
        run removes what the kill left.
        """
        self.restore()
        how, _ = self._load(when, number)
        assert how in {"killed", "ended 0"}
        self.interrupted += any(self._database.parent.glob("starlink.db.*.unpublished*"))
        assert is_sound(self._database)
        with locked(self._database, 0):
            assert [*self._database.parent.glob("*.tmp")] == []
        if digest(self._database) == self._old_digest:
            return how, "old"
        assert content(self._database) == self._new_content
        return how, "new"

    def restore(self) -> None:
        """Restore the old database and its digest."""
        restored = self._old.with_name("restored")
        shutil.copyfile(self._old, restored)
        restored.replace(self._database)
        self._digest.write_bytes(self._old_line)
        self._digest.with_name(f"{self._digest.name}.new").unlink(missing_ok=True)

    def _load(self, when: str, number: float) -> tuple[str, float]:
        self._process.stdin.write(f"{when} {number}\n")
        self._process.stdin.flush()
        *how, lived_s = self._process.stdout.readline().split()
        return " ".join(how), float(lived_s)


@pytest.fixture
def loader(published: Settings, sample_dir: Path) -> Iterator[Loader]:
    with Replica(sample_dir) as replica:
        satellites = replica.body("starlink").replace(b'"version":"v1.0"', b'"version":"v9.9"')
        replica.serve("starlink", satellites)
        staged(published, extract(at(published, base_url=replica.url), "api", "two"))
    program = [sys.executable, "-m", "tests.warehouse.killed_load", published.data_dir, "two"]
    with subprocess.Popen(
        program,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    ) as process:
        yield Loader(process, published.database)
        process.stdin.close()


def is_sound(database: Path) -> bool:
    """Return whether the integrity checks find no problem."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        return integrity(connection) == []


def test_load_killed_at_any_time_leaves_one_database(published: Settings, loader: Loader) -> None:
    chance = random.Random(20061)  # noqa: S311 - reproducible
    outcomes = Counter(
        loader.kill("after", loader.duration_s * chance.uniform(0, 1.2)) for _ in range(KILLS)
    )
    assert outcomes["ended 0", "old"] == 0
    assert outcomes["killed", "old"] > 0
    assert loader.interrupted > 0

    publish(published, "snapshot", "three")
    left = sorted(path.name for path in published.data_dir.glob("starlink.db*"))
    assert left == ["starlink.db", "starlink.db.lock", "starlink.db.sha256"]


def test_load_killed_at_any_line_switches_databases_at_one_line(loader: Loader) -> None:
    outcomes = []
    while not outcomes or outcomes[-1] != ("ended 0", "new"):
        outcomes.append(loader.kill("at", len(outcomes) + 1))
    first_new = outcomes.index(("killed", "new"))
    assert outcomes == [
        *[("killed", "old")] * first_new,
        *[("killed", "new")] * (len(outcomes) - first_new - 1),
        ("ended 0", "new"),
    ]
    assert first_new > 10
