"""The chart of the page Satellite: altitude over time."""

import altair as alt
import pandas as pd

from spacex.analysis.source_coverage import pauses
from spacex.notebook.chart_gaps import unbroken, with_gaps
from spacex.notebook.chart_style import BLUE, ORANGE, Drawing, color, tooltips
from spacex.units import counted

APSIDES = {"apogee": ORANGE, "perigee": BLUE}


def altitude(history: pd.DataFrame) -> Drawing:
    """Return the altitude of both apsides at each epoch, from rows of `starlink_elements`."""
    names = {f"{apsis}_altitude_km": apsis for apsis in APSIDES}
    long = history.rename(columns=names).melt("epoch_utc", list(APSIDES), "apsis", "altitude_km")
    gaps = pauses(history["epoch_utc"])
    chart = (
        alt.Chart(unbroken(long, "epoch_utc", gaps))
        .mark_line(point=alt.OverlayMarkDef(size=50, filled=True))
        .encode(
            x=alt.X("epoch_utc:T", title="Epoch").scale(type="utc"),
            y=alt.Y("altitude_km:Q", title="Altitude (km)").scale(zero=False, padding=12),
            color=color("apsis", APSIDES),
            detail="series:N",
            tooltip=tooltips("apsis:N", "epoch_utc:T", alt.Tooltip("altitude_km:Q", format=".1f")),
        )
    )
    epochs = counted(len(history), "epoch")
    words = f"Lines: perigee and apogee altitude at {epochs}."
    return with_gaps(chart, gaps, "Altitude over time", words)
