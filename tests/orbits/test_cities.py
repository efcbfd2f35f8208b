"""Places by name and coordinates."""

import pytest

from spacex.errors import SettingsError
from spacex.orbits.cities import CITIES, City, find_place
from spacex.orbits.place import Place


@pytest.mark.parametrize(
    ("where", "latitude_deg", "longitude_deg", "time_zone"),
    [
        ("Berlin", 52.52, 13.41, "Europe/Berlin"),
        (" são PAULO", -23.55, -46.63, "America/Sao_Paulo"),
        ("Kathmandu", 27 + 43 / 60, 85 + 19 / 60, "Asia/Kathmandu"),
        ("Longyearbyen", 78, 16, "Arctic/Longyearbyen"),
        ("52.5, 13.4", 52.5, 13.4, "UTC"),
        ("-33.9 18.4", -33.9, 18.4, "UTC"),
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
        ("Tokio", "There is no city 'Tokio' in the list; did you mean Tokyo?"),
        (
            "Atlantis of old",
            "There is no city 'Atlantis of old' in the list; the nearest is Isle of Man.",
        ),
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
