"""Rockets, sites and boosters: two sources' ids for the same thing made one.

The archive's id is kept where it has the thing. Things are the same

- rockets: where the names are the same, or the living source's begins with the archive's: its
  `Falcon 9 Block 5` is a `Falcon 9`;
- launch sites: where they are within a kilometre of each other, the nearest;
- landing sites: where their short names are the same;
- boosters: where their serial numbers are the same.

The archive's row is preferred for rockets and sites, the living source's for boosters, which go on
flying; of the archive's, a booster keeps its block.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from spacex.orbits.elements import Array
from spacex.transform import TidyTable
from spacex.transform.merge.run_tables import Tables, either, filled
from spacex.units import EARTH_RADIUS_KM

NEAR_KM = 1.0

Match = Callable[[pd.DataFrame, pd.DataFrame], "pd.Series[str]"]
"""Finds the archive's id for each row of a living source's table; null where it has none."""


def merge_places(run: Tables) -> None:
    """Make the ids of rockets, sites and boosters one throughout a run's tables."""
    for name, (key, match) in _MATCH.items():
        if both := run.pair(name):
            archive, living = both
            found = match(archive.frame, living.frame).astype(living.frame[key].dtype)
            ids = either(found, living.frame[key])
            _rename(run, key, dict(zip(living.frame[key], ids, strict=True)))
            _merge(run, archive, replace(living, frame=living.frame.assign(**{key: ids})), key)


def _rename(run: Tables, key: str, ids: dict[str, str]) -> None:
    for table in ("launches", "launch_cores"):
        living = run.living(table)
        if living and key in living.frame:
            run.set_frame(living, living.frame.assign(**{key: living.frame[key].replace(ids)}))


def _merge(run: Tables, archive: TidyTable, living: TidyTable, key: str) -> None:
    """Leave each thing one row: the preferred source's."""
    rows = living.frame.drop_duplicates(key, keep="last")  # two ids may have become one
    if key == "core_id":
        run.put(living.keep(filled(rows, archive.frame, key, ["block"])))
        run.put(archive.keep(archive.frame[~archive.frame[key].isin(rows[key])]))
    else:
        run.put(living.keep(rows[~rows[key].isin(archive.frame[key])]))


def _by_name(archive: pd.DataFrame, living: pd.DataFrame) -> "pd.Series[str]":
    known = archive.sort_values("name", key=lambda names: names.str.len(), ascending=False)

    def find(name: str) -> str | None:
        hits = (row for row in known.itertuples() if name.startswith(str(row.name)))
        found = next(hits, None)
        return None if found is None else str(found.rocket_id)

    return living["name"].map(find)


def _by_text(name: str, key: str) -> Match:
    def match(archive: pd.DataFrame, living: pd.DataFrame) -> "pd.Series[str]":
        ids = dict(zip(archive[name].str.lower(), archive[key], strict=True))
        return living[name].str.lower().map(ids)

    return match


def _by_place(archive: pd.DataFrame, living: pd.DataFrame) -> "pd.Series[str]":
    distance = _distance_km(_coordinates(living)[:, None], _coordinates(archive)[None])
    nearest = np.where(np.isnan(distance), np.inf, distance).argmin(axis=1)
    is_near = distance[np.arange(len(living)), nearest] <= NEAR_KM
    ids = archive["launchpad_id"].to_numpy()[nearest]
    return pd.Series(np.where(is_near, ids, None), living.index)


def _coordinates(sites: pd.DataFrame) -> Array:
    degrees = sites[["latitude_deg", "longitude_deg"]].to_numpy(np.float64)
    return np.asarray(np.radians(degrees))


def _distance_km(a: Array, b: Array) -> Array:
    """Great-circle distances by the haversine formula, km."""
    latitude, longitude = (a - b)[..., 0], (a - b)[..., 1]
    chord = (
        np.sin(latitude / 2) ** 2
        + np.cos(a[..., 0]) * np.cos(b[..., 0]) * np.sin(longitude / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord)))


_MATCH: dict[str, tuple[str, Match]] = {
    "rockets": ("rocket_id", _by_name),
    "launchpads": ("launchpad_id", _by_place),
    "landpads": ("landpad_id", _by_text("name", "landpad_id")),
    "cores": ("core_id", _by_text("serial", "core_id")),
}
