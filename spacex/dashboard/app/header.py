"""The header of the dashboard: its title, the key figures, and the reasons for caution."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from spacex.analysis import queries
from spacex.analysis.data_age import DataAge, data_ages
from spacex.analysis.data_dates import data_dates
from spacex.analysis.key_figures import key_figures
from spacex.analysis.source_coverage import coverage
from spacex.dashboard.ui.formatting import shorten
from spacex.dashboard.ui.key_figures import key_figure
from spacex.dashboard.ui.markup import Node, tag
from spacex.settings import RUN_COMMAND, settings
from spacex.sources import SOURCES, short_title, titles
from spacex.sources.sample import NOTE
from spacex.units import counted, utc_instant
from spacex.warehouse.coverage import LAUNCHES

TITLE = "SpaceX Insights"
_REQUEST = re.compile(r"https?://([^/\s]+)\S*?(?=[.,;]?(?:\s|$))( returned \d{3} «[^»]*»)?")
"""The address of a request, and the beginning of its response if that was an error."""


def title() -> Node:
    """Return the title and subtitle of the dashboard."""
    return tag(
        "div",
        tag("h1", TITLE),
        tag("p", "Launches and the Starlink fleet, with the source and date of every figure."),
        class_="title",
    )


class Header(NamedTuple):
    """The header for one database."""

    top: Node
    """The title, the sources with their dates, and the badges."""
    figures: tuple[Node, ...]
    """The key figures, and the caution of the run."""

    def nodes(self, *, is_folded: bool) -> list[Node]:
        """Return the header; small screens fold the figures at first even if they are not."""
        fold = "folded" if is_folded else "unfolded"  # another key: another element, not its state
        summary = tag("summary", "Key figures")
        details = tag("details", summary, *self.figures, data_key=fold, data_fold=not is_folded)
        return [self.top, details]


def header(database: Path) -> Header:
    """Return the header for the current database.

    Raises:
        DatabaseError: the database does not exist or cannot be read.
    """
    covered = coverage(database)  # read once: each visitor waits for it
    run, sources = queries.run(database), data_dates(database, covered)
    ages = data_ages(settings(), database, covered)
    found = key_figures(database, covered)
    figures = [key_figure(each.name, each.value, each.note) for each in found]
    caution = [tag("p", shorten(_for_people(run["note"])), class_="caution")] if run["note"] else []
    return Header(
        tag("div", title(), provenance(run, sources, ages, covered), class_="top"),
        (tag("dl", *figures, class_="figures"), *caution),
    )


def provenance(
    run: pd.Series, sources: pd.DataFrame, ages: Sequence[DataAge], covered: pd.DataFrame
) -> Node:
    """Return each source with the date of its data, and the badges; see `badges`.

    Args:
        run: the row of `_runs` of the current run.
        sources: the date of the data of each source.
        ages: the ages of the data of the services.
        covered: the rows of `v_coverage`.
    """
    lines = [_source(row) for _, row in sources.iterrows()]
    summary = tag("summary", "Sources and their dates")
    dates = tag("details", summary, *lines, data_fold=True, class_="sources")
    found = badges(run, ages, covered)
    return tag("div", dates, tag("ul", *found, class_="badges"), class_="provenance")


def badges(run: pd.Series, ages: Sequence[DataAge], covered: pd.DataFrame) -> list[Node]:
    """Return a badge for each reason to be careful with the data.

    Args:
        run: the row of `_runs` of the current run.
        ages: the ages of the data of the services.
        covered: the rows of `v_coverage`.
    """
    found = []
    if run["is_simulated"]:
        found.append(_badge("Simulated sample", NOTE))
    else:
        found += [_stale(each) for each in ages if each.is_stale]
    if run["reject_count"]:
        records = counted(run["reject_count"], "record")
        found.append(_badge(f"{records} rejected", "The page Data lists them with the reasons."))
    launches = covered[covered["subject"] == LAUNCHES]
    for source, newest_utc in launches.groupby("source")["newest_utc"].max().items():
        if not SOURCES[str(source)].is_live:
            label = f"Archive: {short_title(str(source))} ends {utc_instant(newest_utc):%B %Y}"
            found.append(_badge(label, "This source has no later launch."))
    return found


def _for_people(note: str) -> str:
    """Return the note of a run with hosts in place of addresses, which its report has."""
    return _REQUEST.sub(lambda found: f"{found[1]}{(found[2] or '').partition(' «')[0]}", note)


def _source(row: "pd.Series[Any]") -> Node:
    data, checked = (utc_instant(row[name]) for name in ("data_utc", "checked_utc"))
    when = tag(
        "time",
        f"{data:%-d %B %Y, %H:%M} UTC",
        datetime=row["data_utc"],
        title=f"Checked on {checked:%-d %B %Y, %H:%M} UTC",
    )
    return tag("p", tag("b", titles(row["source"])), ", data to ", when)


def _stale(age: DataAge) -> Node:
    source = short_title(age.source)
    label = f"Stale: {source}, {age.caution}" if age.data_utc else f"No data: {source}"
    return _badge(label, f"`{RUN_COMMAND}` fetches newer data.")


def _badge(label: str, explanation: str) -> Node:
    return tag("li", label, class_="badge", title=explanation)
