"""The page How good were we: forecasts, and how far off such forecasts were."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd

from spacex.analysis.error_laws import ErrorLaw, error_table, error_text, rounded_error
from spacex.analysis.launch_forecast import (
    NOTHING,
    launch_forecasts,
    outlook,
    score,
    stored_launch_forecasts,
    stored_record,
    track_record,
)
from spacex.analysis.launch_slips import chances, dated_launches, slips_text
from spacex.analysis.orbit_changes import MEASURED as MEASURED_CHANGES
from spacex.analysis.reentry_record import (
    MEASURED,
    Record,
    by_span,
    coming,
    record,
    reentry_forecasts,
    scored,
    share_text,
)
from spacex.analysis.reentry_record import NOTHING as NO_REENTRIES
from spacex.analysis.reentry_record import track_record as reentry_record
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.panels import ChartPanel, MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import STACKED, day, number, text
from spacex.dashboard.ui.table_panels import FullTablePanel
from spacex.dashboard.ui.view import View
from spacex.files import Fingerprint, fingerprint
from spacex.notebook import charts

AGES = {"6 hours": 0.25, "1 day": 1.0, "3 days": 3.0, "7 days": 7.0}
"""Ages of the elements, in days."""


def read_forecasts(view: View) -> pd.DataFrame:
    """Return `launch_forecasts`, computed once for each database."""
    return _read(view.database.path, fingerprint(view.database.path))


@lru_cache(maxsize=1)
def _read(database: Path, _fingerprint: Fingerprint | None) -> pd.DataFrame:
    return launch_forecasts(database)


def launches(view: View) -> Sequence[Node]:
    """Return the forecast of the coming launches, and how the earlier ones did, in sentences."""
    found = read_forecasts(view)
    if found.empty:
        return [tag("h3", "Launches in twelve months"), tag("p", NOTHING)]
    return [
        tag("h3", "Launches in twelve months"),
        tag("p", outlook(found), class_="finding"),
        tag("p", track_record(score(found))),
        tag("p", stored_record(stored_launch_forecasts(view.database.path))),
    ]


def stored_launches(view: View) -> pd.DataFrame:
    """Return the stored forecasts of launches beside what happened, the newest first."""
    found = stored_launch_forecasts(view.database.path)
    names = {True: "yes", False: "no"}
    in_interval = found["is_covered"].map(names).fillna("not over")
    return found.assign(
        interval=found["low"].astype("str") + " to " + found["high"].astype("str"),
        in_interval=in_interval,
    ).iloc[::-1]


def slips(view: View) -> Sequence[Node]:
    """Return how reliable the dates of launches are, in a sentence."""
    found = chances(dated_launches(view.database.path))
    return [tag("h3", "Dates of launches"), tag("p", slips_text(found), class_="finding")]


def slip_spans(view: View) -> pd.DataFrame:
    """Return how many launches flew within a day of their date, by the days before it."""
    found = chances(dated_launches(view.database.path))
    rows = [
        {"span": each.span, "launches": each.launches, "open": each.open, "flew": each.text}
        | {"period": f"{each.since} to {each.until}" if each.since else ""}
        for each in found
    ]
    return pd.DataFrame(rows)


def launch_record(view: View) -> alt.TopLevelSpec:
    """Return the forecasts of launches beside what happened."""
    return charts.launch_forecasts(read_forecasts(view))


def no_launch_record(view: View) -> str | None:
    """Return an empty text, which hides the chart, if there is no forecast of launches."""
    return "" if read_forecasts(view).empty else None


def read_reentries(view: View) -> tuple[pd.DataFrame, pd.DataFrame, Record]:
    """Return the forecasts of re-entries, those that count, and their record, computed once."""
    return _read_reentries(view.database.path, fingerprint(view.database.path))


@lru_cache(maxsize=1)
def _read_reentries(
    database: Path, _fingerprint: Fingerprint | None
) -> tuple[pd.DataFrame, pd.DataFrame, Record]:
    found = reentry_forecasts(database)
    rows = scored(found)
    return found, rows, record(rows)


def reentries(view: View) -> Sequence[Node]:
    """Return how forecasts of re-entries turned out, in sentences."""
    *_, found = read_reentries(view)
    return [
        tag("h3", "Re-entries"),
        tag("p", reentry_record(found), class_="finding"),
        tag("p", MEASURED, class_="note"),
    ]


def reentry_spans(view: View) -> pd.DataFrame:
    """Return how forecasts of re-entries turned out, by the remaining life that was expected."""
    _, rows, _ = read_reentries(view)
    return pd.DataFrame([{"span": name, **_scores(of)} for name, of in by_span(rows)])


def _scores(of: Record) -> dict[str, object]:
    return {
        "satellites": of.satellites,
        "ended": of.ended,
        "late": of.late,
        "open": of.open,
        "error": share_text(of.error, of.error_95),
        "covered": share_text(of.covered, of.covered_95),
        "period": f"{of.since} to {of.until}",
    }


def coming_reentries(view: View) -> pd.DataFrame:
    """Return the newest forecasts of satellites in orbit, the next re-entry first."""
    found, *_ = read_reentries(view)
    rows = coming(found)
    instants = ("value", "low", "high", "made_utc")
    return rows.assign(**{name: rows[name].dt.strftime("%Y-%m-%d") for name in instants})


def positions(_view: View) -> Sequence[Node]:
    """Return where the errors of positions come from."""
    table = error_table()
    return [
        tag("h3", "Positions"),
        tag(
            "p",
            "SGP4 predicts from elements that grow old. Half of the positions were off by more "
            "than the number in front, one in ten by less than the first in brackets, and one in "
            "ten by more than the second.",
        ),
        tag("p", f"Measured on: {table.source}. Period: {table.period}.", class_="note"),
    ]


def altitudes(_view: View) -> Sequence[Node]:
    """Return how well changes of altitude are found."""
    return [
        tag("h3", "Changes of altitude"),
        tag(
            "p",
            "The history of its altitude tells when a satellite was raised or lowered, left its "
            "shell, or no longer keeps its altitude. The page Changes and the feeds have each "
            "with its date and certainty; the page Satellite, the least one that would be found.",
        ),
        tag("p", MEASURED_CHANGES, class_="note"),
    ]


def position_errors(_view: View) -> pd.DataFrame:
    """Return the error of positions of each group, by age of the elements."""
    return pd.DataFrame([_errors(law) for law in error_table().law])


def _errors(law: ErrorLaw) -> dict[str, object]:
    low, median, high = law.band(np.array(list(AGES.values())))
    cells = {
        age: f"{error_text(median[at])} ({rounded_error(low[at])} to {rounded_error(high[at])})"
        for at, age in enumerate(AGES)
    }
    return {"group": law.group, "satellites": law.satellites, "pairs": law.pairs, **cells}


def panels(_state: State) -> Sequence[Panel]:
    """Return the panels of the page."""
    return (
        MarkupPanel(launches),
        ChartPanel(
            "Forecasts and what happened",
            launch_record,
            "Band: the interval. Line: what was expected. Dots: what happened. Each forecast uses "
            "the launches before its twelve months alone. One begins with each month, so that "
            "neighbours share eleven months and miss together.",
            wide=True,
            nothing=no_launch_record,
        ),
        FullTablePanel(
            "Stored forecasts of launches",
            stored_launches,
            STORED_LAUNCHES,
            "None is stored.",
            stack=STACKED,
        ),
        MarkupPanel(slips),
        FullTablePanel(
            "Launches that flew within a day of their date, by the days before it",
            slip_spans,
            SLIPS,
            stack=STACKED,
        ),
        MarkupPanel(reentries),
        FullTablePanel(
            "Forecasts of re-entries, by the remaining life that was expected",
            reentry_spans,
            SPANS,
            NO_REENTRIES,
            stack=STACKED,
        ),
        FullTablePanel(
            "Coming re-entries, if the satellites sink without thrust",
            coming_reentries,
            COMING,
            "None is forecast.",
            stack=STACKED,
        ),
        MarkupPanel(positions),
        FullTablePanel(
            "Errors of positions, by the age of the elements",
            position_errors,
            COLUMNS,
            stack=STACKED,
        ),
        MarkupPanel(altitudes),
    )


COLUMNS = (
    text("group", "Satellites"),
    number("satellites", "Measured"),
    number("pairs", "Predictions"),
    *(text(age, f"After {age}") for age in AGES),
)

SLIPS = (
    text("span", "Days before"),
    number("launches", "Launches"),
    number("open", "Not known yet"),
    text("flew", "Flew within a day"),
    text("period", "Responses of"),
)
STORED_LAUNCHES = (
    text("since", "From"),
    text("until", "To"),
    number("expected", "Expected"),
    text("interval", "Interval of 80 %"),
    number("happened", "Happened"),
    text("in_interval", "In the interval"),
    text("run", "Made by the run"),
)
SPANS = (
    text("span", "Expected to remain for"),
    number("satellites", "Satellites"),
    number("ended", "Re-entered"),
    number("late", "Still in orbit after the expected instant"),
    number("open", "Not scored yet"),
    text("error", "Median error, of the remaining life"),
    text("covered", "Intervals of 80 % with the re-entry"),
    text("period", "Forecasts of"),
)
COMING = (
    text("object_name", "Satellite"),
    day("value", "Expected"),
    day("low", "Earliest"),
    day("high", "Latest, with 80 %"),
    day("made_utc", "Forecast of"),
)

PAGE = Page(
    name="forecasts",
    title="How good were we",
    lead="What is forecast here, and how far off such forecasts were. Each was made as it would "
    "have been then, from older data alone.",
    filters=(),
    panels=panels,
)
