"""The date of the data is that of the data, not of the request."""

from spacex.analysis.data_dates import data_dates
from spacex.analysis.source_coverage import coverage
from spacex.settings import Settings
from spacex.warehouse.coverage import LAUNCHES
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
