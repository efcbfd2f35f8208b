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


NOT_UTF8 = "\N{REPLACEMENT CHARACTER}"
"""Stands in `decoded_text` for what is not UTF-8; a value that contains it is rejected."""


def decoded_text(body: bytes) -> str:
    """Return a body as text; bytes that are not UTF-8 are read as `NOT_UTF8`, at its place only."""
    return body.decode("utf-8-sig", errors="replace")


_ANOTHER_ANSWER = "The service answered with something else; the next run asks again."


def is_file(origin: str) -> bool:
    """Return whether the origin of a body is a file, not the URL of a service."""
    return "://" not in origin


def remedy(origin: str, of_file: str, of_service: str = _ANOTHER_ANSWER) -> str:
    """Return what to do about a body that cannot be used.

    Args:
        origin: its URL or file.
        of_file: what to do about a file.
        of_service: what to do about the response of a service.
    """
    return f"The database is unchanged. {of_file if is_file(origin) else of_service}"


def unreadable_table(origin: str, problem: str) -> ResponseError:
    """Return the error that reports why a table in text cannot be read."""
    exclude = (
        "Exclude this source with SPACEX_SOURCES, or use the stored snapshots with --source "
        "snapshot."
    )
    again = "Download the file again, and save it as it is."
    return ResponseError(f"{origin} contains {problem}.", remedy=remedy(origin, again, exclude))
