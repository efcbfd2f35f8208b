"""Words that the reports share: dates, periods and lists as people write them."""

from collections.abc import Sequence

import pandas as pd

from spacex.units import date_text
from spacex.warehouse.coverage import Span

NBSP = "\N{NO-BREAK SPACE}"
BETWEEN = "between"
"""What `loss_day` begins with if it is of several days."""


def day(instant: str) -> str:
    r"""Return the date of an instant, which a line break does not divide.

    >>> day("2026-05-04T23:59:59Z")
    '4\xa0May\xa02026'
    """
    return date_text(instant).replace(" ", NBSP)


def launch_day(date_utc: str, date_text: str) -> str:
    """Return when a launch flew, to the precision of its date.

    Args:
        date_utc: of `v_launches`.
        date_text: of `v_launches`.

    >>> launch_day("2026-10-31T00:00:00Z", "Oct 2026").replace(NBSP, " ")
    'in Oct 2026'
    >>> launch_day("2026-10-31T12:00:00Z", "2026-10-31 12:00").replace(NBSP, " ")
    'on 31 October 2026'
    >>> launch_day("2026-10-05T00:00:00Z", "week of 2026-10-05").replace(NBSP, " ")
    'in the week of 5 October 2026'
    """
    if date_text.startswith(date_utc[:10]):
        return f"on {day(date_utc)}"
    begin = date_utc[:10]
    words = date_text.replace(" ", NBSP) if begin not in date_text else f"the week of {day(begin)}"
    return f"in {words}"


def planned_day(date_utc: str, date_text: str) -> str:
    """Return the date of a plan, to its precision, after a verb: `is planned …`.

    Args:
        date_utc: of `v_launches`.
        date_text: of `v_launches`.

    >>> planned_day("2026-12-31T00:00:00Z", "NET 2026").replace(NBSP, " ")
    'for no earlier than 2026'
    >>> planned_day("2022-10-20T14:50:00Z", "2022-10-20 14:50").replace(NBSP, " ")
    'for 20 October 2022 at 14:50 UTC'
    >>> planned_day("2022-10-20T00:00:00Z", "NET 2022-10-20").replace(NBSP, " ")
    'for no earlier than 20 October 2022'
    >>> planned_day("2026-10-05T00:00:00Z", "week of 2026-10-05").replace(NBSP, " ")
    'for the week of 5 October 2026'
    """
    text = date_text.removeprefix("NET ")
    earliest = "no earlier than " if text != date_text else ""
    words = launch_day(date_utc, text).partition(" ")[2]
    date, _, time = text.partition(" ")
    at = f" at {time}{NBSP}UTC" if date == date_utc[:10] and time else ""
    return f"for {earliest}{words}{at}"


def period(since: str, until: str) -> str:
    """Return the dates of a period, without repeating the month and year.

    >>> period("2026-05-04", "2026-05-10").replace(NBSP, " ")
    '4 to 10 May 2026'
    >>> period("2025-12-29", "2026-01-04").replace(NBSP, " ")
    '29 December 2025 to 4 January 2026'
    """
    first, last = day(since), day(until)
    if first == last:
        return last
    parts, others = first.split(NBSP), last.split(NBSP)
    while len(parts) > 1 and parts[-1] == others[-1]:
        del parts[-1], others[-1]
    return f"{NBSP.join(parts)} to {last}"


def gap_words(gap: Span) -> str:
    """Return a gap in the coverage in words.

    Args:
        gap: start and end, either of them empty if it has none.

    >>> gap_words(("2022-10-05", "2026-08-22")).replace(NBSP, " ")
    'from 5 October 2022 to 22 August 2026'
    >>> gap_words(("2022-10-05", "")).replace(NBSP, " ")
    'after 5 October 2022'
    >>> gap_words(("", "2022-10-05")).replace(NBSP, " ")
    'before 5 October 2022'
    """
    since, until = gap
    if since and until:
        return f"from {period(since, until)}"
    return f"after {day(since)}" if since else f"before {day(until)}" if until else "at all"


def by_data(covered_until: str, changed_until: str) -> str:
    """Return what a number is known by, if single changes of it are newer than the data.

    Args:
        covered_until: the date to which the sources cover the fleet.
        changed_until: the date of the newest change.

    >>> by_data("2025-06-01", "2025-06-14").replace(NBSP, " ")
    'by the data to 1 June 2025 and the changes known to 14 June 2025'
    """
    return f"by the data to {day(covered_until)} and the changes known to {day(changed_until)}"


def loss_day(last_known: str, until: str) -> str:
    """Return the day of a loss, or the days between which it lies.

    Args:
        last_known: `last_known_date` of `v_starlink`; empty if the day of the loss is known.
        until: `until_date`.

    >>> loss_day("2025-05-01", "2025-06-08").replace(NBSP, " ")
    'between 1 May and 8 June 2025'
    >>> loss_day("2025-05-01", "2025-05-08").replace(NBSP, " ")
    'between 1 and 8 May 2025'
    >>> loss_day("", "2025-05-08").replace(NBSP, " ")
    '8 May 2025'
    """
    if not last_known or pd.Timestamp(until) - pd.Timestamp(last_known) <= pd.Timedelta(days=1):
        return day(until)
    return f"{BETWEEN} {period(last_known, until).replace(' to ', ' and ')}"


def listed(parts: Sequence[str]) -> str:
    """Return a list in words.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    *first, last = parts or [""]
    return f"{', '.join(first)} and {last}" if first else last


def every(count: int) -> str:
    """Return the word for all of several things, before their noun.

    >>> [every(n) for n in (2, 49)]
    ['both', 'all 49']
    """
    return "both" if count == 2 else f"all {count:,}"


def times(count: int) -> str:
    """Return how often something happened.

    >>> [times(n) for n in (1, 2, 31)]
    ['once', 'twice', '31 times']
    """
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")
