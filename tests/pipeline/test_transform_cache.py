"""Tables of an earlier run are reused, and no link is followed to or from other files."""

from pathlib import Path

import pytest

import spacex
from spacex.extract.run_folder import Run
from spacex.pipeline.transform_cache import PACKAGE, take_over
from spacex.settings import Settings
from tests.stages import extract, staged

NOTEBOOK = Path("20_transform.ipynb")


@pytest.fixture
def maker(published: Settings) -> Run:
    """Return a run that has been transformed, with the pages of that."""
    run, _ = staged(published, extract(published, "snapshot", "two", ["rockets"]))
    for ending in ("ipynb", "html"):
        (run.folder / f"20_transform.{ending}").write_text(ending)
    return run


@pytest.fixture
def run(published: Settings) -> Run:
    """Return a run of the same snapshots."""
    extract(published, "snapshot", "three", ["rockets"])
    return Run(published.runs_dir, "three")


def test_all_of_the_package_decides_whether_tables_are_reused() -> None:
    assert Path(spacex.__file__) == PACKAGE / "__init__.py"


def test_tables_and_pages_are_copied(maker: Run, run: Run) -> None:
    assert take_over(run, maker, NOTEBOOK)
    assert run.staging.exists()
    assert (run.folder / "20_transform.html").read_text() == "html"


@pytest.mark.attack(
    "read a file of etl-flow, such as Prefect's password, by a link in the folder of a run",
    "not followed",
)
@pytest.mark.parametrize("name", ["staging.db", "20_transform.txt"])
def test_a_link_in_the_earlier_run_is_not_followed(
    maker: Run, run: Run, tmp_path: Path, name: str
) -> None:
    (tmp_path / "secret").write_text("password")
    (maker.folder / name).unlink(missing_ok=True)
    (maker.folder / name).symlink_to(tmp_path / "secret")
    assert not take_over(run, maker, NOTEBOOK)
    assert not [path for path in run.folder.iterdir() if b"password" in path.read_bytes()]


@pytest.mark.attack(
    "have etl-flow overwrite a file, by a link in the folder of a run", "not followed"
)
@pytest.mark.parametrize("name", ["staging.unfinished", "20_transform.html"])
def test_a_link_in_the_folder_of_the_run_is_not_followed(
    maker: Run, run: Run, tmp_path: Path, name: str
) -> None:
    (tmp_path / "kept").write_text("as it was")
    (run.folder / name).symlink_to(tmp_path / "kept")
    assert not take_over(run, maker, NOTEBOOK)
    assert (tmp_path / "kept").read_text() == "as it was"
