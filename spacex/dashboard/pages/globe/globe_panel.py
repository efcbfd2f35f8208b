"""The panel of the page Globe: the globe, its controls and where its positions come from."""

import numpy as np

from spacex.dashboard.pages.fleet_filters import (
    INSTANT,
    SATELLITE,
    selected_in_orbit,
    selected_instant,
)
from spacex.dashboard.pages.fleet_globe import (
    NO_FLEET,
    FleetGlobe,
    Look,
    milliseconds,
    provenance,
)
from spacex.dashboard.pages.fleet_groups import FIELDS, group_names
from spacex.dashboard.pages.fleet_model import Fleet, read_fleet
from spacex.dashboard.pages.fleet_motion import motion, place_of
from spacex.dashboard.ui.controls import clamped_number, dropdown, form
from spacex.dashboard.ui.markup import Markup, Node, tag
from spacex.dashboard.ui.page_settings import Setting, number_within, one_of
from spacex.dashboard.ui.panels import panel_box
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View

FLAT = "flat"
SHAPES = {"": "Globe", FLAT: "Flat map"}
MINUTES = (-90.0, 90.0)
"""Range of `minutes`, from the selected instant, in links of earlier versions."""
BOUNDS = {"turn": (-180.0, 180.0), "tilt": (-90.0, 90.0), "zoom": (1.0, 12.0)}
DEFAULTS = {"turn": 0.0, "tilt": 20.0, "zoom": 1.0}
BETWEEN = "|"
"""Separates the groups that are switched off."""
HINT = (
    "Drag to turn, or use the arrow keys; zoom by the keys + and -, or the wheel once the "
    "globe has the focus. The legend switches groups on and off. Dark: night. Triangles: pads."
)


def _is_group(name: str, view: View) -> bool:
    """Return whether a group of the satellites in orbit has a name; a filter may select none."""
    fleet = read_fleet(view.database.path)
    if fleet is None or not fleet.is_in_orbit.any():
        return True
    return name in group_names(fleet, motion(fleet).rows, _field(view))


def _field(view: View) -> str:
    return view["colour"] if view["colour"] in FIELDS else next(iter(FIELDS))


def _minutes(view: View) -> float:
    return clamped_number(view["minutes"], MINUTES, 0.0)


def look_of(view: View, fleet: Fleet) -> Look:
    """Return how the view shows a fleet."""
    return Look(
        at=selected_instant(view, fleet) + np.timedelta64(round(_minutes(view) * 60), "s"),
        is_selected=selected_in_orbit(view, fleet),
        field=_field(view),
        off=tuple(filter(None, view["off"].split(BETWEEN))),
        row=fleet.rows.get(view[SATELLITE.name]),
    )


class GlobePanel:
    """The globe with its controls; the address follows it.

    Args:
        state: the visitor's choices: `at`, `colour`, `shape`, `off`, `satellite`, and `turn`,
            `tilt` and `zoom`.

    Attributes:
        settings: what it has in the URL query beside filters.
    """

    settings = (
        one_of("colour", "colour", FIELDS),
        one_of("shape", "shape", {FLAT}),
        Setting("off", "switched off", _is_group, between=BETWEEN),
        number_within("minutes", "minutes", MINUTES),
        *(number_within(name, name, bounds) for name, bounds in BOUNDS.items()),
    )

    def __init__(self, state: State) -> None:
        self._state = state
        self._globe = FleetGlobe(self._toggle_satellite)
        self._controls, self._below = Markup(on_action=self._act), Markup()
        self._whole = (self._globe.widget, self._controls, self._below)
        self.widget = panel_box(*self._whole, wide=True)
        self._chosen: str | None = None
        self._is_following = True
        self._globe.widget.observe(self._follow, ["turn", "tilt", "zoom", "at_ms", "off"])

    def show(self, view: View) -> None:
        """See `Panel`."""
        fleet = read_fleet(view.database.path)
        if fleet is None or not fleet.is_in_orbit.any():
            self._below.show(tag("p", NO_FLEET))
            self.widget.children = (self._below,)
            return
        look = look_of(view, fleet)
        widget = self._globe.widget
        self._is_following = False
        with widget.hold_sync():
            self._turn(view, fleet, look)
            widget.is_flat = view["shape"] == FLAT
            is_now = not (view[INSTANT.name] or _minutes(view))
            widget.at_ms = 0.0 if is_now else milliseconds(look.at)
            widget.places = _launchpads(view)
            groups = self._globe.show(fleet, look)
        self._is_following = True
        self._controls.show(_form(view, look.field))
        self._below.show(*provenance(fleet, groups, look.at), tag("p", HINT, class_="note"))
        self.widget.children = self._whole

    def _turn(self, view: View, fleet: Fleet, look: Look) -> None:
        """Turn the globe as the address says, or towards a satellite that is chosen by its name."""
        is_first, before = self._chosen is None, self._chosen
        self._chosen = view[SATELLITE.name]
        places = {
            name: clamped_number(view[name], bounds, DEFAULTS[name])
            for name, bounds in BOUNDS.items()
        }
        is_new = look.row is not None and self._chosen != before
        if is_new and not (is_first and view["turn"]):
            longitude, latitude, _ = place_of(fleet, look.row or 0, look.at)
            if np.isfinite(latitude):
                places |= {"turn": float(round(longitude)), "tilt": float(round(latitude))}
        for name, value in places.items():
            self._state.correct(name, _written(name, value))
            setattr(self._globe.widget, name, value)

    def _follow(self, _change: object) -> None:
        """Write what the visitor has changed in the browser into the state."""
        if not self._is_following:
            return
        widget = self._globe.widget
        places = {name: _written(name, getattr(widget, name)) for name in DEFAULTS}
        at = np.datetime64(round(widget.at_ms), "ms").astype("datetime64[m]")
        time = {INSTANT.name: str(at) if widget.at_ms else "", "minutes": ""}
        self._state.change({**places, **time, "off": BETWEEN.join(widget.off)})

    def _act(self, action: str, value: str) -> None:
        if action == "shape":
            self._state.change({"shape": value})
        elif action == "colour":
            self._state.change({"colour": "" if value == next(iter(FIELDS)) else value, "off": ""})

    def _toggle_satellite(self, number: int) -> None:
        chosen = SATELLITE.toggle(str(number), self._state[SATELLITE.name])
        self._chosen = chosen  # it is in sight already
        self._state.change({SATELLITE.name: chosen})


def _written(name: str, value: float) -> str:
    return "" if value == DEFAULTS[name] else f"{value:g}"


def _form(view: View, field: str) -> Node:
    return form(
        "Globe",
        dropdown("Colour by", "colour", field, FIELDS),
        dropdown("Show as", "shape", FLAT if view["shape"] == FLAT else "", SHAPES),
    )


def _launchpads(view: View) -> list[tuple[float, float]]:
    pads = view.query(
        """SELECT longitude_deg, latitude_deg FROM launchpads
           WHERE latitude_deg IS NOT NULL AND longitude_deg IS NOT NULL"""
    )
    return [*pads.itertuples(index=False, name=None)]
