"""The head of the dashboard: what it is, the key figures, and how far they can be trusted."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pandas as pd

from spacex.analysis import queries
from spacex.analysis.history import freshness
from spacex.analysis.intervals import wilson
from spacex.dashboard.ui.cells import grouped, shortened
from spacex.dashboard.ui.markup import Node, tag
from spacex.sources import titles
from spacex.units import utc_instant, utc_now

TO = "\N{WORD JOINER}–\N{WORD JOINER}"
"""Between the ends of an interval, which stay on one line."""

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
    run, figures = queries.run(database), queries.key_figures(database)
    sources = freshness(database)
    return [
        tag("div", title(), provenance(run, sources, figures, utc_now()), class_="top"),
        tag("dl", *key_figures(figures), class_="figures"),
        *([tag("p", shortened(run["note"]), class_="caution")] if run["note"] else []),
    ]


def key_figures(figures: pd.Series) -> list[Node]:
    """The key figures, each with what it has to be read against."""
    known = int(figures["successes"] + figures["failures"])
    lost, satellites = int(figures["decayed"] + figures["unlisted"]), grouped(figures["satellites"])
    landings, attempts = int(figures["landings"]), int(figures["landing_attempts"])
    return [
        _figure("Launches", grouped(figures["launches"]), _years(figures)),
        _figure(
            "Succeeded",
            percent(int(figures["successes"]), known),
            interval(int(figures["successes"]), known),
        ),
        _figure("Booster landings", grouped(landings), f"of {grouped(attempts)} tried"),
        _figure("Satellites in orbit", grouped(figures["in_orbit"]), f"of {satellites} tracked"),
        _figure("Satellites lost", grouped(lost), "re-entered, or presumed to be"),
    ]


def provenance(run: pd.Series, sources: pd.DataFrame, figures: pd.Series, now: datetime) -> Node:
    """Each source with the date of its data, and a badge for each reason to be careful."""
    return tag(
        "div",
        *(_source(name, checked_utc) for name, checked_utc in _checked(sources)),
        tag("ul", *badges(run, sources, figures, now), class_="badges"),
        class_="provenance",
    )


def badges(run: pd.Series, sources: pd.DataFrame, figures: pd.Series, now: datetime) -> list[Node]:
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
    if figures["last_launch_utc"]:
        last = utc_instant(figures["last_launch_utc"])
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
        _badge(f"Stale: {name}, {age} days old", "`make run` asks the service again.")
        for name, age in age_days.items()
        if age >= STALE_AFTER_DAYS
    ]


def percent(successes: int, trials: int) -> str:
    """A share for people; a dash without trials."""
    return f"{100 * successes / trials:.1f}\N{NO-BREAK SPACE}%" if trials else "–"


def interval(successes: int, trials: int) -> str:
    """The 95 % interval of a share, for people."""
    low, high = wilson(successes, trials)
    return f"95\N{NO-BREAK SPACE}% interval {100 * low:.1f}{TO}{100 * high:.1f}\N{NO-BREAK SPACE}%"


def _years(figures: pd.Series) -> str:
    first, last = figures["first_launch_utc"], figures["last_launch_utc"]
    return f"{first[:4]}–{last[:4]}" if first else "none yet"


def _figure(label: str, value: str, note: str) -> Node:
    return tag("div", tag("dt", label), tag("dd", value), tag("dd", note, class_="note"))


def _badge(label: str, explanation: str) -> Node:
    return tag("li", label, class_="badge", title=explanation)
