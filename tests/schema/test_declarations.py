"""The declarations are valid and in use, and each quantity has one name and unit."""

import re
from collections import defaultdict

import pytest

from spacex.orbits.status import Status
from spacex.schema import BOOKKEEPING_TABLES, CONTENT_TABLES, TABLES, Kind, Table
from spacex.schema.starlink import UNLISTED
from spacex.sources import SERVICES, SPACEXDATA
from spacex.sources.source import Source
from spacex.warehouse.dictionary import column_records

UNITS = {
    **{f"_{unit}": unit for unit in ("kg", "t", "m", "km", "deg", "s", "min")},
    "_km_s": "km/s",
    "_years": "a",
    "_kn": "kN",
    "_usd": "USD",
    "_pct": "%",
    "_days": "d",
    "_sfu": "sfu",
    "_rev_per_day": "rev/d",
}
UNITS_WITHOUT_SUFFIX = {
    "bstar": "1/Earth radius",
    "mean_motion_dot": "rev/d²",
    "mean_motion_ddot": "rev/d³",
    "byte_count": "B",
}
"""Established names, and names that state their unit as a word."""

each_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


def unit_by_name(name: str) -> str:
    if name in UNITS_WITHOUT_SUFFIX:
        return UNITS_WITHOUT_SUFFIX[name]
    suffixes = [suffix for suffix in UNITS if name.endswith(suffix)]
    return UNITS[max(suffixes, key=len)] if suffixes else ""


@each_table
def test_name_ends_in_the_unit(table: Table) -> None:
    units = {column.name: column.unit for column in table.columns}
    assert units == {name: unit_by_name(name) for name in units}


@each_table
def test_name_matches_the_kind(table: Table) -> None:
    for column in table.columns:
        name, kind = column.name, column.kind
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
        assert (kind in {Kind.UTC, Kind.EPOCH}) == name.endswith("_utc"), name
        assert (kind is Kind.DATE) == name.endswith("_date"), name
        assert (kind is Kind.URL) <= name.endswith("_url"), name
        assert name.startswith(("is_", "has_")) <= (kind is Kind.BOOLEAN), name
        assert name.endswith("_count") <= (kind is Kind.INTEGER), name


@each_table
def test_columns_have_a_description_and_valid_limits(table: Table) -> None:
    for column in table.columns:
        assert column.description, column.name
        assert not column.description.endswith("."), column.name
        allowed = column.values
        assert len(set(allowed)) == len(allowed), column.name
        assert not allowed or column.kind in {Kind.TEXT, Kind.INTEGER}, column.name
        limits = [limit for limit in (column.minimum, column.maximum) if limit is not None]
        assert not limits or column.kind in {Kind.INTEGER, Kind.REAL}, column.name
        assert limits == sorted(set(limits)), column.name


@each_table
def test_references_are_keys_of_the_same_kind(table: Table) -> None:
    for column in table.columns:
        if column.references:
            target, _, key = column.references.partition(".")
            assert TABLES[target].key == (key,)
            assert TABLES[target].column(key).kind is column.kind


@each_table
def test_table_has_a_description_and_unique_columns(table: Table) -> None:
    assert table.description
    assert len(set(table.column_names)) == len(table.columns)


@each_table
def test_key_columns_are_required(table: Table) -> None:
    assert table.key
    assert all(table.column(name).required for name in table.key)


@each_table
def test_parent_precedes_its_child_and_shares_its_key(table: Table) -> None:
    if table.parent:
        names = list(TABLES)
        assert names.index(table.parent) < names.index(table.name)
        assert set(TABLES[table.parent].key) <= set(table.key)


def test_tables_are_content_and_bookkeeping() -> None:
    assert list(TABLES.values()) == [*CONTENT_TABLES, *BOOKKEEPING_TABLES]
    assert {t for t in TABLES.values() if t.name.startswith("_")} == set(BOOKKEEPING_TABLES)
    histories = [table.name for table in TABLES.values() if table.keeps_history]
    assert histories == [
        *("starlink_elements", "space_weather", "forecasts"),
        *("_observations", "_launch_altitudes", "_changes", "_renumberings"),
    ]
    revised = [table for table in TABLES.values() if table.is_revised]
    assert [table.name for table in revised] == ["space_weather"]
    assert all(table.keeps_history and table.column("observed_utc").required for table in revised)


def test_name_has_one_kind_and_unit_in_all_tables() -> None:
    meanings: dict[str, set[tuple[Kind, str]]] = defaultdict(set)
    for table, column in [(t, c) for t in TABLES.values() for c in t.columns]:
        if (table.name, column.name) != ("starlink_elements", "epoch_utc"):
            kind = Kind.UTC if column.kind is Kind.EPOCH else column.kind
            meanings[column.name].add((kind, column.unit))
    assert {name: found for name, found in meanings.items() if len(found) > 1} == {}


def test_unknown_column_raises_key_error() -> None:
    with pytest.raises(KeyError, match=r"launches\.capsule"):
        TABLES["launches"].column("capsule")


DERIVED = {
    "launches": "date_source",
    "starlink": """launch_designator orbit_status shell is_listed
                   first_listed_utc last_listed_utc unlisted_since_utc is_direct_to_cell
                   version_source bus mass_kg group_name launch_date_source
                   decay_precision decay_is_uncertain decay_date_source
                   unconfirmed_decay_date fate""",
    "starlink_elements": """observed_utc semi_major_axis_km perigee_altitude_km
                            apogee_altitude_km period_min""",
    "catalogue_objects": "is_decayed",
    "space_weather": "observed_utc",
}
"""Columns that are computed rather than read from a source."""
SOURCED = ("launches", "starlink", "starlink_elements", "catalogue_objects", "space_weather")
"""Tables whose rows name their source."""


def test_every_content_column_is_mapped_or_derived() -> None:
    """No column is unused, and no mapping fills an undeclared column."""
    read = {
        (mapping.table, name)
        for source in SERVICES.values()
        for endpoint in source.endpoints.values()
        for mapping in endpoint.mappings
        for name in mapping.columns
    }
    declared = {(t.name, c.name) for t in CONTENT_TABLES for c in t.columns if not t.is_derived}
    derived = {(table, name) for table, names in DERIVED.items() for name in names.split()}
    sources = {(name, "source") for name in SOURCED}
    assert read <= declared
    assert declared - read == derived | sources


@pytest.mark.parametrize("source", SERVICES.values(), ids=SERVICES)
def test_at_most_one_endpoint_of_a_source_fills_a_table(source: Source) -> None:
    filled = [name for endpoint in source.endpoints.values() for name in endpoint.tables]
    assert len(set(filled)) == len(filled)


def test_archive_fills_every_table_of_launches_and_satellites() -> None:
    filled = [name for endpoint in SPACEXDATA.endpoints.values() for name in endpoint.tables]
    tables = {table.name for table in CONTENT_TABLES if not table.is_derived}
    assert sorted(filled) == sorted(tables - {"space_weather"})


def test_orbit_statuses_are_those_of_find_status_and_unlisted() -> None:
    allowed = TABLES["starlink"].column("orbit_status").values
    assert sorted(allowed) == sorted([*map(str, Status), UNLISTED])


def test_only_mapped_columns_have_an_origin() -> None:
    without = {
        (row["table_name"], row["column_name"])
        for row in column_records()
        if not row["origin"] and not row["table_name"].startswith("_")
    }
    assert ("starlink_elements", "semi_major_axis_km") in without
    assert ("rocket_stages", "stage_number") in without
    assert ("launches", "success") not in without
