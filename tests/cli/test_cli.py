"""The command line as a person meets it: a program with output, errors and an exit code."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from spacex import __version__
from spacex.analysis import queries
from spacex.cli.app import Source
from spacex.extract.run_folder import MODES
from tests import stages
from tests.conftest import NOBODY_HOME

SPACEX = Path(sys.executable).with_name("spacex")


@pytest.fixture
def spacex(tmp_path):
    """Run the program on a folder of one's own, with the service down unless told otherwise."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if "PREFECT" not in name}
        settings = {
            "SPACEX_DATA_DIR": str(tmp_path / "data"),
            "SPACEX_BASE_URL": NOBODY_HOME,
            "SPACEX_ATTEMPTS": "1",
            "SPACEX_RETRY_DELAY_S": "0",
            "COLUMNS": "100",
        }
        return subprocess.run(
            [SPACEX, *arguments],
            env=clean | settings | environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def told(done: subprocess.CompletedProcess[str]) -> tuple[int, str]:
    """Exit code and what stands on stderr, which is never a traceback."""
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stderr


def words(text: str) -> str:
    """The text without its line breaks and the frame that the terminal draws."""
    return " ".join(text.replace("│", " ").split())


def test_help_lists_the_commands_and_loads_nothing_heavy(spacex):
    done = spacex("--help", PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert done.returncode == 0
    for command in ("run", "status", "doctor", "dashboard", "sample", "dictionary"):
        assert re.search(rf"^│ {command} ", done.stdout, re.MULTILINE)
    assert "typer" in imported
    assert imported.isdisjoint({"prefect", "pandas", "altair", "papermill", "numpy", "requests"})


def test_it_tells_its_version(spacex):
    assert spacex("--version").stdout == f"SpaceX Insights {__version__}\n"


def test_the_sources_are_the_modes_of_a_run():
    assert tuple(Source) == MODES


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--only", "launches,rokets"), "✗ Unknown endpoint rokets.\n→ Choose from: rockets"),
        (
            ("--base-url", "ftp://x"),
            "✗ 'ftp://x' is not the address of a service.\n→ Start it",
        ),
    ],
)
def test_a_run_with_parameters_that_make_no_sense_ends_before_it_begins(
    spacex, tmp_path, arguments, message
):
    code, error = told(spacex("run", *arguments))
    assert code == 1
    assert error.startswith(message)
    assert not (tmp_path / "data").exists()


def test_an_unknown_source_is_refused_with_those_there_are(spacex):
    code, error = told(spacex("run", "--source", "web"))
    assert code == 2
    assert "'web' is not one of 'auto', 'api', 'snapshot', 'sample'" in words(error)


def test_a_setting_that_makes_no_sense_is_told(spacex):
    code, error = told(spacex("status", SPACEX_ATTEMPTS="many"))
    assert code == 1
    assert error.startswith("✗ Invalid settings: SPACEX_ATTEMPTS='many': ")


def test_status_without_a_database_says_how_to_build_one(spacex, tmp_path):
    code, error = told(spacex("status"))
    database = tmp_path / "data" / "starlink.db"
    assert code == 1
    assert error == f"✗ There is no database {database} yet.\n→ Run `make run` to build it.\n"


def test_status_tells_source_age_rows_and_runs(spacex, published):
    done = spacex("status", SPACEX_DATA_DIR=str(published.data_dir))
    assert told(done) == (0, "")
    words = done.stdout.split("\n")
    assert words[0].split(maxsplit=1)[1].strip() == "r/SpaceX API v4 (archive 2006-2022)"
    assert re.search(r"^Current as of +\d{4}-\d\d-\d\dT[\d:]+Z \(", done.stdout, re.MULTILINE)
    assert re.search(r"^ launches +spacexdata +205 +205 +– ?$", done.stdout, re.MULTILINE)
    assert re.search(r"^ first +spacexdata +api +[\d,]+ +0 ?$", done.stdout, re.MULTILINE)


def test_status_shows_what_was_refused(spacex, settings, small_replica):
    (row, *rest) = json.loads(small_replica.body("landpads"))
    small_replica.serve("landpads", json.dumps([row | {"type": "[red]SEA[/]"}, *rest]).encode())
    lenient = stages.at(settings, base_url=small_replica.url, max_reject_pct=50)
    stages.publish(lenient, "api", "first")
    done = spacex("status", SPACEX_DATA_DIR=str(settings.data_dir))
    assert told(done)[0] == 0
    assert re.search(
        r"^ landpads +type +is not one of the allowed values", done.stdout, re.MULTILINE
    )
    assert "[red]SEA[/]" in done.stdout


def test_doctor_finds_a_machine_without_data_fit_to_run(spacex):
    done = spacex("doctor")
    assert told(done)[0] == 0
    for finding in (
        "✓ Python 3.",
        "✓ Jupyter kernel python3 in ",
        " GB free in ",
        "• No database ",
        "→ Run `make run` to build it.",
        f"• {NOBODY_HOME}/landpads cannot be reached",
    ):
        assert finding in done.stdout


def test_doctor_finds_a_damaged_database_and_a_damaged_answer(spacex, published):
    published.database.write_bytes(b"no database" * 100)
    answer = next((published.raw_dir / "spacexdata" / "rockets").glob("*.json.gz"))
    answer.write_bytes(b"no answer")
    done = spacex("doctor", SPACEX_DATA_DIR=str(published.data_dir))
    assert told(done)[0] == 1
    assert f"✗ The database {published.database} is damaged" in done.stdout
    assert f"✗ The snapshot {answer} cannot be decompressed" in done.stdout


def test_doctor_sees_the_service_answer(spacex, small_replica):
    done = spacex("doctor", SPACEX_BASE_URL=small_replica.url)
    assert "✓ r/SpaceX API v4 (archive 2006-2022) responds at " in done.stdout


def test_sample_writes_a_fleet_of_any_size(spacex, tmp_path):
    done = spacex("sample", "answers", "--satellites", "123")
    assert told(done) == (0, "")
    assert len(json.loads((tmp_path / "answers" / "starlink.json").read_bytes())) == 123
    assert told(spacex("sample", "answers", "--satellites", "0"))[0] == 1


def test_dictionary_prints_the_tables(spacex):
    assert spacex("dictionary").stdout.startswith("# Data dictionary\n")


@pytest.mark.long
def test_first_run_without_a_network_then_with_the_service_then_without_it_again(
    spacex, tmp_path, replica, prefect_api
):
    database = tmp_path / "data" / "starlink.db"

    first = spacex("run")
    assert told(first)[0] == 0
    assert first.stdout.startswith("\n✓ The database is built (")
    assert "Bundled sample (a history of launches, and a simulated fleet)" in first.stdout
    assert "The Starlink fleet is simulated" in words(first.stdout)
    assert queries.run(database)["is_simulated"] == 1

    second = spacex("run", SPACEX_BASE_URL=replica.url, PREFECT_API_URL=prefect_api)
    assert told(second)[0] == 0
    assert "r/SpaceX API v4 (archive 2006-2022)" in second.stdout
    assert "imulated" not in second.stdout
    assert stages.value(database, "SELECT count(*) FROM starlink") == 1791
    real = stages.content(database)

    third = spacex("run", PREFECT_API_URL=prefect_api)
    assert told(third)[0] == 0
    assert "Stored snapshots are used instead" in words(third.stdout)
    assert stages.content(database) == real

    report = re.search(r"^Report +(\S+)", third.stdout, re.MULTILINE)[1]
    assert "Stored snapshots are used instead" in (tmp_path / report).read_text()


def test_a_run_that_fails_tells_the_cell_and_the_reason_and_leaves_the_database(
    spacex, published, small_replica, prefect_api
):
    small_replica.serve("launches", b'[{"id": "x"}]')
    before = stages.digest(published.database)
    code, error = told(
        spacex(
            "run",
            SPACEX_DATA_DIR=str(published.data_dir),
            SPACEX_BASE_URL=small_replica.url,
            PREFECT_API_URL=prefect_api,
        )
    )
    assert code == 1
    assert "✗ 30_load stopped at cell 4 (`stages.load(settings(), run_id, accept_shrink=" in error
    assert "1 of 1 rows of launches were rejected" in error
    assert re.search(r"→ See the notebook up to that cell: .*30_load\.html", error)
    assert stages.digest(published.database) == before
