"""The sample as responses in the format of the r/SpaceX API."""

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import msgspec

from spacex.sources.record import Record
from spacex.sources.sample.hardware_records import (
    cores,
    landpads,
    launchpads,
    rockets,
)
from spacex.sources.sample.launch_records import launches, payloads
from spacex.sources.sample.satellite_records import starlink
from spacex.sources.source import Source
from spacex.sources.spacexdata import SPACEXDATA

SAMPLE = Source(
    name="sample",
    title="Bundled sample (a history of launches, and a simulated fleet)",
    licence="MIT, as this project",
    endpoints=SPACEXDATA.endpoints,
    is_simulated=True,
)
"""The bundled sample, with the endpoints of the r/SpaceX API."""

_HISTORY: dict[str, Callable[[], Iterator[Record]]] = {
    "rockets": rockets,
    "launchpads": launchpads,
    "landpads": landpads,
    "cores": cores,
    "payloads": payloads,
    "launches": launches,
}


def sample_responses(satellites: int | None = None, seed: int = 1) -> dict[str, Iterator[Record]]:
    """Return the lazily generated records of every endpoint, by name.

    Args:
        satellites: size of the simulated fleet; None: the number of satellites catalogued by
            October 2021. The other endpoints do not depend on it.
        seed: seed of the fleet's random numbers.
    """
    return {name: _records(name, satellites, seed) for name in SAMPLE.endpoints}


def sample_response_bytes(endpoint: str, satellites: int | None = None, seed: int = 1) -> bytes:
    """Return the response of one endpoint: a JSON array, the same bytes for the same arguments.

    Args:
        endpoint: name of the endpoint.
        satellites: as `sample_responses`.
        seed: as `sample_responses`.

    Raises:
        KeyError: the endpoint is unknown.
        SettingsError: the size of the fleet is invalid.
    """
    body = BytesIO()
    _write(body, _records(endpoint, satellites, seed))
    return body.getvalue()


def write_sample(directory: Path, satellites: int | None = None, seed: int = 1) -> list[Path]:
    """Write the response of every endpoint to `<endpoint>.json`, and return the files.

    Args:
        directory: the folder; it is created if missing.
        satellites: as `sample_responses`.
        seed: as `sample_responses`.

    Raises:
        SettingsError: the size of the fleet is invalid.
    """
    directory.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, records in sample_responses(satellites, seed).items():
        paths.append(directory / f"{name}.json")
        with paths[-1].open("wb") as file:
            _write(file, records)
    return paths


def _records(endpoint: str, satellites: int | None, seed: int) -> Iterator[Record]:
    return starlink(satellites, seed) if endpoint == "starlink" else _HISTORY[endpoint]()


def _write(file: BinaryIO, records: Iterable[Record]) -> None:
    """Write records as a JSON array, one at a time to limit memory."""
    encode = msgspec.json.Encoder().encode
    file.write(b"[")
    for number, record in enumerate(records):
        if number:
            file.write(b",")
        file.write(encode(record))
    file.write(b"]")
