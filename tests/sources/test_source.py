import pytest

from spacex.errors import SettingsError
from spacex.sources import SAMPLE, SERVICES, SOURCES, SPACEXDATA, check_endpoints


def test_select_all_endpoints():
    names = ["rockets", "launchpads", "landpads", "cores", "payloads", "launches", "starlink"]
    assert [endpoint.name for endpoint in SPACEXDATA.select()] == names


def test_select_keeps_the_order_of_the_source():
    selected = SPACEXDATA.select(["starlink", "rockets", "starlink"])
    assert [endpoint.name for endpoint in selected] == ["rockets", "starlink"]


def test_an_unknown_endpoint_is_rejected():
    with pytest.raises(SettingsError, match=r"Unknown endpoint launch\. Choose from: rockets, "):
        check_endpoints(["rockets", "launch"], [SPACEXDATA])


def test_an_endpoint_names_each_of_its_tables_once():
    tables = ("rockets", "rocket_stages", "rocket_engines", "rocket_payload_weights")
    assert SPACEXDATA.endpoints["rockets"].tables == tables


def test_every_source_has_a_name_a_title_and_a_licence():
    assert list(SOURCES.values()) == [*SERVICES.values(), SAMPLE]
    assert list(SOURCES) == [
        *("spacexdata", "celestrak", "launchlibrary", "satcat", "gcat", "spaceweather"),
        "sample",
    ]
    assert all(source.title and source.licence for source in SOURCES.values())
    assert [name for name, source in SOURCES.items() if source.is_simulated] == ["sample"]
    live = [name for name, source in SOURCES.items() if source.is_live]
    assert live == ["celestrak", "launchlibrary", "satcat", "gcat", "spaceweather"]
    assert [name for name, source in SOURCES.items() if source.is_optional] == ["spaceweather"]
