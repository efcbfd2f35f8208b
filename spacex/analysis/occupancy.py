"""Occupancy of the planes of the shells.

The fill of a plane is its satellites over those of the fullest plane of its shell, because the
design capacity is filed, not observed. Shells whose planes cannot be resolved have 0 planes. The
number of planes is uncertain if most of them are empty; `spacex.orbits.planes` has the rules.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from spacex.analysis.history import fleet_on
from spacex.extract.as_of import Date
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.planes import find_planes
from spacex.orbits.shells import find_shells


def occupancy(elements: ElementSets) -> pd.DataFrame:
    """Return the occupancy of the planes of each shell of a fleet.

    Returns:
        One row per shell: `shell`, `satellites`, `planes`, `is_certain` (whether this is the number
        of planes of the layout), `concentration` of their nodes, `occupied_planes` (with at least
        OCCUPIED_FROM satellites), `fewest` and `most` satellites in an occupied plane, and
        `mean_fill`.
    """
    shells = find_shells(elements)
    return pd.DataFrame(
        _row(name, elements.select(shells.label == number))
        for number, name in enumerate(shells.names())
    )


def of_shells(elements: ElementSets, shells: "pd.Series[str]") -> pd.DataFrame:
    """Return the occupancy of the planes of shells that are known already.

    Args:
        elements: one element set per satellite; n of them.
        shells: the shell of each satellite, missing outside all shells; shape (n,).

    Returns:
        The columns of `occupancy`, by the name of the shell.
    """
    names = sorted(shells.dropna().unique())
    return pd.DataFrame(
        _row(name, elements.select(shells.eq(name).to_numpy(bool, na_value=False)))
        for name in names
    )


def by_shell(database: Path | str, date: Date) -> pd.DataFrame:
    """Return the `occupancy` of the fleet on a date.

    Raises:
        SettingsError, DataError, DatabaseError: as `spacex.analysis.history.fleet_on`.
    """
    return occupancy(ElementSets.from_frame(fleet_on(database, date)))


def _row(name: str, shell: ElementSets) -> dict[str, object]:
    planes = find_planes(shell)
    occupied = planes.satellites[planes.is_occupied]
    return {
        "shell": name,
        "satellites": len(shell),
        "planes": planes.count,
        "is_certain": planes.is_certain,
        "concentration": planes.concentration,
        "occupied_planes": len(occupied),
        "fewest": int(occupied.min()) if len(occupied) else 0,
        "most": int(occupied.max(initial=0)),
        "mean_fill": float(np.mean(occupied / occupied.max())) if len(occupied) else float("nan"),
    }
