"""The map panel: the fleet at an instant, set or animated."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.dashboard.pages.earth_layers import NO_SHAPE, night, track
from spacex.dashboard.pages.fleet_filters import (
    SATELLITE,
    SHELL,
    STATUS,
    VERSION,
    selected_in_orbit,
    selected_instant,
)
from spacex.dashboard.pages.fleet_model import Fleet, read_fleet
from spacex.dashboard.pages.map import map_charts, map_data
from spacex.dashboard.ui.animation import Player
from spacex.dashboard.ui.chart_widget import ChartWidget
from spacex.dashboard.ui.controls import button, clamped_number, dropdown, form, slider
from spacex.dashboard.ui.formatting import format_instant
from spacex.dashboard.ui.markup import Markup, Node, tag
from spacex.dashboard.ui.panels import panel_box
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View
from spacex.orbits.propagation import age_warning
from spacex.units import counted

MINUTES = (-90.0, 90.0)
"""Range of the time slider, in minutes from the selected instant: about a revolution each way."""

STEP_MIN = 0.5
TURN, TILT = (-180.0, 180.0), (-90.0, 90.0)
DEFAULT_TILT_DEG = 20.0
FILTERS = (SHELL, STATUS, VERSION)
COLOR_FIELDS = {"status": "Status", "shell": "Shell", "version": "Version"}
SHAPES = {"": "Flat map", "globe": "Globe"}
NO_FLEET = "The database contains no orbital elements, so there is nothing to map."


class MapPanel:
    """The map, its controls and notes on the instant shown.

    Args:
        state: the visitor's choices: `minutes` from the selected instant, `colour`, `shape`, and
            the globe's `turn` and `tilt`.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self.player = Player(self._step)
        self.chart = ChartWidget(
            click_field="norad_cat_id",
            on_click=self._toggle_satellite,
            on_drawn=self.player.frame_drawn,
            canvas=True,
        )
        self._controls, self._below = Markup(on_action=self._act), Markup()
        self.widget = panel_box(self._controls, self.chart, self._below, wide=True)
        self._view: View | None = None
        self._minutes_text, self._minutes = "", 0.0
        self._drawn: object = None
        self._rows = np.array([], np.intp)
        self._groups = pd.Series([], dtype=object)
        state.listen(self._stop_on_other_page)

    def show(self, view: View) -> None:
        """See `Panel`."""
        if view["minutes"] != self._minutes_text:
            self._minutes_text = view["minutes"]
            self._minutes = clamped_number(self._minutes_text, MINUTES, 0.0)
        self._view = view
        fleet = read_fleet(view.database.path)
        if fleet is None:
            self.player.stop()
            self._controls.show(tag("p", NO_FLEET))
            return
        with self.chart.hold_sync():
            self._draw(view, fleet)
            self._move(view, fleet)
        self._show_text(view, fleet)

    def _draw(self, view: View, fleet: Fleet) -> None:
        """Draw the Earth and the selected satellites, unless they are drawn already."""
        is_globe = view["shape"] == "globe"
        settings = (fleet, is_globe, _color_field(view), *(view[f.name] for f in FILTERS))
        if settings != self._drawn:
            colors = _colors(view, fleet)
            self._rows = np.flatnonzero(selected_in_orbit(view, fleet))
            self._groups = _groups(view, fleet, self._rows, colors)
            self.chart.show(map_charts.map_chart(colors, _launchpads(view), is_globe=is_globe))
            names = map_data.names(fleet, self._rows)
            self.chart.set_rows(satellites=names.assign(group=self._groups))
            self._drawn = settings
        if is_globe:
            self.chart.set_params(**_rotation(view))

    def _move(self, view: View, fleet: Fleet) -> None:
        """Move everything to its position at the instant shown."""
        at = self._at(view, fleet)
        row = fleet.rows.get(view[SATELLITE.name])
        marked = np.array([] if row is None else [row], np.intp)
        points = map_data.points(fleet, self._rows, at)
        with self.chart.hold_sync():
            self.chart.alt_text = _alt_text(self._groups[points["latitude_deg"].notna()], at)
            self.chart.update_rows(
                satellites=points,
                night=night(at),
                marked=map_data.points(fleet, marked, at).join(map_data.names(fleet, marked)),
                track=NO_SHAPE if row is None else track(fleet, row, at),
            )

    def _show_text(self, view: View, fleet: Fleet) -> None:
        """Update the controls and the notes."""
        at = self._at(view, fleet)
        self._controls.show(*self._form(view, at))
        self._below.show(*_notes(fleet, fleet.rows.get(view[SATELLITE.name]), at))

    def _at(self, view: View, fleet: Fleet) -> np.datetime64:
        return selected_instant(view, fleet) + np.timedelta64(round(self._minutes * 60), "s")

    def _form(self, view: View, at: np.datetime64) -> list[Node]:
        label = "Pause" if self.player.is_playing else "Play"
        time = tag(
            "output", tag("time", f"{format_instant(at)} UTC"), class_="place", data_figure="at"
        )
        rotation = _rotation(view)
        globe = [
            slider("Turn", "turn", rotation["turn"], TURN, 2),
            slider("Tilt", "tilt", rotation["tilt"], TILT, 2),
        ]
        return [
            form(
                "Map",
                dropdown("Colour by", "colour", _color_field(view), COLOR_FIELDS),
                dropdown("Show as", "shape", view["shape"], SHAPES),
                button(label, "play", is_pressed=self.player.is_playing),
                slider("Time, ± 90 minutes", "minutes", self._minutes, MINUTES, STEP_MIN),
                time,
                *(globe if view["shape"] == "globe" else []),
            )
        ]

    def _act(self, action: str, value: str) -> None:
        if action == "play":
            self._play_or_pause()
        elif action in {"minutes", "colour", "shape", "turn", "tilt"}:
            self._state.change({action: "" if value == "status" else value})

    def _play_or_pause(self) -> None:
        if not self.player.is_playing:
            self.player.start()
            return
        self.player.stop()
        self._state.change({"minutes": f"{self._minutes:g}"})
        if self._view is not None:
            self.show(self._view)

    def _step(self) -> None:
        """Show the next frame; after the last one, restart with the first."""
        if self._view is None:
            return
        fleet = read_fleet(self._view.database.path)
        if fleet is None:
            return
        self._minutes += STEP_MIN
        if self._minutes > MINUTES[1]:
            self._minutes = MINUTES[0]
        self._move(self._view, fleet)
        self._show_text(self._view, fleet)

    def _stop_on_other_page(self) -> None:
        if self._state["page"] != "map":
            self.player.stop()

    def _toggle_satellite(self, datum: str | None) -> None:
        now = self._state[SATELLITE.name]
        self._state.change({SATELLITE.name: "" if datum is None else SATELLITE.toggle(datum, now)})


def _color_field(view: View) -> str:
    return view["colour"] if view["colour"] in COLOR_FIELDS else "status"


def _rotation(view: View) -> dict[str, float]:
    return {
        "turn": clamped_number(view["turn"], TURN, 0),
        "tilt": clamped_number(view["tilt"], TILT, DEFAULT_TILT_DEG),
    }


def _colors(view: View, fleet: Fleet) -> Mapping[str, str]:
    field = _color_field(view)
    return map_charts.group_colors(
        field, fleet.catalogue.loc[fleet.is_in_orbit, field].value_counts()
    )


def _groups(
    view: View, fleet: Fleet, rows: NDArray[np.intp], colors: Mapping[str, str]
) -> pd.Series:
    """Return the group of each satellite; groups without a colour are merged into one."""
    groups = fleet.catalogue[_color_field(view)].iloc[rows].reset_index(drop=True)
    return groups.where(groups.isin(colors), map_charts.OTHERS)


def _launchpads(view: View) -> pd.DataFrame:
    return view.query(
        """SELECT name, latitude_deg, longitude_deg FROM launchpads
           WHERE latitude_deg IS NOT NULL AND longitude_deg IS NOT NULL"""
    )


def _alt_text(groups: pd.Series, at: np.datetime64) -> str:
    counts = groups.value_counts()
    parts = ", ".join(f"{count:,} {group}" for group, count in counts.items())
    satellites = counted(len(groups), "satellite")
    return f"World map of {satellites} at {format_instant(at)} UTC: {parts or 'none'}."


def _notes(fleet: Fleet, row: int | None, at: np.datetime64) -> list[Node]:
    """Return a warning about old elements and a legend."""
    warning = age_warning(fleet.in_orbit, at)
    name = None if row is None else fleet.catalogue["object_name"].iloc[row]
    track = "" if name is None else f"Dashed line: the next revolution of {name}. "
    return [
        tag("p", warning, class_="warning", role="status") if warning else tag("span"),
        tag(
            "p",
            track,
            "Points: subsatellite points. Dark area: night. Triangles: launch pads. Click a "
            "satellite to see its ground track.",
            class_="note",
        ),
    ]
