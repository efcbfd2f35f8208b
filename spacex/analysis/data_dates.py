"""The date of each source's data: that of its newest launch, orbit or decay, not of its request.

Orbits are predicted up to days ahead: data are never of a date after their retrieval.
"""

from pathlib import Path

import pandas as pd

from spacex.analysis.queries import view
from spacex.analysis.source_coverage import coverage
from spacex.sources import titles
from spacex.units import counted, utc_instant, utc_now


def data_dates(database: Path | str, covered: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the date of the data of each source.

    Args:
        database: the database.
        covered: the rows of `v_coverage`, if they have been read already.

    Returns:
        `source`; `data_utc`, the newest date of its data in `v_coverage`, or that of its retrieval
        if that is earlier or it has none; `checked_utc`, when the source last confirmed them; and
        `age_days` of the data.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    sources = view(database, "v_sources").set_index("source")[["checked_utc", "retrieved_utc"]]
    rows = coverage(database) if covered is None else covered
    newest = rows.groupby("source")["newest_utc"].max().reindex(sources.index)
    retrieved = sources["retrieved_utc"]
    data_utc = newest.where(newest < retrieved, retrieved)
    now = utc_now()
    age_days = [(now - utc_instant(each)).total_seconds() / 86400 for each in data_utc]
    found = pd.DataFrame(
        {"data_utc": data_utc, "checked_utc": sources["checked_utc"], "age_days": age_days}
    )
    return found.rename_axis("source").reset_index()


def texts(database: Path | str) -> dict[str, str]:
    """Return the date of each source's data, its age, and when it was checked, by title.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    return {
        titles(source): f"data to {data_utc} ({_ago(age_days)}), checked {checked_utc}"
        for source, data_utc, checked_utc, age_days in data_dates(database).itertuples(index=False)
    }


def _ago(days: float) -> str:
    for unit, length in (("day", 1), ("hour", 1 / 24), ("minute", 1 / 1440)):
        if days >= length:
            return f"{counted(days // length, unit)} ago"
    return "just now"
