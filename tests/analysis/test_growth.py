"""The time that sources cover, and single changes after it."""

import pytest

from spacex.analysis.growth import reaching

EARLIER = ("2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z")
LAST = ("2026-05-01T00:00:00Z", "2026-05-20T18:00:00Z")


@pytest.mark.parametrize(
    ("date", "until"),
    [
        ("2026-05-19", "2026-05-20T18:00:00Z"),
        ("2026-05-20", "2026-05-20T18:00:00Z"),
        ("2026-05-21", "2026-05-21T00:00:00Z"),
        ("2026-05-30", "2026-05-30T00:00:00Z"),
        ("2026-05-31", "2026-05-20T18:00:00Z"),
    ],
)
def test_changes_of_up_to_ten_days_later_extend_the_last_span(date: str, until: str) -> None:
    assert reaching([EARLIER, LAST], date) == [EARLIER, (LAST[0], until)]
    assert reaching([], date) == []
