"""The limit of the growth of a GP list."""

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from spacex.schema.shared import MAX_CATALOGUE_NUMBER
from spacex.schema.starlink import STARLINK
from spacex.warehouse.checks import Finding
from spacex.warehouse.fleet import Observation
from spacex.warehouse.insert import insert_records
from spacex.warehouse.list_growth import GROWTH_DAYS, allowed_growth, find_growth
from tests.example_rows import empty_database, example_row, insert_list

MAX_TLE = 99_999


@contextmanager
def lists(
    counts: dict[str, int], largest: int = MAX_CATALOGUE_NUMBER
) -> Iterator[sqlite3.Connection]:
    """Open a database with lists of satellites from 1 on; their instants are their digests."""
    with empty_database() as connection:
        known = 0
        for instant, count in counts.items():
            insert_list(connection, instant, count, largest)
            row = example_row("starlink", first_listed_utc=instant)
            new = (row | {"norad_cat_id": number} for number in range(known + 1, count + 1))
            insert_records(connection, STARLINK, new)
            known = max(known, count)
        yield connection


def on(day: int) -> str:
    return f"2026-01-{day:02d}T00:00:00Z"


def grown(
    connection: sqlite3.Connection,
    day: int,
    count: int,
    accepted: tuple[str, ...] = (),
    start: int = 1,
) -> Finding | None:
    """Return what is found in a list of a day."""
    listed = frozenset(range(start, start + count))
    observed = Observation("celestrak", on(day), "", listed, MAX_CATALOGUE_NUMBER)
    return find_growth(connection, observed, accepted)


@pytest.mark.parametrize(
    ("days", "new", "is_found"),
    [
        (1, 360, False),
        (1, 361, True),
        (GROWTH_DAYS, 1500, False),
        (GROWTH_DAYS, 1501, True),
        (GROWTH_DAYS + 1, 5000, False),  # after a gap, a list is not compared
        (0, 5000, False),  # it is loaded already
        (1, 0, False),
    ],
)
def test_limit_of_a_growth(days: int, new: int, *, is_found: bool) -> None:
    with lists({on(1): 10}) as connection:
        assert (grown(connection, 1 + days, 10 + new) is not None) is is_found


def test_the_first_list_may_have_any_number() -> None:
    with lists({}) as connection:
        assert grown(connection, 1, 10_000) is None


def test_the_finding_names_the_lists_and_the_numbers() -> None:
    with lists({on(1): 10}) as connection:
        found = grown(connection, 2, 400)
    assert found
    assert (found.severity, found.finding_count, found.examples) == (
        "error",
        390,
        "11, 12, 13, 14, 15",
    )
    assert found.message == (
        "The GP list of 2026-01-02T00:00:00Z has 400 satellites, of which 390 are new since that "
        "of 2026-01-01T00:00:00Z; at most 360 can have been launched: it may be wrong and is not "
        "used."
    )


def test_small_steps_in_a_short_time_add_up() -> None:
    with lists({on(1): 10, on(2): 340}) as connection:
        assert grown(connection, 3, 430) is None
        found = grown(connection, 3, 431)
    assert found
    assert f"421 are new since that of {on(1)}" in found.message


def test_lists_before_an_accepted_one_are_not_compared() -> None:
    with lists({on(1): 10, on(2): 1000}) as connection:
        assert grown(connection, 3, 1000)
        assert grown(connection, 3, 1360, accepted=(on(2),)) is None
        assert grown(connection, 3, 1361, accepted=(on(2),))
        connection.execute("DELETE FROM _snapshots")  # no digest of any list is known
        assert grown(connection, 3, 1000, accepted=(on(2),))


def test_returning_satellites_are_not_new() -> None:
    """The second list was truncated and accepted."""
    with lists({on(1): 1000, on(2): 10}) as connection:
        assert grown(connection, 3, 1000, accepted=(on(2),)) is None


def test_numbers_that_an_earlier_list_cannot_hold_are_not_new() -> None:
    with lists({on(1): 10}, MAX_TLE) as connection:
        assert grown(connection, 2, 5000, start=MAX_TLE + 1) is None
        assert grown(connection, 2, 5000, start=MAX_TLE - 360)


def test_recorded_lists_are_plausible(recorded_dir: Path) -> None:
    numbers: dict[str, set[int]] = {}
    for path in sorted((recorded_dir / "celestrak").glob("*.json.gz")):
        numbers[path.name[9:19]] = {
            each["NORAD_CAT_ID"] for each in json.loads(gzip.decompress(path.read_bytes()))
        }
    for path in sorted((recorded_dir / "celestrak_tle").glob("*.tle.gz")):
        lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        numbers[path.name[9:19]] = {int(line[2:7]) for line in lines if line.startswith("1 ")}
    assert len(numbers) == 11
    for before, after in combinations(sorted(numbers), 2):
        instants = f"{before}T00:00:00Z", f"{after}T00:00:00Z"
        if (date.fromisoformat(after) - date.fromisoformat(before)).days <= GROWTH_DAYS:
            # At least half of the limit remains.
            assert len(numbers[after] - numbers[before]) < allowed_growth(*instants) / 2
