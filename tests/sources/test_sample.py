import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from math import cos, dist, hypot, radians, sin, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sgp4 import omm
from sgp4.api import Satrec, jday
from sgp4.propagation import gstime

from spacex.dashboard.ui.formatting import shorten
from spacex.errors import SettingsError
from spacex.sources.gcat_launches import launch_class
from spacex.sources.launch_facts import (
    FLEET_DATE,
    LAST_COUNTED,
    LAST_LAUNCH,
    gcat_launches,
    starlink_launches,
)
from spacex.sources.record import Record
from spacex.sources.sample import (
    NOTE,
    SAMPLE,
    History,
    archive_history,
    current_history,
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


HISTORIES = {"archive": archive_history, "current": current_history}


def responses(
    history: History | None = None, satellites: int | None = None
) -> dict[str, list[Record]]:
    found = sample_responses(satellites, history=history)
    return {name: list(records) for name, records in found.items()}


@pytest.fixture(scope="module")
def whole() -> dict[str, list[Record]]:
    """The sample as a run has it."""
    return responses()


@pytest.fixture(scope="module")
def archive() -> dict[str, list[Record]]:
    return responses(archive_history())


@pytest.fixture(scope="module", params=HISTORIES)
def sample(request: pytest.FixtureRequest) -> dict[str, list[Record]]:
    """Each history, with a few satellites that never got a number."""
    return responses(HISTORIES[request.param](), satellites=1_000)


@pytest.fixture(scope="module", params=HISTORIES)
def fleet(request: pytest.FixtureRequest) -> list[Record]:
    records = sample_responses(satellites=SMALL, history=HISTORIES[request.param]())["starlink"]
    return [one for one in records if is_catalogued(one)]


def is_catalogued(satellite: Record) -> bool:
    return satellite["spaceTrack"]["NORAD_CAT_ID"] is not None


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


def test_bytes_hold_the_records(archive):
    for endpoint, records in archive.items():
        assert json.loads(sample_response_bytes(endpoint, history=archive_history())) == records


def test_counts_match_the_facts(whole):
    counted = {name: len(records) for name, records in whole.items()}
    assert counted == dict(zip(ENDPOINTS, (4, 6, 7, 113, 596, 596, 12_483), strict=True))
    assert counted["launches"] == len(gcat_launches())
    assert counted["starlink"] == sum(launch.known for launch in starlink_launches())


def test_counts_of_the_archive(archive):
    counted = {name: len(records) for name, records in archive.items()}
    assert counted == dict(zip(ENDPOINTS, (4, 6, 7, 73, 205, 205, 1791), strict=True))


def test_launches_are_those_of_gcat(whole):
    """Names and times are also those of the archive; all facts are those of GCAT."""
    orbits = {payload["launch"]: payload["orbit"] for payload in whole["payloads"]}
    pads = {pad["id"]: pad["name"] for pad in whole["launchpads"]}
    assert len({launch["name"] for launch in whole["launches"]}) == len(whole["launches"])
    for row, launch in zip(gcat_launches(), whole["launches"], strict=True):
        assert launch["date_utc"][:10] == row["Launch_UTC"][:10]
        assert launch["success"] == (row["LaunchCode"][1] == "S"), launch["name"]
        assert (orbits[launch["id"]] == "SO") == (launch_class(row) == "suborbital")
        assert (row["Launch_Pad"] == "OLP1") == (pads[launch["launchpad"]] == "STLS")
        assert bool(launch["failures"]) == (launch["success"] is False)
        assert not launch["upcoming"]
    assert Counter(map(launch_class, gcat_launches())) == {
        "orbital": 584,
        "suborbital": 11,
        "pad loss": 1,
    }
    assert whole["launches"][-1]["date_utc"][:10] == str(LAST_LAUNCH)


def test_a_time_that_is_not_known_exactly_has_the_precision_of_a_day(whole):
    launches = {launch["name"]: launch for launch in whole["launches"]}
    found = {
        name: (launches[name]["date_utc"], launches[name]["date_precision"])
        for name in ("CRS-3", "CRS-2", "RazakSat", "Starlink 4-19 (v1.5)", "Transporter-15")
    }
    assert found == {
        "CRS-3": ("2014-04-18T19:25:00.000Z", "hour"),
        "CRS-2": ("2013-03-01T15:07:00.000Z", "day"),  # four hours early in the archive
        "RazakSat": ("2009-07-14T03:36:00.000Z", "day"),  # a day early
        "Starlink 4-19 (v1.5)": ("2022-06-17T16:05:00.000Z", "day"),  # sixteen days early
        "Transporter-15": ("2025-11-28T18:43:00.000Z", "day"),
    }


def test_boosters_have_the_flights_of_gcat_and_the_landings_of_the_archive(whole):
    serials = {core["id"]: core["serial"] for core in whole["cores"]}
    flights = {
        launch["name"]: [
            (serials.get(flight["core"]), flight["flight"], flight["landing_success"])
            for flight in launch["cores"]
        ]
        for launch in whole["launches"]
    }
    assert flights["DART"] == [("B1063", 3, True)]  # the second flight of two in the archive
    assert flights["CRS-24"] == [("B1069", 1, True)]  # without a serial number in the archive
    assert flights["Starlink Group 6-78"] == [("B1080", 23, None)]
    assert {serial for serial, _, _ in flights["GOES U"]} == {"B1072", "B1086", "B1087"}
    assert sum(len(each) for each in flights.values()) == 618
    assert sum(landed is True for each in flights.values() for _, _, landed in each) == 149


def test_landings_that_the_facts_do_not_cover_are_not_counted(whole):
    flown = {
        core: launch["date_utc"]
        for launch in whole["launches"]
        for flight in launch["cores"]
        if (core := flight["core"])
    }
    for core in whole["cores"]:
        totals = [core[f"{kind}_{what}"] for kind in ("rtls", "asds") for what in ("attempts",)]
        is_covered = flown[core["id"]] < "2022-10-05T20"
        assert [total is not None for total in totals] == [is_covered] * 2
        assert is_covered or core["status"] == "unknown"
    assert {pad["landing_attempts"] for pad in whole["landpads"]} == {None}


def test_the_archive_keeps_its_irregularities(archive):
    launches = archive["launches"]
    past = [launch for launch in launches if not launch["upcoming"]]
    assert len(past) == 187
    assert Counter(launch["success"] for launch in past) == {True: 181, False: 5, None: 1}
    numbers = Counter(launch["flight_number"] for launch in launches)
    assert {number: n for number, n in numbers.items() if n > 1} == {188: 4, 198: 2}
    assert all(bool(launch["failures"]) == (launch["success"] is False) for launch in past)
    (unknown,) = (launch["name"] for launch in past if launch["success"] is None)
    assert unknown == "Starlink 3-1 (v1.5)"


def test_totals_of_boosters(archive):
    flights = [flight for launch in archive["launches"] for flight in launch["cores"]]
    assert len(flights) == 215
    assert sum(flight["landing_attempt"] is True for flight in flights) == 164
    assert sum(flight["landing_success"] is True for flight in flights) == 149
    assert sum(flight["reused"] is True for flight in flights) == 119
    assert max(flight["flight"] or 0 for flight in flights) == 14
    assert sum(len(launch["cores"]) == 3 for launch in archive["launches"]) == 5


def test_totals_of_pads(archive):
    assert sum(pad["launch_attempts"] for pad in archive["launchpads"]) == 187
    assert sum(pad["launch_successes"] for pad in archive["launchpads"]) == 181
    for pad in archive["landpads"]:
        assert len(pad["launches"]) == pad["landing_attempts"] >= pad["landing_successes"]


def test_reuse_count_of_a_core(archive):
    (core,) = (core for core in archive["cores"] if core["serial"] == "B1063")
    assert (core["reuse_count"], len(core["launches"]), core["status"]) == (6, 7, "active")


def test_a_booster_without_serial_has_no_core(archive):
    (launch,) = (launch for launch in archive["launches"] if launch["name"] == "CRS-24")
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
    for record in sample["payloads"]:
        assert record["launch"] in ids["launches"]
    for record in sample["starlink"]:
        is_listed = record["spaceTrack"]["LAUNCH_DATE"] <= str(LAST_LAUNCH)
        assert record["launch"] in (ids["launches"] if is_listed else {None})
    assert {id_ for pad in sample["launchpads"] for id_ in pad["rockets"]} <= ids["rockets"]


def of_launch(satellite: Record) -> str:
    designator: str = satellite["spaceTrack"]["OBJECT_ID"][:8]
    return designator


def test_satellites_of_each_launch(whole):
    launched, versions, catalogued, decayed = Counter(), Counter(), Counter(), Counter()
    for one in whole["starlink"]:
        launch = of_launch(one)
        launched[launch] += 1
        versions[launch, one["version"] or "unknown"] += 1
        catalogued[launch] += is_catalogued(one)
        decayed[launch] += is_catalogued(one) and one["spaceTrack"]["DECAYED"]
    known = [each for each in starlink_launches() if each.launch_designator]
    for each in known:
        launch = each.launch_designator
        assert launched[launch] == each.known
        assert {v: n for (name, v), n in versions.items() if name == launch} == each.versions
        assert catalogued[launch] == each.catalogued
        assert catalogued[launch] - decayed[launch] == each.in_orbit_2026_08_22
    assert sum(launched.values()) == 12_483
    assert sum(catalogued.values()) - sum(decayed.values()) == 10_744
    assert (launched["2022-010"], catalogued["2022-010"]) == (49, 17)
    assert (launched["2024-129"], catalogued["2024-129"], decayed["2024-129"]) == (20, 2, 2)


@pytest.mark.parametrize("day", ["2021-10-17", "2025-06-21", str(FLEET_DATE)])
def test_as_many_satellites_had_decayed_by_a_day_as_is_known(whole, day):
    catalogued = filter(is_catalogued, whole["starlink"])
    dates = [(of_launch(one), one["spaceTrack"]["DECAY_DATE"]) for one in catalogued]
    decayed = Counter(launch for launch, decay in dates if decay and decay <= day)
    for each in starlink_launches():
        known = each.decayed.get(date.fromisoformat(day))
        if known is not None and each.launch_designator:
            assert decayed[each.launch_designator] == known, each


def test_how_many_the_newest_launches_had_is_not_known():
    """Of launches after the last count, the facts have the survivors of 2026 alone."""
    unknown = [each for each in starlink_launches() if each.launched is None]
    assert {each.launch_date > LAST_COUNTED for each in unknown} == {True}
    assert len(unknown) == sum(each.launch_date > LAST_COUNTED for each in starlink_launches())
    assert {each.known == each.in_orbit_2026_08_22 for each in unknown} == {True}
    assert LAST_COUNTED in {each.launch_date for each in starlink_launches()}
    assert SAMPLE.complete_until == LAST_COUNTED
    assert f"launches to {LAST_COUNTED:%-d %B %Y}" in NOTE


def test_versions_in_orbit(whole):
    """By bus, GCAT had 4,315 V2MO, 3,225 Starlink, 2,569 V2M and 639 V2MD on that day."""
    in_orbit = Counter(
        one["version"] for one in whole["starlink"] if not one["spaceTrack"]["DECAYED"]
    )
    assert in_orbit == {
        "V2 mini optimized": 4315,
        "v1.5": 2579,
        "V2 mini": 2566,
        "v1.0": 641,
        "V2 mini direct to cell": 642,
        None: 1,
    }
    assert "those by version within 1 %" in NOTE
    for version, true in {"V2 mini": 2569, "V2 mini direct to cell": 639}.items():
        assert in_orbit[version] == pytest.approx(true, rel=0.01)


def test_the_facts_are_those_of_the_lists(recorded_dir):
    """The bundled facts are the shared ones; where two rows had one launch, they are corrected."""
    with (recorded_dir.parent / "facts" / "starlink_launches.csv").open() as file:
        rows = {row["launch_tag"]: row for row in csv.DictReader(file) if row["launch_tag"]}
    known = {each.launch_designator: each for each in starlink_launches()}
    assert set(known) - {None, "2018-020"} == set(rows)
    for launch, row in rows.items():
        assert f"{known[launch].catalogued_2025_06_21 or ''}" == row["catalogued_2025_06_21"]
        decayed = known[launch].decayed_2025_06_21
        assert ("" if decayed is None else f"{decayed}") == row["decayed_2025_06_21"]
        if launch not in {"2021-059", "2024-225"}:
            assert known[launch].in_orbit_2026_08_22 == int(row["in_orbit_2026_08_22"])
    with (recorded_dir.parent / "facts" / "gcat_launches.csv").open() as file:
        launches = {row["launch_tag"]: row for row in csv.DictReader(file)}
    for each in gcat_launches():
        row = launches.pop(each["Launch_Tag"])
        found = (each["Launch_UTC"][:10], each["LaunchCode"], each["Category"])
        assert found == (row["launch_date"], row["launch_code"], row["category"])
    assert launches == {}


@pytest.mark.parametrize("size", [60, 1_000, 30_000])
def test_a_smaller_or_larger_fleet_keeps_the_shares(size):
    catalogued, decayed, optimized = 0, 0, 0
    for one in sample_responses(satellites=size)["starlink"]:
        catalogued += is_catalogued(one)
        decayed += is_catalogued(one) and one["spaceTrack"]["DECAYED"]
        optimized += one["version"] == "V2 mini optimized"
    assert catalogued == size
    assert decayed / size == pytest.approx(1689 / 12433, abs=0.07)
    assert optimized / size == pytest.approx(4328 / 12483, abs=0.02)


def test_only_decayed_satellites_have_no_position(sample):
    for one in sample["starlink"]:
        is_decayed = one["spaceTrack"]["DECAYED"] == 1
        assert [one[key] is None for key in POSITION] == [is_decayed] * len(POSITION)
        assert (one["spaceTrack"]["DECAY_DATE"] is not None) == is_decayed


def test_satellites_without_a_number_have_no_elements(whole):
    lost = [one["spaceTrack"] for one in whole["starlink"] if not is_catalogued(one)]
    assert Counter(message["OBJECT_ID"][:8] for message in lost) == {"2022-010": 32, "2024-129": 18}
    assert {message["EPOCH"] for message in lost} == {None}


def test_decay_dates(fleet):
    is_archive = fleet[-1]["spaceTrack"]["LAUNCH_DATE"] < "2022"
    last, epoch = (
        (date(2021, 10, 17), "2022-10-28") if is_archive else (FLEET_DATE, str(FLEET_DATE))
    )
    for message in (one["spaceTrack"] for one in fleet):
        if message["DECAYED"]:
            decay = date.fromisoformat(message["DECAY_DATE"])
            assert date.fromisoformat(message["LAUNCH_DATE"]) < decay <= last
            assert message["EPOCH"][:10] == message["DECAY_DATE"]
        else:
            assert message["EPOCH"][:10] == epoch
        assert message["REV_AT_EPOCH"] > 0


def test_every_satellite_is_marked_as_simulated(whole):
    for one in whole["starlink"]:
        message = one["spaceTrack"]
        assert message["OBJECT_NAME"].startswith("SIMULATED-")
        assert message["ORIGINATOR"] == "SIMULATED"
        assert message["COMMENT"].startswith("SIMULATED")
        assert (message["NORAD_CAT_ID"] or FIRST_NORAD_CAT_ID) >= FIRST_NORAD_CAT_ID
        assert message["TLE_LINE0"] is message["TLE_LINE1"] is message["TLE_LINE2"] is None


def test_the_same_seed_gives_the_same_bytes():
    assert sample_response_bytes("starlink", 500, 7) == sample_response_bytes("starlink", 500, 7)
    for endpoint in ENDPOINTS[:-1]:
        assert sample_response_bytes(endpoint) == sample_response_bytes(endpoint)


def test_the_sample_is_the_same_in_every_process():
    program = (
        "from hashlib import sha256; from spacex.sources.sample import sample_response_bytes;"
        "print(sha256(sample_response_bytes('starlink', 300)).hexdigest())"
    )
    there = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    here = sha256(sample_response_bytes("starlink", 300)).hexdigest()
    assert there.stdout.decode().strip() == here


def test_another_seed_changes_only_the_fleet():
    assert sample_response_bytes("starlink", 9, 1) != sample_response_bytes("starlink", 9, 2)
    assert sample_response_bytes("launches", seed=1) == sample_response_bytes("launches", seed=2)


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("size", [1, 7, 100, 1790, 1792, SMALL])
def test_fleet_size(size, history):
    records = sample_responses(satellites=size, history=HISTORIES[history]())["starlink"]
    assert sum(is_catalogued(one) for one in records) == size


@pytest.mark.parametrize("size", [0, -1, 400_001])
def test_an_invalid_fleet_size_is_rejected(size):
    with pytest.raises(SettingsError, match="Choose a number from 1 to 400,000"):
        sample_response_bytes("starlink", satellites=size)


def test_an_unknown_endpoint_is_rejected():
    with pytest.raises(KeyError):
        sample_response_bytes("capsules")


def test_names_numbers_and_designators_are_unique_and_well_formed():
    messages = [one["spaceTrack"] for one in sample_responses(satellites=LARGE)["starlink"]]
    known = {each.launch_designator for each in starlink_launches()}
    for key in ("OBJECT_ID", "OBJECT_NAME"):
        assert len({message[key] for message in messages}) == len(messages)
    for key in ("NORAD_CAT_ID", "GP_ID"):
        assert len({message[key] for message in messages} - {None}) == LARGE
    for message in messages:
        launch, piece = message["OBJECT_ID"][:8], message["OBJECT_ID"][8:]
        assert launch[:4] == message["LAUNCH_DATE"][:4]
        is_listed = message["LAUNCH_DATE"] <= str(LAST_LAUNCH)
        assert launch in known if is_listed else launch[5] == "9", "no year has 900 launches"
        assert len(piece) == 3, "no launch with Starlinks has so many pieces"
        assert set(piece) <= set("ABCDEFGHJKLMNPQRSTUVWXYZ")


def test_sgp4_accepts_every_element_set(fleet):
    for one in fleet:
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
    records = sample_responses(satellites=1500, history=archive_history())["starlink"]
    messages = [one["spaceTrack"] for one in records]
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


def test_the_dashboard_shows_the_whole_note_with_its_credit():
    assert shorten(NOTE) == NOTE
