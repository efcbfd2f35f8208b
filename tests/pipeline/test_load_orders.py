"""The published database is a function of the stored snapshots, whatever the order of loading."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from spacex.pipeline.drop_in import take_drop_in
from spacex.pipeline.import_files import import_files
from spacex.settings import Settings
from spacex.sources.gcat_launches import LAUNCH_HEADER
from tests.clock import Clock
from tests.conftest import NOBODY_HOME, settings_in
from tests.replica import Replica
from tests.sources.test_gcat import SATELLITE, UPDATED, tsv
from tests.sources.test_gcat_launches import LAUNCH
from tests.sources.test_satcat import satcat_csv
from tests.stages import at, publish, rows, state
from tests.warehouse.catalogues import VANGUARD, gcat_row, gp, satcat_row

pytestmark = pytest.mark.long

SOURCES = "spacexdata,celestrak,satcat,gcat"
ARCHIVE = "archive"
NOW = "2026-12-01"

Files = dict[str, bytes]
Loads = dict[str, Files]

LISTS: Loads = {
    f"list of {day}": {f"list_{day}.json": gp(*numbers, EPOCH=f"{day}T06:00:00.5")}
    for day, numbers in {
        "2026-11-03": (1, 2, 3),
        "2026-11-06": (1, 3),
        "2026-11-09": (1, 2, 3, 4),
    }.items()
}
"""A satellite leaves and returns, and another one is new."""
FALCONSAT = {
    "LV_Type": "Falcon 1",
    "Flight": "Falconsat-2",
    "Mission": "Falconsat 2",
    "Flight_ID": "F001",
    "FlightCode": "-",
    "Launch_Site": "KMR",
    "Launch_Pad": "OM",
    "LaunchCode": "OF",
}
"""A launch that the archive has too, with another date."""
SMALL: Loads = {
    ARCHIVE: {},
    **LISTS,
    "SATCAT": {
        "satcat_2026-11-20.csv": satcat_csv(
            satcat_row(1), satcat_row(2, "2026-11-12"), satcat_row(5, "2025-01-01"), satcat_row(6)
        )
    },
    "GCAT": {
        "satcat_2026-11-21.tsv": tsv(
            gcat_row(1, Bus="Starlink V2MD"), gcat_row(3, DDate="2026 Nov 10", Status="R")
        ),
        "satcat100k_2026-11-21.tsv": tsv(SATELLITE | VANGUARD | {"JCAT": "S000100001"}),
        "auxcat_2026-11-21.tsv": tsv(gcat_row(9, JCAT="A00001", DDate="2024 Jul 12", Status="R")),
        "launch_2026-11-21.tsv": tsv(
            LAUNCH | {"Launch_Tag": "2006-F01", "Launch_Date": "2006 Mar 24 2233"} | FALCONSAT,
            header=LAUNCH_HEADER,
        ),
    },
}


@pytest.fixture
def clock() -> Iterator[Clock]:
    with Clock(NOW) as clock:
        yield clock


def state_after(
    archive: Replica, clock: Clock, loads: Loads, order: Iterable[str]
) -> dict[str, list[tuple[object, ...]]]:
    """Load one after the other, each by a run, and return what is published."""
    with tempfile.TemporaryDirectory() as folder:
        offline = dict.fromkeys(("base_url", "satcat_url", "gcat_url"), NOBODY_HOME)
        config = at(settings_in(Path(folder)), sources=SOURCES, **offline)
        config.drop_in_dir.mkdir(parents=True)
        for number, name in enumerate(order):
            clock.set(NOW)  # the archive has the same instant in every order
            for file, body in loads[name].items():
                (config.drop_in_dir / file).write_bytes(body)
            if name == ARCHIVE:
                publish(at(config, base_url=archive.url), "auto", f"run{number}")
            else:
                publish(config, "snapshot", f"run{number}", accept_shrink=True)
        return state(config.database)


@pytest.fixture(scope="module")
def in_order(sample_dir: Path) -> dict[str, list[tuple[object, ...]]]:
    with Clock(NOW) as clock, Replica(sample_dir) as archive:
        return state_after(archive, clock, SMALL, SMALL)


@examples(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(order=[*list(SMALL)[1:], ARCHIVE])
@example(order=[*LISTS, "SATCAT", ARCHIVE, "GCAT"])
@given(order=st.permutations(list(SMALL)))
def test_every_order_gives_the_same_database(in_order, small_replica, clock, order) -> None:
    found = state_after(small_replica, clock, SMALL, order)
    for name, expected in in_order.items():
        assert found[name] == expected, (order, name)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("head", [UPDATED, "# Updated 2026 Nov 23 0109:52", "#"])
def test_files_of_gcat_in_every_order_give_the_same_objects(settings, head) -> None:
    """Files of one date get instants that are seconds apart, in the order of storing."""
    files = {n: b.replace(UPDATED.encode(), head.encode()) for n, b in SMALL["GCAT"].items()}
    found = []
    for number, names in enumerate((list(files), list(files)[::-1])):
        config = at(settings, sources="gcat", gcat_url=NOBODY_HOME)
        config = at(config, data_dir=config.data_dir / f"{number}")
        config.drop_in_dir.mkdir(parents=True)
        for name in names:
            (config.drop_in_dir / name).write_bytes(files[name])
            take_drop_in(config)
        publish(config, "snapshot")
        found.append(rows(config.database, "SELECT * FROM catalogue_objects ORDER BY 2"))
    assert found[0]
    assert found[0] == found[1]


EPOCH = "2026-11-03T06:00:00.5"
CORRECTIONS: Loads = {
    day: {f"list_{day}.json": gp(1, 2, EPOCH=EPOCH, MEAN_ANOMALY=anomaly, CREATION_DATE=created)}
    for day, anomaly, created in (
        ("2026-11-03", 30, "2026-11-03T07:00:00"),
        ("2026-11-04", 31, "2026-11-04T07:00:00"),
        ("2026-11-05", 32, "2026-11-03T09:00:00"),
    )
}
"""Element sets of one epoch; the list of the second day has those created last."""


def test_of_element_sets_of_one_epoch_in_several_lists_that_created_last_counts(
    settings: Settings, tmp_path: Path
) -> None:
    sql = """SELECT DISTINCT mean_anomaly_deg, creation_utc, date(observed_utc)
             FROM starlink_elements"""
    found = imported(settings, tmp_path, CORRECTIONS, sql)
    assert found == [(31, "2026-11-04T07:00:00Z", "2026-11-04")]


def test_lists_in_every_order_give_the_same_database(settings: Settings, tmp_path: Path) -> None:
    assert len(imported(settings, tmp_path, LISTS, "SELECT * FROM starlink_elements")) == 9


RENUMBERED: Loads = {
    day: {
        f"list_{day}.json": gp(
            number, OBJECT_ID="2024-129A", OBJECT_NAME="STARLINK-1", EPOCH=f"{day}T06:00:00.5"
        )
    }
    for day, number in (("2026-11-03", 1), ("2026-11-04", 101), ("2026-11-05", 201))
}
"""One satellite with three numbers."""


def test_a_satellite_with_other_numbers_is_one_in_every_order(
    settings: Settings, tmp_path: Path
) -> None:
    sql = "SELECT old_norad_cat_id, norad_cat_id FROM starlink, _renumberings"
    assert imported(settings, tmp_path, RENUMBERED, sql) == [(1, 201), (101, 201)]


def imported(
    settings: Settings, tmp_path: Path, lists: Loads, sql: str
) -> list[tuple[object, ...]]:
    """Import lists in every order, compare the databases, and return what a query finds."""
    states, found = [], []
    for order in permutations(lists):
        config = at(settings, sources="celestrak", data_dir=tmp_path / "data")
        for name in order:
            folder = tmp_path / "files"
            folder.mkdir()
            for file, body in lists[name].items():
                (folder / file).write_bytes(body)
            import_files(config, folder)
            shutil.rmtree(folder)
        states.append(state(config.database))
        found = rows(config.database, sql)
        shutil.rmtree(config.data_dir)
    assert states == [states[0]] * len(states)
    return found
