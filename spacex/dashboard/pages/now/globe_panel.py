"""The panel of the globe: the fleet in motion."""

from spacex.dashboard.pages.fleet_globe import NO_FLEET, FleetGlobe, Look, provenance
from spacex.dashboard.pages.fleet_model import read_fleet
from spacex.dashboard.pages.search import SATELLITES, life_query
from spacex.dashboard.ui.markup import Markup, tag
from spacex.dashboard.ui.page_links import opens, page_link
from spacex.dashboard.ui.panels import panel_box
from spacex.dashboard.ui.state import State
from spacex.dashboard.ui.view import View


class GlobePanel:
    """The globe with its legend; a click on a satellite opens its page.

    Args:
        state: the visitor's state.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._globe = FleetGlobe(self._open, is_compact=True)
        heading = Markup(tag("h3", "The fleet in motion"))
        self._below = Markup(on_action=opens(state))
        self._whole = (heading, self._globe.widget, self._below)
        self.widget = panel_box(*self._whole, wide=False)
        self._shown: object = self  # no fleet yet

    def show(self, view: View) -> None:
        """See `Panel`."""
        fleet = read_fleet(view.database.path)
        if fleet is self._shown:
            return
        self._shown = fleet
        if fleet is None or not fleet.is_in_orbit.any():
            self._below.show(tag("p", NO_FLEET))
            heading, _globe, below = self._whole
            self.widget.children = (heading, below)
            return
        at = fleet.display_instant()
        groups = self._globe.show(fleet, Look(at, fleet.is_in_orbit))
        hint = "Drag to turn, or use the arrow keys; click a satellite to open its page. "
        more = page_link("More on the page Globe", "page=globe")
        self._below.show(*provenance(fleet, groups, at), tag("p", hint, more, class_="note"))
        self.widget.children = self._whole

    def _open(self, number: int) -> None:
        self._state.read(life_query(SATELLITES, number))
