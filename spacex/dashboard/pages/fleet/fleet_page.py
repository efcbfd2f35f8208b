"""The page Fleet: how it grew, what is left of it, where it is and what it does."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from spacex.analysis.intervals import percent
from spacex.dashboard.pages.fleet import fleet_charts, shell_panels
from spacex.dashboard.pages.fleet.fleet_data import (
    FILTERS,
    LAUNCH,
    SHELL,
    STATUS,
    VERSION,
    chosen,
    daily_counts,
    in_orbit,
    launch_counts,
    satellites,
)
from spacex.dashboard.pages.fleet_model import STATUS_RULES
from spacex.dashboard.ui.chart_widget import selectable
from spacex.dashboard.ui.formatting import format_number
from spacex.dashboard.ui.key_figures import key_figure, key_figures
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.panels import ChartPanel, MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import number, text
from spacex.dashboard.ui.table_panels import FullTablePanel
from spacex.dashboard.ui.view import View
from spacex.notebook import charts
from spacex.notebook.chart_style import MIDNIGHT, STATUSES
from spacex.orbits.status import Status

DAYS_A_MONTH = 30.4375

NONE_CHOSEN = "No satellite is all of that. “Show all” takes all filters back."
NONE_AT_ALL = "The database holds no satellites whose orbits are known."


def figures(view: View) -> Sequence[Node]:
    """The satellites chosen, in one sentence of figures."""
    found = chosen(view)
    if found.empty:
        return [tag("p", NONE_CHOSEN if len(satellites(view.database.path)) else NONE_AT_ALL)]
    total, up = len(found), len(in_orbit(found))
    count = found["status"].value_counts()
    works, stale = (int(count.get(name, 0)) for name in (Status.OPERATIONAL, Status.STALE))
    return [
        key_figures(
            key_figure(
                "Satellites", format_number(total), "catalogued with their elements", "satellites"
            ),
            key_figure("In orbit", format_number(up), f"{percent(up, total)} of them", "in_orbit"),
            key_figure(
                "Operational", format_number(works), f"{percent(works, up)} of these", "operational"
            ),
            key_figure(
                "Decayed or unlisted",
                format_number(total - up),
                f"{percent(total - up, total)} of them",
                "decayed",
            ),
            key_figure("Stale", format_number(stale), "without fresh elements", "stale"),
            key_figure(
                "Shells",
                format_number(len(shell_panels.listed(view))),
                "found in the data",
                "shells",
            ),
        )
    ]


def growth(view: View) -> alt.Chart:
    """Satellites launched and in orbit up to each day."""
    return charts.fleet_growth(daily_counts(chosen(view)))


def survivors(view: View) -> alt.Chart:
    """Satellites of each batch in orbit and decayed."""
    return selectable(charts.launch_survival(launch_counts(chosen(view, LAUNCH.name))), "launch")


def by_status(view: View) -> alt.Chart:
    """Satellites by status."""
    rows = _count(chosen(view, STATUS.name), "status")
    return selectable(
        charts.category_bars(rows, "status", "satellites", "status", STATUSES), "status"
    )


def by_version(view: View) -> alt.Chart:
    """Satellites by version and status."""
    rows = _count(chosen(view, VERSION.name), "version", "status")
    return selectable(
        charts.category_bars(rows, "version", "satellites", "status", STATUSES, legend=True),
        "version",
    )


def rules(view: View) -> pd.DataFrame:
    """Each status with its count and rule."""
    count = chosen(view)["status"].value_counts()
    rows = [(str(name), int(count.get(name, 0)), rule) for name, rule in STATUS_RULES.items()]
    return pd.DataFrame(rows, columns=["status", "satellites", "rule"])


def decays(view: View) -> alt.Chart:
    """Re-entries by month."""
    gone = chosen(view).dropna(subset="until_date")
    month = gone["until_date"].str[:7] + "-01" + MIDNIGHT
    return fleet_charts.reentries_by_month(_count(gone.assign(month=month), "month"))


def ages(view: View) -> alt.Chart:
    """Age at re-entry."""
    gone = chosen(view).dropna(subset=["until_date", "launch_date"])
    age = pd.to_datetime(gone["until_date"]) - pd.to_datetime(gone["launch_date"])
    months = (age.dt.days // DAYS_A_MONTH).astype(int)
    return fleet_charts.age_at_reentry(_count(gone.assign(age_months=months), "age_months"))


def panels(state: State) -> Sequence[Panel]:
    """The panels of the page."""
    return (
        MarkupPanel(figures),
        ChartPanel(
            "Growth",
            growth,
            "Satellites that decayed are taken off on the day they did, those gone on the day of "
            "the first list without them. Where the day of launch is not known, it is the last of "
            "its year, or the first on which the satellite was listed.",
        ),
        ChartPanel(
            "By status",
            by_status,
            "Told from the elements, by the rule below. Click a bar to see that status alone.",
            selects=("status", STATUS, state),
        ),
        ChartPanel(
            "What is left of each launch",
            survivors,
            "Of the satellites catalogued: those lost before are missing from the count, so fewer "
            "of those launched may be left. Click a bar to see that launch alone.",
            wide=True,
            selects=("launch", LAUNCH, state),
        ),
        ChartPanel(
            "By version",
            by_version,
            "Click a bar to see that version alone.",
            selects=("version", VERSION, state),
        ),
        FullTablePanel(
            "What the status means: the first line that holds", rules, RULE_COLUMNS, wide=False
        ),
        ChartPanel(
            "Altitude and inclination",
            shell_panels.altitudes,
            "Each dot is a cell of 0.02° by 2 km, larger with more satellites; diamonds are the "
            "shells found. Click a dot to see its shell alone.",
            canvas=True,
            selects=("shell", SHELL, state),
        ),
        ChartPanel(
            "Planes of a shell",
            shell_panels.slots,
            "A dot is a satellite; all are brought to one instant, for nodes drift by degrees a "
            "day. The shell is the one chosen, or the largest; lines are the planes found.",
            canvas=True,
        ),
        FullTablePanel(
            "Shells found in the data",
            shell_panels.listed,
            shell_panels.COLUMNS,
            shell_panels.NOTHING,
        ),
        ChartPanel(
            "Re-entries by month",
            decays,
            "By the day the catalogue gives, or that of the first list without the satellite.",
        ),
        ChartPanel("Age at re-entry", ages, "Whole months from launch to re-entry."),
    )


def _count(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """How many satellites there are of each combination of these columns."""
    return (
        frame.groupby(list(columns), as_index=False).size().rename(columns={"size": "satellites"})
    )


RULE_COLUMNS = (
    text("status", "Status"),
    number("satellites", "Satellites"),
    text("rule", "When"),
)

PAGE = Page(
    name="fleet",
    title="Fleet",
    lead="The Starlink satellites: how the fleet grew, what is left of it, where it is, and what "
    "its satellites are doing.",
    filters=FILTERS,
    panels=panels,
)
