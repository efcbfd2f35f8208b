"""Frames with positions, which can be written as GeoJSON."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from spacex.errors import DataError
from spacex.files import write_error

COORDINATES = ("longitude_deg", "latitude_deg", "height_km")
"""Columns of a position; places on the ground have no height."""
_LONGEST_STEP = pd.Timedelta(minutes=10)
"""Points of a track further apart in time are of two tracks; those of `ground_track` are closer."""


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
        if missing := [name for name in COORDINATES if name not in self.columns]:
            raise DataError(
                f"The frame has no {', '.join(missing)}.", "Keep these columns to write GeoJSON."
            )
        found = feature_collection(pd.DataFrame(self.dropna(subset=[*COORDINATES])))
        text = json.dumps(found, ensure_ascii=False)
        if path is None:
            return text
        try:
            Path(path).write_text(text, encoding="utf-8")
        except OSError as error:
            raise write_error(Path(path), error) from None
        return None


def feature_collection(
    frame: pd.DataFrame, members: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, Any]:
    """Return positions as points, or the parts of ground tracks as lines, for GeoJSON.

    Args:
        frame: positions on the ground, or with heights. A place without one has no geometry.
        members: further members, which RFC 7946 allows.
    """
    features = _lines(frame) if "segment" in frame.columns else _points(frame)
    return {"type": "FeatureCollection", **members, "features": [*features]}


def _points(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield a point for each row."""
    others = frame.drop(columns=_coordinate_columns(frame))
    texts = others.to_json(orient="records", date_format="iso", date_unit="us")
    about = json.loads(texts) or [{}] * len(frame)
    for position, properties in zip(_coordinates(frame), about, strict=True):
        yield _feature("Point", position, properties)


def _lines(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield a line for each run of points of a segment, with the names and times of its first one.

    A run of one point is a point, because a line has at least two.
    """
    parts = frame[[*({"norad_cat_id"} & {*frame.columns}), "segment"]]
    begins = parts.ne(parts.shift()).any(axis=1)
    if "instant_utc" in frame.columns:
        step = frame["instant_utc"].diff()
        begins |= (step <= pd.Timedelta(0)) | (step > _LONGEST_STEP)
    for _, points in frame.groupby(begins.cumsum()):
        (first,) = _points(points.head(1))
        if len(points) > 1:
            first["geometry"] = {"type": "LineString", "coordinates": _coordinates(points)}
        yield first


def _coordinate_columns(frame: pd.DataFrame) -> list[str]:
    return [name for name in COORDINATES if name in frame.columns]


def _coordinates(frame: pd.DataFrame) -> list[list[float]]:
    values = frame[_coordinate_columns(frame)].to_numpy(float)
    metres = values * [1, 1, 1000][: values.shape[1]]
    return [[round(each, 6) for each in row] for row in metres.tolist()]


def _feature(kind: str, coordinates: list[Any], properties: dict[str, Any]) -> dict[str, Any]:
    is_located = kind != "Point" or not any(map(math.isnan, coordinates))
    geometry = {"type": kind, "coordinates": coordinates} if is_located else None
    return {"type": "Feature", "geometry": geometry, "properties": properties}
