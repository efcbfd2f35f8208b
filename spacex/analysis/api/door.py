"""A published database as an object: launches, boosters, satellites, positions and passes."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pandas as pd

from spacex.analysis import history
from spacex.analysis.api import fleet_positions
from spacex.analysis.api.elements_at import IN_ORBIT, fleet_elements, fleet_instant
from spacex.analysis.api.fleet_on_date import fleet_on_date
from spacex.analysis.api.map_frame import MapFrame
from spacex.analysis.api.names import find_number, table_name
from spacex.analysis.api.provenance import finished, provenance, read, warn_once, with_origin
from spacex.analysis.api.result_columns import result_columns
from spacex.analysis.api.satellite import Satellite
from spacex.analysis.api.typed_frames import typed_result
from spacex.analysis.queries import Parameters, Value, query
from spacex.errors import DatabaseError, UnusableDatabaseError
from spacex.extract.as_of import Date
from spacex.orbits.cities import find_place
from spacex.orbits.instants import When
from spacex.orbits.passes import MIN_ELEVATION_DEG
from spacex.orbits.place import Place
from spacex.schema import TABLES
from spacex.schema.starlink import STARLINK_ELEMENTS
from spacex.settings import settings
from spacex.warehouse.connection import reading

_PAYLOAD = ", ".join(
    f"{'i' if column.name == 'launch_id' else 'p'}.{column.name}"
    for column in TABLES["payloads"].columns
)
"""SQL: the columns of a payload, with the launch that lists it."""

_ANOTHER = "Name a database that this release built; runs rebuild only that of the data folder."
"""What to do about a file that is no usable database, and not the one that runs publish."""


def open_database(path: Path | str) -> "Database":
    """Return a database by its path, with the methods of `import spacex`.

    Raises:
        DatabaseError: there is none, it is damaged, or it has another schema version.

    >>> import spacex
    >>> database = spacex.open(spacex.about()["database"])
    >>> len(database.launches()) == len(spacex.launches())
    True
    """
    try:
        with reading(path):
            return Database(Path(path).expanduser().absolute())
    except UnusableDatabaseError as error:
        if isinstance(path, str | os.PathLike) and Path(path) != settings().database:
            raise DatabaseError(error.message, _ANOTHER) from None  # no run rebuilds it
        raise


def published() -> "Database":
    """Return the published database of the settings, which need not exist yet."""
    return Database(settings().database)


@dataclass(frozen=True)
class Database:
    """A published database.

    Each method that returns a frame gives its columns the types of the schema, and puts the origin
    of the data into `attrs`: `sources` with the dates of their data, `coverage`, `run_id`,
    `is_simulated` and `units`. The first one warns if the data are simulated or stale.

    Attributes:
        path: the file.
    """

    path: Path

    def about(self) -> dict[str, Any]:
        """Return the origin of the data: run, sources with their dates, and coverage.

        >>> import spacex
        >>> spacex.about()["coverage"]["launches"]
        {'sample': [('2006-01-01T00:00:00Z', '2025-11-28T18:43:00Z')]}
        """
        return provenance(self.path)

    def launches(self) -> pd.DataFrame:
        """Return the launches, one row each, by date; planned ones are not `is_flown`.

        >>> import spacex
        >>> launches = spacex.launches()
        >>> launches[launches["is_flown"]]["rocket"].value_counts().to_dict()
        {'Falcon 9': 569, 'Falcon Heavy': 11, 'Starship': 11, 'Falcon 1': 5}
        """
        return read(self.path, "SELECT * FROM v_launches ORDER BY date_utc, launch_id")

    def boosters(self) -> pd.DataFrame:
        """Return the boosters, one row each with its flights and landings, most flights first.

        >>> import spacex
        >>> spacex.boosters()[["serial", "flights"]].head(1).to_dict("records")
        [{'serial': 'B1067', 'flights': 31}]
        """
        return read(self.path, "SELECT * FROM v_boosters ORDER BY flights DESC, serial")

    def landings(self) -> pd.DataFrame:
        """Return the flights of boosters on past launches, one row each, with their landings.

        >>> import spacex
        >>> spacex.landings()["landing"].value_counts().to_dict()
        {'unknown': 426, 'landed': 149, 'expended': 25, 'missed': 13, 'lost': 5}
        """
        return read(self.path, "SELECT * FROM v_landings ORDER BY date_utc, launch_id, core_index")

    def payloads(self) -> pd.DataFrame:
        """Return the payloads, one row for each launch that lists one.

        >>> import spacex
        >>> spacex.payloads()[["name", "mass_kg"]].head(1).to_dict("records")
        [{'name': 'FalconSat', 'mass_kg': 20.0}]
        """
        return read(
            self.path,
            f"""SELECT l.name AS launch, l.date_utc, l.launch_designator, {_PAYLOAD}
                FROM payloads p LEFT JOIN launch_payloads i USING (payload_id)
                LEFT JOIN launches l ON l.launch_id = i.launch_id
                ORDER BY date_utc, payload_id""",
        )

    def satellites(self) -> pd.DataFrame:
        """Return every catalogued satellite, one row each, decayed ones included.

        >>> import spacex
        >>> spacex.satellites()["catalogue_status"].value_counts().to_dict()
        {'in orbit': 1575, 'decayed': 225, 'unlisted': 0}
        """
        return read(self.path, "SELECT * FROM v_starlink ORDER BY norad_cat_id")

    def fleet(self, on: Date | None = None) -> pd.DataFrame:
        """Return the satellites in orbit, one row each, with their elements.

        The fleet of a date is that of the newest GP list then, whose instant is in
        `attrs["observed_utc"]` and, as the date of its source, in `attrs["sources"]`. Elements,
        altitude, `orbit_status` and `shell` are those of that list. Name, version, launch and mass
        are what is known of the satellite now, and what became of it later is missing: decay,
        `until_date`, `last_listed_utc`.

        Args:
            on: a date, meaning its end, or an instant; the newest state of the data if None.

        Raises:
            DataError: there is no GP list of that time.
            SettingsError: the date is invalid.

        >>> import spacex
        >>> fleet = spacex.fleet()
        >>> len(fleet), int(fleet["mean_altitude_km"].round().median())
        (1575, 530)
        """
        if on is None:
            return read(self.path, f"SELECT * FROM v_starlink WHERE {IN_ORBIT}")
        fleet = finished(fleet_on_date(self.path, on), self.path)
        fleet.attrs["sources"] |= dict.fromkeys(fleet["source"], fleet.attrs["observed_utc"])
        return fleet

    def changes(self, since: Date = "") -> pd.DataFrame:
        """Return what changed between responses of the services, newest first.

        Args:
            since: a date, whose changes are included, or an instant; if empty, the changes of the
                newest responses.

        Raises:
            SettingsError: the date is invalid.

        >>> import spacex
        >>> len(spacex.changes(since="2025-05-25"))  # the sample has no history
        0
        """
        return finished(history.changes(self.path, since), self.path)

    def satellite(self, which: int | str) -> Satellite:
        """Return a satellite by its name, catalogue number or international designator.

        A former catalogue number finds it too, with a warning that names the number of now.

        Raises:
            DataError: there is no such satellite, or several have the name.

        >>> import spacex
        >>> name = spacex.fleet()["object_name"].iloc[0]
        >>> spacex.satellite(name.lower()).name == name
        True
        """
        number = find_number(self.path, which)
        sql = "SELECT object_name FROM starlink WHERE norad_cat_id = ?"
        name = query(self.path, sql, [number])["object_name"].iloc[0]
        if str(which).strip().isdecimal() and int(which) != number:
            warn_once(
                f"{int(which)} is another catalogue number of {name}, which has {number} now."
            )
        return Satellite(number, name, self.path)

    def positions(self, at: When | None = None) -> MapFrame:
        """Return where the satellites in orbit are: latitude, longitude and height.

        Args:
            at: an instant, UTC; the present if None. If the elements are too old for the present,
                it is the middle of their epochs, with a warning. Before the newest GP list, the
                fleet and its elements are those of the list before, if there is one.

        Returns:
            One row a satellite. Half of such predictions err by more than `error_km`, and one in
            ten by more than `error_high_km`; both are missing where no errors were measured, as of
            simulated orbits. `attrs["errors"]` tells what they were measured on.

        Raises:
            DataError: no satellite has elements.

        >>> import spacex
        >>> spacex.positions(at="2026-08-22T12:00Z").dtypes["instant_utc"]
        datetime64[us, UTC]
        """
        elements, when = fleet_elements(self.path, at), fleet_instant(self.path, at)
        found = fleet_positions.positions(elements, when)
        return finished(found, self.path)

    def passes(
        self,
        place: str | tuple[float, float] | Place,
        hours: float = 12,
        *,
        visible: bool = False,
        start: When | None = None,
        min_elevation_deg: float = MIN_ELEVATION_DEG,
    ) -> pd.DataFrame:
        """Return the passes of the fleet over a place, in the order of their culminations.

        Args:
            place: a city, "latitude, longitude" or a place.
            hours: length of the search, h.
            visible: whether to leave out passes in daylight or in the shadow of the Earth.
            start: the first instant, UTC; as `at` of `positions`.
            min_elevation_deg: least elevation of a pass.

        Returns:
            One row a pass, with the `magnitude` of a typical satellite of the version, ± 1, missing
            if unknown, and the number of the `train` among those that can be seen. The naked eye
            sees to about 6.5 in a dark place. The expected errors are those of `positions`; a pass
            is early or late by about `error_s`. `attrs["time_zone"]` is that of the city.

        Raises:
            SettingsError: the place is unknown.
            DataError: no satellite has elements.

        >>> import spacex
        >>> passes = spacex.passes("Berlin", hours=1, start="2026-08-22T12:00Z")
        >>> passes["culmination_utc"].dt.tz_convert(passes.attrs["time_zone"]).dtype
        datetime64[us, Europe/Berlin]
        """
        where = find_place(place)
        elements, begin = fleet_elements(self.path, start), fleet_instant(self.path, start)
        found = fleet_positions.passes(elements, where, begin, hours, min_elevation_deg)
        chosen = found[found["is_visible"]].reset_index(drop=True) if visible else found
        return finished(chosen, self.path)

    def sql(self, statement: str, *parameters: Value | Parameters) -> pd.DataFrame:
        """Return the rows of a SELECT statement, run read-only.

        A column that is taken from one of a table or view has its declared type, whatever its name
        in the result. One that is computed, such as `sum(is_flown)`, has the type of its values:
        numbers are never flags. Computed text of which every value is an instant or a date in the
        form of the database, such as `max(date_utc)`, has their type.

        Args:
            statement: SQL, with `?` or `:name` for each parameter.
            parameters: the values of each `?`, also as one list; or a dictionary, by name.

        Raises:
            QueryError: the statement is wrong; the message names what is meant.

        >>> import spacex
        >>> spacex.sql("SELECT name FROM v_launches WHERE rocket = ? LIMIT 1", "Falcon 1")
                name
        0  FalconSat
        >>> spacex.sql("SELECT sum(is_flown) AS n FROM v_launches WHERE year = :y", {"y": 2006})
           n
        0  1
        """
        values = _parameters(parameters)
        found = query(self.path, statement, values)
        return with_origin(typed_result(found, result_columns(statement, values)), self.path)

    def table(self, name: str) -> pd.DataFrame:
        """Return all rows of a table or view of the data dictionary.

        Raises:
            QueryError: there is no such table or view.

        >>> import spacex
        >>> spacex.table("v_fleet_growth").dtypes["in_orbit"]
        Int64Dtype()
        """
        if table_name(name) == STARLINK_ELEMENTS.name:  # most are in the archive
            return finished(history.elements(self.path), self.path)
        return read(self.path, f"SELECT * FROM {table_name(name)}")


def _parameters(given: tuple[Value | Parameters, ...]) -> Parameters:
    """Return the parameters of a statement, given one by one, as a list, or by name."""
    if len(given) == 1 and isinstance(given[0], list | tuple | Mapping):
        return given[0]
    return cast("tuple[Value, ...]", given)
