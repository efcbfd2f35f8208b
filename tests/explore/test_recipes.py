"""The recipes of the notebooks and of `docs/exploring.md` on a few rows, each with its result."""

import ast
import re
import sqlite3
from collections.abc import Iterator
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import nbformat
import pandas as pd
import pytest

from spacex.analysis import source_coverage
from spacex.settings import PROJECT
from spacex.warehouse.views import apply_views
from tests.example_rows import empty_database, insert_row

COOKBOOK = PROJECT / "notebooks" / "explore" / "sql_cookbook.ipynb"
BOOSTERS = PROJECT / "notebooks" / "explore" / "launches_and_boosters.ipynb"
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


ARCHIVE = ("2006-01-01T00:00:00Z", "2022-10-06T00:00:00Z")
LIBRARY = ("2026-08-22T00:00:00Z", "2026-08-23T00:00:00Z")
"""The time that two sources of launches cover, and a gap between."""


def answers_across_the_gap(
    connection: sqlite3.Connection, question: str
) -> list[tuple[object, ...]]:
    """Return the rows of a recipe where two sources with a gap between cover the launches."""
    apply_views(connection)
    connection.execute("DROP VIEW v_coverage")
    connection.execute("CREATE TABLE v_coverage (subject, source, from_utc, to_utc)")
    for span in (ARCHIVE, LIBRARY):
        connection.execute("INSERT INTO v_coverage VALUES ('launches', 'x', ?, ?)", span)
    return connection.execute(recipe(question)).fetchall()


def insert_flight(
    connection: sqlite3.Connection, serial: str, flight: int | None, date_utc: str
) -> None:
    """Insert a flight of a booster on a launch of its own, not reused, that landed."""
    launch = f"{serial} {date_utc}"
    insert_launch(connection, launch, date_utc)
    used = {"core_id": serial, "core_index": 1, "flight": flight, "is_reused": 0}
    landed = {"landing_attempt": 1, "landing_success": 1}
    insert_row(connection, "launch_cores", launch_id=launch, **used, **landed)


def test_a_booster_has_the_flights_of_its_number_and_days_between_known_neighbours(connection):
    for serial in ("B1", "B2"):
        insert_row(connection, "cores", core_id=serial, serial=serial)
    for flight, month in ((1, "01"), (2, "02"), (4, "06")):
        insert_flight(connection, "B1", flight, f"2022-{month}-01T00:00:00Z")
    for flight, date in ((1, "2022-09-01T00:00:00Z"), (9, "2026-08-22T12:00:00Z")):
        insert_flight(connection, "B2", flight, date)
    rows = answers_across_the_gap(connection, "Which boosters flew most?")
    assert rows == [
        ("B2", 9, 2, 2, 7, "2022-09-01", "2026-08-22", None),
        ("B1", 4, 3, 3, 1, "2022-01-01", "2022-06-01", 31),
    ]
    soonest = connection.execute(recipe("Which boosters flew again soonest?"))
    assert [(row[0], row[1], row[3]) for row in soonest] == [("B1", 2, 31)]


def test_a_share_of_the_latest_launches_does_not_cross_a_gap(connection):
    for day in range(1, 23):
        insert_flight(connection, "B1", None, f"2022-09-{day:02}T00:00:00Z")
    insert_flight(connection, "B1", None, "2026-08-22T12:00:00Z")
    rows = answers_across_the_gap(connection, "What share of launches flew on used boosters?")
    assert [(row[1][:10], *row[2:]) for row in rows] == [
        (f"2022-09-{day}", 0, ARCHIVE[1]) for day in (20, 21, 22)
    ]


def test_a_pause_lasts_from_the_end_of_one_date_to_the_start_of_the_next(connection):
    insert_row(connection, "launchpads", launchpad_id="slc", name="SLC 40")
    insert_launch(connection, "a", "2022-01-01T00:00:00Z")
    insert_launch(connection, "b", "2022-03-31T00:00:00Z", date_precision="month")
    insert_launch(connection, "c", "2022-05-01T00:00:00Z")
    insert_launch(connection, "d", "2026-08-22T12:00:00Z")
    rows = answers_across_the_gap(connection, "Which launch ended the longest pause, at each site?")
    assert rows == [("SLC 40", "b", "Mar 2022", 59)]


def run_cell(start: str, **names: Any) -> dict[str, Any]:
    """Run the cell of the notebook on launches and boosters that starts so; return its names."""
    cells = nbformat.read(BOOSTERS, as_version=4).cells
    (source,) = (cell.source for cell in cells if cell.source.startswith(start))
    names |= {"pd": pd, "source_coverage": source_coverage, "spans": [ARCHIVE, LIBRARY]}
    exec(source, names)  # noqa: S102
    return names


def test_the_running_median_of_waits_does_not_cross_a_gap():
    before = pd.date_range("2022-09-01", periods=20, freq="D", tz="UTC")
    after = pd.date_range("2026-08-22", periods=16, freq="h", tz="UTC")
    flown = pd.DataFrame({"date_utc": [*before, *after], "name": "", "is_flown": True})
    shown: list[dict[str, Any]] = []
    show = SimpleNamespace(cards=shown.append)
    waits = run_cell("waits = flown", flown=flown, show=show)["waits"]
    assert waits["median_days"].round(3).value_counts().to_dict() == {1: 5, 0.042: 1}
    assert shown[0]["median of the latest 15, days"] == 0


def test_a_turnaround_across_a_gap_is_unknown():
    dates = pd.to_datetime(["2022-08-01", "2022-09-01", "2026-08-22"], utc=True)
    flights = {"core_id": "c", "serial": "B1", "date_utc": dates, "landing": "landed"}
    landings = pd.DataFrame({**flights, "landing_type": "ASDS"})
    boosters = pd.DataFrame({"serial": ["B1"], "flights": [9]})
    spacex = SimpleNamespace(boosters=lambda: boosters)
    careers = run_cell("flights = landings", landings=landings, spacex=spacex)["careers"]
    assert careers["turnaround_days"].fillna(-1).tolist() == [-1, 31, -1]
