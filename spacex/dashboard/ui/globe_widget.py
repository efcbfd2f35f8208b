"""The globe widget: thousands of moving points over the Earth, drawn by the browser.

The browser asks for keyframes, the positions and velocities of all points at steady instants, and
moves the points between two of them on cubic curves. It draws a globe, or a flat map where that is
chosen or the browser has no WebGL.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

import anywidget
import numpy as np
import traitlets
from numpy.typing import NDArray

from spacex.dashboard.ui.assets import module

UNIT_KM = 0.25
"""Unit of the positions as they are sent: 16-bit numbers reach 8,191 km from the Earth's centre."""

HIDDEN = 255
"""The group of points that are not shown."""

MOST_GROUPS = 32
"""Most groups that are shown; see `globe_painters.js`."""

_LAND_UNIT_DEG = 0.1
_RING_END = np.full((1, 2), np.iinfo(np.int16).max, np.int16)

Ring = Sequence[tuple[float, float]]
"""The outline of an area: longitudes and latitudes, degrees."""


class Group(TypedDict):
    """A group of points in the legend.

    Attributes:
        name: its name.
        colour: as `#rrggbb`.
        count: how many points it has, if that is known.
        size: the size of its points, relative to the usual one.
    """

    name: str
    colour: str
    count: int | None
    size: float


@dataclass(frozen=True)
class Keyframe:
    """What the browser needs to know of one instant.

    Attributes:
        points: see `keyframe_points`.
        sun: the direction of the Sun in Earth-fixed axes, as a unit vector.
    """

    points: bytes
    sun: tuple[float, ...]


@dataclass(frozen=True)
class GlobeHandlers:
    """What the kernel does for the browser.

    Attributes:
        keyframe: returns the keyframe with a number, the instant over the step; None if there is
            none.
        describe: returns a few words on a point, by its index.
        click: called with the index of the point that was clicked.
        follow: called with an instant, ms since 1970, from which the track of the marked point is
            needed.
    """

    keyframe: Callable[[int], Keyframe | None]
    describe: Callable[[int], str]
    click: Callable[[int], None]
    follow: Callable[[float], None]


class GlobeWidget(anywidget.AnyWidget):
    """A globe to turn, zoom and play; `turn`, `tilt`, `zoom`, `at_ms` and `off` follow it.

    Args:
        land: the outlines of the land.
        earth_radius_km: radius of the drawn Earth.
        step_s: time from one keyframe to the next.
        handlers: what the kernel does for the browser.
        is_compact: whether to leave out the choice of the time.
    """

    _esm = module("globe")
    land = traitlets.Bytes().tag(sync=True)
    step_ms = traitlets.Float(1.0).tag(sync=True)
    unit_km = traitlets.Float(UNIT_KM).tag(sync=True)
    earth_radius_km = traitlets.Float(1.0).tag(sync=True)
    is_compact = traitlets.Bool().tag(sync=True)
    is_flat = traitlets.Bool().tag(sync=True)
    fleet = traitlets.Int().tag(sync=True)
    """Changes when the points are others, so that older keyframes are dropped."""
    groups = traitlets.Bytes().tag(sync=True)
    """The group of each point, by its place in the legend; HIDDEN for none."""
    legend: traitlets.List[Group] = traitlets.List().tag(sync=True)
    off = traitlets.List(traitlets.Unicode()).tag(sync=True)
    """The names of the groups that are switched off."""
    shows_light = traitlets.Bool().tag(sync=True)
    """Whether the points of the first group that are in the Earth's shadow are in the second."""
    is_live = traitlets.Bool().tag(sync=True)
    """Whether "now" is the present, rather than `home_ms`."""
    home_ms = traitlets.Float().tag(sync=True)
    at_ms = traitlets.Float().tag(sync=True)
    """The instant shown when the time rests, ms since 1970, UTC; 0 for "now"."""
    reach_ms = traitlets.Float().tag(sync=True)
    """How far the time can be moved from "now"."""
    turn = traitlets.Float().tag(sync=True)
    tilt = traitlets.Float(20.0).tag(sync=True)
    zoom = traitlets.Float(1.0).tag(sync=True)
    marked = traitlets.Int(-1).tag(sync=True)
    track = traitlets.Bytes().tag(sync=True)
    track_ms = traitlets.List(traitlets.Float(), default_value=[0.0, 0.0]).tag(sync=True)
    circle_deg = traitlets.Float().tag(sync=True)
    """The radius of the circle around the marked point, on the ground."""
    places: traitlets.List[tuple[float, float]] = traitlets.List().tag(sync=True)
    """Longitudes and latitudes of marked places on the ground."""
    alt_text = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        land: Iterable[Ring],
        earth_radius_km: float,
        step_s: float,
        handlers: GlobeHandlers,
        *,
        is_compact: bool = False,
    ) -> None:
        super().__init__(
            land=_outlines(land),
            earth_radius_km=earth_radius_km,
            step_ms=1000.0 * step_s,
            is_compact=is_compact,
        )
        self._handlers = handlers
        self.on_msg(self._receive)

    def describe(self, index: int) -> str:
        """Return a few words on a point, by its index."""
        return self._handlers.describe(index)

    def follow(
        self, lines: Iterable[Ring], start_ms: float, end_ms: float, circle_deg: float
    ) -> None:
        """Show the track of the marked point.

        Args:
            lines: its parts.
            start_ms: the instant at which it begins.
            end_ms: the instant at which it ends.
            circle_deg: the radius of the circle around the point.
        """
        gap = np.full((1, 2), np.nan, "<f4")
        parts = [part for line in lines for part in (np.asarray(line, "<f4").reshape(-1, 2), gap)]
        with self.hold_sync():
            self.track = np.concatenate(parts).tobytes() if parts else b""
            self.track_ms = [start_ms, end_ms]
            self.circle_deg = circle_deg

    def _receive(self, _widget: object, content: Mapping[str, object], _buffers: object) -> None:
        """Do what the browser asks for, unless it is nonsense."""
        match content:
            case {"needed": int(number)} if not isinstance(number, bool):
                if (found := self._handlers.keyframe(number)) is not None:
                    about = {"keyframe": number, "sun": list(found.sun), "fleet": self.fleet}
                    self.send(about, [found.points])
            case {"hovered": int(index)} if self._has(index):
                self.send({"described": index, "text": self._handlers.describe(index)})
            case {"clicked": int(index)} if self._has(index):
                self._handlers.click(index)
            case {"follow_ms": int(at_ms) | float(at_ms)} if np.isfinite(at_ms):
                self._handlers.follow(float(at_ms))

    def _has(self, index: int) -> bool:
        return 0 <= index < len(self.groups) and not isinstance(index, bool)


def keyframe_points(
    position_km: NDArray[np.float64], velocity_km_s: NDArray[np.float64], step_s: float
) -> bytes:
    """Return the points of a keyframe as they are sent.

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


def _outlines(rings: Iterable[Ring]) -> bytes:
    """Return outlines as they are sent, 16-bit numbers in _LAND_UNIT_DEG, each with an end.

    Longitudes go on beyond 180°, without a jump.
    """
    parts = [part for ring in rings for part in (_continuous(np.asarray(ring)), _RING_END)]
    return np.concatenate(parts).astype("<i2").tobytes()


def _continuous(ring: NDArray[np.float64]) -> NDArray[np.int16]:
    """Return an outline without jumps; one that goes around a pole is closed there."""
    longitude = np.unwrap(ring[:, 0], period=360)
    points = np.stack([longitude, ring[:, 1]], axis=1)
    if abs(longitude[-1] - longitude[0]) > 180:
        pole = np.copysign(90.0, ring[:, 1].mean())
        points = np.concatenate([points, [[longitude[-1], pole], [longitude[0], pole]]])
    return (points / _LAND_UNIT_DEG).round().astype(np.int16)
