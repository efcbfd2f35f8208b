"""Feeds tell each change exactly once, however often runs are killed and repeated."""

import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import icalendar
import pytest

from spacex.analysis.feeds import FEEDS, RUNS
from spacex.analysis.feeds.writing import LOCK
from spacex.settings import PROJECT, Settings
from tests.analysis.feeds.reading import entries, items
from tests.clock import Clock
from tests.example_records import launch, omm, omm_json, upcoming
from tests.service_replicas import CelesTrak, LaunchLibrary
from tests.stages import at, publish, rows

DAYS = (1, 2, 3, 4)
PLANNED, SLIPPED, AGAIN = (f"2999-12-{day:02d}T10:00:00Z" for day in (1, 5, 9))
BEFORE = upcoming("a", "2026-11-02T00:00:00Z", last_updated="2026-11-01T00:00:00Z")
FLOWN = launch("a", "2026-11-02T00:00:00Z", last_updated="2026-11-02T13:00:00Z")
LAUNCHES = {
    1: (BEFORE, upcoming("b", PLANNED), upcoming("c", PLANNED)),
    2: (BEFORE, upcoming("b", SLIPPED), upcoming("c", PLANNED)),
    3: (FLOWN, upcoming("b", SLIPPED)),
    4: (FLOWN, upcoming("b", AGAIN), upcoming("d", PLANNED)),
}
LISTS = {1: range(1, 9), 2: range(1, 12), 3: (*range(3, 9), 12), 4: (*range(2, 9), 12, 13)}


class Reader:
    """A program that looks at the feeds again and again, and tells what is new to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told: dict[str, tuple[str, str, list[str]]] = {}
        self.sequences: dict[str, list[tuple[int, object]]] = {}
        self.facts: Counter[tuple[str, str]] = Counter()

    def look(self) -> None:
        """Read what is there, whole or not at all; tell the entries not yet told."""
        for name in ("changes.atom", "launches.atom", "reentries.atom"):
            with suppress(FileNotFoundError):
                for key, entry in entries((self._folder / name).read_bytes()).items():
                    self._tell(f"{name} {key}", (entry.title, entry.updated, items(entry)))
        with suppress(FileNotFoundError):
            content = (self._folder / "launches.ics").read_bytes()
            for event in icalendar.Calendar.from_ical(content).walk("VEVENT"):
                seen = self.sequences.setdefault(str(event["UID"]), [])
                state = (int(event["SEQUENCE"]), (event.start, str(event["STATUS"])))
                if not seen or seen[-1] != state:
                    seen.append(state)

    def _tell(self, key: str, fact: tuple[str, str, list[str]]) -> None:
        if key in self._told:
            assert self._told[key] == fact, "an entry that was told has changed"
            return
        self._told[key] = fact
        title, updated, listed = fact
        if key.startswith("changes.atom"):
            of = [each for each in listed if "/launch/" not in key] or [title]
            self.facts.update((updated, each.partition(":")[0]) for each in of)


class Publisher:
    """Controls `killed_feeds` in a copy of the data folder without its database."""

    def __init__(self, source: Path, folder: Path) -> None:
        self._source, self.data = source, folder / "data"
        shutil.copytree(source, self.data)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.killed_feeds", str(self.data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
        )

    def begin(self) -> None:
        """Forget what was published."""
        shutil.rmtree(self.data / "feeds", ignore_errors=True)
        for path in self.data.glob("starlink.db*"):
            path.unlink()

    def publish(self, day: int, change: int = 0) -> str:
        """Load the run of a day and write the feeds; return how it ended."""
        self._process.stdin.write(f"day-{day} {change}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().rpartition(" ")[0]

    def feeds(self) -> dict[str, bytes]:
        """Return the content of each feed."""
        folder = self.data / "feeds"
        assert {path.name for path in folder.iterdir()} == {LOCK, *FEEDS} - {RUNS}
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    def close(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=60)


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a run of each day, whose database is removed."""
    data = tmp_path_factory.mktemp("staged") / "data"
    with CelesTrak() as celestrak, LaunchLibrary() as launchlibrary, Clock("2026-11-01") as clock:
        config = at(
            Settings(_env_file=None, data_dir=data),
            celestrak_url=celestrak.gp_url,
            launchlibrary_url=launchlibrary.url,
            sources="celestrak,launchlibrary",
        )
        for day in DAYS:
            clock.set(f"2026-11-{day:02d}")
            epoch = f"2026-11-{day:02d}T06:00:00.123456"
            celestrak.publish(omm_json(*(omm(number, EPOCH=epoch) for number in LISTS[day])))
            launchlibrary.launches = [*LAUNCHES[day]]
            publish(config, "auto", f"day-{day}", accept_shrink=True)
    for path in data.glob("starlink.db*"):
        path.unlink()
    return data


@pytest.fixture
def publisher(staged: Path, tmp_path: Path) -> Iterator[Publisher]:
    made = Publisher(staged, tmp_path)
    yield made
    made.close()


def told_once(publisher: Publisher, kills: int, chance: random.Random) -> Counter[str]:
    """Kill the publishing of each day, repeat it, and look at the feeds at each time.

    Args:
        publisher: that publishes.
        kills: how many publications to kill, in all.
        chance: when.

    Returns:
        How the publications ended that were to be killed.
    """
    numbers, expected = {}, {}
    publisher.begin()
    for day in DAYS:
        words = publisher.publish(day).split()
        assert words[0] == "changed", words
        numbers[day], expected[day] = int(words[1]), publisher.feeds()
    ended: Counter[str] = Counter()
    while ended.total() < kills:
        publisher.begin()
        reader = Reader(publisher.data / "feeds")
        for day in DAYS:
            how = publisher.publish(day, chance.randint(1, numbers[day]))
            ended[how] += 1
            reader.look()
            assert publisher.publish(day).startswith("changed")
            reader.look()
            assert publisher.feeds() == expected[day]
        assert_each_once(publisher.data / "starlink.db", reader)
    return ended


def assert_each_once(database: Path, reader: Reader) -> None:
    """Check what a reader was told against the changes in the database."""
    sql = "SELECT observed_utc, table_name, name, row_key FROM _changes"
    changes = Counter(
        (observed, f"{name} ({key})" if table == "starlink" else name)
        for observed, table, name, key in {*rows(database, sql)}
    )
    told = Counter(reader.facts)
    assert {each: told[each] for each in changes} == dict.fromkeys(changes, 1)
    assert told.total() == changes.total() > 15
    for states in reader.sequences.values():
        numbers = [number for number, _ in states]
        assert numbers == sorted(set(numbers)), "an event changed, and its SEQUENCE did not"
    assert [len(states) for _, states in sorted(reader.sequences.items())] == [2, 3, 2, 1]


def test_each_change_is_told_once_over_some_kills(publisher: Publisher) -> None:
    ended = told_once(publisher, 4, random.Random(1))  # noqa: S311 - reproducible
    assert ended == {"killed": 4}


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_each_change_is_told_once_over_fifty_kills(publisher: Publisher) -> None:
    ended = told_once(publisher, 50, random.Random(4287))  # noqa: S311 - reproducible
    assert ended["killed"] >= 50
