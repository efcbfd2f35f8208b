"""GCAT's list of launches: its records become launches, boosters and pads."""

from pathlib import Path
from typing import Any

import pytest

from spacex.sources.gcat_launches import LAUNCH_HEADER, LAUNCHES, PADS
from spacex.transform import TidyTable, tidy_tables

LAUNCH = {
    "Launch_Tag": "2025-271 ",
    "Launch_Date": "2025 Nov 23 0848",
    "LV_Type": "Falcon 9",
    "Flight_ID": "xxx/B1100.1  F569",
    "Flight": "Starlink-332",
    "Mission": "Starlink Group 11-30",
    "FlightCode": "V2MO 11-30",
    "Launch_Site": "VSFBS",
    "Launch_Pad": "SLC4E",
    "Agency": "SPX",
    "LaunchCode": "OS",
    "Category": "Sat LEO D",
}


def tidy(*launches: dict[str, str]) -> dict[str, TidyTable]:
    """Return the tables of launches, each given by what differs from `LAUNCH`."""
    lines = ["#" + "\t".join(LAUNCH_HEADER), "# Updated 2025 Dec  1 0109:52"]
    for fields in launches:
        record = dict.fromkeys(LAUNCH_HEADER, "-") | LAUNCH | fields
        lines.append("\t".join(record[name] for name in LAUNCH_HEADER))
    records = LAUNCHES.records("\n".join(lines).encode(), "launch.tsv")
    return {table.table.name: table for table in tidy_tables(LAUNCHES, "gcat", records)}


def rows(table: TidyTable) -> list[dict[str, Any]]:
    """Return the rows of a table without nulls."""
    return [row.dropna().to_dict() for _, row in table.frame.iterrows()]


def test_a_launch_fills_all_its_tables() -> None:
    name, full_name, latitude, longitude = PADS["VSFB SLC4E"]
    assert {name: rows(table) for name, table in tidy({}).items()} == {
        "rockets": [{"rocket_id": "gcat-Falcon 9", "name": "Falcon 9"}],
        "launchpads": [
            {
                "launchpad_id": "gcat-VSFB SLC4E",
                "name": name,
                "full_name": full_name,
                "latitude_deg": latitude,
                "longitude_deg": longitude,
            }
        ],
        "cores": [{"core_id": "gcat-B1100", "serial": "B1100"}],
        "launches": [
            {
                "launch_id": "2025-271",
                "source": "gcat",
                "name": "Starlink Group 11-30",
                "date_utc": "2025-11-23T08:48:00Z",
                "date_precision": "minute",
                "launch_class": "orbital",
                "is_upcoming": False,
                "success": True,
                "rocket_id": "gcat-Falcon 9",
                "launchpad_id": "gcat-VSFB SLC4E",
                "launch_designator": "2025-271",
                "orbit_code": "LEO",
            }
        ],
        "launch_cores": [
            {
                "launch_id": "2025-271",
                "core_index": 0,
                "core_id": "gcat-B1100",
                "flight": 1,
                "is_reused": False,
            }
        ],
    }


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Launch_Date": "2025 Nov 23 0848?"}, {"date_precision": "hour"}),
        ({"Launch_Date": "2025 Nov 23?"}, {"date_precision": "week"}),
        ({"Launch_Date": "2025 Nov"}, {"date_utc": "2025-11-01T00:00:00Z"}),
        ({"Launch_Tag": "2024-U01"}, {"launch_id": "2024-U01", "launch_designator": None}),
        ({"Mission": "-"}, {"name": "Starlink-332"}),
        ({"Mission": "C110", "Flight": "Dragon  CRS-8"}, {"name": "Dragon CRS-8"}),
        ({"LaunchCode": "OF40"}, {"success": False, "launch_class": "orbital"}),
        ({"LaunchCode": "OS85"}, {"success": True}),
        ({"LaunchCode": "DS"}, {"success": True, "launch_class": "orbital"}),
        ({"LaunchCode": "OE"}, {"success": False, "launch_class": "pad loss"}),
        ({"LaunchCode": "SS", "Category": "-"}, {"success": True, "launch_class": "suborbital"}),
        ({"Category": "Sat LEO S"}, {"launch_class": "suborbital"}),
        ({"LaunchCode": "OX"}, {"success": None, "launch_class": "orbital"}),
        ({"LV_Type": "Starship V2"}, {"rocket_id": "gcat-Starship"}),
        ({"Launch_Site": "CC", "Launch_Pad": "LC99"}, {"launchpad_id": "gcat-CC LC99"}),
    ],
    ids=str,
)
def test_a_field_becomes_a_value(fields: dict[str, str], expected: dict[str, Any]) -> None:
    (row,) = rows(tidy(fields)["launches"])
    assert {name: row.get(name) for name in expected} == expected


def test_a_pad_that_is_not_known_has_its_code_and_no_coordinates() -> None:
    tables = tidy({"Launch_Site": "CC", "Launch_Pad": "LC99"})
    assert rows(tables["launchpads"]) == [
        {"launchpad_id": "gcat-CC LC99", "name": "CC LC99", "full_name": "CC LC99"}
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Flight_ID": "007          F007"}, [(None, None)]),
        ({"Flight_ID": "-"}, [(None, None)]),
        ({"Flight_ID": "001/B0003?   F001"}, [("gcat-B0003", 1)]),
        ({"Flight_ID": "B14.2/S35"}, [("gcat-B14", 2)]),
        ({"Flight_ID": "070/B1048.13 F069"}, [("gcat-B1048", 13)]),
        (
            {
                "LV_Type": "Falcon Heavy",
                "Flight_ID": "001/B1033.1",
                "FlightCode": "B1023.2,B1025.2",
            },
            [("gcat-B1033", 1), ("gcat-B1023", 2), ("gcat-B1025", 2)],
        ),
    ],
    ids=str,
)
def test_boosters_and_their_flights(fields: dict[str, str], expected: list[Any]) -> None:
    found = tidy(fields)["launch_cores"].frame[["core_id", "flight"]].astype(object)
    assert found.where(found.notna(), None).to_numpy().tolist() == [list(row) for row in expected]


def test_launches_of_others_are_out_of_scope_and_damaged_lines_are_rejected() -> None:
    others = {"Agency": "ROSK", "Launch_Tag": "2025-272"}
    assert tidy({}, others)["launches"].rows_out_of_scope == 1
    (line,) = LAUNCHES.records(
        ("#" + "\t".join(LAUNCH_HEADER) + "\n2025-271\tcut").encode(), "launch.tsv"
    )
    tables = {t.table.name: t for t in tidy_tables(LAUNCHES, "gcat", [line])}
    assert (tables["launches"].rows_rejected, len(tables["launches"].frame)) == (1, 0)


def test_every_recorded_launch_is_read(recorded_dir: Path) -> None:
    body = (recorded_dir / "gcat" / "launch_spacex_form.tsv").read_bytes()
    tables = tidy_tables(LAUNCHES, "gcat", LAUNCHES.records(body, "launch.tsv"))
    assert [table.rejects for table in tables] == [[]] * len(tables)
    sizes = {table.table.name: len(table.frame) for table in tables}
    assert (sizes["launches"], sizes["launch_cores"]) == (596, 596 + 2 * 11)
