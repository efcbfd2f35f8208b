"""What can be seen from a place: read the visitor's query, search the passes and cache them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from spacex.analysis.articles.words import day
from spacex.analysis.error_laws import use_warning
from spacex.analysis.sightings import NO_PASSES, events, passes_over, visible_passes, with_trains
from spacex.analysis.sky_service import (
    by_latitude,
    in_sight_text,
    light_time,
    naked_eye,
    naked_eye_text,
)
from spacex.dashboard.pages.fleet_filters import (
    SATELLITE,
    not_of_today,
    selected_in_orbit,
    selected_instant,
)
from spacex.dashboard.pages.fleet_model import Fleet, read_fleet
from spacex.dashboard.pages.visitor_place import PLACE, ZONE, visitor_place
from spacex.dashboard.ui.controls import clamped_number
from spacex.dashboard.ui.view import View
from spacex.errors import SettingsError
from spacex.orbits.cities import CITIES, City
from spacex.orbits.earth import earth_fixed_km
from spacex.orbits.instants import instant, seconds
from spacex.orbits.magnitudes import DARK_PLACE_MAG, TOWN_MAG
from spacex.orbits.nights import DarkSpan, coming_night, dark_spans, next_dark
from spacex.orbits.passes import LEAST_REV_PER_DAY, MIN_ELEVATION_DEG
from spacex.orbits.propagation import age_warning, propagate
from spacex.orbits.status import Status
from spacex.units import counted

HOME = "Berlin"
WHEN, SHOW, ABOVE = "when", "only", "above"
"""The names of the choices in the URL query."""

NIGHT, DAY = "", "day"
HEIGHTS_DEG = (0.0, 89.0)
"""The bounds of the least elevation."""
DAY_HOURS = 24.0
SATELLITE_HOURS = 150_000.0
"""Most satellites times hours searched at once, which takes some seconds."""

TOWN, DARK_PLACE, SUNLIT, ALL = "", "dark", "visible", "all"
FAINTEST = {TOWN: TOWN_MAG, DARK_PLACE: DARK_PLACE_MAG}
"""The faintest magnitude of each choice of what to show that has one."""

_DAY = np.timedelta64(24, "h")
START_STEP = np.timedelta64(10, "m")
"""The search begins at a multiple, so that it is not repeated each minute."""
PATH_POINTS = 25
NO_FLEET = "The database contains no orbital elements, so there are no passes to compute."
NO_SATELLITE = "No satellite in low orbit is selected."


@dataclass(frozen=True)
class SkyQuery:
    """What the visitor asks for; `problem` says why there is no answer, else it is empty."""

    place: City
    is_night: bool
    show: str
    min_elevation_deg: float
    problem: str

    @classmethod
    def from_view(cls, view: View) -> "SkyQuery":
        """Read the query from the page's address; missing choices have their defaults."""
        place, problem = _place(view)
        return cls(
            place=place,
            is_night=view[WHEN] != DAY,
            show=view[SHOW] if view[SHOW] in {DARK_PLACE, SUNLIT, ALL} else TOWN,
            min_elevation_deg=clamped_number(view[ABOVE], HEIGHTS_DEG, MIN_ELEVATION_DEG),
            problem=problem,
        )


@dataclass(frozen=True, eq=False)
class SkyResult:
    """What can be seen.

    Attributes:
        place: from where.
        start: the first instant searched; NaT if nothing was.
        end: the last instant searched.
        evening: the date of the evening of the night searched; empty if it was not a night.
        dark: the spans of dark sky between them.
        events: those that the visitor wants to see, in order of time, of `sightings.events`.
        satellites: number of satellites searched.
        notes: restrictions of the result, or why there is none.
    """

    place: City
    start: np.datetime64
    end: np.datetime64
    evening: str = ""
    dark: Sequence[DarkSpan] = ()
    events: pd.DataFrame = field(default_factory=lambda: events(NO_PASSES))
    satellites: int = 0
    notes: tuple[str, ...] = ()

    @cached_property
    def shown(self) -> pd.DataFrame:
        """The events with `when`, the local time of the culmination, and `label`, name and time."""
        when = self.local(self.events["culmination_utc"])
        label = self.events["name"].astype("str") + ", " + when.dt.strftime("%H:%M").astype("str")
        return self.events.assign(when=when, label=label)

    @property
    def zone(self) -> str:
        """The time zone of the place; UTC if it is unknown."""
        return self.place.time_zone

    @property
    def is_dark_all_day(self) -> bool:
        """Whether the sky is dark for a day or longer."""
        return any(end - begin >= _DAY for begin, end in self.dark)

    def local(self, instants: "pd.Series[pd.Timestamp]") -> "pd.Series[pd.Timestamp]":
        """Return instants as local times without a zone, as charts draw them."""
        return instants.dt.tz_convert(self.zone).dt.tz_localize(None)


def find_events(view: View) -> SkyResult:
    """Return what the view asks for; problems become notes of an empty result."""
    fleet, query = read_fleet(view.database.path), SkyQuery.from_view(view)
    never = np.datetime64("NaT", "us")
    if fleet is None or query.problem:
        return SkyResult(query.place, never, never, notes=(query.problem or NO_FLEET,))
    rows = _rows(view, fleet)
    if not rows:
        return SkyResult(query.place, never, never, notes=(NO_SATELLITE,))
    result = _result(fleet, query, instant(selected_instant(view, fleet)), rows)
    past = not_of_today(view, fleet)
    return replace(result, notes=(past, *result.notes)) if past else result


def paths(view: View, shown: pd.DataFrame) -> pd.DataFrame:
    """Return the paths of events over the sky: `event`, `azimuth_deg`, `elevation_deg`.

    That of a train is the path of its first satellite.
    """
    fleet, place = read_fleet(view.database.path), SkyQuery.from_view(view).place
    columns = ["norad_cat_id", "culmination_utc", "rise_utc", "set_utc"]
    parts = [pd.DataFrame(columns=["event", "azimuth_deg", "elevation_deg"])]
    if fleet is not None:
        for number, (norad, top, rise, end) in enumerate(shown[columns].itertuples(index=False)):
            # a pass is nearly symmetric, and the set of a train is that of its last satellite
            points = _path(fleet, place, str(norad), rise, min(end, top + (top - rise)))
            parts.append(points.assign(event=number))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _place(view: View) -> tuple[City, str]:
    """Return the place, and a sentence if the one asked for is unknown."""
    try:
        return visitor_place(view[PLACE].strip() or HOME, view[ZONE]), ""
    except SettingsError as error:
        return CITIES[HOME], f"{error.message} {error.remedy}"


def _rows(view: View, fleet: Fleet) -> tuple[int, ...]:
    """Return the row of the selected satellite, or of all filtered ones; in low orbit only."""
    row = fleet.rows.get(view[SATELLITE.name])
    rows = np.flatnonzero(selected_in_orbit(view, fleet)) if row is None else np.array([row])
    is_low = fleet.elements.mean_motion_rev_per_day[rows] >= LEAST_REV_PER_DAY
    return tuple(rows[is_low].tolist())


def _result(fleet: Fleet, query: SkyQuery, now: np.datetime64, rows: tuple[int, ...]) -> SkyResult:
    start = now - (now - np.datetime64(0, "us")) % START_STEP
    notes = []
    if query.is_night:
        evening, dark = coming_night(start, query.place)
        spans = dark
    else:
        hours = min(DAY_HOURS, SATELLITE_HOURS / len(rows))
        end = start + seconds(3600 * hours)
        evening, dark = "", dark_spans(query.place, start, end)
        spans = [(start, end)] if query.show == ALL or dark else []
        if hours < DAY_HOURS:
            notes.append(
                f"With {counted(len(rows), 'satellite')}, the search is limited to {hours:.0f} "
                "hours. Select a shell or one satellite to search further."
            )
    if not spans:
        notes.insert(0, _not_dark(start, query.place))
        never = np.datetime64("NaT", "us")
        return SkyResult(query.place, never, never, notes=tuple(notes))
    parts = spans if query.show == ALL else dark
    search = (query.place, tuple(parts), query.min_elevation_deg, query.show != ALL)
    found = _search(fleet, rows, *search)
    first, last = spans[0][0], spans[-1][1]
    if warning := age_warning(fleet.elements.select(np.array(rows)), last):
        notes.append(warning)
    wanted = _wanted(found, query.show)
    if useless := use_warning(wanted["error_km"]):
        notes.append(useless)
    return SkyResult(query.place, first, last, evening, dark, wanted, len(rows), tuple(notes))


def _not_dark(start: np.datetime64, place: City) -> str:
    """Return until when the sky over a place does not get dark."""
    dark = pd.Timestamp(next_dark(start, place), tz="UTC").tz_convert(place.time_zone)
    return (
        f"The sky over this place does not get dark before {day(f'{dark:%Y-%m-%d}')}, {dark:%H:%M} "
        f"({place.time_zone}): until then, the Sun stays above -6°."
    )


@lru_cache(maxsize=4)
def _search(
    fleet: Fleet,
    rows: tuple[int, ...],
    place: City,
    spans: tuple[DarkSpan, ...],
    min_elevation_deg: float,
    is_visible: bool,  # noqa: FBT001 - a key of the cache
) -> pd.DataFrame:
    satellites = fleet.satellites(rows)
    if is_visible:
        return events(visible_passes(satellites, place, spans, min_elevation_deg))
    parts = [passes_over(satellites, place, *each, min_elevation_deg) for each in spans]
    return events(with_trains(pd.concat(parts, ignore_index=True)) if parts else NO_PASSES)


def _wanted(found: pd.DataFrame, show: str) -> pd.DataFrame:
    """Return the events that the visitor wants to see."""
    if show in FAINTEST:
        found = found[found["magnitude"] <= FAINTEST[show]]
    return found.reset_index(drop=True)


def _path(
    fleet: Fleet, place: City, number: str, start: pd.Timestamp, end: pd.Timestamp
) -> pd.DataFrame:
    """Return the directions of one satellite at even times."""
    satellite = fleet.elements.select(np.array([fleet.rows[number]]))
    when = pd.date_range(start, end, PATH_POINTS).to_numpy("datetime64[us]")
    look = place.look(earth_fixed_km(propagate(satellite, when).position_km[0], when))
    return pd.DataFrame({"azimuth_deg": look.azimuth_deg, "elevation_deg": look.elevation_deg})


@dataclass(frozen=True, eq=False)
class Service:
    """What the fleet offers a place.

    Attributes:
        by_latitude: `spacex.analysis.sky_service.by_latitude` of the operational satellites.
        naked_eye: `spacex.analysis.sky_service.naked_eye` of all in orbit.
        said: it in sentences.
    """

    by_latitude: pd.DataFrame
    naked_eye: pd.DataFrame
    said: tuple[str, ...]


def find_service(view: View) -> Service | None:
    """Return what the fleet offers the visitor's place; None if nothing is known of either."""
    fleet, query = read_fleet(view.database.path), SkyQuery.from_view(view)
    if fleet is None or query.problem or not fleet.is_in_orbit.any():
        return None
    start = instant(selected_instant(view, fleet))
    hour = start - (start - np.datetime64(0, "us")) % np.timedelta64(1, "h")
    return _service(fleet, query.place, hour)


@lru_cache(maxsize=4)
def _service(fleet: Fleet, place: City, start: np.datetime64) -> Service | None:
    is_serving = fleet.is_in_orbit & fleet.catalogue["status"].eq(Status.OPERATIONAL).to_numpy()
    if not is_serving.any():
        return None
    serving = fleet.elements.select(is_serving)
    in_orbit = np.flatnonzero(fleet.is_in_orbit).tolist()
    seen = naked_eye(fleet.satellites(in_orbit), place)
    said = (
        in_sight_text(serving, place.latitude_deg),
        light_time(serving, place, start).text,
        naked_eye_text(seen),
    )
    return Service(by_latitude(serving), seen, said)
