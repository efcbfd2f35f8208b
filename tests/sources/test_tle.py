"""Two-line element sets, compared with the sgp4 package."""

import gzip
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from sgp4.api import Satrec
from sgp4.conveniences import sat_epoch_datetime

from spacex.errors import ResponseError
from spacex.sources.record import Unreadable
from spacex.sources.tle import catalogue_number, is_tle, tle_records

ISS = (
    "1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927",
    "2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537",
)
"""The example in the documentation of the format."""


def with_checksum(line: str) -> str:
    total = sum(int(c) if c.isdigit() else c == "-" for c in line[:68])
    return f"{line[:68]}{total % 10}"


def numbered(number: str) -> tuple[str, ...]:
    """Return the example with another catalogue number, of five characters."""
    return tuple(with_checksum(f"{line[:2]}{number}{line[7:]}") for line in ISS)


def read(*lines: str) -> list[dict[str, Any]]:
    """Return the records of lines that are all readable."""
    found = list(tle_records("\n".join(lines) + "\n", "file"))
    assert not any(isinstance(each, Unreadable) for each in found)
    return found


@pytest.mark.parametrize("text", ["UNKNOWN", "N/A", "98", "98067", "TBA"])
def test_a_text_that_is_no_designator_costs_no_elements(text):
    (record,) = read(with_checksum(f"{ISS[0][:9]}{text:8}{ISS[0][17:]}"), ISS[1])
    assert record["OBJECT_ID"] == text


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize(("column", "text"), [(3, "٤"), (20, "٢"), (45, "_"), (55, "٣"), (68, "٦")])
def test_a_line_with_other_digits_than_those_of_ascii_is_unreadable(number, column, text):
    lines = list(ISS)
    lines[number] = f"{ISS[number][:column]}{text}{ISS[number][column + 1 :]}"
    (found,) = tle_records("\n".join(lines) + "\n", "file")
    assert isinstance(found, Unreadable)
    assert found.reason.startswith(f"line {number + 1} contains {text!r}")


def test_the_documented_example():
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


@pytest.mark.parametrize(("two_digits", "year"), [("56", 2056), ("57", 1957)])
def test_years_of_epochs_begin_with_the_first_satellite(two_digits, year):
    (record,) = read(with_checksum(f"{ISS[0][:18]}{two_digits}{ISS[0][20:]}"), ISS[1])
    assert record["EPOCH"].startswith(f"{year}-")


def test_values_agree_with_sgp4():
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
def test_alpha_5_numbers_agree_with_sgp4(text, number):
    (record,) = read(*numbered(text))
    assert record["NORAD_CAT_ID"] == number == Satrec.twoline2rv(*numbered(text)).satnum


@pytest.mark.parametrize("text", ["I0000", "O0000", "A00X0", "     "])
def test_invalid_catalogue_numbers_raise(text):
    with pytest.raises(ValueError, match=r"invalid literal|substring not found"):
        catalogue_number(text)


@pytest.mark.parametrize("name", ["STARLINK-1007", "0 STARLINK-1007"])
def test_a_name_with_or_without_its_line_number(name):
    assert read(name, *ISS, "", name, *ISS)[1]["OBJECT_NAME"] == "STARLINK-1007"


def test_an_unnamed_element_set_is_named_after_its_number():
    assert [record["OBJECT_NAME"] for record in read(*ISS, *ISS)] == ["NORAD 25544"] * 2


CUT = ISS[1][:53]
BAD = {
    "wrong checksum": ((ISS[0][:68] + "0", ISS[1]), "line 1 has the checksum 0 instead of 7"),
    "wrong checksum of line 2": ((ISS[0], ISS[1][:68] + "0"), "line 2 has the checksum 0 instead"),
    "lines of two objects": (
        (ISS[0], numbered("A0000")[1]),
        "its lines belong to different objects",
    ),
    "missing second line": ((ISS[0],), "no second line"),
    "missing first line": ((ISS[1],), "no first line"),
    "name only": ((), "a name without an element set"),
    "line 1 cut": ((ISS[0][:67], ISS[1]), "line 1 has 67 characters instead of 68 or 69"),
    "exponent of two digits": (
        (ISS[0].replace("-11606-4", "-11606-10"), ISS[1]),
        "line 1 has 70 characters instead of 68 or 69",
    ),
    "line 2 cut": ((ISS[0], CUT), "line 2 has 53 characters instead of 68 or 69"),
    "no number in line 2": (
        (ISS[0], with_checksum(f"{ISS[1][:52]}x{ISS[1][53:]}")),
        "could not convert",
    ),
    "not a number": ((with_checksum(ISS[0][:20] + "x" + ISS[0][21:]), ISS[1]), "invalid literal"),
    "day beyond any year": ((with_checksum(ISS[0][:20] + "9" * 12 + ISS[0][32:]), ISS[1]), ""),
}


IN_LINE_2 = {"wrong checksum of line 2", "line 2 cut", "no number in line 2"}


@pytest.mark.parametrize("name", BAD)
def test_an_invalid_element_set_costs_only_itself(name):
    lines, reason = BAD[name]
    text = "\n".join(["S-1", *ISS, "S-2", *lines, "S-3", *ISS])
    first, bad, last = tle_records(text, "file")
    assert [each["OBJECT_NAME"] for each in (first, last)] == ["S-1", "S-3"]
    assert bad.reason.startswith(reason)
    at = 4 if not lines else 6 if name in IN_LINE_2 else 5
    assert bad.reason.endswith(f"(file, line {at})")
    assert bad.quote == ("S-2", *lines)[at - 4]
    assert bad.readable["OBJECT_NAME"] == "S-2"


@pytest.mark.parametrize(
    "name", [name for name in BAD if name not in {"name only", "lines of two objects"}]
)
def test_a_damaged_element_set_names_its_satellite_by_an_intact_line(name):
    lines, _ = BAD[name]
    _, bad = tle_records("\n".join(["S-1", *ISS, "S-2", *lines, "Source: nobody"]), "file")
    assert bad.readable["NORAD_CAT_ID"] == 25544
    assert "MEAN_MOTION" not in bad.readable
    is_first_intact = lines[0][0] == "1" and lines[0] == with_checksum(lines[0])
    assert bad.readable["OBJECT_ID"] == ("1998-067A" if is_first_intact else None)


def test_both_lines_damaged_name_the_satellite_on_which_they_agree():
    (bad, _) = tle_records("\n".join([ISS[0][:60], CUT, *ISS]), "file")
    assert bad.readable["NORAD_CAT_ID"] == 25544
    other = numbered("A0000")[1][:60]
    (bad, _) = tle_records("\n".join([ISS[0][:60], other, *ISS]), "file")
    assert bad.readable == {}


def test_a_damaged_first_line_is_no_name():
    _, bad = tle_records("\n".join(["S-1", *ISS, f"X{ISS[0][1:]}", ISS[1]]), "file")
    assert bad.readable["NORAD_CAT_ID"] == 25544
    assert bad.readable["OBJECT_NAME"] == "NORAD 25544"


@pytest.mark.parametrize("indent", [" ", "\t", "    "])
def test_lines_may_be_indented(indent):
    lines = ("ISS", *ISS)
    indented = [f"{indent}{line}" for line in lines]
    assert is_tle("\n".join(indented))
    assert read(*indented) == read(*lines)


def test_a_line_may_lack_its_checksum():
    assert read(*(line[:68] for line in ISS)) == read(*ISS)


def test_headers_comments_footers_and_blank_lines_are_skipped():
    lines = ["Starlinks of today", "", "# made by hand", "S-1", *ISS, "", "# more", "S-2", *ISS]
    assert [each["OBJECT_NAME"] for each in read(*lines, "", "End of file")] == ["S-1", "S-2"]
    assert is_tle("\n".join(lines))


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("S-2", ISS[0]), "without its second line"),
        (("S-2", *ISS[:1], CUT), "whose second line is cut"),
        (("S-2",), "with only its name"),
        (("S-2", ISS[0], "# comment"), "without its second line"),
    ],
)
def test_a_file_that_ends_within_an_element_set_is_incomplete(lines, reason):
    with pytest.raises(ResponseError) as caught:
        read("S-1", *ISS, *lines)
    number = 3 + sum(not line.startswith("#") for line in lines)
    message = f"file is incomplete: it ends with an element set {reason}, line {number}."
    assert caught.value.message == message
    assert f"or delete line {number} if it is a footer" in caught.value.remedy


def test_a_recorded_list_with_a_damaged_element_set(recorded_dir):
    """CelesTrak writes an exponent of two digits into a field for one."""
    path = recorded_dir / "celestrak_tle" / "starlink_2026-05-29_02-28.tle.gz"
    records = list(tle_records(gzip.decompress(path.read_bytes()).decode(), "file"))
    (bad,) = (each for each in records if isinstance(each, Unreadable))
    assert bad.reason == "line 1 has 70 characters instead of 68 or 69 (file, line 15197)"
    assert bad.readable["NORAD_CAT_ID"] == 60069
    assert len(records) == 10_398


def test_is_tle():
    assert is_tle("\n".join(ISS))
    assert is_tle("\n".join(["0 S", *ISS]))
    assert is_tle("\n".join(["\ufeff" + ISS[0].replace(" ", "\u00a0"), ISS[1]]))
    assert not is_tle("OBJECT_NAME,OBJECT_ID\nSTARLINK-1,2019-029A\n")
    assert not is_tle("")


@pytest.mark.parametrize(("before", "is_seen"), [(48, True), (49, False)])
def test_fifty_lines_tell_whether_a_text_is_a_tle(before, is_seen):
    assert is_tle("\n".join([*["Title"] * before, *ISS])) is is_seen


@pytest.mark.parametrize(
    ("day", "is_epoch"), [("000", False), ("001", True), ("366", True), ("367", False)]
)
def test_the_day_of_an_epoch_is_within_its_year(day, is_epoch):
    """The example is of 2008, a leap year."""
    first = with_checksum(f"{ISS[0][:20]}{day}{ISS[0][23:]}")
    (record,) = tle_records(f"{first}\n{ISS[1]}\n", "file")
    assert isinstance(record, Unreadable) is not is_epoch
