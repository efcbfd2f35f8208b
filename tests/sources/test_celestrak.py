"""GP data in every format of CelesTrak and Space-Track."""

import csv
import io
from typing import Any

import pytest

from spacex.errors import ResponseError
from spacex.sources import CELESTRAK
from spacex.transform import TidyTable, tidy_tables
from tests.example_records import omm, omm_json

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


def test_the_newest_epoch_of_a_repeated_satellite_counts():
    early, late = (omm(1, EPOCH=f"2026-11-25T0{hour}:00:00.5", MEAN_MOTION=hour) for hour in (3, 4))
    for body in (omm_json(early, late, early), omm_json(late, early, early)):
        for table in tidy(body).values():
            assert (table.rows_in, len(table.frame), table.rows_duplicate) == (3, 1, 2)
            assert table.rows_rejected == 0
        assert tidy(body)["starlink_elements"].frame["mean_motion_rev_per_day"].tolist() == [4.0]


def test_other_satellites_are_out_of_scope():
    others = [omm(9, OBJECT_NAME=n) for n in ("FALCON 9 DEB", "SHERPA-LTC2", "BLUEWALKER 3")]
    for table in tidy(omm_json(omm(1), *others)).values():
        assert (table.rows_in, len(table.frame), table.rows_out_of_scope) == (4, 1, 3)


BAD = {
    "text that is not a number": ({"MEAN_MOTION": "fast"}, "mean_motion_rev_per_day"),
    "empty text": ({"BSTAR": ""}, "bstar"),
    "null catalogue number": ({"NORAD_CAT_ID": None}, "norad_cat_id"),
    "catalogue number of ten digits": ({"NORAD_CAT_ID": 1_000_000_000}, "norad_cat_id"),
    "eccentricity above 1": ({"ECCENTRICITY": 1.5}, "eccentricity"),
    "invalid epoch": ({"EPOCH": "yesterday"}, "epoch_utc"),
    "another ephemeris type": ({"EPHEMERIS_TYPE": 4}, ""),
    "name that is not text": ({"OBJECT_NAME": 7}, "object_name"),
}


@pytest.mark.parametrize(("fields", "column"), BAD.values(), ids=BAD)
def test_an_invalid_record_is_rejected_with_its_column(fields, column):
    tables = tidy(omm_json(omm(2), omm(1, **fields)))
    rejects = [reject for table in tables.values() for reject in table.rejects]
    assert column in {reject.column_name for reject in rejects}
    assert sum(table.rows_rejected for table in tables.values()) == len(
        {(reject.table_name, reject.row_key) for reject in rejects}
    )


def test_a_renamed_field_rejects_every_record():
    record = omm(1)
    record["INCL"] = record.pop("INCLINATION")
    (reject,) = tidy(omm_json(record))["starlink_elements"].rejects
    assert reject.reason == "the record has no key 'INCLINATION' (field INCLINATION)"


INVALID = [b"<html>", b"", b"[]", b"a,b\n1,2\n", b"OBJECT_NAME,EPOCH\n", b"\xff\xfe", b'"x"']


@pytest.mark.parametrize("body", INVALID)
def test_invalid_gp_data_raise(body):
    with pytest.raises(ResponseError) as caught:
        list(STARLINK.records(body, "file"))
    assert caught.value.message.startswith("file")
    assert caught.value.remedy
