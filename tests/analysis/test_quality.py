"""The quality of a run: what is wrong, what that means, and what to do."""

import sqlite3
from contextlib import closing

import pytest

from spacex.analysis import queries
from spacex.analysis.quality import quality
from spacex.settings import Settings
from spacex.warehouse import checks, guards, list_growth
from tests import stages
from tests.analysis.test_verdict import one_list  # noqa: F401 - a fixture
from tests.clock import Clock


def shown(settings: Settings) -> list[tuple[str, str]]:
    """Return severity and finding of each row that is no fact."""
    rows = quality(settings)
    pairs = zip(rows["severity"], rows["finding"], strict=True)
    return [each for each in pairs if each[0] != "info"]


def test_what_is_in_order_is_said(one_list: Settings) -> None:  # noqa: F811
    with Clock("2026-11-24T12:00:00"):
        assert shown(one_list) == [
            ("in order", "The data of 1 live source are as fresh as promised."),
            ("in order", "No record was rejected."),
        ]


def test_each_stale_source_has_a_row_with_its_age_its_meaning_and_what_to_do(
    one_list: Settings,  # noqa: F811
) -> None:
    both = stages.at(one_list, sources="celestrak,gcat")
    with Clock("2026-11-27T12:00:00"):
        rows = quality(both)
    assert rows["severity"].tolist()[:3] == ["warning", "warning", "in order"]
    celestrak, gcat, *_ = rows["finding"]
    assert celestrak == (
        "CelesTrak (orbits): 3 days old, where at most 38 h are promised. What has happened since "
        "24 November 2026 is not in these figures."
    )
    assert gcat == (
        "GCAT by Jonathan McDowell (catalogue of objects and launches): no data. "
        "What it would tell is missing from these figures."
    )
    assert all("doctor" in each for each in rows["what_to_do"][:2])


def test_what_is_worst_is_first_and_each_problem_says_what_to_do(
    one_list: Settings,  # noqa: F811
) -> None:
    with closing(sqlite3.connect(one_list.database)) as database, database:
        database.execute("UPDATE _runs SET reject_count = 2")
        database.executemany(
            "INSERT INTO _findings VALUES ('2026-11-24', ?, ?, 'starlink', 1, ?, '')",
            [
                ("unlisted", "info", "fact"),
                ("shared names", "warning", "names"),
                ("truncated GP list", "error", "list"),
            ],
        )
    with Clock("2026-11-24T12:00:00"):
        rows = quality(one_list)
    order = ["error", "warning", "warning", "in order", "info"]
    assert rows["severity"].tolist() == [*order, *["info"] * (len(rows) - len(order))]
    problems = rows[rows["severity"].isin(["error", "warning"])]
    assert problems["what_to_do"].str.len().gt(0).all()
    assert "--accept-shrink" in rows["what_to_do"][0]
    assert rows["finding"][2] == "names."


def test_the_sample_and_the_data_of_a_date_are_called_so(one_list: Settings) -> None:  # noqa: F811
    with closing(sqlite3.connect(one_list.database)) as database, database:
        database.execute("UPDATE _runs SET as_of_utc = '2026-11-24T23:59:59Z'")
    assert shown(one_list)[0][0] == "in order"
    assert "known on 24 November 2026" in shown(one_list)[0][1]
    with closing(sqlite3.connect(one_list.database)) as database, database:
        database.execute("UPDATE _runs SET is_simulated = 1")
    (severity, finding), *_ = shown(one_list)
    assert (severity, finding) == (
        "warning",
        "This is the bundled sample: its fleet is simulated.",
    )


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.name)
def test_each_check_that_warns_has_advice(check: checks.Check) -> None:
    assert bool(check.advice) is (check.severity != "info")


def test_findings_of_the_guards_have_advice(one_list: Settings) -> None:  # noqa: F811
    names = {**guards.ADVICE, **list_growth.ADVICE, "orphans launch_cores.core_id": ""}
    with closing(sqlite3.connect(one_list.database)) as database, database:
        database.executemany(
            "INSERT INTO _findings VALUES ('2026-11-24', ?, 'error', 'starlink', 1, '', '')",
            [(name,) for name in names],
        )
    found = queries.findings(one_list.database, "2026-11-24").set_index("check_name")
    assert all(len(found["what_to_do"][name]) > 9 for name in names)
