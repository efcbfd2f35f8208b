"""The page Now, which opens first: the next launch, the newest week, and a search of everything."""

from collections.abc import Sequence

import pandas as pd

from spacex.analysis.articles.words import NBSP, day, launch_day, period
from spacex.analysis.source_coverage import days, year_span
from spacex.analysis.verdict import SIMULATED
from spacex.dashboard.pages.now.globe_panel import GlobePanel
from spacex.dashboard.pages.now.now_data import Now, read_now
from spacex.dashboard.pages.search import LAUNCHES, find, hint, life_query
from spacex.dashboard.ui.finder import FinderPanel
from spacex.dashboard.ui.formatting import MISSING, is_missing, shorten
from spacex.dashboard.ui.key_figures import key_figure, key_figures
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.page_links import opens, page_link
from spacex.dashboard.ui.panels import MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View

NOTHING_PLANNED = "No planned launch is known: no loaded source lists any."
NOTHING_FLOWN = "No launch that flew is known: no source of launches is loaded."
OUTCOMES = {"success": "it succeeded", "failure": "it failed"}
LANDED, CHANGED = ("boosters landed",), ("satellites launched", "satellites decayed")
"""The ends of the names of the figures of the report on a week that are shown of a month."""
HOLD = "Hold"
"""The status of a launch whose countdown has stopped."""
TO_THE_MINUTE = ("hour", "minute", "second")
"""Precisions of a date that has a time of day, which can be counted down."""


def launches(view: View) -> list[Node]:
    """Return the next launch with its countdown, those after it, and the newest one that flew."""
    now = read_now(view.database.path)
    if now.coming.empty:
        return [*_flown(now), tag("p", NOTHING_PLANNED, class_="note")]
    return [*_coming(now.coming), *_flown(now)]


def newest_week(view: View) -> list[Node]:
    """Return the newest week in sentences, and what is not known of it.

    If the sources of launches and of the fleet end at different times, each has its own week.
    """
    now = read_now(view.database.path)
    launches, fleet = now.of_launches, now.of_the_fleet
    if launches is fleet:
        said = [each for each in fleet.headline if each != SIMULATED]
        return _week("The newest week", said, fleet.limits)
    when = period(fleet.since, fleet.until)
    return [
        *_week("The newest week of launches", launches.of_launches, launches.limits_of_launches),
        *_week(f"The fleet, {when}", fleet.of_the_fleet, fleet.limits_of_the_fleet),
    ]


def _week(title: str, said: Sequence[str], unknown: Sequence[str]) -> list[Node]:
    limits = tag("ul", *(tag("li", each) for each in unknown))
    return [
        tag("h3", title),
        tag("div", *(tag("p", each) for each in said), class_="sentences"),
        *([tag("details", tag("summary", "What is not known"), limits)] if unknown else []),
    ]


def figures(view: View) -> list[Node]:
    """Return the launch rate, and what came and went in a month."""
    now = read_now(view.database.path)
    shown = [*_rate(now.rate), *_month(now)]
    return [tag("h3", "The newest numbers"), key_figures(*shown)] if shown else []


def panels(state: State) -> Sequence[Panel]:
    """Return the panels of the page."""
    search = FinderPanel(
        "Find a satellite, launch, booster or place",
        lambda view: hint(view.database),
        lambda view, text: find(view.database, text),
        state,
    )
    return (
        search,
        MarkupPanel(
            lambda view: [*launches(view), *newest_week(view), *figures(view)],
            opens(state),
            wide=False,
        ),
        GlobePanel(state),
    )


def _coming(planned: pd.DataFrame) -> list[Node]:
    """Return the next launch with a countdown, if its date has a time of day, and later ones."""
    first, *others = planned.to_dict("records")
    is_timed = first["date_precision"] in TO_THE_MINUTE
    due = tag("time", first["date_text"], " UTC" * is_timed, datetime=first["date_utc"])
    is_counted = is_timed and first["status"] != HOLD
    countdown = tag("span", data_countdown=first["date_utc"], class_="countdown", role="timer")
    known = [first[name] for name in ("rocket", "launchpad") if not is_missing(first[name])]
    about = ", ".join([*map(shorten, known), f"status: {shorten(first['status'])}"])
    later = [tag("li", f"{each['date_text']}: {shorten(each['name'])}") for each in others]
    return [
        tag("h3", "Next launch"),
        _name(first["name"]),
        tag("p", *([countdown, " "] if is_counted else []), due),
        tag("p", about, class_="note"),
        *([tag("h4", "Then"), tag("ul", *later)] if later else []),
    ]


def _name(name: str, designator: object = None) -> Node:
    """Return the name of a launch, as a link to its page."""
    query = life_query(LAUNCHES, name if is_missing(designator) else designator)
    return tag("p", page_link(shorten(name), query), class_="name")


def _flown(now: Now) -> list[Node]:
    """Return the newest orbital launch that flew, and until when launches are known."""
    if now.flown.empty:
        return [tag("p", NOTHING_FLOWN)]
    launch = now.flown.iloc[0]
    when = launch_day(launch["date_utc"], launch["date_text"])
    how = OUTCOMES.get(launch["outcome"], "its outcome is not recorded")
    rocket = "Rocket unknown" if is_missing(launch["rocket"]) else shorten(launch["rocket"])
    known = f"The sources cover launches to {day(now.covered_until)}." if now.covered_until else ""
    return [
        tag("h3", "Newest launch"),
        _name(launch["name"], launch["launch_designator"]),
        tag("p", f"{rocket}, {when}: {how}."),
        tag("p", known, class_="note"),
    ]


def _rate(years: pd.DataFrame) -> list[Node]:
    """Return the launches of the newest covered year, and their rate with its interval."""
    if years.empty:
        return []
    year = years.iloc[0]
    to = f"to {day(year['until_utc'])}" if year["is_partial"] else "in the whole year"
    is_least = year["covered_pct"] < _share_pct(year["year"], year["until_utc"])
    launches = f"{'at least ' if is_least else ''}{year['launches']:,}"
    low, high = (year[f"{end}_per_year"] for end in ("low", "high"))
    rate = MISSING if pd.isna(year["per_year"]) else f"{year['per_year']:,.0f}"
    interval = f"95{NBSP}% interval {low:,.0f} to {high:,.0f}" if rate != MISSING else "too short"
    return [
        key_figure(f"Orbital launches, {year['year']}", launches, to, "launches"),
        key_figure("Rate, launches a year", rate, interval, "rate"),
    ]


def _share_pct(year: int, until_utc: str) -> int:
    """Return which share of a year, in whole percent, is over at an instant."""
    begin, end = year_span(year)
    return int(100 * days((begin, until_utc)) / days((begin, end)))


def _month(now: Now) -> list[Node]:
    """Return what came and went in the newest month that the sources tell."""
    found = [
        (name, value, period(month.since, month.until))
        for month, names in ((now.landed_in, LANDED), (now.changed_in, CHANGED))
        for name, value in month.figures.items()
        if name.endswith(names)
    ]
    return [
        key_figure(
            f"{name[0].upper()}{name[1:]}",
            MISSING if value is None else f"{value:,}" if isinstance(value, int) else str(value),
            when,
            name.split()[-1],
        )
        for name, value, when in found
    ]


PAGE = Page(
    name="now",
    title="Now",
    lead="What the newest data say of launches and of the fleet, and the way to all the rest.",
    filters=(),
    panels=panels,
)
