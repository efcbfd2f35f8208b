"""Positions, ground tracks and passes of satellites, as typed frames."""

import numpy as np
import pandas as pd

from spacex.analysis.api.map_frame import MapFrame
from spacex.analysis.api.provenance import warn_once
from spacex.analysis.api.typed_frames import Frame
from spacex.analysis.error_laws import ExpectedErrors, error_table, use_warning
from spacex.analysis.sightings import passes_over
from spacex.errors import SettingsError
from spacex.orbits.cities import City
from spacex.orbits.earth import earth_fixed_km, geodetic
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.instants import When, instant, seconds
from spacex.orbits.passes import LEAST_REV_PER_DAY
from spacex.orbits.propagation import age_warning, display_instant, propagate
from spacex.orbits.track import ground_track
from spacex.units import utc_now

MOST_HOURS = 10_000
"""More than a year, in which no prediction holds."""
_NAMES = ["norad_cat_id", "object_name"]
_ERRORS = ["error_km", "error_high_km"]


def positions(satellites: pd.DataFrame, at: When) -> MapFrame:
    """Return the positions of satellites with their expected errors, NaN where SGP4 fails.

    Args:
        satellites: their elements and names, versions and sources.
        at: the instant.
    """
    fleet = ElementSets.from_frame(satellites)
    when = instant(at)
    warn_once(age_warning(fleet, when))
    found = geodetic(earth_fixed_km(propagate(fleet, when).position_km[:, 0], when))
    errors = ExpectedErrors.of(satellites, fleet).at(when)[_ERRORS].set_index(satellites.index)
    result = satellites[_NAMES].assign(
        instant_utc=pd.Timestamp(when, tz="UTC"),
        latitude_deg=found.latitude_deg,
        longitude_deg=found.longitude_deg,
        height_km=found.height_km,
        **errors,
        epoch_utc=satellites["epoch_utc"],
    )
    return _explained(MapFrame(result))


def track(satellite: pd.DataFrame, start: When, hours: float) -> MapFrame:
    """Return the ground track of a satellite: the points of `ground_track`, with expected errors.

    Args:
        satellite: its elements, name, version and source.
        start: the first instant.
        hours: length, h.
    """
    elements = ElementSets.from_frame(satellite)
    begin, end = _span(elements, start, hours)
    points = ground_track(elements, begin, end)
    for place, name in enumerate(_NAMES):
        points.insert(place, name, satellite[name].iloc[0])
    when = points["instant_utc"].dt.tz_localize(None).to_numpy("datetime64[us]")
    row = np.zeros(len(points), np.intp)
    errors = ExpectedErrors.of(satellite, elements).at(when, row)[_ERRORS]
    return _explained(MapFrame(points.assign(**errors)))


def passes(
    satellites: pd.DataFrame,
    place: City,
    start: When,
    hours: float,
    min_elevation_deg: float,
) -> pd.DataFrame:
    """Return the passes of satellites in low orbit over a place: see `passes_over`.

    Args:
        satellites: their rows of `v_starlink`.
        place: the observer.
        start: the first instant.
        hours: length of the search, h.
        min_elevation_deg: least elevation of a pass.
    """
    low = satellites[satellites["mean_motion_rev_per_day"] >= LEAST_REV_PER_DAY]
    begin, end = _span(ElementSets.from_frame(low), start, hours)
    result = _explained(passes_over(low, place, begin, end, min_elevation_deg))
    at = {"name": place.name, "latitude_deg": place.latitude_deg}
    at |= {"longitude_deg": place.longitude_deg}
    result.attrs |= {"place": at, "time_zone": place.time_zone}
    return result


def _explained(predictions: Frame) -> Frame:
    """Return predictions after telling in `attrs` where their errors are from; warn beyond use."""
    warn_once(use_warning(predictions["error_km"]))
    table = error_table()
    predictions.attrs["errors"] = {"measured": table.period, "source": table.source}
    return predictions


def shown_instant(epochs: "pd.Series[str]") -> np.datetime64:
    """Return the instant at which a fleet is shown: see `display_instant`; warn if that is past.

    Args:
        epochs: of the newest elements of all satellites in orbit, UTC.
    """
    now = instant(utc_now())
    if epochs.empty:
        return now
    known = pd.to_datetime(epochs, format="ISO8601", utc=True).dt.tz_localize(None)
    shown = display_instant(known.to_numpy("datetime64[us]"), now)
    if shown != now:
        warn_once(
            f"The newest elements are of {epochs.max()[:10]}, too old for the present: shown is "
            f"{str(shown)[:19]}Z. Name an instant to choose another."
        )
    return shown


def require_number(name: str, value: float, *, most: float, whole: bool = False) -> None:
    """Check that an argument is a number above 0.

    Args:
        name: the argument.
        value: its value.
        most: the greatest value allowed.
        whole: whether it must be a whole number.

    Raises:
        SettingsError: it is not.
    """
    is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not (is_number and 0 < value <= most and (not whole or value == int(value))):
        a = "a whole number" if whole else "a number"
        raise SettingsError(f"{name} is {value!r}.", f"Give {a} above 0, and at most {most:,.0f}.")


def _span(fleet: ElementSets, start: When, hours: float) -> tuple[np.datetime64, np.datetime64]:
    require_number("hours", hours, most=MOST_HOURS)
    begin = instant(start)
    end = begin + seconds(3600 * float(hours))
    warn_once(age_warning(fleet, end))
    return begin, end
