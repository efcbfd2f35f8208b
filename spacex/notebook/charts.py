"""Charts of reports, notebooks and the dashboard, from frames of the database.

The dashboard replaces titles and widths by its own, and lets a click on a mark filter by it.
"""

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt
import pandas as pd

from spacex.analysis.booster_flights import LANDING_LABELS
from spacex.analysis.growth import unknown
from spacex.analysis.intervals import wilson
from spacex.notebook import pictures
from spacex.notebook.chart_gaps import with_gaps, with_year_gaps, year_axis
from spacex.notebook.chart_style import (
    BLUE,
    GREEN,
    GREY,
    HEIGHT,
    LANDINGS,
    MIDNIGHT,
    MISSED,
    NOT_FLOWN,
    ORANGE,
    OUTCOMES,
    RED,
    SKY,
    STATUSES,
    WHOLE_NUMBER,
    WIDTH,
    Drawing,
    bars,
    color,
    count_axis,
    describe,
    in_words,
    titled,
    tooltips,
    with_rank,
)
from spacex.sources import short_title
from spacex.units import counted
from spacex.warehouse.launch_forecasts import SHARE

IN_ORBIT, NEVER_CATALOGUED = "in orbit", "never catalogued"
UNKNOWN_IN_ORBIT = (
    "the number in orbit is not known, as no source covers the time or losses have no date"
)
"""What hatching means in charts of satellites in orbit."""
ORIGINS = {"fetched": BLUE, "not modified": GREEN, "stored": ORANGE, "sample": GREY}
ROW_FATES = {
    "loaded": BLUE,
    "superseded": SKY,
    "duplicate": GREEN,
    "out of scope": GREY,
    "rejected": RED,
}
RATES = ("rate", "low", "high")
RATE_TOOLTIPS = [alt.Tooltip(f"{name}:Q", format=".1%") for name in RATES]


def for_reports() -> None:
    """Embed charts in the notebook as pictures, which need no network to display.

    They may have any number of rows, such as one for each satellite: a picture has no data in it.
    """
    alt.data_transformers.disable_max_rows()
    alt.renderers.register("picture", pictures.output)
    alt.renderers.enable("picture")


def side_by_side(left: Drawing, right: Drawing) -> alt.HConcatChart:
    """Return two charts in one row, each with its own colours."""
    pair: alt.HConcatChart = alt.hconcat(left, right).resolve_scale(color="independent")
    pair.description = f"{left.description} {right.description}"
    return pair


def launches_by_year(
    frame: pd.DataFrame,
    gaps: pd.DataFrame | None = None,
    marked: Callable[[alt.Chart], alt.Chart] = lambda chart: chart,
) -> Drawing:
    """Return the launches of each year by outcome.

    Args:
        frame: columns of `v_launches_by_year`.
        gaps: `spacex.analysis.source_coverage.year_gaps`, which are hatched.
        marked: what is done with the bars, such as making them selectable.
    """
    flown = frame[~frame["outcome"].isin(NOT_FLOWN)].groupby("year")["launches"].sum()
    most = (
        f" The most known to have flown: {flown.max()}, in {flown.idxmax()}." if len(flown) else ""
    )
    chart = bars(
        with_rank(frame, "outcome", OUTCOMES),
        year_axis(frame, gaps),
        count_axis("launches", "Launches"),
        ["year:O", "outcome:N", "launches:Q"],
    ).encode(color=color("outcome", OUTCOMES), order=alt.Order("rank:Q"))
    title, words = "Launches by year and outcome", f"Bars: launches in each year by outcome.{most}"
    return with_year_gaps(marked(chart), gaps, title, words)


def launch_forecasts(frame: pd.DataFrame) -> Drawing:
    """Return the forecasts of launches in twelve months, beside what happened.

    Args:
        frame: `spacex.analysis.launch_forecast.launch_forecasts`.
    """
    ends = frame.assign(end=frame["until"] + "-01" + MIDNIGHT)
    expected = alt.Tooltip("expected:Q", format=".0f")
    of_each = tooltips("since:N", "until:N", expected, "low:Q", "high:Q", "happened:Q")
    x = alt.X("end:T", title="Last of the twelve months")
    y = count_axis("low", "Orbital launches in twelve months")
    base = alt.Chart(ends).encode(x=x, tooltip=of_each)
    band = base.mark_area(color=SKY, opacity=0.35).encode(y=y, y2=alt.Y2("high:Q"))
    line = base.mark_line(color=BLUE).encode(y=alt.Y("expected:Q"))
    dots = (
        base.mark_circle(color=ORANGE, size=24, opacity=1)
        .encode(y=alt.Y("happened:Q"))
        .transform_filter("isValid(datum.happened)")
    )
    words = (
        f"Band: the interval that {100 * SHARE:.0f} % of such forecasts should keep. "
        "Line: what was expected. "
    )
    last = "".join(
        f" The last one, for {each.since} to {each.until}: {each.low} to {each.high}."
        for each in frame.tail(1).itertuples()
    )
    title = "Orbital launches in twelve months: forecast and happened"
    described = f"{words}Dots: what happened, {counted(frame['happened'].count(), 'time')}.{last}"
    chart: alt.LayerChart = alt.LayerChart(layer=[band, line, dots]).properties(
        title=title, description=described, width=2 * WIDTH, height=HEIGHT
    )
    return chart


def landings_by_year(
    frame: pd.DataFrame,
    gaps: pd.DataFrame | None = None,
    marked: Callable[[alt.Chart], alt.Chart] = lambda chart: chart,
) -> Drawing:
    """Return the booster landings of each year, by type or missed.

    Args:
        frame: columns of `v_landings_by_year`.
        gaps: `spacex.analysis.source_coverage.year_gaps`, which are hatched.
        marked: what is done with the bars, such as making them selectable.
    """
    made = frame["landings"].fillna(0).astype(int)
    landed = frame.assign(
        landing=frame["landing_type"].astype(object).fillna("unknown"), boosters=made
    )
    missed = frame.assign(landing=MISSED, boosters=frame["attempts"] - made)
    groups = pd.concat([landed, missed]).groupby(["year", "landing"], as_index=False)
    counts = groups.agg(boosters=("boosters", "sum")).query("boosters > 0")
    colors = color("landing", LANDINGS, names=counts["landing"], labels=LANDING_LABELS)
    chart = bars(
        with_rank(counts, "landing", LANDINGS),
        year_axis(frame, gaps),
        count_axis("boosters", "Landings tried"),
        ["year:O", "landing:N", "boosters:Q"],
    ).encode(color=colors, order=alt.Order("rank:Q"))
    title = "Booster landings by year: made by type, and missed"
    words = (
        f"Bars: landings tried in each year; {made.sum()} made, "
        f"{frame['attempts'].sum() - made.sum()} missed."
    )
    return with_year_gaps(marked(chart), gaps, title, words)


def coverage(frame: pd.DataFrame) -> alt.Chart:
    """Return the periods that the sources cover: columns of `v_coverage`."""
    rows = frame.assign(label=frame["subject"] + ", " + frame["source"])
    chart = (
        alt.Chart(rows)
        .mark_bar(height=12, strokeWidth=2)
        .encode(
            x=alt.X("from_utc:T", title=None),
            x2=alt.X2("to_utc:T"),
            y=alt.Y("label:N", title=None, sort=None).axis(labelLimit=240),
            color=alt.Color("subject:N", title=None).legend(None),
            stroke=alt.Stroke("subject:N").legend(None),
            tooltip=tooltips("source:N", "subject:N", "from_utc:T", "to_utc:T", "ends_at:N"),
        )
    )
    count = rows["label"].nunique()
    words = f"Bars: the periods that sources cover, {count} pairs of subject and source."
    described = describe(chart, words, height=26 * max(count, 1))
    named: alt.Chart = described.properties(title="What the sources cover", width=2 * WIDTH)
    return named


def fleet_growth(frame: pd.DataFrame, gaps: pd.DataFrame | None = None) -> Drawing:
    """Return the catalogued satellites launched and in orbit over time, where they are known.

    The time in which the number in orbit is not known is hatched, and the lines do not cross it.

    Args:
        frame: columns of `v_fleet_growth`, in time order.
        gaps: `spacex.analysis.source_coverage.gaps`, which are hatched as well.
    """
    hatched = unknown(frame, gaps)
    colors = {"launched": GREY, IN_ORBIT: BLUE}
    is_known = frame["in_orbit"].notna()
    is_covered = is_known | ~_lies_inside(frame["day"], gaps)
    parts = pd.concat(
        [
            steps(frame, "launched", is_covered).assign(fleet="launched"),
            steps(frame, "in_orbit", is_known).assign(fleet=IN_ORBIT),
        ]
    )
    newest = frame.dropna(subset="in_orbit").tail(1).astype({"in_orbit": int})
    at, counts = newest["day"].astype("str").str[:10], newest["in_orbit"]
    last = "".join(f" On {day}: {n:,} known in orbit." for day, n in zip(at, counts, strict=True))
    x, y = alt.X("day:T", title=None), alt.Y("satellites:Q", title="Satellites")
    return with_gaps(
        step_lines(parts, x, y, colors),
        hatched,
        "Starlink satellites launched and in orbit",
        f"Lines: catalogued satellites launched up to each day, and those of them in orbit.{last}",
        UNKNOWN_IN_ORBIT,
    )


def steps(frame: pd.DataFrame, column: str, is_known: "pd.Series[bool]") -> pd.DataFrame:
    """Return the known values of a column as steps, with a `series` for each part of the line.

    A part ends where the value is no longer known; `is_lone` marks parts of one value, which are
    too short to be seen.

    Args:
        frame: `day` and the column, in time order.
        column: the number of satellites.
        is_known: whether the value is known from the day on.
    """
    is_end = ~is_known & is_known.shift(fill_value=False)
    rows = pd.DataFrame(
        {
            "day": frame["day"].astype("str").str[:10] + MIDNIGHT,
            "satellites": frame[column].where(is_known).ffill(),
            "series": (~is_known).cumsum() - is_end,
        }
    )
    counts = is_known.groupby(rows["series"]).transform("sum")
    return rows.assign(is_lone=is_known & counts.eq(1))[is_known | is_end]


def step_lines(parts: pd.DataFrame, x: alt.X, y: alt.Y, colors: Mapping[str, str]) -> Drawing:
    """Return step lines that do not cross what is unknown, and dots where they are too short.

    Args:
        parts: `steps`, with the `fleet` that each line is of.
        x: the axis of the days.
        y: the axis of the satellites.
        colors: the colour of each fleet.
    """
    fields = tooltips("day:T", "fleet:N", "satellites:Q")
    base = alt.Chart(parts).encode(x=x, y=y, color=color("fleet", colors), tooltip=fields)
    lines: alt.Chart = base.mark_line(interpolate="step-after").encode(
        detail=alt.Detail("series:N")
    )
    if not parts["is_lone"].any():
        return lines
    dots = base.mark_circle(size=30, opacity=1).transform_filter("datum.is_lone")
    return alt.LayerChart(layer=[lines, dots])


def _lies_inside(days: "pd.Series[Any]", gaps: pd.DataFrame | None) -> "pd.Series[bool]":
    """Return which days lie between the first and the last day of a gap."""
    texts = days.astype("str").str[:10]
    inside = pd.Series(data=False, index=days.index)
    spans = [] if gaps is None else gaps[["from_utc", "to_utc"]].to_numpy().tolist()
    for since, until in spans:
        inside |= texts.gt(since[:10]) & texts.lt(until[:10])
    return inside


_DISCS = [base * 10**power for power in range(5) for base in (1, 2, 5)]
"""Numbers of satellites that a legend shows the discs of."""


def altitude_by_inclination(frame: pd.DataFrame) -> alt.Chart:
    """Return the satellites in orbit by altitude and inclination, larger discs for more.

    Args:
        frame: columns of `v_fleet_by_shell`. With `status`, the discs have its colour; with
            `shell`, the tooltip names it.
    """
    has_status = "status" in frame
    fields = ["inclination_deg:Q", "mean_altitude_km:Q", "satellites:Q"]
    size = alt.Size("satellites:Q", title="Satellites")
    if has_status:
        size = size.scale(range=[14, 320]).legend(None)
    else:
        most = frame["satellites"].max()
        size = size.scale(range=[20, 900]).legend(
            values=[each for each in _DISCS if each <= most][-4:]
        )
    chart = (
        alt.Chart(frame)
        .mark_circle(color=BLUE)
        .encode(
            x=alt.X("inclination_deg:Q", title="Inclination (deg)").scale(zero=False, padding=16),
            y=alt.Y("mean_altitude_km:Q", title="Mean altitude (km)").scale(zero=False, padding=12),
            size=size,
            tooltip=tooltips(*fields, *(f"{c}:N" for c in ("shell", "status") if c in frame)),
        )
    )
    if has_status:
        chart = chart.encode(color=color("status", STATUSES))
    return titled(
        chart,
        "Satellites in orbit by altitude and inclination",
        f"Discs: {counted(frame['satellites'].sum(), 'satellite')} in orbit by inclination and "
        "altitude.",
    )


def launch_survival(frame: pd.DataFrame) -> alt.Chart:
    """Return the fate of each launch's satellites, from the columns of `v_fleet_by_launch`.

    Of launches whose number of satellites is known, those never catalogued have a bar as well.
    """
    numbers = ["launched", "never_catalogued", "in_orbit", "unlisted", "decayed"]
    frame = frame.astype(dict.fromkeys(numbers, "Int64"))
    catalogued = frame[["in_orbit", "unlisted", "decayed"]].sum(axis=1)
    are_lost_known = frame[["unlisted", "decayed"]].notna().any(axis=1)
    counts = pd.DataFrame(
        {
            "launch": launch_labels(frame),
            "launched": frame["launched"],
            "catalogued": catalogued,
            IN_ORBIT: frame["in_orbit"],
            "unlisted": frame["unlisted"],
            "decayed": frame["decayed"],
            NEVER_CATALOGUED: frame["never_catalogued"],
            "of_launched": frame["in_orbit"] / frame["launched"],
            "of_catalogued": (frame["in_orbit"] / catalogued).where(are_lost_known),
        }
    )
    colors = {IN_ORBIT: BLUE, "unlisted": GREY, "decayed": ORANGE, NEVER_CATALOGUED: RED}
    same = ["launch", "launched", "catalogued", "of_launched", "of_catalogued"]
    long = counts.melt(same, list(colors), "fate", "satellites")
    of_known = counted(frame["launched"].notna().sum(), "launch", "launches")
    lost = ", ".join(
        f"{frame[name].sum():,} {name}" if frame[name].notna().any() else f"{name} not known"
        for name in ("decayed", "unlisted")
    )
    chart = bars(
        with_rank(long[long["satellites"].gt(0).fillna(value=False)], "fate", colors),
        alt.X("launch:O", title=None).axis(
            labelAngle=0,
            labelExpr="slice(datum.label, 0, 8)",
            labelOverlap="greedy",
            labelSeparation=8,
            ticks=False,
        ),
        count_axis("satellites", "Satellites"),
        [
            *("launch:N", "fate:N", "satellites:Q", "launched:Q", "catalogued:Q"),
            *(
                alt.Tooltip(f"of_{whole}:Q", format=".1%", title=f"in orbit, of {whole}")
                for whole in ("launched", "catalogued")
            ),
        ],
    ).encode(color=color("fate", colors), order=alt.Order("rank:Q"))
    return titled(
        chart,
        f"Satellites of each Starlink launch: {', '.join(colors)}",
        f"Bars: satellites of {counted(len(frame), 'launch', 'launches')}; "
        f"{lost}, "
        f"{frame['never_catalogued'].sum():,.0f} never catalogued of {of_known} with a known "
        "number of satellites.",
        2 * WIDTH,
    )


def launch_labels(frame: pd.DataFrame) -> pd.Series:
    """Return each row's `launch_designator` and `launch` name, as one label."""
    designator, launch = (frame[name].astype("str") for name in ("launch_designator", "launch"))
    return (designator.fillna("unknown") + " " + launch.fillna("")).str.rstrip()


def category_bars(
    frame: pd.DataFrame,
    field: str,
    count: str,
    stack: str = "",
    colors: Mapping[str, str] | None = None,
    *,
    legend: bool = False,
) -> alt.Chart:
    """Return horizontal bars of a count by category, the largest on top.

    Args:
        frame: columns of the field, the count and the stack.
        field: the category.
        count: the column counted, such as `launches`.
        stack: the column whose values are stacked; none if empty.
        colors: the colour of each value of the stack.
        legend: whether to show what the colours mean.
    """
    totals = frame.groupby(field)[count].sum().sort_values(ascending=False)
    ends = ", ".join(f"{name} {total:,}" for name, total in totals.items())
    chart = bars(
        with_rank(frame, stack, colors) if colors else frame,
        alt.X(f"{count}:Q", title=count.capitalize()).axis(
            tickMinStep=1, tickCount=5, labelExpr=WHOLE_NUMBER
        ),
        alt.Y(f"{field}:N", title=None, sort="-x").axis(labelLimit=150),
        [f"{field}:N", *([f"{stack}:N"] if stack else []), f"{count}:Q"],
    )
    if colors:
        chart = chart.encode(color=color(stack, colors, legend=legend), order=alt.Order("rank:Q"))
    words = f"Bars: {count} by {field}. {ends or 'There are none'}."
    return describe(chart, words, height=34 * max(len(totals), 1))


def with_rates(frame: pd.DataFrame, successes: str, trials: str) -> pd.DataFrame:
    """Add `rate` and its 95 % interval, `low` and `high`.

    Args:
        frame: the rows.
        successes: the column with the number of successes.
        trials: the column with the number of trials.
    """
    pairs = zip(frame[successes], frame[trials], strict=True)
    intervals = [wilson(int(made), int(tried)) for made, tried in pairs]
    low, high = zip(*intervals, strict=True) if intervals else ((), ())
    return frame.assign(rate=frame[successes] / frame[trials], low=low, high=high)


def snapshot_sizes(frame: pd.DataFrame) -> alt.Chart:
    """Return the records of each snapshot by how the run obtained it; from `snapshots`."""
    chart = bars(
        frame.assign(endpoint=frame["endpoint"] + ", " + frame["source"].map(short_title)),
        alt.X("record_count:Q", title="Records").scale(type="symlog"),
        alt.Y("endpoint:N", title=None, sort="-x").axis(labelLimit=260),
        ["endpoint:N", "origin:N", "record_count:Q"],
    ).encode(color=color("origin", ORIGINS))
    return titled(chart, "Records of each snapshot, by origin")


def row_accounting(frame: pd.DataFrame) -> alt.Chart:
    """Return the fate of the records of each table; from `counts`."""
    columns = [f"rows_{fate.replace(' ', '_')}" for fate in ROW_FATES]
    counts = frame[frame["rows_in"] > 0].rename(columns=dict(zip(columns, ROW_FATES, strict=True)))
    chart = bars(
        _named(counts).melt("table", list(ROW_FATES), "fate", "rows"),
        alt.X("rows:Q", title="Records").scale(type="symlog"),
        alt.Y("table:N", title=None, sort="-x"),
        ["table:N", "fate:N", "rows:Q"],
    ).encode(color=color("fate", ROW_FATES))
    return titled(chart, "Records of each table, by fate")


def row_changes(frame: pd.DataFrame) -> alt.Chart:
    """Return the change in each table's row count since the previous run; from `counts`."""
    chart = bars(
        _named(frame),
        alt.X("change:Q", title="Change in rows"),
        alt.Y("table:N", title=None),
        ["table:N", "change:Q"],
    ).encode(color=alt.condition("datum.change < 0", alt.value(RED), alt.value(BLUE)))
    return titled(chart, "Change since the previous run")


def null_shares(frame: pd.DataFrame, most: int = 30) -> alt.Chart:
    """Return the columns with the most nulls, at most so many; from `nulls`."""
    top = _named(frame.head(most))
    top = top.assign(column=top["table"] + ": " + top["column_name"].map(in_words))
    chart = bars(
        top,
        alt.X("null_pct:Q", title="Missing (%)").scale(domain=[0, 100]),
        alt.Y("column:N", title=None, sort="-x").axis(labelLimit=320, minExtent=220),
        ["column:N", "null_pct:Q"],
    )
    named = titled(chart, f"Columns with the most missing values, at most {most}")
    tall: alt.Chart = named.properties(height=alt.Step(16))
    return tall


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """Add `table`, the name of the table in words."""
    return frame.assign(table=frame["table_name"].map(in_words))
