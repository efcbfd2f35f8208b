"""Passes of satellites over a place, with their magnitudes, and what can be seen of them as events.

A pass can be seen if the satellite is in sunlight in a dark sky when it is highest, and bright
enough: see `spacex.orbits.magnitudes`. A train is a line of satellites of one launch that are still
being raised, each a minute or less behind the one before, on nearly the same track.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from spacex.analysis.error_laws import ExpectedErrors
from spacex.orbits.cities import City
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array
from spacex.orbits.instants import When
from spacex.orbits.magnitudes import apparent_magnitude, design_difference_mag
from spacex.orbits.nights import DarkSpan, lit_spans
from spacex.orbits.passes import LEAST_REV_PER_DAY, MIN_ELEVATION_DEG, find_passes
from spacex.orbits.status import Status
from spacex.units import counted

LEAST_IN_TRAIN = 5
TRAIN_GAP_S = 60.0
"""Fewest satellites of a train, and the longest time between two of them."""
_WAVES_KM = 50.0
"""More than the distance from the Earth's centre exceeds that of the mean elements."""
TRAIN_SPREAD_DEG = 10.0
"""Greatest angle between the highest points of two satellites of a train that follow each other."""

OF_SATELLITES = (
    *("norad_cat_id", "object_name", "launch_designator", "launch", "launch_date"),
    *("version", "orbit_status"),
)
"""The columns of `v_starlink` that a pass has of its satellite."""
_ANGLES = (
    *("rise_azimuth_deg", "culmination_azimuth_deg", "set_azimuth_deg"),
    *("culmination_elevation_deg", "culmination_range_km", "culmination_phase_angle_deg"),
)
_TYPES = (
    {"norad_cat_id": "int64", "magnitude": "float"}
    | dict.fromkeys(("rise_utc", "culmination_utc", "set_utc"), "datetime64[us, UTC]")
    | dict.fromkeys(_ANGLES, "float")
    | dict.fromkeys(("is_sunlit", "is_dark_sky", "is_visible"), "bool")
    | dict.fromkeys(("error_km", "error_high_km", "error_s"), "float")
    | {"train": "Int64"}
)
NO_PASSES = pd.DataFrame(columns=list(dict.fromkeys([*OF_SATELLITES, *_TYPES]))).astype(_TYPES)
"""The columns of passes."""


def passes_over(
    satellites: pd.DataFrame,
    place: City,
    start: When,
    end: When,
    min_elevation_deg: float = MIN_ELEVATION_DEG,
) -> pd.DataFrame:
    """Return the passes of satellites in low orbit over a place, in order of culmination.

    Args:
        satellites: their elements with `source`, and the columns `OF_SATELLITES`.
        place: the observer.
        start: the first instant, UTC.
        end: the last instant, UTC.
        min_elevation_deg: least elevation of a pass.

    Returns:
        The columns `OF_SATELLITES`, those of `Passes.frame`, `magnitude`, NaN if unknown, those of
        `ExpectedErrors.at` for the culmination, and `train`, the number of the train among those
        that can be seen, missing outside trains.
    """
    low = satellites[satellites["mean_motion_rev_per_day"] >= LEAST_REV_PER_DAY]
    fleet = ElementSets.from_frame(low)
    found = find_passes(fleet, place, start, end, min_elevation_deg).frame()
    names = ("version", "launch_date", "orbit_status")
    difference = design_difference_mag(*(low[name].tolist() for name in names))
    known = low[list(OF_SATELLITES)].assign(difference=difference)
    passes = known.merge(found, how="right", on="norad_cat_id")
    magnitude = apparent_magnitude(
        passes.pop("difference").to_numpy(float),
        passes["culmination_range_km"].to_numpy(float),
        passes["culmination_phase_angle_deg"].to_numpy(float),
    )
    row = pd.Index(low["norad_cat_id"]).get_indexer(pd.Index(passes["norad_cat_id"]))
    when = passes["culmination_utc"].dt.tz_localize(None).to_numpy("datetime64[us]")
    errors = ExpectedErrors.of(low, fleet).at(when, row)
    return with_trains(pd.concat([passes.assign(magnitude=magnitude), errors], axis=1))


def visible_passes(
    satellites: pd.DataFrame,
    place: City,
    dark: Sequence[DarkSpan],
    min_elevation_deg: float = MIN_ELEVATION_DEG,
) -> pd.DataFrame:
    """Return the passes in sunlight in a dark sky: see `passes_over`.

    Only the times at which a satellite can be in sunlight are searched.

    Args:
        satellites: as for `passes_over`.
        place: the observer.
        dark: the spans of dark sky.
        min_elevation_deg: least elevation of a pass.
    """
    fleet = ElementSets.from_frame(satellites)
    apogee_km = float((fleet.semi_major_axis_km * (1 + fleet.eccentricity)).max())
    spans = lit_spans(place, dark, apogee_km + _WAVES_KM, min_elevation_deg)
    found = [passes_over(satellites, place, *each, min_elevation_deg) for each in spans]
    seen = [each[each["is_visible"]] for each in found]
    return with_trains(pd.concat(seen, ignore_index=True)) if seen else NO_PASSES


def with_trains(passes: pd.DataFrame) -> pd.DataFrame:
    """Add `train`, a number from 1 in the order of the trains, missing outside trains."""
    is_part = passes["orbit_status"].eq(Status.RAISING) & passes["is_visible"]
    parts = passes[is_part].dropna(subset="launch_designator")
    parts = parts.sort_values(["launch_designator", "culmination_utc"], kind="stable")
    is_soon = parts["culmination_utc"].diff() <= pd.Timedelta(seconds=TRAIN_GAP_S)
    is_same = parts["launch_designator"] == parts["launch_designator"].shift()
    line = (~(is_soon & is_same & (_turns_deg(parts) <= TRAIN_SPREAD_DEG))).cumsum()
    line = line[line.map(line.value_counts()) >= LEAST_IN_TRAIN]
    first = passes["culmination_utc"].groupby(line).min().rank(method="first")
    return passes.assign(train=line.map(first).reindex(passes.index).astype("Int64"))


def events(passes: pd.DataFrame) -> pd.DataFrame:
    """Return what can be seen: trains as one event, and all other passes, in order of time.

    Args:
        passes: those that can be seen, of `passes_over`.

    Returns:
        `name`, `satellites`, `train`, `launch`, `launch_designator`, `norad_cat_id` of the first
        satellite, its rise and culmination, the instants of the `last_culmination_utc` and the
        `set_utc` of the last one, the greatest elevation, the `magnitude` of the brightest one, and
        the greatest expected errors.
    """
    ordered = passes.sort_values("culmination_utc", kind="stable").reset_index(drop=True)
    alone = pd.Series(-1 - np.arange(len(ordered)), dtype="Int64")
    groups = ordered.groupby(ordered["train"].fillna(alone), sort=False)
    found = groups.agg(
        norad_cat_id=("norad_cat_id", "first"),
        object_name=("object_name", "first"),
        launch=("launch", "first"),
        launch_designator=("launch_designator", "first"),
        train=("train", "first"),
        satellites=("norad_cat_id", "size"),
        is_visible=("is_visible", "first"),
        rise_utc=("rise_utc", "min"),
        rise_azimuth_deg=("rise_azimuth_deg", "first"),
        culmination_utc=("culmination_utc", "min"),
        last_culmination_utc=("culmination_utc", "max"),
        culmination_azimuth_deg=("culmination_azimuth_deg", "first"),
        culmination_elevation_deg=("culmination_elevation_deg", "max"),
        set_utc=("set_utc", "max"),
        set_azimuth_deg=("set_azimuth_deg", "last"),
        magnitude=("magnitude", "min"),
        error_km=("error_km", "max"),
        error_high_km=("error_high_km", "max"),
        error_s=("error_s", "max"),
    ).reset_index(drop=True)
    size = found["satellites"].map(lambda count: counted(count, "satellite")).astype("str")
    name = "Train of " + size + " of " + launch_names(found)
    return found.assign(name=found["object_name"].where(found["train"].isna(), name))


def launch_names(rows: pd.DataFrame) -> "pd.Series[str]":
    """Return the names of launches; those without a name by their designators."""
    return rows["launch"].fillna("launch " + rows["launch_designator"].astype("str")).astype("str")


def _turns_deg(passes: pd.DataFrame) -> Array:
    """Return the angle between the highest point of each pass and of the one before; NaN first."""
    azimuth = np.radians(passes["culmination_azimuth_deg"].to_numpy(float))
    elevation = np.radians(passes["culmination_elevation_deg"].to_numpy(float))
    flat = np.cos(elevation)
    towards = np.stack((flat * np.sin(azimuth), flat * np.cos(azimuth), np.sin(elevation)), axis=-1)
    cosine = np.full(len(towards), np.nan)
    cosine[1:] = np.sum(towards[1:] * towards[:-1], axis=-1)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
