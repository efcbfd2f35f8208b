"""Replay as of a date."""

import pytest

from spacex.errors import SettingsError
from spacex.extract.as_of import as_of_utc
from spacex.pipeline import stages


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


def test_as_of_requires_stored_snapshots(settings):
    assert stages.check(settings, "auto", as_of="2026-11-01") == "snapshot"
    assert stages.check(settings, "snapshot", as_of="every day") == "snapshot"
    for source in ("api", "sample"):
        with pytest.raises(SettingsError, match="takes stored snapshots"):
            stages.check(settings, source, as_of="2026-11-01")
