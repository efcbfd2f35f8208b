"""The controls of long tables: pages and order."""

import pytest

from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import Column
from spacex.dashboard.ui.table_panels import PagedTablePanel, _sort_heading, pager
from spacex.dashboard.ui.table_query import TableQuery
from spacex.dashboard.ui.view import View
from spacex.settings import Settings


@pytest.mark.parametrize(
    ("start", "previous", "following", "disabled"),
    [
        (0, "", "25", [True, False]),
        (10, "", "35", [False, False]),
        (25, "", "50", [False, False]),
        (50, "25", "60", [False, True]),
    ],
)
def test_a_page_leads_to_those_beside_it(
    start: int, previous: str, following: str, disabled: list[bool]
) -> None:
    """The first page is that of an address without a row."""
    _, *buttons = pager(start, total=60, size=25)
    assert [each[1]["data-value"] for each in buttons] == [previous, following]
    assert ["disabled" in each[1] for each in buttons] == disabled


@pytest.mark.parametrize(
    ("is_number", "sort", "then", "symbol"),
    [
        (False, "", "field", ""),
        (False, "field", "-field", "▲"),
        (False, "-field", "field", "▼"),
        (True, "", "-field", ""),
        (True, "-field", "field", "▼"),
        (True, "field", "-field", "▲"),
    ],
)
def test_a_heading_turns_the_order_and_begins_with_what_people_look_for(
    *, is_number: bool, sort: str, then: str, symbol: str
) -> None:
    """Names from A on, numbers from the largest."""
    shown = str(_sort_heading(Column("Label", str, "field", is_number), sort))
    assert f"'data-value': '{then}'" in shown
    assert [each for each in "▲▼" if each in shown] == [*symbol]


def test_a_long_table_shows_what_was_sought_and_a_page_of_it(sampled: Settings) -> None:
    name = Column("Name", lambda row: str(row["name"]), "name")
    select = "SELECT name FROM launches WHERE {filters}"
    query = TableQuery(name="x", select=select, columns=[name], search=["name"], order="name")
    panel = PagedTablePanel("Launches", query, State())
    database = PublishedDatabase(sampled.database)
    panel.show(View(database, (), {"x_search": "sat"}))
    title, bar, table = panel._markup.tree
    assert title == ["h3", {}, "Launches"]
    assert "'value': 'sat'" in str(bar)
    count = len(database.query("SELECT 1 FROM launches WHERE name LIKE '%sat%'"))
    assert f"1–15 of {count}" in str(bar)
    assert str(table).count("'tr'") == 1 + 15
