"""How full the planes of the shells are.

Shells and planes are found in the elements (`spacex.orbits.shells`, `spacex.orbits.planes`). A
plane's fill is its satellites over those of its shell's fullest plane: what a plane is meant to
hold is filed, not observed. A shell whose planes cannot be told apart has none.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from spacex.analysis.history import fleet_on
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.planes import find_planes
from spacex.orbits.shells import find_shells


def occupancy(elements: ElementSets) -> pd.DataFrame:
    """The planes of each shell of a fleet.

    Returns:
        One row per shell: `shell`, `satellites`, `planes`, `concentration` of their nodes,
        `occupied_planes`, `fewest` and `most` satellites in an occupied plane, and `mean_fill`.
    """
    shells = find_shells(elements)
    return pd.DataFrame(
        _row(name, elements.select(shells.label == number))
        for number, name in enumerate(shells.names())
    )


def on(database: Path, date: str) -> pd.DataFrame:
    """The planes of each shell of the fleet on a date; as `occupancy`.

    Raises:
        SettingsError, DataError, DatabaseError: as `spacex.analysis.history.fleet_on`.
    """
    return occupancy(ElementSets.from_frame(fleet_on(database, date)))


def _row(name: str, shell: ElementSets) -> dict[str, object]:
    planes = find_planes(shell)
    filled = planes.satellites[planes.satellites > 0]
    return {
        "shell": name,
        "satellites": len(shell),
        "planes": planes.count,
        "concentration": planes.concentration,
        "occupied_planes": len(filled),
        "fewest": int(filled.min(initial=len(shell))) if len(filled) else 0,
        "most": int(filled.max(initial=0)),
        "mean_fill": float(np.mean(filled / filled.max())) if len(filled) else float("nan"),
    }
