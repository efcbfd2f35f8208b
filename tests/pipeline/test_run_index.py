"""The page of all runs: what each published, or why it stopped."""

import re
from pathlib import Path

import pytest

from spacex.extract.run_folder import Run
from spacex.pipeline.run_index import PAGE, RECORD, Record, write_index, write_record


def record(run: Run, **changes: str) -> Record:
    parameters = {"source": "auto", "base_url": "", "only": ["launches"], "as_of": ""}
    return Record(run_id=run.run_id, duration_s=12.4, parameters=parameters, **changes)


@pytest.fixture
def rows(tmp_path: Path) -> dict[str, str]:
    """Run → its row of the page; of a published, a failed, an unreadable and an active run."""
    published, failed, unreadable, active = (Run(tmp_path, f"run-{n}") for n in range(4))
    for run in (published, failed, unreadable, active):
        run.folder.mkdir()
    write_record(published, record(published, published="51 satellites are new."))
    write_record(failed, record(failed, failure="<script>alert(1)</script> stopped"))
    (unreadable.folder / RECORD).write_text("{}")
    for name in ("10_extract.html", "40_report.html", "notes.html"):
        (published.folder / name).touch()
    write_index(tmp_path)
    page = (tmp_path / PAGE).read_text()
    return dict(re.findall(r"<tr><td>(run-\d)</td>(.*?)</tr>", page))


def test_the_newest_run_is_first(rows):
    assert list(rows) == ["run-3", "run-2", "run-1", "run-0"]


def test_a_published_run_says_what_it_published_and_links_to_its_pages(rows):
    assert "published</span>" in rows["run-0"]
    assert "51 satellites are new. (12 s)" in rows["run-0"]
    assert "source=auto, only=[&#x27;launches&#x27;]" in rows["run-0"]
    assert re.findall("href='([^']+)'>([^<]+)", rows["run-0"]) == [
        ("run-0/40_report.html", "report"),
        ("run-0/10_extract.html", "extract"),
    ]


@pytest.mark.attack("put a script into the page of all runs", "shown as text")
def test_a_failed_run_says_why(rows):
    assert "failed</span>" in rows["run-1"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; stopped" in rows["run-1"]
    assert "<script" not in "".join(rows.values())


def test_other_runs_have_not_ended(rows):
    assert "not ended" in rows["run-2"]
    assert "not ended" in rows["run-3"]


def test_without_runs_the_page_is_empty(tmp_path):
    write_index(tmp_path / "runs")
    assert "<tbody></tbody>" in (tmp_path / "runs" / PAGE).read_text()
