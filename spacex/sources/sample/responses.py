"""The sample as answers: what the r/SpaceX API would send, if the sample were its data."""

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import msgspec

from spacex.sources.sample.cores import cores
from spacex.sources.sample.launch_records import launches, payloads
from spacex.sources.sample.pads import landpads, launchpads
from spacex.sources.sample.record import Record
from spacex.sources.sample.rockets import rockets
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
"""The bundled stand-in for the r/SpaceX API, with the same endpoints."""

_HISTORY: dict[str, Callable[[], Iterator[Record]]] = {
    "rockets": rockets,
    "launchpads": launchpads,
    "landpads": landpads,
    "cores": cores,
    "payloads": payloads,
    "launches": launches,
}


def sample_responses(satellites: int | None = None, seed: int = 1) -> dict[str, Iterator[Record]]:
    """The records of every endpoint, by its name; each is made as it is asked for.

    Args:
        satellites: size of the simulated fleet; if None, the satellites that the catalogue counted
            in October 2021. The other endpoints do not depend on it.
        seed: what the chance in the fleet starts from.
    """
    return {name: _records(name, satellites, seed) for name in SAMPLE.endpoints}


def sample_response_bytes(endpoint: str, satellites: int | None = None, seed: int = 1) -> bytes:
    """The answer of one endpoint: a JSON array, the same bytes for the same arguments.

    Raises:
        SettingsError: the endpoint is unknown, or the fleet has no possible size.
    """
    (wanted,) = SAMPLE.select([endpoint])
    answer = BytesIO()
    _write(answer, _records(wanted.name, satellites, seed))
    return answer.getvalue()


def write_sample(directory: Path, satellites: int | None = None, seed: int = 1) -> list[Path]:
    """Write the answer of every endpoint to `<endpoint>.json` in a folder; returns the files.

    Raises:
        SettingsError: the fleet has no possible size.
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
    """Write records as a JSON array, one at a time, so that memory stays small."""
    encode = msgspec.json.Encoder().encode
    file.write(b"[")
    for place, record in enumerate(records):
        if place:
            file.write(b",")
        file.write(encode(record))
    file.write(b"]")
