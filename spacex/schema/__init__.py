"""Every table of the database, declared once.

The DDL, the frame validation, the data dictionary and the `_columns` table derive from `TABLES`.
"""

from spacex.schema import (
    bookkeeping,
    catalogue,
    forecasts,
    history,
    launches,
    reference,
    space_weather,
    starlink,
)
from spacex.schema.column import Column, Kind, Table

SCHEMA_VERSION = 9
"""`PRAGMA user_version` of the database. Increase it whenever a table changes."""

CONTENT_TABLES: tuple[Table, ...] = (
    *reference.TABLES,
    *launches.TABLES,
    *starlink.TABLES,
    *catalogue.TABLES,
    *space_weather.TABLES,
    *forecasts.TABLES,
    *history.TABLES,
)
BOOKKEEPING_TABLES: tuple[Table, ...] = bookkeeping.TABLES
TABLES: dict[str, Table] = {table.name: table for table in (*CONTENT_TABLES, *BOOKKEEPING_TABLES)}

__all__ = [
    "BOOKKEEPING_TABLES",
    "CONTENT_TABLES",
    "SCHEMA_VERSION",
    "TABLES",
    "Column",
    "Kind",
    "Table",
]
