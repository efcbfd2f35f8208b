"""The chart of a satellite's altitude over the epochs of its elements."""

import altair as alt
import pandas as pd

from spacex.notebook.charts import BLUE, ORANGE

ENDS = {"apogee": ORANGE, "perigee": BLUE}


def altitude(history: pd.DataFrame) -> alt.Chart:
    """Altitude at both ends of the orbit: `epoch_utc`, `perigee_altitude_km`, `apogee_…`."""
    names = {f"{end}_altitude_km": end for end in ENDS}
    long = history.rename(columns=names).melt("epoch_utc", list(ENDS), "end", "altitude_km")
    epochs = "1 epoch" if len(history) == 1 else f"{len(history)} epochs"
    words = f"Lines: perigee and apogee altitude at {epochs}."
    chart: alt.Chart = (
        alt.Chart(long, height=240, description=words)
        .mark_line(point=alt.OverlayMarkDef(size=50, filled=True))
        .encode(
            x=alt.X("epoch_utc:T", title="Epoch").scale(type="utc"),
            y=alt.Y("altitude_km:Q", title="Altitude (km)").scale(zero=False, padding=12),
            color=alt.Color("end:N", title=None).scale(
                domain=list(ENDS), range=list(ENDS.values())
            ),
            tooltip=[
                alt.Tooltip("end:N"),
                alt.Tooltip("epoch_utc:T"),
                alt.Tooltip("altitude_km:Q", format=".1f"),
            ],
        )
    )
    return chart
