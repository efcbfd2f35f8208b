"""Replay as of a date."""

from datetime import UTC, datetime

import pytest

from spacex.errors import SettingsError, SnapshotError
from spacex.extract.as_of import as_of_utc, stored_days
from spacex.extract.http_client import Response
from spacex.extract.snapshots import SnapshotStore
from spacex.pipeline import stages
from spacex.sources import SPACEXDATA


@pytest.fixture
def store(tmp_path):
    """A store with two snapshots of rockets on one day and one of cores on the next."""
    store = SnapshotStore(tmp_path / "raw")
    for endpoint, day, hour in [("rockets", 1, 6), ("rockets", 1, 18), ("cores", 2, 6)]:
        instant = datetime(2026, 11, day, hour, tzinfo=UTC)
        body = b"[]" + b"\n" * hour
        response = Response(f"https://x/{endpoint}", 200, body, None, "application/json", instant)
        store.save(SPACEXDATA, endpoint, response, 0)
    return store


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-01", "2026-11-01T23:59:59Z"),
        ("2026-11-01T12:00:00Z", "2026-11-01T12:00:00Z"),
        ("2026-11-01T12:00:00-05:00", "2026-11-01T17:00:00Z"),
        ("2026-11-01T12:00", "2026-11-01T12:00:00Z"),
    ],
)
def test_as_of_utc(text, instant):
    assert as_of_utc(text) == instant


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "01.11.2026"])
def test_as_of_utc_rejects_invalid_dates(text):
    with pytest.raises(SettingsError, match="neither a date nor an instant"):
        as_of_utc(text)


def test_stored_days_are_the_dates_of_snapshots(store):
    assert stored_days(store) == ["2026-11-01", "2026-11-02"]


def test_stored_days_of_an_empty_store_raise(tmp_path):
    with pytest.raises(SnapshotError, match="No snapshot is stored"):
        stored_days(SnapshotStore(tmp_path))


def test_as_of_requires_stored_snapshots(settings):
    assert stages.check(settings, "auto", as_of="2026-11-01") == "snapshot"
    assert stages.check(settings, "snapshot", as_of="every day") == "snapshot"
    for source in ("api", "sample"):
        with pytest.raises(SettingsError, match="takes stored snapshots"):
            stages.check(settings, source, as_of="2026-11-01")
