"""How old the data of each service are, and whether they are as fresh as promised."""

import pytest

from spacex.analysis.data_age import data_ages, health, stale_data
from spacex.settings import Settings
from tests import stages
from tests.clock import Clock
from tests.example_records import omm, omm_json
from tests.service_replicas import CelesTrak

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
        assert found.current_utc == "2026-11-25T06:00:00Z"
        assert (found.max_age_h, found.is_stale) == (38, is_stale)
        assert bool(stale_data(listed)) == is_stale
        assert health(listed)["is_fresh"] != is_stale


def test_a_service_without_data_is_stale_and_an_archive_does_not_age(listed):
    both = stages.at(listed, sources="spacexdata,celestrak,gcat", max_age_h=50_000)
    assert stale_data(both) == "gcat: no data, promised at most 50,168 h"
    archive = next(each for each in data_ages(both) if each.source == "spacexdata")
    assert (archive.age_h, archive.max_age_h, archive.is_stale) == (None, None, False)


def test_the_sample_is_not_fresh(sampled):
    assert not health(stages.at(sampled, sources="celestrak"))["is_fresh"]
