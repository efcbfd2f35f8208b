"""`spacex report`: its list, its words, its pages, and its exit codes."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from spacex.cli import report_command
from spacex.cli.app import app
from spacex.cli.report_command import read_orders
from spacex.errors import NotebookError, SettingsError, SpacexError
from spacex.notebook.reports import page_pdf
from spacex.notebook.reports.report_notebooks import Report
from spacex.notebook.runner import Parameter, declared_parameters
from spacex.settings import PROJECT, Settings
from spacex.settings import settings as process_settings
from tests.notebook.small_notebook import write_notebook

PARAMETERS = 'word: str = "none"  # what it says\ntimes: int = 1\nis_loud: bool = False'
SAYS = """from spacex.notebook import show
assert word != "bad", "a bad word"
show.verdict([f"It says {word * times} <b>."])"""


def of(words: tuple[str, ...]) -> list[str]:
    """Return the command in front of words, unless they begin with it."""
    return [] if words[:1] == ("notebook",) else ["report"]


@pytest.fixture
def spacex(
    sampled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Result]]:
    """Return a function that runs the program on the sample, with an own notebook `says`."""
    (tmp_path / "data").mkdir()
    os.link(sampled.database, tmp_path / "data" / "starlink.db")
    (tmp_path / "mine").mkdir()
    write_notebook(tmp_path / "mine" / "says.ipynb", PARAMETERS, SAYS)
    monkeypatch.setattr(Settings, "own_notebooks_dir", property(lambda _: tmp_path / "mine"))
    monkeypatch.setenv("SPACEX_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    process_settings.cache_clear()
    yield lambda *words: CliRunner().invoke(app, [*of(words), *words])
    process_settings.cache_clear()


def test_the_reports_are_listed_with_parameters_and_examples(spacex):
    done = spacex()
    assert done.exit_code == 0
    for text in ("A launch and what became of it", 'launch: str = ""', "report launch 2022-010"):
        assert text in done.stdout
    assert "says" in done.stdout
    (satellite,) = re.findall(r"report satellite (\S+)", done.stdout)
    assert spacex("satellite", satellite).exit_code == 0
    listed = {each["name"]: each for each in json.loads(spacex("--json").stdout)}
    assert listed["place"]["parameters"][1] == {
        "name": "nights",
        "type": "int",
        "default": 3,
        "help": "number of nights, from the next one on",
    }
    assert listed["says"]["is_own"]


def test_several_values_make_several_reports_and_a_failing_one_sets_the_exit_code(
    spacex, tmp_path, monkeypatch
):
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    done = spacex("says", "a", "bad", "--times", "2", "--open")
    page = "data/reports/says_a_times-2/says.html"
    assert done.exit_code == 1
    assert f"✓ {page} (" in done.stdout
    assert "It says aa <b>." in done.stdout
    assert "✗ says_bad_times-2: says stopped at cell" in done.stderr
    assert "→ See the notebook up to that cell" in done.stderr
    assert opened == [(tmp_path / page).as_uri()]
    again = json.loads(spacex("says", "a", "--times=2", "--json").stdout)
    assert [(each["is_reused"], each["parameters"]) for each in again] == [
        (True, {"word": "a", "times": 2})
    ]


def test_an_impossible_value_makes_nothing(spacex, tmp_path):
    done = spacex("launch", "2022-010", "crew5")
    assert isinstance(done.exception, SpacexError)
    assert "did you mean Crew-5?" in str(done.exception)
    assert not (tmp_path / "data" / "reports").exists()


def test_without_chromium_there_is_a_page_and_a_note(spacex, monkeypatch):
    monkeypatch.setattr(report_command, "find_chromium", lambda: "")
    done = spacex("says", "--pdf")
    assert done.exit_code == 0
    assert "There is no PDF: Chromium is not on this machine." in done.stderr
    assert "data/reports/says/says.html" in done.stdout


def test_two_runs_are_compared(spacex):
    done = spacex("compare", "first", "last")
    assert done.exit_code == 0
    assert "Both are one run, first: there is nothing to compare." in done.stdout
    assert "data/reports/compare_first_first/compare.html" in done.stdout
    lines = json.loads(spacex("compare", "first", "first", "--json").stdout)["lines"]
    assert {"part": "Run", "what": "data", "values": ["simulated", "simulated"]} in lines
    assert "A comparison needs two runs, not 1." in str(spacex("compare", "first").exception)


@pytest.fixture
def says(sampled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.setattr(report_command, "settings", lambda: sampled)
    path = write_notebook(tmp_path / "says.ipynb", PARAMETERS)
    return Report("says", path, parameters=tuple(declared_parameters(path).values()))


@pytest.mark.parametrize(
    ("words", "orders"),
    [
        ("", [{}]),
        ("a b", [{"word": "a"}, {"word": "b"}]),
        ("a --times 3 b", [{"word": "a", "times": 3}, {"word": "b", "times": 3}]),
        ("--times=3", [{"times": 3}]),
        ("a -p times=3", [{"word": "a", "times": 3}]),
        ("--word=", [{}]),
        ("a --is-loud", [{"word": "a", "is_loud": True}]),
        ("--is-loud=no a", [{"word": "a", "is_loud": False}]),
        ("-33.9,18.4", [{"word": "-33.9,18.4"}]),
    ],
)
def test_words_are_values_of_the_first_parameter_and_options(
    says: Report, words: str, orders: list[dict[str, Parameter]]
) -> None:
    assert [each.parameters for each in read_orders(says, words.split())] == orders


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--time 3", r"has no parameter time; did you mean times\?"),
        ("--times", "--times has no value. Write it like --times=VALUE."),
        ("a -p times", "-p needs a name and a value. Write it like -p NAME=VALUE."),
        ("a --word b", "word is given twice. Leave out --word."),
        ("--times many", "times is 'many', and must be a whole number"),
    ],
)
def test_wrong_words_are_refused(says: Report, words: str, message: str) -> None:
    with pytest.raises((SettingsError, NotebookError), match=message):
        read_orders(says, words.split())


@pytest.mark.skipif(not page_pdf.find_chromium(), reason="there is no Chromium")
def test_a_page_is_printed_by_chromium(tmp_path: Path) -> None:
    page = tmp_path / "a page.html"
    page.write_text("<!doctype html><title>A</title><h1>A page</h1>")
    assert page_pdf.write_pdf(page_pdf.find_chromium(), page).read_bytes().startswith(b"%PDF")


def test_a_browser_that_fails_is_named(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.touch()
    with pytest.raises(SpacexError, match=r"could not write .*page.pdf \(exit code"):
        page_pdf.write_pdf("false", page)
    with pytest.raises(SpacexError, match="could not write"):
        page_pdf.write_pdf(str(tmp_path / "missing"), page)


def test_the_plan_is_written_as_an_example_and_checked(spacex, tmp_path):
    done = spacex("plan")
    assert done.exit_code == 0
    assert done.stdout == (
        "No report is made by itself. data/reports.toml has examples, commented out.\n"
    )
    plan = tmp_path / "data" / "reports.toml"
    entry = '[[report]]\nreport = "{}"\nparameters = {{ word = "a" }}\ncron = "@daily"\nkeep = 3\n'
    plan.write_text(entry.format("says"))
    done = spacex("plan")
    assert done.exit_code == 0
    assert re.search(r"says +word = a +@daily UTC +3", done.stdout)
    plan.write_text(entry.format("says").replace('"a"', '["a", "b"]'))
    assert len(re.findall("says +word", spacex("plan").stdout)) == 1
    plan.write_text(entry.format("says") + entry.format("sais"))
    done = spacex("plan")
    assert done.exit_code == 1
    assert "✗ sais: There is no report 'sais'; did you mean says?" in done.stderr
    assert [bool(each["problem"]) for each in json.loads(spacex("plan", "--json").stdout)] == [
        False,
        True,
    ]
    plan.write_text("[[report")
    done = spacex("plan")
    assert "reports.toml cannot be read" in str(done.exception)


def test_a_new_report_of_ones_own_works_as_it_is(spacex):
    done = spacex("notebook", "new", "high_satellites")
    assert done.exit_code == 0, done.output
    assert "Named 10_high_satellites, each run does" in done.stdout
    assert "high_satellites.ipynb" in done.stdout
    made = spacex("high_satellites", "--least-km", "480", "--json")
    (found,) = json.loads(made.stdout)
    assert found["error"] == ""
    assert re.search(r"[1-9]\d* satellites at 480 km or higher\.", found["headline"])
    page = Path(found["page"]).read_text()
    assert "<h1" in page
    assert "High satellites" in page
    assert page.count("<img") == 1
    body = page.partition("</h1>")[2]
    text = re.sub("<(style|script).*?</\\1>|<[^>]+>", " ", body, flags=re.DOTALL)
    said = " ".join(text.split()).removeprefix("Sources and limits ")  # after the contents
    assert said.startswith("This is the bundled sample: its fleet is simulated. ")
    assert said.startswith(found["headline"])
    assert not re.search(r"\d{4}-\d\d-\d\dT\d\d", text)
    assert str(process_settings().data_dir.absolute()) not in page
    listed = {each["name"]: each for each in json.loads(spacex("--json").stdout)}
    assert listed["high_satellites"]["title"] == "High satellites"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../a", "A notebook cannot be named '../a'."),
        ("launch", "The name launch is taken."),
        ("says", "The name says is taken."),
        ("compare", "The name compare is taken."),
        ("Week", "The name Week is taken."),
        ("launch_2022-010", "The name launch_2022-010 is taken."),
    ],
)
def test_a_new_notebook_needs_a_free_name(spacex, tmp_path, name, message):
    before = {path: path.read_bytes() for path in (tmp_path / "mine").iterdir()}
    done = spacex("notebook", "new", name)
    assert isinstance(done.exception, SpacexError)
    assert done.exception.message == message
    assert {path: path.read_bytes() for path in (tmp_path / "mine").iterdir()} == before


def test_a_new_notebook_with_a_number_is_headed_without_it(spacex, tmp_path):
    done = spacex("notebook", "new", "10_two-words")
    assert "each run does" not in done.stdout
    assert "# Two words" in (tmp_path / "mine" / "10_two-words.ipynb").read_text()


def test_a_notebook_is_executed_by_hand_each_time(spacex, tmp_path):
    (tmp_path / "mine" / "says.toml").write_text('word = "a"\ntimes = 2\n')
    for _ in range(2):
        done = spacex("notebook", "run", "says", "-p", "times=3", "--json")
        (found,) = json.loads(done.stdout)
        assert (found["headline"], found["is_reused"]) == ("It says aaa <b>.", False)
        assert found["page"] == str(process_settings().reports_dir / "says_times-3" / "says.html")


def test_a_notebook_anywhere_is_executed_by_its_path(spacex, tmp_path):
    path = write_notebook(tmp_path / "elsewhere.ipynb", PARAMETERS, SAYS)
    done = spacex("notebook", "run", str(path), "-p", "word=b", "--json")
    assert json.loads(done.stdout)[0]["headline"] == "It says b <b>."
    for name in ("launch", "says", "week_2025"):
        taken = write_notebook(tmp_path / f"{name}.ipynb", PARAMETERS, SAYS)
        done = spacex("notebook", "run", str(taken))
        assert "has a name that is taken. Rename it." in str(done.exception)
    for name in ("none", "n" * 300):
        done = spacex("notebook", "run", str(tmp_path / f"{name}.ipynb"))
        assert "There is no notebook" in str(done.exception)
    done = spacex("notebook", "run", "mine/says.ipynb", "--json")
    assert json.loads(done.stdout)[0]["headline"] == "It says none <b>."


def test_an_empty_option_means_the_default_of_the_notebook(spacex, tmp_path):
    (tmp_path / "mine" / "says.toml").write_text('word = "a"\n')
    done = spacex("notebook", "run", "says", "-p", "word=", "--json")
    assert json.loads(done.stdout)[0]["headline"] == "It says none <b>."


def test_a_notebook_of_ones_own_runs_in_its_folder_and_needs_no_parameters(spacex, tmp_path):
    path = tmp_path / "mine" / "10_reads.ipynb"
    read = 'show.verdict([open("word.txt").read()])'
    write_notebook(path, "from spacex.notebook import show", read, tag="")
    path.with_name("word.txt").write_text("Found.")
    done = spacex("notebook", "run", "10_reads", "--json")
    assert json.loads(done.stdout)[0]["headline"] == "Found."


def test_a_notebook_that_takes_too_long_is_stopped(spacex, tmp_path, monkeypatch):
    monkeypatch.setenv("SPACEX_NOTEBOOK_TIMEOUT_S", "1")
    process_settings.cache_clear()
    write_notebook(tmp_path / "mine" / "slow.ipynb", "import time", "time.sleep(60)", tag="")
    done = spacex("notebook", "run", "slow")
    assert done.exit_code == 1
    assert "slow ran for more than 1 s." in done.stderr
    assert "SPACEX_NOTEBOOK_TIMEOUT_S allows more" in done.stderr


@pytest.mark.usefixtures("spacex")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_stops_a_notebook_that_does_not_end(tmp_path, number):
    endless = 'from pathlib import Path; Path("began").touch()\nwhile True: pass'
    write_notebook(tmp_path / "mine" / "endless.ipynb", endless, tag="")
    environment = os.environ | {"SPACEX_NOTEBOOKS": str(tmp_path / "mine")}
    command = [sys.executable, "-m", "spacex", "notebook", "run", "endless"]
    process = subprocess.Popen(command, env=environment, cwd=PROJECT, stderr=subprocess.PIPE)
    try:
        while not (tmp_path / "mine" / "began").exists():
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert b"Stopped. The database is unchanged" in said
