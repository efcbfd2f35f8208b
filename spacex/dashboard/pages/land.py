"""The outlines of the land."""

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def land() -> dict[str, Any]:
    """Return the land as a GeoJSON feature, a MultiPolygon."""
    text = Path(__file__).with_name("land.json").read_text(encoding="utf-8")
    shape: dict[str, Any] = json.loads(text)
    return shape
