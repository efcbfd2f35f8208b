"""The page How we know leads from a figure to its tables, run, notebooks and snapshots."""

import gzip
import hashlib
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from spacex.analysis import queries
from spacex.analysis.key_figures import _COUNTS, FIGURES, key_figures
from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.app.download import DOWNLOADS
from spacex.dashboard.pages.evidence import evidence_page
from spacex.dashboard.ui.assets import VERSION_VARIABLE
from spacex.dashboard.ui.view import View
from spacex.settings import Settings, settings
from tests import stages


@pytest.fixture
def known(sampled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The sample in a data folder of its own, whose run has the page of its load."""
    known = stages.at(sampled, data_dir=tmp_path / "data")
    shutil.copytree(sampled.data_dir, known.data_dir)
    run_id = str(queries.run(known.database)["run_id"])
    (known.runs_dir / run_id / "30_load.html").write_text("page")
    monkeypatch.setenv("SPACEX_DATA_DIR", str(known.data_dir))
    settings.cache_clear()
    return known


@pytest.fixture(autouse=True)
def _served(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv(VERSION_VARIABLE, "1")
    yield
    settings.cache_clear()


def view(known: Settings) -> View:
    return View(PublishedDatabase(known.database), evidence_page.PAGE.filters, {})


def links(nodes: object) -> list[str]:
    return re.findall(r"'href': '([^']*)'", str(nodes))


def test_each_figure_links_to_the_tables_that_it_is_counted_in(known):
    found = links(evidence_page.figures(view(known)))
    for figure in key_figures(known.database):
        assert figure.tables
        for name in figure.tables:
            assert f"dashboard/tables/{name}.csv" in found
            assert name in DOWNLOADS
    assert "made of cores, landpads, launch_cores, launches, rockets" in str(
        evidence_page.figures(view(known))
    )


def test_figures_name_tables_that_they_are_counted_in():
    for figure in FIGURES:
        for name in figure.tables:
            assert re.search(rf"\bFROM {name}\b", _COUNTS), name


def test_the_page_leads_to_the_run_and_its_executed_notebooks(known):
    run_id = str(queries.run(known.database)["run_id"])
    shown = evidence_page.trace(view(known))
    assert links(shown) == [f"reports/{run_id}/30_load.html"]
    assert run_id in str(shown)


def test_a_run_whose_folder_was_removed_has_no_links(known):
    shutil.rmtree(known.runs_dir)
    shown = evidence_page.trace(view(known))
    assert links(shown) == []
    assert "notebooks" not in str(shown)


def test_the_page_has_each_snapshot_of_the_run_with_its_digest(known):
    found = queries.raw_files(known.database, str(queries.run(known.database)["run_id"]))
    assert len(found) == 7
    for path, digest in zip(found["path"], found["sha256"], strict=True):
        content = gzip.decompress((known.data_dir / path).read_bytes())
        assert hashlib.sha256(content).hexdigest() == digest
    cells = str([each.cell(found.iloc[0]) for each in evidence_page.RAW_FILE_COLUMNS])
    assert found["path"][0] in cells
    assert found["sha256"][0] in cells
