"""CelesTrak's file of space weather: observed and predicted days, and odd rows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spacex.errors import ResponseError
from spacex.extract.fetch import FetchContext, fetch
from spacex.extract.http_client import Client, Limits
from spacex.extract.snapshots import SnapshotStore
from spacex.sources.spaceweather import SPACE_WEATHER, SPACEWEATHER
from spacex.transform import TidyTable, tidy_tables
from tests.replica import Replica

HEADING = (
    "DATE,BSRN,ND,KP1,KP2,KP3,KP4,KP5,KP6,KP7,KP8,KP_SUM,AP1,AP2,AP3,AP4,AP5,AP6,AP7,AP8,AP_AVG,"
    "CP,C9,ISN,F10.7_OBS,F10.7_ADJ,F10.7_DATA_TYPE,F10.7_OBS_CENTER81,F10.7_OBS_LAST81,"
    "F10.7_ADJ_CENTER81,F10.7_ADJ_LAST81"
)
_KP = ",".join(["17"] * 8)
_AP = ",".join(["6"] * 8)


def day(
    date: str, kind: str = "OBS", ap: str = "6", flux: str = "120.5", kp_sum: str = "136"
) -> str:
    """Return a row of an invented day."""
    return (
        f"{date},2600,1,{_KP},{kp_sum},{_AP},{ap},0.3,1,90,{flux},121.0,{kind},"
        "120.0,119.0,120.0,119.0"
    )


def month(date: str) -> str:
    """Return a row that predicts a month: it has no geomagnetic indices."""
    return f"{date},2600,1{',' * 20},90,119.8,123.4,PRM,120.7,119.1,124.1,122.8"


def weather_csv(*rows: str, heading: str = HEADING) -> bytes:
    """Return rows as CelesTrak serves them."""
    return "\r\n".join([heading, *rows, ""]).encode()


KNOWN = (day("2026-11-21"), day("2026-11-22"), day("2026-11-23"))


def tidy(body: bytes) -> TidyTable:
    records = SPACE_WEATHER.records(body, "weather.csv")
    (table,) = tidy_tables(SPACE_WEATHER, "spaceweather", records, "2026-11-25T12:00:00Z")
    return table


def rows(table: TidyTable) -> dict[str, dict[str, object]]:
    """Return the rows by day, with None for what is unknown."""
    frame = table.frame.astype(object).where(table.frame.notna(), None)
    return {row["utc_date"]: row for row in frame.to_dict("records")}


def test_a_day_is_read():
    (found,) = rows(tidy(weather_csv(day("2026-11-21")))).values()
    assert found == {
        "source": "spaceweather",
        "utc_date": "2026-11-21",
        "kind": "observed",
        "ap": 6,
        "kp_sum": 13.6,
        "f107_observed_sfu": 120.5,
        "f107_adjusted_sfu": 121.0,
        "observed_utc": "2026-11-25T12:00:00Z",
    }


def test_observed_and_predicted_are_kept_apart():
    body = weather_csv(
        *KNOWN, day("2026-11-24", "INT"), day("2026-11-25", "PRD"), month("2027-02-01")
    )
    found = rows(tidy(body))
    assert [found[each]["kind"] for each in sorted(found)][2:] == [
        *("observed", "interpolated", "predicted", "predicted by month"),
    ]
    by_month = found["2027-02-01"]
    assert (by_month["ap"], by_month["kp_sum"], by_month["f107_observed_sfu"]) == (
        None,
        None,
        119.8,
    )


def test_a_quiet_day_is_zero_and_an_unknown_one_is_not():
    table = tidy(
        weather_csv(*KNOWN, day("2026-11-24", ap="0", kp_sum="0"), day("2026-11-25", ap=""))
    )
    found = rows(table)
    assert (found["2026-11-24"]["ap"], found["2026-11-24"]["kp_sum"]) == (0, 0.0)
    assert found["2026-11-25"]["ap"] is None
    assert table.rejects == []


@pytest.mark.parametrize(  # and would otherwise replace what an earlier file has
    ("odd", "column"),
    [
        (day("2026-11-24", ap="many"), "ap"),
        (day("2026-11-24", ap="401"), "ap"),
        (day("2026-11-24", ap="-1"), "ap"),
        (day("2026-11-24", ap="6.5"), "ap"),
        (day("2026-11-24", ap="٦"), "ap"),
        (day("2026-11-24", kp_sum="1360"), "kp_sum"),
        (day("2026-11-24", flux="0.0"), "f107_observed_sfu"),
        (day("2026-11-24", flux="nan"), "f107_observed_sfu"),
        (day("2026-11-24", flux="1e9"), "f107_observed_sfu"),
    ],
)
def test_a_value_that_cannot_be_true_costs_its_day(odd, column):
    table = tidy(weather_csv(*KNOWN, odd))
    assert sorted(rows(table)) == ["2026-11-21", "2026-11-22", "2026-11-23"]
    (reject,) = table.rejects
    assert (reject.column_name, reject.lost, reject.row_key) == (column, "row", "2026-11-24")


@pytest.mark.parametrize(
    "odd",
    [
        day("24 November"),
        day("2026-02-30"),
        day(""),
        day("2026-11-24", kind="ZZZ"),
        day("2026-11-24", kind=""),
        "2026-11-24,2600",
        f"{day('2026-11-24')},1",
        "what?",
    ],
)
def test_a_row_that_cannot_be_read_costs_itself(odd):
    table = tidy(weather_csv(*KNOWN, odd))
    assert sorted(rows(table)) == ["2026-11-21", "2026-11-22", "2026-11-23"]
    assert table.rows_rejected == 1


def test_blank_lines_are_skipped():
    assert tidy(weather_csv("", *KNOWN, "  ")).rows_in == len(KNOWN)


def test_a_repeated_day_counts_once_and_a_contradicted_one_not_at_all():
    assert tidy(weather_csv(*KNOWN, KNOWN[-1])).rows_duplicate == 1
    table = tidy(weather_csv(*KNOWN, day("2026-11-23", ap="99")))
    assert sorted(rows(table)) == ["2026-11-21", "2026-11-22"]
    assert "contradicting records of 2026-11-23: ap is 6 or 99" in table.rejects[0].reason


def test_columns_are_read_by_name():
    names = HEADING.split(",")
    order = sorted(range(len(names)), key=lambda at: names[at])
    swapped = [
        ",".join(line.split(",")[at] for at in order)
        for line in (HEADING, *KNOWN, month("2027-01-01"))
    ]
    expected = tidy(weather_csv(*KNOWN, month("2027-01-01")))
    assert tidy(weather_csv(*swapped[1:], heading=swapped[0])).frame.equals(expected.frame)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "no table of space weather, but ''"),
        (b"<html>", "no table of space weather, but '<html>'"),
        (b"[]", "no table of space weather"),
        (weather_csv(), "a header without rows"),
        (weather_csv(*KNOWN, heading=HEADING.replace("AP_AVG", "AP")), "which lacks AP_AVG"),
        (
            weather_csv(*KNOWN, *(day("2026-11-24", "X"),) * 4),
            "7 days, of which 4 cannot be read",
        ),
        (
            weather_csv(KNOWN[0], day("2026-11-24", ap=""), day("2026-11-25", flux="")),
            "3 days, of which 2 cannot be read",
        ),
    ],
)
def test_another_form_is_an_error(body, message):
    with pytest.raises(ResponseError, match=message):
        SPACE_WEATHER.count(body, "weather.csv")


@pytest.fixture
def recorded(recorded_dir: Path, tmp_path: Path) -> Iterator[TidyTable]:
    """The recorded file, fetched from a replica."""
    body = (recorded_dir / "spaceweather" / "SW-Last5Years.csv").read_bytes()
    limits = Limits(connect_timeout_s=1, read_timeout_s=5, total_timeout_s=20, attempts=1)
    with Replica(tmp_path) as server, Client("SpaceX-Insights/test", limits) as client:
        server.serve("SW-Last5Years.csv", body)
        store, url = SnapshotStore(tmp_path / "raw"), f"{server.url}/SW-Last5Years.csv"
        (item,) = fetch(FetchContext(SPACEWEATHER, SPACE_WEATHER, url, store, client))
        assert store.read(item.snapshot) == body
        assert item.snapshot.record_count == 2190
        yield tidy(store.read(item.snapshot))


def test_the_recorded_file(recorded: TidyTable):
    assert (recorded.rows_in, len(recorded.frame), recorded.rejects) == (2190, 2190, [])
    days = rows(recorded)
    assert {each: days[each]["ap"] for each in ("2024-05-11", "2026-01-20", "2026-04-06")} == {
        "2024-05-11": 271,
        "2026-01-20": 144,
        "2026-04-06": 9,
    }
    assert (days["2024-05-11"]["kp_sum"], days["2024-05-11"]["f107_observed_sfu"]) == (67.0, 213.7)
    assert recorded.frame["kind"].value_counts().to_dict() == {
        "observed": 1956,
        "interpolated": 6,
        "predicted": 45,
        "predicted by month": 183,
    }
    known = recorded.frame[recorded.frame["kind"].isin(["observed", "interpolated"])]
    assert (known["utc_date"].min(), known["utc_date"].max()) == ("2021-01-01", "2026-05-16")
    assert known["ap"].notna().all()
    assert recorded.frame["ap"].isna().sum() == 183
