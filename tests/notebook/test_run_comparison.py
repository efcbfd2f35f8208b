"""Two runs side by side: from their records, their manifests and the database."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from spacex import __version__
from spacex.analysis import queries
from spacex.errors import SettingsError
from spacex.extract.run_folder import MANIFEST, Run
from spacex.notebook.run_comparison import NOT_KNOWN, compare_runs, write_comparison
from spacex.notebook.run_index import PAGE, RECORD, Record, write_record
from spacex.settings import Settings
from tests import stages


@pytest.fixture
def runs(settings: Settings, three_days: Path) -> Settings:
    """Settings with the runs of three days, of which the first has a record, and a failed one."""
    settings.data_dir.mkdir()
    for name in ("starlink.db", "runs"):
        source = three_days.parent / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, settings.data_dir / name)
    first = Run(settings.runs_dir, "2026-11-01")
    figures = {"Satellites in orbit": "10"}
    parameters = {"source": "auto"}
    record = Record(run_id="", duration_s=3, parameters=parameters, figures=figures)
    record.is_simulated = False
    write_record(first, record)
    failed = Run(settings.runs_dir, "failed")
    failed.folder.mkdir()
    write_record(
        failed, Record(run_id="", duration_s=1, parameters=parameters, failure="<b>no</b>")
    )
    return settings


def values(settings: Settings, *runs: str) -> dict[tuple[str, str], tuple[str, str]]:
    return {(line.part, line.what): line.pair for line in compare_runs(settings, *runs).lines}


def test_runs_are_compared_by_inputs_rows_figures_and_findings(runs: Settings) -> None:
    found = values(runs, "2026-11-01", "2026-11-03")
    assert found["Run", "state"] == ("published", "published")
    assert found["Run", "duration, s"] == ("3", "not known")
    first, last = found["Inputs", "celestrak, starlink"]
    assert re.fullmatch(r"10 records of 1 November 2026 \([0-9a-f]{8}\)", first)
    assert last.startswith("13 records of 3 November 2026")
    counts = stages.rows(
        runs.database,
        """SELECT table_name, rows_loaded FROM _counts
           WHERE run_id = '2026-11-03' AND source = 'celestrak'""",
    )
    loaded = {what: pair for (part, what), pair in found.items() if part == "Records loaded"}
    assert {what: last for what, (_, last) in loaded.items()} == {
        f"{table}, celestrak": f"{count}" for table, count in counts
    }
    assert found["Key figures", "Satellites in orbit"] == ("10", "not known")
    assert found["Findings", "unlisted"][0] == "none"
    assert found["Findings", "info"] == ("2", "3")


def test_without_its_folder_a_run_is_known_by_the_database(runs: Settings) -> None:
    before = values(runs, "2026-11-02", "2026-11-03")
    shutil.rmtree(runs.runs_dir / "2026-11-02")
    assert values(runs, "2026-11-02", "2026-11-03") == before


def test_rows_lost_in_the_database_are_filled_in_from_the_folder(runs: Settings) -> None:
    findings = queries.finding_records(runs.database, "2026-11-02")
    for day in ("2026-11-02", "2026-11-03"):
        record = Record(run_id=day, duration_s=1, parameters={}, schema_version=4)
        record.release, record.findings, record.is_simulated = __version__, findings, False
        write_record(Run(runs.runs_dir, day), record)
    before = values(runs, "2026-11-02", "2026-11-03")
    with closing(sqlite3.connect(runs.database)) as database, database:
        for table in ("_runs", "_snapshots", "_counts", "_rejects", "_findings"):
            database.execute(f"DELETE FROM {table} WHERE run_id = '2026-11-02'")  # noqa: S608
    assert values(runs, "2026-11-02", "2026-11-03") == before
    assert NOT_KNOWN not in {each for pair in before.values() for each in pair}


def test_what_is_not_known_is_no_difference(runs: Settings) -> None:
    with closing(sqlite3.connect(runs.database)) as database, database:
        for table in ("_runs", "_counts", "_findings"):
            database.execute(f"DELETE FROM {table} WHERE run_id = '2026-11-01'")  # noqa: S608
    Run(runs.runs_dir, "2026-11-01").staging.unlink()
    found = compare_runs(runs, "2026-11-01", "2026-11-03")
    assert {line.part for line in found.differences} == {"Inputs"}
    unknown = [line for line in found.lines if not line.is_known]
    assert {"Records loaded", "Findings"} < {line.part for line in unknown}
    assert found.headline == (
        f"They differ in 1 value: inputs. 2 values are equal. {len(unknown)} values are known of "
        "one only."
    )


def test_a_manifest_with_an_impossible_date_does_not_tell_the_inputs(runs: Settings) -> None:
    before = values(runs, "2026-11-01", "2026-11-03")
    path = Run(runs.runs_dir, "2026-11-01").folder / MANIFEST
    path.write_text(
        re.sub('"retrieved_utc": "[^"]*"', '"retrieved_utc": "rubbish"', path.read_text())
    )
    assert "rubbish" in path.read_text()
    assert values(runs, "2026-11-01", "2026-11-03") == before


def test_without_its_rows_a_record_need_not_tell_whether_data_are_real(runs: Settings) -> None:
    with closing(sqlite3.connect(runs.database)) as database, database:
        database.execute("DELETE FROM _runs WHERE run_id = '2026-11-01'")
    path = Run(runs.runs_dir, "2026-11-01").folder / RECORD
    path.write_text('{"run_id": "2026-11-01", "duration_s": 3, "parameters": {}}')
    data = values(runs, "2026-11-01", "2026-11-03")["Run", "data"]
    assert data == (NOT_KNOWN, "real")
    record = Record(run_id="2026-11-01", duration_s=3, parameters={}, is_simulated=True)
    write_record(Run(runs.runs_dir, "2026-11-01"), record)
    assert values(runs, "2026-11-01", "2026-11-03")["Run", "data"] == ("simulated", "real")


def test_folders_of_other_things_are_no_runs(runs: Settings) -> None:
    for name in ("zz-notes", "2026-11-99", "zz notes"):
        (runs.runs_dir / name).mkdir()
        (runs.runs_dir / name / "notes.txt").touch()
    assert compare_runs(runs, "failed", "last").runs == ("failed", "failed")
    with pytest.raises(SettingsError, match="There is no run 'zz-notes'"):
        compare_runs(runs, "zz-notes", "failed")


def test_a_failed_run_has_published_nothing_instead_of_zeros(runs: Settings) -> None:
    found = values(runs, "failed", "2026-11-03")
    assert found["Run", "state"] == ("failed: <b>no</b>", "published")
    assert found["Run", "rows loaded"] == ("not published", "26")
    assert found["Findings", "error"] == ("not published", "0")


def test_a_run_is_not_compared_with_itself(runs: Settings) -> None:
    for names in (("2026-11-03", "2026-11-03"), ("failed", "last")):
        found = compare_runs(runs, *names)
        assert found.differences == []
        assert found.headline == f"Both are one run, {names[0]}: there is nothing to compare."


def test_the_headline_names_the_parts_that_differ(runs: Settings) -> None:
    found = compare_runs(runs, "2026-11-01", "2026-11-03")
    known = [line for line in found.lines if line.is_known]
    differ, equal = len(found.differences), len(known) - len(found.differences)
    assert found.headline.startswith(f"They differ in {differ} values: ")
    assert f" {equal} values are equal. " in found.headline


@pytest.mark.attack("put a script into the comparison of two runs", "shown as text")
def test_the_page_is_listed_and_escapes_what_runs_say(runs: Settings) -> None:
    page = write_comparison(runs, compare_runs(runs, "failed", "2026-11-03"))
    text = page.read_text()
    assert "<b>failed: &lt;b&gt;no&lt;/b&gt;</b>" in text
    assert "<b>no" not in text
    assert page.parent.name == "compare_failed_2026-11-03"
    assert f"../reports/{page.parent.name}/compare.html" in (runs.runs_dir / PAGE).read_text()


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("2026-11", r"3 runs begin with '2026-11'. Give more."),
        ("2026-1103", r"There is no run '2026-1103'; did you mean 2026-11-03\?"),
        ("", "There is no run ''"),
        ("../failed", "There is no run"),
    ],
)
def test_a_run_that_is_not_there_is_named_with_the_nearest(
    runs: Settings, wanted: str, message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        compare_runs(runs, wanted, "last")


def test_a_run_is_found_by_its_beginning_or_as_the_last_one(runs: Settings) -> None:
    assert compare_runs(runs, "2026-11-02", "f").runs == ("2026-11-02", "failed")
    assert compare_runs(runs, "last", "last").runs == ("failed", "failed")


def test_without_runs_there_is_nothing_to_compare(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="There is no run yet"):
        compare_runs(settings, "one", "two")
