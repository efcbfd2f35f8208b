"""The date of a manual file, in its name or from its epochs, and its instant on that day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacex.errors import DataError, SettingsError
from spacex.extract.file_name_dates import date_in_name
from spacex.extract.list_dates import (
    DATE_TOLERANCE,
    free_instant,
    list_dates,
    wanted_instant,
)
from spacex.units import utc_instant, utc_text
from tests.clock import Clock

EPOCH = datetime(2025, 5, 18, 6, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with Clock("2026-11-27"):
        yield


def end(name: str, newest: datetime = EPOCH, median: datetime = EPOCH) -> str:
    return utc_text(list_dates(name, newest, median)[1])


def instant(name: str, newest: datetime = EPOCH) -> str:
    return utc_text(wanted_instant(list_dates(name, newest, newest), newest))


NAMES = {
    "starlink_2025-05-18.json": "2025-05-18T23:59:59Z",
    "starlink_2025_05_18.json": "2025-05-18T23:59:59Z",
    "starlink.2025.05.18.json": "2025-05-18T23:59:59Z",
    "20250518.tle": "2025-05-18T23:59:59Z",
    "gp-2025-05-18T06-30.csv": "2025-05-18T06:30:00Z",
    "20250518T1200.json": "2025-05-18T12:00:00Z",
    "20250518T063015.json": "2025-05-18T06:30:15Z",
    "20250518T063015Z.json": "2025-05-18T06:30:15Z",
    "20250518063015.json": "2025-05-18T06:30:15Z",
    "2025_05_18_06_30_15.json": "2025-05-18T06:30:15Z",
    "2025-05-18T23-30-00-0500.json": "2025-05-19T04:30:00Z",
    "2025-05-18T23-30-0500.json": "2025-05-19T04:30:00Z",
    "2025-05-18T23:30:00-05:00.json": "2025-05-19T04:30:00Z",
    "2025-05-18T01-30-00+02:00.json": "2025-05-17T23:30:00Z",
    "20250518T013000+0530.json.gz": "2025-05-17T20:00:00Z",
    "2025-05-18_01-30-00+02.tle": "2025-05-17T23:30:00Z",
    "2025-05-18T06-30-00 UTC.json": "2025-05-18T06:30:00Z",
    "2025-05-18_06-30-00_1234.json": "2025-05-18T06:30:00Z",
    "2025-05-18_06-30-00-7434.json": "2025-05-18T06:30:00Z",
    "2025-05-18 (1).json": "2025-05-18T23:59:59Z",
    "2025-05-18_7434.json": "2025-05-18T23:59:59Z",
    "starlink_2025-05-18_evening.json": "2025-05-18T23:59:59Z",
    "44713_2025-05-18.json": "2025-05-18T23:59:59Z",
    "2025-05-18_0630PM.json": "2025-05-18T18:30:00Z",
    "2025-05-18_06-30-00-PM.json": "2025-05-18T18:30:00Z",
    "2025-05-18 at 06.30.00 p.m..json": "2025-05-18T18:30:00Z",
    "2025-05-18_12-30am_-0700.json": "2025-05-18T07:30:00Z",
    "2025-05-18_1230 PM.json": "2025-05-18T12:30:00Z",
    "2025-05-18_0630_amended.json": "2025-05-18T06:30:00Z",
    "2025-05-18_0630_estimated.json": "2025-05-18T06:30:00Z",
    "2025-05-18 06-30-00 -0700.json": "2025-05-18T13:30:00Z",
    "2025-05-18T06-30-00.123456-0700.json": "2025-05-18T13:30:00Z",
    "2025-05-18_06-30-00_UTC+2.json": "2025-05-18T04:30:00Z",
    "2025-05-18_06-30-00 GMT-0530.json": "2025-05-18T12:00:00Z",
    "2025-05-18_06-30-00_utc+2.json": "2025-05-18T04:30:00Z",
    "2025-05-18_06-30_gmt-0700.json": "2025-05-18T13:30:00Z",
    "2025-05-18_06h30m15s.json": "2025-05-18T06:30:15Z",
    "gp_history_20250514-20250518.json": "2025-05-18T23:59:59Z",
    "starlink_2025-05-14_2025-05-18.json": "2025-05-18T23:59:59Z",
    "starlink_2025-05-14T06-30_2025-05-18T06-30.json": "2025-05-18T06:30:00Z",
    "20250518/2025-05-18T063000": "2025-05-18T06:30:00Z",
    "2025-05-18T06-30 (2025-05-18)": "2025-05-18T06:30:00Z",
    "2025.05.14.06.30.00.2025.05.18": "2025-05-18T23:59:59Z",
    "launch 2019-05-24, list 2025-05-18.json": "2025-05-18T23:59:59Z",
}
WITHOUT_DATE = [
    "starlink.json",
    "starlink_2025-05.tle",
    "starlink_202505.tle",
    "44713.tle",
    "norad_20251345.tle",
    "799501234.tle",
    "2025051812345.tle",
    "1998-067A.tle",
    "18.05.2025.tle",
    "2025-05_18.tle",
]


@pytest.mark.parametrize(("name", "expected"), NAMES.items())
def test_the_instant_is_read_from_the_name(name, expected):
    assert end(name) == expected


@pytest.mark.parametrize(
    "zone",
    [
        "+25:00",
        "+0575",
        "-07",
        " -07",
        " EST",
        "_CEST",
        "pdt",
        "-EST",
        " (CET",
        "_PDT_v2",
        "PM_EST",
        "_local",
        " Uhr",
        " MESZ",
        "_NZST",
        "_Europe-Berlin",
        "UTC+15",
    ],
)
def test_a_time_zone_that_cannot_be_read_is_named(zone):
    name = f"starlink_2025-05-18T11-30-00{zone}.json"
    with pytest.raises(SettingsError) as caught:
        date_in_name(name)
    zone = (
        zone.removeprefix("PM").removeprefix("UTC").removesuffix("_v2").strip(" _(-")
        if "-07" not in zone
        else "-07"
    )
    assert caught.value.message == f"The time zone {zone} in the file name {name} cannot be read."


@pytest.mark.parametrize("name", WITHOUT_DATE)
def test_without_a_date_in_its_name_a_list_has_that_of_its_newest_epoch(name):
    assert date_in_name(name) is None
    newest = EPOCH + timedelta(hours=2, microseconds=1)
    assert instant(name, newest) == end(name, newest) == "2025-05-18T08:00:00Z"


@given(
    st.datetimes(datetime(1957, 10, 4), datetime(2099, 12, 31)),  # noqa: DTZ001 - UTC is meant
    st.sampled_from(["-", "_", ".", ""]),
    st.sampled_from(["T", "_", "-", ""]),
    st.sampled_from([":", "-", ""]),
    st.sampled_from(["starlink_", "gp.", "44713-", ""]),
)
def test_every_way_to_write_a_date_is_read(time, separator, between, colon, before):
    written = separator.join((f"{time:%Y}", f"{time:%m}", f"{time:%d}"))
    clock = colon.join((f"{time:%H}", f"{time:%M}", f"{time:%S}"))
    exact = time.replace(microsecond=0, tzinfo=UTC)
    assert date_in_name(f"{before}{written}{between}{clock}.json") == (exact, exact)
    first, last = date_in_name(f"{before}{written}.json.gz")
    assert first == exact.replace(hour=0, minute=0, second=0)
    assert last == exact.replace(hour=23, minute=59, second=59)


AMBIGUOUS = {
    "starlink_2025-05-18_2019-074.json": "2019-074 after 2025-05-18 may be a time or a date",
    "starlink_2025-05-18_2019-074A.json": "2019-074A after 2025-05-18 may be a time or a date",
    "starlink_2025-05-18_2025-06.json": "2025-06 after 2025-05-18 may be a time or a date",
    "starlink_2025-05-18_2025-13-45.json": "2025-13 after 2025-05-18 may be a time or a date",
    "starlink_2025-05-18_2019-05-24.json": "2019-05-24 follows 2025-05-18",
    "20250518T1200-20250518T0600.json": "2025-05-18 follows 2025-05-18",
    "starlink_2025-06-02_to_06-06.json": "to_06-06 after 2025-06-02 is no whole date",
    "starlink_2025-06-02--06.json": "06 after 2025-06-02 is no whole date",
    "starlink_2025-06-02..06-06.json": "06-06 after 2025-06-02 is no whole date",
    "starlink_2025-06-02 - 06-06.json": "06-06 after 2025-06-02 is no whole date",
}


@pytest.mark.parametrize(("name", "reason"), AMBIGUOUS.items())
def test_a_date_that_can_be_read_in_two_ways_is_refused(name, reason):
    with pytest.raises(SettingsError) as caught:
        date_in_name(name)
    assert caught.value.message == f"The date of {name} cannot be told: {reason}."
    assert "such as starlink_2025-05-18.json" in caught.value.remedy


DAYS = st.dates(date(1957, 10, 4), date(2099, 12, 31))
SEPARATORS = st.sampled_from(["-", "_", ".", " ", ""])


@given(
    st.tuples(DAYS, DAYS),
    st.tuples(SEPARATORS, SEPARATORS),
    st.sampled_from(["_", "-", ".", " ", "--", "..", "_to_", " - ", "_bis_", "T", "/", ", list "]),
    st.sampled_from([".json", ".tle.gz", "_evening.csv", " (1).json", ""]),
)
def test_the_date_of_a_range_is_its_last_day(days, separators, between, after):
    first, last = (f"%Y{each}%m{each}%d" for each in separators)
    name = f"gp_{days[0].strftime(first)}{between}{days[1].strftime(last)}{after}"
    if days[0] > days[1]:
        with pytest.raises(SettingsError, match="cannot be told"):
            date_in_name(name)
    else:
        assert [each.date() for each in date_in_name(name)] == [days[1]] * 2
        assert f"{date_in_name(name)[1]:%H:%M:%S}" == "23:59:59"


@pytest.mark.parametrize("time", ["00-00", "12-30", "23-59"])
def test_a_time_of_the_last_day_is_that_of_the_list(time):
    found = date_in_name(f"gp_2025-06-02T{time}_2025-06-02.json")
    assert {f"{each:%Y-%m-%d %H-%M}" for each in found} == {f"2025-06-02 {time}"}


@given(
    st.datetimes(datetime(1957, 10, 4), datetime(2099, 12, 31)),  # noqa: DTZ001 - UTC is meant
    st.sampled_from(["", " ", "_", "UTC", " GMT", "_UTC_"]),
    st.builds(timedelta, hours=st.integers(0, 12), minutes=st.sampled_from([0, 15, 30, 45])),
    st.sampled_from(["+", "-"]),
    st.sampled_from([":", ".", ""]),
    st.booleans(),
)
def test_every_way_to_write_a_zone_is_read(local, before, offset, sign, colon, has_halves):
    clock = local.strftime("%Y-%m-%d_%I-%M-%S %p" if has_halves else "%Y-%m-%d_%H-%M-%S")
    exact = local.replace(microsecond=0, tzinfo=UTC) - offset * (1 if sign == "+" else -1)
    hours, minutes, _ = str(offset).split(":")
    name = f"gp_{clock}{before}{sign}{hours:0>2}{colon}{minutes}.json"
    assert date_in_name(name) == (exact, exact)


@pytest.mark.parametrize("hour", ["00", "13"])
def test_an_hour_that_no_clock_of_twelve_hours_has_is_refused(hour):
    with pytest.raises(SettingsError, match=f"The time {hour} PM in the file name .* cannot be"):
        date_in_name(f"starlink_2025-05-18_{hour}-30-00 PM.json")


def test_an_instant_is_never_in_the_future():
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    for name in ("2026-11-27.json", "2026-11-28.json"):
        assert instant(name, now) == "2026-11-27T11:59:00Z"
    for name in ("2026-11-27T13-00.json", "2026-11-28T13-00.json"):
        assert instant(name, now) == "2026-11-27T12:00:00Z"
    assert instant("a.json", now + timedelta(days=1)) == "2026-11-27T12:00:00Z"
    with Clock("2026-11-27T00:00:20"):
        assert instant("2026-11-27.json", EPOCH.replace(2026, 11, 26)) == "2026-11-27T00:00:00Z"


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        ("2025-05-16T12:00:00", "2025-05-18T22:59:00Z"),
        ("2025-05-17T22:09:34", "2025-05-18T23:33:09Z"),
        ("2025-05-18T16:00:00", "2025-05-18T23:51:00Z"),
        ("2025-05-18T23:59:59", "2025-05-18T23:58:59Z"),
        ("2025-05-20T06:00:00", "2025-05-18T23:58:59Z"),
    ],
)
def test_a_date_stands_for_the_end_of_its_day_the_newest_epoch_last(newest, expected):
    assert instant("2025-05-18.json", utc_instant(newest)) == expected


def test_a_date_stands_for_no_time_earlier_than_two_hours_before_its_end():
    dates = list_dates("2025-05-18.json", EPOCH, EPOCH)
    for hours, expected in ((119, "21:59:59"), (120, "21:58:59"), (121, "21:58:59")):
        assert f"{wanted_instant(dates, dates[1] - timedelta(hours=hours)):%H:%M:%S}" == expected


NAMED = ["2025-05-18.json", "2025-05-18T06-30.json", "no_date.json"]


@pytest.mark.parametrize("name", NAMED)
@given(st.permutations(range(5)))
def test_lists_of_the_same_instant_are_put_side_by_side_in_order(name, arrivals):
    """Whatever the order in which they come."""
    dates = list_dates(name, EPOCH, EPOCH)
    stored: dict[int, datetime] = {}
    for place in arrivals:
        stored[place] = free_instant(
            wanted_instant(dates, EPOCH),
            dates,
            older=[instant for other, instant in stored.items() if other < place],
            newer=[instant for other, instant in stored.items() if other > place],
        )
    in_order = [stored[place] for place in range(5)]
    assert all(a < b for a, b in pairwise(in_order))
    assert all(timedelta(minutes=-1) <= each - dates[0] for each in in_order)
    assert all(each - dates[1] <= timedelta(minutes=1) for each in in_order)


@pytest.mark.parametrize("name", ["2025-13-45.json", "a_2025_02_30.json", "2025.00.01"])
def test_an_invalid_date_in_a_name_is_rejected(name):
    with pytest.raises(SettingsError, match=r"The date .* in the file name .* is invalid"):
        instant(name)


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_date_that_contradicts_the_epochs_is_rejected_with_both(sign):
    first, last = utc_instant("2025-05-18"), utc_instant("2025-05-18T23:59:59Z")
    edge = first - DATE_TOLERANCE if sign < 0 else last + DATE_TOLERANCE
    assert end("2025-05-18.json", EPOCH, edge) == "2025-05-18T23:59:59Z"
    beyond = edge + sign * timedelta(seconds=1)
    with pytest.raises(DataError) as caught:
        end("2025-05-18.json", EPOCH, beyond)
    assert "2025-05-18.json is dated 2025-05-18, but its element sets are of " in str(caught.value)
    assert f"{beyond:%Y-%m-%d}" in caught.value.message


@pytest.mark.parametrize("name", ["a.json", "2099-01-01.json"])
@pytest.mark.parametrize("year", [1, 1957, 2099, 9999])
def test_impossible_epochs_are_rejected(name, year):
    epoch = datetime(year, 1, 1, tzinfo=UTC)
    with pytest.raises(DataError, match=rf"{name} cannot be dated: .* of {year:04}-01-01"):
        list_dates(name, epoch, epoch)


def test_a_newest_epoch_far_from_the_others_is_no_date():
    assert end("a.json", EPOCH + DATE_TOLERANCE, EPOCH) == "2025-05-21T06:00:00Z"
    with pytest.raises(DataError, match=r"a\.json has no date in its name, and its element sets"):
        end("a.json", EPOCH + DATE_TOLERANCE + timedelta(seconds=1), EPOCH)
