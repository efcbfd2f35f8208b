"""Values as text for people."""

from typing import Any

import pandas as pd

MISSING = "–"
"""Text for a missing value."""

MAX_LENGTH = 300
"""Longest text shown, in characters."""


def shorten(value: object) -> str:
    """Return a value as text, cut to `MAX_LENGTH`."""
    if is_missing(value):
        return MISSING
    text = str(value)
    return text if len(text) <= MAX_LENGTH else f"{text[:MAX_LENGTH]}…"


def format_number(value: Any, digits: int = 0) -> str:
    """Return a number with thousands separators: `1,330,837`."""
    return MISSING if is_missing(value) else f"{value:,.{digits}f}"


def format_instant(value: object) -> str:
    """Return an instant to the minute: `2022-10-05 16:00`."""
    return MISSING if is_missing(value) else str(value)[:16].replace("T", " ")


def is_missing(value: object) -> bool:
    """Return whether a value is NULL, NA or NaN."""
    return value is None or value is pd.NA or value != value  # noqa: PLR0124  # NaN
