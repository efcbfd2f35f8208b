"""Frames with positions, which can be written as GeoJSON."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from spacex.errors import DataError
from spacex.files import write_error

_POSITION = ["longitude_deg", "latitude_deg", "height_km"]


class MapFrame(pd.DataFrame):
    """A frame of positions, or of the points of ground tracks, as `to_geojson` writes them."""

    @property
    def _constructor(self) -> Callable[..., "MapFrame"]:
        return MapFrame

    def to_geojson(self, path: Path | str | None = None) -> str | None:
        """Return the positions as GeoJSON, or write them to a file.

        Each position is a point, and each part of a ground track is a line. Heights are in metres,
        as RFC 7946 requires. Positions without a value are left out.

        Args:
            path: the file; the text is returned if None.

        Raises:
            DataError: the frame lacks a column of positions.
            StorageError: the file cannot be written.

        >>> at = {"longitude_deg": [13.4], "latitude_deg": [52.5], "height_km": [550.0]}
        >>> MapFrame(at | {"norad_cat_id": [44713]}).to_geojson()  # doctest: +ELLIPSIS
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {...
        """
        if missing := [name for name in _POSITION if name not in self.columns]:
            raise DataError(
                f"The frame has no {', '.join(missing)}.", "Keep these columns to write GeoJSON."
            )
        found = pd.DataFrame(self.dropna(subset=_POSITION))
        features = list(_lines(found) if "segment" in found.columns else _points(found))
        text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
        if path is None:
            return text
        try:
            Path(path).write_text(text, encoding="utf-8")
        except OSError as error:
            raise write_error(Path(path), error) from None
        return None


def _points(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield a point for each row."""
    others = frame.drop(columns=_POSITION).to_json(orient="records", date_format="iso")
    about = json.loads(others) or [{}] * len(frame)
    for position, properties in zip(_coordinates(frame), about, strict=True):
        yield _feature("Point", position, properties)


def _lines(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield a line for each segment, with the names and times of its first point."""
    for _, points in frame.groupby([*({"norad_cat_id"} & {*frame.columns}), "segment"]):
        (first,) = _points(points.head(1))
        yield _feature("LineString", _coordinates(points), first["properties"])


def _coordinates(frame: pd.DataFrame) -> list[list[float]]:
    metres = frame[_POSITION].assign(height_km=1000 * frame["height_km"])
    return [[round(each, 6) for each in row] for row in metres.to_numpy(float).tolist()]


def _feature(kind: str, coordinates: Any, properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}
