import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from math import cos, dist, hypot, radians, sin, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sgp4 import omm
from sgp4.api import Satrec, jday
from sgp4.propagation import gstime

from spacex.errors import SettingsError
from spacex.sources.record import Record
from spacex.sources.sample import (
    SAMPLE,
    facts,
    sample_response_bytes,
    sample_responses,
    write_sample,
)
from spacex.sources.sample.satellite_records import FIRST_NORAD_CAT_ID
from spacex.units import EARTH_MU_KM3_S2, EARTH_RADIUS_KM

ENDPOINTS = ("rockets", "launchpads", "landpads", "cores", "payloads", "launches", "starlink")
SMALL, LARGE = 5_000, 20_000
POSITION = ("height_km", "latitude", "longitude", "velocity_kms")
ROUNDING_KM = 2e-4
"""Latitudes and longitudes are rounded to six decimals, 0.1 m each."""
ROUNDING_KM_S = 1e-6


@pytest.fixture(scope="module")
def sample() -> dict[str, list[Record]]:
    return {name: list(records) for name, records in sample_responses().items()}


@pytest.fixture(scope="module")
def fleet() -> list[Record]:
    return list(sample_responses(satellites=SMALL)["starlink"])


def paths(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each path in a record with its type; the items of a list share a path."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield f"{path}.{key}", type(item).__name__
            yield from paths(item, f"{path}.{key}")
    elif isinstance(value, list):
        for item in value:
            yield f"{path}[]", type(item).__name__
            yield from paths(item, f"{path}[]")


def keys(records: list[Record]) -> set[str]:
    return {path for record in records for path, _ in paths(record) if not path.endswith("[]")}


def satrec(message: Record) -> Satrec:
    satellite = Satrec()
    omm.initialize(satellite, message)
    return satellite


def julian_day(message: Record) -> tuple[float, float]:
    day, time = message["EPOCH"].split("T")
    hour, minute, second = time.split(":")
    return jday(*map(int, day.split("-")), int(hour), int(minute), float(second))


@pytest.fixture
def recorded(recorded_dir: Path) -> Callable[[str], list[Record]]:
    """Return a function that reads the recorded records of an endpoint."""
    return lambda name: json.loads((recorded_dir / "spacexdata" / f"{name}.json").read_bytes())


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_records_have_the_keys_of_the_service(endpoint, sample, recorded):
    assert keys(sample[endpoint]) == keys(recorded(endpoint))


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_values_have_the_types_of_the_service(endpoint, sample, recorded):
    known = {item for record in recorded(endpoint) for item in paths(record)}
    found = {item for record in sample[endpoint] for item in paths(record)}
    numbers = {path for path, kind in known if kind in {"int", "float"}}
    alike = {(path, kind) for path in numbers for kind in ("int", "float")}
    assert {item for item in found - known - alike if item[1] != "NoneType"} == set()


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_ids_differ_from_those_of_the_service(endpoint, sample, recorded):
    recorded_ids = {record["id"] for record in recorded(endpoint)}
    assert recorded_ids.isdisjoint(record["id"] for record in sample[endpoint])


def test_all_records_of_an_endpoint_have_the_same_keys(sample):
    for records in sample.values():
        assert len({tuple(record) for record in records}) == 1
    assert len({tuple(record["spaceTrack"]) for record in sample["starlink"]}) == 1


def test_responses_hold_the_records_of_the_endpoints(sample):
    assert tuple(sample) == ENDPOINTS == tuple(SAMPLE.endpoints)
    for endpoint, records in sample.items():
        assert json.loads(sample_response_bytes(endpoint)) == records


def test_counts_match_the_facts(sample):
    counted = {name: len(records) for name, records in sample.items()}
    assert counted == dict(zip(ENDPOINTS, (4, 6, 7, 73, 205, 205, 1791), strict=True))
    assert counted["starlink"] == sum(
        launch.satellites_catalogued for launch in facts.starlink_launches()
    )


def test_launches_keep_the_irregularities_of_the_facts(sample):
    launches = sample["launches"]
    past = [launch for launch in launches if not launch["upcoming"]]
    assert len(past) == 187
    assert Counter(launch["success"] for launch in past) == {True: 181, False: 5, None: 1}
    numbers = Counter(launch["flight_number"] for launch in launches)
    assert {number: n for number, n in numbers.items() if n > 1} == {188: 4, 198: 2}
    assert all(bool(launch["failures"]) == (launch["success"] is False) for launch in past)
    (unknown,) = (launch["name"] for launch in past if launch["success"] is None)
    assert unknown == "Starlink 3-1 (v1.5)"


def test_totals_of_boosters(sample):
    flights = [flight for launch in sample["launches"] for flight in launch["cores"]]
    assert len(flights) == 215
    assert sum(flight["landing_attempt"] is True for flight in flights) == 164
    assert sum(flight["landing_success"] is True for flight in flights) == 149
    assert sum(flight["reused"] is True for flight in flights) == 119
    assert max(flight["flight"] or 0 for flight in flights) == 14
    assert sum(len(launch["cores"]) == 3 for launch in sample["launches"]) == 5


def test_totals_of_pads(sample):
    assert sum(pad["launch_attempts"] for pad in sample["launchpads"]) == 187
    assert sum(pad["launch_successes"] for pad in sample["launchpads"]) == 181
    for pad in sample["landpads"]:
        assert len(pad["launches"]) == pad["landing_attempts"] >= pad["landing_successes"]


def test_reuse_count_of_a_core(sample):
    (core,) = (core for core in sample["cores"] if core["serial"] == "B1063")
    assert (core["reuse_count"], len(core["launches"]), core["status"]) == (6, 7, "active")


def test_a_booster_without_serial_has_no_core(sample):
    (launch,) = (launch for launch in sample["launches"] if launch["name"] == "CRS-24")
    (flight,) = launch["cores"]
    assert (flight["core"], flight["flight"], flight["landing_success"]) == (None, 1, True)


def test_the_local_date_is_the_same_instant(sample):
    first = sample["launches"][0]
    assert first["date_unix"] == 1143239400
    assert first["date_local"] == "2006-03-25T10:30:00+12:00"


def test_every_referenced_id_exists(sample):
    ids = {name: {record["id"] for record in records} for name, records in sample.items()}
    for name, records in sample.items():
        assert len(ids[name]) == len(records)
    for launch in sample["launches"]:
        assert launch["rocket"] in ids["rockets"]
        assert launch["launchpad"] in ids["launchpads"]
        assert ids["payloads"].issuperset(launch["payloads"])
        for flight in launch["cores"]:
            assert flight["core"] in ids["cores"] | {None}
            assert flight["landpad"] in ids["landpads"] | {None}
    for name in ("cores", "launchpads", "landpads"):
        for record in sample[name]:
            assert ids["launches"].issuperset(record["launches"])
    for record in sample["payloads"] + sample["starlink"]:
        assert record["launch"] in ids["launches"]
    assert {id_ for pad in sample["launchpads"] for id_ in pad["rockets"]} <= ids["rockets"]


def test_satellites_of_each_launch(sample):
    launches = {launch["id"]: launch["name"] for launch in sample["launches"]}
    satellites = Counter(launches[one["launch"]] for one in sample["starlink"])
    reentered = [one for one in sample["starlink"] if one["spaceTrack"]["DECAYED"]]
    decayed = Counter(launches[one["launch"]] for one in reentered)
    for launch in facts.starlink_launches():
        assert satellites[launch.launch] == launch.satellites_catalogued
        assert decayed[launch.launch] == launch.decayed_by_2021_10_17
    versions = Counter(one["version"] for one in sample["starlink"])
    assert versions == {"v1.0": 1678, "v0.9": 60, "v1.5": 51, "prototype": 2}


def test_only_decayed_satellites_have_no_position(sample):
    assert sum(one["spaceTrack"]["DECAYED"] for one in sample["starlink"]) == 118
    for one in sample["starlink"]:
        is_decayed = one["spaceTrack"]["DECAYED"] == 1
        assert [one[key] is None for key in POSITION] == [is_decayed] * len(POSITION)
        assert (one["spaceTrack"]["DECAY_DATE"] is not None) == is_decayed


def test_decay_dates(sample):
    for message in (one["spaceTrack"] for one in sample["starlink"]):
        if message["DECAYED"]:
            decay = date.fromisoformat(message["DECAY_DATE"])
            assert date.fromisoformat(message["LAUNCH_DATE"]) < decay <= date(2021, 10, 17)
            assert message["EPOCH"][:10] == message["DECAY_DATE"]
        else:
            assert message["EPOCH"][:10] == "2022-10-28"
        assert message["REV_AT_EPOCH"] > 0


@pytest.mark.parametrize("size", [None, SMALL])
def test_every_satellite_is_marked_as_simulated(size):
    for one in sample_responses(satellites=size)["starlink"]:
        message = one["spaceTrack"]
        assert message["OBJECT_NAME"].startswith("SIMULATED-")
        assert message["ORIGINATOR"] == "SIMULATED"
        assert message["COMMENT"].startswith("SIMULATED")
        assert message["NORAD_CAT_ID"] >= FIRST_NORAD_CAT_ID
        assert message["TLE_LINE0"] is message["TLE_LINE1"] is message["TLE_LINE2"] is None


def test_the_same_seed_gives_the_same_bytes():
    assert sample_response_bytes("starlink", 500, 7) == sample_response_bytes("starlink", 500, 7)
    for endpoint in ENDPOINTS:
        assert sample_response_bytes(endpoint) == sample_response_bytes(endpoint)


def test_another_seed_changes_only_the_fleet():
    assert sample_response_bytes("starlink", seed=1) != sample_response_bytes("starlink", seed=2)
    assert sample_response_bytes("launches", seed=1) == sample_response_bytes("launches", seed=2)


@pytest.mark.parametrize("size", [1, 7, 100, 1790, 1792, SMALL])
def test_fleet_size(size):
    assert len(list(sample_responses(satellites=size)["starlink"])) == size


@pytest.mark.parametrize("size", [0, -1, 400_001])
def test_an_invalid_fleet_size_is_rejected(size):
    with pytest.raises(SettingsError, match="Choose a number from 1 to 400,000"):
        sample_response_bytes("starlink", satellites=size)


def test_an_unknown_endpoint_is_rejected():
    with pytest.raises(KeyError):
        sample_response_bytes("capsules")


def test_names_numbers_and_designators_are_unique_and_well_formed():
    messages = [one["spaceTrack"] for one in sample_responses(satellites=LARGE)["starlink"]]
    for key in ("NORAD_CAT_ID", "OBJECT_ID", "OBJECT_NAME", "GP_ID"):
        assert len({message[key] for message in messages}) == LARGE
    for message in messages:
        launch, piece = message["OBJECT_ID"][:8], message["OBJECT_ID"][8:]
        assert launch.startswith(f"{message['LAUNCH_DATE'][:4]}-9")
        assert launch[5:].isdigit()
        assert 1 <= len(piece) <= 3
        assert set(piece) <= set("ABCDEFGHJKLMNPQRSTUVWXYZ")


@pytest.mark.parametrize("size", [None, SMALL])
def test_sgp4_accepts_every_element_set(size):
    for one in sample_responses(satellites=size)["starlink"]:
        satellite = satrec(one["spaceTrack"])
        error, position, _ = satellite.sgp4(*julian_day(one["spaceTrack"]))
        assert error == 0
        assert hypot(*position) > EARTH_RADIUS_KM + 130


def test_positions_agree_with_sgp4(fleet):
    for one in fleet:
        if one["height_km"] is None:
            continue
        day, fraction = julian_day(one["spaceTrack"])
        _, (x, y, z), velocity = satrec(one["spaceTrack"]).sgp4(day, fraction)
        angle = gstime(day + fraction)
        earth_fixed = (x * cos(angle) + y * sin(angle), y * cos(angle) - x * sin(angle), z)
        assert dist(earth_fixed, earth_fixed_position(one)) < ROUNDING_KM
        assert one["velocity_kms"] == pytest.approx(hypot(*velocity), abs=ROUNDING_KM_S)


def earth_fixed_position(record: Record) -> tuple[float, float, float]:
    """Return the position in a record in Earth-fixed coordinates (WGS 84), km."""
    latitude, longitude = radians(record["latitude"]), radians(record["longitude"])
    squared = 1 - (1 - 1 / 298.257223563) ** 2
    curvature = EARTH_RADIUS_KM / sqrt(1 - squared * sin(latitude) ** 2)
    rho = (curvature + record["height_km"]) * cos(latitude)
    z = (curvature * (1 - squared) + record["height_km"]) * sin(latitude)
    return rho * cos(longitude), rho * sin(longitude), z


def test_latitudes_stay_below_the_inclination(fleet):
    for one in fleet:
        if one["latitude"] is not None:
            inclination = one["spaceTrack"]["INCLINATION"]
            # Geodetic latitude is up to 0.2 deg above the geocentric one, which is bounded.
            assert abs(one["latitude"]) < min(inclination, 180 - inclination) + 0.2
            assert -180 <= one["longitude"] < 180


def test_derived_orbits_agree_with_the_elements(fleet):
    for message in (one["spaceTrack"] for one in fleet):
        rate = message["MEAN_MOTION"] * 2 * np.pi / 86400
        axis = (EARTH_MU_KM3_S2 / rate**2) ** (1 / 3)
        apogee, perigee = (axis * (1 + s * message["ECCENTRICITY"]) for s in (1, -1))
        assert message["SEMIMAJOR_AXIS"] == pytest.approx(axis, abs=0.01)
        assert message["APOAPSIS"] == pytest.approx(apogee - EARTH_RADIUS_KM, abs=0.01)
        assert message["PERIAPSIS"] == pytest.approx(perigee - EARTH_RADIUS_KM, abs=0.01)
        assert message["PERIOD"] == pytest.approx(1440 / message["MEAN_MOTION"], abs=0.001)
        assert 150 < message["PERIAPSIS"] <= message["APOAPSIS"] < 600
        for key in ("RA_OF_ASC_NODE", "ARG_OF_PERICENTER", "MEAN_ANOMALY"):
            assert 0 <= message[key] < 360


def test_a_few_percent_are_raising_their_orbit(fleet):
    in_orbit = [one["spaceTrack"] for one in fleet if not one["spaceTrack"]["DECAYED"]]
    below = sum(message["APOAPSIS"] < 520 for message in in_orbit)
    assert 0.01 < below / len(in_orbit) < 0.05


def test_orbital_planes_appear_at_a_common_epoch():
    """Nodes drift by up to 5 deg during the day over which the epochs are spread."""
    messages = [one["spaceTrack"] for one in sample_responses(satellites=1500)["starlink"]]
    shell = [m for m in messages if m["INCLINATION"] < 53.1 and 545 < m["PERIAPSIS"] < 555]
    node = np.array([message["RA_OF_ASC_NODE"] for message in shell])
    seconds = [float(m["EPOCH"][11:13]) * 3600 + float(m["EPOCH"][14:16]) * 60 for m in shell]
    rate = 1.5 * 1.08262668e-3 * (EARTH_RADIUS_KM / (EARTH_RADIUS_KM + 550)) ** 2
    drift = -rate * 360 * 15.055 * np.cos(np.radians(53)) * np.array(seconds) / 86400
    assert len(shell) > 1200
    assert concentration(node) < 0.5
    assert concentration(node - drift) > 0.99


def concentration(node_deg: NDArray[np.float64], planes: int = 72) -> float:
    """Return the concentration of nodes on equally spaced planes, from 0 to 1."""
    return float(abs(np.exp(1j * planes * np.radians(node_deg)).mean()))


def test_write_sample(tmp_path):
    written = write_sample(tmp_path / "new", satellites=300, seed=3)
    assert [path.name for path in written] == [f"{name}.json" for name in ENDPOINTS]
    for path in written:
        assert path.read_bytes() == sample_response_bytes(path.stem, satellites=300, seed=3)
