"""Passes over a place: validate the visitor's query, compute the passes and cache them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from spacex.dashboard.pages.fleet_filters import SATELLITE, selected_in_orbit, selected_instant
from spacex.dashboard.pages.fleet_model import Fleet, read_fleet
from spacex.dashboard.pages.passes import passes_charts
from spacex.dashboard.ui.view import View
from spacex.errors import SpacexError
from spacex.orbits.cities import CITIES
from spacex.orbits.earth import earth_fixed_km
from spacex.orbits.passes import LEAST_REV_PER_DAY, MIN_ELEVATION_DEG, find_passes
from spacex.orbits.place import Place
from spacex.orbits.propagation import propagate
from spacex.units import counted

HOME = "Berlin"
HOURS = 2.0
LONGEST_HOURS = 72.0
SATELLITE_HOURS = 24_000.0
"""Most satellites times hours searched at once, which takes a second or two."""

MAX_LISTED = 100
"""Passes listed; all are counted."""

PATHS = 8
"""Passes whose paths are drawn."""

PATH_POINTS = 25
NO_FLEET = "The database contains no orbital elements, so there are no passes to compute."
LABELS = {
    "lat": "Latitude (°, north positive)",
    "lon": "Longitude (°, east positive)",
    "above": "Minimum elevation (°)",
    "hours": "Duration (hours)",
}
NO_PASSES = pd.DataFrame(
    columns=[
        *("norad_cat_id", "rise_utc", "culmination_utc", "set_utc"),
        *("rise_azimuth_deg", "culmination_azimuth_deg", "set_azimuth_deg"),
        *("culmination_elevation_deg", "culmination_range_km"),
        *("is_sunlit", "is_dark_sky", "is_visible", "name", "sight", "pass"),
    ]
)


@dataclass(frozen=True)
class PassQuery:
    """The search for passes over a place; `problems` has a sentence for each invalid number."""

    latitude_deg: float
    longitude_deg: float
    min_elevation_deg: float
    hours: float
    is_visible_only: bool
    problems: tuple[str, ...]

    @classmethod
    def from_view(cls, view: View) -> "PassQuery":
        """Read the query from the page's address; missing numbers have their defaults."""
        problems: list[str] = []
        home = CITIES[HOME]
        return cls(
            latitude_deg=_number(view, "lat", home.latitude_deg, (-90, 90), problems),
            longitude_deg=_number(view, "lon", home.longitude_deg, (-180, 180), problems),
            min_elevation_deg=_number(view, "above", MIN_ELEVATION_DEG, (0, 89), problems),
            hours=_number(view, "hours", HOURS, (0.1, LONGEST_HOURS), problems),
            is_visible_only=view["only"] == "visible",
            problems=tuple(problems),
        )


@dataclass(frozen=True, eq=False)
class PassResult:
    """The passes found, in order of culmination.

    Attributes:
        passes: the first `MAX_LISTED`: columns of `Passes.frame`, `name`, `sight` and `pass`.
        hours: duration of the search, which may be shorter than requested.
        notes: restrictions of the result, or why there is none.
    """

    passes: pd.DataFrame
    total: int = 0
    start: np.datetime64 = field(default_factory=lambda: np.datetime64("NaT"))
    hours: float = 0.0
    satellites: int = 0
    notes: tuple[str, ...] = ()


def find_passes_for(view: View) -> PassResult:
    """Return the passes the view selects; errors become notes of an empty result."""
    fleet, query = read_fleet(view.database.path), PassQuery.from_view(view)
    if fleet is None:
        return PassResult(NO_PASSES, notes=(NO_FLEET,))
    if query.problems:
        return PassResult(NO_PASSES, notes=query.problems)
    rows = _rows(view, fleet)
    if not len(rows):
        return PassResult(NO_PASSES, notes=("No satellite in low orbit is selected.",))
    try:
        return _search(fleet, query, selected_instant(view, fleet), rows)
    except SpacexError as error:
        return PassResult(NO_PASSES, notes=(str(error),))


def paths(view: View, result: PassResult) -> pd.DataFrame:
    """Return the sky paths of the first passes: `type`, `geometry`, `pass`, `sight`."""
    fleet, query = read_fleet(view.database.path), PassQuery.from_view(view)
    first = result.passes.head(PATHS)
    if fleet is None or first.empty:
        return pd.DataFrame(columns=["type", "geometry", "pass", "sight"])
    place = Place(query.latitude_deg, query.longitude_deg)
    columns = zip(first["norad_cat_id"], first["rise_utc"], first["set_utc"], strict=True)
    shapes = [_path(fleet, place, str(number), start, end) for number, start, end in columns]
    return first[["pass", "sight"]].assign(type="Feature", geometry=pd.Series(shapes))


def _number(
    view: View, name: str, default: float, bounds: tuple[float, float], problems: list[str]
) -> float:
    text = view[name].strip().replace(",", ".").replace("\N{MINUS SIGN}", "-")
    try:
        value = float(text) if text else default
    except ValueError:
        value = float("nan")
    low, high = bounds
    if not low <= value <= high:
        problems.append(f"{LABELS[name]}: enter a number from {low:g} to {high:g}.")
    return value


def _rows(view: View, fleet: Fleet) -> tuple[int, ...]:
    """Return the row of the selected satellite, or of all filtered ones; in low orbit only."""
    row = fleet.rows.get(view[SATELLITE.name])
    rows = np.flatnonzero(selected_in_orbit(view, fleet)) if row is None else np.array([row])
    is_low = fleet.elements.mean_motion_rev_per_day[rows] >= LEAST_REV_PER_DAY
    return tuple(rows[is_low].tolist())


@lru_cache(maxsize=4)
def _search(
    fleet: Fleet, query: PassQuery, start: np.datetime64, rows: Sequence[int]
) -> PassResult:
    hours = min(query.hours, max(SATELLITE_HOURS / len(rows), 0.1))
    end = start + np.timedelta64(round(hours * 3600), "s")
    place = Place(query.latitude_deg, query.longitude_deg)
    elements = fleet.elements.select(np.array(rows))
    passes = find_passes(elements, place, start, end, query.min_elevation_deg).frame()
    if query.is_visible_only:
        passes = passes[passes["is_visible"]]
    notes = _notes(query, hours, len(rows), len(passes))
    listed = _named(passes.head(MAX_LISTED).reset_index(drop=True), fleet)
    return PassResult(listed, len(passes), start, hours, len(rows), notes)


def _notes(query: PassQuery, hours: float, satellites: int, total: int) -> tuple[str, ...]:
    notes = []
    if hours < query.hours:
        notes.append(
            f"With {counted(satellites, 'satellite')}, the search is limited to {hours:.1f} hours. "
            "Select a shell or one satellite to search further ahead."
        )
    if total > MAX_LISTED:
        notes.append(f"The first {MAX_LISTED} of {total:,} passes are shown.")
    return tuple(notes)


def _named(passes: pd.DataFrame, fleet: Fleet) -> pd.DataFrame:
    """Add each satellite's `name`, `sight` in words, and `pass`, the name and time together."""
    names = pd.Series(
        [fleet.labels[fleet.rows[str(number)]] for number in passes["norad_cat_id"]], dtype=str
    )
    clock = pd.to_datetime(passes["culmination_utc"]).dt.strftime("%H:%M:%S UTC")
    sight = np.where(passes["is_visible"].to_numpy(bool), "visible", "not visible")
    return passes.assign(name=names, sight=sight, **{"pass": names + ", " + clock})


def _path(
    fleet: Fleet, place: Place, number: str, start: pd.Timestamp, end: pd.Timestamp
) -> dict[str, Any]:
    """Return the sky path of one satellite from rise to set, at even times."""
    satellite = fleet.elements.select(np.array([fleet.rows[number]]))
    when = pd.date_range(start, end, PATH_POINTS).to_numpy("datetime64[us]")
    look = place.look(earth_fixed_km(propagate(satellite, when).position_km[0], when))
    return passes_charts.line(look.azimuth_deg.tolist(), look.elevation_deg.tolist())
