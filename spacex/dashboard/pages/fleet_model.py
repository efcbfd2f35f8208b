"""The fleet of a database: elements, catalogue, shells and status, cached until it changes."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.analysis import queries
from spacex.dashboard.ui.formatting import shorten
from spacex.errors import DataError
from spacex.files import Fingerprint, fingerprint
from spacex.notebook.charts import launch_labels
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.instants import instant
from spacex.orbits.propagation import display_instant
from spacex.orbits.status import RULES, Status
from spacex.schema.starlink import NO_ELEMENTS, UNLISTED
from spacex.units import utc_now
from spacex.warehouse.decay_days import first_day, is_exact, last_day

NO_SHELL_NAME = "in no shell"
UNKNOWN = "unknown"
NOT_IN_ORBIT = (Status.DECAYED, UNLISTED)
"""The statuses of satellites that are no longer in orbit."""

STATUS_RULES = {
    UNLISTED: "No longer in the GP lists, without a decay date.",
    NO_ELEMENTS: "In orbit, without elements: known from a catalogue only, or rejected.",
    **RULES,
}
"""The rule of each status, in the order of evaluation; the first match applies."""

_SELECT = f"""
    SELECT {", ".join(f"e.{each.name}" for each in fields(ElementSets))}, e.source, e.period_min,
           e.semi_major_axis_km, e.perigee_altitude_km, e.apogee_altitude_km,
           s.object_name, s.object_id, s.version,
           s.launch, s.launch_date, s.launch_designator, s.last_known_date, s.until_date,
           coalesce(s.launch_date, s.launch_designator) AS launched,
           s.orbit_status AS status, s.shell
    FROM v_starlink s JOIN starlink_elements e USING (norad_cat_id, epoch_utc, source)
    ORDER BY norad_cat_id"""  # noqa: S608 - no value comes from outside

_SELECT_ALL = f"""
    SELECT norad_cat_id, object_name, version, launch, launch_date, launch_designator, from_date,
           known_by_date, last_known_date, until_date, unsure_date,
           iif({is_exact("s")}, decay_date, NULL) AS decay_date,
           iif(substr({first_day("s")}, 1, 7) = substr({last_day("s")}, 1, 7),
               substr(decay_date, 1, 7), NULL) AS decay_month,
           shell, inclination_deg, mean_altitude_km AS altitude_km,
           epoch_utc, is_listed, first_listed_utc,
           iif(catalogue_status = 'in orbit', orbit_status, catalogue_status) AS status
    FROM v_starlink s ORDER BY norad_cat_id"""  # noqa: S608 - no value comes from outside

_PRESENT = np.timedelta64(2, "m")


@dataclass(frozen=True, eq=False)
class Fleet:
    """All n satellites with known elements, decayed ones included.

    Attributes:
        elements: the latest elements of each satellite.
        catalogue: one row per satellite in the same order: its elements, the size of its orbit, the
            catalogue's columns, `status`, `shell`, `launch_label` and `altitude_km`.
    """

    elements: ElementSets
    catalogue: pd.DataFrame

    @cached_property
    def is_in_orbit(self) -> NDArray[np.bool_]:
        """Whether each satellite is in orbit; shape (n,)."""
        return np.asarray(~self.catalogue["status"].isin(NOT_IN_ORBIT))

    @cached_property
    def in_orbit(self) -> ElementSets:
        """The elements of the satellites in orbit; of all if none is."""
        return self.elements.select(self.is_in_orbit) if self.is_in_orbit.any() else self.elements

    def satellites(self, rows: Sequence[int]) -> pd.DataFrame:
        """Return the satellites of some rows as `spacex.analysis.sightings` takes them."""
        return self.catalogue.iloc[list(rows)].rename(columns={"status": "orbit_status"})

    def display_instant(self) -> np.datetime64:
        """Return the instant shown by default, to the minute."""
        shown = display_instant(self.in_orbit.epoch_utc, utc_now())
        at: np.datetime64 = shown.astype("datetime64[m]")
        return at

    @property
    def is_of_present(self) -> bool:
        """Whether the instant shown by default is the present, to the minute."""
        return bool(abs(instant(utc_now()) - self.display_instant()) < _PRESENT)

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each satellite by its NORAD id, as text."""
        return {str(number): row for row, number in enumerate(self.elements.norad_cat_id.tolist())}

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Each satellite's name, with its NORAD id in brackets."""
        names = self.catalogue["object_name"].tolist()
        return tuple(f"{shorten(n)} ({i})" for n, i in zip(names, self.rows, strict=True))


def read_fleet(database: Path) -> Fleet | None:
    """Return the database's fleet; None if it contains no valid elements.

    Raises:
        DatabaseError: the database does not exist or cannot be read.
    """
    try:
        return _read(database, fingerprint(database))
    except DataError:
        return None


@lru_cache(maxsize=1)
def _read(database: Path, _fingerprint: Fingerprint | None) -> Fleet:
    defaults = {"version": UNKNOWN, "shell": NO_SHELL_NAME}
    catalogue = queries.query(database, _SELECT).fillna(defaults)
    elements = ElementSets.from_frame(catalogue)
    return Fleet(
        elements,
        catalogue.assign(altitude_km=elements.altitude_km, launch_label=launch_labels(catalogue)),
    )


def read_satellites(database: Path) -> pd.DataFrame:
    """Return every satellite of `v_starlink`, with or without elements.

    Returns:
        The columns of `v_starlink` that pages need, `altitude_km`, `status`, `launch_label` and
        `year`, in which the satellite joined the fleet.

    Raises:
        DatabaseError: the database does not exist or cannot be read.
    """
    return _read_all(database, fingerprint(database))


def read_launches(database: Path) -> pd.DataFrame:
    """Return `v_fleet_by_launch`.

    Raises:
        DatabaseError: the database does not exist or cannot be read.
    """
    return _read_launches(database, fingerprint(database))


@lru_cache(maxsize=1)
def _read_launches(database: Path, _fingerprint: Fingerprint | None) -> pd.DataFrame:
    return queries.view(database, "v_fleet_by_launch")


@lru_cache(maxsize=1)
def _read_all(database: Path, _fingerprint: Fingerprint | None) -> pd.DataFrame:
    defaults = {"version": UNKNOWN, "shell": NO_SHELL_NAME, "status": NO_ELEMENTS}
    satellites = queries.query(database, _SELECT_ALL).fillna(defaults)
    return satellites.assign(
        launch_label=launch_labels(satellites),
        year=pd.to_numeric(satellites["from_date"].astype("string").str[:4]).astype("Int64"),
    )
