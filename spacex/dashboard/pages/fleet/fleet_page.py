"""The page Fleet: growth, survival, shells, orbit status and re-entries."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from spacex.analysis.decay import has_losses, unlisted_text
from spacex.analysis.findings import fleet_findings as findings
from spacex.analysis.growth import KNOWN
from spacex.analysis.growth import growth as growth_of
from spacex.analysis.intervals import percent
from spacex.analysis.key_figures import at_least, fewest
from spacex.analysis.source_coverage import FLEET, covered, gaps, month_after
from spacex.analysis.space_weather import weather_days
from spacex.dashboard.pages.fleet import fleet_charts, shell_panels
from spacex.dashboard.pages.fleet.fleet_data import (
    FILTERS,
    LAUNCH,
    SHELL,
    STATUS,
    VERSION,
    count_satellites,
    in_orbit,
    launch_counts,
    selected,
)
from spacex.dashboard.pages.fleet_model import (
    NOT_IN_ORBIT,
    STATUS_RULES,
    read_launches,
    read_satellites,
)
from spacex.dashboard.pages.life_panels import finder
from spacex.dashboard.pages.search import LAUNCHES, SATELLITES, life_query
from spacex.dashboard.ui.chart_widget import selectable, told
from spacex.dashboard.ui.formatting import MISSING, format_number, is_missing, shorten
from spacex.dashboard.ui.key_figures import key_figure, key_figures
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.page_links import page_link
from spacex.dashboard.ui.panels import ChartPanel, MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import PAIRED, STACKED, Column, Row, number, text
from spacex.dashboard.ui.table_panels import FullTablePanel, PagedFramePanel
from spacex.dashboard.ui.view import View
from spacex.notebook import charts
from spacex.notebook.chart_style import MIDNIGHT, STATUSES
from spacex.notebook.weather_strip import HOW_TO_READ
from spacex.orbits.status import Status
from spacex.schema.starlink import NO_ELEMENTS, UNLISTED
from spacex.warehouse.coverage import DECAYS, ELEMENTS, LISTED

DAYS_PER_MONTH = 30.4375

NONE_SELECTED = "No satellite matches the filters. “Show all” clears them."
NO_SATELLITES = "The database contains no satellites."
NO_LIST = "no GP list is loaded"
ONE_LIST = "no second GP list or catalogue is loaded"


def figures(view: View) -> Sequence[Node]:
    """Return the key figures of the selected satellites."""
    rows = selected(view)
    if rows.empty:
        every = read_satellites(view.database.path)
        return [tag("p", NONE_SELECTED if len(every) else NO_SATELLITES)]
    total, up = len(rows), len(in_orbit(rows))
    listed, elements = rows["is_listed"].eq(1).sum(), in_orbit(rows)["epoch_utc"].count()
    count = rows["status"].value_counts()
    operational, stale = (int(count.get(name, 0)) for name in (Status.OPERATIONAL, Status.STALE))
    decayed, unlisted = (int(count.get(name, 0)) for name in NOT_IN_ORBIT)
    is_least_up, is_least_lost = fewest(view.database.path)
    lost = at_least(total - up, is_least=is_least_lost)
    known = covered(view.database.path, LISTED)
    missing = f"{format_number(unlisted)} no longer listed" if known or unlisted else NO_LIST
    is_told = has_losses(view.database.path)
    fates = f"{format_number(decayed)} decayed, {missing}" if is_told else ONE_LIST
    share = f"{percent(up, total)} of those known" if is_told else "losses are not known"
    share_works = f"{percent(operational, elements)} of those with elements"
    shells = len(shell_panels.shells(view))
    since = f"in the newest GP list; lists since {known[0][0][:10]}" if known else NO_LIST

    def observed(count: int) -> int | None:
        """Return a count of satellites in orbit by their elements, None if they have none."""
        return count if elements or not up else None

    figures = (
        ("Satellites", total, "catalogued", "satellites"),
        ("In orbit", at_least(up, is_least=is_least_up), share, "in_orbit"),
        ("Listed", listed if known else None, since, "listed"),
        ("With elements", elements, _elements_to(view), "elements"),
        ("Operational", observed(operational), share_works, "operational"),
        ("Decayed or unlisted", lost if is_told else None, fates, "not_in_orbit"),
        ("Stale", observed(stale), "without recent elements", "stale"),
        ("Shells", observed(shells), "found in the data", "shells"),
    )
    proved = unlisted_text(view.database.path)
    return [
        key_figures(
            *(
                key_figure(label, n if isinstance(n, str) else format_number(n), note, key)
                for label, n, note, key in figures
            )
        ),
        *([tag("p", proved, class_="note")] if proved else []),
    ]


def _elements_to(view: View) -> str:
    known = covered(view.database.path, ELEMENTS)
    return f"of those in orbit, to {known[-1][1][:10]}" if known else "none is loaded"


def survival(view: View) -> alt.Chart:
    """Return the satellites of each launch: in orbit, unlisted, decayed and never catalogued."""
    launches = read_launches(view.database.path)
    counts = launch_counts(selected(view, LAUNCH.name), launches)
    chart = selectable(charts.launch_survival(counts), "launch")
    return told(chart, findings.survivors(counts))


def by_status(view: View) -> alt.Chart:
    """Return the satellites by status."""
    rows = count_satellites(selected(view, STATUS.name), "status")
    bars = charts.category_bars(rows, "status", "satellites", "status", STATUSES)
    return told(selectable(bars, "status"), findings.most_satellites(rows, "status"))


def by_version(view: View) -> alt.Chart:
    """Return the satellites by version and status."""
    rows = count_satellites(selected(view, VERSION.name), "version", "status")
    bars = charts.category_bars(rows, "version", "satellites", "status", STATUSES, legend=True)
    return told(selectable(bars, "version"), findings.most_satellites(rows, "version"))


def rules(view: View) -> pd.DataFrame:
    """Return each status with its count and rule; the count is missing if it is unknown."""
    rows = selected(view)
    count = rows["status"].value_counts()
    has_elements = bool(in_orbit(rows)["epoch_utc"].notna().any())
    known = {
        UNLISTED: bool(covered(view.database.path, LISTED)) and has_losses(view.database.path),
        Status.DECAYED: bool(covered(view.database.path, DECAYS)),
        NO_ELEMENTS: True,
    }
    counts = [
        int(count.get(name, 0)) if name in count or known.get(name, has_elements) else None
        for name in STATUS_RULES
    ]
    return pd.DataFrame(
        {
            "status": [str(name) for name in STATUS_RULES],
            "satellites": pd.array(counts, "Int64"),
            "rule": list(STATUS_RULES.values()),
        }
    )


def reentries_by_month(view: View) -> alt.TopLevelSpec:
    """Return the re-entries of each month."""
    reentered = selected(view)
    reentered = reentered[reentered["decay_month"].notna()]
    month = reentered["decay_month"] + "-01" + MIDNIGHT
    counts = count_satellites(reentered.assign(month=month), "month")
    shown = pd.concat([month, month_after(month)])
    not_covered = gaps(covered(view.database.path, DECAYS), shown)
    weather = weather_days(view.database.path)
    chart = fleet_charts.reentries_by_month(counts, not_covered, weather)
    return told(chart, findings.most_reentries(counts))


def growth(view: View) -> alt.TopLevelSpec:
    """Return the satellites launched and in orbit over time."""
    counts = growth_of(selected(view), covered(view.database.path, *KNOWN))
    not_covered = gaps(covered(view.database.path, *FLEET), counts["day"])
    finding = findings.newest_fleet(counts, is_least=fewest(view.database.path)[0])
    return told(charts.fleet_growth(counts, not_covered), finding)


def age_at_reentry(view: View) -> alt.Chart:
    """Return the re-entries by age in months."""
    reentered = selected(view).dropna(subset=["decay_date", "launch_date"])
    age = pd.to_datetime(reentered["decay_date"]) - pd.to_datetime(reentered["launch_date"])
    months = (age.dt.days // DAYS_PER_MONTH).clip(lower=0).astype(int)
    ages = count_satellites(reentered.assign(age_months=months), "age_months")
    return told(fleet_charts.age_at_reentry(ages), findings.reentry_ages(ages))


def listed(view: View) -> pd.DataFrame:
    """Return the selected satellites, the newest first."""
    return selected(view).iloc[::-1]


def panels(state: State) -> Sequence[Panel]:
    """Return the panels of the page."""
    return (
        finder(SATELLITES, state),
        MarkupPanel(figures),
        ChartPanel(
            "Growth",
            growth,
            "Decayed satellites are removed on their decay date, unlisted ones on the date of the "
            "first GP list without them. An unknown launch date is estimated from the number of "
            "the launch in its year. Hatched is the time in which the number in orbit is not "
            "known: satellites may have come and gone unseen between the lists and catalogues, or "
            "were lost between two lists that are far apart.",
        ),
        ChartPanel(
            "By status",
            by_status,
            "Derived from the elements, by the rules below. Click a bar to filter by its status.",
            selects=("status", STATUS, state),
        ),
        ChartPanel(
            "Survival by launch",
            survival,
            "Satellites never catalogued are known where GCAT covers the launch, and all its "
            "catalogued ones are selected. Elsewhere they are missing, so survival among all "
            "launched may be lower. Click a bar to filter by its launch.",
            wide=True,
            selects=("launch", LAUNCH, state),
        ),
        ChartPanel(
            "By version",
            by_version,
            "Click a bar to filter by its version.",
            selects=("version", VERSION, state),
        ),
        FullTablePanel(
            "Status rules: the first match applies",
            rules,
            RULE_COLUMNS,
            wide=False,
            stack=STACKED,
        ),
        ChartPanel(
            "Altitude and inclination",
            shell_panels.altitudes,
            "Each disc is a cell of 0.02° by 2 km, larger with more satellites; diamonds mark the "
            "shells found. Click a disc to filter by its shell.",
            canvas=True,
            selects=("shell", SHELL, state),
        ),
        ChartPanel(
            "Planes of a shell",
            shell_panels.slots,
            "Each dot is a satellite, propagated to a common instant because nodes drift by "
            "degrees a day. Lines are the occupied planes. The shell is the selected one, or the "
            "largest.",
            canvas=True,
        ),
        FullTablePanel(
            "Shells found in the data",
            shell_panels.shells,
            shell_panels.COLUMNS,
            shell_panels.NO_SHELLS,
            stack=PAIRED,
        ),
        ChartPanel(
            "Re-entries by month",
            reentries_by_month,
            "By decay date. Unlisted satellites, whose decay no catalogue has, do not count, nor "
            "do decays whose month is unknown. Time whose decays no source covers is hatched. "
            f"{HOW_TO_READ}",
        ),
        ChartPanel(
            "Age at re-entry", age_at_reentry, "Whole months from launch to the decay date."
        ),
        PagedFramePanel("Selected satellites", "satellites", listed, LISTED_COLUMNS, state),
    )


def _satellite(row: Row) -> Node:
    return page_link(shorten(row["object_name"]), life_query(SATELLITES, row["norad_cat_id"]))


def _launch(row: Row) -> Node:
    known = [row[name] for name in ("launch", "launch_designator") if not is_missing(row[name])]
    return page_link(shorten(known[0]), life_query(LAUNCHES, known[-1])) if known else MISSING


LISTED_COLUMNS = (
    Column("Satellite", _satellite),
    Column("Launch", _launch),
    text("version", "Version"),
    text("status", "Status"),
    text("shell", "Shell"),
    number("altitude_km", "Mean altitude (km)"),
)

RULE_COLUMNS = (text("status", "Status"), number("satellites", "Satellites"), text("rule", "Rule"))

PAGE = Page(
    name="fleet",
    title="Fleet",
    lead="The Starlink satellites: how the fleet grew, which satellites survive, and their shells "
    "and orbit status.",
    filters=FILTERS,
    panels=panels,
)
