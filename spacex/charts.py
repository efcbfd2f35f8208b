"""The charts of the reports, from frames of `spacex.queries`.

Colours are those of Okabe and Ito, which people of any colour vision can tell apart.
"""

import altair as alt
import pandas as pd

BLUE, ORANGE, GREEN, RED, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#999999"
OUTCOMES = {"success": BLUE, "failure": RED, "unknown": ORANGE, "planned": GREY}
LANDING_TYPES = {"ASDS": BLUE, "RTLS": GREEN, "Ocean": GREY}

Chart = alt.Chart | alt.LayerChart


def for_reports() -> None:
    """Draw charts as SVG in the notebook itself, which needs no network to look at."""
    alt.renderers.enable("svg")


def launches_by_year(frame: pd.DataFrame) -> Chart:
    """Launches a year by outcome; from `v_launches_by_year`."""
    chart = _bars(frame, ("year", "launches"), "Launches", "outcome", OUTCOMES)
    return _framed(chart, "Launches by year and outcome")


def landings_by_year(frame: pd.DataFrame) -> Chart:
    """Booster landings tried and made a year, by type; from `v_landings_by_year`."""
    attempts = _bars(frame, ("year", "attempts"), "Boosters", "landing_type", LANDING_TYPES)
    made = _bars(frame, ("year", "landings"), "Boosters", "landing_type", LANDING_TYPES)
    return _framed(attempts.mark_bar(opacity=0.35) + made, "Booster landings tried (pale) and made")


def fleet_growth(frame: pd.DataFrame) -> Chart:
    """Satellites launched and in orbit over time; from `v_fleet_growth`."""
    long = frame.melt("day", ["launched", "in_orbit"], "count", "satellites")
    chart = (
        alt.Chart(long)
        .mark_line(interpolate="step-after")
        .encode(
            x=alt.X("day:T", title=None),
            y=alt.Y("satellites:Q", title="Satellites"),
            color=_colour("count", {"launched": GREY, "in_orbit": BLUE}),
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


def batch_survival(frame: pd.DataFrame) -> Chart:
    """Satellites of each launch still in orbit and decayed; from `v_fleet_by_batch`."""
    long = frame.melt(["launch_date", "launch"], ["in_orbit", "decayed"], "state", "satellites")
    colours = {"in_orbit": BLUE, "decayed": ORANGE}
    chart = _bars(long, ("launch_date", "satellites"), "Satellites", "state", colours)
    return _framed(chart, "Satellites of each Starlink launch: in orbit and decayed")


def answer_sizes(frame: pd.DataFrame) -> Chart:
    """What came: records of each list, by how the run came by them; from `snapshots`."""
    chart = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X("record_count:Q", title="Records").scale(type="symlog"),
            y=alt.Y("endpoint:N", title=None, sort="-x"),
            color=_colour(
                "origin",
                {"fetched": BLUE, "not modified": GREEN, "stored": ORANGE, "sample": GREY},
            ),
        )
    )
    return _framed(chart, "Records of each list, and how they were come by")


def row_accounting(frame: pd.DataFrame) -> Chart:
    """What became of each table's rows: loaded or rejected; from `counts`."""
    long = frame.melt("table_name", ["rows_loaded", "rows_rejected"], "fate", "rows")
    chart = (
        alt.Chart(long)
        .mark_bar()
        .encode(
            x=alt.X("rows:Q", title="Rows").scale(type="symlog"),
            y=alt.Y("table_name:N", title=None, sort="-x"),
            color=_colour("fate", {"rows_loaded": BLUE, "rows_rejected": RED}),
        )
    )
    return _framed(chart, "Rows of each table")


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
    x, y = axes
    return (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X(f"{x}:O", title=None),
            y=alt.Y(f"{y}:Q", title=title),
            color=_colour(by, colours),
            order=alt.Order(f"{by}:N"),
        )
    )


def _colour(field: str, colours: dict[str, str]) -> alt.Color:
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color(f"{field}:N", scale=scale, title=field.replace("_", " ").capitalize())


def _framed(chart: Chart, title: str) -> Chart:
    return chart.properties(width=620, height=260, title=title)
