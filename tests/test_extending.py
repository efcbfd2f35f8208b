"""The declarations of docs/extending.md work as they stand."""

import re
import sqlite3
from dataclasses import replace
from textwrap import dedent
from typing import Any

import pytest

from spacex.schema import TABLES
from spacex.schema.ddl import create_table
from spacex.settings import PROJECT
from spacex.transform.rows import read_rows

EXTENDING = (PROJECT / "docs" / "extending.md").read_text()


def declarations(name: str) -> dict[str, Any]:
    """Return all that the block which declares a name declares."""
    blocks = re.findall(r"^ *```python\n(.*?)^ *```", EXTENDING, re.MULTILINE | re.DOTALL)
    (code,) = [block for block in blocks if f"{name} = " in block]
    declared: dict[str, Any] = {}
    exec(dedent(code), declared)  # noqa: S102 - our own page
    return declared


def test_the_column_is_made_with_its_limit() -> None:
    rockets, mass = TABLES["rockets"], declarations("FAIRING_MASS")["FAIRING_MASS"]
    table = replace(rockets, columns=(*rockets.columns, mass))
    database = sqlite3.connect(":memory:")
    database.execute(create_table(table))
    required = [column.name for column in table.columns if column.required]
    into = f"INSERT INTO rockets ({', '.join(required)}, fairing_mass_kg) VALUES "  # noqa: S608
    database.execute(f"{into} ({'1, ' * len(required)} 1900.5)")
    with pytest.raises(sqlite3.IntegrityError, match="fairing_mass_kg"):
        database.execute(f"{into} ({'2, ' * len(required)} -1)")


def test_the_source_fills_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    table = declarations("FAIRINGS")["FAIRINGS"]
    monkeypatch.setitem(TABLES, table.name, table)
    (endpoint,) = declarations("PARTS")["PARTS"].endpoints.values()
    (rows,) = read_rows([{"id": "half one"}, {"other": "two"}], endpoint.mappings)
    assert (rows.table, rows.rows, len(rows.rejects)) == ("fairings", [["half one"]], 1)
    database = sqlite3.connect(":memory:")
    database.execute(create_table(table))
    database.executemany("INSERT INTO fairings VALUES (?)", rows.rows)
