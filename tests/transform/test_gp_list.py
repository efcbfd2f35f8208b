"""What a GP list is known by, before it is loaded."""

import json

import pytest

from spacex.transform.gp_list import read_gp_list
from spacex.units import utc_text
from tests.example_records import omm

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
