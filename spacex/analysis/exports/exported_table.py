"""What is exported: the columns and rows of a table or view, and the file that has them."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from spacex.analysis.api.names import table_name
from spacex.files import write_error
from spacex.schema import CONTENT_TABLES, TABLES, Column
from spacex.schema.ddl import literals
from spacex.schema.starlink import STARLINK_ELEMENTS
from spacex.schema.view_columns import declared
from spacex.warehouse.archive.files import ArchiveFile
from spacex.warehouse.archive.moving import require_package
from spacex.warehouse.archive.reading import every_row
from spacex.warehouse.views import VIEWS, describe


@dataclass(frozen=True)
class Export:
    """A version of the database, and the folder to write it to.

    Attributes:
        folder: the folder in which the files will be.
        unfinished: that in which they are written; they are moved once all are complete.
        about: the origin of the data.
        is_sorted: whether rows are in the order of their key, or of all columns of a view.
        archive: the files with the older element sets, oldest first.
        archive_of: the published database, beside which these files are.
        withheld: condition on sets of files that are left out, as SQL.
    """

    connection: sqlite3.Connection
    folder: Path
    unfinished: Path
    about: dict[str, Any]
    is_sorted: bool = False
    archive: tuple[ArchiveFile, ...] = ()
    archive_of: Path | None = None
    withheld: str = "false"

    def rows(self, table: "Table") -> Iterator[tuple[Any, ...]]:
        """Return the rows of a table or view, to be read; element sets with those of the archive.

        Raises:
            SettingsError: the package that reads the archive is missing.
        """
        if table.name == STARLINK_ELEMENTS.name and self.archive and self.archive_of:
            require_package("Most element sets are in the archive")
            return every_row(self.connection, self.archive_of, self.archive, self.withheld)
        names = table.key or [column.name for column in table.columns]
        order = ", ".join(f'"{name}"' for name in names) if self.is_sorted else ""
        sql = f"SELECT * FROM {table.name}"
        return self.connection.execute(f"{sql} ORDER BY {order}" if order else sql)

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """Yield the path of a file to be written in the block.

        Raises:
            StorageError: it cannot be written.
        """
        try:
            yield self.unfinished / name
        except OSError as error:
            raise write_error(self.folder / name, error) from None

    def finish(self, names: Iterable[str]) -> list[Path]:
        """Move files to the folder, in place of those of an earlier export; return their paths.

        Raises:
            StorageError: one cannot be moved.
        """
        files = [self.folder / name for name in names]
        for file in files:
            with self.writing(file.name) as unfinished:
                unfinished.replace(file)
        return files

    def origin(self, table: "Table") -> dict[str, str]:
        """Return the key of a table and the origin of the data as texts, or as JSON."""
        key = {"primary_key": ", ".join(table.key)} if table.key else {}
        return key | {
            name: each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)
            for name, each in self.about.items()
        }


@dataclass(frozen=True)
class Table:
    """A table or view, as it is exported.

    Attributes:
        key: the columns of its primary key; empty for a view.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resource:
    """A file that was written.

    Attributes:
        tables: the tables in it.
        about: further properties of the file in its description.
    """

    file: Path
    name: str
    tables: tuple[Table, ...]
    about: dict[str, Any] = field(default_factory=dict)


def all_or(names: Sequence[str]) -> list[str]:
    """Return the names of tables and views; those of all data if empty.

    Raises:
        QueryError: there is no such table or view.
    """
    return [*map(table_name, names)] or [*(table.name for table in CONTENT_TABLES), *VIEWS]


def table_of(connection: sqlite3.Connection, name: str) -> Table:
    """Return a table or view with its columns.

    Those of a view have no limits. They have the declared values if they contain no other ones.
    """
    if name in TABLES:
        table = TABLES[name]
        return Table(name, table.description, table.columns, table.key)
    found = connection.execute(f"SELECT * FROM {name} LIMIT 0").description
    columns = (_of_view(connection, name, declared()[each]) for each, *_ in found)
    return Table(name, describe(name), tuple(columns))


def _of_view(connection: sqlite3.Connection, view: str, column: Column) -> Column:
    known = f"{column.name} IN ({literals(column.values)})"
    other = f"SELECT 1 FROM {view} WHERE NOT {known} LIMIT 1"
    keeps_values = column.values and connection.execute(other).fetchone() is None
    values = column.values if keeps_values else ()
    return replace(column, required=False, minimum=None, maximum=None, values=values)
