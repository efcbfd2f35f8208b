"""GP data in every format of CelesTrak and Space-Track."""

import csv
import io
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from spacex.errors import ResponseError
from spacex.sources import CELESTRAK
from spacex.sources.record import Record, fields
from spacex.transform import TidyTable, tidy_tables
from tests.example_records import omm, omm_json
from tests.sources.test_tle import ISS, with_checksum

STARLINK = CELESTRAK.endpoints["starlink"]
NOW = "2026-11-25T12:00:00Z"


def tidy(body: bytes) -> dict[str, TidyTable]:
    records = STARLINK.records(body, "file")
    return {each.table.name: each for each in tidy_tables(STARLINK, "celestrak", records, NOW)}


def with_text_values(record: dict[str, Any]) -> dict[str, str]:
    """Return the record as in Space-Track's JSON."""
    return {name: str(value) for name, value in record.items()}


def as_csv(*records: dict[str, Any]) -> bytes:
    """Return the records in CelesTrak's CSV, which has no zero before a decimal point."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(records[0]))
    writer.writeheader()
    for record in records:
        short = {
            n: str(v).replace("0.", ".", 1) if n == "ECCENTRICITY" else v for n, v in record.items()
        }
        writer.writerow(short)
    return out.getvalue().encode()


FORMATS = {
    "JSON with numbers": omm_json(omm(1), omm(2)),
    "JSON with text": omm_json(with_text_values(omm(1)), with_text_values(omm(2))),
    "CSV": as_csv(omm(1), omm(2)),
    "CSV with a byte order mark": b"\xef\xbb\xbf" + as_csv(omm(1), omm(2)),
}


@pytest.mark.parametrize("body", FORMATS.values(), ids=FORMATS)
def test_all_formats_give_the_same_rows(body):
    found, expected = tidy(body), tidy(FORMATS["JSON with numbers"])
    for name, table in found.items():
        assert table.frame.equals(expected[name].frame)
        assert (table.rows_in, len(table.frame)) == (2, 2)
    row = found["starlink_elements"].frame.iloc[0]
    assert row["epoch_utc"] == "2026-11-25T06:00:00.123456Z"
    assert row["observed_utc"] == NOW
    assert (row["eccentricity"], row["mean_motion_ddot"], row["bstar"]) == (0.00015, 0.0, -2.1e-05)


@pytest.mark.parametrize("number", [5, 69_999, 100_000, 339_999, 340_000, 999_999, 123_456_789])
def test_catalogue_numbers_have_up_to_nine_digits(number):
    assert tidy(omm_json(omm(number)))["starlink"].frame["norad_cat_id"].tolist() == [number]


def test_an_epoch_without_a_fraction():
    (epoch,) = tidy(omm_json(omm(EPOCH="2026-11-25T06:00:00")))["starlink"].frame["epoch_utc"]
    assert epoch == "2026-11-25T06:00:00.000000Z"


def test_every_epoch_of_a_satellite_is_history_and_the_newest_is_current():
    early, late = (
        omm(1, EPOCH=f"2026-11-25T0{hour}:00:00.5", MEAN_MOTION=15 + hour / 10) for hour in (3, 4)
    )
    for body in (omm_json(early, late, early), omm_json(late, early, early)):
        satellites, elements = tidy(body).values()
        assert (satellites.rows_in, len(satellites.frame), satellites.rows_duplicate) == (3, 1, 2)
        assert satellites.frame["epoch_utc"].tolist() == ["2026-11-25T04:00:00.500000Z"]
        assert (elements.rows_in, len(elements.frame), elements.rows_duplicate) == (3, 2, 1)
        assert sorted(elements.frame["mean_motion_rev_per_day"]) == [15.3, 15.4]
        assert satellites.rows_rejected == elements.rows_rejected == 0


OTHERS = (
    {"OBJECT_NAME": "FALCON 9 DEB"},
    {"OBJECT_NAME": "SHERPA-LTC2"},
    {"OBJECT_NAME": "BLUEWALKER 3"},
    {"OBJECT_NAME": "STARLINK-1 DEB"},
    {"OBJECT_NAME": "Starlink-1 R/B"},
    {"OBJECT_NAME": "STARLINK-G10-1 STACK"},
    {"OBJECT_NAME": "STARLINK-G10-1 SINGLE"},
    {"NORAD_CAT_ID": 72_000},
    {"NORAD_CAT_ID": "72999.0"},
    {"OBJECT_TYPE": "DEBRIS"},
    {"OBJECT_TYPE": "ROCKET BODY"},
    {"OBJECT_TYPE": " Debris "},
)


@pytest.mark.parametrize("fields", OTHERS, ids=str)
def test_other_objects_are_out_of_scope(fields):
    for table in tidy(omm_json(omm(1), omm(9, **fields))).values():
        assert (table.rows_in, len(table.frame), table.rows_out_of_scope) == (2, 1, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"OBJECT_NAME": "STARLINK-DEBUT"},
        {"NORAD_CAT_ID": 71_999},
        {"NORAD_CAT_ID": 73_000},
        {"OBJECT_TYPE": "PAYLOAD"},
        {"OBJECT_TYPE": "UNKNOWN"},
        {"OBJECT_TYPE": ""},
    ],
    ids=str,
)
def test_satellites_are_in_scope(fields):
    assert len(tidy(omm_json(omm(9, **fields)))["starlink"].frame) == 1


@pytest.mark.parametrize("decay_date", ["2026-11-20", "2026-11-20 00:00:00"])
def test_a_decay_date_is_read(decay_date):
    body = omm_json(omm(1, DECAY_DATE=decay_date), omm(2, DECAY_DATE=None), omm(3, DECAY_DATE=""))
    satellites = tidy(body)["starlink"].frame
    assert satellites["is_decayed"].tolist() == [True, False, False]
    assert satellites["decay_date"].tolist()[0] == "2026-11-20"
    assert satellites["decay_date"].isna().tolist() == [False, True, True]


@pytest.mark.parametrize("decay_date", ["soon", 5])
def test_an_unreadable_decay_date_costs_only_its_value(decay_date):
    table = tidy(omm_json(omm(1, DECAY_DATE=decay_date), omm(2)))["starlink"]
    assert table.frame["is_decayed"].tolist() == [False, False]
    assert [(each.column_name, each.lost) for each in table.rejects] == [("decay_date", "value")]


@pytest.mark.parametrize(
    ("decay_date", "is_decayed"), [("2026-11-25", True), ("2026-11-26", False)]
)
def test_a_decay_after_the_day_of_the_list_is_a_prediction(decay_date, is_decayed):
    (row,) = tidy(omm_json(omm(1, DECAY_DATE=decay_date), omm(2)))["starlink"].frame.iloc[:1].iloc
    assert row["is_decayed"] == is_decayed
    dates = row[["decay_date", "unconfirmed_decay_date"]].dropna().to_dict()
    assert dates == {"decay_date" if is_decayed else "unconfirmed_decay_date": decay_date}


@pytest.mark.parametrize(
    ("epoch", "is_rejected"),
    [("2026-11-28T12:00:00.000000", False), ("2026-11-28T12:00:00.000001", True)],
)
def test_an_epoch_is_at_most_three_days_after_its_list(epoch, is_rejected):
    satellites, elements = tidy(omm_json(omm(1, EPOCH=epoch), omm(2))).values()
    assert satellites.frame["norad_cat_id"].tolist() == [1, 2]
    assert (len(elements.frame), elements.rows_rejected) == (2 - is_rejected, is_rejected)
    assert [(each.column_name, each.value, each.reason) for each in elements.rejects] == [
        ("epoch_utc", f"{epoch}Z", f"is over 3 days after the response of {NOW}")
    ] * is_rejected


@pytest.mark.parametrize(
    ("added", "name"),
    [
        ("\u00ef\u00bb\u00bfSTARLINK-2", "STARLINK-2"),
        ("0STARLINK-2", "STARLINK-2"),
        ("\ufffeSTARLINK-2", "STARLINK-2"),
        ("12: STARLINK-2", "12: STARLINK-2"),
        ("\u00fe\u00ffSTARLINK-2", "\u00fe\u00ffSTARLINK-2"),
    ],
)
def test_a_satellite_stays_in_scope_whatever_precedes_its_name(added, name):
    """A byte order mark in another encoding, for example."""
    for body in (
        omm_json(omm(1), omm(2, OBJECT_NAME=added)),
        in_format("TLE", "STARLINK-1", added),
    ):
        assert tidy(body)["starlink"].frame["object_name"].tolist() == ["STARLINK-1", name]
    others = omm_json(omm(1), omm(2, OBJECT_NAME="12: STARLINK-2 DEB"), omm(3, OBJECT_NAME="0 X"))
    assert tidy(others)["starlink"].rows_out_of_scope == 2


PLACEHOLDERS = (
    None,
    "",
    "  ",
    "-",
    "TBA - TO BE ASSIGNED",
    "tba",
    "OBJECT A",
    "Object BC",
    "UNKNOWN",
)


@pytest.mark.parametrize("name", PLACEHOLDERS, ids=str)
@pytest.mark.parametrize(("others", "is_group"), [(5, True), (6, False)])
def test_an_object_without_a_name_is_a_starlink_only_in_a_list_of_starlinks(name, others, is_group):
    """Five of a hundred named objects may be others."""
    records = [omm(number) for number in range(1, 101 - others)]
    records += [omm(200 + number, OBJECT_NAME="ONEWEB-0012") for number in range(others)]
    for body in (
        omm_json(*records, omm(9_999, OBJECT_NAME=name)),
        omm_csv(*records, omm(9_999, OBJECT_NAME=name)),
    ):
        for table in tidy(body).values():
            fates = (len(table.frame), table.rows_out_of_scope, table.rows_rejected)
            assert fates == (100 - others + is_group, others + (not is_group), 0)
        if is_group:
            assert tidy(body)["starlink"].frame["object_name"].tolist()[-1] == "NORAD 9999"


@pytest.mark.parametrize("name", ["STARLINK-OBJECT A", "UNKNOWNSAT", "OBJECTIVE", "TBAX"])
def test_a_name_that_only_resembles_a_placeholder_is_a_name(name):
    found = tidy(omm_json(omm(1), omm(2), omm(3, OBJECT_NAME=name)))["starlink"].frame
    assert "NORAD 3" not in found["object_name"].tolist()


def test_debris_without_a_name_is_out_of_scope():
    table = tidy(omm_json(omm(1), omm(2, OBJECT_NAME="TBA", OBJECT_TYPE="DEBRIS")))["starlink"]
    assert (len(table.frame), table.rows_out_of_scope) == (1, 1)


@pytest.mark.parametrize(
    "damaged", [None, [1], "STARLINK-2", omm(2, OBJECT_NAME="STARLINK-\ud83d")]
)
def test_a_record_that_cannot_be_read_costs_itself(damaged):
    satellites, elements = tidy(omm_json(omm(1), damaged, omm(3))).values()
    assert (satellites.rows_in, len(satellites.frame), satellites.rows_rejected) == (3, 2, 1)
    assert {1, 3} <= set(elements.frame["norad_cat_id"]) <= {1, 2, 3}
    (reject,) = satellites.rejects
    assert reject.row_key == ("2" if isinstance(damaged, dict) else "?")
    assert reject.reason.endswith("(file, record 2)")


@pytest.mark.parametrize("body", [b"[null]", omm_json(None, omm(2, OBJECT_NAME="ONEWEB-0012"))])
def test_a_list_without_a_readable_starlink_is_not_accepted(body):
    with pytest.raises(ResponseError):
        list(STARLINK.records(body, "file"))


ANSWERS = {
    "text": (b"Invalid query", "Provide GP data: OMM in JSON or CSV, or TLE."),
    "cut CSV": (b"OBJECT_NAME,EPOCH\nSTARLINK-1,\nSTARLINK-1", "Download it again."),
    "semicolons": (b"OBJECT_NAME;EPOCH\n", "Save it with commas between the fields."),
    "others": (omm_json(omm(1, OBJECT_NAME="ONEWEB-1")), "Provide the GP list of the Starlink "),
    "decayed": (omm_json(omm(1, DECAY_DATE="2026-01-01")), "Provide a list with the satellites "),
    "nameless": (omm_json(omm(1, OBJECT_NAME="TBA")), "Provide a list with names (3LE), or OMM."),
    "cut TLE": (
        "\n".join([*(2 * ["STARLINK-1", *ISS])[:-1], ""]).encode(),
        "Download the file again, or ",
    ),
}


@pytest.mark.parametrize(("body", "of_file"), ANSWERS.values(), ids=ANSWERS)
def test_what_to_do_depends_on_whether_it_is_a_file(body, of_file):
    for origin, remedy in (
        ("list.json", of_file),
        ("https://x.org/gp", "The service answered with something else; the next run asks again."),
    ):
        with pytest.raises(ResponseError) as caught:
            list(STARLINK.records(body, origin))
        assert caught.value.remedy.startswith(f"The database is unchanged. {remedy}")


def test_a_list_of_decayed_satellites_alone_is_not_accepted():
    body = omm_json(None, *(omm(number, DECAY_DATE="2026-11-20") for number in (1, 2)))
    with pytest.raises(ResponseError, match="file has no satellite in orbit"):
        list(STARLINK.records(body, "file"))


@pytest.mark.parametrize(
    "object_id", ["UNKNOWN", "None", "N/A", "2026-", "TBA", "2026-001", "2026-001a", "٢٠٢٦-001A"]
)
def test_a_text_that_is_no_designator_costs_its_value(object_id):
    for body in (
        omm_json(omm(1), omm(2, OBJECT_ID=object_id)),
        omm_csv(omm(2, OBJECT_ID=object_id)),
    ):
        table = tidy(body)["starlink"]
        assert table.frame["object_id"].isna().tolist()[-1]
        assert [(r.column_name, r.value, r.lost) for r in table.rejects] == [
            ("object_id", object_id, "value")
        ]
        assert "does not have the form 2019-074A" in table.rejects[0].reason


@pytest.mark.parametrize("object_id", [None, "", "  "])
def test_a_satellite_may_have_no_designator(object_id):
    for body in (omm_json(omm(1, OBJECT_ID=object_id)), omm_csv(omm(1, OBJECT_ID=object_id))):
        table = tidy(body)["starlink"]
        assert table.frame["object_id"].isna().tolist() == [True]
        assert table.rejects == []


def test_a_list_without_starlinks_is_not_accepted():
    body = omm_json(*(omm(number, OBJECT_NAME=f"ONEWEB-{number:04d}") for number in (12, 13)))
    with pytest.raises(ResponseError) as caught:
        list(STARLINK.records(body, "oneweb.json"))
    assert caught.value.message == (
        "oneweb.json has no Starlink satellite among its 2 objects, beginning with ONEWEB-0012."
    )


def omm_csv(*records: Record) -> bytes:
    """Return records as CSV with Space-Track's whole numbers."""
    text = io.StringIO()
    writer = csv.DictWriter(text, records[0].keys())
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue().encode()


def test_whole_numbers_in_csv_may_have_decimals():
    (number,) = tidy(omm_csv(omm("44713.0", ELEMENT_SET_NO="999.0")))["starlink"].frame[
        "norad_cat_id"
    ]
    assert number == 44713
    assert tidy(omm_csv(omm("44713.5")))["starlink"].rows_rejected == 1


@pytest.mark.parametrize("blanks", [b", ", b",  ", b" , "])
def test_csv_with_blanks_around_its_commas_is_read(blanks):
    whole = omm_csv(omm(1), omm(2))
    quoted = whole if blanks[:1] == b" " else whole.replace(b"2026-001A", b'"2026-001A"')
    spaced = quoted.replace(b",", blanks)
    for name, table in tidy(spaced).items():
        assert (len(table.frame), table.rejects) == (2, [])
        assert table.frame.equals(tidy(whole)[name].frame)


@pytest.mark.parametrize("to_body", [omm_json, omm_csv])
def test_a_byte_order_mark_is_skipped(to_body):
    assert len(tidy(b"\xef\xbb\xbf" + to_body(omm(1)))["starlink"].frame) == 1


def test_csv_headers_comments_footers_and_blank_lines_are_skipped():
    heading, *rows = omm_csv(omm(1), omm(2)).split(b"\r\n")[:3]
    lines = [
        b"Starlinks of today",
        b"",
        heading,
        b"",
        rows[0],
        b"# more",
        heading,
        rows[1],
        b"",
        b"END",
    ]
    table = tidy(b"\n".join(lines))["starlink"]
    assert (table.frame["norad_cat_id"].tolist(), table.rows_in) == ([1, 2], 2)


def test_a_csv_row_with_another_number_of_fields_is_rejected_alone():
    heading, *rows = omm_csv(omm(1), omm(2), omm(3)).split(b"\r\n")[:4]
    body = b"\n".join([heading, rows[0], rows[1][:30], rows[2] + b",9", rows[2], b""])
    for table in tidy(body).values():
        assert (len(table.frame), table.rows_rejected, table.rows_in) == (2, 2, 4)
        assert {reject.reason[-14:] for reject in table.rejects} == {
            "(file, line 3)",
            "(file, line 4)",
        }


@pytest.mark.parametrize("length", [3, 8, 30, 60])
def test_csv_whose_last_row_is_cut_is_incomplete(length):
    body = b"\n".join(omm_csv(omm(1), omm(2)).split(b"\r\n")[:3])
    cut = body[: body.rindex(b"\n") + 1 + max(length, 8)]
    with pytest.raises(ResponseError, match=r"incomplete last row, line 3: the file is cut"):
        list(STARLINK.records(cut, "file"))


@pytest.mark.parametrize("last", ["MEAN_MOTION", "BSTAR", "NORAD_CAT_ID", "OBJECT_NAME", "EPOCH"])
def test_the_last_row_of_csv_without_a_line_end_costs_its_elements(last):
    """Its last field may be cut: 15.06 after `15`; the satellite stays listed."""
    order = [*(name for name in omm() if name != last), last]
    records = [{name: omm(number)[name] for name in order} for number in (44_713, 44_714)]
    body = omm_csv(*records).rstrip(b"\r\n")
    for cut in (body, body[:-1]):
        whole, row = STARLINK.records(cut, "file")
        assert whole["NORAD_CAT_ID"] == 44_713
        reason = "the file ends within the row, or lacks its last line end (file, line 3)"
        assert row.reason == reason
        known = {"NORAD_CAT_ID": 44_714, "OBJECT_NAME": "STARLINK-44714", "OBJECT_ID": "2026-001A"}
        known |= dict.fromkeys(("EPOCH", "OBJECT_TYPE", "DECAY_DATE", "CREATION_DATE"))
        assert row.readable == {
            name: known[name] for name in known if name != last or last == "EPOCH"
        }
    tables = tidy(body)
    assert tables["starlink_elements"].frame["norad_cat_id"].tolist() == [44_713]
    rest = tables["starlink"].frame["norad_cat_id"].tolist()
    assert rest == [44_713] + [44_714] * (last not in {"NORAD_CAT_ID", "OBJECT_NAME"})


def test_the_last_row_of_csv_is_whole_with_a_line_end_or_a_quote():
    body = omm_csv({name: f"{value}" for name, value in omm(44_713).items()}).rstrip()
    for end in (b"\n", b"\r\n", b"\r", b"\n\n# end", b"\nEND"):
        assert len(tidy(body + end)["starlink_elements"].frame) == 1
    heading, row = body.split(b"\r\n")
    quoted = b",".join(b'"' + each + b'"' for each in row.split(b","))
    assert len(tidy(heading + b"\n" + quoted)["starlink_elements"].frame) == 1


def test_a_csv_row_with_another_number_of_fields_names_its_satellite():
    heading, *rows = omm_csv(omm(1), omm(2), omm(3)).split(b"\r\n")[:4]
    for row, name in ((rows[1][:30], "STARLINK-2"), (rows[1].split(b",", 1)[1], None)):
        _, bad, _ = STARLINK.records(b"\n".join([heading, rows[0], row, rows[2], b""]), "file")
        assert bad.readable.get("OBJECT_NAME") == name


@pytest.mark.parametrize(("separator", "name"), [(b";", "semicolons"), (b"\t", "tabs")])
def test_csv_with_another_separator_is_named(separator, name):
    body = omm_csv(omm(1)).replace(b",", separator)
    with pytest.raises(
        ResponseError, match=rf"CSV separated by {name}, line 1, not by commas"
    ) as caught:
        list(STARLINK.records(body, "file"))
    assert caught.value.remedy.endswith("Save it with commas between the fields.")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b'{"a": 1}\n{"a": 2}\n', "JSON Lines, an object a line, not an array of records"),
        (b'{"a": 1}\r\n\r\n{"a": ', "JSON Lines, an object a line, not an array of records"),
        (b'{"at": 1, "data": [{"a": 1}]}', "its records in the field 'data' of an object"),
        (b'{\n"data": []\n}', "its records in the field 'data' of an object"),
    ],
)
def test_json_that_is_no_array_is_called_what_it_is(body, problem):
    with pytest.raises(ResponseError, match=problem) as caught:
        list(STARLINK.records(body, "file"))
    assert "Download" not in caught.value.remedy
    assert caught.value.remedy.endswith("one array: [{…}, {…}].")


ARABIC = {ord("0") + digit: 0x660 + digit for digit in range(10)}
"""Translates digits into those of Arabic script, which Python takes for numbers, too."""
IMPOSSIBLE = {
    "mean motion of 0": {"MEAN_MOTION": 0},
    "negative mean motion": {"MEAN_MOTION": -15.06},
    "geosynchronous": {"MEAN_MOTION": 1.0027},
    "above low Earth orbit": {"MEAN_MOTION": 11.2},
    "mean altitude below 100 km": {"MEAN_MOTION": 16.66},
    "more than 17 revolutions a day": {"MEAN_MOTION": 17.1},
    "parabola": {"ECCENTRICITY": 1},
    "negative eccentricity": {"ECCENTRICITY": -0.001},
    "perigee below the ground": {"ECCENTRICITY": 0.5},
    "not a number": {"MEAN_MOTION": "nan"},
    "infinite drag": {"BSTAR": "inf"},
    "drag of another unit": {"BSTAR": 1e9},
    "derivative of another unit": {"MEAN_MOTION_DOT": -1e9},
    "second derivative of another unit": {"MEAN_MOTION_DDOT": 1e9},
    "digits of another script": {"MEAN_MOTION": "15.06".translate(ARABIC)},
}


@pytest.mark.parametrize("fields", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_impossible_elements_are_rejected_and_the_satellite_kept(fields):
    satellites, elements = tidy(omm_json(omm(1, **fields), omm(2))).values()
    assert satellites.frame["norad_cat_id"].tolist() == [1, 2]
    assert elements.frame["norad_cat_id"].tolist() == [2]
    assert elements.rows_rejected == 1


@pytest.mark.parametrize("mean_motion", [11.35, 16.6])
def test_the_highest_and_the_lowest_orbits_are_accepted(mean_motion):
    assert tidy(omm_json(omm(1, MEAN_MOTION=mean_motion)))["starlink_elements"].rejects == []


BAD = {
    "text that is not a number": ({"MEAN_MOTION": "fast"}, "mean_motion_rev_per_day"),
    "empty text": ({"BSTAR": ""}, "bstar"),
    "null catalogue number": ({"NORAD_CAT_ID": None}, "norad_cat_id"),
    "catalogue number of ten digits": ({"NORAD_CAT_ID": 1_000_000_000}, "norad_cat_id"),
    "eccentricity above 1": ({"ECCENTRICITY": 1.5}, "eccentricity"),
    "invalid epoch": ({"EPOCH": "yesterday"}, "epoch_utc"),
    "epoch before year 1": ({"EPOCH": "0001-01-01T00:00:00+05:00"}, "epoch_utc"),
    "epoch after year 9999": ({"EPOCH": "9999-12-31T23:59:59-10:00"}, "epoch_utc"),
    "catalogue number with underscores": ({"NORAD_CAT_ID": "10_00_50"}, "norad_cat_id"),
    "catalogue number in digits of another script": (
        {"NORAD_CAT_ID": "100050".translate(ARABIC)},
        "norad_cat_id",
    ),
    "another ephemeris type": ({"EPHEMERIS_TYPE": 4}, ""),
    "name that is not text": ({"OBJECT_NAME": 7}, "object_name"),
}


@pytest.mark.parametrize(("fields", "column"), BAD.values(), ids=BAD)
def test_an_invalid_record_is_rejected_with_its_column(fields, column):
    tables = tidy(omm_json(omm(2), omm(1, **fields)))
    rejects = [reject for table in tables.values() for reject in table.rejects]
    assert column in {reject.column_name for reject in rejects}
    assert sum(table.rows_rejected for table in tables.values()) == len(
        {(reject.table_name, reject.row_key) for reject in rejects if reject.lost == "row"}
    )


def test_a_renamed_field_rejects_every_record():
    record = omm(1)
    record["INCL"] = record.pop("INCLINATION")
    (reject,) = tidy(omm_json(record))["starlink_elements"].rejects
    assert reject.reason == "the record has no field INCLINATION"


INVALID = [b"<html>", b"", b"[]", b"a,b\n1,2\n", b"OBJECT_NAME,EPOCH\n", b"\xff\xfe", b'"x"']


@pytest.mark.parametrize("body", INVALID)
def test_invalid_gp_data_raise(body):
    with pytest.raises(ResponseError) as caught:
        list(STARLINK.records(body, "file"))
    assert caught.value.message.startswith("file")
    assert caught.value.remedy


def tle_lines(number: int) -> list[str]:
    """Return the lines of an element set."""
    first = f"1 {number:05d}U 26001A   26329.25000000 -.00000595  00000-0 -21000-4 0  9990"
    second = f"2 {number:05d}  53.0500 120.5000 0001500  80.2500  30.1250 15.06000000  1000"
    return [f"STARLINK-{number}", *map(with_checksum, (first, second))]


def test_a_list_without_names_is_not_accepted():
    """It may be of any satellites; one element set may lack its name."""
    nameless = [line for number in (1, 2) for line in tle_lines(number)[1:]]
    nameless[0], nameless[1] = nameless[0][:40], nameless[1][:40]
    with pytest.raises(ResponseError) as caught:
        list(STARLINK.records("\n".join(nameless).encode(), "oneweb.2le"))
    assert caught.value.message.startswith("oneweb.2le has element sets without names")
    assert "3LE" in caught.value.remedy
    body = "\n".join([*tle_lines(3), *tle_lines(2)[1:]]).encode()
    assert tidy(body)["starlink"].frame["norad_cat_id"].tolist() == [3, 2]


LIST_OF_THREE = {
    "JSON": omm_json(omm(1), omm(2), omm(3)),
    "CSV": omm_csv(omm(1), omm(2), omm(3)),
    "TLE": "\n".join(line for number in (1, 2, 3) for line in tle_lines(number)).encode() + b"\n",
}


def read(body: bytes) -> dict[Any, Record | None]:
    """Return catalogue number → the fields of its orbit, None if it is unreadable."""
    return {
        record.get("NORAD_CAT_ID"): None if "MEAN_MOTION" not in record else record
        for record in map(fields, STARLINK.records(body, "file"))
    }


@pytest.mark.parametrize("line", ["1", "1 ", "2", "2 "])
def test_a_list_cut_at_the_start_of_a_line_is_refused(line):
    before = "\n".join([*tle_lines(1), *tle_lines(2)[: int(line)]])
    with pytest.raises(ResponseError, match="file is incomplete"):
        list(STARLINK.records(f"{before}\n{line}".encode(), "file"))


@pytest.mark.parametrize("name", LIST_OF_THREE)
@hypothesis.given(data=st.data())
def test_a_cut_list_is_refused_or_has_only_true_records(name, data):
    body = LIST_OF_THREE[name]
    cut = body[: data.draw(st.integers(0, len(body) - 1))]
    try:
        found = read(cut)
    except ResponseError:
        return
    assert name != "JSON"
    complete = read(body)
    for number, record in found.items():
        if record is not None:  # a line of TLE may lack its checksum, and then its end
            assert record == complete[number]
    if name == "TLE":  # cut between element sets, or in a checksum
        assert [line[0] for line in cut.decode().splitlines()] == ["S", "1", "2"] * len(found)


@hypothesis.given(st.data())
def test_a_damaged_element_set_is_unreadable_or_true(data):
    """A checksum finds one changed digit; the other element sets are read in any case."""
    lines = LIST_OF_THREE["TLE"].decode().splitlines()
    place = data.draw(st.sampled_from([4, 5]))
    column = data.draw(st.integers(2, 67))
    digit = data.draw(st.sampled_from("0123456789"))
    line = lines[place]
    lines[place] = line[:column] + digit + line[column + 1 :]
    complete = read(LIST_OF_THREE["TLE"])
    found = read("\n".join(lines).encode())
    assert found[1] == complete[1]
    assert found[3] == complete[3]
    if line[column].isdigit() and digit != line[column]:
        assert found.get(2) is None


@pytest.mark.parametrize("form", ["CSV", "TLE"])
def test_a_byte_that_is_not_utf_8_costs_its_element_set(form):
    """Its record is in scope, as its name may be that of a satellite of Starlink."""
    body = as_csv(omm(60_001), omm(60_002))
    if form == "TLE":
        body = "\n".join(["STARLINK-60001", *ISS, "STARLINK-60002", *ISS, ""]).encode()
    table = tidy(body.replace(b"STARLINK-60002", b"STARL\xcfNK-60002"))["starlink"]
    assert (len(table.frame), table.rows_rejected) == (1, 1)
    (reject,) = table.rejects
    assert (reject.column_name, reject.reason) == ("object_name", "text that is not UTF-8")


INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u2060\u00ad\u061c\u180e\u202a\ufe0f\U000e0020\x1a\x7f"


def in_format(form: str, *names: str) -> bytes:
    """Return a list of satellites with these names."""
    if form == "TLE":
        sets = ((name, *tle_lines(number)[1:]) for number, name in enumerate(names, start=1))
        return "\n".join(line for lines in sets for line in (*lines, "")).encode()
    records = (omm(number, OBJECT_NAME=name) for number, name in enumerate(names, start=1))
    return (omm_csv if form == "CSV" else omm_json)(*records)


@pytest.mark.parametrize("form", ["JSON", "CSV", "TLE"])
@hypothesis.settings(max_examples=30)
@hypothesis.given(
    marks=st.text(INVISIBLE + " \u00a0\u3000", max_size=3),
    before=st.sampled_from(["", "0 ", '"', "'", '0 "', "\u201c", "* ", '"0 ']),
    within=st.text(INVISIBLE, max_size=3),
    place=st.integers(0, len("STARLINK-60002")),
    after=st.sampled_from(["", " ", '"', "'", "\u201d"]),
)
def test_names_are_read_without_what_is_added_to_them(form, marks, before, within, place, after):
    """Also within a name: such a satellite would be out of scope, and so unlisted."""
    name = "STARLINK-60002"
    added = f"{marks}{before}{marks}{name[:place]}{within}{name[place:]}{after}{marks}"
    table = tidy(in_format(form, "STARLINK-60001", added))["starlink"]
    assert table.frame["object_name"].tolist() == ["STARLINK-60001", name]


@pytest.mark.parametrize("form", ["CSV", "TLE"])
@pytest.mark.parametrize("mark", ["\ufeff", "\u200b", "\x1a"])
def test_files_put_together_are_read_with_their_marks(form, mark):
    """As by `cat part1.tle part2.tle`, and `copy` of Windows, which adds U+001A."""
    part = LIST_OF_THREE[form].decode()
    for table in tidy(f"{mark}{part}{mark}{part}{mark}".encode()).values():
        assert table.frame["norad_cat_id"].tolist() == [1, 2, 3]
        assert (table.rows_in, table.rows_out_of_scope, table.rows_rejected) == (6, 0, 0)


@pytest.mark.parametrize("mark", ["\ufeff", "\u200b", "\u00a0"])
def test_element_sets_and_numbers_are_read_without_marks(mark):
    first, second, third = tle_lines(1)
    marked = [first, f"{mark}{second}", f"{third[:7]}{mark}{third[7 + (mark == chr(0xA0)) :]}", ""]
    assert read("\n".join(marked).encode()) == read("\n".join([*tle_lines(1), ""]).encode())
    fields = {"NORAD_CAT_ID": f"{mark}44713", "EPOCH": f"{omm()['EPOCH']}{mark}"}
    for body in (omm_json(omm(1, **fields)), omm_csv(omm(1, **fields))):
        (row,) = tidy(body)["starlink_elements"].frame.to_dict("records")
        assert (row["norad_cat_id"], row["epoch_utc"]) == (44713, f"{omm()['EPOCH']}Z")


@pytest.mark.parametrize("blank", [",,", ",", " , ,", '"","",', '" "," "', "\u00a0,\t,", '""'])
@pytest.mark.parametrize("place", [1, 2, 3])
def test_blank_rows_of_csv_are_skipped(blank, place):
    """A spreadsheet saves a blank line as a row of commas."""
    lines = omm_csv(omm(1), omm(2)).decode().splitlines()
    wide = blank + "," * (len(omm()) - 1 - blank.count(","))
    lines[place:place] = [blank, wide]
    for end in ("\n", ""):
        for table in tidy(("\n".join(lines) + end).encode()).values():
            is_open = place < 3 and not end and table.table.name == "starlink_elements"
            assert (table.rows_in, table.rows_rejected) == (2, is_open)


TEXTS = (
    "Starlink: 20 objects",
    "STARLINK: 20 OBJECTS",
    "2 of 2 pages",
    "1 of 2",
    "Total,40",
    "TOTAL,40",
    "Generated by x, 2025",
    "End, by x",
    "--- END ---",
    "-----",
    "-,-,-",
    ",,Total",
    ",,,Total,40",
)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("form", ["CSV", "TLE", "CSV filled up"])
def test_a_footer_that_is_no_beginning_of_a_record_is_skipped(text, form):
    body = LIST_OF_THREE[form[:3]].decode()
    if "filled" in form:
        text += "," * (len(omm()) - 1 - text.count(","))
    for table in tidy(f"{body}{text}\n\n{text}".encode()).values():
        assert len(table.frame) == 3
        assert (table.rows_in - table.rows_out_of_scope, table.rows_rejected) == (3, 0)


@pytest.mark.parametrize("text", ["Total,40", "-----", "-,-,-", ",,Total", ",,,Total,40"])
@pytest.mark.parametrize("is_filled", [False, True])
def test_a_caption_between_rows_of_csv_is_no_satellite(text, is_filled):
    """Neither a rejected one, which would keep an absent one listed."""
    lines = LIST_OF_THREE["CSV"].decode().splitlines()
    commas = "," * (len(omm()) - 1 - text.count(",")) if is_filled else ""
    lines.insert(2, text + commas)
    for table in tidy("\n".join([*lines, ""]).encode()).values():
        assert (len(table.frame), table.rows_rejected) == (3, 0)


@pytest.mark.parametrize("text", TEXTS[:4])
def test_a_caption_between_element_sets_is_skipped(text):
    lines = [*tle_lines(1), text, *tle_lines(2), text, "", *tle_lines(3)]
    for table in tidy("\n".join(lines).encode()).values():
        assert (len(table.frame), table.rows_in) == (3, 3)


@pytest.mark.parametrize("first", range(1, 10))
def test_a_csv_row_without_its_first_fields_is_no_caption(first):
    heading, *rows = omm_csv(omm(1), omm(2), omm(3)).split(b"\r\n")[:4]
    body = b"\n".join([heading, rows[0], rows[1].split(b",", first)[-1], rows[2], b""])
    for table in tidy(body).values():
        assert (len(table.frame), table.rows_rejected) == (2, 1)


MAY_BE_CUT = {
    "name": ("TLE", "STARLINK TOTAL 20", "with only its name, line 10"),
    "line": ("TLE", "2 20", "whose second line is cut, line 10"),
    "fields": ("CSV", "TOTAL,2025", "incomplete last row, line 5: the file is cut, or this is a "),
    "field": ("CSV", "STARLINK", "incomplete last row, line 5: the file is cut, or this is a "),
}


@pytest.mark.parametrize("length", [3, 20, 30])
def test_csv_cut_before_its_name_is_incomplete(length):
    order = ["EPOCH", "MEAN_MOTION", *(name for name in omm() if name != "OBJECT_NAME")]
    record = {name: omm(1)[name] for name in (*order, "OBJECT_NAME")}
    whole = omm_csv(record, record)
    with pytest.raises(ResponseError, match="incomplete last row, line 3"):
        list(STARLINK.records(whole[: whole.rstrip().rindex(b"\n") + length], "file"))


@pytest.mark.parametrize(("form", "text", "problem"), MAY_BE_CUT.values(), ids=MAY_BE_CUT)
def test_a_last_line_that_may_be_cut_is_refused_with_what_to_do(form, text, problem):
    with pytest.raises(ResponseError) as caught:
        list(STARLINK.records(LIST_OF_THREE[form] + text.encode() + b"\n", "file"))
    assert problem in caught.value.message
    number = 10 if form == "TLE" else 5
    assert "Download" in caught.value.remedy
    assert f"line {number}" in caught.value.remedy
    assert "footer" in caught.value.remedy


HEADERS = {
    "comment": "# downloaded 2026-11-25\n",
    "comment with column": "# columns: OBJECT_NAME, OBJECT_ID\n// OBJECT_NAME,EPOCH\n",
    "HTTP": "HTTP/1.1 200 OK\r\nDate: Wed, 25 Nov 2026\r\nContent-Type: text/csv\r\n\r\n",
    "marks and blanks": "\ufeff\n \r\n\ufeff# comment\n\n",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize("form", LIST_OF_THREE)
def test_comments_and_http_headers_are_skipped(form, header):
    after = "\n# end\n// [3 objects]\n" if form == "JSON" else "# end\n"
    for table in tidy(header.encode() + LIST_OF_THREE[form] + after.encode()).values():
        assert (len(table.frame), table.rows_in) == (3, 3)


KVN = "OBJECT_NAME = STARLINK-1\nOBJECT_ID = 2026-001A\nEPOCH = 2026-11-25T06:00:00\n"
OTHER_FORMATS = {
    "KVN": (f"CCSDS_OMM_VERS = 2.0\nCOMMENT x\nORIGINATOR = 18 SPCS\n{KVN}", "OMM in KVN"),
    "KVN without a header": (f"\n{KVN}", "OMM in KVN"),
    "KVN without blanks": (KVN.replace(" ", ""), "OMM in KVN"),
    "ephemerides in KVN": ("CCSDS_OEM_VERS=2.0\nOBJECT_NAME = STARLINK-1\n", "OEM in KVN"),
    "XML": (
        '<?xml version="1.0"?>\n<ndm x="y"><omm id="CCSDS_OMM_VERS"></omm></ndm>',
        "OMM in XML",
    ),
    "XML of one": ("<omm><OBJECT_NAME>STARLINK-1</OBJECT_NAME></omm>", "OMM in XML"),
    "XML of Space-Track": ("\ufeff<xml>\n<OBJECT_NAME>S</OBJECT_NAME></xml>", "OMM in XML"),
    "XML of something else": ("<?xml version='1.0'?><gpx></gpx>", "XML"),
    "HTML": ("<!DOCTYPE html>\n<html><title>OBJECT_NAME</title></html>", "a web page"),
}


@pytest.mark.parametrize(("text", "found"), OTHER_FORMATS.values(), ids=OTHER_FORMATS)
def test_another_format_is_named_with_those_that_are_read(text, found):
    with pytest.raises(ResponseError) as caught:
        list(STARLINK.records(text.encode(), "list.txt"))
    assert caught.value.message.startswith(f"list.txt contains {found}")
    assert caught.value.remedy.endswith("Provide GP data: OMM in JSON or CSV, or TLE.")
