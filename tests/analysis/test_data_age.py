"""How old the data of each service are, and whether they are as fresh as promised."""

from datetime import timedelta
from pathlib import Path

import pytest

from spacex.analysis.data_age import data_ages, health, stale_data
from spacex.analysis.verdict import verdict
from spacex.dashboard.app.header import header
from spacex.settings import Settings
from spacex.units import utc_instant
from tests import stages
from tests.clock import Clock
from tests.example_records import launch, omm, omm_json, upcoming
from tests.replica import Replica
from tests.service_replicas import CelesTrak, LaunchLibrary
from tests.sources.test_satcat import satcat_csv
from tests.warehouse.catalogues import satcat_row

EPOCH = "2026-11-25T06:00:00.5"


@pytest.fixture
def listed(settings: Settings, celestrak: CelesTrak) -> Settings:
    """Publish a GP list whose epochs are six hours older than its response."""
    used = stages.at(settings, sources="celestrak", celestrak_url=celestrak.gp_url, max_age_h=36)
    celestrak.publish(omm_json(*(omm(n, EPOCH=EPOCH) for n in (1, 2, 3))))
    with Clock("2026-11-25T12:00:00"):
        stages.publish(used, "auto")
    return used


@pytest.mark.parametrize(
    ("now", "is_stale"),
    [("2026-11-26T20:00:00", False), ("2026-11-26T20:00:01", True)],  # 36 h, and 2 h of its window
)
def test_the_data_are_as_old_as_the_epochs_and_fresh_up_to_the_promise(listed, now, is_stale):
    with Clock(now):
        (found,) = data_ages(listed)
        assert found.data_utc == "2026-11-25T06:00:00Z"
        assert found.checked_utc == "2026-11-25T12:00:00Z"
        assert (found.max_age_h, found.is_stale) == (38, is_stale)
        assert bool(stale_data(listed)) == is_stale
        assert health(listed)["is_fresh"] != is_stale


def test_a_service_without_data_is_stale_and_an_archive_does_not_age(listed):
    both = stages.at(listed, sources="spacexdata,celestrak,gcat", max_age_h=50_000)
    assert stale_data(both) == "gcat: no data, promised at most 2,113.3 days"
    archive = next(each for each in data_ages(both) if each.source == "spacexdata")
    assert (archive.age_h, archive.max_age_h, archive.is_stale) == (None, None, False)


NEWEST = "2026-10-01T00:00:00Z"
LIMIT = utc_instant(NEWEST) + timedelta(hours=36, days=30)


@pytest.mark.parametrize(
    ("checked", "now", "caution"),
    [
        (LIMIT, LIMIT, ""),
        (LIMIT, LIMIT + timedelta(seconds=1), "31 days old"),  # though it was just checked
        (LIMIT - timedelta(hours=36), LIMIT, ""),
        (LIMIT - timedelta(hours=36, seconds=1), LIMIT, "last checked 36 hours ago"),
    ],
)
def test_every_surface_judges_by_the_date_of_the_data_and_of_the_check(
    settings: Settings, launchlibrary: LaunchLibrary, monkeypatch, checked, now, caution
):
    """A source that lists no newer launch is not fresh because it was just asked."""
    launchlibrary.launches = [launch("one", NEWEST), upcoming("two", "2027-01-01T00:00:00Z")]
    urls = {"launchlibrary_url": launchlibrary.url, "max_age_h": 36}
    used = stages.at(settings, sources="launchlibrary", **urls)
    monkeypatch.setattr("spacex.dashboard.app.header.settings", lambda: used)
    with Clock(f"{checked:%Y-%m-%dT%H:%M:%S}"):
        stages.publish(used, "auto")
    with Clock(f"{now:%Y-%m-%dT%H:%M:%S}"):
        (found,) = data_ages(used)
        assert (found.data_utc, found.max_age_h) == (NEWEST, 36 + 30 * 24)
        assert (found.caution, found.is_stale) == (caution, bool(caution))
        assert health(used)["is_fresh"] != bool(caution)
        assert bool(stale_data(used)) == bool(caution)
        assert f"Stale: Launch Library 2, {caution}" in str(header(used.database)) or not caution
        first, second, *_ = verdict(used)
    newest = "as promised; the newest flown launch is Falcon 9 Block 5 | one, of 1 October 2026."
    assert first.endswith(f"1 October 2026, {caution})." if caution else newest)
    assert not caution or second.startswith(("What has happened since then", "Newer data may"))


def test_data_of_a_service_out_of_use_age_until_a_run_is_published_without_it(listed):
    other = stages.at(listed, sources="satcat")
    with Clock("2026-11-30") as clock, Replica(Path("/none")) as files:
        assert stale_data(other).startswith("celestrak: 5 days old, promised at most")
        files.serve("satcat.csv", satcat_csv(satcat_row(1)))
        used = stages.at(other, satcat_url=f"{files.url}/satcat.csv")
        stages.publish(used, "auto", "two", accept_shrink=True)
        clock.set("2026-12-01")
        assert [each.source for each in data_ages(used)] == ["satcat"]


def test_the_sample_is_not_fresh(sampled):
    assert not health(stages.at(sampled, sources="celestrak"))["is_fresh"]
