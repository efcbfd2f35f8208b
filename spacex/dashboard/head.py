"""The head of the dashboard: what it is, the key figures, and how far they can be trusted."""

from datetime import datetime
from pathlib import Path

import pandas as pd

from spacex import queries
from spacex.dashboard.cells import grouped, shortened
from spacex.dashboard.markup import Node, tag
from spacex.dashboard.wilson import wilson
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
    return [
        tag("div", title(), provenance(run, figures, utc_now()), class_="top"),
        tag("dl", *key_figures(figures), class_="figures"),
        *([tag("p", shortened(run["note"]), class_="caution")] if run["note"] else []),
    ]


def key_figures(figures: pd.Series) -> list[Node]:
    """The key figures, each with what it has to be read against."""
    known = int(figures["successes"] + figures["failures"])
    in_orbit = int(figures["satellites"] - figures["decayed"])
    landings, attempts = int(figures["landings"]), int(figures["landing_attempts"])
    return [
        _figure("Launches", grouped(figures["launches"]), _years(figures)),
        _figure(
            "Succeeded",
            percent(int(figures["successes"]), known),
            interval(int(figures["successes"]), known),
        ),
        _figure("Booster landings", grouped(landings), f"of {grouped(attempts)} tried"),
        _figure(
            "Satellites in orbit", grouped(in_orbit), f"of {grouped(figures['satellites'])} tracked"
        ),
        _figure("Satellites decayed", grouped(figures["decayed"]), "re-entered and burnt up"),
    ]


def provenance(run: pd.Series, figures: pd.Series, now: datetime) -> Node:
    """Where the data come from, their date, and a badge for each reason to be careful."""
    current = utc_instant(run["data_utc"])
    return tag(
        "div",
        tag("p", "Source: ", tag("b", str(run["source"]))),
        tag(
            "p",
            "Data of ",
            tag("time", f"{current:%-d %B %Y, %H:%M} UTC", datetime=run["data_utc"]),
        ),
        tag("ul", *badges(run, figures, now), class_="badges"),
        class_="provenance",
    )


def badges(run: pd.Series, figures: pd.Series, now: datetime) -> list[Node]:
    """The reasons to be careful with these data; none if there are none."""
    found = []
    age_days = (now - utc_instant(run["data_utc"])).days
    if run["is_simulated"]:
        found.append(
            _badge("Simulated sample", "Not real: made up so that there is something to see.")
        )
    elif age_days >= STALE_AFTER_DAYS:
        found.append(_badge(f"Stale: {age_days} days old", "`make run` asks the services again."))
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
