"""The recorded fleets as element sets."""

import gzip
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from spacex.orbits.element_sets import ElementSets
from spacex.sources.tle import tle_records
from tests.recorded_orbits import FIELDS


@pytest.fixture(scope="session")
def celestrak(recorded_dir: Path) -> Callable[[str], ElementSets]:
    """Return a function from a day to its recorded Starlink fleet."""

    @cache
    def fleet(day: str) -> ElementSets:
        (path,) = recorded_dir.glob(f"celestrak*/starlink_{day}*.gz")
        text = gzip.decompress(path.read_bytes())
        is_tle = path.name.endswith(".tle.gz")
        records = pd.DataFrame(tle_records(text.decode(), day) if is_tle else json.loads(text))
        is_starlink = records["OBJECT_NAME"].str.startswith("STARLINK")
        return ElementSets.from_frame(records[is_starlink].rename(columns=FIELDS)).newest()

    return fleet


@pytest.fixture(scope="session")
def published(recorded_dir: Path) -> pd.DataFrame:
    """Return the recorded orbits of the r/SpaceX API, with the values Space-Track derives."""
    records = json.loads((recorded_dir / "spacexdata" / "starlink.json").read_bytes())
    return pd.DataFrame([record["spaceTrack"] for record in records]).rename(columns=FIELDS)
