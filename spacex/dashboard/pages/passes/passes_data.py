"""Passes over a place: what the visitor asks, checked, and the answer, worked out once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from spacex.dashboard.pages.fleet_filters import SATELLITE, chosen_of, fleet_if_any, instant_of
from spacex.dashboard.pages.fleet_model import Fleet
from spacex.dashboard.pages.passes import passes_charts
from spacex.dashboard.ui.view import View
from spacex.errors import SpacexError
from spacex.orbits.earth import earth_fixed_km
from spacex.orbits.passes import LEAST_REV_PER_DAY, MIN_ELEVATION_DEG, find_passes
from spacex.orbits.place import Place
from spacex.orbits.propagation import propagate

CITIES = {
    "Berlin": (52.52, 13.41),
    "Boca Chica": (25.99, -97.18),
    "Cape Town": (-33.92, 18.42),
    "Delhi": (28.61, 77.21),
    "Honolulu": (21.31, -157.86),
    "London": (51.51, -0.13),
    "Los Angeles": (34.05, -118.24),
    "Nairobi": (-1.29, 36.82),
    "New York": (40.71, -74.01),
    "Reykjavik": (64.15, -21.94),
    "São Paulo": (-23.55, -46.63),
    "Sydney": (-33.87, 151.21),
    "Tokyo": (35.68, 139.69),
}
HOME = "Berlin"
HOURS = 2.0
LONGEST_HOURS = 72.0
SATELLITE_HOURS = 24_000.0
"""Work taken on at once: a second or two."""

MOST = 100
"""Passes listed; more are counted."""

PATHS = 8
"""Passes whose paths are drawn."""

PATH_POINTS = 25
NO_FLEET = "The database holds no orbital elements: there is nothing that could pass."
COLUMNS = ("rise_utc", "culmination_utc", "set_utc")


@dataclass(frozen=True)
class PassQuery:
    """What is asked, in numbers, or what is wrong with it.

    Attributes:
        latitude_deg: of the place.
        longitude_deg: of the place.
        min_elevation_deg: passes that stay below are left out.
        hours: the span.
        is_visible_only: whether only those that can be seen count.
        problems: one sentence for each number that makes no sense.
    """

    latitude_deg: float
    longitude_deg: float
    min_elevation_deg: float
    hours: float
    is_visible_only: bool
    problems: tuple[str, ...]

    @classmethod
    def of(cls, view: View) -> "PassQuery":
        """The question in the state."""
        problems: list[str] = []
        latitude, longitude = CITIES[HOME]
        return cls(
            latitude_deg=_number(view, "lat", latitude, (-90, 90), problems),
            longitude_deg=_number(view, "lon", longitude, (-180, 180), problems),
            min_elevation_deg=_number(view, "above", MIN_ELEVATION_DEG, (0, 89), problems),
            hours=_number(view, "hours", HOURS, (0.1, LONGEST_HOURS), problems),
            is_visible_only=view["only"] == "visible",
            problems=tuple(problems),
        )


@dataclass(frozen=True, eq=False)
class PassResult:
    """The passes, in the order of their culminations.

    Attributes:
        passes: the first of them: the columns of `Passes.frame`, `name`, `sight` and `pass`.
        total: how many there are.
        start: the first instant of the span.
        hours: the span, which may be shorter than asked.
        satellites: how many were looked at.
        notes: what to know about the answer, or why there is none.
    """

    passes: pd.DataFrame
    total: int = 0
    start: np.datetime64 = field(default_factory=lambda: np.datetime64("NaT"))
    hours: float = 0.0
    satellites: int = 0
    notes: tuple[str, ...] = ()


NOTHING = pd.DataFrame(
    columns=[
        *("norad_cat_id", *COLUMNS, "rise_azimuth_deg", "culmination_azimuth_deg"),
        *("culmination_elevation_deg", "culmination_range_km", "set_azimuth_deg"),
        *("is_sunlit", "is_dark_sky", "is_visible", "name", "sight", "pass"),
    ]
)


def find_passes_for(view: View) -> PassResult:
    """The answer to what is asked now; never an error, but perhaps a note that says why not."""
    fleet, question = fleet_if_any(view.database), PassQuery.of(view)
    if fleet is None:
        return PassResult(NOTHING, notes=(NO_FLEET,))
    if question.problems:
        return PassResult(NOTHING, notes=question.problems)
    rows = _rows(view, fleet)
    if not len(rows):
        return PassResult(NOTHING, notes=("No satellite in low orbit is chosen.",))
    try:
        return _answer(fleet, question, instant_of(view, fleet), rows)
    except SpacexError as error:
        return PassResult(NOTHING, notes=(str(error),))


def paths(view: View, answer: PassResult) -> pd.DataFrame:
    """The paths over the sky of the first passes, as the chart has them."""
    fleet, question = fleet_if_any(view.database), PassQuery.of(view)
    some = answer.passes.head(PATHS)
    if fleet is None or some.empty:
        return pd.DataFrame(columns=["type", "geometry", "pass", "sight"])
    place = Place(question.latitude_deg, question.longitude_deg)
    columns = zip(some["norad_cat_id"], some["rise_utc"], some["set_utc"], strict=True)
    shapes = [_path(fleet, place, str(number), rise, end) for number, rise, end in columns]
    return some[["pass", "sight"]].assign(type="Feature", geometry=pd.Series(shapes))


def _number(
    view: View, name: str, otherwise: float, ends: tuple[float, float], problems: list[str]
) -> float:
    text = view[name].strip().replace(",", ".").replace("\N{MINUS SIGN}", "-")
    try:
        value = float(text) if text else otherwise
    except ValueError:
        value = float("nan")
    if not ends[0] <= value <= ends[1]:
        problems.append(f"{LABELS[name]}: give a number from {ends[0]:g} to {ends[1]:g}.")
    return value


LABELS = {
    "lat": "Latitude (°, north positive)",
    "lon": "Longitude (°, east positive)",
    "above": "Least elevation (°)",
    "hours": "Span (hours)",
}


def _rows(view: View, fleet: Fleet) -> tuple[int, ...]:
    """The satellites looked at: one, or those the filters choose; in low orbit alone."""
    one = fleet.numbers.get(view[SATELLITE.name])
    rows = np.flatnonzero(chosen_of(view, fleet)) if one is None else np.array([one])
    is_low = fleet.elements.mean_motion_rev_per_day[rows] >= LEAST_REV_PER_DAY
    return tuple(rows[is_low].tolist())


@lru_cache(maxsize=4)
def _answer(
    fleet: Fleet, question: PassQuery, start: np.datetime64, rows: Sequence[int]
) -> PassResult:
    hours = min(question.hours, max(SATELLITE_HOURS / len(rows), 0.1))
    end = start + np.timedelta64(round(hours * 3600), "s")
    place = Place(question.latitude_deg, question.longitude_deg)
    some = fleet.elements.select(np.array(rows))
    found = find_passes(some, place, start, end, question.min_elevation_deg)
    passes = found.frame()
    if question.is_visible_only:
        passes = passes[passes["is_visible"]]
    notes = _notes(question, hours, len(rows), len(passes))
    shown = _named(passes.head(MOST).reset_index(drop=True).copy(), fleet)
    return PassResult(shown, len(passes), start, hours, len(rows), notes)


def _notes(question: PassQuery, hours: float, satellites: int, total: int) -> tuple[str, ...]:
    notes = []
    if hours < question.hours:
        notes.append(
            f"For {satellites:,} satellites the span is cut to {hours:.1f} hours. Choose a shell "
            "or one satellite to look further ahead."
        )
    if total > MOST:
        notes.append(f"The first {MOST} of {total:,} passes are shown.")
    return tuple(notes)


def _named(passes: pd.DataFrame, fleet: Fleet) -> pd.DataFrame:
    rows = [fleet.numbers[str(number)] for number in passes["norad_cat_id"]]
    names = [fleet.labels[row] for row in rows]
    sight = np.where(passes["is_visible"].to_numpy(bool), "visible", "not visible")
    clock = pd.to_datetime(passes["culmination_utc"]).dt.strftime("%H:%M:%S UTC")
    passes["name"], passes["sight"] = names, sight
    passes["pass"] = [f"{name}, {at}" for name, at in zip(names, clock, strict=True)]
    return passes


def _path(
    fleet: Fleet, place: Place, number: str, rise: pd.Timestamp, end: pd.Timestamp
) -> dict[str, Any]:
    """The path of a pass, at even times from rise to set."""
    one = fleet.elements.select(np.array([fleet.numbers[number]]))
    when = pd.date_range(rise, end, PATH_POINTS).to_numpy("datetime64[us]")
    look = place.look(earth_fixed_km(propagate(one, when).position_km[0], when))
    return passes_charts.line(look.azimuth_deg.tolist(), look.elevation_deg.tolist())
