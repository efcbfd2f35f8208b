"""Merge rockets, sites and boosters of two sources, under the archive's IDs.

Rows match as follows:

- rockets: the live source's name begins with the archive's (`Falcon 9 Block 5`, `Falcon 9`);
- launch sites: they are within one kilometre of each other;
- landing sites: they have the same short name;
- boosters: they have the same serial number.

The archive's row has precedence for rockets and sites. The live source's row has precedence for
boosters, because they continue to fly; the archive fills in their block.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from spacex.orbits.elements import Array
from spacex.transform import TidyTable
from spacex.transform.merge.run_tables import RunTables, coalesce, fill_gaps
from spacex.units import EARTH_RADIUS_KM

_SAME_SITE_KM = 1.0

Match = Callable[[pd.DataFrame, pd.DataFrame], "pd.Series[str]"]
"""Returns the archive's ID for each row of the live source's table, or null."""


def merge_places(run: RunTables) -> None:
    """Merge the rockets, sites and boosters of a run, and update the IDs of its launches."""
    for name, (key, match) in _MATCH.items():
        if pair := run.pair(name):
            archive, live = pair
            found = match(archive.frame, live.frame).astype(live.frame[key].dtype)
            ids = coalesce(found, live.frame[key])
            _rename(run, key, dict(zip(live.frame[key], ids, strict=True)))
            _merge(run, archive, replace(live, frame=live.frame.assign(**{key: ids})), key)


def _rename(run: RunTables, key: str, ids: dict[str, str]) -> None:
    for table in ("launches", "launch_cores"):
        live = run.live(table)
        if live and key in live.frame:
            run.set_frame(live, live.frame.assign(**{key: live.frame[key].replace(ids)}))


def _merge(run: RunTables, archive: TidyTable, live: TidyTable, key: str) -> None:
    """Keep one row per ID, from the source that has precedence."""
    rows = live.frame.drop_duplicates(key, keep="last")  # several rows may match one ID
    if key == "core_id":
        run.set(live.keep(fill_gaps(rows, archive.frame, key, ["block"])))
        run.set(archive.keep(archive.frame[~archive.frame[key].isin(rows[key])]))
    else:
        run.set(live.keep(rows[~rows[key].isin(archive.frame[key])]))


def _by_name(archive: pd.DataFrame, live: pd.DataFrame) -> "pd.Series[str]":
    known = archive.sort_values("name", key=lambda names: names.str.len(), ascending=False)

    def find(name: str) -> str | None:
        matches = (row for row in known.itertuples() if name.startswith(str(row.name)))
        return next((str(row.rocket_id) for row in matches), None)

    return live["name"].map(find)


def _by_text(name: str, key: str) -> Match:
    def match(archive: pd.DataFrame, live: pd.DataFrame) -> "pd.Series[str]":
        ids = dict(zip(archive[name].str.lower(), archive[key], strict=True))
        return live[name].str.lower().map(ids)

    return match


def _by_distance(archive: pd.DataFrame, live: pd.DataFrame) -> "pd.Series[str]":
    distance = _distance_km(_coordinates(live)[:, None], _coordinates(archive)[None])
    nearest = np.where(np.isnan(distance), np.inf, distance).argmin(axis=1)
    is_near = distance[np.arange(len(live)), nearest] <= _SAME_SITE_KM
    ids = archive["launchpad_id"].to_numpy()[nearest]
    return pd.Series(np.where(is_near, ids, None), live.index)


def _coordinates(sites: pd.DataFrame) -> Array:
    """Return latitude and longitude, rad, shape (n, 2)."""
    degrees = sites[["latitude_deg", "longitude_deg"]].to_numpy(np.float64)
    return np.asarray(np.radians(degrees))


def _distance_km(a: Array, b: Array) -> Array:
    """Return great-circle distances by the haversine formula, km."""
    latitude, longitude = (a - b)[..., 0], (a - b)[..., 1]
    chord = (
        np.sin(latitude / 2) ** 2
        + np.cos(a[..., 0]) * np.cos(b[..., 0]) * np.sin(longitude / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord)))


_MATCH: dict[str, tuple[str, Match]] = {
    "rockets": ("rocket_id", _by_name),
    "launchpads": ("launchpad_id", _by_distance),
    "landpads": ("landpad_id", _by_text("name", "landpad_id")),
    "cores": ("core_id", _by_text("serial", "core_id")),
}
