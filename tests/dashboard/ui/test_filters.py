"""Filters: their options, valid values and SQL conditions."""

import re

import pytest

from spacex.dashboard.app.database import PublishedDatabase
from spacex.dashboard.ui.filters import Choice, Filter, Range, all_of
from spacex.dashboard.ui.view import View
from spacex.settings import Settings

YEARS = Range("years", "Years", "year", "v_launches")
ROCKET = Choice("rocket", "Rocket", "rocket", "v_launches")
OFFERED = tuple(map(str, range(2006, 2023)))


def test_options_are_the_values_of_the_column(sampled: Settings) -> None:
    database = PublishedDatabase(sampled.database)
    assert ROCKET.options(database) == ("Falcon 1", "Falcon 9", "Falcon Heavy", "Starship")
    assert YEARS.options(database)[::18] == ("2006", "2025")


@pytest.mark.parametrize(
    ("each", "value", "valid"),
    [
        (YEARS, "2010-2012", "2010-2012"),
        (YEARS, "2012-2010", "2010-2012"),
        (YEARS, "2006-2022", ""),
        (YEARS, "1999-2010", ""),
        (YEARS, "2010", ""),
        (YEARS, "2010-2011-2012", ""),
        (YEARS, "2010-2012) OR (1=1", ""),
        (ROCKET, "2010", "2010"),
        (ROCKET, "' OR 1=1 --", ""),
    ],
)
def test_only_options_are_valid(each: Filter, value: str, valid: str) -> None:
    assert each.validate(value, OFFERED) == valid
    assert each.knows(value, OFFERED) is (bool(valid) or value == "2006-2022")  # the whole range


@pytest.mark.parametrize(
    ("end", "to", "before", "after"),
    [
        ("from", "2015", "2010-2012", "2015-2015"),
        ("to", "2008", "2010-2012", "2008-2008"),
        ("from", "2011", "2010-2012", "2011-2012"),
        ("to", "2011", "", "2006-2011"),
        ("from", "2011", "", "2011-2022"),
    ],
)
def test_a_range_never_ends_before_it_starts(end: str, to: str, before: str, after: str) -> None:
    assert YEARS.move_end(end, to, before, OFFERED) == after


@pytest.mark.parametrize(
    ("value", "ends"), [("", ["2006", "2022"]), ("2010-2012", ["2010", "2012"])]
)
def test_the_control_of_a_range_shows_its_ends(value: str, ends: list[str]) -> None:
    control = str(YEARS.control(value, OFFERED))
    assert re.findall(r"'value': '(\d+)', 'selected'", control) == ends


@pytest.mark.parametrize("each", [YEARS, ROCKET])
def test_a_click_selects_and_a_second_one_clears(each: Filter) -> None:
    alone = each.toggle("2010", "")
    assert each.selected_values(alone) == ["2010"]
    assert each.toggle("2010", alone) == ""
    assert each.selected_values("") == []


def test_conditions_are_combined() -> None:
    assert all_of([]) == ("TRUE", ())
    sql, values = all_of([YEARS.condition("2010-2012"), ROCKET.condition("Falcon 9")])
    assert sql.count("?") == len(values) == 3


def view(settings: Settings, **values: str) -> View:
    return View(PublishedDatabase(settings.database), (YEARS, ROCKET), values)


@pytest.mark.attack("inject SQL by a filter", "bound as a value")
def test_filter_values_are_bound_at_the_placeholder(sampled: Settings) -> None:
    found = view(sampled, years="2010-2012", rocket="Falcon 9").query(
        """SELECT ? AS first, count(*) AS launches, ? AS second,
                  (SELECT count(*) FROM v_launches WHERE {filters}) AS again
           FROM v_launches WHERE {filters} AND outcome <> ?""",
        *("a", "b", "planned"),
    )
    assert found.to_dict("records") == [{"first": "a", "launches": 4, "second": "b", "again": 4}]


def test_a_filter_can_be_excluded(sampled: Settings) -> None:
    filtered = view(sampled, years="2010-2012", rocket="Falcon 1")
    sql = "SELECT count(*) AS launches FROM v_launches WHERE {filters}"
    assert filtered.query(sql)["launches"].item() == 0
    assert filtered.query(sql, exclude="rocket")["launches"].item() == 4
