"""The sample as responses in the format of the r/SpaceX API.

Only the satellites that never got a catalogue number are not in it: they have records without
number and elements.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from spacex.schema import TABLES
from spacex.sources.launch_facts import CREDIT, FLEET_DATE, LAST_COUNTED, LAST_LAUNCH
from spacex.sources.record import Record
from spacex.sources.sample.hardware_records import (
    cores,
    landpads,
    launchpads,
    rockets,
)
from spacex.sources.sample.histories import History, current_history
from spacex.sources.sample.launch_records import launches, payloads
from spacex.sources.sample.satellite_records import starlink
from spacex.sources.source import Source
from spacex.sources.spacexdata import SPACEXDATA, STARLINK


def _is_catalogued(record: Any) -> bool:
    """Return whether a satellite has a catalogue number; True if the record cannot be read."""
    message = record.get("spaceTrack") if isinstance(record, Mapping) else None
    return not isinstance(message, Mapping) or message.get("NORAD_CAT_ID", 0) is not None


_STARLINK = replace(
    STARLINK,
    mappings=tuple(
        mapping if mapping.table == "catalogue_objects" else replace(mapping, where=_is_catalogued)
        for mapping in STARLINK.mappings
    ),
)

SAMPLE = Source(
    name="sample",
    title="Bundled sample (true launches and numbers of satellites, simulated orbits)",
    licence=f"MIT, as this project; launches and numbers of satellites: {CREDIT}",
    endpoints={**SPACEXDATA.endpoints, STARLINK.name: _STARLINK},
    is_simulated=True,
    complete_until=LAST_COUNTED,
)
"""The bundled sample, with the endpoints of the r/SpaceX API."""

NOTE = (
    "The Starlink fleet is simulated: its numbers in orbit are true on "
    f"{FLEET_DATE:%-d %B %Y}, those by version within 1 %, those lost for launches to "
    f"{LAST_COUNTED:%-d %B %Y} only; its orbits and days of loss are made up. Launches are "
    f"true to {LAST_LAUNCH:%-d %B %Y}. Facts: GCAT by Jonathan McDowell (CC BY 4.0), "
    "Space-Track.org."
)
"""The note of a run of the sample."""

SIMULATED: dict[str, tuple[str, ...]] = {
    "starlink": (
        *("norad_cat_id", "starlink_id", "object_name", "object_id", "rcs_size", "decay_date"),
        *("epoch_utc", "latitude_deg", "longitude_deg", "height_km", "velocity_km_s"),
        *("orbit_status", "shell"),
    ),
    "catalogue_objects": (
        *("catalogue_id", "norad_cat_id", "object_name", "object_id", "rcs_size", "decay_date"),
    ),
    "starlink_elements": TABLES["starlink_elements"].column_names,
    "starlink_shells": TABLES["starlink_shells"].column_names,
}
"""Table → its columns with simulated values; IDs of all tables are made up as well.

The launch in a designator is true, its piece is not. A decay date is simulated, but as many
satellites of a launch had decayed by the days of `StarlinkLaunch.decayed` as is known.
"""

_HISTORY: dict[str, Callable[[History], Iterator[Record]]] = {
    "rockets": rockets,
    "launchpads": launchpads,
    "landpads": landpads,
    "cores": cores,
    "payloads": payloads,
    "launches": launches,
}


def sample_responses(
    satellites: int | None = None, seed: int = 1, history: History | None = None
) -> dict[str, Iterator[Record]]:
    """Return the lazily generated records of every endpoint, by name.

    Args:
        satellites: number of catalogued satellites in the simulated fleet; None: the true one. The
            other endpoints do not depend on it.
        seed: seed of the fleet's random numbers.
        history: the launches; None: those of `current_history`.
    """
    chosen = history or current_history()
    return {name: _records(name, satellites, seed, chosen) for name in SAMPLE.endpoints}


def sample_response_bytes(
    endpoint: str, satellites: int | None = None, seed: int = 1, history: History | None = None
) -> bytes:
    """Return the response of one endpoint: a JSON array, the same bytes for the same arguments.

    Args:
        endpoint: name of the endpoint.
        satellites: as `sample_responses`.
        seed: as `sample_responses`.
        history: as `sample_responses`.

    Raises:
        KeyError: the endpoint is unknown.
        SettingsError: the size of the fleet is invalid.
    """
    body = BytesIO()
    _write(body, _records(endpoint, satellites, seed, history or current_history()))
    return body.getvalue()


def write_sample(
    directory: Path, satellites: int | None = None, seed: int = 1, history: History | None = None
) -> list[Path]:
    """Write the response of every endpoint to `<endpoint>.json`, and return the files.

    Args:
        directory: the folder; it is created if missing.
        satellites: as `sample_responses`.
        seed: as `sample_responses`.
        history: as `sample_responses`.

    Raises:
        SettingsError: the size of the fleet is invalid.
    """
    directory.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, records in sample_responses(satellites, seed, history).items():
        paths.append(directory / f"{name}.json")
        with paths[-1].open("wb") as file:
            _write(file, records)
    return paths


def _records(
    endpoint: str, satellites: int | None, seed: int, history: History
) -> Iterator[Record]:
    if endpoint == STARLINK.name:
        return starlink(history, satellites, seed)
    return _HISTORY[endpoint](history)


def _write(file: BinaryIO, records: Iterable[Record]) -> None:
    """Write records as a JSON array, one at a time to limit memory."""
    encode = msgspec.json.Encoder().encode
    file.write(b"[")
    for number, record in enumerate(records):
        if number:
            file.write(b",")
        file.write(encode(record))
    file.write(b"]")
