"""Read tables in CSV with a header, such as those of CelesTrak. Columns are read by name."""

import csv
from collections.abc import Iterator, Sequence
from typing import Any

from spacex.sources.record import decoded_text, unreadable_table


def csv_records(
    body: bytes, origin: str, *, fields: Sequence[str], key: str, content: str
) -> Iterator[dict[str, Any]]:
    """Yield the records of a table; a line of another length becomes a record without fields.

    Args:
        body: the response.
        origin: its URL or file, for messages.
        fields: the columns that the table must have, in any order.
        key: the column that identifies a record.
        content: what the table is, for messages.

    Raises:
        ResponseError: the header lacks a column, or the table has no records.
    """
    heading, *lines = decoded_text(body).replace("\r\n", "\n").split("\n")
    header = [name.strip() for name in heading.split(",")]
    missing = [name for name in fields if name not in header]
    if len(missing) == len(fields):
        raise unreadable_table(origin, f"no {content}, but {heading[:80]!r}")
    if missing:
        raise unreadable_table(origin, f"a changed header, which lacks {', '.join(missing)}")
    count = 0
    for number, line in enumerate(lines, start=2):
        if line.strip():
            count += 1
            is_quoted = '"' in line
            cells = (
                next(csv.reader([line], skipinitialspace=True)) if is_quoted else line.split(",")
            )
            values = [cell.strip() for cell in cells]
            if len(values) == len(header):
                yield {name: value or None for name, value in zip(header, values, strict=True)}
            else:
                yield {key: f"line {number}, {values[0]}"}
    if not count:
        raise unreadable_table(origin, "a header without rows")
