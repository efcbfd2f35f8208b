"""Reports of the plan: made, kept, and told of once."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from filelock import FileLock

from spacex.notebook.reports.making import make_all, order
from spacex.notebook.reports.report_notebooks import Report, find_report
from spacex.notebook.reports.report_plan import Planned, plan_path
from spacex.pipeline.planned_reports import make_after_load, make_planned
from spacex.settings import Settings
from tests import stages
from tests.clock import Clock
from tests.conftest import free_port
from tests.notebook.reports.test_making import own, written  # noqa: F401 - fixtures
from tests.notebook.small_notebook import write_notebook
from tests.replica import Replica
from tests.smtp_server import MailServer


@pytest.fixture
def receiver() -> Iterator[Replica]:
    with Replica(Path("/none")) as server:
        yield server


@pytest.mark.usefixtures("written")
def test_a_report_is_kept_by_date_and_told_of_when_it_is_new(
    own: tuple[Settings, object],  # noqa: F811
    receiver: Replica,
) -> None:
    with MailServer() as mails, Clock("2026-11-01") as clock:
        settings = stages.at(
            own[0],
            smtp_url=mails.url,
            mail_to="@example.org",
            webhook_url=f"{receiver.url}/hook",
            reports_url="http://127.0.0.1:8866/reports/",
        )
        entry = Planned(
            report="says",
            parameters={"word": "a"},
            after_load=True,
            keep=2,
            mail=("a@example.org",),
            webhook=True,
        )
        for date in ("2026-11-01", "2026-11-01", "2026-11-02", "2026-11-03"):
            clock.set(date)
            (made,), problems = make_planned(settings, [entry])
            assert problems == []
    assert made.page
    pages = {path.name for path in made.page.parent.glob("*.html")}
    assert pages == {"says.html", "says_2026-11-02.html", "says_2026-11-03.html"}
    assert len(mails.received) == 3
    posted = [json.loads(body) for _, body in receiver.posted]
    assert [each["page"] for each in posted] == 3 * [
        "http://127.0.0.1:8866/reports/says_a/says.html"
    ]


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("at_once", [False, True])
def test_of_the_entries_of_a_page_the_one_that_keeps_most_copies_counts(
    own: tuple[Settings, object],  # noqa: F811
    *,
    at_once: bool,
) -> None:
    settings, page = own[0], own[0].reports_dir / "says_a" / "says.html"
    entries = [
        Planned(report="says", parameters={"word": "a"}, cron="@daily", keep=count)
        for count in (0, 1, 3)
    ]
    text = "".join(
        f'[[report]]\nreport = "says"\nparameters = {{ word = "a" }}\ncron = "@daily"\n'
        f"keep = {each.keep}\n"
        for each in entries
    )
    plan_path(settings).write_text(text)

    def days() -> list[str]:
        return sorted(path.stem[-2:] for path in page.parent.glob("says_*.html"))

    with Clock("2026-11-01") as clock:
        for day in range(1, 6):
            clock.set(f"2026-11-0{day}")
            for some in [entries] if at_once else [[each] for each in entries]:
                assert make_planned(settings, some)[1] == []
        assert days() == ["03", "04", "05"]
        clock.set("2026-11-06")
        plan_path(settings).write_text("[[report")
        (problem,) = make_planned(settings, entries[1:2])[1]
        assert (days(), "cannot be read" in problem) == (["03", "04", "05", "06"], True)
        clock.set("2026-11-07")
        plan_path(settings).write_text("")
        assert make_planned(settings, entries[1:2])[1] == []
        assert days() == ["07"]


@pytest.mark.usefixtures("written")
def test_a_page_that_was_made_before_is_told_to_those_who_do_not_have_it(
    own: tuple[Settings, Report],  # noqa: F811
) -> None:
    entry = Planned(report="says", parameters={"word": "a"}, after_load=True)
    told = [msgspec.structs.replace(entry, mail=(it,)) for it in ("a@b.org", "c@b.org", "a@b.org")]
    with MailServer() as mails, Clock("2026-11-01"):
        settings = stages.at(own[0], smtp_url=mails.url, mail_to="@b.org")
        make_all(settings, [order(own[1], {"word": "a"}, settings.database)])  # by hand
        for each in (entry, *told):
            (made,), problems = make_planned(settings, [each])
            assert (made.is_reused, problems) == (True, [])
        assert make_planned(settings, told)[1] == []
    assert [mail.to for mail in mails.received] == [["a@b.org"], ["c@b.org"]]


@pytest.mark.usefixtures("written")
def test_who_could_not_be_told_is_told_next_time(
    own: tuple[Settings, object],  # noqa: F811
    receiver: Replica,
) -> None:
    entry = Planned(
        report="says",
        parameters={"word": "a"},
        after_load=True,
        mail=("a@b.org", "unknown@b.org"),
        webhook=True,
    )
    down = f"127.0.0.1:{free_port()}"
    failing = stages.at(own[0], smtp_url=f"smtp://{down}", webhook_url=f"http://{down}/hook")
    failing = stages.at(failing, mail_to="@b.org")
    with MailServer() as mails, Clock("2026-11-01"):
        _, problems = make_planned(failing, [entry])
        assert problems == [
            "The mail was not sent: ConnectionRefusedError",
            "The webhook was not reached: ConnectionError",
        ]
        working = stages.at(failing, smtp_url=mails.url, webhook_url=f"{receiver.url}/hook")
        for _ in range(2):
            _, problems = make_planned(working, [entry])
            assert problems == ["The mail to unknown@b.org was refused: 550"]
    assert [mail.to for mail in mails.received] == [["a@b.org"]]
    assert len(receiver.posted) == 1


@pytest.mark.usefixtures("written")
def test_a_notice_without_an_address_is_a_problem(own: tuple[Settings, object]) -> None:  # noqa: F811
    entry = Planned(report="says", parameters={"word": "a"}, after_load=True, webhook=True)
    assert make_planned(own[0], [entry])[1] == [
        "The notice was not posted: SPACEX_WEBHOOK_URL names no address"
    ]


@pytest.mark.usefixtures("written")
def test_no_problem_stops_the_others(own: tuple[Settings, object]) -> None:  # noqa: F811
    entries = [
        Planned(report="sais", after_load=True),
        Planned(report="says", parameters={"word": "bad"}, after_load=True),
        Planned(report="says", parameters={"word": "c"}, after_load=True, mail=("a@b.org",)),
    ]
    made, problems = make_planned(own[0], entries)
    assert [bool(each.page) for each in made] == [False, True]
    assert [problem.partition(":")[0] for problem in problems] == [
        "sais was not made",
        "says_bad was not made",
        "The mail was not sent",
    ]


def test_after_a_load_the_reports_for_it_are_made(
    own: tuple[Settings, object],  # noqa: F811
    written: list[str],  # noqa: F811
) -> None:
    settings = own[0]
    plan_path(settings).write_text(
        '[[report]]\nreport = "says"\nparameters = { word = "a" }\nafter_load = true\n'
        '[[report]]\nreport = "says"\nparameters = { word = "b" }\ncron = "@daily"\n'
    )
    made, problems = make_after_load(settings)
    assert ([each.order.name for each in made], problems, written) == (["says_a"], [], ["a"])
    plan_path(settings).write_text("[[report")
    made, (problem,) = make_after_load(settings)
    assert (made, "reports.toml cannot be read" in problem) == ([], True)


def test_after_a_load_ones_own_notebooks_with_a_number_are_executed_in_order(
    own: tuple[Settings, Report],  # noqa: F811
    written: list[str],  # noqa: F811
) -> None:
    settings, says = own
    parameters = {"20_second": 'word = "bad"', "10_first": 'word = "1"', "30_third": 'word = "3"'}
    for name, beside in parameters.items():
        shutil.copy(says.path, says.path.with_stem(name))
        says.path.with_name(f"{name}.toml").write_text(beside)
    for _ in range(2):  # also if nothing has changed
        made, problems = make_after_load(settings)
        assert [each.order.name for each in made] == ["10_first", "20_second", "30_third"]
        assert problems == ["20_second was not made: says stopped See it."]
    assert written == ["1", "bad", "3"] * 2
    plan_path(settings).write_text("[[report")
    made, problems = make_after_load(settings)
    assert (len(made), len(problems)) == (3, 2)


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    ("beside", "problem"),
    [
        (
            "wrod = 1",
            "which is no parameter of 10_odd.ipynb; did you mean word?",
        ),
        ("word =", "10_odd.toml cannot be read"),
        ("word = 2025-06-01\ntimes = { a = 1 }", "10_odd.toml: times is {'a': 1}."),
        ("times = 'many'", "times is 'many', and must be a whole number"),
    ],
)
def test_a_file_beside_that_cannot_be_used_is_a_problem_of_its_notebook(
    own: tuple[Settings, Report],  # noqa: F811
    beside: str,
    problem: str,
) -> None:
    settings, says = own
    for name in ("10_odd", "20_good"):
        shutil.copy(says.path, says.path.with_stem(name))
    says.path.with_name("10_odd.toml").write_text(beside)
    made, (said,) = make_after_load(settings)
    assert [each.order.name for each in made] == ["20_good"]
    assert said.startswith("10_odd was not made: ")
    assert problem in said


def test_values_beside_a_notebook_may_be_dates_and_have_dashes(
    own: tuple[Settings, Report],  # noqa: F811
) -> None:
    settings, says = own
    text = "\ufeffword = 2025-06-01"
    says.path.with_suffix(".toml").write_text(text, encoding="utf-8")
    assert find_report(settings, "says").beside == {"word": "2025-06-01"}
    write_notebook(says.path.with_name("dash.ipynb"), "least_km: int = 5")
    says.path.with_name("dash.toml").write_text("least-km = 6")
    assert find_report(settings, "dash").beside == {"least_km": 6}


@pytest.mark.usefixtures("written")
def test_two_notebooks_whose_pages_would_be_in_one_folder_are_told(
    own: tuple[Settings, Report],  # noqa: F811
) -> None:
    settings, says = own
    for name in ("10_a b", "10_a-b"):
        shutil.copy(says.path, says.path.with_stem(name))
    made, (problem,) = make_after_load(settings)
    assert [bool(each.page) for each in made] == [True, False]
    assert "has the page of 10_a b" in problem


def test_a_folder_of_notebooks_that_is_not_there_is_told(
    own: tuple[Settings, Report],  # noqa: F811
    tmp_path: Path,
) -> None:
    settings = own[0].model_copy(update={"notebooks": tmp_path / "none"})
    assert make_after_load(settings)[1] == [
        f"SPACEX_NOTEBOOKS: there is no folder {tmp_path / 'none'}."
    ]


@pytest.mark.usefixtures("written")
def test_a_report_that_another_process_makes_is_waited_for_at_most_the_limit(
    own: tuple[Settings, Report],  # noqa: F811
) -> None:
    settings = own[0].model_copy(update={"notebook_timeout_s": 1})
    ordered = order(own[1], {}, settings.database)
    locks = settings.reports_dir / ".locks"
    locks.mkdir(parents=True)
    with FileLock(locks / "says.lock"):
        (made,) = make_all(settings, [ordered])
    assert made.error
    assert made.error.message == "Another process has been making it for more than 1 s."
