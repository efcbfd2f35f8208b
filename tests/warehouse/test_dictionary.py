from spacex.schema import TABLES
from spacex.warehouse.dictionary import column_records, markdown
from spacex.warehouse.views import VIEWS


def described(table, column):
    (row,) = (
        row
        for row in column_records()
        if (row["table_name"], row["column_name"]) == (table, column)
    )
    return row


def test_a_column_is_described_with_its_unit_and_its_origin():
    assert described("starlink_elements", "inclination_deg") == {
        "table_name": "starlink_elements",
        "column_name": "inclination_deg",
        "kind": "number",
        "unit": "deg",
        "is_required": True,
        "description": "Inclination",
        "origin": "starlink[].spaceTrack.INCLINATION; celestrak: starlink[].INCLINATION",
    }


def test_a_column_that_is_computed_has_no_origin():
    assert described("starlink_elements", "semi_major_axis_km")["origin"] == ""


def test_every_column_is_described_once():
    found = [(row["table_name"], row["column_name"]) for row in column_records()]
    assert found == [(t.name, name) for t in TABLES.values() for name in t.column_names]


def test_the_page_has_every_table_view_and_column():
    page = markdown()
    for table in TABLES.values():
        chapter = page.partition(f"### {table.name}\n")[2].partition("\n### ")[0]
        assert f"{table.description}. Key: " in chapter
        rows = [line.split("|")[1].strip() for line in chapter.splitlines() if "| `" in line[:3]]
        names = [f"`{name}`" for name in table.column_names]
        assert rows[: len(names)] == names
    assert all(f"| `{name}` | " in page for name in VIEWS)


def test_the_page_says_the_rules_of_a_column():
    page = markdown()
    assert "| `decay_date` | calendar date, YYYY-MM-DD; may be null |" in page
    assert "one of `RTLS`, `ASDS`, `Ocean`; may be null" in page
    assert "Parent: `launches`." in page
    assert "Loads only add rows." in page
