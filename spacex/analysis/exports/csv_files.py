"""Tables as CSV: flags are 1 and 0, and a missing value is empty."""

import csv
from collections.abc import Iterator, Sequence

from spacex.analysis.exports.exported_table import Export, Resource, all_or, table_of

chosen = all_or


def file_name(name: str) -> str:
    """Return the name of the file of a table or view."""
    return f"{name}.csv"


def write(export: Export, names: Sequence[str]) -> Iterator[Resource]:
    """Write a CSV file for each table or view."""
    for name in names:
        table = table_of(export.connection, name)
        with (
            export.writing(file_name(name)) as file,
            file.open("w", encoding="utf-8", newline="") as text,
        ):
            writer = csv.writer(text)
            writer.writerow([column.name for column in table.columns])
            writer.writerows(export.rows(table))
        about = {"profile": "tabular-data-resource", "encoding": "utf-8"}
        yield Resource(file, name, (table,), about)
