"""The page My sky: what can be seen of the satellites from a place, in the coming night."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import altair as alt
import numpy as np
import pandas as pd

from spacex.analysis.articles.words import day, period
from spacex.analysis.error_laws import MEANING, error_text, is_beyond_use
from spacex.analysis.feeds import CALENDAR
from spacex.dashboard.pages.fleet_filters import INSTANT, SATELLITE, SHELL, STATUS
from spacex.dashboard.pages.search import LAUNCHES, SATELLITES, life_query
from spacex.dashboard.pages.sky import sky_charts
from spacex.dashboard.pages.sky.sky_calendar import NAME, calendar
from spacex.dashboard.pages.sky.sky_data import (
    ABOVE,
    ALL,
    DARK_PLACE,
    DAY,
    HEIGHTS_DEG,
    NIGHT,
    SHOW,
    SUNLIT,
    TOWN,
    WHEN,
    SkyQuery,
    SkyResult,
    find_events,
    find_service,
    paths,
)
from spacex.dashboard.pages.visitor_place import PLACE, PLACE_SETTINGS, ZONE, with_place
from spacex.dashboard.ui.controls import button, dropdown, form, locate_button, text_input
from spacex.dashboard.ui.formatting import format_number, is_missing, shorten
from spacex.dashboard.ui.markup import ActionHandler, Markup, Node, tag
from spacex.dashboard.ui.page import Page, Panel
from spacex.dashboard.ui.page_links import OPEN, page_link
from spacex.dashboard.ui.page_settings import number_within, one_of, row_number
from spacex.dashboard.ui.panels import ChartPanel, MarkupPanel, panel_box
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.table_columns import STACKED, Column, Row, table
from spacex.dashboard.ui.table_panels import pager
from spacex.dashboard.ui.table_query import first_row
from spacex.dashboard.ui.view import View
from spacex.orbits.cities import CITIES, cities_like
from spacex.orbits.magnitudes import DARK_PLACE_MAG, TOWN_MAG
from spacex.orbits.passes import MIN_ELEVATION_DEG
from spacex.orbits.place import compass
from spacex.units import counted, utc_now

LISTED = 10
"""Events on one page of the list; their paths are drawn."""
SUGGESTIONS = 8
ROW, TURN, LOCATE, SAVE = "sky_row", "row", "locate", "save"
"""The first event listed, in the URL query; and the actions of buttons."""
WHENS = {NIGHT: "Coming night", DAY: "Next 24 hours"}
SHOWN = {
    TOWN: "In a town",
    DARK_PLACE: "In a dark place",
    SUNLIT: "All sunlit",
    ALL: "All passes",
}
BRIGHT = {
    TOWN: "bright enough for the naked eye in a town",
    DARK_PLACE: "bright enough for the naked eye in a dark place",
    SUNLIT: "in sunlight and a dark sky, however bright",
    ALL: "above the horizon, visible or not",
}
HEIGHTS = {f"{height:g}": f"{height:g}°" for height in (0, MIN_ELEVATION_DEG, 20, 30, 45, 60)}
CLOCKS = {"rise": "%H:%M", "culmination": "%H:%M:%S", "set": "%H:%M"}
NOTHING = "Nothing to see. Look in a dark place, or at all that are sunlit."
NOT_SEARCHED = "Nothing was searched: see above."


def controls(view: View) -> list[Node]:
    """Return the form, what restricts the result, and the result in a sentence."""
    result, query = find_events(view), SkyQuery.from_view(view)
    above = f"{query.min_elevation_deg:g}"
    heights = dict(sorted({**HEIGHTS, above: f"{above}°"}.items(), key=lambda item: float(item[0])))
    return [
        form(
            "Place and time",
            text_input(
                "City or coordinates",
                PLACE,
                view[PLACE] or _name(result),
                "Berlin, or 52.5, 13.4",
                suggestions=list(CITIES),
            ),
            locate_button("Use my location", LOCATE),
            dropdown("When", WHEN, NIGHT if query.is_night else DAY, WHENS),
            dropdown("To be seen", SHOW, query.show, SHOWN),
            dropdown("Lowest height", ABOVE, above, heights),
        ),
        *(tag("p", note, class_="warning", role="status") for note in result.notes),
        *(_suggestions(view[PLACE]) if query.problem else []),
        *([] if np.isnat(result.start) else _summary(result, query)),
    ]


def sky(view: View) -> alt.TopLevelSpec:
    """Return the paths of the listed events over the sky, but for those beyond use."""
    shown = useful(_page(view, find_events(view)))
    tops = pd.DataFrame(
        {
            "azimuth_deg": shown["culmination_azimuth_deg"],
            "elevation_deg": shown["culmination_elevation_deg"],
            "number": shown["number"].astype("str"),
            "label": shown["label"],
            "kind": np.where(shown["train"].isna(), sky_charts.SINGLE, sky_charts.TRAIN),
        }
    )
    return sky_charts.sky(paths(view, shown), tops)


def brightest(view: View) -> str:
    """Return which of the listed events is the brightest, in a sentence."""
    result = find_events(view)
    shown = _page(view, result)
    if shown.empty:
        return _nothing(result)
    known = shown["magnitude"].notna()
    best = shown.iloc[int(shown["magnitude"].fillna(np.inf).to_numpy(float).argmin())]
    rank = "brightest" if known.any() else "first"
    return (
        f"The {rank} of those listed is number {best['number']}, {best['name']}: at "
        f"{best['when']:%H:%M} it is {best['culmination_elevation_deg']:.0f}° high in the "
        f"{compass(best['culmination_azimuth_deg'])}{_of_magnitude(best['magnitude'])}."
    )


def strip(view: View) -> alt.TopLevelSpec:
    """Return the passes by quarters of an hour and brightness, and the trains."""
    result = find_events(view)
    singles = result.shown[result.shown["train"].isna()]
    begin = singles["when"].dt.floor(sky_charts.BIN)
    sights = list(sky_charts.SIGHTS)
    counts = (
        pd.DataFrame({"from": begin, "sight": _sights(singles)})
        .value_counts()
        .rename("passes")
        .reset_index()
    )
    counts = counts.assign(
        to=counts["from"] + pd.Timedelta(sky_charts.BIN), rank=counts["sight"].map(sights.index)
    ).sort_values(["from", "rank"])
    upto = counts.groupby("from")["passes"].cumsum()
    counts = counts.drop(columns="rank").assign(below=upto - counts["passes"], upto=upto)
    top = max([1, *upto])
    trains = result.shown.dropna(subset="train")[["when", "label"]].assign(height=1.1 * top)
    edges = pd.DataFrame(result.dark, columns=["from", "to"]).astype("datetime64[us]")
    dark = edges.apply(lambda side: result.local(side.dt.tz_localize("UTC")))
    return sky_charts.strip(counts, trains, dark, result.zone)


def busiest(view: View) -> str:
    """Return when there is most to see, in a sentence."""
    result = find_events(view)
    if result.shown.empty:
        return _nothing(result)
    hours = result.shown["when"].dt.floor("h")
    best, most = hours.mode().iloc[0], hours.value_counts().max()
    trains = int(result.shown["train"].notna().sum())
    lines = (
        f"{'is' if trains == 1 else 'are'} {counted(trains, 'train') if trains else 'no trains'}"
    )
    return (
        f"The busiest hour begins at {best:%H:%M}, with {counted(most, 'pass', 'passes')}. "
        f"There {lines} of new satellites."
    )


def _nothing(result: SkyResult) -> str:
    """Return why no event is listed."""
    return NOT_SEARCHED if np.isnat(result.start) else NOTHING


class EventsPanel:
    """The list of events, ten a page, and a calendar file of those.

    Args:
        state: the visitor's state.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._markup = Markup(on_action=self._act)
        self._shown: SkyResult | None = None
        self._listed = pd.DataFrame()
        self.widget = panel_box(self._markup, wide=True)
        self.widget.add_class("cards")

    def show(self, view: View) -> None:
        """See `Panel`."""
        result = find_events(view)
        self._shown, self._listed = result, _page(view, result)
        total, start = len(result.shown), first_row(view[ROW], len(result.shown), LISTED)
        title = "What to look for"
        if not total:
            self._markup.show(tag("h3", title), tag("p", _nothing(result)))
            return
        save = button(f"Calendar file of these {len(self._listed)}", SAVE)
        self._markup.show(
            tag("h3", title),
            tag("div", save, *pager(start, total, LISTED), class_="bar"),
            table(
                self._listed.assign(query=_queries(view, self._listed)),
                COLUMNS,
                title,
                stack=STACKED,
            ),
            tag("p", NOTE, class_="note"),
        )

    def _act(self, action: str, value: str) -> None:
        if action == OPEN:
            self._state.read(value)
        elif action == TURN:
            self._state.change({ROW: value})
        elif action == SAVE and self._shown is not None:
            text = calendar(useful(self._listed), self._shown.place, utc_now())
            self._markup.save(NAME, text, CALENDAR)


def service(view: View) -> Sequence[Node]:
    """Return what the fleet offers the place, in sentences."""
    found = find_service(view)
    if found is None:
        return []
    return [
        tag("h3", "The fleet over this place"),
        tag("div", *(tag("p", each) for each in found.said), class_="sentences"),
    ]


def latitudes(view: View) -> alt.TopLevelSpec:
    """Return the satellites in sight by latitude."""
    found = find_service(view)
    rows = found.by_latitude if found else pd.DataFrame({"latitude_deg": [0], "satellites": [0]})
    return sky_charts.by_latitude(rows, SkyQuery.from_view(view).place.latitude_deg)


def year(view: View) -> alt.TopLevelSpec:
    """Return how many satellites the naked eye sees through the year."""
    found = find_service(view)
    columns = ["month", "hour", "is_dark", "town", "dark_place"]
    rows = found.naked_eye if found else pd.DataFrame(columns=columns).astype({"is_dark": "bool"})
    return sky_charts.through_the_year(rows)


def no_service(view: View) -> str | None:
    """Return an empty text, which hides the charts, if nothing is known of fleet or place."""
    return None if find_service(view) else ""


def panels(state: State) -> Sequence[Panel]:
    """Return the panels of the page."""
    return (
        MarkupPanel(controls, _on_action(state)),
        ChartPanel(
            "Over the sky",
            sky,
            "The centre is the zenith, the rim the horizon. North is up and east is left, as seen "
            "from below. Dots mark the highest points; numbers are those of the list.",
            finding=brightest,
        ),
        ChartPanel(
            "Through the night",
            strip,
            "Triangles are trains. The grey ground is dark sky: the Sun is more than 6° below the "
            "horizon.",
            finding=busiest,
        ),
        EventsPanel(state),
        MarkupPanel(service),
        ChartPanel(
            "Satellites in sight, by latitude",
            latitudes,
            "Mean number of operational satellites more than 25° above the horizon. Red: this "
            "latitude.",
            nothing=no_service,
        ),
        ChartPanel(
            "Seen at once by the naked eye, through the year",
            year,
            "Mean number in sunlight, in a dark sky, above 10° and brighter than magnitude 6.5, of "
            "the satellites whose brightness is known, on the 15th of each month.",
            nothing=no_service,
        ),
    )


def _on_action(state: State) -> ActionHandler:
    def act(action: str, value: str) -> None:
        if action == LOCATE:
            at, _, zone = value.rpartition(" ")
            state.change({**_NOWHERE, PLACE: at, ZONE: zone})
        elif action == PLACE:
            state.change({**_NOWHERE, PLACE: value})
        elif action in {WHEN, SHOW, ABOVE}:
            state.change({action: value, ROW: ""})

    return act


def _suggestions(text: str) -> list[Node]:
    """Return buttons for the cities whose names contain a text."""
    names = [city.unique_name for city in cities_like(text)[:SUGGESTIONS]] if text.strip() else []
    buttons = [button(name, PLACE, name) for name in names]
    return [tag("div", *buttons, class_="suggestions")] if buttons else []


def _summary(result: SkyResult, query: SkyQuery) -> list[Node]:
    """Return how many events there are, and the local time."""
    trains = int(result.shown["train"].notna().sum())
    singles = counted(len(result.shown) - trains, "pass", "passes")
    count = f"{counted(trains, 'train')} and {singles}" if trains else singles
    verb = "is" if len(result.shown) == 1 else "are"
    now = utc_now().astimezone(ZoneInfo(result.zone))
    return [
        tag(
            "p",
            f"From {_name(result)}: {count} {verb} {BRIGHT[query.show]}, {_span(result)}.",
            class_="lead",
            role="status",
            data_figure="found",
        ),
        tag(
            "p",
            f"Times are those of {result.zone}, where it is {now:%H:%M} (UTC{now:%z}). "
            f"The naked eye sees to magnitude {DARK_PLACE_MAG:g} in a dark place, to "
            f"{TOWN_MAG:g} in a town.",
            class_="note",
        ),
    ]


def _span(result: SkyResult) -> str:
    """Return which times were searched; those of a night without a time zone have their dates."""
    span = pd.Series([result.start, result.end]).dt.tz_localize("UTC")
    start, end = result.local(span).dt.strftime("%Y-%m-%d %H:%M")
    if result.evening and result.place.name and not result.is_dark_all_day:
        morning = str(pd.Timestamp(result.evening) + pd.Timedelta(days=1))
        night = period(result.evening, morning)
        return f"in the night of {night}, {start[-5:]} to {end[-5:]}"
    dates = f"from {day(start)}, {start[-5:]} to {day(end)}, {end[-5:]}"
    return f"{dates}: it is dark all day" if result.is_dark_all_day else dates


def _name(result: SkyResult) -> str:
    at = f"{result.place.latitude_deg:g}, {result.place.longitude_deg:g}"
    return result.place.unique_name or at


def _page(view: View, result: SkyResult) -> pd.DataFrame:
    """Return the events on the visitor's page of the list, numbered from 1, with local times."""
    start = first_row(view[ROW], len(result.shown), LISTED)
    shown = result.shown.iloc[start : start + LISTED].reset_index(drop=True)
    clocks = {
        f"{name}_clock": result.local(shown[f"{name}_utc"]).dt.strftime(form).astype("str")
        for name, form in CLOCKS.items()
    }
    return shown.assign(number=range(1 + start, 1 + start + len(shown)), **clocks)


def _sights(events: pd.DataFrame) -> list[str]:
    """Return the class of brightness of each event."""
    town, dark, faint, unknown, unseen = sky_charts.SIGHTS
    magnitude = events["magnitude"]
    return list(
        np.select(
            [
                ~events["is_visible"].to_numpy(bool),
                magnitude.isna(),
                magnitude <= TOWN_MAG,
                magnitude <= DARK_PLACE_MAG,
            ],
            [unseen, unknown, town, dark],
            faint,
        )
    )


def _of_magnitude(magnitude: float) -> str:
    return "" if is_missing(magnitude) else f", of magnitude {magnitude:.1f} ± 1"


def _what(row: Row) -> Node:
    name = shorten(row["name"])
    shown = page_link(name, row["query"]) if row["query"] else name
    return tag("span", tag("b", str(row["number"])), " ", shown)


def _queries(view: View, listed: pd.DataFrame) -> list[str]:
    """Return the URL query of the page of each satellite, and of the launch of each train."""
    found = []
    for number, train, designator in listed[
        ["norad_cat_id", "train", "launch_designator"]
    ].itertuples(index=False, name=None):
        if is_missing(train):
            found.append(with_place(view, life_query(SATELLITES, number)))
        else:
            found.append("" if is_missing(designator) else life_query(LAUNCHES, designator))
    return found


def _event(name: str, label: str, *, is_top: bool = False) -> Column:
    """Return a column of local times, with the direction of the satellite then."""

    def cell(row: Row) -> Node:
        clock = tag("time", row[f"{name}_clock"], datetime=row[f"{name}_utc"].isoformat())
        clock = _greyed(row, clock)
        height = f"{row['culmination_elevation_deg']:.0f}° " if is_top else ""
        utc = tag("span", f" {row[f'{name}_utc']:%H:%M} UTC", class_="note") if is_top else None
        towards = tag("span", f"{height}{compass(row[f'{name}_azimuth_deg'])}", class_="towards")
        return tag("span", clock, " ", towards, utc)

    return Column(label, cell)


def _magnitude(row: Row) -> Node:
    return (
        "unknown" if is_missing(row["magnitude"]) else f"{format_number(row['magnitude'], 1)} ± 1"
    )


def _error(row: Row) -> Node:
    return _greyed(row, error_text(row["error_km"], row["error_s"]))


def _greyed(row: Row, content: Node) -> Node:
    """Return the content of a cell, grey if the prediction is beyond use."""
    return tag("span", content, class_="note") if is_beyond_use(row["error_km"]) else content


def useful(events: pd.DataFrame) -> pd.DataFrame:
    """Return the events that are not beyond use: no others are drawn or saved."""
    return events[~events["error_km"].map(is_beyond_use).astype(bool)].reset_index(drop=True)


_NOWHERE = dict.fromkeys((PLACE, ZONE, ROW), "")
"""The choices that another place undoes."""

COLUMNS = (
    Column("What", _what),
    Column("Magnitude", _magnitude),
    _event("rise", "Rises"),
    _event("culmination", "Highest", is_top=True),
    _event("set", "Sets"),
    Column("Expected error", _error),
)
NOTE = (
    "A train is a line of satellites of one launch that are being raised. Its times are those of "
    "the first one, but it sets with the last one. The smaller the magnitude, the brighter. It is "
    "that of a typical satellite of the version, after observations by Mallama and others, ± 1. "
    f"{MEANING} Predictions beyond use are grey, and neither drawn nor saved."
)

PAGE = Page(
    name="sky",
    title="My sky",
    lead="What you can see of the fleet from your place: when, where to look, and how bright.",
    filters=(SHELL, STATUS, SATELLITE, INSTANT),
    panels=panels,
    folds_filters=True,
    settings=(
        *PLACE_SETTINGS,
        one_of(WHEN, "time", {DAY}),
        one_of(SHOW, "to be seen", {DARK_PLACE, SUNLIT, ALL}),
        number_within(ABOVE, "lowest height", HEIGHTS_DEG),
        row_number(ROW),
    ),
)
