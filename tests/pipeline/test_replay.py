import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spacex.errors import DataError, SnapshotError
from spacex.extract.http_client import Response
from spacex.extract.snapshots import SnapshotStore
from spacex.pipeline.replay import load_dates, replay, stored_dates
from spacex.sources import CELESTRAK, LAUNCHLIBRARY, SPACEXDATA
from spacex.sources.sample import archive_history, write_sample
from spacex.sources.source import Source
from tests import stages
from tests.example_records import GP_LISTS, omm, omm_json


def save(
    store: SnapshotStore,
    source: Source,
    endpoint: str,
    day: int,
    hour: int,
    second: int = 0,
    *,
    part: str = "",
    query: str = "",
) -> None:
    instant = datetime(2026, 11, day, hour, 0, second, tzinfo=UTC)
    body = f"[{hour * 100 + second}]".encode()
    url = f"https://x/{endpoint}{query}"
    response = Response(url, 200, body, None, "application/json", instant)
    store.save(source, endpoint, response, 0, part=part)


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    """A store with two snapshots of rockets on one day and one of cores on the next."""
    store = SnapshotStore(tmp_path / "raw")
    for endpoint, day, hour in [("rockets", 1, 6), ("rockets", 1, 18), ("cores", 2, 6)]:
        save(store, SPACEXDATA, endpoint, day, hour)
    return store


def test_each_day_is_a_date_and_so_is_each_change_within_it(store):
    assert stored_dates(store) == ["2026-11-01T06:00:00Z", "2026-11-01", "2026-11-02"]


@pytest.mark.parametrize(
    ("since", "until", "dates"),
    [
        ("2026-11-01T05:59:59Z", "2026-11-01T06:00:00Z", ["2026-11-01T06:00:00Z"]),
        ("2026-11-01T06:00:00Z", "2026-11-01T18:00:00Z", ["2026-11-01T18:00:00Z"]),
        ("2026-11-01T18:00:00Z", "2026-11-02T05:59:59Z", []),
    ],
)
def test_snapshots_after_an_instant_and_up_to_another_are_replayed(store, since, until, dates):
    assert stored_dates(store, since, until) == dates


def test_a_gp_list_replaced_on_its_day_is_replayed_with_what_was_stored_until_then(store):
    for hour in (4, 12, 20):
        save(store, CELESTRAK, "starlink", 2, hour)
    rest = stored_dates(store)[2:]
    assert rest == ["2026-11-02T06:00:00Z", "2026-11-02T12:00:00Z", "2026-11-02"]


def test_endpoints_stored_one_after_the_other_are_replayed_together(tmp_path):
    store = SnapshotStore(tmp_path)
    for hour in (5, 17):
        for second, endpoint in enumerate(["rockets", "cores", "launches"]):
            save(store, SPACEXDATA, endpoint, 1, hour, second)
    assert stored_dates(store) == ["2026-11-01T05:00:02Z", "2026-11-01"]


def test_the_pages_of_a_sweep_are_replayed_together_and_each_sweep_separately(tmp_path):
    store = SnapshotStore(tmp_path)
    for hour in (5, 8, 11):
        for second, offset in enumerate([0, 100]):
            query = f"?since={hour}&offset={offset}"
            save(store, LAUNCHLIBRARY, "launches", 1, hour, second, part="upcoming", query=query)
    instants = ["2026-11-01T05:00:01Z", "2026-11-01T08:00:01Z", "2026-11-01"]
    assert stored_dates(store) == instants


def test_a_change_in_the_second_of_another_endpoint_is_replayed_after_it(tmp_path):
    store = SnapshotStore(tmp_path)
    save(store, SPACEXDATA, "rockets", 1, 4)
    save(store, SPACEXDATA, "cores", 1, 6)
    save(store, SPACEXDATA, "rockets", 1, 6, 0)
    assert stored_dates(store) == ["2026-11-01T04:00:00Z", "2026-11-01"]


def test_an_empty_store_has_no_dates(tmp_path):
    assert stored_dates(SnapshotStore(tmp_path)) == []
    with pytest.raises(SnapshotError, match="No snapshot is stored"):
        replay([], lambda *_: None)


def test_a_replay_continues_after_a_failure_and_then_accepts_a_smaller_table():
    calls = []

    def publish(date: str, accept_shrink: bool) -> str:  # noqa: FBT001 - as called
        calls.append((date, accept_shrink))
        if date == "b":
            raise DataError("launches would shrink.")
        return date.upper()

    assert replay("abcd", publish) == (["A", "C", "D"], {"b": "launches would shrink."})
    assert calls == [("a", True), ("b", False), ("c", True), ("d", False)]


def test_two_files_of_one_day_both_load_as_history(settings):
    settings = stages.at(settings, sources="celestrak")
    store = SnapshotStore(settings.raw_dir)
    day = datetime(2026, 11, 1, 23, 59, 59, tzinfo=UTC)
    for name, body in zip(["evening", "morning"], GP_LISTS.values(), strict=False):
        response = Response(f"file:{name}.json", 0, body, None, "application/json", day)
        store.save(CELESTRAK, "starlink", response, 0)
    for number, date in enumerate(stored_dates(store)):
        stages.publish(settings, "snapshot", f"run-{number}", accept_shrink=True, as_of=date)
    observed = stages.rows(settings.database, "SELECT observed_utc FROM _observations ORDER BY 1")
    assert observed == [("2026-11-01T23:59:58Z",), ("2026-11-01T23:59:59Z",)]


def test_a_date_that_failed_relaxes_no_guard_of_gp_lists(settings, tmp_path):
    """The snapshot of rockets of the second day is damaged, and the list of the third truncated."""
    settings = stages.at(settings, sources="spacexdata,celestrak")
    store = SnapshotStore(settings.raw_dir)
    write_sample(tmp_path, satellites=1, history=archive_history())
    rockets = (tmp_path / "rockets.json").read_bytes()
    numbers = range(60_001, 60_101)
    for day, count in [(1, 100), (2, 0), (3, 50)]:
        instant = datetime(2026, 11, day, 12, tzinfo=UTC)
        body = omm_json(*(omm(n, EPOCH=f"2026-11-0{day}T06:00:00") for n in numbers[:count]))
        if count:
            store.save(CELESTRAK, "starlink", Response("x", 200, body, None, "", instant), count)
        body = rockets + b" " * day
        saved = store.save(SPACEXDATA, "rockets", Response("x", 200, body, None, "", instant), 1)
        if day == 2:
            (settings.raw_dir / saved.path).write_bytes(b"damaged")
    replayed = load_dates(settings, stored_dates(store))
    assert list(replayed.failures) == ["2026-11-02"]
    assert "lacks 50 of the 100" in "".join(replayed.refused.values())
    assert list(replayed.runs) == ["2026-11-01", "2026-11-03"]
    sql = "SELECT satellite_count FROM _observations"
    assert stages.value(settings.database, sql) == 100


def test_tables_may_shrink_on_the_first_date_and_after_one_that_failed(settings, tmp_path):
    """The dates may lie before the present state."""
    settings = stages.at(settings, sources="spacexdata")
    store = SnapshotStore(settings.raw_dir)
    write_sample(tmp_path, satellites=1, history=archive_history())
    cores = json.loads((tmp_path / "cores.json").read_bytes())
    counts = {5: 70, 1: 60, 2: 40, 3: 20, 4: 10}
    for day, count in counts.items():
        instant = datetime(2026, 11, day, 12, tzinfo=UTC)
        body = json.dumps(cores[:count]).encode()
        store.save(SPACEXDATA, "cores", Response("x", 200, body, None, "", instant), count)

    def load(*days: int) -> tuple[list[str], object]:
        replayed = load_dates(settings, [f"2026-11-0{day}" for day in days])
        loaded = stages.value(settings.database, "SELECT count(*) FROM cores")
        return [each[-1] for each in replayed.failures], loaded

    assert load(5) == ([], 70)
    assert load(1, 2) == (["2"], 60)
    assert load(1, 2, 3, 4) == (["2", "4"], 20)
