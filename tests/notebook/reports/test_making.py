"""Reports are made in parallel, reused while nothing has changed, and fail without harm."""

import importlib.util
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from spacex.errors import NotebookError
from spacex.notebook.reports import making
from spacex.notebook.reports.making import Order, folder_name, make, make_all, order
from spacex.notebook.reports.report_notebooks import Report, find_report, find_reports
from spacex.notebook.reports.report_records import FAILED, read_report_record
from spacex.notebook.run_index import PAGE
from spacex.notebook.runner import Declared, Executed
from spacex.settings import Settings
from tests import stages
from tests.clock import Clock
from tests.conftest import settings_in
from tests.notebook.small_notebook import write_notebook

OWN = 'word: str = "none"  # what it says\ntimes: int = 1  # how often'
SAYS = """from spacex.notebook import show
show.verdict([f"It says {word * times}."])"""
FAILS = 'assert word != "bad", "a bad word"'


@pytest.fixture
def own(
    sampled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Settings, Report]:
    """Settings with the sample and an own notebook, and its report."""
    (tmp_path / "data").mkdir()
    os.link(sampled.database, tmp_path / "data" / "starlink.db")
    settings = stages.at(sampled, data_dir=tmp_path / "data")
    mine = tmp_path / "mine"
    mine.mkdir()
    monkeypatch.setattr(Settings, "own_notebooks_dir", property(lambda _: mine))
    write_notebook(mine / "says.ipynb", OWN, FAILS, SAYS)
    return settings, find_report(settings, "says")


def ordered(own: tuple[Settings, Report], **given: str) -> Order:
    return order(own[1], given, own[0].database)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Write pages without a kernel; return the words of those made."""
    words: list[str] = []

    def execute(notebook: Path, folder: Path, parameters: dict[str, str], **_: object) -> Executed:
        words.append(parameters.get("word", ""))
        folder.mkdir(parents=True)
        for name in (notebook.name, "says.html"):
            (folder / name).write_bytes(notebook.read_bytes())
        if parameters.get("word") == "bad":
            raise NotebookError("says stopped", "See it.")
        return Executed(folder / notebook.name, folder / "says.html", 0.1)

    monkeypatch.setattr(making, "execute", execute)
    return words


def test_reports_are_made_in_kernels_of_their_own_and_one_that_fails_harms_no_other(
    own: tuple[Settings, Report],
) -> None:
    settings = own[0]
    orders = [ordered(own, word=word) for word in ("a", "bad", "c")]
    seen: list[str] = []
    made = make_all(settings, orders, on_made=lambda each: seen.append(each.order.name))
    assert seen == ["says_a", "says_bad", "says_c"]
    assert [bool(each.error) for each in made] == [False, True, False]
    assert [each.record.headline for each in made if each.record] == ["It says a.", "It says c."]
    first = settings.reports_dir / "says_a"
    assert {path.name for path in first.iterdir()} == {"says.html", "says.ipynb", "report.json"}
    assert f"<title>{own[1].title}: a</title>" in (first / "says.html").read_text()
    failed = settings.reports_dir / "says_bad" / FAILED
    assert "a bad word" in (read_report_record(failed) or pytest.fail("no record")).failure
    assert str(failed / "says.html") in str(made[1].error)
    assert (failed / "says.html").is_file()
    listed = (settings.runs_dir / PAGE).read_text()
    assert "../reports/says_a/says.html" in listed
    assert "../reports/says_bad/failed/says.html" in listed


def test_a_report_is_reused_until_its_data_notebook_parameters_release_or_the_date_change(
    own: tuple[Settings, Report], written: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, report = own
    one = ordered(own, word="a")

    def is_made_anew(**how: bool) -> bool:
        count = len(written)
        assert make(settings, one, **how).is_reused is (len(written) == count)
        return len(written) > count

    with Clock("2026-11-01") as clock:
        assert is_made_anew()
        assert not is_made_anew()
        assert is_made_anew(again=True)
        os.utime(settings.database, (time.time(), time.time() + 5))
        assert not is_made_anew()
        change(settings.database, "UPDATE launches SET name = 'another' WHERE name = 'FalconSat'")
        assert is_made_anew()
        write_notebook(report.path, OWN, SAYS)
        assert is_made_anew()
        monkeypatch.setattr(making, "__version__", "another")
        assert is_made_anew()
        clock.set("2026-11-02")
        assert is_made_anew()
        assert not is_made_anew()
        make(settings, ordered(own, word="b"))
        (settings.reports_dir / "says_a" / "says.html").unlink()
        assert is_made_anew()


def change(database: Path, sql: str) -> None:
    """Change a copy of a database that other tests share, and put it in its place."""
    copy = database.with_suffix(".copy")
    shutil.copyfile(database, copy)
    with closing(sqlite3.connect(copy)) as connection, connection:
        assert connection.execute(sql).rowcount
    copy.replace(database)


def test_a_run_that_finds_nothing_new_leaves_the_reports(
    own: tuple[Settings, Report], written: list[str], tmp_path: Path
) -> None:
    used = settings_in(tmp_path / "other")
    stages.publish(used, "sample", "first")
    one = order(own[1], {"word": "a"}, used.database)
    assert not make(used, one).is_reused
    stages.publish(used, "sample", "second")
    again = make(used, one)
    assert again.is_reused
    assert again.record
    assert again.record.run_id == "first"
    assert written == ["a"]


def test_a_failed_attempt_leaves_the_page_made_before(
    own: tuple[Settings, Report], written: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = own[0]
    page = make(settings, ordered(own, word="a")).page
    monkeypatch.setattr(making, "folder_name", lambda *_: "says_a")
    assert make(settings, ordered(own, word="bad")).error
    assert page
    assert page.is_file()
    assert (page.parent / FAILED / "says.html").is_file()
    assert make(settings, ordered(own, word="a"), again=True).page == page
    assert not (page.parent / FAILED).exists()
    assert written == ["a", "bad", "a"]


def test_an_order_given_twice_is_made_once(
    own: tuple[Settings, Report], written: list[str]
) -> None:
    made = make_all(own[0], [ordered(own, word="a"), ordered(own, word="a")])
    assert [each.order.name for each in made] == ["says_a"]
    assert written == ["a"]


def test_reports_are_bounded_by_the_processors(
    own: tuple[Settings, Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    active: list[int] = [0, 0]

    def slow(_settings: Settings, each: Order, **_: bool) -> making.Made:
        active[0] += 1
        active[1] = max(active)
        time.sleep(0.01)
        active[0] -= 1
        return making.Made(each)

    monkeypatch.setattr(making, "make", slow)
    monkeypatch.setattr(making, "processors", lambda: 2)
    make_all(own[0], [ordered(own, word=str(n)) for n in range(6)])
    assert active[1] == 2


def test_a_folder_that_cannot_be_written_is_an_error_of_the_report(
    own: tuple[Settings, Report], written: list[str]
) -> None:
    own[0].reports_dir.write_text("")
    made = make(own[0], ordered(own))
    assert "cannot be written" in str(made.error)
    assert written == []


def test_what_papermill_cannot_do_with_a_notebook_is_an_error_of_the_report(
    own: tuple[Settings, Report],
) -> None:
    path = own[1].path
    path.write_text(
        path.read_text().replace('"metadata": {\n  "k', '"metadata": {"papermill": null, "k')
    )
    assert '"papermill": null' in path.read_text()
    (made,) = make_all(own[0], [ordered(own)])
    assert "says.ipynb cannot be made: TypeError" in str(made.error)


def test_modules_that_kernels_share_exist() -> None:
    """`multiprocessing` ignores those that it cannot import."""
    assert [name for name in making.PRELOADED if not importlib.util.find_spec(name)] == []


NAMED = Report("says", Path(), parameters=(Declared("word", "str", "", ""),))


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({}, "says"),
        ({"word": "2022-010"}, "says_2022-010"),
        ({"word": "New York", "times": 3}, "says_New-York_times-3"),
        ({"times": 3}, "says_times-3"),
    ],
)
def test_a_folder_has_a_readable_name(parameters: dict[str, str | int], name: str) -> None:
    assert folder_name(NAMED, parameters) == name


@pytest.mark.parametrize(
    ("parameters", "title"),
    [
        ({}, "Says it"),
        ({"word": "New York"}, "Says it: New York"),
        ({"times": 3, "word": "Ürümqi"}, "Says it: Ürümqi, times 3"),
    ],
)
def test_a_page_is_titled_by_its_parameters(parameters: dict[str, str | int], title: str) -> None:
    assert Order(replace(NAMED, title="Says it"), parameters).title == title


def test_different_values_have_different_folders() -> None:
    words = ["52.5, 13.4", "52-5, 13-4", "São", "Sao", "../..", "x" * 200, "x" * 201, "a/b", "a\\b"]
    names = [folder_name(NAMED, {"word": word}) for word in words]
    assert len(set(names)) == len(words)
    assert [name for name in names if not name.startswith("says") or {*name} & {*"./\\"}] == []
    assert max(map(len, names)) < 100


def test_different_parameters_have_different_folders() -> None:
    given = [
        {"word": "x", "times": "y"},
        {"word": "x_times-y"},
        {"times": "y"},
        {"word": "times-y"},
        {"word": "x", "a": "b_times-y"},
        {"word": "x", "a": "b", "times": "y"},
        {"word": ["a", "b"]},
        {"word": ["a,b"]},
    ]
    parameters = tuple(Declared(name, "str", "", "") for name in ("word", "times", "a"))
    names = [folder_name(replace(NAMED, parameters=parameters), each) for each in given]
    other = replace(NAMED, name="says_x")
    names.append(folder_name(other, {"word": "y"}))
    names.append(folder_name(NAMED, {"word": "x_y"}))
    assert len(set(names)) == len(names)
    assert names[0] == "says_x_times-y"


def test_reports_are_found_with_their_parameters(own: tuple[Settings, Report]) -> None:
    found = {each.name: each for each in find_reports(own[0])}
    assert found.keys() >= {"booster", "fleet", "launch", "place", "says"}
    assert found["launch"].title == "A launch and what became of it"
    assert found["launch"].parameters[0].help.startswith("name or designator")
    assert found["place"].default("nights") == 3
    assert found["says"].is_own
    assert not any(each.problem for each in found.values())


@pytest.mark.parametrize(
    ("name", "write", "problem"),
    [
        ("launch", partial(write_notebook, parameters=OWN), "has a name that is taken"),
        ("compare", partial(write_notebook, parameters=OWN), "has a name that is taken"),
        ("broken", partial(Path.write_text, data="{}"), "is not a runnable notebook"),
        ("empty", partial(Path.write_text, data=""), "is not a runnable notebook"),
        ("deep", partial(Path.write_text, data="[" * 100_000), "is not a runnable notebook"),
    ],
)
def test_a_notebook_that_is_no_report_says_why_and_harms_no_other(
    own: tuple[Settings, Report], name: str, write: Callable[[Path], object], problem: str
) -> None:
    settings, report = own
    write(report.path.with_name(f"{name}.ipynb"))
    found = [each for each in find_reports(settings) if each.is_own]
    assert [problem in each.problem for each in found if each.name == name] == [True]
    assert [each.problem for each in found if each.name == "says"] == [""]


def test_an_unknown_report_is_named_with_the_nearest(own: tuple[Settings, Report]) -> None:
    with pytest.raises(NotebookError, match=r"no report 'lunch'; did you mean launch\?"):
        find_report(own[0], "lunch")
    own[1].path.write_text("{}")
    with pytest.raises(NotebookError, match="says cannot be made"):
        find_report(own[0], "says")


def test_an_executed_notebook_without_a_verdict_has_no_headline(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "a.ipynb", OWN, SAYS)
    assert making.headline(path) == ""
