"""The page Data shows what the checks found as the report does."""

from pathlib import Path

import pytest

from spacex.analysis import queries
from spacex.dashboard.pages.data.data_page import FINDING_COLUMNS
from spacex.dashboard.ui import table_columns


def test_a_finding_says_what_to_do(three_days: Path) -> None:
    found = queries.findings(three_days, str(queries.run(three_days)["run_id"]))
    problems = found[found["severity"] != "info"]
    if problems.empty:
        pytest.fail("the three days have no problem to show")
    shown = str(table_columns.table(found, FINDING_COLUMNS, "Findings"))
    for to_do in problems["what_to_do"]:
        assert to_do
        assert to_do in shown
