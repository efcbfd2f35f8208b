"""Merge rockets, sites and boosters of several sources, under the ID of the first that has them.

Rows match as follows:

- rockets: their name begins with the known one (`Falcon 9 Block 5`, `Falcon 9`);
- launch sites: they are within one kilometre of each other;
- landing sites: they have the same short name;
- boosters: they have the same serial number.

The archive's row has precedence for rockets and sites. Launch Library's row has precedence for
boosters, because they continue to fly; the archive fills in their block.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from spacex.orbits.elements import Array
from spacex.sources import LAUNCHLIBRARY
from spacex.transform import TidyTable
from spacex.transform.merge.run_tables import RunTables, coalesce, fill_gaps
from spacex.units import EARTH_RADIUS_KM

_SAME_SITE_KM = 1.0

Match = Callable[[pd.DataFrame, pd.DataFrame], "pd.Series[str]"]
"""Returns the ID of the known row that matches each row of a source's table, or null."""


@dataclass(frozen=True)
class _Rule:
    """How the rows of a table are merged.

    Attributes:
        key: the key of the table.
        match: finds the matching rows.
        precedence: the source whose rows come first; empty for the order of the sources.
        fill: columns whose gaps are filled from rows of lower precedence.
    """

    key: str
    match: Match
    precedence: str = ""
    fill: Sequence[str] = ()


def merge_places(run: RunTables) -> None:
    """Merge the rockets, sites and boosters of a run, and update the IDs of its launches."""
    for name, rule in _RULES.items():
        known = pd.DataFrame()
        for table in run.all_of(name):
            if not known.empty:
                table = _renamed(run, table, known, rule)  # noqa: PLW2901 - under the known IDs
            rows = table.frame.drop_duplicates(rule.key, keep="last")  # several may match one ID
            run.set(table.keep(rows))
            is_new = ~rows[rule.key].isin(known.get(rule.key, []))
            known = pd.concat([known, rows[is_new]]) if len(known) else rows
        _keep_one_row_each(run, name, rule)


def _renamed(run: RunTables, table: TidyTable, known: pd.DataFrame, rule: _Rule) -> TidyTable:
    """Return the table of a source with the known IDs, which its launches get as well."""
    own = table.frame[rule.key]
    ids = coalesce(rule.match(known, table.frame).astype(own.dtype), own)
    renamed = dict(zip(own, ids, strict=True))
    for name in ("launches", "launch_cores"):
        child = run.get(name, table.source)
        if child and rule.key in child.frame:
            values = child.frame[rule.key].replace(renamed)
            run.set_frame(child, child.frame.assign(**{rule.key: values}))
    return replace(table, frame=table.frame.assign(**{rule.key: ids}))


def _keep_one_row_each(run: RunTables, name: str, rule: _Rule) -> None:
    """Keep one row per ID, from the source that has precedence."""
    tables = sorted(run.all_of(name), key=lambda table: table.source != rule.precedence)
    for position, table in enumerate(tables):
        rows = table.frame
        for other in tables[position + 1 :] if rule.fill else ():
            rows = fill_gaps(rows, other.frame, rule.key, rule.fill)
        for other in tables[:position]:
            rows = rows[~rows[rule.key].isin(other.frame[rule.key])]
        run.set(table.keep(rows))


def _by_name(known: pd.DataFrame, new: pd.DataFrame) -> "pd.Series[str]":
    ordered = known.sort_values("name", key=lambda names: names.str.len(), ascending=False)

    def find(name: str) -> str | None:
        matches = (row for row in ordered.itertuples() if name.startswith(str(row.name)))
        return next((str(row.rocket_id) for row in matches), None)

    return new["name"].map(find)


def _by_text(name: str, key: str) -> Match:
    def match(known: pd.DataFrame, new: pd.DataFrame) -> "pd.Series[str]":
        ids = dict(zip(known[name].str.lower(), known[key], strict=True))
        return new[name].str.lower().map(ids)

    return match


def _by_distance(known: pd.DataFrame, new: pd.DataFrame) -> "pd.Series[str]":
    distance = _distance_km(_coordinates(new)[:, None], _coordinates(known)[None])
    nearest = np.where(np.isnan(distance), np.inf, distance).argmin(axis=1)
    is_near = distance[np.arange(len(new)), nearest] <= _SAME_SITE_KM
    ids = known["launchpad_id"].to_numpy()[nearest]
    return pd.Series(np.where(is_near, ids, None), new.index)


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


_RULES = {
    "rockets": _Rule("rocket_id", _by_name),
    "launchpads": _Rule("launchpad_id", _by_distance),
    "landpads": _Rule("landpad_id", _by_text("name", "landpad_id")),
    "cores": _Rule("core_id", _by_text("serial", "core_id"), LAUNCHLIBRARY.name, ("block",)),
}
