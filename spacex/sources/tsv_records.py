"""Read the tab-separated tables of GCAT.

The first line is the header, which begins with `#`; later lines that begin with `#` are comments.
Fields are padded with blanks, and `-` stands for an empty one.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from operator import itemgetter
from typing import Any

from spacex.sources.record import decoded_text, unreadable_table
from spacex.sources.vague_dates import first_instant

_UPDATED = re.compile(rb"^# Updated (.+?)\s*$", re.MULTILINE)
_HEAD_BYTES = 8192


def tsv_records(
    body: bytes, origin: str, *, header: Sequence[str], fields: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Yield the records of a table; a line of another length becomes a record without fields.

    Args:
        body: the response.
        origin: its URL or file, for messages.
        header: the columns that the table must have, in order.
        fields: the columns to read; the first one identifies the record.

    Raises:
        ResponseError: the body has another header, or has no records.
    """
    lines = iter(decoded_text(body).split("\n"))
    found = next(lines).rstrip("\r").removeprefix("#").split("\t")
    if [name.strip() for name in found] != list(header):
        raise unreadable_table(origin, _difference(found, header))
    positions = [header.index(name) for name in fields]
    select = itemgetter(*positions)
    count = 0
    for number, line in enumerate(lines, start=2):
        if not line.strip() or line.startswith("#"):
            continue
        count += 1
        values = line.split("\t")
        if len(values) != len(header):
            yield {fields[0]: f"line {number}, {values[0].strip()}"}
            continue
        yield {
            name: None if (value := text.strip()) in _EMPTY else value
            for name, text in zip(fields, select(values), strict=True)
        }
    if not count:
        raise unreadable_table(origin, "a header without rows")


def updated_utc(body: bytes) -> str:
    """Return the instant at the head of a table, such as `# Updated 2025 Dec  1 0109:52`.

    It is empty if the table has none.
    """
    if found := _UPDATED.search(body[:_HEAD_BYTES]):
        with suppress(ValueError):
            return first_instant(found[1].decode("ascii", "replace"))
    return ""


_EMPTY = frozenset({"", "-"})


def _difference(found: Sequence[str], header: Sequence[str]) -> str:
    names = [name.strip() for name in found]
    missing = [name for name in header if name not in names]
    added = [name for name in names if name not in header]
    if len(missing) == len(header):
        return f"no table of GCAT, but {names[0][:80]!r}"
    parts = [
        f"lacks the columns {', '.join(missing)}" if missing else "",
        f"has the new columns {', '.join(added)}" if added else "",
    ]
    changes = " and ".join(filter(None, parts)) or "has its columns in another order"
    return f"a changed header, which {changes}"
