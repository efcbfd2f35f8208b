"""The place of a visitor, as the address of a page has it."""

from dataclasses import replace
from urllib.parse import urlencode
from zoneinfo import available_timezones

from spacex.dashboard.ui.page_settings import Setting, one_of
from spacex.dashboard.ui.view import View
from spacex.errors import SettingsError
from spacex.orbits.cities import CITIES, City, find_place

PLACE, ZONE = "place", "zone"
"""The names in the URL query of the place and of the time zone that the browser gave with it."""


def visitor_place(where: str, zone: str) -> City:
    """Return a place by the name of a city or by coordinates.

    Args:
        where: the name or the coordinates.
        zone: the time zone of coordinates; UTC if it is unknown.

    Raises:
        SettingsError: there is no such place.
    """
    found = find_place(where)
    if found.name:
        return found
    for city in CITIES.values():
        if (city.latitude_deg, city.longitude_deg) == (found.latitude_deg, found.longitude_deg):
            return city
    if zone not in available_timezones():
        return found
    name = f"{found.latitude_deg:g}, {found.longitude_deg:g}"
    return replace(found, name=name, time_zone=zone)


def _is_place(where: str, view: View) -> bool:
    try:
        return not where.strip() or bool(visitor_place(where, view[ZONE]))
    except SettingsError:
        return False


PLACE_SETTINGS = (
    Setting(PLACE, "place", _is_place, is_told_by_panel=True),
    one_of(ZONE, "time zone", available_timezones()),
)
"""What a page with the visitor's place has in the URL query."""


def with_place(view: View, query: str) -> str:
    """Return the URL query of a page about satellites, with the visitor's place."""
    kept = {name: view[name] for name in (PLACE, ZONE) if view[name]}
    return f"{query}&{urlencode(kept)}" if kept else query
