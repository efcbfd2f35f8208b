"""The time that sources cover, and single changes after it."""

import pandas as pd
import pytest

from spacex.analysis.growth import growth, reaching

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


@pytest.mark.parametrize(
    ("satellite", "days"),
    [
        (
            ("2026-05-02", "2026-05-12", None, None, 0),
            [("2026-05-02", 1, 1, 1)],
        ),
        (
            ("2026-05-02", "2026-05-13", None, None, 0),
            [("2026-05-02", 1, None, 0), ("2026-05-13", 1, 1, 1)],
        ),
        (
            ("2026-05-02", "2026-05-02", "2026-05-10", "2026-05-15", 0),
            [("2026-05-02", 1, 1, 1), ("2026-05-15", 1, 0, 0)],
        ),
        (
            ("2026-05-02", "2026-05-02", "2026-05-10", "2026-05-15", 1),
            [("2026-05-02", 1, 1, 1), ("2026-05-11", 1, None, 0), ("2026-05-15", 1, 0, 0)],
        ),
    ],
    ids=["known within ten days", "known later", "lost", "lost on an unknown day"],
)
def test_a_day_is_shown_on_which_a_satellite_comes_goes_or_is_no_longer_proven(
    satellite: tuple[object, ...], days: list[tuple[object, ...]]
) -> None:
    names = ("from_date", "known_by_date", "last_known_date", "until_date", "unsure_date")
    found = growth(pd.DataFrame([satellite], columns=[*names]), [LAST])
    first = ("2026-05-01", 0, 0, 0)
    assert found.astype(object).where(found.notna(), None).to_numpy().tolist() == [
        [*each] for each in (first, *days)
    ]
