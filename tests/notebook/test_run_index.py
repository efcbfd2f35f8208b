"""The page of all runs: what each published, or why it stopped."""

import re
import subprocess
import sys
from contextlib import suppress

import msgspec
import pytest
from msgspec.structs import replace

from spacex.extract.run_folder import Run
from spacex.extract.run_start import Started, noting_start
from spacex.notebook.reports.report_records import FAILED, ReportRecord, write_report_record
from spacex.notebook.run_index import (
    PAGE,
    RECORD,
    Record,
    SourceAge,
    figures_before,
    last_ended_run,
    read_record,
    record_stopped,
    seen_before,
    write_index,
    write_record,
)
from spacex.settings import Settings
from tests.extract.test_run_folder import EXTRACTED, MANIFEST, SNAPSHOT


def record(run: Run, **changes: str) -> Record:
    parameters = {"source": "auto", "base_url": "", "only": ["launches"], "as_of": ""}
    return Record(run_id=run.run_id, duration_s=12.4, parameters=parameters, **changes)


@pytest.fixture
def rows(settings: Settings) -> dict[str, str]:
    """Run → its row of the page; of a published, a failed, an unreadable and an active run."""
    published, failed, unreadable, active = (Run(settings.runs_dir, f"run-{n}") for n in range(4))
    Run(settings.runs_dir, "2026-11-28T12-54-05-378129Z").folder.mkdir(parents=True)
    for run in (published, failed, unreadable, active):
        run.folder.mkdir()
    write_record(published, record(published, published="51 satellites are new."))
    write_record(failed, record(failed, failure="<script>alert(1)</script> stopped"))
    (unreadable.folder / RECORD).write_text("{}")
    for name in ("10_extract.html", "40_report.html", "notes.html"):
        (published.folder / name).touch()
    write_index(settings)
    page = (settings.runs_dir / PAGE).read_text()
    return dict(re.findall(r"<tr><td>(?:<span[^>]*>)?([^<]+)(.*?)</tr>", page))


def test_the_newest_run_is_first(rows):
    assert list(rows) == ["run-3", "run-2", "run-1", "run-0", "2026-11-28 12:54:05 UTC"]


def test_a_published_run_says_what_it_published_and_links_to_its_pages(rows):
    assert "published</span>" in rows["run-0"]
    assert "<td>51 satellites are new.</td>" in rows["run-0"]
    assert "<span class='state'>12 s</span>" in rows["run-0"]
    assert "source=auto, only=[&#x27;launches&#x27;]" in rows["run-0"]
    assert re.findall("href='([^']+)'>([^<]+)", rows["run-0"]) == [
        ("run-0/40_report.html", "report"),
        ("run-0/10_extract.html", "extract"),
    ]


def cells_of(settings: Settings, **known: object) -> dict[str, str]:
    """Return head → text of the only run on the page, whose record has these values."""
    run = Run(settings.runs_dir, "run")
    run.folder.mkdir(parents=True, exist_ok=True)
    write_record(run, replace(record(run, published="All."), **known))
    write_index(settings)
    page = (settings.runs_dir / PAGE).read_text()
    heads = re.findall("<th scope='col'>([^<]+)", page)
    cells = re.findall("<td[^>]*>(.*?)</td>", page[page.index("<tbody>") :])
    texts = (re.sub("<[^>]+>", "", cell.replace("</li><li>", " | ")) for cell in cells)
    return dict(zip(heads, texts, strict=True))


def test_a_published_run_has_sources_with_their_age_rows_changes_and_duration(settings):
    cells = cells_of(
        settings,
        duration_s=65.4,
        sources=[
            SourceAge("CelesTrak", "2026-05-24T06:00:00Z", 2.9),
            SourceAge("<b>GCAT", "2026-05-26T06:00:00Z", 0.2),
        ],
        row_count=12345,
        reject_count=2,
        changes={"unlisted": 12, "new satellite": 1051},
    )
    assert cells["Data"] == (
        "CelesTrak: 24 May 2026, 2 days old | &lt;b&gt;GCAT: 26 May 2026, less than a day old"
    )
    assert cells["Rows"] == "12,345 | 2 rejected"
    assert cells["Changes"] == "new satellite: 1,051 | unlisted: 12"
    assert cells["Duration"] == "1 min 5 s"


def test_what_is_not_known_of_a_run_is_left_empty_and_no_change_is_called_so(settings):
    cells = cells_of(settings)
    assert [cells[head] for head in ("Data", "Rows", "Changes")] == ["", "", ""]
    cells = cells_of(settings, row_count=7, reject_count=0, changes={})
    assert [cells[head] for head in ("Rows", "Changes")] == ["7", "none"]


@pytest.mark.attack("put a script into the page of all runs", "shown as text")
def test_a_failed_run_says_why(rows):
    assert "failed</span>" in rows["run-1"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; stopped" in rows["run-1"]
    assert "<script" not in "".join(rows.values())


def test_of_other_runs_nothing_is_recorded(rows):
    assert "not recorded" in rows["run-2"]
    assert "not recorded" in rows["run-3"]


@pytest.mark.parametrize(
    "changes",
    [
        {"sources": [{"title": "x", "data_utc": "rubbish", "age_days": 1}]},
        {"sources": [{"title": "x", "data_utc": "2026-05-24", "age_days": "<>"}]},
        {"sources": [{"title": "x", "data_utc": "0001-01-01T00:00:00+14:00", "age_days": 1}]},
        {"duration_s": "<>"},
    ],
)
def test_a_record_with_an_impossible_value_is_not_recorded(settings, changes):
    run = Run(settings.runs_dir, "run")
    run.folder.mkdir(parents=True)
    content = msgspec.json.encode(msgspec.to_builtins(record(run)) | changes)
    (run.folder / RECORD).write_bytes(content.replace(b'"<>"', b"1e999"))
    write_index(settings)
    assert "not recorded" in (settings.runs_dir / PAGE).read_text()
    assert read_record(run.folder) is None


@pytest.mark.parametrize("page", ["/etc/hostname", "../a.html", "", "a\0.html", "x" * 300])
def test_a_report_whose_record_names_no_page_of_it_is_not_listed(settings, page):
    folder = settings.reports_dir / "week"
    write_report_record(folder, made())
    record = msgspec.json.decode((folder / "report.json").read_bytes())
    (folder / "report.json").write_bytes(msgspec.json.encode(record | {"page": page}))
    write_index(settings)
    assert "Reports made to order" not in (settings.runs_dir / PAGE).read_text()


STARTED = Started(flow_run_id="id", parameters={"source": "auto"})


def test_a_run_whose_process_was_killed_has_crashed(settings):
    folder = settings.runs_dir / "2026-11-28T12-54-05-378129Z"
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, folder], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "started\n"
    assert read_record(folder) is None  # it is executed
    process.kill()
    process.communicate()
    assert last_ended_run(settings.runs_dir)["last_ended_run"] == {
        "run_id": folder.name,
        "state": "crashed",
        "failure": "Its process died.",
        "duration_s": pytest.approx(0, abs=1),
    }
    write_index(settings)
    page = (settings.runs_dir / PAGE).read_text()
    assert "<span class='state crashed'>crashed</span>" in page
    assert "source=auto" in page
    assert "secret" not in (folder / "started.json").read_text() + page


HOLD = """
import pathlib, sys, time
from spacex.extract.run_start import Started, noting_start
started = Started(flow_run_id="", parameters={"source": "auto", "base_url": "http://a:secret@b"})
with noting_start(pathlib.Path(sys.argv[1]), started):
    print("started", flush=True)
    time.sleep(60)
"""


def test_a_cancelled_run_says_so(settings):
    folders = [settings.runs_dir / name for name in ("one", "two")]
    for number, folder in enumerate(folders):
        started = msgspec.structs.replace(STARTED, flow_run_id=f"{number}")
        with suppress(KeyboardInterrupt), noting_start(folder, started):
            raise KeyboardInterrupt
    record_stopped(settings, "1", "cancelled", "")
    assert [read_record(each).state for each in folders] == ["crashed", "cancelled"]
    assert read_record(folders[1]).failure == "It was cancelled."
    assert not (folders[1] / "started.json").exists()
    assert "cancelled</span>" in (settings.runs_dir / PAGE).read_text()


def test_the_start_of_a_run_is_noted_in_a_folder_that_exists(settings):
    folder = settings.runs_dir / "run"
    folder.mkdir(parents=True)
    with noting_start(folder, STARTED):
        assert [each.name for each in folder.iterdir()] == ["started.json"]


def test_nothing_is_left_of_the_start_of_a_run_that_ended(settings):
    run = Run(settings.runs_dir, "run")
    with suppress(KeyboardInterrupt), noting_start(run.folder, STARTED):
        write_record(run, record(run, failure="stopped"))
        raise KeyboardInterrupt
    assert [each.name for each in run.folder.iterdir()] == [RECORD]


@pytest.mark.attack("have a run overwrite a file, by a link in its folder", "not followed")
def test_the_start_of_a_run_follows_no_link(settings, tmp_path):
    folder, secret = settings.runs_dir / "run", tmp_path / "secret"
    folder.mkdir(parents=True)
    secret.write_text("secret")
    for name in ("started.new", "started.json"):
        (folder / name).symlink_to(secret)
    with noting_start(folder, STARTED):
        pass
    assert secret.read_text() == "secret"


@pytest.mark.attack("read a password on the page of all runs", "masked")
def test_a_password_among_the_parameters_is_masked(settings):
    run = Run(settings.runs_dir, "run")
    run.folder.mkdir(parents=True)
    write_record(
        run, Record(run_id="run", duration_s=1, parameters={"base_url": "http://a:secret@b"})
    )
    write_index(settings)
    page = (settings.runs_dir / PAGE).read_text()
    assert "secret" not in (run.folder / RECORD).read_text() + page
    assert "base_url=http://" in page


def test_figures_are_those_of_the_newest_earlier_run_of_the_same_kind(tmp_path):
    for run_id, figures, is_simulated in (
        ("1", {"Launches": "1"}, False),
        ("2", {"Launches": "2"}, False),
        ("3", {"Launches": "3"}, True),
        ("4", {}, False),
        ("5", {"Launches": "5"}, False),
    ):
        run = Run(tmp_path, run_id)
        run.folder.mkdir()
        ended = record(run, published="all")
        ended.figures, ended.is_simulated = figures, is_simulated
        write_record(run, ended)
    assert figures_before(tmp_path, "5", is_simulated=False) == {"Launches": "2"}
    assert figures_before(tmp_path, "5", is_simulated=True) == {"Launches": "3"}
    assert figures_before(tmp_path, "1", is_simulated=False) == {}


def test_what_was_seen_is_that_of_the_newest_earlier_report_with_each_endpoint(settings):
    def report(run_id, *instants, figures=True):
        run = Run(settings.runs_dir, run_id)
        snapshots = (
            replace(SNAPSHOT, source="celestrak", endpoint=endpoint, retrieved_utc=utc)
            for endpoint, utc in instants
        )
        extracted = tuple(replace(EXTRACTED, snapshot=each) for each in snapshots)
        run.write_manifest(replace(MANIFEST, run_id=run_id, extracted=extracted))
        ended = record(run)
        ended.figures = {"Launches": "1"} if figures else {}
        write_record(run, ended)

    report("1", ("launches", "2026-05-20T00:00:00Z"), ("starlink", "2026-05-27T00:00:00Z"))
    report("2", ("starlink", "2026-05-29T00:00:00Z"), ("starlink", "2026-05-28T00:00:00Z"))
    report("3", ("starlink", "2026-05-30T00:00:00Z"), figures=False)
    seen = seen_before(settings.runs_dir, "4", is_simulated=False)
    assert seen == {
        ("celestrak", "launches"): "2026-05-20T00:00:00Z",
        ("celestrak", "starlink"): "2026-05-29T00:00:00Z",
    }
    assert seen_before(settings.runs_dir, "1", is_simulated=False) == {}
    assert seen_before(settings.runs_dir, "4", is_simulated=True) == {}


def test_without_runs_the_page_is_empty(settings):
    write_index(settings)
    page = (settings.runs_dir / PAGE).read_text()
    assert "<tbody></tbody>" in page
    assert "made to order" not in page


def made(**changes: str) -> ReportRecord:
    return ReportRecord(
        **{
            "report": "launch",
            "title": "A launch",
            "parameters": {"launch": "2022-010"},
            "page": "launch.html",
            "made_utc": "2026-11-28T12:54:05Z",
            "duration_s": 2.0,
            "run_id": "one",
            "is_simulated": False,
            "version": "1",
            "basis": "0",
            **changes,
        }
    )


@pytest.mark.attack("put a script into the list of reports made to order", "shown as text")
def test_reports_made_to_order_are_listed_with_their_failures(settings):
    folder = settings.reports_dir / "launch_2022-010"
    write_report_record(folder, made(headline="It flew <script>."))
    write_report_record(
        folder / FAILED, made(failure="A cell stopped.", made_utc="2026-11-28T12:55:00Z")
    )
    (folder / "launch.html").touch()
    (settings.reports_dir / "other").mkdir()
    write_index(settings)
    page = (settings.runs_dir / PAGE).read_text()
    failed, row = re.findall("<tr><td>.*?</tr>", page)
    assert "A cell stopped." in failed
    assert "href" not in failed
    assert "<a href='../reports/launch_2022-010/launch.html'>launch 2022-010</a>" in row
    assert "It flew &lt;script&gt;." in row
    assert (settings.runs_dir / "../reports/launch_2022-010/launch.html").is_file()
