"""The recipes of the cookbook and of `docs/exploring.md` on a few rows, each with its result."""

import ast
import re
import sqlite3
from collections.abc import Iterator
from itertools import pairwise

import nbformat
import pytest

from spacex.settings import PROJECT
from spacex.warehouse.views import apply_views
from tests.example_rows import empty_database, insert_row

COOKBOOK = PROJECT / "notebooks" / "explore" / "sql_cookbook.ipynb"
EXPLORING = PROJECT / "docs" / "exploring.md"


def recipe(question: str) -> str:
    """Return the query that answers a question of the cookbook or of the page on exploring."""
    cells = nbformat.read(COOKBOOK, as_version=4).cells
    for heading, cell in pairwise(cells):
        if heading.source.startswith(f"## {question}"):
            texts = [node.value for node in ast.walk(ast.parse(cell.source))
                     if isinstance(node, ast.Constant)]  # fmt: skip
            return next(str(text) for text in texts if re.match("SELECT|WITH", str(text)))
    _, _, below = EXPLORING.read_text().partition(question)
    return re.findall("```sql\n(.*?)```", below, re.DOTALL)[0]


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with empty_database() as connection:
        yield connection


def answers(connection: sqlite3.Connection, question: str) -> list[tuple[object, ...]]:
    """Return the rows of a recipe."""
    apply_views(connection)
    return connection.execute(recipe(question)).fetchall()


def insert_launch(
    connection: sqlite3.Connection, name: str, date_utc: str, **values: object
) -> None:
    """Insert an orbital launch that succeeded, of a Falcon 9."""
    launch = {"launch_id": name, "name": name, "date_utc": date_utc, "date_precision": "minute"}
    launch |= {"rocket_id": "f9", "launchpad_id": "slc", "success": 1, "launch_class": "orbital"}
    insert_row(connection, "launches", **launch | values)


def test_the_reliability_of_a_rocket_is_that_of_its_orbital_launches(connection):
    for rocket, name in (("f9", "Falcon 9"), ("s", "Starship")):
        insert_row(connection, "rockets", rocket_id=rocket, name=name)
    insert_launch(connection, "flown", "2024-01-01T00:00:00Z")
    insert_launch(connection, "pad", "2016-09-01T00:00:00Z", success=0, launch_class="pad loss")
    insert_launch(connection, "hop", "2024-03-01T00:00:00Z", rocket_id="s", success=0,
                  launch_class="suborbital")  # fmt: skip
    assert answers(connection, "How reliable is each rocket?") == [("Falcon 9", 1, 1, 100.0)]


@pytest.mark.parametrize(
    ("decay", "counted"),
    [
        ({"decay_date": "2025-01-12"}, [("v2 Mini", 1, 180)]),
        ({"decay_date": "2024-01-01", "decay_precision": "year"}, []),
        ({"decay_date": "2025-03-05", "decay_is_uncertain": 1}, []),
        ({"decay_date": "2025-01-12", "launch_date": None}, []),
    ],
)
def test_only_decays_of_a_known_day_have_an_age(connection, decay, counted):
    satellite = {"norad_cat_id": 60001, "version": "v2 Mini", "launch_date": "2024-07-12"}
    satellite |= {"is_decayed": 1, "decay_precision": "day", "decay_is_uncertain": 0}
    insert_row(connection, "starlink", **satellite | decay)
    assert answers(connection, "How long did re-entered satellites live?") == counted


def test_a_launch_of_an_unknown_month_is_in_none(connection):
    insert_launch(connection, "a", "2024-05-31T23:59:00Z")
    insert_launch(connection, "b", "2024-06-30T00:00:00Z", date_precision="month")
    insert_launch(connection, "c", "2024-06-30T00:00:00Z", date_precision="quarter")
    months = [row[:2] for row in answers(connection, "Which were the busiest months?")]
    assert months == [("2024-05", 1), ("2024-06", 1)]
