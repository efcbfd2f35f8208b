"""The charts of the fleet's shells: where they are, and how their satellites are spread."""

import altair as alt
import pandas as pd

from spacex.dashboard.pages.fleet.fleet_charts import status
from spacex.dashboard.ui.chart_widget import pickable
from spacex.notebook.charts import GREY

HEIGHT = 340
"""Of both charts, px: they stand side by side."""

_QUARTERS = [0, 90, 180, 270, 360]


def altitudes(frame: pd.DataFrame, shells: pd.DataFrame) -> alt.TopLevelSpec:
    """Where satellites are, in cells, with the shells marked.

    Args:
        frame: columns `inclination_deg`, `altitude_km`, `shell`, `status`, `satellites`.
        shells: columns `shell`, `inclination_deg`, `altitude_km`.
    """
    named = ", ".join(shells["shell"]) or "none"
    words = f"Dots: satellites in orbit by inclination and altitude. Shells found: {named}."
    x = alt.X("inclination_deg:Q", title="Inclination (deg)").scale(zero=False, padding=16)
    y = alt.Y("altitude_km:Q", title="Mean altitude (km)").scale(zero=False, padding=12)
    dots = (
        alt.Chart(frame)
        .mark_circle()
        .encode(
            x=x,
            y=y,
            size=alt.Size("satellites:Q").scale(range=[14, 320]).legend(None),
            color=status(),
            tooltip=[
                alt.Tooltip("shell:N"),
                alt.Tooltip("inclination_deg:Q"),
                alt.Tooltip("altitude_km:Q"),
                alt.Tooltip("status:N"),
                alt.Tooltip("satellites:Q"),
            ],
        )
    )
    marks = (
        alt.Chart(shells)
        .mark_point(shape="diamond", size=520, color=GREY, strokeWidth=1.5, filled=False)
        .encode(x=x, y=y, tooltip=[alt.Tooltip("shell:N")])
    )
    return alt.layer(pickable(dots, "shell"), marks, description=words, height=HEIGHT)


def slots(frame: pd.DataFrame, planes: pd.DataFrame, shell: str) -> alt.TopLevelSpec:
    """The satellites of one shell by plane and place along it, a dot each.

    Args:
        frame: columns `raan_deg`, `latitude_argument_deg`, `object_name`, `status`.
        planes: column `raan_deg`: where the planes are.
        shell: its name.
    """
    words = (
        f"Dots: {len(frame):,} satellites of the shell {shell} by ascending node and argument of "
        f"latitude, at one instant; lines: {len(planes)} planes."
    )
    turn = alt.Scale(domain=[0, 360], nice=False)
    x = alt.X("raan_deg:Q", title=f"Ascending node (deg) · {shell}").scale(turn)
    lines = alt.Chart(planes).mark_rule(color=GREY, opacity=0.35).encode(x=x)
    dots = (
        alt.Chart(frame)
        .mark_circle(size=22, opacity=1)
        .encode(
            x=x.axis(values=_QUARTERS),
            y=alt.Y("latitude_argument_deg:Q", title="Argument of latitude (deg)")
            .scale(turn)
            .axis(values=_QUARTERS),
            color=status(),
            tooltip=[
                alt.Tooltip("object_name:N"),
                alt.Tooltip("status:N"),
                alt.Tooltip("raan_deg:Q", format=".2f"),
                alt.Tooltip("latitude_argument_deg:Q", format=".1f"),
            ],
        )
    )
    return alt.layer(lines, dots, description=words, height=HEIGHT)
