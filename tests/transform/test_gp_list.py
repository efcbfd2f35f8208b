"""What a GP list is known by, before it is loaded."""

import json

import pytest
from msgspec import structs

from spacex.errors import DataError
from spacex.sources import CELESTRAK
from spacex.transform import tidy_tables
from spacex.transform.gp_list import check_manual_list, read_gp_list
from spacex.units import utc_text
from tests.example_records import omm
from tests.extract.test_run_folder import EXTRACTED, MANIFEST, SNAPSHOT

DAYS = ("2026-11-20", "2026-11-21", "2026-11-22")


def of_days(*last: dict[str, object]) -> bytes:
    """Return a list with a satellite for each of the days, and further records."""
    known = [omm(100_001 + n, EPOCH=f"{day}T12:00:00") for n, day in enumerate(DAYS)]
    return json.dumps([*known, *last]).encode()


def test_the_epochs_are_those_of_the_satellites() -> None:
    found = read_gp_list(of_days(), "gp.json")
    assert (found.record_count, found.rejected, found.out_of_scope) == (3, 0, 0)
    assert utc_text(found.newest_epoch).startswith(DAYS[2])
    assert utc_text(found.median_epoch).startswith(DAYS[1])


@pytest.mark.parametrize("value", [1e999, None, "many"])
def test_an_element_set_without_finite_numbers_has_no_epoch(value: object) -> None:
    odd = omm(100_009, EPOCH="2026-12-24T12:00:00") | {"MEAN_MOTION": value}
    body = of_days(odd).replace(b"Infinity", b"1e999")
    assert utc_text(read_gp_list(body, "gp.json").newest_epoch).startswith(DAYS[2])


def test_a_short_list_is_looked_at_record_by_record() -> None:
    records = [omm(100_001), omm(100_002, EPOCH="nowhere"), omm(100_003)]
    with pytest.raises(DataError, match="1 of 3 element sets are rejected"):
        read_gp_list(json.dumps(records).encode(), "gp.json", max_reject_pct=0)


@pytest.mark.parametrize("new", [3, 2])
def test_the_date_of_a_manual_list_agrees_with_the_median_of_its_epochs(new: int) -> None:
    """Of six satellites, those of the day of the file are a half, or fewer."""
    days = ["2026-10-01"] * (6 - new) + ["2026-11-22"] * new
    body = json.dumps([omm(100_001 + n, EPOCH=f"{day}T12:00:00") for n, day in enumerate(days)])
    endpoint = CELESTRAK.endpoints["starlink"]
    tables = tidy_tables(endpoint, CELESTRAK.name, endpoint.records(body.encode(), "gp.json"))
    snapshot = structs.replace(
        SNAPSHOT,
        source=CELESTRAK.name,
        endpoint="starlink",
        url="file:gp_2026-11-22.json",
        retrieved_utc="2026-11-22T12:00:00Z",
    )
    manifest = structs.replace(MANIFEST, extracted=(structs.replace(EXTRACTED, snapshot=snapshot),))
    if new == 3:
        check_manual_list(manifest, tables)
    else:
        with pytest.raises(DataError, match="is dated 2026-11-22, but"):
            check_manual_list(manifest, tables)
