"""What has coordinates as GeoJSON: launch sites, landing pads, and where the satellites are."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from spacex.analysis.api.elements_at import IN_ORBIT, WITH_ELEMENTS
from spacex.analysis.api.fleet_positions import positions, shown_instant
from spacex.analysis.api.map_frame import COORDINATES, feature_collection
from spacex.analysis.api.typed_frames import typed
from spacex.analysis.exports.data_package import field
from spacex.analysis.exports.exported_table import Export, Resource, Table, table_of
from spacex.errors import DataError
from spacex.schema.view_columns import declared
from spacex.settings.values import nearest

POSITIONS = "positions"
"""Where the satellites in orbit are at one instant, which no table has."""
_ABOUT_POSITIONS = (
    "One satellite in orbit, where it is at one instant: its newest elements, propagated with SGP4"
)
_OF_POSITIONS = (
    *("norad_cat_id", "object_name", "instant_utc", "error_km", "error_high_km", "epoch_utc"),
)
_SITES = ("launchpads", "landpads")


def chosen(names: Sequence[str]) -> list[str]:
    """Return the names of what has coordinates; all if empty.

    Raises:
        DataError: one of them has none.
    """
    known = (*_SITES, POSITIONS)
    for name in names:
        if name not in known:
            raise DataError(
                f"{name!r} has no coordinates{nearest(name, known) or '.'}",
                f"GeoJSON can hold {', '.join(known)}; satellites are in {POSITIONS}.",
            )
    return [*names] or [*known]


def file_name(name: str) -> str:
    """Return the name of the file of a table or view."""
    return f"{name}.geojson"


def write(export: Export, names: Sequence[str]) -> Iterator[Resource]:
    """Write a GeoJSON file for each name."""
    for name in names:
        table, frame = _positions(export) if name == POSITIONS else _sites(export, name)
        members = {
            "name": name,
            "description": table.description,
            "fields": [field(column, "geojson") for column in table.columns],
            "provenance": export.about,
        }
        text = json.dumps(feature_collection(frame, members), ensure_ascii=False)
        with export.writing(file_name(name)) as file:
            file.write_text(text, encoding="utf-8")
        about = {"mediatype": "application/geo+json", "encoding": "utf-8"}
        yield Resource(file, name, (table,), about)


def _sites(export: Export, name: str) -> tuple[Table, pd.DataFrame]:
    table = table_of(export.connection, name)
    frame = typed(pd.read_sql_query(f"SELECT * FROM {name}", export.connection))
    columns = (column for column in table.columns if column.name not in COORDINATES)
    return replace(table, columns=tuple(columns)), frame


def _positions(export: Export) -> tuple[Table, pd.DataFrame]:
    sql = f"{WITH_ELEMENTS} AND {IN_ORBIT}"
    fleet = pd.read_sql_query(sql, export.connection)
    columns = tuple(declared()[name] for name in _OF_POSITIONS)
    table = Table(POSITIONS, _ABOUT_POSITIONS, columns, ("norad_cat_id",))
    if fleet.empty:
        return table, pd.DataFrame(columns=[*_OF_POSITIONS, *COORDINATES])
    return table, typed(positions(fleet, shown_instant(fleet["epoch_utc"])))
