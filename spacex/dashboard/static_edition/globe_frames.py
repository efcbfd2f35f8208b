"""The globe without a kernel: the positions of the coming hours, and words on each satellite."""

import base64
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from spacex.dashboard.pages.fleet_model import read_fleet
from spacex.dashboard.pages.fleet_motion import Motion, motion
from spacex.dashboard.static_edition.data_files import bytes_script, data_file, json_script
from spacex.dashboard.ui.globe_widget import GlobeWidget, Keyframe

HOURS = 6
STEP_S = 600
"""Time between two keyframes: curves stay within some km of SGP4's orbits, less than a point."""

SATELLITES = "globe/satellites"
_STEP = np.timedelta64(STEP_S, "s")
_TRAITS = (
    *("unit_km", "earth_radius_km", "is_compact", "is_flat", "fleet", "legend", "off"),
    *("shows_light", "turn", "tilt", "zoom", "marked", "places", "alt_text"),
)


class GlobeFrames:
    """The keyframes of the hours from the instant of the edition on.

    Args:
        database: the database.
    """

    def __init__(self, database: Path) -> None:
        fleet = read_fleet(database)
        self._motion: Motion | None = None
        self.numbers = range(0)
        if fleet is None or not fleet.is_in_orbit.any():
            return
        self._motion = motion(fleet)
        start = fleet.display_instant().astype("datetime64[s]").astype(np.int64) // STEP_S
        self.numbers = range(int(start), int(start) + HOURS * 3600 // STEP_S + 1)

    def drawing(self, widget: GlobeWidget) -> Mapping[str, Any]:
        """Return what a globe of a page needs beside the files."""
        state = {name: getattr(widget, name) for name in _TRAITS}
        state |= {
            "land": _text(widget.land),
            "groups": _text(widget.groups),
            "step_ms": 1000 * STEP_S,
            "at_ms": 0,
            "reach_ms": 1000 * STEP_S * (len(self.numbers) - 2),
            "track": "",
            "track_ms": [0, 0],
            "circle_deg": 0,
        }
        frames = [self.numbers[0], self.numbers[-1]]
        state["known_ms"] = [1000 * STEP_S * frames[0], 1000 * STEP_S * frames[1] - 1]
        return {"kind": "globe", "state": state, "frames": frames, "satellites": SATELLITES}

    def files(self, describe: Callable[[int], str]) -> Iterator[tuple[str, str]]:
        """Yield the path and the content of each file.

        Args:
            describe: returns a few words on a satellite, by its place among those in orbit.
        """
        if self._motion is None:
            return
        suns = []
        for number in self.numbers:
            frame = self._frame(number)
            suns.append(frame.sun)
            name = f"globe/{number}"
            yield data_file(name), bytes_script(name, frame.points)
        rows = self._motion.rows
        about = {
            "numbers": self._motion.fleet.elements.norad_cat_id[rows].tolist(),
            "texts": [describe(index) for index in range(len(rows))],
            "suns": suns,
        }
        yield data_file(SATELLITES), json_script(SATELLITES, about)

    def _frame(self, number: int) -> Keyframe:
        if self._motion is None:
            raise ValueError("There is no fleet.")
        return self._motion.frame(number * _STEP + np.datetime64(0, "us"), STEP_S)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
