"""The mapping of the r/SpaceX API, tested with its recorded responses and the sample."""

import json

import pytest

from spacex.schema import TABLES
from spacex.schema.column import Kind
from spacex.sources import SPACEXDATA
from spacex.sources.mapping import Constant, FieldPath, TableMapping, field_getter, reader
from spacex.sources.record import Record

MAPPINGS = [(e.name, mapping) for e in SPACEXDATA.endpoints.values() for mapping in e.mappings]
IDS = [f"{name}-{mapping.table}-{mapping.each}".rstrip("-") for name, mapping in MAPPINGS]
DERIVED = {
    "catalogue_objects": {"is_decayed", "observed_utc"},
    "starlink": {"is_direct_to_cell"},
    "starlink_elements": {
        "semi_major_axis_km",
        "perigee_altitude_km",
        "apogee_altitude_km",
        "period_min",
    },
}
each_mapping = pytest.mark.parametrize(("endpoint", "mapping"), MAPPINGS, ids=IDS)


def unreadable_paths(records: list[Record], mapping: TableMapping) -> dict[FieldPath, Exception]:
    """Return the paths of a mapping that cannot be read from some record, with an error."""
    errors: dict[FieldPath, Exception] = {}
    for record in records:
        items = field_getter(mapping.each)(record) if mapping.each else [record]
        for position, item in enumerate(items):
            for path in (*mapping.columns.values(), *mapping.expect):
                try:
                    reader(path)(item, record, position)
                except (KeyError, TypeError) as error:
                    errors[path] = error
    return errors


@each_mapping
def test_every_path_is_in_every_recorded_record(recorded_dir, endpoint, mapping):
    records = json.loads((recorded_dir / "spacexdata" / f"{endpoint}.json").read_bytes())
    assert unreadable_paths(records, mapping) == {}


@each_mapping
def test_every_path_is_in_every_record_of_the_sample(sample_dir, endpoint, mapping):
    records = json.loads((sample_dir / f"{endpoint}.json").read_bytes())
    assert unreadable_paths(records, mapping) == {}


@each_mapping
def test_expected_values_hold_in_the_recorded_responses(recorded_dir, endpoint, mapping):
    records = json.loads((recorded_dir / "spacexdata" / f"{endpoint}.json").read_bytes())
    for path, value in mapping.expect.items():
        assert {field_getter(path)(record) for record in records} == {value}


@each_mapping
def test_all_required_columns_are_mapped_or_derived(endpoint, mapping):
    table = TABLES[mapping.table]
    required = {column.name for column in table.columns if column.required} - {"source"}
    derived = DERIVED.get(mapping.table, set())
    assert required - derived <= mapping.columns.keys(), endpoint


@each_mapping
def test_constants_are_valid_values_of_their_columns(endpoint, mapping):
    for name, path in mapping.columns.items():
        if isinstance(path, Constant):
            column = TABLES[mapping.table].column(name)
            values = (0, 1) if column.kind is Kind.BOOLEAN else column.values
            assert path.value in values, (endpoint, name)
