"""Where each satellite belongs, and what it is doing: found in the elements of the whole fleet.

The fleet is that of the list of what is in orbit now, where the run has one: the archive's other
satellites are of another time, and in no shell of this one.
"""

import numpy as np
import pandas as pd

from spacex.orbits.element_sets import ElementSets
from spacex.orbits.shells import Shells, find_shells
from spacex.orbits.status import Status, find_status
from spacex.schema import TABLES, Kind
from spacex.schema.frame_schema import DTYPES
from spacex.schema.starlink import UNLISTED
from spacex.transform import TidyTable
from spacex.transform.merge.run_tables import Tables, either


def assess(run: Tables) -> None:
    """Give each satellite its status and its shell, and the run the table of shells."""
    satellites = run.living("starlink") or run.archive("starlink")
    elements = run.living("starlink_elements") or run.archive("starlink_elements")
    if satellites is None or elements is None or elements.frame.empty:
        return
    fleet = ElementSets.from_frame(elements.frame).newest()
    shells = find_shells(fleet)
    of_fleet = satellites.frame.set_index("norad_cat_id").reindex(fleet.norad_cat_id)
    launch = pd.to_datetime(of_fleet["launch_date"]).to_numpy("datetime64[D]")
    decayed = of_fleet["is_decayed"].fillna(value=False).to_numpy(np.bool_)
    names = dict(enumerate(shells.names()))  # those outside have no name
    told = pd.DataFrame(
        {
            "orbit_status": find_status(fleet, shells, decayed, launch),
            "shell": [names.get(label) for label in shells.label.tolist()],
        },
        index=fleet.norad_cat_id,
        dtype=DTYPES[Kind.TEXT],
    )
    for table in run.each("starlink"):
        run.set_frame(table, _with(table.frame, told))
    run.put(_shells(satellites, shells))


def _with(frame: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """The satellites with what was found of them; those outside the fleet are no longer listed."""
    found = told.reindex(frame["norad_cat_id"]).set_index(frame.index)
    outside = frame["is_decayed"].map({True: str(Status.DECAYED), False: UNLISTED})
    return frame.assign(orbit_status=either(found["orbit_status"], outside), shell=found["shell"])


def _shells(satellites: TidyTable, shells: Shells) -> TidyTable:
    table = TABLES["starlink_shells"]
    found = shells.frame().rename(columns={"satellites": "satellite_count"})
    frame = found.assign(source=satellites.source)[list(table.column_names)]
    typed = frame.astype({column.name: DTYPES[column.kind] for column in table.columns})
    return TidyTable(table, satellites.endpoint, satellites.source, typed, len(typed), [])
