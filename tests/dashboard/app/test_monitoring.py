"""`/health` and `/metrics` of the dashboard."""

import json
import shutil
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from spacex import __version__
from spacex.dashboard.app.metrics import Metrics
from spacex.dashboard.app.server import READY_KERNELS
from spacex.extract.fetch import ledger_path
from spacex.extract.request_ledger import Ledger
from spacex.extract.run_folder import Run
from spacex.extract.snapshots import SnapshotStore
from spacex.notebook.run_index import Record, write_record
from spacex.sources import CELESTRAK, SATCAT, SPACEXDATA
from tests import stages
from tests.clock import Clock
from tests.dashboard.app.test_abuse import request
from tests.dashboard.conftest import Site
from tests.example_records import omm, omm_json
from tests.replica import Status

KINDS = ("application/openmetrics-text", "text/plain")


def test_health_is_json_with_a_status_that_monitors_understand(site: Site) -> None:
    with urlopen(f"{site.url}health", timeout=20) as response:  # noqa: S310
        found = json.load(response)
    assert found["version"] == __version__
    assert found["last_run"]["source"] == "sample"
    assert found["last_ended_run"] is None  # the stages without the flow record no end
    assert [each["source"] for each in found["sources"]] == ["spacexdata"]


@pytest.mark.attack("read at `/health` which files a failed run names", "left out")
def test_health_says_that_a_run_failed_but_not_which_files_it_names(site: Site) -> None:
    run = Run(site.settings.runs_dir, "2099-01-01T00-00-00-000000Z")
    run.folder.mkdir(parents=True)
    failure = f"{site.settings.data_dir} cannot be written."
    write_record(run, Record(run_id=run.run_id, duration_s=1.5, parameters={}, failure=failure))
    try:
        with urlopen(f"{site.url}health", timeout=20) as response:  # noqa: S310
            found = json.load(response)["last_ended_run"]
    finally:
        shutil.rmtree(run.folder)
    assert found == {"run_id": run.run_id, "state": "failed", "duration_s": 1.5}


def test_health_without_a_database_is_unavailable(site: Site) -> None:
    hidden, before = site.database.with_suffix(".hidden"), site.log.read_text()
    site.database.rename(hidden)
    try:
        with pytest.raises(HTTPError) as caught:
            urlopen(f"{site.url}health", timeout=20)  # noqa: S310
    finally:
        hidden.rename(site.database)
    assert caught.value.code == 503
    assert "/health" not in site.log.read_text().removeprefix(before)  # whatever monitors poll
    assert "There is no database" in json.load(caught.value)["error"]


def test_prometheus_reads_the_metrics(site: Site) -> None:
    with urlopen(f"{site.url}metrics", timeout=20) as response:  # noqa: S310
        text = response.read().decode()
    families = {each.name: each.samples for each in text_string_to_metric_families(text)}
    assert families["spacex_info"][0].labels == {"version": __version__}
    assert families["spacex_dashboard_memory_bytes"][0].value > 1e7
    assert families["spacex_dashboard_kernels"][0].value >= 0
    loaded = [each for each in families["spacex_last_run_rows"] if each.labels["fate"] == "loaded"]
    assert {"source", "table", "fate"} == loaded[0].labels.keys()


@pytest.mark.parametrize(
    "accept",
    [
        *(f"{kind};version={version}" for kind in KINDS for version in ("x", "", "1.x", "-1", "²")),
        *(f"{kind};version=1.0.0;escaping={text}" for kind in KINDS for text in ("", "x", "²")),
        *(";=,;", "*/*", ""),
    ],
)
def test_metrics_are_sent_whatever_the_client_accepts(site: Site, accept: str) -> None:
    before = site.log.read_text()
    status, body, headers = request(site, "metrics", Accept=accept)
    assert status == 200
    assert b"spacex_dashboard_kernels" in body
    assert headers["Content-Type"].startswith(KINDS)
    assert "Traceback" not in site.log.read_text().removeprefix(before)


@pytest.mark.parametrize(
    "path",
    ["health", "metrics", "reports", "reports/index.html", "dashboard/tables/rockets.csv", "x"],
)
def test_head_is_answered_as_get_without_a_body(site: Site, path: str) -> None:
    found = {method: request(site, path, method) for method in ("GET", "HEAD")}
    assert found["HEAD"].status == found["GET"].status
    assert found["HEAD"].headers["Content-Type"] == found["GET"].headers["Content-Type"]
    assert found["HEAD"].body == b""


def test_head_of_the_page_starts_no_kernel(site: Site) -> None:
    before = kernels(site)
    for _ in range(READY_KERNELS + 2):
        status, body, headers = request(site, "", "HEAD")
        assert (status, body) == (200, b"")
        assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert kernels(site) <= max(before, READY_KERNELS)


def kernels(site: Site) -> float:
    """Return the number of the dashboard's kernels."""
    text = request(site, "metrics").body.decode()
    families = {each.name: each.samples for each in text_string_to_metric_families(text)}
    return families["spacex_dashboard_kernels"][0].value


def test_requests_refusals_ages_and_durations_are_counted(settings, celestrak):
    used = stages.at(settings, sources="celestrak", celestrak_url=celestrak.gp_url)
    celestrak.publish(omm_json(*(omm(n, EPOCH="2026-11-01T06:00:00") for n in (1, 2, 3))))
    with Clock("2026-11-01T12:00:00") as clock:
        stages.publish(used, "auto", "2026-11-01T11-59-30-000000Z")
        clock.set("2026-11-02T12:00:00")
        celestrak.script("", Status(503))
        stages.publish(used, "auto", "second")
        clock.set("2026-11-03T12:00:00")
        celestrak.stop()
        stages.publish(used, "auto", "third")
        found = {each.name: each.samples for each in Metrics(used, 3, 1).collect()}
    assert found["spacex_requests"][0].value == 3
    assert found["spacex_refusals"][0].value == 2
    assert found["spacex_requests"][0].labels == {"service": "celestrak"}
    assert found["spacex_data_age_seconds"][0].value == 54 * 3600
    assert found["spacex_run_duration_seconds"][1].value == 30
    entry = Ledger(ledger_path(SnapshotStore(used.raw_dir), CELESTRAK)).read()
    assert (entry.requests, entry.refusals) == ({"celestrak": 3}, {"celestrak": 2})


def test_requests_to_the_archive_and_to_each_service_of_a_host_are_counted(settings, small_replica):
    used = stages.at(settings, base_url=small_replica.url)
    satcat = Ledger(ledger_path(SnapshotStore(used.raw_dir), SATCAT), SATCAT.name)
    with satcat.locked() as ledger:
        ledger.record_request()
    stages.extract(used, "api", only=["landpads", "rockets"])
    small_replica.script("landpads", Status(503))
    stages.extract(used, "auto", "second", only=["landpads"])
    small_replica.stop()
    stages.extract(used, "auto", "third", only=["landpads"])  # it was not reached
    found = {each.name: each.samples for each in Metrics(used, 0, 0).collect()}
    requests, refusals = (
        {each.labels["service"]: each.value for each in found[f"spacex_{name}"]}
        for name in ("requests", "refusals")
    )
    assert requests == {"satcat": 1, "spacexdata": 4}
    assert refusals == {"satcat": 0, "spacexdata": 2}


def test_a_damaged_ledger_of_the_archive_stops_no_run(settings, small_replica):
    used = stages.at(settings, base_url=small_replica.url)
    path = ledger_path(SnapshotStore(used.raw_dir), SPACEXDATA)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"damaged")
    stages.extract(used, "api", only=["landpads"])
    assert path.read_bytes() == b"damaged"


def test_metrics_of_the_data_are_missing_without_a_database(settings):
    names = {each.name for each in Metrics(settings, 0, 0).collect()}
    assert "spacex_dashboard_memory_bytes" in names
    assert "spacex_data_age_seconds" not in names
