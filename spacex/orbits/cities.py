"""Places by name, offline: some 6,200 cities, and the principal places of the time zones.

`cities.csv` has the cities of at least 100,000 inhabitants, the largest ones first, from GeoNames
(CC BY 4.0; see `CREDITS.md`), to 0.01 degrees; those of at least 400,000 with their names in other
languages, without accents and in lower case. The time zone database (in the public domain; package
`tzdata`) names a place in each zone of each country, to a minute of arc or better.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

from spacex.errors import SettingsError
from spacex.orbits.place import Place
from spacex.settings.values import nearest_of_all
from spacex.units import plain_text

COORDINATES = "Give latitude and longitude in degrees, such as '52.5, 13.4' or 52°30'N 13°24'E"


@dataclass(frozen=True)
class City(Place):
    """A place with a name.

    Attributes:
        name: the name; empty if the place was given by its coordinates.
        region: state, province or the like; empty if unknown.
        country: ISO 3166 code of the country; empty if unknown.
        time_zone: IANA time zone; UTC if unknown.
    """

    name: str = ""
    region: str = ""
    country: str = ""
    time_zone: str = "UTC"

    @property
    def label(self) -> str:
        """Name, region and country, without those unknown or told by the name.

        >>> find_place("London, CA").label, find_place("Tokyo").label
        ('London, Ontario, CA', 'Tokyo, JP')
        """
        region = "" if _plain(self.region) == _plain(self.name) else self.region
        return ", ".join(filter(None, (self.name, region, self.country)))

    @property
    def unique_name(self) -> str:
        """The name that finds this city: its name alone, or else its label; empty if it has none.

        >>> find_place("london").unique_name, find_place("London, CA").unique_name
        ('London', 'London, Ontario, CA')
        """
        return self.name if self in _gazetteer()[0].get(_plain(self.name), ())[:1] else self.label


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

_MINUTES = 60
_NEAR_DEG = 0.5
"""Places of one name are one if they differ less in latitude and in longitude, degrees."""
_NUMBER = r"([+-]?\d+(?:\.\d+)?)"
_PAIR = re.compile(rf"\s*{_NUMBER}\s*[,; ]\s*{_NUMBER}\s*")
_MARKS = str.maketrans(
    {
        "\N{PRIME}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{MASCULINE ORDINAL INDICATOR}": "°",
    }
)
"""Marks of minutes, seconds and degrees → their plain ones."""
_ANGLE = (
    rf"([NSEW]?)\s*{_NUMBER}\s*°?\s*(?:{_NUMBER}\s*')?\s*"
    rf"(?:{_NUMBER}\s*(?:\"|''))?\s*([NSEW]?)"
)
_ANGLES = re.compile(rf"\s*{_ANGLE}\s*[,;]?\s*{_ANGLE}\s*", re.IGNORECASE)
"""Two angles with hemispheres, such as 52°30'N 13°24'E."""
_COORDINATES = re.compile(r"""[\s\d.,;:/°'"+\-NSEW]*\d[\s\d.,;:/°'"+\-NSEW]*""", re.IGNORECASE)
"""What looks like coordinates: it has a number, and no letters but those of hemispheres."""
_ISO_6709 = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")


def find_place(where: str | tuple[float, float] | Place) -> City:
    """Return a place by its name or coordinates.

    Args:
        where: the name of a city, without regard to case and accents, with region or country if
            it is not the largest city of that name; latitude and longitude in degrees, as a pair
            or as text, with minutes and seconds if each has its hemisphere; or a place.

    Raises:
        SettingsError: there is no such city, or the coordinates are out of range.

    >>> find_place("sao paulo").time_zone, find_place("52.5, 13.4").latitude_deg
    ('America/Sao_Paulo', 52.5)
    >>> find_place("52°30'N 13°24'E").longitude_deg
    13.4
    """
    if isinstance(where, City):
        return where
    if isinstance(where, Place):
        return City(where.latitude_deg, where.longitude_deg, where.height_km)
    if not isinstance(where, str):
        return _at(where)
    if found := _coordinates(where):
        return City(*found)
    name, *rest = (_plain(part) for part in where.split(","))
    known, others = _gazetteer()
    for city in known.get(name, []) + others.get(name, []):
        if set(rest) <= {_plain(city.region), _plain(city.country)}:
            return city
    hint = nearest_of_all(name, list(known), lambda plain: known[plain][0].name)
    raise SettingsError(f"There is no city {where!r} in the list{hint}", f"{COORDINATES}.")


def _coordinates(text: str) -> tuple[float, float] | None:
    """Return the latitude and longitude in a text; None if it is a name.

    Raises:
        SettingsError: it looks like coordinates, and is none.
    """
    text = plain_text(text.translate(_MARKS)).translate(_MARKS)  # a double prime becomes two
    if pair := _PAIR.fullmatch(text):
        return float(pair[1]), float(pair[2])
    if found := _ANGLES.fullmatch(text):
        first, second = (_angle(*found.groups()[part : part + 5]) for part in (0, 5))
        by_axis = {first[0]: first[1], second[0]: second[1]}
        if by_axis.keys() == {"NS", "EW"}:
            return by_axis["NS"], by_axis["EW"]
    if _COORDINATES.fullmatch(text):
        raise SettingsError(f"{text.strip()!r} is not latitude and longitude.", f"{COORDINATES}.")
    return None


def _angle(
    before: str, whole: str, minutes: str | None, seconds: str | None, after: str
) -> tuple[str, float]:
    """Return whether an angle is of north and south or of east and west, and its degrees.

    Args:
        before: the letter of its hemisphere before the number; empty if it is not there.
        whole: degrees.
        minutes: minutes, if any.
        seconds: seconds, if any.
        after: the letter of its hemisphere after the number.

    Returns:
        `NS` or `EW`, or nothing if the angle is not valid.
    """
    letter = f"{before}{after}".upper()
    axis = next((each for each in ("NS", "EW") if len(letter) == 1 and letter in each), "")
    parts = [float(each or 0) for each in (whole, minutes, seconds)]
    if min(parts) < 0 or max(parts[1:]) >= _MINUTES:
        return "", 0.0
    degrees = parts[0] + parts[1] / _MINUTES + parts[2] / _MINUTES**2
    return axis, -degrees if letter in {"S", "W"} else degrees


def cities_like(text: str) -> list[City]:
    """Return the cities whose name contains a text: first those that begin with it, then by size.

    >>> [city.label for city in (*cities_like("potsd"), *cities_like("Cologne"))]
    ['Potsdam, Brandenburg, DE', 'Köln, North Rhine-Westphalia, DE']
    """
    part = _plain(text)
    known, others = _gazetteer()
    found = [city for name, cities in known.items() if part in name for city in cities]
    found.sort(key=lambda city: not _plain(city.name).startswith(part))
    return found or others.get(part, [])


def _at(pair: tuple[float, float]) -> City:
    try:
        latitude, longitude = pair
        return City(latitude, longitude)
    except (TypeError, ValueError):
        raise SettingsError(
            f"{pair!r} is not a place.", f"{COORDINATES}, or the name of a city."
        ) from None


_CitiesByName = dict[str, list[City]]
"""Plain name → the cities of that name, the one that is meant without region or country first."""


@cache
def _gazetteer() -> tuple[_CitiesByName, _CitiesByName]:
    """Return the cities by their names, and by their names in other languages."""
    by_name: _CitiesByName = {}
    by_other_name: _CitiesByName = {}
    for city in CITIES.values():
        _add(city, by_name)
    with resources.files(__package__).joinpath("cities.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            listed = City(
                float(row["latitude_deg"]),
                float(row["longitude_deg"]),
                name=row["name"],
                region=row["region"],
                country=row["country"],
                time_zone=row["time_zone"],
            )
            city = _add(listed, by_name)
            for other in filter(None, row["other_names"].split(";")):
                by_other_name.setdefault(other, []).append(city)
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    for country, at, zone, *_ in rows:
        _add(_principal(country, at, zone), by_name)
    return by_name, by_other_name


def _add(city: City, by_name: _CitiesByName) -> City:
    """Add a city, unless it is known by its name; return the one that is known."""
    same = by_name.setdefault(_plain(city.name), [])
    for each in same:
        if _are_near(city, each):
            return each
    same.append(city)
    return city


def _are_near(one: Place, other: Place) -> bool:
    return (
        abs(one.latitude_deg - other.latitude_deg) < _NEAR_DEG
        and abs(one.longitude_deg - other.longitude_deg) < _NEAR_DEG
    )


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
