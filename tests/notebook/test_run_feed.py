"""The feed of runs."""

import pytest

from spacex.analysis.feeds import RUNS
from spacex.extract.run_folder import Run
from spacex.notebook.run_feed import write_run_feed
from spacex.notebook.run_index import Record, SourceAge, write_record
from spacex.settings import Settings
from tests.analysis.feeds.reading import Entry, entries, items

FIRST, SECOND = "2026-11-28T05-17-00-123456Z", "2026-11-29T05-17-00-123456Z"


def ended(settings: Settings, run_id: str, **values: object) -> None:
    """Record the end of a run after 90 s."""
    run = Run(settings.runs_dir, run_id)
    run.folder.mkdir(parents=True)
    given = {"duration_s": 90.0, "parameters": {}}
    write_record(run, Record(run_id=run_id, **given | values))


def feed(settings: Settings) -> dict[str, Entry]:
    """Return the entries of the feed."""
    return entries((settings.feeds_dir / RUNS).read_bytes())


def test_a_published_run_tells_what_it_published(settings: Settings) -> None:
    ended(
        settings,
        FIRST,
        published="10,800 satellites are in orbit.",
        row_count=1_234,
        reject_count=5,
        changes={"unlisted": 2, "new satellite": 22},
        sources=[SourceAge("CelesTrak", "2026-11-28T04:00:00Z", 0.1)],
        findings=[("info", "gaps", "A gap of 3 days")],
    )
    (settings.runs_dir / FIRST / "40_report.html").write_text("report")
    assert write_run_feed(settings)
    ((key, entry),) = feed(settings).items()
    assert key == f"runs/{FIRST}"
    assert entry.title == "Run of 2026-11-28 05:17 UTC: published"
    assert entry.updated == "2026-11-28T05:18:30Z"
    assert entry.link == f"http://127.0.0.1:8866/reports/{FIRST}/40_report.html"
    assert "10,800 satellites are in orbit." in entry.content[0].value
    assert items(entry) == [
        "CelesTrak: data of 28 November 2026",
        "1,234 rows loaded, 5 rejected",
        "new satellite: 22",
        "unlisted: 2",
        "info: A gap of 3 days",
    ]


@pytest.mark.attack("read the folders of a machine in the feed of its runs", "not in it")
def test_a_failed_run_is_told_without_its_reason(settings: Settings) -> None:
    ended(settings, FIRST, failure="The disk is full: /home/me/data cannot be written.")
    ended(settings, SECOND, failure="It was cancelled.", stopped="cancelled")
    write_run_feed(settings)
    content = (settings.feeds_dir / RUNS).read_text()
    assert "/home" not in content
    titles = [each.title for each in feed(settings).values()]
    assert titles == [
        "Run of 2026-11-29 05:17 UTC: cancelled",
        "Run of 2026-11-28 05:17 UTC: failed",
    ]
    failed = feed(settings)[f"runs/{FIRST}"]
    assert "The run failed. The list of runs says why." in failed.content[0].value
    assert failed.link == "http://127.0.0.1:8866/reports/index.html"


def test_the_feed_is_written_if_a_run_has_ended_since(settings: Settings) -> None:
    assert write_run_feed(settings)
    assert feed(settings) == {}
    assert not write_run_feed(settings)
    ended(settings, FIRST, is_simulated=True)
    Run(settings.runs_dir, SECOND).folder.mkdir()  # it has not ended
    assert write_run_feed(settings)
    assert [each.title for each in feed(settings).values()] == [
        "Run of the simulated sample of 2026-11-28 05:17 UTC: published"
    ]
    assert not write_run_feed(settings)
