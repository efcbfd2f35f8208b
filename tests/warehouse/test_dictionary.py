from typing import Any

from spacex.schema import TABLES
from spacex.warehouse.dictionary import column_records, markdown
from spacex.warehouse.views import VIEWS


def described(table: str, column: str) -> dict[str, Any]:
    """Return the row of `_columns` of one column."""
    (row,) = (
        row
        for row in column_records()
        if (row["table_name"], row["column_name"]) == (table, column)
    )
    return row


def test_column_has_its_unit_and_origin() -> None:
    assert described("starlink_elements", "inclination_deg") == {
        "table_name": "starlink_elements",
        "column_name": "inclination_deg",
        "kind": "number",
        "unit": "deg",
        "is_required": True,
        "description": "Inclination",
        "origin": "starlink[].spaceTrack.INCLINATION; celestrak: starlink[].INCLINATION",
    }


def test_computed_column_has_no_origin() -> None:
    assert described("starlink_elements", "semi_major_axis_km")["origin"] == ""


def test_every_column_is_described_once() -> None:
    found = [(row["table_name"], row["column_name"]) for row in column_records()]
    assert found == [(t.name, name) for t in TABLES.values() for name in t.column_names]


def test_page_has_every_table_view_and_column() -> None:
    page = markdown()
    for table in TABLES.values():
        chapter = page.partition(f"### {table.name}\n")[2].partition("\n### ")[0]
        assert f"{table.description}. Key: " in chapter
        rows = [line.split("|")[1].strip() for line in chapter.splitlines() if "| `" in line[:3]]
        names = [f"`{name}`" for name in table.column_names]
        assert rows[: len(names)] == names
    assert all(f"| `{name}` | " in page for name in VIEWS)


def test_page_states_the_constraints() -> None:
    page = markdown()
    assert "| `decay_date` | calendar date, YYYY-MM-DD; may be null |" in page
    assert "one of `RTLS`, `ASDS`, `Ocean`; may be null" in page
    assert "Parent: `launches`." in page
    assert "Loads only add rows." in page
