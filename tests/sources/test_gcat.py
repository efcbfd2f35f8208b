"""GCAT: its tables, and the objects that concern Starlink."""

from pathlib import Path

import pytest

from spacex.errors import ResponseError
from spacex.sources.gcat import OBJECT_HEADER, OBJECTS
from spacex.transform import TidyTable, tidy_tables

UPDATED = "# Updated 2025 Dec  1 0109:52"
SATELLITE = {
    "JCAT": "S44713",
    "Satcat": "44713",
    "Launch_Tag": "2019-074",
    "Piece": "2019-074A",
    "Type": "P      F   ",
    "Name": "Starlink 1007",
    "PLName": "Starlink V1.0-L1-01",
    "LDate": "2019 Nov 11",
    "DDate": "-",
    "Status": "O",
    "Bus": "Starlink",
    "Mass": "     260 ",
}


def tsv(*records: dict[str, str], header: tuple[str, ...] = OBJECT_HEADER) -> bytes:
    """Return a table of GCAT; fields not given are empty."""
    lines = ["#" + "\t".join(header), UPDATED]
    lines += ["\t".join(record.get(name, "-") for name in header) for record in records]
    return "\n".join([*lines, ""]).encode()


def tidy(body: bytes) -> TidyTable:
    (table,) = tidy_tables(OBJECTS, "gcat", OBJECTS.records(body, "gcat"), "2025-12-01T00:00:00Z")
    return table


def row(**changes: str) -> dict[str, object]:
    """Return the row of the example satellite with some fields changed."""
    ((_, found),) = tidy(tsv(SATELLITE | changes)).frame.iterrows()
    return found.astype(object).where(found.notna(), None).to_dict()


def test_a_satellite_is_read():
    assert row() == {
        "source": "gcat",
        "catalogue_id": "S44713",
        "norad_cat_id": 44713,
        "object_name": "Starlink 1007",
        "object_id": "2019-074A",
        "launch_designator": "2019-074",
        "object_type": "payload",
        "operational_status": None,
        "is_starlink": True,
        "launch_id": None,
        "launch_date": "2019-11-11",
        "launch_precision": "day",
        "launch_site": None,
        "country_code": None,
        "rcs_size": None,
        "is_decayed": False,
        "decay_date": None,
        "decay_precision": None,
        "decay_is_uncertain": None,
        "fate": "in orbit",
        "bus": "Starlink",
        "version": "v1.0",
        "mass_kg": 260.0,
        "group_name": "Starlink V1.0-L1",
        "observed_utc": "2025-12-01T01:09:52Z",
    }


@pytest.mark.parametrize(
    ("head", "decays", "retrieved_utc", "expected"),
    [
        (UPDATED, ("2025 Nov 28",), "2026-11-29T02:00:00Z", "2025-12-01T01:09:52Z"),
        (UPDATED, ("2025 Nov 28",), "2025-11-30T02:00:00Z", "2025-11-30T00:00:00Z"),
        ("# No date", ("2025 Nov 28", "2024"), "2026-11-29T02:00:00Z", "2025-11-28T00:00:00Z"),
        ("# No date", ("2025 Nov 28", "2027"), "2026-11-29T02:00:00Z", "2025-11-28T00:00:00Z"),
    ],
)
def test_a_catalogue_is_as_old_as_its_data(head, decays, retrieved_utc, expected):
    objects = (
        SATELLITE | {"JCAT": f"S{at}", "DDate": d, "Status": "R"} for at, d in enumerate(decays)
    )
    body = tsv(SATELLITE, *objects).replace(UPDATED.encode(), head.encode())
    (table,) = tidy_tables(OBJECTS, "gcat", OBJECTS.records(body, "gcat"), retrieved_utc)
    assert set(table.frame["observed_utc"]) == {expected}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"DDate": "2022 Feb  5?", "Status": "R"},
            {
                "is_decayed": True,
                "decay_date": "2022-02-05",
                "decay_precision": "day",
                "decay_is_uncertain": True,
                "fate": "re-entered",
            },
        ),
        # The end of another phase is no decay.
        ({"DDate": "2022 Feb", "Status": "AO"}, {"is_decayed": False, "decay_date": None}),
        ({"Status": "R"}, {"is_decayed": True, "decay_date": None}),
        ({"JCAT": "A10836", "Satcat": "NNA"}, {"norad_cat_id": None, "is_starlink": True}),
        # An attached object has the catalogue number of another one.
        ({"JCAT": "A10836", "Satcat": "44713"}, {"norad_cat_id": None}),
        ({"JCAT": "S000100000"}, {"norad_cat_id": 100000}),
        ({"PLName": "Starlink Group 10-4-07"}, {"group_name": "Starlink Group 10-4"}),
        ({"PLName": "Starlink Group 10-4"}, {"group_name": "Starlink Group 10-4"}),
        ({"Bus": "Starlink V2MD"}, {"version": "V2 mini direct to cell", "is_starlink": True}),
        ({"Bus": "Starlink V2MO"}, {"version": "V2 mini optimized"}),
        ({"Bus": "Starlink V4"}, {"version": "Starlink V4"}),
        ({"PLName": "Starlink Group 4-7-01"}, {"version": "v1.5"}),
        ({"PLName": "Starlink V0.9-01"}, {"version": "v0.9"}),
        (
            {"Name": "USA 350", "PLName": "Starshield 3", "Bus": "Starlink V2M"},
            {"is_starlink": False},
        ),
        ({"Name": "Starlink 1007 debris", "Type": "D"}, {"is_starlink": False}),
        ({"Name": "Starlink Mistag TLEs", "Type": "Z", "Status": "ERR"}, {"is_starlink": False}),
        ({"Name": "Starlink Simulator 15", "Launch_Tag": "2025-U02"}, {"is_starlink": False}),
        ({"Piece": "2013-055"}, {"object_id": None}),
        ({"Name": "Tintin A", "PLName": "Microsat-2a"}, {"is_starlink": True}),
    ],
)
def test_a_changed_field(changes, expected):
    found = row(**changes)
    assert {name: found[name] for name in expected} == expected


def test_other_objects_are_out_of_scope():
    other = {"Name": "Falcon 9-140 Stage 2", "PLName": "F9-140 St2", "Bus": "F9St2"}
    table = tidy(tsv(SATELLITE, SATELLITE | other | {"JCAT": "A09977"}))
    assert (table.rows_in, len(table.frame), table.rows_out_of_scope) == (2, 1, 1)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"Status": "XYZ"}, "fate"),
        ({"LDate": "soon"}, "launch_date"),
        ({"Type": "?"}, "object_type"),
        ({"Mass": "heavy"}, "mass_kg"),
        ({"JCAT": "SXXX"}, "norad_cat_id"),
    ],
)
def test_an_unreadable_value_costs_its_line(changes, column):
    table = tidy(tsv(SATELLITE, SATELLITE | {"JCAT": "S44714"} | changes))
    assert list(table.frame["catalogue_id"]) == ["S44713"]
    assert [reject.column_name for reject in table.rejects] == [column]


@pytest.mark.parametrize("line", ["S44714\t44714", "\t".join(["x"] * 43)])
def test_a_line_of_another_length_costs_itself(line):
    body = tsv(SATELLITE) + line.encode() + b"\n"
    table = tidy(body)
    assert (len(table.frame), table.rows_rejected) == (1, 1)
    assert table.rejects[0].row_key.startswith("line 4, ")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "no table of GCAT"),
        (b"<html>", "no table of GCAT, but '<html>'"),
        (tsv(), "a header without rows"),
        (tsv(SATELLITE).replace(b"DDate", b"Decay"), "lacks the columns DDate and has the new"),
        (tsv(SATELLITE, header=(*OBJECT_HEADER, "X")), "has the new columns X"),
        (tsv(SATELLITE, header=OBJECT_HEADER[::-1]), "another order"),
        (b"\xff", "no table of GCAT, but '\N{REPLACEMENT CHARACTER}'"),
    ],
)
def test_another_form_is_an_error(body, message):
    with pytest.raises(ResponseError, match=message):
        OBJECTS.count(body, "satcat.tsv")


def test_a_byte_that_is_not_utf_8_costs_its_row():
    body = tsv(SATELLITE, SATELLITE | {"JCAT": "S44714", "Bus": "Starl\xefnk"})
    table = tidy(body.decode().encode("latin-1"))
    assert (len(table.frame), table.rows_rejected) == (1, 1)
    (reject,) = table.rejects
    assert (reject.row_key, reject.reason) == ("S44714", "text that is not UTF-8")


def test_the_recorded_auxiliary_catalogue(recorded_dir: Path):
    table = tidy((recorded_dir / "gcat" / "auxcat_starlink_2025-12-01.tsv").read_bytes())
    assert (table.rows_in, table.rows_rejected) == (645, 0)
    lost = table.frame[table.frame["is_starlink"]]
    assert lost.groupby("launch_designator").size().to_dict() == {"2022-010": 32, "2024-129": 18}
    assert lost["norad_cat_id"].isna().all()
    assert set(lost["decay_date"]) == {"2022-02-05", "2024-07-12"}
    assert lost["is_decayed"].all()
