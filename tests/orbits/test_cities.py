"""Places by name and coordinates."""

import csv
from importlib import resources
from zoneinfo import available_timezones

import numpy as np
import pytest

from spacex.errors import SettingsError
from spacex.orbits.cities import CITIES, City, cities_like, find_place
from spacex.orbits.place import Place


@pytest.mark.parametrize(
    ("where", "latitude_deg", "longitude_deg", "time_zone"),
    [
        ("Berlin", 52.52, 13.41, "Europe/Berlin"),
        (" são PAULO", -23.55, -46.63, "America/Sao_Paulo"),
        ("Kathmandu", 27.70, 85.32, "Asia/Kathmandu"),
        ("London", 51.51, -0.13, "Europe/London"),
        ("London, CA", 42.98, -81.23, "America/Toronto"),
        ("springfield , illinois", 39.80, -89.64, "America/Chicago"),
        ("Springfield, Missouri, US", 37.22, -93.30, "America/Chicago"),
        ("Berlyn", 52.52, 13.41, "Europe/Berlin"),
        ("Cologne", 50.93, 6.95, "Europe/Berlin"),
        ("Longyearbyen", 78, 16, "Arctic/Longyearbyen"),
        ("52.5, 13.4", 52.5, 13.4, "UTC"),
        ("-33.9 18.4", -33.9, 18.4, "UTC"),
        ("52°30'N 13°24'E", 52.5, 13.4, "UTC"),
        (
            "52\N{MASCULINE ORDINAL INDICATOR}30\N{PRIME}18\N{DOUBLE PRIME}N, 13°24\N{PRIME}E",
            *(52.505, 13.4),
            "UTC",
        ),
        ("33°54'S 18.4E", -33.9, 18.4, "UTC"),
        ("13°24'w; 52°30'0\"n", 52.5, -13.4, "UTC"),
        ("\N{FULLWIDTH DIGIT FIVE}2.5, 13.4", 52.5, 13.4, "UTC"),
        ((0, 180), 0, 180, "UTC"),
        (Place(1, 2), 1, 2, "UTC"),
    ],
)
def test_a_place_is_found(where, latitude_deg, longitude_deg, time_zone):
    found = find_place(where)
    assert (found.latitude_deg, found.longitude_deg) == (latitude_deg, longitude_deg)
    assert found.time_zone == time_zone


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("Potsdm", "There is no city 'Potsdm' in the list; did you mean Potsdam?"),
        ("London, XX", "There is no city 'London, XX' in the list; did you mean London?"),
        (
            "Atlantis of old",
            "There is no city 'Atlantis of old' in the list; the nearest is San Luis Río Colorado.",
        ),
        ("52.5,13.4,3", "'52.5,13.4,3' is not latitude and longitude."),
        ("52°61'N 13°E", '"52°61\'N 13°E" is not latitude and longitude.'),
        ("52°N 13°N", "'52°N 13°N' is not latitude and longitude."),
        ("52,5 13,4", "'52,5 13,4' is not latitude and longitude."),
        ("91°N 0°E", "latitude_deg of a place is 91.0."),
        ("91, 0", "latitude_deg of a place is 91.0."),
        ((1, 2, 3), "(1, 2, 3) is not a place."),
        (None, "None is not a place."),
        ("", "There is no city '' in the list."),
    ],
)
def test_another_place_is_an_error(where, message):
    with pytest.raises(SettingsError) as error:
        find_place(where)
    assert error.value.message == message


def test_cities_of_the_dashboard_agree_with_their_time_zones():
    for name, city in CITIES.items():
        assert isinstance(city, City)
        assert city.name == name
        assert find_place(name) is city


def test_cities_of_the_dashboard_lie_where_the_gazetteer_or_the_launchpad_does():
    text = resources.files("spacex.orbits").joinpath("cities.csv").read_text("utf-8")
    places = [
        (float(row["latitude_deg"]), float(row["longitude_deg"]))
        for row in csv.DictReader(text.splitlines())
    ]
    places.append((25.997, -97.155))  # Starbase, next to Boca Chica
    apart = np.abs(
        np.array(places)[:, None] - [(c.latitude_deg, c.longitude_deg) for c in CITIES.values()]
    )
    assert (apart.max(axis=2).min(axis=0) < 0.05).all()


def test_there_are_thousands_of_cities_each_with_region_and_time_zone():
    cities = cities_like("")
    assert len(cities) > 6_000
    assert {city.time_zone for city in cities} <= available_timezones()
    assert sum(city.region == "" for city in cities) < len(cities) / 10


def test_a_label_finds_its_city():
    labels = {city.label: city for city in cities_like("san")}
    assert len(labels) == len(cities_like("san")) > 100
    for label, city in labels.items():
        assert find_place(label) == find_place(city.unique_name) == city
