"""Every report of a database that has launches alone, or satellites alone."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from spacex.settings import PROJECT, Settings
from spacex.sources.gcat_launches import LAUNCH_HEADER
from tests import example_records
from tests.clock import Clock
from tests.conftest import opened, settings_in
from tests.replica import Replica
from tests.service_replicas import LaunchLibrary
from tests.sources.test_gcat import tsv
from tests.sources.test_gcat_launches import LAUNCH
from tests.sources.test_satcat import satcat_csv
from tests.stages import at, publish
from tests.warehouse.catalogues import satcat_row

REPORTS = sorted((PROJECT / "notebooks" / "reports").glob("*.ipynb"))


def gcat_launches(settings: Settings) -> Settings:
    with Replica(Path("/none")) as files:
        body = tsv(dict.fromkeys(LAUNCH_HEADER, "-") | LAUNCH, header=LAUNCH_HEADER)
        files.serve("gcat/tsv/launch/launch.tsv", body)
        config = at(settings, sources="gcat", gcat_url=f"{files.url}/gcat")
        publish(config, "auto", only=["launches"])
    return config


def launch_library(settings: Settings) -> Settings:
    with LaunchLibrary() as service:
        service.launches = [example_records.launch("Starlink 1"), example_records.upcoming("Later")]
        config = at(settings, sources="launchlibrary", launchlibrary_url=service.url)
        publish(config, "auto")
    return config


def satcat(settings: Settings) -> Settings:
    with Replica(Path("/none")) as files:
        files.serve("satcat.csv", satcat_csv(satcat_row(1)))
        config = at(settings, sources="satcat", satcat_url=f"{files.url}/satcat.csv")
        publish(config, "auto")
    return config


@pytest.fixture(scope="module", params=[gcat_launches, launch_library, satcat])
def one_source(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    load: Callable[[Settings], Settings] = request.param
    with Clock("2026-11-28"):
        return load(settings_in(tmp_path_factory.mktemp("data")))


@pytest.fixture
def _is_configured(one_source: Settings) -> Iterator[None]:
    with opened(one_source):
        yield


@pytest.mark.usefixtures("_is_configured")
@pytest.mark.parametrize("notebook", REPORTS, ids=lambda path: path.stem)
def test_a_report_is_made(notebook: Path) -> None:
    cells = nbformat.read(notebook, as_version=4).cells
    names: dict[str, Any] = {"display": lambda *_: None}
    for cell in cells:
        if cell.cell_type == "code":
            exec(cell.source, names)  # noqa: S102 - as Jupyter does
    assert names["found"].headline
