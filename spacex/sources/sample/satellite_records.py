"""Records of the simulated satellites, marked by name, number, originator and comment."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spacex.orbits.elements import (
    Instants,
    apogee_altitude_km,
    perigee_altitude_km,
    period_min,
)
from spacex.sources.record import Record
from spacex.sources.sample import facts
from spacex.sources.sample.hardware_records import record_id
from spacex.sources.sample.simulated_fleet import Fleet, Roster, launch_days, simulated_fleet

FIRST_NORAD_CAT_ID = 200_001
"""The first catalogue number, far above those of real objects."""

_FIRST_NAME = 1001

_FIRST_LAUNCH = 901
"""The first launch number in designators, which no year has reached; one per launch."""

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""The letters of COSPAR designators, without I and O."""

_CHUNK = 10_000
"""Satellites converted to Python objects at once, to limit memory."""

_COMMON = {
    "CCSDS_OMM_VERS": "2.0",
    "COMMENT": "SIMULATED: NOT A REAL SATELLITE",
    "ORIGINATOR": "SIMULATED",
    "CENTER_NAME": "EARTH",
    "REF_FRAME": "TEME",
    "TIME_SYSTEM": "UTC",
    "MEAN_ELEMENT_THEORY": "SGP4",
    "EPHEMERIS_TYPE": 0,
    "CLASSIFICATION_TYPE": "U",
    "ELEMENT_SET_NO": 999,
    "MEAN_MOTION_DDOT": 0,
    "OBJECT_TYPE": "PAYLOAD",
    "RCS_SIZE": "LARGE",
    "COUNTRY_CODE": "US",
    "FILE": 0,
    "TLE_LINE0": None,
    "TLE_LINE1": None,
    "TLE_LINE2": None,
}
"""The constant fields of an orbit message."""

Columns = dict[str, NDArray[Any]]


def starlink(satellites: int | None = None, seed: int = 1) -> Iterator[Record]:
    """Yield the records of a fleet; the arguments are those of `simulated_fleet`."""
    fleet = simulated_fleet(satellites, seed)
    for message, satellite in zip(_rows(_messages(fleet)), _rows(_states(fleet)), strict=True):
        yield {
            "spaceTrack": _COMMON | message,
            **satellite,
            "id": record_id("starlink", message["OBJECT_NAME"]),
        }


def _messages(fleet: Fleet) -> Columns:
    return _identity(fleet.roster) | _life(fleet) | _orbit(fleet)


def _identity(roster: Roster) -> Columns:
    number = np.arange(roster.launch.size)
    return {
        "OBJECT_NAME": np.array([f"SIMULATED-{_FIRST_NAME + each}" for each in number]),
        "OBJECT_ID": _designators(roster),
        "NORAD_CAT_ID": FIRST_NORAD_CAT_ID + number,
        "GP_ID": FIRST_NORAD_CAT_ID + number,
    }


def _life(fleet: Fleet) -> Columns:
    launched = launch_days()
    names = [facts.launches()[each.launch].launchpad for each in facts.starlink_launches()]
    sites = [facts.launchpads()[name].catalogue_site for name in names]
    launch, is_decayed = fleet.roster.launch, fleet.roster.is_decayed
    days = (fleet.elements.epoch_utc - launched[launch]) / np.timedelta64(1, "D")
    return {
        "LAUNCH_DATE": _text(launched)[launch],
        "SITE": np.array(sites)[launch],
        "DECAY_DATE": _none_where(~is_decayed, _text(fleet.day)),
        "DECAYED": is_decayed.astype(np.int64),
        "REV_AT_EPOCH": (days * fleet.elements.mean_motion_rev_per_day).astype(np.int64),
    }


def _orbit(fleet: Fleet) -> Columns:
    elements = fleet.elements
    semi_major_axis = elements.semi_major_axis_km
    return {
        "CREATION_DATE": _text(
            (elements.epoch_utc + np.timedelta64(8, "h")).astype("datetime64[s]")
        ),
        "EPOCH": _text(elements.epoch_utc),
        "MEAN_MOTION": elements.mean_motion_rev_per_day,
        "ECCENTRICITY": elements.eccentricity,
        "INCLINATION": elements.inclination_deg,
        "RA_OF_ASC_NODE": elements.raan_deg,
        "ARG_OF_PERICENTER": elements.arg_of_pericenter_deg,
        "MEAN_ANOMALY": elements.mean_anomaly_deg,
        "BSTAR": elements.bstar,
        "MEAN_MOTION_DOT": elements.mean_motion_dot,
        "SEMIMAJOR_AXIS": semi_major_axis.round(3),
        "PERIOD": period_min(elements.mean_motion_rev_per_day).round(3),
        "APOAPSIS": apogee_altitude_km(semi_major_axis, elements.eccentricity).round(3),
        "PERIAPSIS": perigee_altitude_km(semi_major_axis, elements.eccentricity).round(3),
    }


def _states(fleet: Fleet) -> Columns:
    """Return the fields beside the message; a decayed satellite has no position."""
    launches, launch = facts.starlink_launches(), fleet.roster.launch
    positions = {
        "height_km": fleet.subpoints.height_km,
        "latitude": fleet.subpoints.latitude_deg,
        "longitude": fleet.subpoints.longitude_deg,
        "velocity_kms": fleet.speed_km_s,
    }
    return {
        "launch": np.array([record_id("launch", each.launch) for each in launches])[launch],
        "version": np.array([_version(each.launch) for each in launches])[launch],
    } | {
        name: _none_where(fleet.roster.is_decayed, values.round(6))
        for name, values in positions.items()
    }


def _version(launch: str) -> str:
    """Return the satellite generation, from the name of the launch."""
    if "Demo" in launch:
        return "prototype"
    version = re.search(r"v\d\.\d", launch)
    return version[0] if version else "v1.0"


def _designators(roster: Roster) -> NDArray[np.str_]:
    """Return the COSPAR designators: launch year, launch number, and letters of the piece."""
    launches = [
        f"{launch.date.year}-{_FIRST_LAUNCH + number}"
        for number, launch in enumerate(facts.starlink_launches())
    ]
    letters = _pieces()
    pairs = zip(roster.launch, roster.piece, strict=True)
    return np.array([launches[launch] + letters[piece] for launch, piece in pairs])


@cache
def _pieces() -> list[str]:
    """Return the letters of pieces in order: A to Z, AA to ZZ, AAA to ZZZ."""
    return ["".join(letters) for n in (1, 2, 3) for letters in product(_LETTERS, repeat=n)]


def _none_where(condition: NDArray[np.bool_], values: NDArray[Any]) -> NDArray[Any]:
    objects = values.astype(object)
    objects[condition] = None
    return objects


def _text(instants: Instants) -> NDArray[np.str_]:
    return np.datetime_as_string(instants)


def _rows(columns: Columns) -> Iterator[Record]:
    """Yield a dictionary for each row of columns of equal length."""
    size = len(next(iter(columns.values())))
    for start in range(0, size, _CHUNK):
        chunk = [column[start : start + _CHUNK].tolist() for column in columns.values()]
        for values in zip(*chunk, strict=True):
            yield dict(zip(columns, values, strict=True))
