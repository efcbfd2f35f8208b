"""Derive orbit statuses and shells from the element sets of the whole fleet.

The fleet is the GP list if the run has one. The archive's other satellites then have no shell.
Satellites without a valid element set have neither.
"""

import numpy as np
import pandas as pd

from spacex.orbits.element_sets import ElementSets
from spacex.orbits.shells import Shells, find_shells
from spacex.orbits.status import Status, find_status
from spacex.schema import TABLES, Kind
from spacex.schema.constraints import DTYPES
from spacex.schema.starlink import UNLISTED
from spacex.sources.launch_facts import starlink_launches
from spacex.transform import TidyTable
from spacex.transform.merge.run_tables import RunTables, coalesce


def add_fleet_status(run: RunTables) -> None:
    """Set the orbit status and shell of each satellite, and add the table of shells."""
    satellites = run.live("starlink") or run.archive("starlink")
    elements = run.live("starlink_elements") or run.archive("starlink_elements")
    if satellites is None or elements is None or elements.frame.empty:
        return
    fleet = ElementSets.from_frame(elements.frame).newest()
    shells = find_shells(fleet)
    catalogue = satellites.frame.set_index("norad_cat_id").reindex(fleet.norad_cat_id)
    dates = {
        each.launch_designator: str(each.launch_date)
        for each in starlink_launches()
        if each.launch_designator
    }
    bundled = catalogue["launch_designator"].map(dates)  # the same whatever the run's sources
    launch = pd.to_datetime(coalesce(bundled, catalogue["launch_date"])).to_numpy("datetime64[D]")
    decayed = catalogue["is_decayed"].fillna(value=False).to_numpy(np.bool_)
    names = dict(enumerate(shells.names()))  # satellites outside all shells get None
    assigned = pd.DataFrame(
        {
            "orbit_status": find_status(fleet, shells, decayed, launch),
            "shell": [names.get(label) for label in shells.label.tolist()],
        },
        index=fleet.norad_cat_id,
        dtype=DTYPES[Kind.TEXT],
    )
    for table in run.all_of("starlink"):
        others = None if table.source == satellites.source else UNLISTED
        run.set_frame(table, _with_status(table.frame, assigned, others))
    run.set(_shells(satellites, shells))


def _with_status(
    satellites: pd.DataFrame, assigned: pd.DataFrame, others: str | None
) -> pd.DataFrame:
    """Return the satellites with orbit status and shell, and a status for those without either."""
    own = assigned.reindex(satellites["norad_cat_id"]).set_index(satellites.index)
    default = satellites["is_decayed"].map({True: str(Status.DECAYED), False: others})
    return satellites.assign(
        orbit_status=coalesce(own["orbit_status"], default), shell=own["shell"]
    )


def _shells(satellites: TidyTable, shells: Shells) -> TidyTable:
    table = TABLES["starlink_shells"]
    found = shells.frame().rename(columns={"satellites": "satellite_count"})
    frame = found.assign(source=satellites.source)[list(table.column_names)]
    typed = frame.astype({column.name: DTYPES[column.kind] for column in table.columns})
    return TidyTable(table, satellites.endpoint, satellites.source, typed, len(typed), [])
