"""The plan of reports: what is in the file, and what is wrong with it."""

from pathlib import Path

import pytest

from spacex.errors import SettingsError
from spacex.notebook.reports.report_plan import (
    EXAMPLE,
    Planned,
    checked_plan,
    plan_path,
    read_plan,
    write_example,
)
from spacex.settings import Settings
from tests import stages


def planned(settings: Settings, text: str) -> list[Planned]:
    plan_path(settings).parent.mkdir(exist_ok=True)
    plan_path(settings).write_text(text)
    return read_plan(settings)


def test_without_a_file_nothing_is_planned(settings: Settings) -> None:
    assert read_plan(settings) == []


def test_the_example_plans_nothing_until_its_entries_are_uncommented(settings: Settings) -> None:
    assert write_example(settings) == plan_path(settings)
    assert read_plan(settings) == []
    uncommented = "\n".join(line.removeprefix("# ") for line in EXAMPLE.splitlines()[3:] if line)
    week, place = planned(settings, uncommented)
    assert week == Planned(report="week", after_load=True, keep=8)
    assert place == Planned(
        report="place",
        parameters={"place": "Berlin", "nights": 3},
        cron="0 15 * * *",
        mail=("someone@example.org",),
        webhook=True,
    )


def test_a_plan_is_never_overwritten(settings: Settings) -> None:
    planned(settings, "report = []")
    assert write_example(settings) is None
    assert plan_path(settings).read_text() == "report = []"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[report", "cannot be read"),
        ("[[reports]]", "unknown field `reports`"),
        ('[[report]]\nreport = "week"\nafter = true', "unknown field `after`"),
        ("[[report]]\nafter_load = true", "missing required field `report`"),
        ('[[report]]\nreport = "week"\nafter_load = 1', r"Expected `bool`, got `int`"),
        ('[[report]]\nreport = "week"', r"report 1 \(week\): neither after_load nor cron"),
        ('[[report]]\nreport = "week"\ncron = "daily"', "'daily' is not a cron schedule"),
        ('[[report]]\nreport = "week"\ncron = "@daily"\nkeep = -1', "keep is -1, which is below 0"),
        ('[[report]]\nreport = "week"\ncron = "@daily"\nmail = ["me"]', "'me' is not a mail"),
        (
            '[[report]]\nreport = "week"\ncron = "@daily"\nmail = ["a@b\\nBcc: c@d"]',
            "is not a mail address",
        ),
        (
            '[[report]]\nreport = "week"\ncron = "@daily"\nmail = ["evil@bad.org(@example.org"]',
            "is not a mail address",
        ),
    ],
)
def test_what_is_wrong_is_named_with_the_file(settings: Settings, text: str, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem) as caught:
        planned(settings, text)
    assert str(plan_path(settings)) in caught.value.message


@pytest.mark.parametrize(
    ("value", "shown"),
    [("[3]", r"\[3\]"), ("2026-11-01", "2026-11-01"), ("{ a = 1 }", r"\{'a': 1\}")],
)
def test_a_parameter_of_another_type_is_named(settings: Settings, value: str, shown: str) -> None:
    entries = '[[report]]\nreport = "week"\nafter_load = true\n[[report]]\nreport = "place"\n'
    named = rf"report 2 \(place\): its parameter place is {shown}, and must be a text in quotes"
    with pytest.raises(SettingsError, match=named):
        planned(settings, f"{entries}parameters = {{ nights = 3, place = {value} }}")


def test_an_empty_list_makes_no_report_and_is_named(sampled: Settings) -> None:
    entry = Planned(report="place", parameters={"place": []}, after_load=True)
    (checked,) = checked_plan(sampled, [entry])
    assert checked.order is None
    assert checked.problem == "place is an empty list. Give a value, or leave it out."


def test_a_file_that_cannot_be_read_is_named(settings: Settings) -> None:
    plan_path(settings).mkdir(parents=True)
    with pytest.raises(SettingsError, match=r"reports\.toml cannot be read"):
        read_plan(settings)


def test_an_entry_that_cannot_be_made_does_not_hide_the_others(
    sampled: Settings, tmp_path: Path
) -> None:
    entries = [
        Planned(report="weak", after_load=True),
        Planned(report="booster", parameters={"booster": "B9999"}, after_load=True),
        Planned(report="fleet", after_load=True),
    ]
    missing, unknown, right = checked_plan(sampled, entries)
    assert missing.problem.startswith("There is no report 'weak'; did you mean week?")
    assert "B9999" in unknown.problem
    assert (right.problem, right.order and right.order.name) == ("", "fleet")
    nowhere = stages.at(sampled, data_dir=tmp_path)
    assert all(each.problem for each in checked_plan(nowhere, entries))
