"""The globe widget: thousands of moving points over the Earth, drawn by the browser.

The browser gets keyframes, the positions and velocities of all points at steady instants, and moves
the points between two of them on cubic curves. It asks for the next keyframe in time.
"""

from collections.abc import Callable, Mapping, Sequence

import anywidget
import numpy as np
import traitlets
from numpy.typing import NDArray

from spacex.dashboard.ui.assets import module

UNIT_KM = 0.25
"""Unit of the positions as they are sent: 16-bit numbers reach 8,191 km from the Earth's centre."""

Ring = Sequence[tuple[float, float]]
"""The outline of an area: longitudes and latitudes, degrees."""


class GlobeWidget(anywidget.AnyWidget):
    """A globe that is turned by dragging it or by the arrow keys, and that plays and pauses.

    Args:
        land: the outlines of the land.
        earth_radius_km: radius of the drawn Earth.
        on_needed: called with the instant of the keyframe that is needed next, ms since 1970, UTC.
        on_click: called with the index of the point that was clicked.
    """

    _esm = module("globe")
    land: traitlets.List[Ring] = traitlets.List().tag(sync=True)
    first = traitlets.Bytes().tag(sync=True)
    last = traitlets.Bytes().tag(sync=True)
    next = traitlets.Bytes().tag(sync=True)
    start_ms = traitlets.Float().tag(sync=True)
    step_ms = traitlets.Float(1.0).tag(sync=True)
    next_ms = traitlets.Float().tag(sync=True)
    groups = traitlets.Bytes().tag(sync=True)
    colours = traitlets.List(traitlets.Unicode()).tag(sync=True)
    sun = traitlets.List(traitlets.Float(), default_value=[1.0, 0.0, 0.0]).tag(sync=True)
    turn = traitlets.Float().tag(sync=True)
    alt_text = traitlets.Unicode().tag(sync=True)
    unit_km = traitlets.Float(UNIT_KM).tag(sync=True)
    earth_radius_km = traitlets.Float().tag(sync=True)

    def __init__(
        self,
        land: Sequence[Ring],
        earth_radius_km: float,
        on_needed: Callable[[float], None],
        on_click: Callable[[int], None],
    ) -> None:
        super().__init__(land=list(land), earth_radius_km=earth_radius_km)
        self._on_needed, self._on_click = on_needed, on_click
        self.on_msg(self._receive)

    def _receive(self, _widget: object, content: Mapping[str, object], _buffers: object) -> None:
        needed, clicked = content.get("needed_ms"), content.get("clicked")
        if isinstance(needed, int | float):
            self._on_needed(float(needed))
        if isinstance(clicked, int):
            self._on_click(clicked)


def keyframe(
    position_km: NDArray[np.float64], velocity_km_s: NDArray[np.float64], step_s: float
) -> bytes:
    """Return a keyframe as it is sent.

    Args:
        position_km: Earth-fixed positions; shape (n, 3). NaN and those out of reach are not shown.
        velocity_km_s: Earth-fixed velocities; shape (n, 3).
        step_s: time from one keyframe to the next, s.

    Returns:
        Six 16-bit numbers a point, in UNIT_KM: its position, and its velocity times the step.
    """
    state = np.concatenate([position_km, velocity_km_s * step_s], axis=1) / UNIT_KM
    is_near = np.abs(state) < np.iinfo(np.int16).max  # False for NaN
    is_known = is_near.all(axis=1, keepdims=True)
    return np.where(is_known, state, 0).round().astype("<i2").tobytes()
