"""How many satellites were lost in a period: some losses are known only as spans of days."""

import pandas as pd

from spacex.analysis.articles.count import Count


def lost(losses: pd.DataFrame, since: str, until: str) -> Count:
    """Return how many satellites were lost after a day, up to another one: the fewest, the most.

    Args:
        losses: `last_known_date` and `until_date`; a loss without the first is of the second.
        since: the day before the first day of the period.
        until: the last day of the period.

    >>> spans = {"last_known_date": [None, "2022-11-07"], "until_date": ["2024-02-01"] * 2}
    >>> lost(pd.DataFrame(spans), "2023-12-31", "2024-12-31")
    Count(least=1, most=2)
    """
    ends = losses["until_date"]
    before = _day_before(losses)
    is_possible = before.lt(until) & ends.gt(since)
    is_certain = before.ge(since) & ends.le(until)
    return Count(int((is_possible & is_certain).sum()), int(is_possible.sum()))


def _day_before(losses: pd.DataFrame) -> "pd.Series[str]":
    """Return the day before the first one on which each satellite may have been lost."""
    days = pd.to_datetime(losses["until_date"]) - pd.Timedelta(days=1)
    latest = days.dt.strftime("%Y-%m-%d")
    known = losses["last_known_date"]
    return latest.where(known.isna() | known.gt(latest), known)
