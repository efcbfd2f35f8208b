"""The end of every report: where its data come from, and up to when."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from spacex.analysis.articles.words import day, listed, period
from spacex.analysis.data_dates import data_dates
from spacex.analysis.queries import run
from spacex.analysis.source_coverage import coverage
from spacex.sources import titles
from spacex.warehouse.coverage import DECAYS, SOME_DECAYS


@dataclass(frozen=True)
class Origin:
    """The origin of the data of a report.

    Attributes:
        note: what is simulated, or another note of the run; empty if there is none.
        sources: one row per source: `source`, `data_to`, `checked` and what it `covers`.
        names: the sources, to credit them.
    """

    note: str
    sources: pd.DataFrame
    names: list[str]


_OF_SATELLITES = ("source", "launch_date_source", "decay_date_source", "version_source")
"""The columns of `v_starlink` that name sources."""


def origin(database: Path, *subjects: str, satellites: pd.DataFrame | None = None) -> Origin:
    """Return the origin of the data on some subjects of `v_coverage`.

    Args:
        database: the database.
        subjects: the subjects; a source that covers none of them, or a part of one, is left out.
        satellites: rows of `v_starlink` in the report: what their values are from is a source too.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    covered = coverage(database)
    every = {*subjects, *([SOME_DECAYS] if DECAYS in subjects else [])}
    is_wanted = covered["subject"].isin(every)
    used = {*covered.loc[is_wanted, "source"], *_sources_of(satellites)}
    dates = data_dates(database).set_index("source")
    names = [name for name in dates.index if name in used]
    is_shown = is_wanted | ~covered["source"].isin(covered.loc[is_wanted, "source"])
    rows = [
        {
            "source": titles(name).partition(" (")[0],
            "data_to": day(dates.loc[name, "data_utc"]),
            "checked": day(dates.loc[name, "checked_utc"]),
            "covers": _covers(covered[is_shown & covered["source"].eq(name)]),
        }
        for name in names
    ]
    frame = pd.DataFrame(rows, columns=["source", "data_to", "checked", "covers"])
    return Origin(run(database)["note"] or "", frame, names)


def _sources_of(satellites: pd.DataFrame | None) -> set[str]:
    """Return the sources of what is known of satellites."""
    if satellites is None:
        return set()
    columns = satellites.columns.intersection([*_OF_SATELLITES])
    return {str(each) for name in columns for each in satellites[name].dropna().unique()}


def _covers(rows: pd.DataFrame) -> str:
    """Return the periods that a source covers, by subject."""
    spans = {
        str(subject): listed([*map(period, found["from_utc"], found["to_utc"])])
        for subject, found in rows.groupby("subject")
    }
    return "; ".join(f"{subject}: {text}" for subject, text in spans.items())
