"""SQL expressions on the days that the date of a decay stands for.

A row is an alias of a table with `decay_date`, `decay_precision` and `decay_is_uncertain`. A date
without a precision is exact to the day. An uncertain one, which has a question mark in GCAT, can be
off by one unit of its precision, and a day by a week.
"""

from spacex.orbits.element_sets import EPOCH_LEAD_DAYS
from spacex.warehouse.launch_dates import end_of_period

_OFF_BY_DAYS = {"day": 7, "month": 31, "quarter": 92, "year": 366, "decade": 3653}


def _off_by(row: str) -> str:
    cases = " ".join(f"WHEN '{unit}' THEN {days}" for unit, days in _OFF_BY_DAYS.items())
    return f"""CASE WHEN {row}.decay_is_uncertain
                    THEN CASE {row}.decay_precision {cases} ELSE 0 END ELSE 0 END"""


def first_day(row: str, date: str = "decay_date") -> str:
    """Return the first day that a date of a decay can stand for, as SQL."""
    return f"date({row}.{date}, '-' || ({_off_by(row)}) || ' days')"


def last_day(row: str, date: str = "decay_date") -> str:
    """Return the last day that a date of a decay can stand for, as SQL."""
    end = end_of_period(f"{row}.{date}", f"{row}.decay_precision")
    return f"date(substr({end}, 1, 10), '+' || ({_off_by(row)}) || ' days')"


def is_exact(row: str) -> str:
    """Return the SQL condition that a decay has a date that is exact to the day."""
    return f"""({row}.decay_date IS NOT NULL
        AND coalesce({row}.decay_precision, 'day') NOT IN ('month', 'quarter', 'year', 'decade')
        AND NOT (coalesce({row}.decay_is_uncertain, 0)
                 AND coalesce({row}.decay_precision, 'day') = 'day'))"""


def follows(
    epoch: str, row: str, date: str = "decay_date", lead_days: int = EPOCH_LEAD_DAYS
) -> str:
    """Return the SQL condition that an epoch shows a satellite in orbit after a decay.

    Args:
        epoch: SQL of the epoch, which may be ahead of what was observed.
        row: the row.
        date: name of the column with the date of the decay.
        lead_days: how far the epoch may be ahead, d.
    """
    return f"date({epoch}, '-{lead_days} days') > {last_day(row, date)}"


def outdates(epoch: str, row: str, observed: str) -> str:
    """Return the SQL condition that an epoch is later than a decay without an exact day.

    Args:
        epoch: SQL of the epoch, which may be ahead of what was observed.
        row: the row.
        observed: SQL of the instant of the catalogue that has the decay.
    """
    observed_day = f"date({epoch}, '-{EPOCH_LEAD_DAYS} days')"
    return f"(NOT {is_exact(row)} AND {observed_day} > substr({observed}, 1, 10))"
