"""The page Launch: one launch, and what became of its satellites, as the report tells it."""

from collections.abc import Sequence
from urllib.parse import urlencode

import altair as alt
import pandas as pd

from spacex.analysis.articles import launch as report
from spacex.analysis.booster_flights import SERIAL_UNKNOWN
from spacex.dashboard.pages.fleet_filters import LAUNCH as FLEET_LAUNCH
from spacex.dashboard.pages.life_panels import (
    columns,
    drawn,
    finder,
    remembered,
    report_table,
    summary,
)
from spacex.dashboard.pages.search import BOOSTERS, LAUNCHES, SATELLITES, life_query
from spacex.dashboard.ui.formatting import is_missing, shorten
from spacex.dashboard.ui.markup import Node, tag
from spacex.dashboard.ui.page import Page, Panel, Subject
from spacex.dashboard.ui.page_links import opens, page_link
from spacex.dashboard.ui.panels import ChartPanel, MarkupPanel
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import Row, link
from spacex.dashboard.ui.table_panels import PagedFramePanel
from spacex.dashboard.ui.view import View
from spacex.notebook import article_charts
from spacex.notebook.charts import launch_labels
from spacex.notebook.weather_strip import HOW_TO_READ

READ_MORE = {"Webcast": "webcast_url", "Article": "article_url", "Wikipedia": "wikipedia_url"}
CLASSES_TITLE = "From launch to loss"


read_launch = remembered(report.launch)


def selected(view: View) -> report.Launch:
    """Return the report on the selected launch."""
    return read_launch(view.database.path, view[LAUNCH.name])


def launch_summary(view: View) -> list[Node]:
    """Return the report in sentences, the key figures and links to more."""
    found = selected(view)
    more = [link(found.record.get(name), words) for words, name in READ_MORE.items()]
    return summary(found.title, found, _of_fleet(found), *more)


def classes(view: View) -> list[Node]:
    """Return the classes of its satellites."""
    found = selected(view)
    return report_table(CLASSES_TITLE, found.classes, "" if found.title else "Nothing is known.")


def cargo(view: View) -> list[Node]:
    """Return what flew: the payloads and the boosters."""
    found = selected(view)
    if not found.record:
        return []
    payloads = report_table("What it carried", found.payloads, report.NO_PAYLOAD)
    linked = {"booster": _booster}
    return [*payloads, *report_table("Boosters", found.boosters, report.NO_BOOSTER, linked)]


def climb(view: View) -> alt.TopLevelSpec:
    """Return the altitudes of its satellites over time."""
    found = selected(view)
    return drawn(article_charts.climb(found.altitudes, found.title, found.no_climb, found.weather))


def remaining(view: View) -> alt.TopLevelSpec:
    """Return its catalogued satellites in orbit by day."""
    found = selected(view)
    return drawn(article_charts.remaining(found.remaining, found.title, found.weather))


def panels(state: State) -> Sequence[Panel]:
    """Return the panels of the page."""
    return (
        finder(LAUNCHES, state),
        MarkupPanel(launch_summary, opens(state)),
        MarkupPanel(classes, wide=False),
        ChartPanel(
            "How its satellites climbed",
            climb,
            "Median of the mean altitudes in each GP list, and the 10th and 90th percentiles. "
            f"{HOW_TO_READ}",
            nothing=_no_climb,
        ),
        MarkupPanel(cargo, opens(state), wide=False),
        ChartPanel("Catalogued satellites in orbit", remaining, HOW_TO_READ, nothing=_no_loss),
        PagedFramePanel(
            "Its satellites", "members", lambda view: selected(view).members, MEMBERS, state
        ),
    )


def _no_climb(view: View) -> str | None:
    """Return why its climb cannot be drawn; empty if it has no satellites that could climb."""
    found = selected(view)
    if len(found.altitudes) > 1:
        return None
    return found.no_climb if found.fates else ""


def _no_loss(view: View) -> str | None:
    found = selected(view)
    return None if found.remaining["in_orbit"].notna().any() else found.no_loss


def _of_fleet(found: report.Launch) -> Node | None:
    """Return the link to its satellites on the page Fleet."""
    if found.satellites.empty:
        return None
    label = launch_labels(found.satellites.head(1)).iloc[0]
    return page_link("In the fleet", urlencode({"page": "fleet", "launch": label}))


def _satellite(row: Row) -> Node:
    return page_link(shorten(row["satellite"]), life_query(SATELLITES, row["number"]))


def _booster(row: Row) -> Node:
    serial = row["booster"]
    if is_missing(serial) or serial in ("not recorded", SERIAL_UNKNOWN):
        return tag("span", "not recorded" if is_missing(serial) else str(serial))
    return page_link(str(serial), life_query(BOOSTERS, serial))


MEMBERS = columns(
    pd.DataFrame(columns=["satellite", "number", "status", "mean_altitude_km", "lost"]).astype(
        {"mean_altitude_km": float}
    ),
    {"satellite": _satellite},
)

LAUNCH = Subject(
    "mission",
    "Launch",
    remembered(report.find_launch),
    lambda database, key: read_launch(database, key).title,
    other_names=(FLEET_LAUNCH.name,),
)

PAGE = Page(
    name="launch",
    title="Launch",
    lead="One launch: what flew, how its satellites climbed, and what is left of them.",
    filters=(),
    panels=panels,
    subject=LAUNCH,
    under="launches",
)
