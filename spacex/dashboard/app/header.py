"""The head of the dashboard: what it is, the key figures, and how far they can be trusted."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pandas as pd

from spacex.analysis import queries
from spacex.analysis.history import freshness
from spacex.analysis.key_figures import KeyFigure, key_figures, launch_period
from spacex.dashboard.ui.cells import shortened
from spacex.dashboard.ui.markup import Node, tag
from spacex.settings import RUN_COMMAND
from spacex.sources import titles
from spacex.units import utc_instant, utc_now

STALE_AFTER_DAYS = 7
"""Age at which the data are called stale."""

ARCHIVE_AFTER_DAYS = 90
"""Days without a launch after which the launches are called an archive."""


def title() -> Node:
    """The name of the dashboard, and what it is for."""
    return tag(
        "div",
        tag("h1", "SpaceX Insights"),
        tag("p", "Launches and the Starlink fleet, in figures with their source and date."),
        class_="title",
    )


def head(database: Path) -> list[Node]:
    """The head for the database as it is now.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
    """
    run, sources = queries.run(database), freshness(database)
    _, last_launch_utc = launch_period(database)
    return [
        tag("div", title(), provenance(run, sources, last_launch_utc, utc_now()), class_="top"),
        tag("dl", *map(_key_figure, key_figures(database)), class_="figures"),
        *([tag("p", shortened(run["note"]), class_="caution")] if run["note"] else []),
    ]


def provenance(run: pd.Series, sources: pd.DataFrame, last_launch_utc: str, now: datetime) -> Node:
    """Each source with the date of its data, and a badge for each reason to be careful."""
    return tag(
        "div",
        *(_source(name, checked_utc) for name, checked_utc in _checked(sources)),
        tag("ul", *badges(run, sources, last_launch_utc, now), class_="badges"),
        class_="provenance",
    )


def badges(
    run: pd.Series, sources: pd.DataFrame, last_launch_utc: str, now: datetime
) -> list[Node]:
    """The reasons to be careful with these data; none if there are none."""
    found = []
    if run["is_simulated"]:
        found.append(
            _badge("Simulated sample", "Not real: made up so that there is something to see.")
        )
    else:
        found += _stale(sources, now)
    if run["reject_count"]:
        rows = "1 row" if run["reject_count"] == 1 else f"{run['reject_count']:,} rows"
        found.append(_badge(f"{rows} refused", "See the page Data for what was refused, and why."))
    if last_launch_utc:
        last = utc_instant(last_launch_utc)
        if (utc_instant(run["data_utc"]) - last).days >= ARCHIVE_AFTER_DAYS:
            found.append(
                _badge(f"Archive: ends {last:%B %Y}", "The source has no launch after that.")
            )
    return found


def _checked(sources: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Each source, and the instant its data were last known to be current."""
    return zip(sources["source"], sources["checked_utc"], strict=True)


def _source(name: str, checked_utc: str) -> Node:
    current = utc_instant(checked_utc)
    when = tag("time", f"{current:%-d %B %Y, %H:%M} UTC", datetime=checked_utc)
    return tag("p", tag("b", titles(name)), " of ", when)


def _stale(sources: pd.DataFrame, now: datetime) -> list[Node]:
    """A badge for each source that has not been known to be current for long."""
    age_days = {name: (now - utc_instant(at)).days for name, at in _checked(sources)}
    return [
        _badge(f"Stale: {name}, {age} days old", f"`{RUN_COMMAND}` asks the service again.")
        for name, age in age_days.items()
        if age >= STALE_AFTER_DAYS
    ]


def _key_figure(figure: KeyFigure) -> Node:
    note = tag("dd", figure.note, class_="note")
    return tag("div", tag("dt", figure.name), tag("dd", figure.value), note)


def _badge(label: str, explanation: str) -> Node:
    return tag("li", label, class_="badge", title=explanation)
