"""Invented records in the formats of CelesTrak and Launch Library."""

import json
from functools import partial
from typing import Any

from spacex.sources.record import Record


def omm(number: int = 100_001, /, **fields: Any) -> Record:
    """Return an OMM record of one satellite."""
    record = {
        "OBJECT_NAME": f"STARLINK-{number}",
        "OBJECT_ID": "2026-001A",
        "EPOCH": "2026-11-25T06:00:00.123456",
        "MEAN_MOTION": 15.06,
        "ECCENTRICITY": 0.00015,
        "INCLINATION": 53.05,
        "RA_OF_ASC_NODE": 120.5,
        "ARG_OF_PERICENTER": 80.25,
        "MEAN_ANOMALY": 30.125,
        "EPHEMERIS_TYPE": 0,
        "CLASSIFICATION_TYPE": "U",
        "NORAD_CAT_ID": number,
        "ELEMENT_SET_NO": 999,
        "REV_AT_EPOCH": 100,
        "BSTAR": -2.1e-05,
        "MEAN_MOTION_DOT": -5.95e-06,
        "MEAN_MOTION_DDOT": 0,
    }
    return record | fields


def omm_json(*records: Record) -> bytes:
    """Return records as a GP response."""
    return json.dumps(records).encode()


def launch(name: str, net: str = "2026-10-20T07:25:16Z", /, **fields: Any) -> Record:
    """Return a launch in version 2.3.0: a Falcon 9 from SLC-40 that landed at sea."""
    return {
        "id": f"id of {name}",
        "name": f"Falcon 9 Block 5 | {name}",
        "launch_designator": None,
        "status": {"id": 3, "name": "Launch Successful", "abbrev": "Success"},
        "last_updated": "2026-11-20T09:00:00Z",
        "net": net,
        "net_precision": {"id": 1, "name": "Minute", "abbrev": "MIN"},
        "launch_service_provider": {"id": 121, "name": "SpaceX"},
        "rocket": rocket(stage()),
        "mission": {"description": "A batch of 27 satellites", "orbit": {"abbrev": "LEO"}},
        "pad": {
            "id": 80,
            "name": "Space Launch Complex 40",
            "active": True,
            "latitude": 28.56194122,
            "longitude": -80.57735736,
            "location": {"name": "Cape Canaveral", "timezone_name": "America/New_York"},
        },
        "agency_launch_attempt_count": 700,
    } | fields


def rocket(*stages: Record) -> Record:
    """Return a Falcon 9 with the flights of its boosters."""
    configuration = {"id": 164, "name": "Falcon 9", "active": True}
    return {"configuration": configuration, "launcher_stage": list(stages)}


def stage(serial: str = "B1067", flight: int = 37, /, **fields: Any) -> Record:
    """Return the flight of a booster in version 2.3.0."""
    return {
        "type": "Core",
        "reused": flight > 1,
        "launcher_flight_number": flight,
        "launcher": {
            "id": int("0" + "".join(filter(str.isdigit, serial))),
            "serial_number": serial,
            "status": {"id": 1, "name": "Active"},
            "flights": flight,
        },
        "landing": {
            "attempt": True,
            "success": True,
            "landing_location": {"id": 17, "abbrev": "ASOG", "name": "A Shortfall of Gravitas"},
            "type": {"id": 1, "abbrev": "ASDS"},
        },
        "turn_around_time": "P27DT12H0M0S",
    } | fields


def upcoming(name: str, net: str = "2027-01-05T00:00:00Z", /, **fields: Any) -> Record:
    """Return an upcoming launch."""
    status = {"id": 1, "name": "Go for Launch", "abbrev": "Go"}
    return launch(name, net, status=status, **fields)


early_omm = partial(omm, EPOCH="2026-11-01T06:00:00.123456")
"""Returns an OMM record for lists from the first of November on."""


GP_LISTS = {
    date: omm_json(*(early_omm(number) for number in numbers))
    for date, numbers in {
        "2026-11-01": range(100_000, 100_010),
        "2026-11-02": (*range(100_000, 100_008), *range(200_000, 200_005)),
        "2026-11-03": (*range(100_000, 100_008), *range(200_000, 200_004), 100_009),
    }.items()
}
"""Three GP lists. On the second day two of ten satellites are unlisted and five are new; on the
third day one of these is unlisted and one returns."""
