"""The fleet on a date, with the columns of the fleet of now."""

from pathlib import Path

import pandas as pd

from spacex.analysis import history
from spacex.analysis.queries import query
from spacex.extract.as_of import Date
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.shells import find_shells
from spacex.orbits.status import find_status

_NOT_KNOWN_THEN = (
    "last_listed_utc",
    "unlisted_since_utc",
    "decay_date",
    "decay_precision",
    "decay_is_uncertain",
    "decay_date_source",
    "fate",
    "last_known_date",
    "until_date",
    "unsure_date",
    "in_orbit_by_catalogue_utc",
    "is_presumed_decayed",
)
"""Columns of `v_starlink` on what became of a satellite later."""


def fleet_on_date(database: Path, on: Date) -> pd.DataFrame:
    """Return the satellites listed on a date: the columns of `v_starlink`.

    Elements, status and shell are those of the GP list of the date, and name, version, launch and
    mass those of the satellite's row of now. What became of it later is NULL.

    Returns:
        One row a satellite, as `history.fleet_on`, with the same `attrs`.

    Raises:
        SettingsError, DataError: as `history.fleet_on`.
    """
    listed = history.fleet_on(database, on)
    of_now = query(database, "SELECT * FROM v_starlink").set_index("norad_cat_id")
    fleet = of_now.reindex(listed["norad_cat_id"]).reset_index()
    elements = ElementSets.from_frame(listed)
    shells = find_shells(elements)
    launch = pd.to_datetime(fleet["launch_date"]).to_numpy("datetime64[D]")
    found = fleet.assign(
        **{name: listed[name] for name in fleet.columns.intersection(listed.columns)},
        mean_altitude_km=(listed["perigee_altitude_km"] + listed["apogee_altitude_km"]) / 2,
        orbit_status=find_status(elements, shells, launch_date=launch),
        shell=pd.Series(shells.label).map(dict(enumerate(shells.names()))),
        catalogue_status="in orbit",
        is_listed=1,
        **dict.fromkeys(_NOT_KNOWN_THEN),
    )[["norad_cat_id", *of_now.columns]]
    found.attrs |= listed.attrs
    return found
