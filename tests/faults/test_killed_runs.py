"""Whole runs and imports killed at any time lose nothing, whatever they find.

`make kills` kills 200 of them and prints a table. `SPACEX_TEST_KILLS` sets the number of kills,
`SPACEX_TEST_SEED` the times at which they come. If the number is `all`, each scenario is killed
before each of its changes of a folder instead; `-k` selects scenarios.
"""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from spacex.pipeline.verify import verify
from spacex.schema import SCHEMA_VERSION
from spacex.settings import PROJECT, Settings
from spacex.warehouse.connection import integrity, reading
from spacex.warehouse.digest import check_digest
from spacex.warehouse.recovery import sole_writer
from tests.conftest import NOBODY_HOME
from tests.example_records import omm, omm_json
from tests.faults.fault_setup import LIMITS, SATELLITES, copy
from tests.replica import Replica
from tests.stages import all_sets, digest, rows
from tests.warehouse.other_program import LOGGED, UNFINISHED, killed

NUMBER = os.environ.get("SPACEX_TEST_KILLS", "6")
KILLS = 1_000 if NUMBER == "all" else int(NUMBER)
SEED = int(os.environ.get("SPACEX_TEST_SEED", "20221005"))
pytestmark = [pytest.mark.long, pytest.mark.timeout(300 + 30 * KILLS)]

IMPORTED = ("2026-08-01", "2026-08-20", "2026-11-20", "2026-11-24")
"""Dates of lists, of which the first ones are older than the hot window of the tests."""


def _nothing(_: Path) -> None:
    """Leave the database as it is."""


def _older(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION - 1}")


def _damage(database: Path) -> None:
    with database.open("r+b") as file:
        file.seek(2**16)
        file.write(b"\xff" * 4096)


def _remove(database: Path) -> None:
    database.unlink()
    database.with_name("starlink.db.sha256").unlink()


def _leave_log(database: Path) -> None:
    killed(database, *LOGGED)


def _leave_journal(database: Path) -> None:
    killed(database, *UNFINISHED)


def _leave_other_log(database: Path) -> None:
    other = Path(shutil.copy(database, database.with_name("other.db")))
    killed(other, *LOGGED)
    other.with_name("other.db-wal").rename(database.with_name("starlink.db-wal"))


def _leave_rest(database: Path) -> None:
    """Leave what a killed publish and a killed rebuild leave."""
    shutil.copy(database, database.with_name("starlink.db.old.unpublished"))
    shutil.copy(database, database.with_name("starlink.db.abc.unpublished"))
    database.with_name("starlink.db.sha256.new").write_text(f"{'0' * 64}  starlink.db\n")
    rebuild = database.with_name(".rebuild")
    rebuild.mkdir()
    shutil.copy(database, rebuild)


def _older_with_rest(database: Path) -> None:
    _older(database)
    _leave_rest(database)


SCENARIOS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a run": ("run", _nothing),
    "an import": ("import", _nothing),
    "an older database": ("run", _older),
    "a damaged database": ("run", _damage),
    "an import into an older database": ("import", _older),
    "a log left by another program": ("run", _leave_log),
    "a journal left by another program": ("run", _leave_journal),
    "the log of another database": ("run", _leave_other_log),
    "the rest of a killed run": ("run", _leave_rest),
    "an import into an older one with the rest": ("import", _older_with_rest),
    "no database": ("import", _remove),
    "an import of history": ("history", _nothing),
    "an import of history into an older database": ("history", _older),
}


@dataclass
class Killer:
    """Controls `killed_run`.

    Attributes:
        templates: a data folder for each scenario.
        durations_s: how long each takes uninterrupted, s.
    """

    process: "subprocess.Popen[str]"
    folder: Path
    templates: Path
    durations_s: dict[str, float] = field(default_factory=dict)
    observed: dict[str, list[object]] = field(default_factory=dict)
    sets: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)

    def prepared(self, scenario: str) -> Path:
        """Return a data folder in the state of a scenario, the same each time."""
        template, data = self.templates / scenario.replace(" ", "-"), self.folder / "data"
        if not template.exists():
            shutil.copytree(self.templates / "data", template)
            SCENARIOS[scenario][1](template / "starlink.db")
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(template, data)
        return data

    def start(self, scenario: str, data: Path, when: str = "after inf") -> tuple[str, float]:
        """Do what a scenario does, killed as `killed_run` says; return its end and lifetime."""
        self.process.stdin.write(f"{SCENARIOS[scenario][0]} {data} {when}\n")
        self.process.stdin.flush()
        *how, lived_s = self.process.stdout.readline().split()
        return " ".join(how), float(lived_s)

    def duration_s(self, scenario: str) -> float:
        """Measure how long a scenario takes, and note the GP lists in its database."""
        if scenario not in self.durations_s:
            data = self.prepared(scenario)
            how, self.durations_s[scenario] = self.start(scenario, data)
            assert how == "ended 0"
            self.observed[scenario] = observed(data)
            self.sets[scenario] = all_sets(data / "starlink.db")
        return self.durations_s[scenario]


@pytest.fixture
def killer(made: Path, tmp_path: Path) -> Iterator[Killer]:
    (tmp_path / "templates").mkdir()
    copy(made, tmp_path / "templates")
    lists = tmp_path / "lists"
    lists.mkdir()
    for date in IMPORTED:
        records = (omm(100_000 + n, EPOCH=f"{date}T06:00:00") for n in range(SATELLITES))
        (lists / f"starlink_{date}.json").write_bytes(omm_json(*records))
    sets = tmp_path / "sets"
    sets.mkdir()
    for month in ("2025-01", "2025-02", "2026-11"):
        records = [
            omm(100_000 + n, EPOCH=f"{month}-{day}T06:00:00", CREATION_DATE=f"{month}-28T00:00:00")
            for n in range(SATELLITES)
            for day in ("03", "04")
        ]
        (sets / f"{month}.json").write_bytes(omm_json(*records))
    with Replica(made / "responses") as replica:
        environment = {
            **os.environ,
            **{f"SPACEX_{name.upper()}": str(value) for name, value in LIMITS.items()},
            "SPACEX_LOCK_TIMEOUT_S": "60",
            "SPACEX_KEEP_RUNS": "2",
            "SPACEX_HOT_DAYS": "30",
            "SPACEX_BASE_URL": replica.url,
            "SPACEX_CELESTRAK_URL": NOBODY_HOME,
            "SPACEX_SOURCES": "spacexdata,celestrak",
        }
        with subprocess.Popen(
            [sys.executable, "-m", "tests.faults.killed_run"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            env=environment,
        ) as process:
            yield Killer(process, tmp_path, tmp_path / "templates")
            process.stdin.close()


def snapshots(data: Path) -> dict[str, str]:
    """Return the digest of every stored snapshot and sidecar, by path."""
    files = [*data.glob("raw/*/*/*.gz"), *data.glob("raw/*/*/*.meta.json")]
    return {str(path.relative_to(data)): digest(path) for path in files}


def observed(data: Path) -> list[object]:
    """Return the instants of the GP lists in the database."""
    sql = "SELECT observed_utc FROM _observations ORDER BY 1"
    return [instant for (instant,) in rows(data / "starlink.db", sql)]


def recovered(data: Path, scratch: Path) -> str:
    """Return the digest of the database after SQLite has recovered a copy; empty without one."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    for file in data.glob("starlink.db*"):
        shutil.copy(file, scratch)
    database = scratch / "starlink.db"
    with sole_writer(database, 0):
        pass
    return digest(database) if database.exists() else ""


def is_published(database: Path) -> bool:
    """Return whether a database is whole, and what its digest says it is."""
    with reading(database) as connection:
        return integrity(connection, with_history=True) == [] and not check_digest(database)


def killed_once(killer: Killer, scenario: str, when: str) -> tuple[str, str]:
    """Kill a scenario as `killed_run` says, then repeat it; check that nothing is lost.

    Returns:
        `killed` or `ended 0`, and `old` or `new`: the database that the kill left.
    """
    killer.duration_s(scenario)
    data, scratch = killer.prepared(scenario), killer.folder / "scratch"
    database = data / "starlink.db"
    stored, before = snapshots(data), recovered(data, scratch)

    how, _ = killer.start(scenario, data, when)
    context = f"{scenario}, {how} {when}"
    assert how in {"killed", "ended 0"}, context
    assert stored.items() <= snapshots(data).items(), context
    is_old = recovered(data, scratch) == before
    assert is_old or is_published(database), context

    stored = snapshots(data)
    assert killer.start(scenario, data)[0] == "ended 0", context
    assert stored.items() <= snapshots(data).items(), context
    assert is_published(database), context
    assert observed(data) == killer.observed[scenario], context
    assert all_sets(database) == killer.sets[scenario], context
    kept_names = {"raw", "runs", "prefect", "history", "other.db", "other.db-shm"}
    left = {path.name for path in data.iterdir()} - kept_names
    old = {name for name in left if name.startswith("starlink.old-")}
    assert left - old == {"starlink.db", "starlink.db.lock", "starlink.db.sha256"}, context
    if SCENARIOS[scenario][1] in {_older, _damage, _older_with_rest, _leave_log}:
        assert [digest(data / name) for name in old] == [before], context
    assert [*data.glob("raw/*/**/*.tmp")] == [], context
    problems = verify(Settings(_env_file=None, data_dir=data)).problems
    assert problems == [], context
    return how, "old" if is_old else "new"


def table(outcomes: dict[str, Counter[str]]) -> str:
    """Return the number of kills of each scenario, and of the databases that they left."""
    heads = ("old", "new", "lost")
    total = sum(outcomes.values(), Counter())
    lines = [f"{'scenario':43}{'kills':>7}{'old':>7}{'new':>7}{'lost':>7}"]
    for name, each in [*outcomes.items(), ("all", total)]:
        counts = (each.total(), *(each[head] for head in heads))
        lines.append(f"{name:43}{''.join(f'{count:7,}' for count in counts)}")
    return "\n".join(lines)


@pytest.mark.skipif(NUMBER != "all", reason="SPACEX_TEST_KILLS is a number")
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_nothing_is_lost_when_killed_before_any_change(killer: Killer, scenario: str) -> None:
    how, outcomes = "killed", []
    while how == "killed":
        how, outcome = killed_once(killer, scenario, f"at {len(outcomes) + 1}")
        outcomes.append(outcome)
    print(f"\n{table({scenario: Counter(outcomes)})}", flush=True)  # noqa: T201 - for `make kills`
    assert outcomes == sorted(outcomes, key=("old", "new").index)


@pytest.mark.skipif(NUMBER == "all", reason="SPACEX_TEST_KILLS is no number")
def test_nothing_is_lost_when_killed_at_any_time(killer: Killer) -> None:
    rng = random.Random(SEED)  # noqa: S311 - reproducible
    outcomes: dict[str, Counter[str]] = {name: Counter() for name in SCENARIOS}
    losses = []
    for number in range(KILLS):
        scenario = list(SCENARIOS)[number % len(SCENARIOS)]
        try:
            seconds = killer.duration_s(scenario) * rng.uniform(0, 1.1)
            _, outcome = killed_once(killer, scenario, f"after {seconds:.3f}")
        except AssertionError as loss:
            outcome = "lost"
            losses.append(f"kill {number}: {loss}")
            print(losses[-1], flush=True)  # noqa: T201 - the others may take long
        outcomes[scenario][outcome] += 1
    print(f"\n{table(outcomes)}", flush=True)  # noqa: T201 - for `make kills`
    assert losses == []
    if KILLS >= 100:  # of few, all may come too early or too late
        assert all(sum(each[head] for each in outcomes.values()) for head in ("old", "new"))
