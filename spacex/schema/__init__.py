"""Every table of the database, declared once.

The SQL definitions, the validation of frames, the data dictionary and the database's own
`_columns` table all derive from `TABLES`.
"""

from spacex.schema import bookkeeping, launches, reference, starlink
from spacex.schema.column import Column, Kind, Table

SCHEMA_VERSION = 3
"""`PRAGMA user_version` of a database with these tables; raised with every change to them."""

CONTENT_TABLES: tuple[Table, ...] = (*reference.TABLES, *launches.TABLES, *starlink.TABLES)
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
