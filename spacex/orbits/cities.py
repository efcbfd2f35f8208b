"""Places by name, offline: a few cities, and the principal places of the time zone database.

The time zone database (in the public domain; package `tzdata`) names a place in each zone of each
country, to a minute of arc or better: some 420 of them.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

from spacex.errors import SettingsError
from spacex.orbits.place import Place
from spacex.settings.values import nearest_of_all

COORDINATES = "Give latitude and longitude in degrees, such as '52.5, 13.4'"


@dataclass(frozen=True)
class City(Place):
    """A place with a name.

    Attributes:
        name: the name; empty if the place was given by its coordinates.
        country: ISO 3166 code of the country; empty if unknown.
        time_zone: IANA time zone; UTC if unknown.
    """

    name: str = ""
    country: str = ""
    time_zone: str = "UTC"


CITIES = {
    name: City(latitude, longitude, name=name, country=country, time_zone=zone)
    for name, latitude, longitude, country, zone in (
        ("Berlin", 52.52, 13.41, "DE", "Europe/Berlin"),
        ("Boca Chica", 25.99, -97.18, "US", "America/Chicago"),
        ("Cape Town", -33.92, 18.42, "ZA", "Africa/Johannesburg"),
        ("Delhi", 28.61, 77.21, "IN", "Asia/Kolkata"),
        ("Honolulu", 21.31, -157.86, "US", "Pacific/Honolulu"),
        ("London", 51.51, -0.13, "GB", "Europe/London"),
        ("Los Angeles", 34.05, -118.24, "US", "America/Los_Angeles"),
        ("Nairobi", -1.29, 36.82, "KE", "Africa/Nairobi"),
        ("New York", 40.71, -74.01, "US", "America/New_York"),
        ("Reykjavik", 64.15, -21.94, "IS", "Atlantic/Reykjavik"),
        ("São Paulo", -23.55, -46.63, "BR", "America/Sao_Paulo"),
        ("Sydney", -33.87, 151.21, "AU", "Australia/Sydney"),
        ("Tokyo", 35.68, 139.69, "JP", "Asia/Tokyo"),
    )
}
"""The cities that the dashboard offers."""

_NUMBER = r"([+-]?\d+(?:\.\d+)?)"
_PAIR = re.compile(rf"\s*{_NUMBER}\s*[,; ]\s*{_NUMBER}\s*")
_ISO_6709 = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")


def find_place(where: str | tuple[float, float] | Place) -> City:
    """Return a place by its name or coordinates.

    Args:
        where: the name of a city, without regard to case and accents; latitude and longitude in
            degrees, as a pair or as text; or a place.

    Raises:
        SettingsError: there is no such city, or the coordinates are out of range.

    >>> find_place("sao paulo").time_zone, find_place("52.5, 13.4").latitude_deg
    ('America/Sao_Paulo', 52.5)
    """
    if isinstance(where, City):
        return where
    if isinstance(where, Place):
        return City(where.latitude_deg, where.longitude_deg, where.height_km)
    if not isinstance(where, str):
        return _at(where)
    if pair := _PAIR.fullmatch(where):
        return City(float(pair[1]), float(pair[2]))
    known = _cities()
    if found := known.get(_plain(where)):
        return found
    hint = nearest_of_all(_plain(where), list(known), lambda plain: known[plain].name)
    raise SettingsError(f"There is no city {where!r} in the list{hint}", f"{COORDINATES}.")


def cities_like(text: str) -> list[City]:
    """Return the cities whose name contains a text, those that begin with it first.

    >>> [city.name for city in cities_like("sydn")]
    ['Sydney']
    """
    part = _plain(text)
    found = [(name.index(part), name) for name in _cities() if part in name]
    return [_cities()[name] for _, name in sorted(found)]


def _at(pair: tuple[float, float]) -> City:
    try:
        latitude, longitude = pair
        return City(latitude, longitude)
    except (TypeError, ValueError):
        raise SettingsError(
            f"{pair!r} is not a place.", f"{COORDINATES}, or the name of a city."
        ) from None


@cache
def _cities() -> dict[str, City]:
    """Return the cities by their plain names."""
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    zones = (_principal(country, at, zone) for country, at, zone, *_ in rows)
    return {_plain(city.name): city for city in (*zones, *CITIES.values())}


def _principal(country: str, coordinates: str, zone: str) -> City:
    """Return the principal place of a zone: `DE`, `+5230+01322`, `Europe/Berlin`."""
    found = _ISO_6709.fullmatch(coordinates)
    if found is None:
        raise ValueError(f"{coordinates} of {zone} is not in the format of ISO 6709")
    latitude, longitude = found.groups()[:4], found.groups()[4:]
    return City(
        _degrees(*latitude),
        _degrees(*longitude),
        name=zone.rpartition("/")[2].replace("_", " "),
        country=country,
        time_zone=zone,
    )


def _degrees(sign: str, whole: str, minutes: str, seconds: str | None) -> float:
    return float(f"{sign}1") * (int(whole) + int(minutes) / 60 + int(seconds or 0) / 3600)


def _plain(name: str) -> str:
    """Return a name without accents, in lower case."""
    letters = unicodedata.normalize("NFKD", name.strip())
    return "".join(each for each in letters if not unicodedata.combining(each)).casefold()
