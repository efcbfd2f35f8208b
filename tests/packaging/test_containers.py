"""The containers' limits, the image's labels, and the bill of materials."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from spacex import __version__
from spacex.settings import PROJECT
from tests.packaging.locks import LOCK, locked
from tests.packaging.test_makefile import make

SERVICES = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
OURS = {name: each for name, each in SERVICES.items() if each["image"] == "spacex-insights"}


@pytest.mark.attack(
    "exhaust the machine from a container, or gain rights in it",
    "limits on memory, processes and CPUs; no new privileges",
)
@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_every_container_has_limits(service: dict[str, object]) -> None:
    assert {"mem_limit", "pids_limit", "cpus"} <= service.keys()
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] == "CMD"
    assert "no-new-privileges:true" in service["security_opt"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert "privileged" not in service


@pytest.mark.attack("change programs inside a container", "read-only, no capabilities")
@pytest.mark.parametrize("service", OURS.values(), ids=OURS)
def test_our_containers_cannot_write_but_to_volumes_and_a_small_tmp(
    service: dict[str, object],
) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert re.fullmatch(r"/tmp:size=\d+m", *service["tmpfs"])  # noqa: S108


def test_the_image_is_built_once() -> None:
    assert [name for name, each in SERVICES.items() if "build" in each] == ["prefect-server"]


@pytest.mark.attack(
    "reach Prefect or PostgreSQL from the dashboard or JupyterLab", "networks of their own"
)
def test_only_prefect_and_its_clients_reach_prefect() -> None:
    networks = {name: set(each["networks"]) for name, each in SERVICES.items()}
    reach = {name for name, joined in networks.items() if "prefect" in joined}
    assert reach == {"prefect-server", "etl-flow", "worker"}
    assert {name for name, joined in networks.items() if "database" in joined} == {
        "prefect-server",
        "postgres",
    }
    assert networks["dashboard"] & networks["jupyterlab"] == set()
    assert SERVICES["dashboard"]["volumes"] == ["spacex-data:/app/data:ro"]


@pytest.mark.attack(
    "write the data from the HTTP API, or reach other containers", "read-only; alone"
)
def test_the_http_api_reads_the_data_and_reaches_no_other_container() -> None:
    assert SERVICES["api"]["volumes"] == ["spacex-data:/app/data:ro"]
    joined = [name for name, each in SERVICES.items() if "api" in each["networks"]]
    assert joined == SERVICES["api"]["networks"] == ["api"]
    assert SERVICES["api"]["profiles"] == ["api"]
    assert SERVICES["api"]["user"].endswith(":0")


@pytest.mark.attack(
    "run code in etl-flow from JupyterLab, by a result of Prefect that names its deserializer",
    "stored out of its reach",
)
def test_only_processes_that_execute_runs_can_change_stored_results() -> None:
    homes = {
        name: each["environment"].get("PREFECT_HOME") + "<-" + volume.split(":")[0]
        for name, each in SERVICES.items()
        for volume in each.get("volumes", [])
        if volume.split(":")[1:] == [each["environment"].get("PREFECT_HOME")]
    }
    assert homes == {
        "prefect-server": "/prefect<-prefect",
        "etl-flow": "/prefect<-results",
        "worker": "/prefect<-results",
    }


def test_every_service_of_ours_is_told_the_format_of_its_log() -> None:
    assert {each["environment"].get("SPACEX_LOG") for each in OURS.values()} == {"${SPACEX_LOG:-}"}


def test_the_labels_name_version_and_revision() -> None:
    dockerfile = (PROJECT / "Dockerfile").read_text()
    assert f'org.opencontainers.image.version="{__version__}"' in dockerfile
    assert 'org.opencontainers.image.revision="${REVISION}"' in dockerfile


def test_the_bill_of_materials_has_every_locked_package_with_its_hashes(tmp_path: Path) -> None:
    _, printed = make("-n", "sbom")
    (command,) = re.findall(r"\S*cyclonedx-py .*", printed)
    written = tmp_path / "sbom.json"
    command = command.replace("dist/sbom.json", str(written))
    subprocess.run(f"PYTHONWARNINGS=ignore {command}", shell=True, cwd=PROJECT, check=True)  # noqa: S602
    found = json.loads(written.read_text())
    assert found["bomFormat"] == "CycloneDX"
    assert {each["purl"]: hashes(each) for each in found["components"]} == {
        f"pkg:pypi/{each.name}@{str(each.specifier)[2:]}": {value[7:] for value in pinned}
        for each, pinned in locked(LOCK)
    }


def hashes(component: dict[str, list[dict[str, list[dict[str, str]]]]]) -> set[str]:
    return {each["content"] for link in component["externalReferences"] for each in link["hashes"]}
