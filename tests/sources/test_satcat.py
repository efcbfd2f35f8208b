"""SATCAT in both of its forms, and the objects that concern Starlink."""

import gzip
import json
from pathlib import Path

import pytest

from spacex.errors import ResponseError
from spacex.sources.satcat import OBJECTS
from spacex.transform import TidyTable, tidy_tables

HEADING = (
    "OBJECT_NAME,OBJECT_ID,NORAD_CAT_ID,OBJECT_TYPE,OPS_STATUS_CODE,OWNER,LAUNCH_DATE,LAUNCH_SITE,"
    "DECAY_DATE,PERIOD,INCLINATION,APOGEE,PERIGEE,RCS,DATA_STATUS_CODE,ORBIT_CENTER,ORBIT_TYPE"
)
ROW = "STARLINK-67,2019-029AV,44278,PAY,D,US,2019-05-24,AFETR,2020-05-27,87.5,52.9,158,151,,,EA,IMP"


def satcat_csv(*rows: str, heading: str = HEADING) -> bytes:
    """Return rows as CelesTrak serves them."""
    return "\r\n".join([heading, *rows, ""]).encode()


def tidy(body: bytes) -> TidyTable:
    records = OBJECTS.records(body, "satcat")
    (table,) = tidy_tables(OBJECTS, "satcat", records, "2025-06-21T00:00:00Z")
    return table


def row(text: str) -> dict[str, object]:
    """Return the row of one line of the CSV."""
    ((_, found),) = tidy(satcat_csv(text)).frame.iterrows()
    return found.astype(object).where(found.notna(), None).to_dict()


def test_blanks_around_the_commas_are_skipped():
    quoted = ROW.replace("STARLINK-67", '"STARLINK-67"')
    for text in (ROW, quoted):
        spaced = satcat_csv(text.replace(",", " , "), heading=HEADING.replace(",", ", "))
        assert tidy(spaced).frame.equals(tidy(satcat_csv(ROW)).frame)


def test_a_row_is_read():
    found = row(ROW)
    assert {name: value for name, value in found.items() if value is not None} == {
        "source": "satcat",
        "catalogue_id": "44278",
        "norad_cat_id": 44278,
        "object_name": "STARLINK-67",
        "object_id": "2019-029AV",
        "launch_designator": "2019-029",
        "object_type": "payload",
        "operational_status": "decayed",
        "is_starlink": True,
        "launch_date": "2019-05-24",
        "launch_precision": "day",
        "launch_site": "AFETR",
        "is_decayed": True,
        "decay_date": "2020-05-27",
        "decay_precision": "day",
        "observed_utc": "2020-05-27T00:00:00Z",  # that of its newest decay
    }


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (",2020-05-27,", ",,", {"is_decayed": True, "decay_date": None}),  # code D counts
        (",D,US,2019-05-24,AFETR,2020-05-27,", ",+,US,2019-05-24,AFETR,,", {"is_decayed": False}),
        (
            ",2020-05-27,",
            ",2020-05-27T11:22:33,",
            {"decay_date": "2020-05-27", "decay_precision": "second"},
        ),
        ("STARLINK-67", "STARLINK-67 DEB", {"is_starlink": False}),
        (",PAY,", ",DEB,", {"is_starlink": False, "object_type": "debris"}),
        (",PAY,", ",UNK,", {"is_starlink": True, "object_type": "unknown"}),
        ("STARLINK-67", "TINTIN A", {"is_starlink": True}),
        (",2019-029AV,", ",,", {"object_id": None, "is_starlink": True}),
        (",44278,", ",100044,", {"norad_cat_id": 100044}),
        ("STARLINK-67,", '"STARLINK-67, ONE",', {"object_name": "STARLINK-67, ONE"}),
    ],
)
def test_a_changed_field(old, new, expected):
    found = row(ROW.replace(old, new))
    assert {name: found[name] for name in expected} == expected


def test_other_objects_are_out_of_scope():
    names = ("VANGUARD 1", "", "TBA - TO BE ASSIGNED", "OBJECT A")
    table = tidy(satcat_csv(ROW, *(ROW.replace("STARLINK-67", name) for name in names)))
    assert (table.rows_in, len(table.frame), table.rows_out_of_scope) == (5, 1, 4)


@pytest.mark.parametrize("text", ["UNKNOWN", "N/A", "2019-"])
def test_a_text_that_is_no_designator_costs_its_value(text):
    table = tidy(satcat_csv(ROW.replace("2019-029AV", text)))
    found = table.frame[["object_id", "launch_designator"]]
    assert found.isna().all(axis=None)
    assert [(each.column_name, each.value) for each in table.rejects] == [("object_id", text)]


@pytest.mark.parametrize(
    "bad",
    [
        ROW.replace("PAY", "XYZ"),
        ROW.replace("2019-05-24", "2019-13-24"),
        ROW.replace("44278", "many"),
        ROW.replace("44278", "٤٤٢٧٨"),
        ROW.replace("44278", "44_278"),
        ROW[:40],
        f"{ROW},more",
        'STARLINK-1,"2019',
    ],
)
def test_a_bad_line_costs_itself(bad):
    table = tidy(satcat_csv(ROW.replace("44278", "1"), bad, ROW.replace("44278", "2")))
    assert list(table.frame["norad_cat_id"]) == [1, 2]
    assert table.rows_rejected == 1


def test_columns_are_read_by_name():
    swapped = HEADING.replace("OWNER", "NEW").replace(
        "OBJECT_NAME,OBJECT_ID", "OBJECT_ID,OBJECT_NAME"
    )
    table = tidy(
        satcat_csv(ROW.replace("STARLINK-67,2019-029AV", "2019-029AV,STARLINK-67"), heading=swapped)
    )
    assert list(table.frame["object_name"]) == ["STARLINK-67"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "no SATCAT"),
        (b"<html>", "no SATCAT, but '<html>'"),
        (satcat_csv(), "a header without rows"),
        (satcat_csv(ROW, heading=HEADING.replace("DECAY_DATE", "DECAY")), "lacks DECAY_DATE"),
        (b"\xff", "no SATCAT, but '\N{REPLACEMENT CHARACTER}'"),
        (b"[]", "an empty array"),
    ],
)
def test_another_form_is_an_error(body, message):
    with pytest.raises(ResponseError, match=message):
        OBJECTS.count(body, "satcat.csv")


def test_a_byte_that_is_not_utf_8_costs_its_row():
    table = tidy(satcat_csv(ROW, ROW.replace("44278", "44279")).replace(b"AFETR", b"AF\xffTR", 1))
    assert (list(table.frame["norad_cat_id"]), table.rows_rejected) == ([44279], 1)
    (reject,) = table.rejects
    assert (reject.column_name, reject.reason) == ("launch_site", "text that is not UTF-8")


@pytest.mark.parametrize("body", [b"what?", b"[{}]", satcat_csv(), HEADING[12:].encode()])
def test_what_to_do_depends_on_whether_it_is_a_file(body):
    for origin, remedy in (
        ("satcat.csv", "The database is unchanged. Download the file again, and save it as it is."),
        ("https://x.org/satcat.csv", "The database is unchanged. Exclude this source with "),
    ):
        with pytest.raises(ResponseError) as caught:
            OBJECTS.count(body, origin)
        assert caught.value.remedy.startswith(remedy)


def test_a_renamed_field_of_space_track_is_rejected():
    record = {"SATNAME": "STARLINK-67", "INTLDES": "2019-029AV", "NORAD_CAT_ID": "44278"}
    record |= {"OBJECT_TYPE": "PAYLOAD", "LAUNCH": "2019-05-24", "SITE": "AFETR"}
    assert tidy(json.dumps([record | {"DECAY": None}]).encode()).rows_rejected == 0
    (reject,) = tidy(json.dumps([record]).encode()).rejects
    assert "DECAY_DATE" in reject.reason


@pytest.mark.parametrize("damaged", [None, [1], {}, {"SATNAME": "STARLINK-\ud83d"}])
def test_a_record_of_space_track_that_cannot_be_read_costs_itself(damaged):
    record = {"SATNAME": "STARLINK-67", "INTLDES": "2019-029AV", "NORAD_CAT_ID": "44278"}
    record |= {"OBJECT_TYPE": "PAYLOAD", "LAUNCH": "2019-05-24", "SITE": "AFETR", "DECAY": None}
    if damaged and "SATNAME" in damaged:
        damaged = record | damaged | {"NORAD_CAT_ID": "44279"}
    table = tidy(json.dumps([damaged, record]).encode())
    assert (table.rows_in, len(table.frame), table.rows_rejected) == (2, 1, 1)
    assert table.rejects[0].row_key.startswith("44279" if damaged and len(damaged) > 1 else "?")


def test_the_current_entry_of_space_track_counts():
    record = {"SATNAME": "STARLINK-67", "INTLDES": "2019-029AV", "NORAD_CAT_ID": "44278"}
    record |= {"OBJECT_TYPE": "PAYLOAD", "LAUNCH": "2019-05-24", "SITE": "AFETR", "DECAY": None}
    former = record | {"SATNAME": "STARLINK OBJECT AV", "CURRENT": "N"}
    table = tidy(json.dumps([record | {"CURRENT": "Y"}, former]).encode())
    assert list(table.frame["object_name"]) == ["STARLINK-67"]
    assert table.rows_duplicate == 1


def test_both_recorded_forms_say_the_same(recorded_dir: Path):
    names = ("starlink_2025-06-21_part.json.gz", "starlink_2025-06-21_part_celestrak_form.csv.gz")
    paths = [recorded_dir / "satcat" / name for name in names]
    space_track, celestrak = (tidy(gzip.decompress(path.read_bytes())) for path in paths)
    assert (space_track.rows_in, space_track.rows_rejected) == (972, 0)
    assert space_track.frame["is_decayed"].sum() == 521
    columns = [name for name in space_track.frame if name != "operational_status"]
    assert space_track.frame[columns].equals(celestrak.frame[columns])
