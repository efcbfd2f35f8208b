"""JSON files that carry a digest of their own content, so that any changed byte is detected.

A file has exactly one valid form: formatted JSON and a line feed. Its last field, `digest`, is the
SHA-256 digest of that form without the field. Files of earlier releases have no such field.
"""

import hashlib
from collections.abc import Set
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from spacex.files import read_file

UNREADABLE = (OSError, msgspec.MsgspecError, ValueError, RecursionError)
"""What the reading of a file of JSON raises if it is missing or damaged."""

Seal = Literal["intact", "broken", "none"]
Record = TypeVar("Record", bound=msgspec.Struct)


def sealed(record: msgspec.Struct) -> bytes:
    """Return the content of the file of a record."""
    return _text(_with_digest(msgspec.to_builtins(record)))


def read_record(path: Path, type_: type[Record]) -> Record | None:
    """Return the record of a file, whatever its seal; None if the file is missing or unreadable."""
    with suppress(*UNREADABLE):
        return msgspec.json.decode(read_file(path), type=type_)
    return None


def seal_of(content: bytes, earlier_fields: Set[str]) -> Seal:
    """Return whether the content of a file is as it was written; `none` if that is unknown.

    Args:
        content: the file.
        earlier_fields: the fields of such files in releases that wrote no digest.
    """
    try:
        fields = msgspec.json.decode(content)
        if isinstance(fields, dict) and fields.keys() <= earlier_fields:
            return "none"
        unsealed = {name: value for name, value in fields.items() if name != "digest"}
        return "intact" if _text(_with_digest(unsealed)) == content else "broken"
    except (*UNREADABLE, AttributeError):
        return "broken"


def digest(content: bytes) -> str:
    """Return the SHA-256 digest of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _with_digest(fields: dict[str, Any]) -> dict[str, Any]:
    return fields | {"digest": digest(_text(fields))}


def _text(fields: dict[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(fields)) + b"\n"
