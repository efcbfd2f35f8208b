"""The report on the selected satellite, its neighbours and its passes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from spacex.analysis import raising
from spacex.analysis.articles import satellite as report
from spacex.analysis.articles.words import day
from spacex.analysis.sightings import passes_over
from spacex.dashboard.pages.fleet_filters import selected_instant
from spacex.dashboard.pages.fleet_model import Fleet, read_fleet
from spacex.dashboard.pages.life_panels import remembered
from spacex.dashboard.pages.shell_slots import find_slots
from spacex.dashboard.ui.view import View
from spacex.files import Fingerprint, fingerprint
from spacex.orbits.cities import City
from spacex.orbits.instants import instant, seconds
from spacex.orbits.planes import NO_PLANE
from spacex.units import SECONDS_PER_DAY, counted, utc_now

SATELLITE = "satellite"
"""The name of the choice in the URL query."""
NEAREST = 3
"""Neighbours shown on each side."""
PASS_DAYS = 2
NO_PLANES = "The planes of its shell are not resolved, so its neighbours are not known."
STRAY = "It is in none of the occupied planes of its shell."


@dataclass(frozen=True)
class Neighbours:
    """The satellites beside one in its plane.

    Attributes:
        told: the plane in a sentence, or why there is none; empty if the satellite is in no shell.
        rows: `satellite`, `number`, `status`, `ahead_deg` and `ahead_s` of those nearest, the
            foremost first, itself included; empty if its plane is not known.
    """

    told: str
    rows: pd.DataFrame


def read_satellite(database: Path, which: str) -> report.SatelliteLife:
    """Return the report on a satellite, not older than a minute.

    Raises:
        DataError, DatabaseError: as `spacex.analysis.articles.satellite.satellite`.
    """
    if (known := _prepared.get((database, which))) is not None:
        return known
    minute = utc_now().replace(second=0, microsecond=0)
    return _read(database, fingerprint(database), which, minute)


_prepared: dict[tuple[Path, str], report.SatelliteLife] = {}


@contextmanager
def prepared(database: Path, numbers: Sequence[str]) -> Iterator[None]:
    """Read the reports on many satellites at once, for as long as their pages are made."""
    lives = report.satellites(database, numbers)
    _prepared.update({(database, number): life for number, life in lives.items()})
    try:
        yield
    finally:
        _prepared.clear()


def find(database: Path, which: str) -> str:
    """Return the catalogue number of a satellite; see `find_satellite`."""
    return which if (database, which) in _prepared else _find(database, which)


_find = remembered(report.find_satellite)


@lru_cache(maxsize=4)
def _read(
    database: Path, _fingerprint: Fingerprint | None, which: str, _minute: datetime
) -> report.SatelliteLife:
    return report.satellite(database, which)


def selected(view: View) -> report.SatelliteLife:
    """Return the report on the selected satellite."""
    return read_satellite(view.database.path, view[SATELLITE])


def row_in_orbit(view: View) -> tuple[Fleet, int] | None:
    """Return the fleet and the row of the satellite; None if it is lost or without elements."""
    fleet = read_fleet(view.database.path)
    row = fleet.rows.get(view[SATELLITE]) if fleet else None
    return None if fleet is None or row is None or not fleet.is_in_orbit[row] else (fleet, row)


def read_mates(view: View) -> pd.DataFrame:
    """Return the altitudes of its launch in each GP list."""
    designator = selected(view).record.get("launch_designator", "")
    return raising.profile(view.database.path, designator)


def beside_mates(view: View) -> str:
    """Return how far above or below its launch the satellite was last, in a sentence."""
    elements, mates = selected(view).elements, read_mates(view)
    if elements.empty or mates.empty:
        return "No GP list has its launch, so there is nothing to compare it with."
    newest, last = elements.iloc[-1], mates.iloc[-1]
    apart = pd.Timestamp(newest["epoch_utc"]) - pd.Timestamp(last["observed_utc"])
    if abs(apart) > pd.Timedelta(days=PASS_DAYS):
        return f"The newest GP list of its launch is of {day(last['observed_utc'])}."
    difference = newest["mean_altitude_km"] - last["median_altitude_km"]
    is_level = abs(difference) < 1
    words = "above" if difference > 0 else "below"
    where = "at" if is_level else f"{abs(difference):,.0f}\N{NO-BREAK SPACE}km {words}"
    others = counted(int(last["satellite_count"]), "satellite")
    return f"On {day(newest['epoch_utc'])} it was {where} the median of its launch, of {others}."


def neighbours(view: View) -> Neighbours:
    """Return the satellites beside the selected one in its plane."""
    nothing = Neighbours("", pd.DataFrame())
    found = row_in_orbit(view)
    if found is None:
        return nothing
    fleet, row = found
    shell = str(fleet.catalogue["shell"].iloc[row])
    if pd.isna(selected(view).record.get("shell")):
        return nothing
    slots = find_slots(fleet, shell)
    if slots is None or not slots.planes.count:
        return Neighbours(NO_PLANES, pd.DataFrame())
    numbers = slots.satellites["norad_cat_id"].to_numpy()
    here = int(np.flatnonzero(numbers == fleet.elements.norad_cat_id[row])[0])
    plane = int(slots.planes.label[here])
    if plane == NO_PLANE or not slots.planes.is_occupied[plane]:
        return Neighbours(STRAY, pd.DataFrame())
    is_in_plane = slots.planes.label == plane
    argument = slots.satellites["latitude_argument_deg"].to_numpy()
    lead = (argument - argument[here] + 180) % 360 - 180
    period = float(fleet.catalogue["period_min"].iloc[row])
    mates = [fleet.rows[str(each)] for each in numbers[is_in_plane]]
    table = fleet.catalogue.iloc[mates][["object_name", "norad_cat_id", "status"]]
    ahead_s = (lead[is_in_plane] * period / 6).round()  # 360° take the period, in minutes
    rows = table.assign(ahead_deg=lead[is_in_plane], ahead_s=ahead_s)
    rows = rows.rename(columns={"object_name": "satellite", "norad_cat_id": "number"})
    rows = rows.sort_values("ahead_deg", ascending=False).reset_index(drop=True)
    at = int(rows.index[rows["number"] == numbers[here]][0])
    near = rows.iloc[max(0, at - NEAREST) : at + NEAREST + 1]
    count = counted(int(is_in_plane.sum()), "satellite")
    sure = "" if slots.planes.is_certain else " The number of planes is uncertain."
    told = (
        f"It is in plane {plane + 1} of {slots.planes.count} found in the shell {shell}, with "
        f"{count}, itself included.{sure}"
    )
    return Neighbours(told, near.assign(number=near["number"].astype(str)))


def next_passes(view: View, place: City) -> pd.DataFrame:
    """Return the passes of the satellite over a place in the next PASS_DAYS, in order of time."""
    found = row_in_orbit(view)
    if found is None:
        return pd.DataFrame()
    fleet, row = found
    start = instant(selected_instant(view, fleet))
    end = start + seconds(PASS_DAYS * SECONDS_PER_DAY)
    return passes_over(fleet.satellites([row]), place, start, end)
