"""The command line: its output, errors and exit codes."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from spacex import __version__
from spacex.analysis import queries
from spacex.cli import run_command
from spacex.cli.app import Source
from spacex.cli.status_command import status
from spacex.errors import PrefectError
from spacex.extract.run_folder import MODES
from spacex.pipeline.flow_parts import Outcome
from spacex.settings import PROJECT
from tests import stages
from tests.cli.forked_program import ForkedProgram
from tests.clock import Clock
from tests.conftest import NOBODY_HOME
from tests.example_records import omm, omm_json
from tests.replica import Replica
from tests.sources.test_satcat import satcat_csv
from tests.warehouse.catalogues import gp, satcat_row

SPACEX = Path(sys.executable).with_name("spacex")
BEHIND_A_DEAD_PROXY = {"HTTP_PROXY": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1"}


@pytest.fixture(scope="module")
def forked() -> Iterator[ForkedProgram]:
    program = ForkedProgram()
    yield program
    program.end()


@pytest.fixture
def spacex(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, forked: ForkedProgram
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs the program in a new folder, by default without a service."""
    output = tmp_path_factory.mktemp("output")

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if "PREFECT" not in name}
        settings = {
            "SPACEX_DATA_DIR": str(tmp_path / "data"),
            "SPACEX_BASE_URL": NOBODY_HOME,
            "SPACEX_ATTEMPTS": "1",
            "SPACEX_RETRY_DELAY_S": "0",
            "COLUMNS": "100",
        }
        if not any(name.startswith("PYTHON") for name in environment):  # of a new interpreter
            variables = clean | settings | environment
            return forked.run([*arguments], variables, folder=tmp_path, output=output)
        return subprocess.run(
            [SPACEX, *arguments],
            env=clean | settings | environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def outcome(done: subprocess.CompletedProcess[str]) -> tuple[int, str]:
    """Return exit code and stderr; check that there is no traceback."""
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stderr


def unwrapped(text: str) -> str:
    """Return the text without line breaks and frames."""
    return " ".join(text.replace("│", " ").split())


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("spacex re", {"report", "restore"}),
        ("spacex report sa", {"satellite"}),
        ("spacex export out v_launch_", {"v_launch_agreement", "v_launch_altitudes"}),
    ],
)
def test_the_shell_completes_commands_reports_and_tables(spacex, words, completed):
    place = str(len(words.split()) - 1)
    done = spacex(_SPACEX_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=place)
    assert outcome(done) == (0, "")
    assert completed <= {*done.stdout.split()}
    assert all(word.startswith(words.split()[-1]) for word in done.stdout.split())


def test_help_lists_the_commands_and_imports_no_large_package(spacex):
    done = spacex("--help", PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert done.returncode == 0
    for command in ("run", "status", "doctor", "verify", "dashboard", "sample", "dictionary"):
        assert re.search(rf"^│ {command} ", done.stdout, re.MULTILINE)
    assert "typer" in imported
    assert imported.isdisjoint({"prefect", "pandas", "altair", "papermill", "numpy", "requests"})


def test_version(spacex):
    assert spacex("--version").stdout == f"SpaceX Insights {__version__}\n"


def test_sources_match_the_modes_of_a_run():
    assert tuple(Source) == MODES


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--only", "launches,rokets"), "✗ Unknown endpoint rokets.\n→ Choose from: rockets"),
        (("--base-url", "ftp://x"), "✗ 'ftp://x' is not the address of a service.\n→ Start it"),
    ],
)
def test_invalid_parameters_stop_a_run_before_it_starts(spacex, tmp_path, arguments, message):
    code, error = outcome(spacex("run", *arguments))
    assert code == 1
    assert error.startswith(message)
    assert not (tmp_path / "data").exists()


def test_an_unknown_source_is_rejected_with_the_known_ones(spacex):
    code, error = outcome(spacex("run", "--source", "web"))
    assert code == 2
    assert "'web' is not one of 'auto', 'api', 'snapshot', 'sample'" in unwrapped(error)


def test_an_invalid_setting_is_not_taken_for_old_data(spacex):
    code, error = outcome(spacex("status", "--max-age=36h", SPACEX_ATTEMPTS="many"))
    assert code == 2
    assert error.startswith("✗ Invalid settings: SPACEX_ATTEMPTS='many': ")


@pytest.mark.parametrize("command", ["run", "dashboard", "serve"])
def test_an_invalid_setting_stops_every_command(spacex, command):
    code, error = outcome(spacex(command, SPACEX_ATTEMPTS="inf"))
    assert code == 1
    assert error.startswith("✗ Invalid settings: SPACEX_ATTEMPTS='inf': expected a whole number")


@pytest.mark.parametrize("module", ["flows.serve", "flows.etl"])
def test_an_invalid_setting_stops_a_flow_without_a_traceback(module):
    environment = os.environ | {"SPACEX_ATTEMPTS": "inf"}
    command = [sys.executable, "-m", module]
    done = subprocess.run(
        command, env=environment, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert outcome(done)[0] == 1
    assert done.stderr.startswith("Invalid settings: SPACEX_ATTEMPTS='inf': expected a whole")


def test_doctor_reports_all_settings_and_goes_on(spacex, tmp_path):
    os.mkfifo(tmp_path / ".env")
    done = spacex(
        "doctor",
        SPACEX_ATTEMPTS="inf",
        SPACEX_KEEP_RUNS="0",
        SPACEX_ATEMPTS="3",
        HTTP_PROXY="http://user:SECRET@127.0.0.1:1",
    )
    assert outcome(done)[0] == 1
    for finding in (
        "✗ SPACEX_ATTEMPTS='inf': ",
        "✗ SPACEX_KEEP_RUNS='0': ",
        f"✗ {tmp_path}/.env is a pipe or device; make it a text file.",
        "• SPACEX_ATEMPTS is not a setting; did you mean SPACEX_ATTEMPTS?",
        "✓ Requests to http addresses use the proxy http://***@127.0.0.1:1; this machine is exempt",
        " GB free in ",
    ):
        assert finding in done.stdout
    assert "SECRET" not in done.stdout


def test_a_run_does_not_wait_for_a_pipe_that_prefect_would_read(spacex, tmp_path):
    os.mkfifo(tmp_path / ".env")
    code, error = outcome(spacex("run", "--source", "sample"))
    assert code == 1
    assert f"✗ {tmp_path}/.env is a pipe or device; make it a text file.\n→ Prefect" in error


def test_a_misspelt_setting_is_noticed(spacex):
    notice = "• SPACEX_ATEMPTS is not a setting; did you mean SPACEX_ATTEMPTS?\n"
    assert spacex("status", SPACEX_ATEMPTS="3").stderr.startswith(notice)
    assert spacex("--help", SPACEX_ATEMPTS="3").stderr == ""


def test_status_without_a_database_says_how_to_build_one(spacex, tmp_path):
    code, error = outcome(spacex("status"))
    database = tmp_path / "data" / "starlink.db"
    assert code == 1
    assert error == f"✗ There is no database {database} yet.\n→ Run `make run` to build it.\n"


@pytest.mark.parametrize(
    ("command", "variables", "code"),
    [
        ("status", {}, 1),
        ("status", {"SPACEX_ATTEMPTS": "many"}, 2),
        ("verify", {}, 2),
    ],
)
def test_an_error_is_said_in_json_too(spacex, command, variables, code):
    done = spacex(command, "--json", **variables)
    found = json.loads(done.stdout)
    assert done.returncode == code
    assert done.stderr == f"✗ {found['error']}\n→ {found['remedy']}\n"


def test_status_shows_source_age_rows_and_runs(spacex, published):
    done = spacex("status", SPACEX_DATA_DIR=str(published.data_dir))
    assert outcome(done) == (0, "")
    source = r"Source +r/SpaceX API v4 \(archive 2006-2022\): data to 2022-10-28T[\d:]+Z"
    date = r"\([\d,]+ days ago\), checked \d{4}-\d\d-\d\dT[\d:]+Z"
    assert re.match(rf"{source} {date}$", done.stdout, re.MULTILINE)
    assert re.search(r"^Services +CelesTrak \(orbits\): never reached$", done.stdout, re.MULTILINE)
    assert re.search(r"^ launches +spacexdata +205 +205 +– ?$", done.stdout, re.MULTILINE)
    assert re.search(r"^ first +spacexdata +api +[\d,]+ +0 ?$", done.stdout, re.MULTILINE)


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ([], "never reached"),
        (["load"], ""),
        (["load", "2026-11-03"], ""),
        (["load", "2026-11-02"], "reached; its data were stored after 2026-11-02 and are left out"),
        (["extract"], "reached; its data are not in the database"),
    ],
)
def test_status_tells_a_service_that_was_reached_from_one_that_never_was(
    settings, celestrak, capsys, monkeypatch, then, words
):
    with Clock("2026-11-01") as clock, Replica(Path("/none")) as files:
        files.serve("satcat.csv", satcat_csv(satcat_row(1)))
        used = stages.at(
            settings,
            celestrak_url=celestrak.gp_url,
            satcat_url=f"{files.url}/satcat.csv",
            sources="celestrak",
        )
        celestrak.publish(gp(1))
        stages.publish(used, "auto", "first")
        clock.set("2026-11-03")
        both = stages.at(used, sources="celestrak,satcat")
        for stage in then[:1]:
            (stages.publish if stage == "load" else stages.extract)(both, "auto", "second")
        for as_of in then[1:]:
            stages.publish(both, "snapshot", "third", as_of=as_of)
        monkeypatch.setattr("spacex.cli.status_command.settings", lambda: used)
        status(max_age_h=None, as_json=False)
    lines = [each for each in capsys.readouterr().out.splitlines() if "SATCAT of" in each]
    found = [each.partition("): ")[2].partition(", next")[0] for each in lines]
    assert [each for each in found if "reached" in each] == ([words] if words else [])


@pytest.mark.parametrize(("max_age", "code"), [("36h", 1), ("90m", 1), ("99999d", 0)])
def test_the_exit_code_of_status_tells_whether_the_data_are_fresh(
    spacex, three_days, max_age, code
):
    folder = str(three_days.parent)
    variables = {"SPACEX_DATA_DIR": folder, "SPACEX_SOURCES": "celestrak"}
    done = spacex("status", "--max-age", max_age, **variables)
    assert outcome(done) == (code, "")
    assert ("✗ celestrak: " in done.stdout) == bool(code)
    found = json.loads(spacex("status", "--json", "--max-age", max_age, **variables).stdout)
    assert found["is_fresh"] == (not code)
    assert found["database"] == f"{folder}/starlink.db"
    assert found["sources"][0]["source"] == "celestrak"


@pytest.mark.parametrize("age", ["36", "0h", "h", "1.5d", "-2h"])
def test_an_age_that_is_none_is_rejected(spacex, age):
    code, error = outcome(spacex("status", f"--max-age={age}"))
    assert code == 2
    assert f"'{age}' is not an age: write it like 36h, 90m or 2d." in unwrapped(error)


@pytest.mark.parametrize("command", ["status", "doctor"])
def test_a_reader_that_ends_early_sees_no_traceback(tmp_path, published, command):
    variables = os.environ | {"SPACEX_DATA_DIR": str(published.data_dir)}
    piped = subprocess.run(
        ["bash", "-c", f"'{SPACEX}' {command} | head -n 1"],
        env=variables,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert piped.stderr == ""


@pytest.mark.parametrize(("options", "code"), [("verify --json", 0), ("status", 0)])
@pytest.mark.parametrize("reader", ["head -c 0", "true"])
def test_a_reader_that_ends_early_does_not_change_the_exit_code(
    tmp_path, published, options, code, reader
):
    variables = os.environ | {"SPACEX_DATA_DIR": str(published.data_dir)}
    script = f"'{SPACEX}' {options} | {reader}; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", script],
        env=variables,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_said_in_a_line(tmp_path, published):
    done = subprocess.run(
        ["bash", "-c", f"'{SPACEX}' status > /dev/full"],
        env=os.environ | {"SPACEX_DATA_DIR": str(published.data_dir)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    message = "✗ The output cannot be written (No space left on device).\n"
    assert (done.returncode, done.stderr) == (1, message)


def test_closed_streams_are_not_in_the_way(tmp_path, published):
    done = subprocess.run(
        ["bash", "-c", f"'{SPACEX}' verify <&- >&- 2>&-"],
        env=os.environ | {"SPACEX_DATA_DIR": str(published.data_dir)},
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("ulimit -n 64", "This process may open 64 files; it needs 128"),
        ("export PYTHONOPTIMIZE=2", "Python runs without docstrings"),
    ],
)
def test_a_process_that_can_start_no_kernel_says_why(tmp_path, limit, message):
    """A kernel died, or there was a traceback."""
    done = subprocess.run(
        ["bash", "-c", f"{limit}; exec '{SPACEX}' run --source sample"],
        env=os.environ | {"SPACEX_DATA_DIR": str(tmp_path / "data")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    code, error = outcome(done)
    assert code == 1
    assert message in unwrapped(error)


def test_nothing_is_wrapped_cut_or_padded_in_a_pipe(spacex, published):
    narrow = spacex("status", SPACEX_DATA_DIR=str(published.data_dir), COLUMNS="20").stdout
    assert not re.search(r" $", narrow, re.MULTILINE)
    assert re.search(rf"^Database +{published.database}$", narrow, re.MULTILINE)
    assert "…" not in narrow
    assert re.search(r"^ starlink_elements +spacexdata +60 +60 +– *$", narrow, re.MULTILINE)


def test_status_shows_rejects(spacex, settings, small_replica):
    (row, *rest) = json.loads(small_replica.body("landpads"))
    small_replica.serve("landpads", json.dumps([row | {"type": "[red]SEA[/]"}, *rest]).encode())
    lenient = stages.at(settings, base_url=small_replica.url, max_reject_pct=50)
    stages.publish(lenient, "api", "first")
    done = spacex("status", SPACEX_DATA_DIR=str(settings.data_dir))
    assert outcome(done)[0] == 0
    reason = "is not one of the allowed values"
    assert re.search(rf"^ landpads +type +{reason}", done.stdout, re.MULTILINE)
    assert "[red]SEA[/]" in done.stdout


def test_a_full_disk_is_found_before_prefect_is_imported(spacex, small_disk):
    done = spacex("run", SPACEX_DATA_DIR=str(small_disk / "data"), PYTHONPROFILEIMPORTTIME="1")
    code, error = outcome(done)
    assert code == 1
    assert f"✗ {small_disk}/data has 1 MB free, and a run needs 120 MB." in error
    assert f"→ Remove old folders in {small_disk}/data/runs or old databases" in error
    assert not re.search(r"\| +(prefect|pandas)$", error, re.MULTILINE)
    assert not list(small_disk.iterdir())


def test_doctor_reports_a_full_disk(spacex, small_disk):
    done = spacex("doctor", PREFECT_HOME=str(small_disk))
    assert outcome(done)[0] == 1
    assert f"✗ {small_disk} has 1 MB free, and a run needs 20 MB." in unwrapped(done.stdout)
    assert "choose another folder with PREFECT_HOME" in unwrapped(done.stdout)


def test_doctor_prints_json(spacex):
    done = spacex("doctor", "--json", SPACEX_KEEP_RUNS="0")
    assert outcome(done) == (1, "")
    first = json.loads(done.stdout)["diagnoses"][0]
    assert first["state"] == "fault"
    assert first["text"].startswith("SPACEX_KEEP_RUNS='0'")
    assert first["remedy"]


def test_doctor_passes_without_data(spacex):
    done = spacex("doctor")
    assert outcome(done)[0] == 0
    for finding in (
        "✓ Python 3.",
        "✓ Jupyter kernel python3 in ",
        " GB free in ",
        "• No database ",
        "→ Run `make run` to build it, unless a run is going on.",
        f"• {NOBODY_HOME}/landpads cannot be reached",
    ):
        assert finding in done.stdout


def test_doctor_reports_a_damaged_database_and_snapshot(spacex, published):
    published.database.write_bytes(b"no database" * 100)
    snapshot = next((published.raw_dir / "spacexdata" / "rockets").glob("*.json.gz"))
    snapshot.write_bytes(b"damaged")
    done = spacex("doctor", SPACEX_DATA_DIR=str(published.data_dir))
    assert outcome(done)[0] == 1
    assert f"✗ The database {published.database} is damaged" in done.stdout
    assert f"✗ {published.data_dir}: {snapshot.relative_to(published.data_dir)} is" in done.stdout
    assert done.stdout.count("starlink.db is damaged") == 1


@pytest.mark.parametrize("with_sqlite", [False, True])
def test_doctor_compares_the_database_with_its_digest(spacex, published, with_sqlite):
    path = published.database
    if with_sqlite:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE rockets SET name = 'Falcon Z'")
    else:
        before = path.read_bytes()
        path.write_bytes(before.replace(b"Falcon 9", b"Falcon Z"))
        assert path.read_bytes() != before
    done = spacex("doctor", SPACEX_DATA_DIR=str(published.data_dir))
    assert outcome(done)[0] == (0 if with_sqlite else 1)
    text = f"{path.parent}: starlink.db does not match starlink.db.sha256."
    assert f"{'•' if with_sqlite else '✗'} {text}" in unwrapped(done.stdout)


@pytest.mark.parametrize("command", ["doctor", "run"])
def test_a_python_without_ssl_is_named(spacex, tmp_path, command):
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "ssl.py").write_text("raise ImportError\n")
    done = spacex(command, PYTHONPATH=str(tmp_path / "without"))
    assert done.returncode == 1
    said = unwrapped(done.stdout + done.stderr)
    assert "has no module ssl, so that no service can be reached." in said
    assert "Traceback" not in said
    assert "works nevertheless" not in said


def test_doctor_reaches_the_service(spacex, small_replica):
    done = spacex("doctor", SPACEX_BASE_URL=small_replica.url)
    assert "✓ r/SpaceX API v4 (archive 2006-2022) responds at " in done.stdout


def test_an_import_ends_with_a_table_and_fails_if_a_file_is_not_loaded(spacex, tmp_path):
    files = tmp_path / "files"
    files.mkdir()
    for day in (1, 2):
        element_sets = [omm(n, EPOCH=f"2026-01-0{day}T06:00:00.5") for n in range(1, 4)]
        other = omm(9, OBJECT_NAME="ONEWEB-0012")
        records = [*element_sets, element_sets[0], other]
        (files / f"2026-01-0{day}.json").write_bytes(omm_json(*records))
    first = spacex("import-snapshots", "files", SPACEX_SOURCES="celestrak")
    assert first.returncode == 0
    assert "Traceback" not in first.stdout + first.stderr
    assert re.findall(r"^(Reading|Loading) .* 2/2 ", first.stderr, re.M) == ["Reading", "Loading"]
    heading = r"^ +out of\n^file +date +records +loaded +rejected +duplicate +scope"
    assert re.search(heading, first.stdout, re.M)
    assert re.search(r"^2026-01-02.json +2026-01-02 23:41 +5 +3 +0 +1 +1", first.stdout, re.M)
    assert "Loaded: 2 of 2 files." in first.stdout
    assert "Nothing was loaded" not in first.stdout
    assert (tmp_path / "data/feeds/starlink-omm.csv").read_text().count("STARLINK") == 3
    (files / "README.txt").write_text("Hello")
    second = spacex("import-snapshots", "files", SPACEX_SOURCES="celestrak")
    assert second.returncode == 1
    assert re.search(r"^README.txt +–( +–)+$", second.stdout, re.M)
    assert "✗ README.txt: contains neither OMM nor" in second.stdout
    assert "Nothing was loaded: the database is unchanged." in second.stdout
    assert re.search(r"^2026-01-02.json +2026-01-02 23:41 +5 +3 +0 +1 +1", second.stdout, re.M)
    assert "Loaded: 2 of 3 files." in second.stdout
    (files / "README.txt").unlink()
    (files / "satcat.csv").write_bytes(satcat_csv(satcat_row(1, "2026-01-05")))
    (files / "2026-01-03.json.part").write_bytes(b"[")
    third = spacex("import-snapshots", "files", SPACEX_SOURCES="celestrak,satcat")
    assert third.returncode == 0
    assert "• 2026-01-03.json.part: skipped, as a name that ends in .part" in third.stdout
    assert "Loaded: 2 of 4 files." in third.stdout
    assert re.search(r"^satcat.csv +2026-01-05 23:58 +1 +stored +0 +0 +0", third.stdout, re.M)
    assert "satcat.csv is stored, and not loaded yet." in third.stdout
    assert re.search(r"Stored: 1 catalogue. `.*run` loads the newest one", third.stdout)


def test_a_refused_list_is_counted_and_can_be_accepted(spacex, tmp_path):
    (tmp_path / "files").mkdir()
    for day, count in ((1, 40), (2, 20)):
        element_sets = [omm(n, EPOCH=f"2026-01-0{day}T06:00:00.5") for n in range(1, count + 1)]
        other = omm(99, OBJECT_NAME="ONEWEB-0012")
        (tmp_path / "files" / f"2026-01-0{day}.json").write_bytes(omm_json(*element_sets, other))
    refused = spacex("import-snapshots", "files", SPACEX_SOURCES="celestrak")
    assert refused.returncode == 1
    assert re.search(r"^2026-01-02.json +2026-01-02 23:41 +21 +0 +20 +0 +1$", refused.stdout, re.M)
    assert "✗ 2026-01-02.json: The GP list of 2026-01-02" in refused.stdout
    assert "--accept-shrink" in refused.stdout
    accepted = spacex("import-snapshots", "--accept-shrink", "files", SPACEX_SOURCES="celestrak")
    assert accepted.returncode == 0
    assert re.search(r"^2026-01-02.json +2026-01-02 23:41 +21 +20 +0 +0 +1", accepted.stdout, re.M)


@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_without_files_is_not_imported(spacex, tmp_path, exists):
    if exists:
        (tmp_path / "files").mkdir()
    code, error = outcome(spacex("import-snapshots", "files"))
    assert code == 1
    assert error.startswith("✗ files is empty." if exists else "✗ There is no folder files.")


def test_sample_writes_a_fleet_of_any_size(spacex, tmp_path):
    done = spacex("sample", "responses", "--satellites", "123")
    assert outcome(done) == (0, "")
    assert len(json.loads((tmp_path / "responses" / "starlink.json").read_bytes())) == 123
    assert outcome(spacex("sample", "responses", "--satellites", "0"))[0] == 1


def test_dictionary_prints_the_tables(spacex):
    assert spacex("dictionary").stdout.startswith("# Data dictionary\n")


@pytest.mark.long
def test_runs_offline_then_online_then_offline(spacex, tmp_path, replica, prefect_api):
    database = tmp_path / "data" / "starlink.db"

    first = spacex("run", PREFECT_API_URL=prefect_api, **BEHIND_A_DEAD_PROXY)
    assert outcome(first)[0] == 0
    assert first.stdout.startswith("\n✓ The database is built (")
    assert (
        "Bundled sample (true launches and numbers of satellites, simulated orbits)" in first.stdout
    )
    assert "The Starlink fleet is simulated" in unwrapped(first.stdout)
    assert queries.run(database)["is_simulated"] == 1

    second = spacex("run", SPACEX_BASE_URL=replica.url, PREFECT_API_URL=prefect_api)
    assert outcome(second)[0] == 0
    assert "r/SpaceX API v4 (archive 2006-2022)" in second.stdout
    assert "imulated" not in second.stdout
    assert stages.value(database, "SELECT count(*) FROM starlink") == 1791
    real = stages.content(database)

    third = spacex("run", PREFECT_API_URL=prefect_api)
    assert outcome(third)[0] == 0
    assert "Stored snapshots are used instead" in unwrapped(third.stdout)
    assert stages.content(database) == real

    report = re.search(r"^Report +(\S+)", third.stdout, re.MULTILINE)[1]
    assert "Stored snapshots are used instead" in (tmp_path / report).read_text()


def test_the_end_of_a_run_says_which_data_are_stale(published, capsys):
    outcome = Outcome("first", published.database, Path("report.html"))
    run_command._print_summary(outcome, "celestrak: no data, promised at most 38 h", 1)
    line = r"^Stale data +celestrak: no data, promised at most 38 h$"
    assert re.search(line, capsys.readouterr().out, re.MULTILINE)


def test_a_failed_run_reports_cell_and_reason_and_keeps_the_database(
    spacex, published, small_replica, prefect_api
):
    small_replica.serve("launches", b'[{"id": "x"}]')
    environment = {
        "SPACEX_DATA_DIR": str(published.data_dir),
        "SPACEX_BASE_URL": small_replica.url,
        "PREFECT_API_URL": prefect_api,
        "SPACEX_WEBHOOK_URL": NOBODY_HOME,
    }
    with stages.unchanged(published.database):
        code, error = outcome(spacex("run", **environment))
    assert code == 1
    assert "The webhook was not reached: ConnectionError\n" in error
    assert "✗ 30_load stopped at cell 4 (`stages.load(settings(), run_id, accept_shrink=" in error
    assert "1 of 1 record of launches was rejected" in error
    assert re.search(r"→ See the notebook up to that cell: .*30_load\.html", error)


def test_notebooks_are_prepared_while_the_server_of_the_run_starts(monkeypatch):
    order: list[str] = []

    class Server:
        def use(self) -> None:
            order.append("server is used")
            raise PrefectError("It did not start.", "Run again.")

    monkeypatch.setattr(run_command, "prepare", lambda: order.append("prepared"))
    with pytest.raises(PrefectError):
        run_command.completed({}, Server())
    assert order == ["prepared", "server is used"]
