"""A record of the sample: what the r/SpaceX API calls an object, and how it is named."""

from hashlib import sha256
from typing import Any

Record = dict[str, Any]
"""One JSON object, with the keys and nesting of the r/SpaceX API v4."""


def record_id(kind: str, name: str) -> str:
    """The id of what has this name among its kind: 24 hexadecimal digits, the same every time.

    >>> record_id("launch", "FalconSat")
    '0005d9801b3d8972a041685c'
    """
    return sha256(f"{kind}/{name}".encode()).hexdigest()[:24]


def optional_id(kind: str, name: str | None) -> str | None:
    """The id of what has this name, or None where no name is known."""
    return None if name is None else record_id(kind, name)
