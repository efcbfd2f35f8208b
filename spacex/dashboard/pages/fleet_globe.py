"""The globe of the fleet, which the pages Now and Globe share."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.analysis.error_laws import error_text
from spacex.dashboard.pages.earth_layers import track_lines
from spacex.dashboard.pages.fleet_groups import FIELDS, LIGHT, Groups, find_groups
from spacex.dashboard.pages.fleet_model import Fleet
from spacex.dashboard.pages.fleet_motion import STEP_S, Motion, expected_errors, motion
from spacex.dashboard.pages.land import land
from spacex.dashboard.ui.formatting import format_instant, shorten
from spacex.dashboard.ui.globe_widget import HIDDEN, GlobeHandlers, GlobeWidget, Keyframe
from spacex.dashboard.ui.markup import Node, tag
from spacex.orbits.coverage import TERMINAL_ELEVATION_DEG, cap_radius_rad
from spacex.orbits.propagation import age_warning
from spacex.sources import titles
from spacex.units import EARTH_RADIUS_KM, SECONDS_PER_DAY, counted

REACH_DAYS = 3
"""How far the time can be moved from now, without another choice of the instant."""

NO_FLEET = "The database contains no orbital elements, so there is nothing to show."

_DAY = np.timedelta64(1, "D")
_MOST_MS = 4.1e12  # in the year 2099


@dataclass(frozen=True)
class Look:
    """How the fleet is shown.

    Attributes:
        at: the instant, UTC.
        is_selected: whether each satellite of the fleet is shown; shape (n,).
        field: one of FIELDS.
        off: the names of the groups that are switched off.
        row: row of the chosen satellite in the fleet; None if there is none.
    """

    at: np.datetime64
    is_selected: NDArray[np.bool_]
    field: str = next(iter(FIELDS))
    off: Collection[str] = ()
    row: int | None = None


class FleetGlobe:
    """The widget with the satellites of a fleet that are in orbit.

    Args:
        choose: called with the NORAD id of a satellite that was clicked.
        is_compact: see `GlobeWidget`.
    """

    def __init__(self, choose: Callable[[int], None], *, is_compact: bool = False) -> None:
        rings = [ring for polygon in land()["geometry"]["coordinates"] for ring in polygon]
        handlers = GlobeHandlers(self._keyframe, self._describe, self._click, self._follow)
        self.widget = GlobeWidget(rings, EARTH_RADIUS_KM, STEP_S, handlers, is_compact=is_compact)
        self.widget.reach_ms = 1000.0 * REACH_DAYS * SECONDS_PER_DAY
        self._choose = choose
        self._motion: Motion | None = None
        self._row: int | None = None

    def show(self, fleet: Fleet, look: Look) -> Groups:
        """Show a fleet, of which at least one satellite is in orbit; return its groups."""
        rows = motion(fleet).rows
        groups = find_groups(fleet, rows, look.field, look.is_selected, look.at)
        with self.widget.hold_sync():
            if self._motion is not motion(fleet):
                self._motion = motion(fleet)
                self.widget.fleet += 1
            home = fleet.display_instant()
            self.widget.is_live = fleet.is_of_present
            self.widget.home_ms = milliseconds(home)
            self.widget.groups = groups.codes.tobytes()
            self.widget.legend, self.widget.off = groups.legend, list(look.off)
            self.widget.shows_light = look.field == LIGHT
            self.widget.alt_text = _alt_text(fleet, groups, look)
            self._mark(look, rows)
        return groups

    def _mark(self, look: Look, rows: NDArray[np.intp]) -> None:
        """Mark the chosen satellite."""
        index = {row: index for index, row in enumerate(rows.tolist())}.get(look.row, -1)
        before, self._row = self._row, None if index < 0 else look.row
        self.widget.marked = index
        if self._row != before:
            self._follow(milliseconds(look.at))

    def _keyframe(self, number: int) -> Keyframe | None:
        return self._motion.keyframe(number) if self._motion else None

    def _describe(self, index: int) -> str:
        if self._motion is None:
            return ""
        fleet, row = self._motion.fleet, self._motion.rows[index]
        found = fleet.catalogue.iloc[row]
        launched = "" if pd.isna(found["launched"]) else f", launched {found['launched']}"
        return f"{fleet.labels[row]}: {found['status']}, {shorten(found['shell'])}{launched}"

    def _click(self, index: int) -> None:
        if self._motion is not None:
            numbers = self._motion.fleet.elements.norad_cat_id
            self._choose(int(numbers[self._motion.rows[index]]))

    def _follow(self, start_ms: float) -> None:
        """Show the next revolution of the chosen satellite, and whom it serves."""
        if self._motion is None or self._row is None or not abs(start_ms) < _MOST_MS:
            self.widget.follow([], 0.0, 0.0, 0.0)
            return
        start = np.datetime64(round(start_ms), "ms")
        fleet = self._motion.fleet
        minutes = float(fleet.catalogue["period_min"].iloc[self._row])
        altitude_km = float(fleet.catalogue["altitude_km"].iloc[self._row])
        circle = cap_radius_rad(altitude_km, TERMINAL_ELEVATION_DEG)
        self.widget.follow(
            track_lines(fleet, self._row, start.astype("datetime64[us]")),
            start_ms,
            start_ms + 60_000 * minutes,
            float(np.degrees(circle)),
        )


def milliseconds(at: np.datetime64) -> float:
    """Return an instant as the browser takes it, ms since 1970."""
    return float(at.astype("datetime64[ms]").astype(np.int64))


def provenance(fleet: Fleet, groups: Groups, at: np.datetime64) -> list[Node]:
    """Return which elements the positions come from, how old they are, and a warning of old ones.

    Args:
        fleet: the fleet.
        groups: the groups shown.
        at: the instant, UTC.
    """
    elements = fleet.in_orbit
    error_km = expected_errors(fleet, motion(fleet).rows, at)["error_km"].median()
    error = "" if np.isnan(error_km) else f" Expected error, median: {error_text(error_km)}."
    age = np.median(np.abs((at - elements.epoch_utc) / _DAY))
    sources = ",".join(sorted(fleet.catalogue["source"][fleet.is_in_orbit].unique()))
    distance = f"{24 * age:.0f} hours" if age < 2 else f"{age:.0f} days"
    warning = age_warning(elements, at)
    grey = f" They are grey here: {groups.too_old:,}." if groups.too_old else ""
    lost = motion(fleet).without_position(at)
    without = f" SGP4 has no position of {counted(lost, 'satellite')}." if lost else ""
    return [
        *([tag("p", f"{warning}{grey}", class_="warning", role="status")] if warning else []),
        tag(
            "p",
            f"Positions by SGP4 from elements of {titles(sources)}, the newest of "
            f"{format_instant(elements.epoch_utc.max())} UTC; half of them are less than "
            f"{distance} from {format_instant(at)} UTC.{error}{without}",
            class_="note",
        ),
    ]


def shown_rows(fleet: Fleet, look: Look) -> NDArray[np.intp]:
    """Return the rows of the satellites of a fleet that are shown: launched, in a group that is on.

    Args:
        fleet: the fleet, of which at least one satellite is in orbit.
        look: how it is shown.
    """
    rows = motion(fleet).rows
    groups = find_groups(fleet, rows, look.field, look.is_selected, look.at)
    return np.asarray(rows[_shown_codes(fleet, groups, look) != HIDDEN])


def _shown_codes(fleet: Fleet, groups: Groups, look: Look) -> NDArray[np.uint8]:
    """Return the group of each satellite in orbit, HIDDEN for those of groups switched off."""
    codes = groups.codes
    if look.field == LIGHT:  # the browser moves those in the shadow into the second group
        is_dark = (codes == 0) & ~motion(fleet).is_sunlit(look.at)
        codes = np.where(is_dark, 1, codes).astype(np.uint8)
    off = [code for code, each in enumerate(groups.legend) if each["name"] in look.off]
    return np.where(np.isin(codes, off), HIDDEN, codes).astype(np.uint8)


def _alt_text(fleet: Fleet, groups: Groups, look: Look) -> str:
    codes = _shown_codes(fleet, groups, look)
    counts = np.bincount(codes[codes != HIDDEN], minlength=len(groups.legend)).tolist()
    known = zip(groups.legend, counts, strict=True)
    words = ", ".join(f"{count:,} {shorten(each['name'])}" for each, count in known if count)
    what = f"The Earth with {counted(sum(counts), 'satellite')} of Starlink"
    shown = f"{what} at {format_instant(look.at)} UTC"
    return f"{shown}: {words}." if words else f"{shown}."
