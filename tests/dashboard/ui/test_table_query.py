"""Queries of long tables: searched, sorted and paged."""

import pytest

from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.pages.data.data_page import COLUMN_ROWS
from spacex.dashboard.pages.launches.launches_page import ROWS
from spacex.dashboard.ui.table_query import PAGE_ROWS
from spacex.dashboard.ui.view import View
from spacex.settings import Settings


def view(settings: Settings, **values: str) -> View:
    return View(PublishedDatabase(settings.database), (), values)


@pytest.mark.attack("inject SQL by the search", "searched for as text")
@pytest.mark.parametrize(
    ("search", "found"),
    [("", 596), ("RATSAT", 1), ("%", 0), ("_", 0), ("\\", 0), ("' OR 1=1 --", 0), ("?", 0)],
)
def test_special_characters_are_searched_for_literally(
    sampled: Settings, search: str, found: int
) -> None:
    assert ROWS.total(view(sampled, launches_search=search)) == found


@pytest.mark.attack("inject SQL by the order of a table", "ignored")
def test_only_columns_of_the_table_can_be_sorted_by(sampled: Settings) -> None:
    names = ROWS.rows(view(sampled, launches_sort="name"), 0)["name"].tolist()
    assert names == sorted(names)
    numbers = ROWS.rows(view(sampled, launches_sort="-payload_mass_kg"), 0)["payload_mass_kg"]
    assert numbers.is_monotonic_decreasing
    assert ROWS.sort(view(sampled, launches_sort="name; DROP TABLE launches")) == ROWS.order


def test_past_launches_come_first_newest_on_top(sampled: Settings) -> None:
    shown = ROWS.rows(view(sampled), 0)
    assert "planned" not in set(shown["outcome"])
    assert shown["date_utc"].is_monotonic_decreasing


STARTS = {"": 0, "15": 15, "20": 15, "9999": 195, "-1": 0, "x": 0, "²": 0}


@pytest.mark.parametrize(("row", "start"), STARTS.items())
def test_the_first_row_is_always_valid(sampled: Settings, row: str, start: int) -> None:
    assert ROWS.start(view(sampled, launches_row=row), 205) == start
    assert ROWS.start(view(sampled, launches_row=row), 0) == 0


def test_the_data_dictionary_begins_with_content_tables(sampled: Settings) -> None:
    shown = COLUMN_ROWS.rows(view(sampled), 0)
    assert len(shown) == PAGE_ROWS
    assert not shown["table_name"].str.startswith("_").any()
