"""SQL expressions on the dates of launches, which are known to a precision only.

A launch is an alias of `launches` or `launch_sources`.
"""

from spacex.schema.ddl import literals
from spacex.sources import SOURCES

_ARCHIVES = [name for name, source in SOURCES.items() if not source.is_live]
SAME_TIME_MINUTES = 15
"""Dates this close agree: catalogues round the time of liftoff."""


def period_begin(launch: str) -> str:
    """Return the start of the period that the date of a launch leaves open, as SQL.

    Services date a launch of a month to any of its days, mostly the first or the last one.
    """
    date = f"{launch}.date_utc"
    month = f"substr({date}, 6, 2)"

    def first_second(*shift: str) -> str:
        return f"strftime('%Y-%m-%dT%H:%M:%SZ', {date}, {', '.join(shift)})"

    fiscal = ("'+3 months'", "'start of year'", "'-3 months'")
    decade = f"'-' || substr({date}, 4, 1) || ' years'"
    half = f"'-' || (({month} - 1) % 6) || ' months'"
    quarter = f"'-' || (({month} - 1) % 3) || ' months'"
    return f"""
    CASE {launch}.date_precision
         WHEN 'decade' THEN {first_second("'start of year'", decade)}
         WHEN 'year' THEN {first_second("'start of year'")}
         WHEN 'fiscal year' THEN {first_second(*fiscal)}
         WHEN 'half' THEN {first_second("'start of month'", half)}
         WHEN 'quarter' THEN {first_second("'start of month'", quarter)}
         WHEN 'month' THEN {first_second("'start of month'")}
         WHEN 'hour' THEN substr({launch}.date_utc, 1, 13) || ':00:00Z'
         WHEN 'minute' THEN {launch}.date_utc
         WHEN 'second' THEN {launch}.date_utc
         ELSE substr({launch}.date_utc, 1, 10) || 'T00:00:00Z' END"""


def period_end(launch: str) -> str:
    """Return the end of the period that the date of a launch leaves open, as SQL."""
    return end_of_period(f"{launch}.date_utc", f"{launch}.date_precision")


def end_of_period(date: str, precision: str) -> str:
    """Return the end of the period that a date of a precision leaves open, as SQL."""

    def last_second(*shift: str) -> str:
        modifiers = ", ".join((*shift, "'-1 second'"))
        return f"strftime('%Y-%m-%dT%H:%M:%SZ', {date}, {modifiers})"

    month = f"substr({date}, 6, 2)"
    decade = f"'+' || (10 - substr({date}, 4, 1)) || ' years'"
    half = f"'+' || (6 - ({month} - 1) % 6) || ' months'"
    quarter = f"'+' || (3 - ({month} - 1) % 3) || ' months'"
    return f"""
    CASE {precision}
         WHEN 'decade' THEN {last_second("'start of year'", decade)}
         WHEN 'year' THEN {last_second("'start of year'", "'+1 year'")}
         WHEN 'fiscal year' THEN {last_second("'+3 months'", "'start of year'", "'+9 months'")}
         WHEN 'half' THEN {last_second("'start of month'", half)}
         WHEN 'quarter' THEN {last_second("'start of month'", quarter)}
         WHEN 'month' THEN {last_second("'start of month'", "'+1 month'")}
         WHEN 'week' THEN {last_second("'start of day'", "'+7 days'")}
         WHEN 'day' THEN {last_second("'start of day'", "'+1 day'")}
         WHEN 'hour' THEN substr({date}, 1, 13) || ':59:59Z'
         ELSE {date} END"""


def dates_differ(one: str, other: str) -> str:
    """Return whether the dates of two launches exclude each other, as SQL."""
    begins = f"max(julianday({period_begin(one)}), julianday({period_begin(other)}))"
    ends = f"min(julianday({period_end(one)}), julianday({period_end(other)}))"
    return f"({begins} - {ends}) * 1440 > {SAME_TIME_MINUTES}"


_LOADED_UTC = """(SELECT min(loaded_utc, coalesce(as_of_utc, loaded_utc)) FROM _runs
                    ORDER BY loaded_utc DESC, run_id DESC LIMIT 1)"""
"""SQL: the instant of the database: that of the newest run, or the one it is as of."""

OVERDUE = f"""
    (l.is_upcoming AND {period_end("l")} < max(
        coalesce(iif(l.source IN ({literals(_ARCHIVES)}), {_LOADED_UTC}, ''), ''),
        coalesce((SELECT max(checked_utc) FROM _snapshots
                  WHERE endpoint = 'launches' AND source = l.source),
                 strftime('%Y-%m-%dT%H:%M:%SZ'))))"""
"""The date of the upcoming launch `l` had passed when its source was last checked.

Nobody moves the dates of an archive any more: they pass whether or not it is checked.
"""

DATE_TEXT = """
    CASE l.date_precision
         WHEN 'decade' THEN substr(l.date_utc, 1, 3) || '0s'
         WHEN 'year' THEN substr(l.date_utc, 1, 4)
         WHEN 'fiscal year' THEN 'FY ' || strftime('%Y', l.date_utc, '+3 months')
         WHEN 'half' THEN 'H' || ((substr(l.date_utc, 6, 2) + 5) / 6)
                              || ' ' || substr(l.date_utc, 1, 4)
         WHEN 'quarter' THEN 'Q' || ((substr(l.date_utc, 6, 2) + 2) / 3)
                                 || ' ' || substr(l.date_utc, 1, 4)
         WHEN 'month' THEN
             substr('JanFebMarAprMayJunJulAugSepOctNovDec', 3 * substr(l.date_utc, 6, 2) - 2, 3)
             || ' ' || substr(l.date_utc, 1, 4)
         WHEN 'week' THEN 'week of ' || substr(l.date_utc, 1, 10)
         WHEN 'day' THEN substr(l.date_utc, 1, 10)
         ELSE substr(l.date_utc, 1, 10) || ' ' || substr(l.date_utc, 12, 5) END"""
"""The date of launch `l` in words, to its precision."""
