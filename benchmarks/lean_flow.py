"""The leanest flow: four lists, each fetched, flattened and loaded; twelve tasks and nothing else.

Run it with `python -m benchmarks.lean_flow URL DATABASE`. A run of the project is compared with it.
"""

import json
import sqlite3
import sys
from contextlib import closing
from typing import Any

import requests
from prefect import flow, task

LISTS = ("launches", "rockets", "launchpads", "starlink")


@task
def extract(base_url: str, name: str) -> list[dict[str, Any]]:
    """Fetch a list."""
    response = requests.get(f"{base_url}/{name}", timeout=30)
    response.raise_for_status()
    records: list[dict[str, Any]] = response.json()
    return records


@task
def transform(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write nested values as JSON."""
    return [
        {
            key: json.dumps(value) if isinstance(value, dict | list) else value
            for key, value in record.items()
        }
        for record in records
    ]


@task
def load(database: str, name: str, rows: list[dict[str, Any]]) -> int:
    """Replace a table, and return its number of rows."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    names, places = ", ".join(f'"{each}"' for each in columns), ", ".join("?" * len(columns))
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(f'DROP TABLE IF EXISTS "{name}"')
        connection.execute(f'CREATE TABLE "{name}" ({names})')
        connection.executemany(
            f'INSERT INTO "{name}" VALUES ({places})',
            [[row.get(each) for each in columns] for row in rows],
        )
    return len(rows)


@flow
def lean(base_url: str, database: str) -> dict[str, int]:
    """Fetch, flatten and load each list."""
    return {name: load(database, name, transform(extract(base_url, name))) for name in LISTS}


if __name__ == "__main__":
    print(lean(*sys.argv[1:3]))
