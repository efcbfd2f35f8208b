"""What a reader makes of a response: records, and the records that it cannot read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spacex.errors import ResponseError

Record = dict[str, Any]
"""A decoded record."""


@dataclass(frozen=True)
class Unreadable:
    """A record that a reader cannot read, so that it is rejected alone and not with its file.

    Attributes:
        quote: its text, or the beginning of it.
        reason: what is wrong with it, and in which line of which file.
        readable: those of its fields that can be read, such as the number of a satellite whose
            element set is damaged.
    """

    quote: str
    reason: str
    readable: Mapping[str, Any] = field(default_factory=dict)


def fields(record: Record | Unreadable) -> Mapping[str, Any]:
    """Return the fields of a record that can be read."""
    return record.readable if isinstance(record, Unreadable) else record


def unreadable_table(origin: str, problem: str) -> ResponseError:
    """Return the error that reports why a table in text cannot be read."""
    return ResponseError(
        f"{origin} contains {problem}.",
        remedy="The database is unchanged. Exclude this source with SPACEX_SOURCES, or use the "
        "stored snapshots with --source snapshot.",
    )
