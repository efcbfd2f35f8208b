"""The diagnoses of `spacex doctor` that a test makes in its own process."""

import errno
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import sleep

import pytest

from spacex.cli import doctor
from spacex.cli.doctor import alert_addresses, machine, prefect_state, services, stored_data
from spacex.cli.doctor.diagnosis import Diagnosis
from spacex.cli.doctor.place import container, place
from spacex.extract.fetch import ledger_path
from spacex.extract.request_ledger import Ledger
from spacex.extract.run_folder import Run
from spacex.extract.snapshots import SnapshotStore
from spacex.pipeline.prefect_server import keep_password, profiles_path
from spacex.settings import CONTAINER, PROJECT, RUN_COMMAND, Settings, command
from spacex.sources import LAUNCHLIBRARY
from spacex.units import utc_now
from tests import stages
from tests.conftest import NOBODY_HOME
from tests.packaging.test_containers import OURS
from tests.replica import Replica, Status
from tests.service_replicas import LaunchLibrary


@pytest.fixture
def launchlibrary_settings(settings: Settings, launchlibrary: LaunchLibrary) -> Settings:
    return stages.at(settings, sources="launchlibrary", launchlibrary_url=launchlibrary.url)


def ledger_of(settings: Settings) -> Ledger:
    return Ledger(ledger_path(SnapshotStore(settings.raw_dir), LAUNCHLIBRARY))


def test_a_folder_that_cannot_be_used_is_no_free_space(settings, monkeypatch):
    monkeypatch.setenv("PREFECT_HOME", "/dev/null/prefect")
    faults = [each for each in machine.disks(settings) if each.state == "fault"]
    (text,) = (each.text for each in faults)
    assert text == "/dev/null/prefect cannot be used: /dev/null is not a folder."


def test_prefect_is_imported_after_its_password_is_named(settings, monkeypatch):
    named: list[str | None] = []
    monkeypatch.setattr(
        prefect_state, "check_settings", lambda: named.append(os.environ["PREFECT_PROFILES_PATH"])
    )
    monkeypatch.delenv("PREFECT_API_AUTH_STRING", raising=False)
    monkeypatch.setenv("PREFECT_PROFILES_PATH", "")  # restored at the end
    monkeypatch.delenv("PREFECT_PROFILES_PATH")
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    profiles = profiles_path(settings.data_dir)
    profiles.parent.mkdir(parents=True, exist_ok=True)
    keep_password(profiles)
    list(prefect_state.prefect(settings))
    assert named == [str(profiles)]


def test_a_value_that_prefect_does_not_take_is_a_fault(settings, monkeypatch):
    others = {"FRUIT": "banana", "PREFECT_LOGGING_EXTRA_LOGGERS": "fruit"}
    odd = others | {"PREFECT_LOGGING_LEVEL": "banana"}
    monkeypatch.setattr(os, "environ", odd | {**os.environ} | odd)  # the others come first
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    (found,) = prefect_state.prefect(settings)
    assert found.state == "fault"
    assert found.text.startswith("PREFECT_LOGGING_LEVEL='banana': Input should be 'DEBUG'")


def test_each_container_of_the_stack_is_known_and_named(settings, monkeypatch):
    for name, service in OURS.items():
        assert service["environment"][CONTAINER] == name
        monkeypatch.setenv(CONTAINER, name)
        assert container() in doctor.CHECKS
        assert place(settings).startswith(f"Container {name}, which ")
        assert command("run") == "docker compose exec etl-flow spacex run"
    monkeypatch.delenv(CONTAINER)
    assert place(settings).startswith(f"Checkout in {PROJECT}")


def test_a_check_that_may_not_read_a_file_names_it(monkeypatch, capsys):
    def files(_: Settings) -> Iterator[Diagnosis]:
        raise PermissionError(errno.EACCES, "Permission denied", "runs")

    monkeypatch.setitem(doctor.CHECKS, "dashboard", (files,))
    monkeypatch.setenv(CONTAINER, "dashboard")
    assert doctor.doctor(as_json=False) == 1
    assert "✗ runs cannot be read (Permission denied)." in capsys.readouterr().out


def test_a_folder_for_backups_that_cannot_be_written_is_a_fault(settings, tmp_path):
    assert list(machine.backups(settings)) == []
    (found,) = machine.backups(stages.at(settings, backup_keep=7))
    assert (found.state, found.text.endswith("for backups")) == ("ok", True)
    (tmp_path / "file").touch()
    keeping = stages.at(settings, backup_keep=7, backup_dir=tmp_path / "file")
    (found,) = machine.backups(keeping)
    assert (found.state, "SPACEX_BACKUP_DIR" in found.text) == ("fault", True)


def test_a_check_that_hangs_is_given_up(monkeypatch, capsys):
    def slow_network(_: Settings) -> Iterator[Diagnosis]:
        sleep(0.2)
        yield Diagnosis("ok", "too late")

    monkeypatch.setitem(doctor.CHECKS, "dashboard", (slow_network,))
    monkeypatch.setattr(doctor, "LIMIT_S", 0.01)
    monkeypatch.setenv(CONTAINER, "dashboard")
    assert doctor.doctor(as_json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["place"]["kind"], found["place"]["container"]) == ("container", "dashboard")
    (diagnosis,) = found["diagnoses"]
    assert diagnosis["text"] == "The check of slow network took more than 0.01 s and was given up."


def test_a_service_is_well_if_it_can_be_reached_and_has_not_failed(launchlibrary_settings):
    (found,) = services.live_services(launchlibrary_settings)
    assert (found.state, found.text) == (
        "ok",
        f"{LAUNCHLIBRARY.title} can be reached; it may be requested now.",
    )


@pytest.mark.parametrize("minutes", [-1, 60])
def test_a_service_that_failed_is_not_called_well(launchlibrary_settings, minutes):
    with ledger_of(launchlibrary_settings).locked() as ledger:
        ledger.pause(utc_now() + timedelta(minutes=minutes), "It returned 503.")
    (found,) = services.live_services(launchlibrary_settings)
    assert found.state == "note"
    assert found.text.endswith("The last request failed: It returned 503.")


def test_a_service_that_the_last_run_could_not_reach_is_not_called_well(launchlibrary_settings):
    down = stages.at(launchlibrary_settings, launchlibrary_url=NOBODY_HOME)
    stages.extract(down, "auto")
    run = Run(down.runs_dir, "one")
    (failure,) = (line for line in run.manifest().note.splitlines() if NOBODY_HOME in line)
    (found,) = services.live_services(down)
    assert found.state == "note"
    assert found.text.startswith(f"{LAUNCHLIBRARY.title} cannot be reached: 127.0.0.1:1 (")
    run.add_note(failure.replace(NOBODY_HOME, launchlibrary_settings.launchlibrary_url))
    (found,) = services.live_services(launchlibrary_settings)
    assert found.state == "note"
    assert "In the last run: " in found.text


@pytest.mark.parametrize(("time", "state"), [("11:55:00", "ok"), ("11:54:59", "fault")])
def test_a_clock_that_was_set_back_is_found(launchlibrary_settings, clock, time, state):
    with ledger_of(launchlibrary_settings).locked() as ledger:
        ledger.record_request()
    clock.set(f"2026-11-01T{time}")
    (found,) = machine.clock(launchlibrary_settings)
    assert found.state == state


def test_a_clock_that_differs_from_that_of_a_service_is_found(settings, small_replica, request):
    there = stages.at(settings, base_url=small_replica.url)
    assert [each.state for each in services.archive(there)] == ["ok"]
    request.getfixturevalue("clock")
    assert [each.state for each in services.archive(there)] == ["ok", "fault"]


def test_addresses_of_alerts_are_reached_without_a_request(settings, tmp_path):
    with Replica(tmp_path) as receiver:
        there = stages.at(settings, webhook_url=f"{receiver.url}/SECRET", ping_url=receiver.url)
        found = list(alert_addresses.addresses(there))
        assert (receiver.posted, receiver.requests) == ([], [])
    assert [each.state for each in found] == ["ok", "ok"]
    lost = list(alert_addresses.addresses(there))
    assert [each.state for each in lost] == ["note", "note"]
    assert "SECRET" not in f"{found} {lost}"


def test_an_address_behind_a_proxy_connects_to_the_proxy(settings, small_replica, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", small_replica.url.replace("//", "//user:SECRET@"))
    there = stages.at(settings, webhook_url="https://hook.invalid/x")
    (found,) = alert_addresses.addresses(there)
    assert found.state == "ok"
    assert "the proxy http://***@127.0.0.1:" in found.text


@pytest.mark.parametrize(
    ("status", "state", "text"),
    [
        (401, "fault", "refuses the password"),
        (404, "note", "nothing is scheduled"),
        (500, "fault", "returned 500"),
        (0, "fault", "does not respond"),
    ],
)
def test_a_server_of_prefect_that_cannot_be_used_is_reported(
    settings, tmp_path, monkeypatch, status, state, text
):
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "spacex:SECRET")
    with Replica(tmp_path) as server:
        server.script("deployments/name/spacex-etl/etl", Status(status))
        monkeypatch.setenv("PREFECT_API_URL", server.url if status else NOBODY_HOME)
        found, *_ = prefect_state.prefect(settings)
        sent = [each.headers.get("Authorization", "") for each in server.requests]
    assert found.state == state
    assert text in found.text
    assert found.remedy
    assert [each.partition(" ")[0] for each in sent] == {0: [], 404: ["Basic", ""]}.get(
        status, ["Basic"]
    )


def test_the_age_of_each_source_is_compared_with_the_promise(three_days, settings):
    there = stages.at(settings, data_dir=three_days.parent, sources="celestrak,spacexdata")
    (old,) = stored_data.ages(there)
    assert old.state == "note"
    assert old.text.startswith("Old data: celestrak: ")
    assert old.remedy == f"Run `{RUN_COMMAND}` when celestrak can be reached."
    (fresh,) = stored_data.ages(stages.at(there, max_age_h=99_999))
    assert fresh.state == "ok"


def test_a_run_that_has_not_ended_is_named(published):
    Run(published.runs_dir, "first").write_digests()
    (last,) = stored_data.last_run(published)
    assert last.text.startswith("The last published run is first, at ")
    stages.extract(stages.at(published, base_url=NOBODY_HOME), "auto", "second")
    _, unended = stored_data.last_run(published)
    assert unended.state == "note"
    assert "second is going on or was stopped" in unended.text


def test_the_dashboard_is_told_apart_from_its_data(settings, tmp_path, monkeypatch):
    monkeypatch.setenv(CONTAINER, "dashboard")
    with Replica(tmp_path) as server:
        monkeypatch.setitem(machine._SERVERS, "dashboard", ("The dashboard", server.url))
        (up,) = machine.own_server(settings)
    (down,) = machine.own_server(settings)
    assert (up.state, down.state) == ("ok", "fault")
    folder = stages.at(settings, data_dir=Path("/proc/none"))
    assert [each.state for each in machine.read_only(folder)] == ["ok"]
    assert [each.state for each in machine.read_only(settings)] == ["note"]
