"""The date of the data is that of the data, not of the request."""

from pathlib import Path

import pytest

from spacex.analysis.data_age import data_ages, stale_data
from spacex.analysis.data_dates import data_dates
from spacex.analysis.source_coverage import coverage
from spacex.pipeline.import_files import import_files
from spacex.settings import Settings
from spacex.warehouse.coverage import ELEMENTS, LAUNCHES, LISTED
from tests import stages
from tests.clock import Clock
from tests.example_records import launch, omm, omm_json, upcoming
from tests.service_replicas import CelesTrak, LaunchLibrary

NOW = "2026-11-26T12:00:00Z"


def dates(settings: Settings, celestrak: CelesTrak, library: LaunchLibrary) -> dict[str, str]:
    urls = {"celestrak_url": celestrak.gp_url, "launchlibrary_url": library.url}
    used = stages.at(settings, sources="celestrak,launchlibrary", **urls)
    with Clock(NOW.removesuffix("Z")):
        stages.publish(used, "auto")
        found = data_dates(settings.database).set_index("source")
        assert (found["checked_utc"] >= NOW).all()
    return found["data_utc"].to_dict()


def test_an_old_list_is_old_whenever_it_was_requested(
    settings: Settings, celestrak: CelesTrak, launchlibrary: LaunchLibrary
) -> None:
    celestrak.publish(omm_json(*(omm(n, EPOCH="2025-06-01T06:00:00.5") for n in (1, 2, 3))))
    launchlibrary.launches = [
        launch("one", "2026-08-20T00:00:00Z"),
        launch("two", "2026-08-22T07:25:16Z"),
        upcoming("three", "2026-08-25T00:00:00Z"),
    ]
    assert dates(settings, celestrak, launchlibrary) == {
        "celestrak": "2025-06-01T06:00:00Z",
        "launchlibrary": "2026-08-22T07:25:16Z",
    }


def test_a_single_later_record_does_not_move_the_end(
    settings: Settings, celestrak: CelesTrak, launchlibrary: LaunchLibrary
) -> None:
    late = omm(4, EPOCH="2026-11-20T06:00:00.5")
    celestrak.publish(omm_json(late, *(omm(n, EPOCH="2026-11-10T06:00:00.5") for n in (1, 2, 3))))
    launchlibrary.launches = [
        launch("one", "2026-01-20T00:00:00Z"),
        launch("two", "2026-01-22T00:00:00Z"),
        launch("far later", "2026-11-22T00:00:00Z"),
    ]
    assert dates(settings, celestrak, launchlibrary) == {
        "celestrak": "2026-11-10T06:00:00Z",
        "launchlibrary": "2026-01-22T00:00:00Z",
    }
    (found,) = coverage(settings.database, LAUNCHES)["to_utc"]
    assert found == "2026-01-22T00:00:00Z"


@pytest.fixture
def before(settings: Settings, tmp_path: Path) -> Settings:
    """Import the lists of two days in June 2026, with epochs of the evenings before."""
    used = stages.at(settings, sources="celestrak", max_age_h=36)
    for day, evening in (("2026-06-01", "2026-05-31"), ("2026-06-02", "2026-06-01")):
        save(tmp_path / "files", f"starlink_{day}.json", f"{evening}T22:00:01")
    import_files(used, tmp_path / "files")
    return used


def save(folder: Path, name: str, epoch: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(omm_json(*(omm(n, EPOCH=epoch) for n in range(1, 41))))


def ends(settings: Settings) -> set[tuple[str, str]]:
    """Return end and newest date of the newest periods of the lists and their elements."""
    found = coverage(settings.database, ELEMENTS, LISTED).groupby("subject").last()
    return set(zip(found["to_utc"], found["newest_utc"], strict=True))


def test_a_list_with_epochs_ahead_of_its_date_is_of_its_date(before: Settings, tmp_path: Path):
    """Whatever gap lies before it: its date is not that of the list before the gap."""
    save(tmp_path / "later", "starlink_2026-06-14_18-30.json", "2026-06-14T22:00:00")
    import_files(before, tmp_path / "later")
    (found,) = data_dates(before.database)["data_utc"]
    assert found == "2026-06-14T18:30:00Z"
    assert ends(before) == {(found, found)}


def test_a_service_with_epochs_ahead_of_the_clock_is_fresh(before: Settings, celestrak: CelesTrak):
    used = stages.at(before, celestrak_url=celestrak.gp_url)
    celestrak.publish(omm_json(*(omm(n, EPOCH="2026-11-26T13:45:00") for n in range(1, 41))))
    with Clock(NOW.removesuffix("Z")):
        stages.publish(used, "auto", accept_shrink=True)
        (found,) = data_ages(used)
        assert (found.data_utc, stale_data(used)) == (found.checked_utc, "")
    assert found.data_utc.startswith(NOW[:13])
    assert ends(used) == {(found.data_utc, found.data_utc)}
