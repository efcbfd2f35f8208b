"""The date of a catalogue: that of its data, however and whenever it arrived.

It is the one at the head of a table of GCAT, or else the newest launch or decay date. A catalogue
knows nothing of after it: a mirror may lag, and a service may pause.
"""

import pandas as pd

_DATES = ("launch_date", "decay_date", "date_utc")
_DATE_LENGTH = len("2026-11-01")
_MIDNIGHT = "T00:00:00Z"


def newest_date(frame: pd.DataFrame, until: str = "9") -> str | None:
    """Return the newest launch or decay date in a table; None if it has none.

    Args:
        frame: the rows.
        until: ignore later dates, which are predictions or in error.
    """
    known = pd.concat([frame[name] for name in _DATES if name in frame]).dropna()
    known = known.str[:_DATE_LENGTH]
    known = known[known.le(until)]
    return None if known.empty else str(known.max())


def date_rows(frame: pd.DataFrame, retrieved_utc: str) -> "pd.Series[str]":
    """Return the instant by which each object is known: that of its catalogue.

    Args:
        frame: the objects; `observed_utc` is the instant at the head of their file. It is missing
            if the file has none.
        retrieved_utc: instant of the response, whose day no date follows; empty if it is unknown.
    """
    stated = frame["observed_utc"]
    if not retrieved_utc:
        return stated
    day = retrieved_utc[:_DATE_LENGTH]
    midnight = f"{day}{_MIDNIGHT}"  # the time tells only in which order the files were stored
    stated = stated.mask(stated.str[:_DATE_LENGTH].gt(day).eq(other=True), midnight)
    if not stated.isna().any():
        return stated
    newest = newest_date(frame, day)
    return stated.fillna(f"{newest}{_MIDNIGHT}" if newest else midnight)
