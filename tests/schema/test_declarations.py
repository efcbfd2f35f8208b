"""The declarations themselves: valid, used, and one name and unit for one quantity."""

import re
from collections import defaultdict

import pytest

from spacex.orbits.status import Status
from spacex.schema import BOOKKEEPING_TABLES, CONTENT_TABLES, TABLES, Kind
from spacex.schema.starlink import UNLISTED
from spacex.sources import SERVICES, SPACEXDATA
from spacex.warehouse.dictionary import column_records

UNITS = {
    "_kg": "kg",
    "_t": "t",
    "_m": "m",
    "_km": "km",
    "_km_s": "km/s",
    "_deg": "deg",
    "_s": "s",
    "_min": "min",
    "_years": "a",
    "_kn": "kN",
    "_usd": "USD",
    "_pct": "%",
    "_days": "d",
    "_rev_per_day": "rev/d",
}
UNITS_WITHOUT_SUFFIX = {
    "bstar": "1/Earth radius",
    "mean_motion_dot": "rev/d²",
    "mean_motion_ddot": "rev/d³",
    "byte_count": "B",
}
"""Names that the whole field uses, or that say the unit in a word."""

each_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


def unit_by_name(name):
    if name in UNITS_WITHOUT_SUFFIX:
        return UNITS_WITHOUT_SUFFIX[name]
    suffixes = [suffix for suffix in UNITS if name.endswith(suffix)]
    return UNITS[max(suffixes, key=len)] if suffixes else ""


@each_table
def test_a_name_says_the_unit(table):
    units = {column.name: column.unit for column in table.columns}
    assert units == {name: unit_by_name(name) for name in units}


@each_table
def test_a_name_says_the_kind(table):
    for column in table.columns:
        name, kind = column.name, column.kind
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
        assert (kind in {Kind.UTC, Kind.EPOCH}) == name.endswith("_utc"), name
        assert (kind is Kind.DATE) == name.endswith("_date"), name
        assert (kind is Kind.URL) <= name.endswith("_url"), name
        assert name.startswith(("is_", "has_")) <= (kind is Kind.BOOLEAN), name
        assert name.endswith("_count") <= (kind is Kind.INTEGER), name


@each_table
def test_a_column_is_described_and_its_limits_make_sense(table):
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
def test_what_a_column_names_is_the_key_of_a_table_and_of_its_kind(table):
    for column in table.columns:
        if column.references:
            target, _, key = column.references.partition(".")
            assert TABLES[target].key == (key,)
            assert TABLES[target].column(key).kind is column.kind


@each_table
def test_a_table_is_described_and_its_columns_are_distinct(table):
    assert table.description
    assert len(set(table.column_names)) == len(table.columns)


@each_table
def test_a_key_is_of_required_columns(table):
    assert table.key
    assert all(table.column(name).required for name in table.key)


@each_table
def test_a_parent_comes_before_and_its_key_is_part_of_the_child(table):
    if table.parent:
        names = list(TABLES)
        assert names.index(table.parent) < names.index(table.name)
        assert set(TABLES[table.parent].key) <= set(table.key)


def test_the_tables_are_content_and_records():
    assert list(TABLES.values()) == [*CONTENT_TABLES, *BOOKKEEPING_TABLES]
    assert all(table.is_bookkeeping == table.name.startswith("_") for table in TABLES.values())
    assert [table.name for table in TABLES.values() if table.keeps_history] == [
        "starlink_elements",
        "_observations",
        "_launch_altitudes",
        "_changes",
    ]


def test_a_name_has_one_kind_and_one_unit_in_all_tables():
    meanings = defaultdict(set)
    for table, column in [(t, c) for t in TABLES.values() for c in t.columns]:
        if (table.name, column.name) != ("starlink_elements", "epoch_utc"):
            kind = Kind.UTC if column.kind is Kind.EPOCH else column.kind
            meanings[column.name].add((kind, column.unit))
    assert {name: found for name, found in meanings.items() if len(found) > 1} == {}


def test_a_column_that_is_not_there_is_no_column():
    with pytest.raises(KeyError, match=r"launches\.capsule"):
        TABLES["launches"].column("capsule")


DERIVED = {
    "starlink": (
        "launch_designator",
        "orbit_status",
        "shell",
        "is_listed",
        "first_listed_utc",
        "last_listed_utc",
        "unlisted_since_utc",
    ),
    "starlink_elements": (
        "observed_utc",
        "semi_major_axis_km",
        "perigee_altitude_km",
        "apogee_altitude_km",
        "period_min",
    ),
}
"""What no source tells, but follows from what sources tell."""


def test_every_content_column_is_read_derived_or_the_source():
    """None is unused, and no mapping fills a column that is not declared."""
    read = {
        (mapping.table, name)
        for source in SERVICES.values()
        for endpoint in source.endpoints.values()
        for mapping in endpoint.mappings
        for name in mapping.columns
    }
    declared = {(t.name, c.name) for t in CONTENT_TABLES for c in t.columns if not t.is_derived}
    derived = {(table, name) for table, names in DERIVED.items() for name in names}
    sources = {(name, "source") for name in ("launches", "starlink", "starlink_elements")}
    assert read <= declared
    assert declared - read == derived | sources


@pytest.mark.parametrize("source", SERVICES.values(), ids=SERVICES)
def test_a_table_is_filled_by_at_most_one_list_of_a_source(source):
    filled = [name for endpoint in source.endpoints.values() for name in endpoint.tables]
    assert len(set(filled)) == len(filled)


def test_the_archive_fills_every_table_that_is_not_derived():
    filled = [name for endpoint in SPACEXDATA.endpoints.values() for name in endpoint.tables]
    assert sorted(filled) == sorted(table.name for table in CONTENT_TABLES if not table.is_derived)


def test_a_status_of_the_schema_is_one_that_is_found_or_says_that_a_satellite_is_gone():
    allowed = TABLES["starlink"].column("orbit_status").values
    assert sorted(allowed) == sorted([*map(str, Status), UNLISTED])


def test_what_is_read_has_an_origin_in_the_dictionary_and_what_is_derived_has_none():
    without = {
        (row["table_name"], row["column_name"])
        for row in column_records()
        if not row["origin"] and not TABLES[row["table_name"]].is_bookkeeping
    }
    assert ("starlink_elements", "semi_major_axis_km") in without
    assert ("rocket_stages", "stage_number") in without
    assert ("launches", "success") not in without
