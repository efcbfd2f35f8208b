"""The panel of the globe: the fleet in motion."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.dashboard.pages.fleet_model import read_fleet
from spacex.dashboard.pages.land import land
from spacex.dashboard.ui.globe_widget import GlobeWidget, keyframe
from spacex.dashboard.ui.markup import Markup, Node, tag
from spacex.dashboard.ui.panels import panel_box
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View
from spacex.notebook.chart_style import STATUSES
from spacex.orbits.earth import earth_fixed_km, earth_fixed_velocity_km_s
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.propagation import Propagator, age_warning
from spacex.orbits.sun import subsolar_point
from spacex.units import EARTH_RADIUS_KM, SECONDS_PER_DAY, counted

STEP_S = 300
"""Time between two keyframes: the browser's curves then stay within 1 km of SGP4's orbits."""
LONGEST_DAYS = 2
"""Time from the first keyframe for which keyframes are computed."""
NO_FLEET = "The database contains no orbital elements, so there is nothing to show."


class GlobePanel:
    """The globe with its legend; a click on a satellite opens its page.

    Args:
        state: the visitor's state.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        rings = [polygon[0] for polygon in land()["geometry"]["coordinates"]]
        self._globe = GlobeWidget(rings, EARTH_RADIUS_KM, self._send_next, self._open)
        self._heading, self._below = Markup(tag("h3", "The fleet in motion")), Markup()
        self.widget = panel_box(self._heading, self._globe, self._below, wide=False)
        self._shown: object = self  # no fleet yet
        self._start = np.datetime64(0, "ms")

    def show(self, view: View) -> None:
        """See `Panel`."""
        fleet = read_fleet(view.database.path)
        if fleet is self._shown:
            return
        self._shown = fleet
        if fleet is None:
            self._below.show(tag("p", NO_FLEET))
            return
        status = fleet.catalogue["status"][fleet.is_in_orbit]
        counts = status.value_counts()
        colors = {name: each for name, each in STATUSES.items() if name in counts.index}
        codes = pd.Categorical(status, categories=list(colors)).codes
        order = np.argsort(codes, kind="stable")  # so that the browser seldom changes the colour
        self._elements = fleet.in_orbit.select(order)
        self._propagator = Propagator(self._elements)
        self._start = fleet.display_instant().astype("datetime64[ms]")
        self._draw(codes[order], list(colors.values()))
        self._below.show(*_legend(colors, status, self._elements, self._start))

    def _draw(self, codes: NDArray[np.int8], colours: list[str]) -> None:
        step = np.timedelta64(STEP_S, "s")
        with self._globe.hold_sync():
            self._globe.groups = codes.astype(np.uint8).tobytes()
            self._globe.colours = colours
            self._globe.start_ms = float(self._start.astype("int64"))
            self._globe.step_ms = 1000.0 * STEP_S
            self._globe.sun = _sun(self._start)
            self._globe.alt_text = (
                f"Globe with {counted(len(codes), 'satellite')} of Starlink in orbit, moving."
            )
            self._globe.first = self._keyframe(self._start)
            self._globe.last = self._keyframe(self._start + step)

    def _keyframe(self, at: np.datetime64) -> bytes:
        states = self._propagator.states(at)
        position = earth_fixed_km(states.position_km, states.instants)
        velocity = earth_fixed_velocity_km_s(states.velocity_km_s, position, states.instants)
        return keyframe(position[:, 0], velocity[:, 0], STEP_S)

    def _send_next(self, end_ms: float) -> None:
        """Send the keyframe that follows the one at an instant, as the browser asks for it."""
        steps = (end_ms - self._globe.start_ms) / self._globe.step_ms
        if not 0 < steps <= LONGEST_DAYS * SECONDS_PER_DAY / STEP_S:
            return
        at = self._start + np.timedelta64(round(steps) * STEP_S, "s")
        with self._globe.hold_sync():
            self._globe.sun = _sun(at)
            self._globe.next_ms = float(at.astype("int64"))
            self._globe.next = self._keyframe(at + np.timedelta64(STEP_S, "s"))

    def _open(self, index: int) -> None:
        numbers = self._elements.norad_cat_id
        if 0 <= index < len(numbers):
            self._state.read(f"page=satellite&satellite={numbers[index]}")


def _legend(
    colors: dict[str, str], status: "pd.Series[str]", elements: ElementSets, at: np.datetime64
) -> list[Node]:
    counts = status.value_counts()
    items = [
        tag("li", _swatch(colour), f" {name}: {counts[name]:,}") for name, colour in colors.items()
    ]
    warning = age_warning(elements, at)
    return [
        tag("ul", *items, class_="links", aria_label="Orbit status"),
        *([tag("p", warning, class_="warning", role="status")] if warning else []),
        tag(
            "p",
            "Positions by SGP4. Dark area: night. Drag the globe, or use the arrow keys, to turn "
            "it; click a satellite to open its page.",
            class_="note",
        ),
    ]


def _swatch(colour: str) -> Node:
    dot = tag("circle", cx="5", cy="5", r="5", fill=colour)
    return tag("svg", dot, viewBox="0 0 10 10", class_="swatch", aria_hidden="true")


def _sun(at: np.datetime64) -> list[float]:
    """Return the direction of the Sun in Earth-fixed axes, as a unit vector."""
    latitude, longitude = (np.deg2rad(each).item() for each in subsolar_point(at))
    return [
        float(np.cos(latitude) * np.cos(longitude)),
        float(np.cos(latitude) * np.sin(longitude)),
        float(np.sin(latitude)),
    ]
