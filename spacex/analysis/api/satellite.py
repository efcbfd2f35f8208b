"""One satellite: its history, position, ground track and passes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from spacex.analysis.api import fleet_positions
from spacex.analysis.api.elements_at import fleet_instant, satellite_elements
from spacex.analysis.api.map_frame import MapFrame
from spacex.analysis.api.provenance import finished, read
from spacex.analysis.history import elements
from spacex.errors import DataError
from spacex.orbits.cities import find_place
from spacex.orbits.instants import When, instant
from spacex.orbits.passes import MIN_ELEVATION_DEG
from spacex.orbits.place import Place

_SEARCH_DAYS = (1, 3, 10)
"""Lengths of the searches for the next passes, d: a longer one if a shorter finds too few."""

_MOST_PASSES = 1_000


@dataclass(frozen=True)
class Satellite:
    """One satellite of a database, as `spacex.satellite` finds it.

    Attributes:
        norad_cat_id: its catalogue number.
        name: its name in the catalogue.
        database: the database.
    """

    norad_cat_id: int
    name: str
    database: Path

    def info(self) -> "pd.Series[Any]":
        """Return what is known of the satellite: its row of `v_starlink`.

        >>> import spacex
        >>> satellite = spacex.satellite(spacex.fleet()["norad_cat_id"].min())
        >>> satellite.info()["launch_designator"]
        '2019-074'
        """
        sql = "SELECT * FROM v_starlink WHERE norad_cat_id = ?"
        return read(self.database, sql, [self.norad_cat_id]).iloc[0].rename(self.name)

    def history(self) -> pd.DataFrame:
        """Return every element set of the satellite, oldest first, with `mean_altitude_km`.

        >>> import spacex
        >>> satellite = spacex.satellite(spacex.fleet()["norad_cat_id"].min())
        >>> satellite.history()["epoch_utc"].dtype
        datetime64[us, UTC]
        """
        found = elements(self.database, satellites=[self.norad_cat_id])
        altitude = (found["perigee_altitude_km"] + found["apogee_altitude_km"]) / 2
        return finished(found.assign(mean_altitude_km=altitude), self.database)

    def now(self, at: When | None = None) -> "pd.Series[Any]":
        """Return where the satellite is: latitude, longitude and height over the ellipsoid.

        Args:
            at: an instant, UTC; the present if None. If the elements of the fleet are too old for
                the present, it is the middle of their epochs, with a warning. In the past, the
                elements are the newest ones of before.

        Raises:
            DataError: the satellite had decayed or was not launched, or has no elements.

        >>> import spacex
        >>> satellite = spacex.satellite(spacex.fleet()["norad_cat_id"].min())
        >>> print(satellite.now(at="2026-08-22T12:00Z")["height_km"].round(1))
        552.1
        """
        elements, when = self._elements(at), fleet_instant(self.database, at)
        found = fleet_positions.positions(elements, when)
        return finished(found, self.database).iloc[0].rename(self.name)

    def track(self, hours: float = 2, *, start: When | None = None) -> MapFrame:
        """Return the ground track of the satellite, in segments that do not cross the antimeridian.

        Args:
            hours: length, h.
            start: the first instant; the present if None.

        Raises:
            DataError: as `now`, or SGP4 fails within the track.

        >>> import spacex
        >>> satellite = spacex.satellite(spacex.fleet()["norad_cat_id"].min())
        >>> satellite.track(hours=3, start="2026-08-22T12:00Z")["segment"].nunique()
        2
        """
        elements, begin = self._elements(start), fleet_instant(self.database, start)
        return finished(fleet_positions.track(elements, begin, hours), self.database)

    def passes(
        self,
        place: str | tuple[float, float] | Place,
        n: int = 5,
        *,
        visible: bool = False,
        start: When | None = None,
        min_elevation_deg: float = MIN_ELEVATION_DEG,
    ) -> pd.DataFrame:
        """Return the next passes of the satellite over a place, within ten days.

        Args:
            place: a city, "latitude, longitude" or a place.
            n: number of passes.
            visible: whether to leave out passes in daylight or in the shadow of the Earth.
            start: the first instant; the present if None.
            min_elevation_deg: least elevation of a pass.

        Raises:
            DataError: as `now`.
            SettingsError: the place is unknown, or an argument is out of range.

        >>> import spacex
        >>> satellite = spacex.satellite(spacex.fleet()["norad_cat_id"].min())
        >>> len(satellite.passes("Berlin", n=3, start="2026-08-22T12:00Z"))
        3
        """
        fleet_positions.require_number("n", n, most=_MOST_PASSES, whole=True)
        elements, where = self._elements(start), find_place(place)
        begin = fleet_instant(self.database, start)
        for days in _SEARCH_DAYS:
            found = fleet_positions.passes(elements, where, begin, 24 * days, min_elevation_deg)
            chosen = found[found["is_visible"]] if visible else found
            if len(chosen) >= n:
                break
        return finished(chosen.head(int(n)).reset_index(drop=True), self.database)

    def _elements(self, at: When | None) -> pd.DataFrame:
        """Return the elements of the satellite for an instant; None: the present.

        Raises:
            DataError: there are none, or the satellite had decayed or was not launched.
        """
        found = satellite_elements(self.database, self.norad_cat_id, at)
        if found.empty:
            raise DataError(f"{self.name} has no elements.", "Its position is not known.")
        row = found.iloc[0]
        date = "" if at is None else str(instant(at))[:10]
        if date and date < (row["launch_date"] or ""):
            raise DataError(f"{self.name} was launched on {row['launch_date']}.", "See `info`.")
        gone = row["decay_date"] if pd.isna(row["last_known_date"]) else None
        is_before = "" < date <= (gone or row["epoch_utc"][:10])
        if row["catalogue_status"] == "decayed" and not is_before:
            when = f" on {gone}" if gone else ""
            raise DataError(f"{self.name} decayed{when}.", "See `history`.")
        return found
