"""The fewest and the most losses of a period, against counting the days one by one."""

from datetime import date, timedelta

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from spacex.analysis.articles.count import Count
from spacex.analysis.articles.losses import lost
from tests.analysis.articles.test_fleet import known

FIRST = date(2024, 2, 1)
DAYS = st.integers(0, 60)
SPANS = st.lists(st.tuples(st.none() | DAYS, DAYS), max_size=12)


def day(number: int) -> str:
    return f"{FIRST + timedelta(days=number)}"


def losses(spans: list[tuple[int | None, int]]) -> pd.DataFrame:
    rows = [(None if since is None else day(since), day(until)) for since, until in spans]
    frame = pd.DataFrame(rows, columns=["last_known_date", "until_date"], dtype=object)
    return frame.assign(catalogue_status="decayed")


def counted_by_day(spans: list[tuple[int | None, int]], since: int, until: int) -> Count:
    """Count the losses by the days on which each of them may have been."""
    period = set(range(since + 1, until + 1))
    possible = [
        {last} if known is None or known >= last else set(range(known + 1, last + 1))
        for known, last in spans
    ]
    return Count(
        sum(each <= period for each in possible), sum(bool(each & period) for each in possible)
    )


@given(SPANS, DAYS, st.integers(1, 40))
def test_the_bounds_are_those_of_counting_days(
    spans: list[tuple[int | None, int]], since: int, length: int
) -> None:
    until = since + length
    assert lost(losses(spans), day(since), day(until)) == counted_by_day(spans, since, until)


@given(SPANS, DAYS)
def test_the_report_on_a_fleet_has_these_bounds(
    spans: list[tuple[int | None, int]], on: int
) -> None:
    found = known(on=day(on), losses=losses(spans))
    for period in found.periods.itertuples():
        days = int(str(period.period).partition(" ")[0])
        least, most = counted_by_day(spans, on - days, on)
        assert period.undated == (most or 0) - least
    year = counted_by_day(spans, on - 365, on)
    assert found.figures["decayed or unlisted in the 365 days before"] == year.figure
