"""The fleet of one database: elements, catalogue, shells and status, read once and kept."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.analysis import queries
from spacex.dashboard.app.database_watch import Fingerprint, fingerprint
from spacex.dashboard.ui.formatting import shorten
from spacex.orbits.earth import Geodetic, earth_fixed_km, geodetic
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.propagation import Propagator, display_instant
from spacex.orbits.status import RULES, Status
from spacex.schema.starlink import UNLISTED
from spacex.units import utc_now

NO_SHELL_NAME = "in no shell"
UNKNOWN = "unknown"
NOT_IN_ORBIT = (Status.DECAYED, UNLISTED)
"""The statuses of satellites that are no longer in orbit."""

STATUS_RULES = {
    UNLISTED: "Not in the newest GP list: presumed to have re-entered.",
    **RULES,
}
"""The rule of each status, in the order of evaluation; the first match applies."""

_SELECT = """
    SELECT e.*, s.object_name, s.object_id, s.version,
           s.launch, s.launch_date, s.launch_designator, s.from_date, s.until_date,
           coalesce(s.launch_date, s.launch_designator) AS launched,
           s.orbit_status AS status, s.shell
    FROM v_starlink s JOIN starlink_elements e USING (norad_cat_id, epoch_utc, source)
    ORDER BY norad_cat_id"""


@dataclass(frozen=True, eq=False)
class Fleet:
    """All n satellites whose elements are known, those that have decayed too.

    Attributes:
        elements: the newest elements of each.
        catalogue: one row for each in the same order: the columns of `starlink_elements`, what the
            catalogue says, and `status` and `shell`, which follow from the elements (`v_starlink`).
    """

    elements: ElementSets
    catalogue: pd.DataFrame

    @cached_property
    def is_aloft(self) -> NDArray[np.bool_]:
        """Whether each satellite is in orbit; shape (n,)."""
        return np.asarray(~self.catalogue["status"].isin(NOT_IN_ORBIT))

    @cached_property
    def aloft(self) -> ElementSets:
        """The elements of those in orbit; of all if none is."""
        return self.elements.select(self.is_aloft) if self.is_aloft.any() else self.elements

    def display_instant(self) -> np.datetime64:
        """The instant to show unless the visitor asks for another, to the minute."""
        at: np.datetime64 = display_instant(self.aloft, utc_now()).astype("datetime64[m]")
        return at

    def positions(self, at: np.datetime64) -> Geodetic:
        """Where the satellites are at an instant: arrays of shape (n,), NaN where SGP4 fails."""
        states = self._propagator.states(at)
        return geodetic(earth_fixed_km(states.position_km[:, 0], states.instants))

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Each NORAD number, as text, and the place of its satellite."""
        return {str(number): row for row, number in enumerate(self.elements.norad_cat_id.tolist())}

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Each satellite's name, with its number in brackets."""
        names = self.catalogue["object_name"].tolist()
        return tuple(f"{shorten(n)} ({i})" for n, i in zip(names, self.numbers, strict=True))

    @cached_property
    def _propagator(self) -> Propagator:
        return Propagator(self.elements)


def fleet_of(database: Path) -> Fleet:
    """The fleet the database holds now; read again only when the database is another.

    Raises:
        DatabaseError: there is no database, or it cannot be read.
        DataError: it holds no elements, or elements that make no sense.
    """
    return _read(database, fingerprint(database))


@lru_cache(maxsize=1)
def _read(database: Path, _fingerprint: Fingerprint | None) -> Fleet:
    known = {"version": UNKNOWN, "shell": NO_SHELL_NAME}
    catalogue = queries.query(database, _SELECT).fillna(known)
    return Fleet(ElementSets.from_frame(catalogue), catalogue)
