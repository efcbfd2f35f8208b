"""Survival curves against published data, and of simulated fleets whose survival is known."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacex.analysis.survival import (
    MOMENT_DAYS,
    Survival,
    compare_launches,
    estimate,
    launch_survival,
    manifest_size,
    oldest_launches,
    turnbull,
)
from spacex.errors import DataError
from spacex.orbits.elements import Array
from spacex.settings import Settings
from spacex.warehouse.connection import create
from spacex.warehouse.views import apply_views
from tests.example_rows import insert_row

WEEKS = np.array([6.0, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35])
IN_REMISSION = [3, 5, 7, 8, 11, 12, 13, 16, 17, 18, 19, 20]
"""Indices of the censored patients of Freireich (1963), under 6-mercaptopurine."""
IS_LOST = ~np.isin(np.arange(len(WEEKS)), IN_REMISSION)
MONTHS = """45- 6,10 0,7 46- 46- 7,16 17- 7,14 37,44 0,8 4,11 15- 11,15 22- 46- 46- 25,37 46- 26,40
    46- 27,34 36,44 46- 36,48 37- 40- 17,25 46- 11,18 38- 5,12 37- 0,5 18- 24- 36- 5,11 19,35 17,25
    24- 32- 33- 19,26 37- 34- 36-"""
"""Months in which breasts retracted after radiotherapy, or until which they did not (-)."""
REENTERED = {"2019-029": 55, "2019-074": 4, "2020-001": 6, "2020-006": 6}
"""Of the 60 satellites of each of the first four launches, by 2021-10-17; from the catalogue."""


def known(ages: Array, is_lost: Array) -> Survival:
    """Return the curve of satellites that were lost, or last seen, at known ages."""
    return estimate(
        np.where(is_lost, ages - MOMENT_DAYS, ages), np.where(is_lost, ages, np.inf), ages.max()
    )


def share_at(survival: Survival, age_days: float) -> tuple[float, float, float]:
    """Return the share at an age, and its interval."""
    share, low, high = survival.until(age_days).iloc[-1][["share", "low", "high"]]
    return float(share), float(low), float(high)


def test_known_ages_give_the_textbook_estimate_of_kaplan_and_meier() -> None:
    """Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, section 1.4."""
    survival = known(WEEKS, IS_LOST)
    found = [share_at(survival, age + 0.1)[0] for age in (5, 6, 7, 10, 13, 16, 22, 23)]
    expected = [1, 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert found == pytest.approx(expected, abs=5e-4)


def test_intervals_give_the_published_estimate_of_turnbull() -> None:
    """Finkelstein and Wolfe, Biometrics 41 (1985), 933; estimate of the R package interval."""
    ends = [[*each.rstrip("-").split(","), "inf"][:2] for each in MONTHS.split()]
    left, right, mass = turnbull(*np.array(ends, np.float64).T)
    found = np.column_stack((left, right, mass))[mass > 1e-3].tolist()
    published = [
        *((4, 5, 0.0463), (6, 7, 0.0334), (7, 8, 0.0887), (11, 12, 0.0708)),
        *((24, 25, 0.0926), (33, 34, 0.0818), (38, 40, 0.1209), (46, 48, 0.4656)),
    ]
    assert found == [pytest.approx(each, abs=5e-5) for each in published]


LISTS = np.array([0, 200, 400, 600, 1500, 1600, 1800, 2000.0])
"""Ages at which a launch is listed, with a long gap."""
AGES = (10.0, 300.0, 1000.0, 1499.0, 1900.0)


@pytest.mark.parametrize(("mean_life", "dated"), [(500, 0.0), (500, 1.0), (2000, 0.5), (50_000, 0)])
def test_intervals_cover_where_losses_are_known_only_between_lists(
    mean_life: float, dated: float
) -> None:
    """Satellites with a mean life; of some losses the day is known, of others the lists around."""
    rng = np.random.default_rng(1)
    covered = np.zeros(len(AGES))
    for _ in range(100):
        lost = rng.exponential(mean_life, 60)
        next_list = np.searchsorted(LISTS, lost)
        is_dated = (rng.random(60) < dated) & (lost < LISTS[-1])
        earliest = np.where(is_dated, np.floor(lost), LISTS[next_list - 1])
        latest = np.where(is_dated, np.floor(lost) + 1, np.append(LISTS, np.inf)[next_list])
        survival = estimate(earliest, latest, LISTS[-1])
        for number, age in enumerate(AGES):
            _, low, high = share_at(survival, age)
            covered[number] += low <= np.exp(-age / mean_life) <= high
    assert (covered >= 95).all()


@given(
    st.lists(
        st.tuples(st.floats(0, 1000), st.floats(0.1, 500) | st.just(np.inf)), min_size=1, max_size=8
    )
)
def test_curves_fall_within_their_interval(intervals: list[tuple[float, float]]) -> None:
    earliest, width = np.array(intervals).T
    points = estimate(earliest, earliest + width, 1000.0).points
    assert (np.diff(points["age_days"]) >= 0).all()
    assert (np.diff(points[["share", "low", "high", "fewest", "most"]], axis=0) <= 1e-6).all()
    assert (points["low"] <= points["share"] + 1e-6).all()
    assert (points["share"] <= points["high"] + 1e-6).all()
    assert points[["low", "high"]].stack().between(0, 1).all()


def test_curve_starts_at_1_and_ends_with_the_follow_up() -> None:
    points = known(WEEKS, IS_LOST).points
    assert points.iloc[0].tolist() == [0, 1, 1, 1, 21, 21]
    assert points["age_days"].iloc[-1] == 35
    assert points["share"].iloc[-1] == pytest.approx(0.448, abs=5e-4)


def test_curve_can_end_before_the_follow_up_but_not_after() -> None:
    survival = known(WEEKS, IS_LOST)
    cut = survival.until(15)
    assert cut["age_days"].iloc[-1] == 15
    assert cut["share"].iloc[-1] == pytest.approx(0.690, abs=5e-4)
    assert survival.until(99)["age_days"].iloc[-1] == 35


def test_loss_between_two_lists_is_drawn_and_counted_as_a_span() -> None:
    """Of two satellites, one was lost between the ages of 100 and 300 days."""
    survival = estimate(np.array([100.0, 400]), np.array([300.0, np.inf]), 400)
    shares = [share_at(survival, age)[0] for age in (100, 200, 300, 400)]
    assert shares == [1, 0.75, 0.5, 0.5]
    alive = [survival.until(age).iloc[-1][["fewest", "most"]].tolist() for age in (99, 200, 301)]
    assert alive == [[2, 2], [1, 2], [1, 1]]


@pytest.mark.parametrize(
    ("ages", "is_lost", "shares"),
    [
        ([5.0, 9.0], [False, False], {0: 1, 9: 1}),
        ([0.0, 9.0], [True, False], {1e-3: 0.5, 9: 0.5}),
        ([1.0, 2.0], [True, True], {0.9: 1, 1.1: 0.5, 2.1: 0}),
    ],
    ids=["no loss", "loss at age 0", "all lost"],
)
def test_curves_of_small_fleets(
    ages: list[float], is_lost: list[bool], shares: dict[float, float]
) -> None:
    survival = known(np.array(ages), np.array(is_lost))
    assert {age: share_at(survival, age)[0] for age in shares} == pytest.approx(shares, abs=1e-5)


def test_interval_without_losses_and_without_survivors_has_a_width() -> None:
    """The limits for 0 of n are 1 - 0.025^(1/n)."""
    none = known(np.full(60, 9.0), np.zeros(60, bool))
    assert share_at(none, 5) == pytest.approx((1, 0.025 ** (1 / 60), 1))
    every = estimate(np.full(60, 4.0), np.full(60, 5.0), 9.0)
    assert share_at(every, 8) == pytest.approx((0, 0, 1 - 0.025 ** (1 / 60)))


def test_no_satellites_raise() -> None:
    with pytest.raises(DataError):
        estimate(np.array([]), np.array([]), 1.0)


def test_launch_survival_matches_the_catalogue(recorded_settings: Settings) -> None:
    """Of the 60 satellites of Starlink v0.9, 55 had re-entered by 2021-10-17."""
    end = launch_survival(recorded_settings.database, "2019-029").points.iloc[-1]
    assert (end["fewest"], end["most"]) == (5, 5)
    assert end["share"] == pytest.approx(5 / 60)


def test_unknown_launch_raises(recorded_settings: Settings) -> None:
    with pytest.raises(DataError):
        launch_survival(recorded_settings.database, "1999-001")


def test_oldest_launches_exclude_the_two_prototypes(recorded_settings: Settings) -> None:
    assert oldest_launches(recorded_settings.database, 4) == list(REENTERED)


def test_chosen_launch_is_included_once_if_its_date_is_known(recorded_settings: Settings) -> None:
    first = list(REENTERED)[:2]
    cases = {"2018-020": ["2018-020", *first], "2019-074": first, "1999-001": first}
    for also, found in cases.items():
        assert oldest_launches(recorded_settings.database, 2, also) == found


def test_no_launches_to_compare(three_days: Path) -> None:
    assert oldest_launches(three_days, 3) == []
    none = compare_launches(three_days, [])
    assert none.empty
    assert {"launch_designator", "age_days", "share"} <= set(none)


def test_launches_are_compared_up_to_a_common_age(recorded_settings: Settings) -> None:
    """The newest launch, 2020-006, was last observed 626 days after launch."""
    found = compare_launches(recorded_settings.database, list(REENTERED))
    by_launch = found.groupby("launch_designator")
    ends = by_launch["age_days"].max()
    assert ends.nunique() == 1
    assert ends.iloc[0] == pytest.approx(626, abs=1)
    assert set(found["satellites"]) == {60}
    lost = (60 * (1 - by_launch["share"].last())).round().astype(int)
    assert (lost <= list(REENTERED.values())).all()
    assert (lost["2019-029"], lost["2020-006"]) == (47, 6)


@pytest.mark.parametrize(("launch", "lost"), REENTERED.items())
def test_last_step_matches_the_catalogue(
    recorded_settings: Settings, launch: str, lost: int
) -> None:
    end = launch_survival(recorded_settings.database, launch).points.iloc[-1]
    assert end["share"] == pytest.approx(1 - lost / 60)


@pytest.mark.parametrize(
    ("details", "catalogued", "size"),
    [
        ("A batch of 49 satellites for", 0, 49),
        ("Batch of 7", 0, 7),
        ("Satellites", 0, 0),
        (None, 0, 0),
        (np.nan, 0, 0),
        ("Batch of 7", 10, 10),
        ("Batch of 12", 10, 12),
        (None, 10, 10),
    ],
)
def test_manifest_is_read_from_the_description(
    details: str | None, catalogued: int, size: int
) -> None:
    assert manifest_size(details, catalogued) == size


EPOCH, LISTED, MISSED = "2022-01-10", "2022-01-11T00:00:00Z", "2022-03-01T00:00:00Z"
ORBIT = {"launch_designator": "2022-001", "launch_date": "2022-01-01", "is_decayed": 0}
LOW, HIGH = 200.0, 5000.0


@pytest.fixture
def satellites(tmp_path: Path) -> Callable[..., Survival]:
    """Return a function from the row of one of two satellites to the survival of their launch.

    The other one is in orbit, and in the newest list, of 2022-06-01.
    """

    def survival(altitude_km: float = HIGH, **row: object) -> Survival:
        now = {"last_listed_utc": "2022-06-01T00:00:00Z", "unlisted_since_utc": None}
        with closing(sqlite3.connect(tmp_path / "starlink.db", isolation_level=None)) as connection:
            create(connection)
            for number, values in enumerate((now, row), start=1):
                known = ORBIT | {"norad_cat_id": number, "epoch_utc": f"{EPOCH}T00:00:00.000000Z"}
                insert_row(connection, "starlink", **(known | values))
                orbit = {"perigee_altitude_km": altitude_km, "apogee_altitude_km": altitude_km}
                fixed = {"norad_cat_id": number, "epoch_utc": f"{EPOCH}T00:00:00.000000Z"}
                insert_row(connection, "starlink_elements", **fixed, **orbit)
            apply_views(connection)
        return launch_survival(tmp_path / "starlink.db", "2022-001")

    return survival


UNLISTED = {"last_listed_utc": LISTED, "unlisted_since_utc": MISSED}
DECAYED = {"is_decayed": 1, "decay_date": "2022-02-01", "unlisted_since_utc": MISSED}


@pytest.mark.parametrize(
    ("altitude_km", "row", "counts"),
    [
        (HIGH, DECAYED | {"decay_precision": "day"}, {30.9: 2, 31.1: (1, 2), 32.1: 1, 151: 1}),
        (HIGH, DECAYED | {"decay_precision": "month"}, {30.9: 2, 31.1: (1, 2), 59.1: 1}),
        (
            HIGH,
            DECAYED | {"decay_precision": "day", "decay_is_uncertain": 1},
            {23.9: 2, 24.1: (1, 2), 38.9: (1, 2), 39.1: 1},
        ),
        (
            HIGH,
            DECAYED | UNLISTED | {"decay_date": None},
            {9.9: 2, 10.1: (1, 2), 58.9: (1, 2), 59.1: 1},
        ),
        (LOW, UNLISTED, {9.9: 2, 10.1: (1, 2), 58.9: (1, 2), 59.1: 1}),
        (HIGH, UNLISTED, {9.9: 2, 10.1: (1, 2), 151: (1, 2)}),
        (HIGH, {"last_listed_utc": "2022-06-01T00:00:00Z", "unlisted_since_utc": None}, {151: 2}),
    ],
    ids=[
        "decay day",
        "decay month",
        "decay uncertain",
        "decay undated",
        "presumed decayed",
        "too high",
        "in orbit",
    ],
)
def test_loss_lies_between_what_the_sources_know(satellites, altitude_km, row, counts) -> None:
    survival = satellites(altitude_km, **row)
    found = {
        age: tuple(survival.until(age).iloc[-1][["fewest", "most"]].astype(int)) for age in counts
    }
    expected = {
        age: count if isinstance(count, tuple) else (count, count) for age, count in counts.items()
    }
    assert found == expected
    assert survival.follow_up_days == 151


UNSEEN = dict.fromkeys(("epoch_utc", "first_listed_utc", "last_listed_utc", "unlisted_since_utc"))


def test_a_launch_that_a_catalogue_has_as_lost_does_not_survive(tmp_path: Path) -> None:
    """No list or elements tell of its satellites."""
    database, observed = tmp_path / "starlink.db", {"observed_utc": "2022-06-01T00:00:00Z"}
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        create(connection)
        for number, decay in ((1, "2022-01-20"), (2, "2022-02-01"), (3, None), (4, "2022-02-01")):
            launch = {"launch_date": "2022-01-01", "norad_cat_id": number, "decay_date": decay}
            launch |= {"launch_designator": f"2022-90{1 + number // 3}", "is_decayed": bool(decay)}
            launch |= {"decay_precision": "day", "decay_is_uncertain": 0}
            insert_row(connection, "starlink", source="satcat", **UNSEEN, **launch)
            catalogued = {"catalogue_id": str(number), "is_starlink": 1, **observed}
            insert_row(connection, "catalogue_objects", source="satcat", **launch, **catalogued)
        apply_views(connection)
    lost = launch_survival(database, "2022-901")
    assert (share_at(lost, 25)[0], share_at(lost, 40)[0]) == (0.5, 0)
    assert lost.follow_up_days == 151
    last = compare_launches(database, ["2022-901", "2022-902"]).groupby("launch_designator").tail(1)
    assert last[["age_days", "share"]].to_numpy().tolist() == [[151, 0], [151, 0.5]]


@pytest.fixture
def with_manifest(recorded_settings: Settings, tmp_path: Path) -> Callable[[int], Path]:
    """Copy the database, with a given manifest in the description of Starlink v0.9."""

    def database(satellites: int) -> Path:
        copy = tmp_path / "starlink.db"
        shutil.copyfile(recorded_settings.database, copy)
        with sqlite3.connect(copy) as connection:
            connection.execute(
                "UPDATE launches SET details = ? WHERE launch_designator = '2019-029'",
                (f"A batch of {satellites} satellites for",),
            )
        connection.close()
        return copy

    return database


def test_uncatalogued_satellites_are_lost_at_age_0(with_manifest: Callable[[int], Path]) -> None:
    """As for Group 4-7: 49 launched, 17 catalogued."""
    survival = launch_survival(with_manifest(100), "2019-029")
    assert survival.satellites == 100
    assert share_at(survival, 1)[0] == pytest.approx(60 / 100)
    assert survival.points["share"].iloc[-1] == pytest.approx(5 / 100)


def test_manifest_below_the_catalogued_number_is_ignored(
    with_manifest: Callable[[int], Path],
) -> None:
    found = launch_survival(with_manifest(40), "2019-029")
    assert (found.satellites, share_at(found, 1)[0]) == (60, 1)
