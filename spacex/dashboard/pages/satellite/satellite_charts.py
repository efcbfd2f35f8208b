"""The charts of the page Satellite: its altitude beside its launch, and its ground track."""

import altair as alt
import pandas as pd

from spacex.analysis.source_coverage import pauses
from spacex.dashboard.pages.earth_layers import RATIO, flat, shapes
from spacex.notebook.article_charts import dates_axis
from spacex.notebook.chart_gaps import unbroken, with_gaps
from spacex.notebook.chart_style import BLUE, GREY, RED, Drawing, color, tooltips
from spacex.notebook.weather_strip import weather_words, with_weather
from spacex.units import counted

ITS_OWN, MATES = "this satellite", "median of its launch"


def beside_launch(
    elements: pd.DataFrame, mates: pd.DataFrame, weather: pd.DataFrame | None = None
) -> Drawing:
    """Return the altitude of a satellite over time, over those of all satellites of its launch.

    Args:
        elements: `epoch_utc` and `mean_altitude_km` of its element sets, oldest first.
        mates: `spacex.analysis.raising.profile` of its launch.
        weather: as `with_weather`.
    """
    gaps, pauses_of_lists = pauses(elements["epoch_utc"]), pauses(mates["observed_utc"])
    own = unbroken(elements.assign(whose=ITS_OWN), "epoch_utc", gaps)
    others = unbroken(mates.assign(whose=MATES), "observed_utc", pauses_of_lists)
    colors = {ITS_OWN: BLUE, MATES: GREY}
    line = (
        alt.Chart(own)
        .mark_line(point=alt.OverlayMarkDef(size=40, filled=True))
        .encode(
            x=dates_axis("epoch_utc"),
            y=alt.Y("mean_altitude_km:Q"),
            color=color("whose", colors),
            detail=alt.Detail("series:N"),
            tooltip=tooltips("epoch_utc:T", "mean_altitude_km:Q"),
        )
    )
    base = alt.Chart(others).encode(
        x=dates_axis("observed_utc"),
        detail=alt.Detail("series:N"),
        tooltip=tooltips("observed_utc:T", "satellite_count:Q", "median_altitude_km:Q"),
    )
    low = alt.Y("low_altitude_km:Q", title="Mean altitude (km)").scale(zero=False, padding=12)
    band = base.mark_area(color=GREY, opacity=0.25).encode(y=low, y2=alt.Y2("high_altitude_km:Q"))
    median = base.mark_line(strokeWidth=3).encode(
        y=alt.Y("median_altitude_km:Q"), color=color("whose", colors)
    )
    sets, lists = counted(len(elements), "element set"), counted(len(mates), "GP list")
    words = f"Lines: mean altitude in {sets}, and the median of its launch in {lists}."
    shown = pd.concat([elements["epoch_utc"], mates["observed_utc"]])
    words += weather_words(weather, shown)
    layers = with_weather(alt.LayerChart(layer=[band, median, line]), weather, shown)
    return with_gaps(layers, gaps, "Altitude beside its launch", words)


def track_map() -> alt.TopLevelSpec:
    """Return a small map without the rows of its datasets: `night`, `track` and `marked`.

    The first two are shapes; the last one is `name`, `longitude_deg` and `latitude_deg`.
    """
    dot = (
        alt.Chart(alt.NamedData("marked"))
        .mark_point(size=150, stroke=RED, strokeWidth=3, filled=False)
        .encode(
            longitude=alt.Longitude("longitude_deg:Q"),
            latitude=alt.Latitude("latitude_deg:Q"),
            tooltip=alt.Tooltip("name:N"),
        )
    )
    words = (
        "Map: a ring at the point below the satellite, a dashed line for its ground track in the "
        "next revolution, and the night side of the Earth."
    )
    chart = alt.layer(*shapes(), dot, description=words)
    chart.projection = flat()
    chart.usermeta, chart.height = {"ratio": RATIO}, 260
    return chart
