"""The charts of the reports, from frames of `spacex.analysis.queries`.

Colours are those of Okabe and Ito, which people of any colour vision can tell apart.
"""

import base64
from collections.abc import Iterable
from html import escape
from typing import Any

import altair as alt
import pandas as pd

BLUE, SKY, GREEN = "#0072B2", "#56B4E9", "#009E73"
ORANGE, RED, GREY = "#E69F00", "#D55E00", "#999999"
OUTCOMES = {"success": BLUE, "failure": RED, "unknown": ORANGE, "planned": GREY}
ROW_FATES = {
    "loaded": BLUE,
    "superseded": SKY,
    "duplicate": GREEN,
    "out_of_scope": GREY,
    "rejected": RED,
}
LANDINGS = {"ASDS": BLUE, "RTLS": GREEN, "Ocean": SKY, "missed": RED}

Chart = alt.Chart | alt.LayerChart

WIDTH = 480
"""Of a chart, px: two stand side by side on a page of 1,200."""


def for_reports() -> None:
    """Draw charts into the notebook itself, as pictures: to look at them needs no network."""
    alt.renderers.register("picture", _picture)
    alt.renderers.enable("picture")


def ranked(frame: pd.DataFrame, by: str, order: Iterable[str]) -> pd.DataFrame:
    """The rows with their place in a stack of bars, column `rank`; what has none is at the bottom.

    Args:
        frame: the rows.
        by: the column whose values are stacked.
        order: these values, from the bottom to the top.
    """
    places = {name: place for place, name in enumerate(order)}
    return frame.assign(rank=frame[by].map(places).fillna(-1))


def side_by_side(left: Chart, right: Chart) -> alt.HConcatChart:
    """Two charts in one row, each with its own colours."""
    pair: alt.HConcatChart = alt.hconcat(left, right).resolve_scale(color="independent")
    pair.description = f"{left.description}. {right.description}"
    return pair


def launches_by_year(frame: pd.DataFrame) -> Chart:
    """Launches a year by outcome; from `v_launches_by_year`."""
    chart = _bars(frame, ("year", "launches"), "Launches", "outcome", OUTCOMES)
    return _framed(chart, "Launches by year and outcome")


def landings_by_year(frame: pd.DataFrame) -> Chart:
    """Booster landings a year, made by type or missed; from `v_landings_by_year`."""
    made = frame.assign(landing=frame["landing_type"], boosters=frame["landings"])
    missed = frame.assign(landing="missed", boosters=frame["attempts"] - frame["landings"])
    long = pd.concat([made, missed])
    chart = _bars(long, ("year", "boosters"), "Landings tried", "landing", LANDINGS)
    return _framed(chart, "Booster landings by year: made by type, and missed")


def fleet_growth(frame: pd.DataFrame) -> Chart:
    """Satellites launched and in orbit over time; from `v_fleet_growth`."""
    long = frame.melt("day", ["launched", "in_orbit"], "fleet", "satellites")
    chart = (
        alt.Chart(long)
        .mark_line(interpolate="step-after")
        .encode(
            x=alt.X("day:T", title=None),
            y=alt.Y("satellites:Q", title="Satellites"),
            color=_colour("fleet", {"launched": GREY, "in_orbit": BLUE}),
        )
    )
    return _framed(chart, "Starlink satellites launched and in orbit")


def altitude_by_inclination(frame: pd.DataFrame) -> Chart:
    """Where the fleet is: altitude over inclination; from `v_fleet_by_shell`."""
    chart = (
        alt.Chart(frame)
        .mark_circle(color=BLUE, opacity=0.7)
        .encode(
            x=alt.X("inclination_deg:Q", title="Inclination (deg)").scale(zero=False, padding=10),
            y=alt.Y("mean_altitude_km:Q", title="Mean altitude (km)").scale(zero=False, padding=10),
            size=alt.Size("satellites:Q", title="Satellites").scale(range=[20, 900]),
        )
    )
    return _framed(chart, "Satellites in orbit by altitude and inclination")


def launch_survival_chart(frame: pd.DataFrame) -> Chart:
    """Satellites of each launch still in orbit and decayed; from `v_fleet_by_launch`."""
    long = frame.melt(["launch_date", "launch"], ["in_orbit", "decayed"], "state", "satellites")
    colours = {"decayed": ORANGE, "in_orbit": BLUE}
    chart = _bars(long, ("launch_date", "satellites"), "Satellites", "state", colours)
    return _framed(chart, "Satellites of each Starlink launch: in orbit and decayed", 2 * WIDTH)


def snapshot_sizes(frame: pd.DataFrame) -> Chart:
    """What came: records of each list, by how the run came by them; from `snapshots`."""
    chart = (
        alt.Chart(frame.assign(list=frame["endpoint"] + ", " + frame["source"]))
        .mark_bar()
        .encode(
            x=alt.X("record_count:Q", title="Records").scale(type="symlog"),
            y=alt.Y("list:N", title=None, sort="-x"),
            color=_colour(
                "origin",
                {"fetched": BLUE, "not modified": GREEN, "stored": ORANGE, "sample": GREY},
            ),
        )
    )
    return _framed(chart, "Records of each list, and how they were come by")


def row_accounting(frame: pd.DataFrame) -> Chart:
    """What became of each table's rows; from `counts`."""
    long = frame[frame["rows_in"] > 0].melt(
        "table_name", [f"rows_{fate}" for fate in ROW_FATES], "fate", "rows"
    )
    long["fate"] = long["fate"].str.removeprefix("rows_")
    chart = (
        alt.Chart(long)
        .mark_bar()
        .encode(
            x=alt.X("rows:Q", title="Rows").scale(type="symlog"),
            y=alt.Y("table_name:N", title=None, sort="-x"),
            color=_colour("fate", ROW_FATES),
        )
    )
    return _framed(chart, "Rows of each table")


def row_changes(frame: pd.DataFrame) -> Chart:
    """Rows of each table more or fewer than in the run before; from `counts`."""
    chart = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X("change:Q", title="Rows more or fewer"),
            y=alt.Y("table_name:N", title=None),
            color=alt.condition("datum.change < 0", alt.value(RED), alt.value(BLUE)),
        )
    )
    return _framed(chart, "Change since the run before")


def null_shares(frame: pd.DataFrame, most: int = 30) -> Chart:
    """The columns with the most nulls, in percent; from `nulls`."""
    top = frame.head(most).assign(column=lambda f: f["table_name"] + "." + f["column_name"])
    chart = (
        alt.Chart(top)
        .mark_bar(color=GREY)
        .encode(
            x=alt.X("null_pct:Q", title="Nulls (%)").scale(domain=[0, 100]),
            y=alt.Y("column:N", title=None, sort="-x"),
        )
    )
    return _framed(chart, f"Columns with the most nulls, at most {most}")


def _bars(
    frame: pd.DataFrame, axes: tuple[str, str], title: str, by: str, colours: dict[str, str]
) -> alt.Chart:
    """Bars stacked in the order of the colours, the first at the bottom."""
    x, y = axes
    chart: alt.Chart = (
        alt.Chart(ranked(frame, by, colours))
        .mark_bar()
        .encode(
            x=alt.X(f"{x}:O", title=None),
            y=alt.Y(f"{y}:Q", title=title),
            color=_colour(by, colours),
            order=alt.Order("rank:Q"),
        )
    )
    return chart


def _colour(field: str, colours: dict[str, str]) -> alt.Color:
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    labels = alt.Legend(orient="top", title=None, labelExpr="replace(datum.label, '_', ' ')")
    return alt.Color(f"{field}:N", scale=scale, legend=labels)


def _picture(spec: dict[str, Any], **_: object) -> dict[str, str]:
    """A chart as an image with its text alternative; an image runs nothing, whatever it holds."""
    import vl_convert  # noqa: PLC0415 - only reports draw without a browser

    svg = base64.b64encode(vl_convert.vegalite_to_svg(spec).encode()).decode()
    alternative = escape(spec.get("description", "Chart"))
    style = "max-width:100%;background:white"
    return {
        "text/html": f"<img alt='{alternative}' style='{style}' "
        f"src='data:image/svg+xml;base64,{svg}'>"
    }


def _framed(chart: Chart, title: str, width: int = WIDTH) -> Chart:
    framed: Chart = chart.properties(width=width, height=240, title=title, description=title)
    return framed
