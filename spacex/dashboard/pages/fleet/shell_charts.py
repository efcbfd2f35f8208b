"""Charts of the fleet's shells: their place in altitude and inclination, and their planes."""

import altair as alt
import pandas as pd

from spacex.dashboard.ui.chart_widget import selectable
from spacex.notebook.chart_style import GREY, STATUSES, color, tooltips
from spacex.notebook.charts import altitude_by_inclination
from spacex.units import counted

HEIGHT = 340
"""Of both charts, in px; they are side by side."""

_QUARTERS = [0, 90, 180, 270, 360]


def altitudes(cells: pd.DataFrame, shells: pd.DataFrame) -> alt.TopLevelSpec:
    """Return the satellites by altitude and inclination, with a diamond for each shell.

    Args:
        cells: columns `inclination_deg`, `mean_altitude_km`, `shell`, `status`, `satellites`.
        shells: columns `shell`, `inclination_deg`, `mean_altitude_km`.
    """
    discs = altitude_by_inclination(cells)
    words = f"{discs.description} Shells: {', '.join(shells['shell']) or 'none'}."
    # The panel has a title. A text with counts in a layer would make each redraw a new chart.
    discs.title, discs.description, discs.height = alt.Undefined, alt.Undefined, HEIGHT
    diamonds = (
        alt.Chart(shells)
        .mark_point(shape="diamond", size=520, color=GREY, strokeWidth=1.5, filled=False)
        .encode(x=discs.encoding.x, y=discs.encoding.y, tooltip=tooltips("shell:N"))
    )
    return alt.layer(selectable(discs, "shell"), diamonds, description=words)


def slots(satellites: pd.DataFrame, planes: pd.DataFrame, shell: str) -> alt.TopLevelSpec:
    """Return the satellites of one shell by ascending node and argument of latitude.

    Args:
        satellites: columns `raan_deg`, `latitude_argument_deg`, `object_name`, `status`.
        planes: column `raan_deg`, the node of each occupied plane.
        shell: the shell's name.
    """
    words = (
        f"Dots: {counted(len(satellites), 'satellite')} of the shell {shell} by ascending node and "
        f"argument of latitude, at one instant; lines: {counted(len(planes), 'occupied plane')}."
    )
    turn = alt.Scale(domain=[0, 360], nice=False)
    x = alt.X("raan_deg:Q", title=f"Ascending node (deg) · {shell}").scale(turn)
    y = alt.Y("latitude_argument_deg:Q", title="Argument of latitude (deg)").scale(turn)
    lines = alt.Chart(planes).mark_rule(color=GREY, opacity=0.35).encode(x=x)
    dots = (
        alt.Chart(satellites)
        .mark_circle(size=22, opacity=1)
        .encode(
            x=x.axis(values=_QUARTERS),
            y=y.axis(values=_QUARTERS),
            color=color("status", STATUSES),
            tooltip=tooltips(
                "object_name:N",
                "status:N",
                alt.Tooltip("raan_deg:Q", format=".2f"),
                alt.Tooltip("latitude_argument_deg:Q", format=".1f"),
            ),
        )
    )
    return alt.layer(lines, dots, description=words, height=HEIGHT)
