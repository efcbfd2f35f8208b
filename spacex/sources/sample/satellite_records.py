"""Records of the simulated satellites, marked by name, number, originator and comment."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import count, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spacex.orbits.elements import (
    Instants,
    apogee_altitude_km,
    perigee_altitude_km,
    period_min,
)
from spacex.sources.launch_facts import FIRST_SIMULATED_LAUNCH, UNKNOWN
from spacex.sources.record import Record
from spacex.sources.sample import facts
from spacex.sources.sample.hardware_records import optional_id, record_id
from spacex.sources.sample.histories import History
from spacex.sources.sample.simulated_fleet import Fleet, Roster, launch_days, simulated_fleet

FIRST_NORAD_CAT_ID = 200_001
"""The first catalogue number, far above those of real objects."""

_FIRST_NAME = 1001

_LOST_AFTER = timedelta(days=5)
"""Age at which satellites decayed that never got a number."""


_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""The letters of COSPAR designators, without I and O. No launch with Starlinks has pieces of three
letters, so that the simulated ones, which start at AAA, are not those of real objects."""

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


def starlink(history: History, satellites: int | None = None, seed: int = 1) -> Iterator[Record]:
    """Yield the records of a fleet, and then those of the satellites that never got a number.

    Args:
        history: the launches and the fates of their satellites.
        satellites: number of catalogued satellites; None: the true one.
        seed: seed of the random numbers.
    """
    fleet, launches = simulated_fleet(history, satellites, seed), _launches(history)
    messages, states = _messages(fleet, launches), _states(fleet, launches)
    for message, state in zip(_rows(messages), _rows(states), strict=True):
        yield _record(message, state)
    no_message, no_state = dict.fromkeys(messages), dict.fromkeys(states)
    for message, state in _without_number(fleet.roster, launches):
        yield _record(no_message | message, no_state | state)


def _without_number(roster: Roster, launches: Columns) -> Iterator[tuple[Record, Record]]:
    """Yield what is known of the satellites that never got a number: message and state."""
    pieces = Counter(roster.launch.tolist())
    for number, (launch, version) in enumerate(roster.lost, start=roster.launch.size):
        of_launch = {name: column.tolist()[launch] for name, column in launches.items()}
        message = {
            "OBJECT_NAME": _name(number),
            "OBJECT_ID": f"{of_launch['designator']}{_pieces()[pieces[launch]]}",
            "LAUNCH_DATE": of_launch["LAUNCH_DATE"],
            "SITE": of_launch["SITE"],
            "DECAY_DATE": str(date.fromisoformat(of_launch["LAUNCH_DATE"]) + _LOST_AFTER),
            "DECAYED": 1,
        }
        yield message, {"launch": of_launch["launch"], "version": version}
        pieces[launch] += 1


def _record(message: Record, state: Record) -> Record:
    id_ = record_id("starlink", message["OBJECT_NAME"])
    return {"spaceTrack": _COMMON | message, **state, "id": id_}


def _launches(history: History) -> Columns:
    """Return the fields of the satellites of each launch, and its designator."""
    launchpads = {launch.name: launch.launchpad for launch in history.launches}
    names = history.starlink_names
    sites = [name and facts.launchpads()[launchpads[name]].catalogue_site for name in names]
    unknown = count(FIRST_SIMULATED_LAUNCH)
    return {
        "designator": np.array(
            [
                each.launch_designator or f"{each.launch_date.year}-{next(unknown)}"
                for each in history.starlink
            ]
        ),
        "LAUNCH_DATE": _text(launch_days(history)),
        "SITE": np.array(sites, dtype=object),
        "launch": np.array([optional_id("launch", name) for name in names], dtype=object),
    }


def _messages(fleet: Fleet, launches: Columns) -> Columns:
    return _identity(fleet.roster, launches) | _life(fleet, launches) | _orbit(fleet)


def _identity(roster: Roster, launches: Columns) -> Columns:
    number = np.arange(roster.launch.size)
    letters = np.array(_pieces()[: int(roster.piece.max()) + 1])
    return {
        "OBJECT_NAME": np.array([_name(each) for each in number.tolist()]),
        "OBJECT_ID": np.char.add(launches["designator"][roster.launch], letters[roster.piece]),
        "NORAD_CAT_ID": FIRST_NORAD_CAT_ID + number,
        "GP_ID": FIRST_NORAD_CAT_ID + number,
    }


def _name(number: int) -> str:
    return f"SIMULATED-{_FIRST_NAME + number}"


def _life(fleet: Fleet, launches: Columns) -> Columns:
    launch, is_decayed = fleet.roster.launch, fleet.roster.is_decayed
    launched = launches["LAUNCH_DATE"][launch].astype("datetime64[D]")
    days = (fleet.elements.epoch_utc - launched) / np.timedelta64(1, "D")
    return {
        "LAUNCH_DATE": launches["LAUNCH_DATE"][launch],
        "SITE": launches["SITE"][launch],
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


def _states(fleet: Fleet, launches: Columns) -> Columns:
    """Return the fields beside the message; a decayed satellite has no position."""
    positions = {
        "height_km": fleet.subpoints.height_km,
        "latitude": fleet.subpoints.latitude_deg,
        "longitude": fleet.subpoints.longitude_deg,
        "velocity_kms": fleet.speed_km_s,
    }
    return {
        "launch": launches["launch"][fleet.roster.launch],
        "version": _none_where(fleet.roster.version == UNKNOWN, fleet.roster.version),
    } | {
        name: _none_where(fleet.roster.is_decayed, values.round(6))
        for name, values in positions.items()
    }


@cache
def _pieces() -> list[str]:
    """Return the letters of pieces in order, AAA to ZZZ."""
    return ["".join(letters) for letters in product(_LETTERS, repeat=3)]


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
