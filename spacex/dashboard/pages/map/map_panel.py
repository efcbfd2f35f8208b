"""The panel of the map: the fleet over the world, at an instant that can be moved or let run."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.dashboard.pages.fleet_filters import (
    SATELLITE,
    SHELL,
    STATUS,
    VERSION,
    chosen_of,
    fleet_if_any,
    instant_of,
)
from spacex.dashboard.pages.fleet_model import Fleet
from spacex.dashboard.pages.map import map_charts as charts
from spacex.dashboard.pages.map import map_data
from spacex.dashboard.ui.animation import Player
from spacex.dashboard.ui.chart_widget import ChartWidget
from spacex.dashboard.ui.controls import button, clamped_number, dropdown, form, slider
from spacex.dashboard.ui.formatting import format_instant
from spacex.dashboard.ui.markup import Markup, Node, tag
from spacex.dashboard.ui.panels import panel_box
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View
from spacex.orbits.propagation import age_warning

REACH_MIN = 90.0
"""How far the slider goes before and after the instant: about a revolution."""

STEP_MIN = 0.5
TURN, TILT = (-180.0, 180.0), (-90.0, 90.0)
MIDDLE_DEG = 20.0
"""Latitude in the middle of the globe at first."""

CHOICES = (SHELL, STATUS, VERSION)
KINDS = {"status": "Status", "shell": "Shell", "version": "Version"}
SHAPES = {"": "Flat map", "globe": "Globe"}
NO_FLEET = "The database holds no orbital elements: there is nothing to put on a map."


class MapPanel:
    """The map, its controls, and what it says about the instant shown.

    Args:
        state: what the visitor has chosen: `minutes` from the instant, `colour`, `shape`, and the
            globe's `turn` and `tilt`.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self.player = Player(self._step)
        self.chart = ChartWidget(
            click_field="norad_cat_id",
            on_click=self._pick,
            on_drawn=self.player.frame_drawn,
            canvas=True,
        )
        self._controls, self._below = Markup(on_action=self._act), Markup()
        self.widget = panel_box(self._controls, self.chart, self._below, wide=True)
        self._view: View | None = None
        self._asked, self._minutes = "", 0.0
        self._drawn: object = None
        self._rows = np.array([], np.intp)
        self._groups = pd.Series([], dtype=object)
        state.listen(self._left)

    def show(self, view: View) -> None:
        """Show what is chosen now."""
        if view["minutes"] != self._asked:
            self._asked = view["minutes"]
            self._minutes = clamped_number(self._asked, (-REACH_MIN, REACH_MIN), 0.0)
        self._view = view
        fleet = fleet_if_any(view.database.path)
        if fleet is None:
            self.player.stop()
            self._controls.show(tag("p", NO_FLEET))
            return
        with self.chart.hold_sync():
            self._draw(view, fleet)
            self._move(view, fleet)
        self._tell(view, fleet)

    def _draw(self, view: View, fleet: Fleet) -> None:
        """Draw the Earth and the satellites chosen, unless those drawn will do."""
        is_globe = view["shape"] == "globe"
        wanted = (fleet, is_globe, _kind(view), *(view[each.name] for each in CHOICES))
        if wanted != self._drawn:
            groups = _colours(view, fleet)
            self._rows = np.flatnonzero(chosen_of(view, fleet))
            self.chart.show(charts.world(groups, _pads(view), is_globe=is_globe))
            who = map_data.names(fleet, self._rows)
            self._groups = _groups(view, fleet, self._rows, groups)
            self.chart.set_rows(satellites=who.assign(group=self._groups))
            self._drawn = wanted
        if is_globe:
            setattr(self.chart.params, "turn", clamped_number(view["turn"], TURN, 0))  # noqa: B010
            setattr(self.chart.params, "tilt", clamped_number(view["tilt"], TILT, MIDDLE_DEG))  # noqa: B010

    def _move(self, view: View, fleet: Fleet) -> None:
        """Put everything where it is at the instant shown."""
        at = self._at(view, fleet)
        row = fleet.numbers.get(view[SATELLITE.name])
        one = np.array([] if row is None else [row], np.intp)
        points = map_data.points(fleet, self._rows, at)
        with self.chart.hold_sync():
            self.chart.alt_text = _words(self._groups[points["latitude_deg"].notna()], at)
            self.chart.update_rows(
                satellites=points,
                night=map_data.night(at),
                marked=map_data.points(fleet, one, at).join(map_data.names(fleet, one)),
                track=map_data.NO_SHAPE if row is None else map_data.track(fleet, row, at),
            )

    def _tell(self, view: View, fleet: Fleet) -> None:
        """Say what is shown, and show the controls as they are set."""
        at = self._at(view, fleet)
        self._controls.show(*self._form(view, at))
        self._below.show(*_notes(fleet, fleet.numbers.get(view[SATELLITE.name]), at))

    def _at(self, view: View, fleet: Fleet) -> np.datetime64:
        return instant_of(view, fleet) + np.timedelta64(round(self._minutes * 60), "s")

    def _form(self, view: View, at: np.datetime64) -> list[Node]:
        label = "Pause" if self.player.is_playing else "Play"
        time = tag(
            "output", tag("time", f"{format_instant(at)} UTC"), class_="place", data_figure="at"
        )
        ends = (-REACH_MIN, REACH_MIN)
        globe = [
            slider("Turn", "turn", clamped_number(view["turn"], TURN, 0), TURN, 2),
            slider("Tilt", "tilt", clamped_number(view["tilt"], TILT, MIDDLE_DEG), TILT, 2),
        ]
        return [
            form(
                "Map",
                dropdown("Colour by", "colour", _kind(view), KINDS),
                dropdown("Show as", "shape", view["shape"], SHAPES),
                button(label, "play", is_pressed=self.player.is_playing),
                slider("Time, ± 90 minutes", "minutes", self._minutes, ends, STEP_MIN),
                time,
                *(globe if view["shape"] == "globe" else []),
            )
        ]

    def _act(self, action: str, value: str) -> None:
        if action == "play":
            self._toggle()
        elif action in {"minutes", "colour", "shape", "turn", "tilt"}:
            self._state.change({action: "" if value == "status" else value})

    def _toggle(self) -> None:
        if not self.player.is_playing:
            self.player.start()
            return
        self.player.stop()
        self._state.change({"minutes": f"{self._minutes:g}"})
        if self._view is not None:
            self.show(self._view)

    def _step(self) -> None:
        """Show the next frame; after the last one, the first."""
        if self._view is None:
            return
        fleet = fleet_if_any(self._view.database.path)
        if fleet is None:
            return
        self._minutes += STEP_MIN
        if self._minutes > REACH_MIN:
            self._minutes = -REACH_MIN
        self._move(self._view, fleet)
        self._tell(self._view, fleet)

    def _left(self) -> None:
        """Stop when the visitor turns to another page."""
        if self._state["page"] != "map":
            self.player.stop()

    def _pick(self, datum: str | None) -> None:
        now = self._state[SATELLITE.name]
        self._state.change({SATELLITE.name: "" if datum is None else SATELLITE.toggle(datum, now)})


def _kind(view: View) -> str:
    return view["colour"] if view["colour"] in KINDS else "status"


def _colours(view: View, fleet: Fleet) -> Mapping[str, str]:
    kind = _kind(view)
    return charts.colours(kind, fleet.catalogue.loc[fleet.is_aloft, kind].value_counts())


def _groups(
    view: View, fleet: Fleet, rows: NDArray[np.intp], groups: Mapping[str, str]
) -> pd.Series:
    """The group of each satellite; those of no colour of their own are together."""
    own = fleet.catalogue[_kind(view)].iloc[rows].reset_index(drop=True)
    return own.where(own.isin(groups), charts.OTHERS)


def _pads(view: View) -> pd.DataFrame:
    return view.query(
        """SELECT name, latitude_deg, longitude_deg FROM launchpads
           WHERE latitude_deg IS NOT NULL AND longitude_deg IS NOT NULL""",
    )


def _words(groups: pd.Series, at: np.datetime64) -> str:
    """The map for those who do not see it."""
    counts = groups.value_counts()
    parts = ", ".join(f"{count:,} {group}" for group, count in counts.items())
    return (
        f"World map of {len(groups):,} satellites at {format_instant(at)} UTC: {parts or 'none'}."
    )


def _notes(fleet: Fleet, row: int | None, at: np.datetime64) -> list[Node]:
    """What to be careful about, and which satellite is chosen."""
    warning = age_warning(fleet.aloft, at)
    one = None if row is None else fleet.catalogue.iloc[row]
    chosen = "" if one is None else f"Dashed: the next revolution of {one['object_name']}. "
    return [
        tag("p", warning, class_="warning", role="status") if warning else tag("span"),
        tag(
            "p",
            chosen,
            "Points are below the satellites; it is night where it is dark; triangles are launch "
            "pads. Click a satellite to see its track.",
            class_="note",
        ),
    ]
