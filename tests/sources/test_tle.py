"""Two-line element sets: what sgp4 makes of them is what our reader makes of them."""

import math
from datetime import UTC, datetime

import pytest
from sgp4.api import Satrec
from sgp4.conveniences import sat_epoch_datetime

from spacex.errors import ResponseError
from spacex.sources.tle import catalogue_number, is_tle, tle_records

ISS = (
    "1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927",
    "2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537",
)
"""The example of the format's documentation."""


def with_checksum(line):
    total = sum(int(c) if c.isdigit() else c == "-" for c in line[:68])
    return f"{line[:68]}{total % 10}"


def numbered(number):
    """The example under another catalogue number, in five characters."""
    return tuple(with_checksum(f"{line[:2]}{number}{line[7:]}") for line in ISS)


def read(*lines):
    return list(tle_records("\n".join(lines) + "\n", "file"))


def test_an_element_set_is_what_the_documentation_says():
    (record,) = read("ISS (ZARYA)", *ISS)
    assert record == {
        "OBJECT_NAME": "ISS (ZARYA)",
        "OBJECT_ID": "1998-067A",
        "EPOCH": "2008-09-20T12:25:40.104192",
        "MEAN_MOTION": 15.72125391,
        "ECCENTRICITY": 0.0006703,
        "INCLINATION": 51.6416,
        "RA_OF_ASC_NODE": 247.4627,
        "ARG_OF_PERICENTER": 130.536,
        "MEAN_ANOMALY": 325.0288,
        "EPHEMERIS_TYPE": 0,
        "NORAD_CAT_ID": 25544,
        "ELEMENT_SET_NO": 292,
        "REV_AT_EPOCH": 56353,
        "BSTAR": -0.11606e-4,
        "MEAN_MOTION_DOT": -0.00002182,
        "MEAN_MOTION_DDOT": 0.0,
    }


def test_sgp4_reads_the_same():
    (record,) = read(*ISS)
    satellite = Satrec.twoline2rv(*ISS)
    assert satellite.satnum == record["NORAD_CAT_ID"]
    assert math.degrees(satellite.inclo) == pytest.approx(record["INCLINATION"], abs=1e-9)
    assert satellite.no_kozai * 1440 / (2 * math.pi) == pytest.approx(record["MEAN_MOTION"])
    assert satellite.bstar == pytest.approx(record["BSTAR"])
    epoch = datetime.fromisoformat(record["EPOCH"]).replace(tzinfo=UTC)
    assert abs((sat_epoch_datetime(satellite) - epoch).total_seconds()) < 1e-4


@pytest.mark.parametrize(
    ("text", "number"), [("A0000", 100_000), ("J2931", 182_931), ("Z9999", 339_999)]
)
def test_a_number_in_alpha_5_is_that_of_sgp4(text, number):
    (record,) = read(*numbered(text))
    assert record["NORAD_CAT_ID"] == number == Satrec.twoline2rv(*numbered(text)).satnum


@pytest.mark.parametrize("text", ["I0000", "O0000", "A00X0", "     "])
def test_what_is_no_number_is_none(text):
    with pytest.raises(ValueError, match=r"invalid literal|substring not found"):
        catalogue_number(text)


@pytest.mark.parametrize("name", ["STARLINK-1007", "0 STARLINK-1007"])
def test_a_name_may_have_its_line_number(name):
    assert read(name, *ISS, "", name, *ISS)[1]["OBJECT_NAME"] == "STARLINK-1007"


def test_a_set_without_a_name_is_named_for_its_number():
    assert [record["OBJECT_NAME"] for record in read(*ISS, *ISS)] == ["NORAD 25544"] * 2


BAD = {
    "another checksum": (("S", ISS[0][:68] + "0", ISS[1]), "checksum 0 instead of 7"),
    "two objects": ((ISS[0], numbered("A0000")[1]), "belong to different objects"),
    "no second line": (("S", ISS[0], "S", *ISS), "no second line"),
    "cut short": (("S", *ISS, "T", ISS[0]), "truncated element set at its end"),
    "a name alone at the end": ((*ISS, "T"), "truncated element set at its end"),
    "no number": ((with_checksum(ISS[0][:20] + "x" + ISS[0][21:]), ISS[1]), "cannot be read"),
}


@pytest.mark.parametrize(("lines", "message"), BAD.values(), ids=BAD)
def test_a_set_that_is_damaged_is_an_error_that_names_the_line(lines, message):
    with pytest.raises(ResponseError) as caught:
        read(*lines)
    assert message in caught.value.message
    assert caught.value.message.startswith("file")


def test_a_text_is_told_to_be_element_sets_or_not():
    assert is_tle("\n".join(ISS))
    assert is_tle("\n".join(["0 S", *ISS]))
    assert not is_tle("OBJECT_NAME,OBJECT_ID\nSTARLINK-1,2019-029A\n")
    assert not is_tle("")
