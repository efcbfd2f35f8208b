"""Whose satellites the rejected records of a GP list are."""

import pytest

from spacex.warehouse.rejected_satellites import highest, rejected_satellites
from tests.example_rows import Row, empty_database, insert_row

KNOWN = {1: "STARLINK-1", 2: "Starlink-2 ", 3: "STARLINK-3", 4: "STARLINK-3", 5: "STARLINK-5"}
"""Of which two have one name, and the last one has decayed."""

CONTRADICTION = {"reason": "contradicting records of 1: object_id is 2026-001A or 2026-002B"}
EXISTENCE = CONTRADICTION | {"column_name": "is_decayed"}


def reject(key: str, name: str = "", **fields: object) -> Row:
    return {"row_key": key, "record_name": name, "reason": "must be a number"} | fields


@pytest.mark.parametrize(
    ("rejects", "numbers", "unknown", "disputed"),
    [
        ([], set(), 0, set()),
        ([reject("1", "STARLINK-2")], {1}, 0, set()),
        ([reject("9", " starlink-2")], {2}, 0, set()),
        ([reject("9", "STARLINK-3")], set(), 1, set()),
        ([reject("5", "STARLINK-5")], set(), 1, set()),
        ([reject("9"), reject("9", "STARLINK-9")], set(), 1, set()),
        ([reject("?", "STARLINK-1"), reject("?", "STARLINK-2")], {1, 2}, 0, set()),
        ([reject("1", **CONTRADICTION)] * 2, {1}, 0, set()),
        ([reject("9", "STARLINK-1", **CONTRADICTION)] * 2, set(), 0, set()),
        ([reject("9", "STARLINK-1", **CONTRADICTION), reject("9")], set(), 1, set()),
        ([reject("9", **CONTRADICTION), reject("8", "STARLINK-1")], {1}, 0, set()),
        ([reject("1", **EXISTENCE)] * 2, set(), 0, {1}),
        ([reject("1", **EXISTENCE), reject("1")], {1}, 0, set()),
        ([reject("1", column_name="is_decayed")], {1}, 0, set()),
        ([reject("1", source="satcat")], set(), 0, set()),
        ([reject("1", lost="value")], set(), 0, set()),
        ([reject("1", table_name="starlink_elements")], set(), 0, set()),
    ],
)
def test_the_satellites_of_rejected_records(
    rejects: list[Row], numbers: set[int], unknown: int, disputed: set[int]
) -> None:
    common = {"source": "celestrak", "table_name": "starlink", "lost": "row", "column_name": ""}
    with empty_database() as connection:
        for number, name in KNOWN.items():
            row = {"norad_cat_id": number, "object_name": name, "is_decayed": int(number == 5)}
            insert_row(connection, "starlink", **row)
        for number, row in enumerate(rejects, start=1):
            insert_row(connection, "_rejects", reject_number=number, **common | row)
        connection.execute("ATTACH ':memory:' AS staging")
        connection.execute("CREATE TABLE staging._rejects AS SELECT * FROM main._rejects")
        found = rejected_satellites(connection, "celestrak")
    assert found == (numbers, unknown, disputed)


@pytest.mark.parametrize(
    ("count", "found"), [(0, ()), (1, (1,)), (4, (1, 2, 3, 4)), (9, (1, 2, 3, 4))]
)
def test_the_highest_satellites(count: int, found: tuple[int, ...]) -> None:
    """Two are equally high, one has no elements, one has decayed, and one is not asked for."""
    axes = {2: 7000.0, 1: 7000.0, 3: 6900.0, 4: None, 5: 7100.0, 6: 7100.0}
    with empty_database() as connection:
        for number, axis_km in axes.items():
            insert_row(connection, "starlink", norad_cat_id=number, is_decayed=int(number == 5))
            if axis_km:
                row = {"norad_cat_id": number, "semi_major_axis_km": axis_km}
                insert_row(connection, "starlink_elements", **row)
        assert highest(connection, range(1, 6), count) == found
