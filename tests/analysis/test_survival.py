"""Survival curves against a textbook's data: remission under 6-mercaptopurine (Freireich 1963)."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from spacex.analysis.survival import (
    compare_launches,
    kaplan_meier,
    launch_survival,
    manifest_size,
    oldest_launches,
    step_points,
)
from spacex.errors import DataError
from spacex.settings import Settings

WEEKS = np.array([6.0, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35])
IN_REMISSION = [3, 5, 7, 8, 11, 12, 13, 16, 17, 18, 19, 20]
"""Indices of the censored patients."""
IS_LOST = ~np.isin(np.arange(len(WEEKS)), IN_REMISSION)
REENTERED = {"2019-029": 55, "2019-074": 4, "2020-001": 6, "2020-006": 6}
"""Of the 60 satellites of each of the first four launches, by 2021-10-17; from the catalogue."""


def test_kaplan_meier_matches_the_textbook() -> None:
    """Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, section 1.4."""
    curve = kaplan_meier(WEEKS, IS_LOST).curve
    assert curve["age_days"].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    share = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert curve["share"].tolist() == pytest.approx(share, abs=5e-4)


def test_steps_start_at_1_and_end_with_the_follow_up() -> None:
    points = step_points(kaplan_meier(WEEKS, IS_LOST))
    assert points["age_days"].tolist() == [0, 6, 7, 10, 13, 16, 22, 23, 35]
    assert points.iloc[0].tolist() == [0, 1, 1, 1]
    assert points.iloc[-1].tolist() == [35, *points.iloc[-2, 1:]]
    assert points["share"].iloc[-1] == pytest.approx(0.448, abs=5e-4)


def test_steps_can_end_before_the_follow_up_but_not_after() -> None:
    survival = kaplan_meier(WEEKS, IS_LOST)
    cut = step_points(survival, until_days=15)
    assert cut["age_days"].tolist() == [0, 6, 7, 10, 13, 15]
    assert cut["share"].iloc[-1] == pytest.approx(0.690, abs=5e-4)
    assert step_points(survival, until_days=99)["age_days"].iloc[-1] == 35


@pytest.mark.parametrize(
    ("ages", "is_lost", "points"),
    [
        ([5.0, 9.0], [False, False], [[0, 1], [9, 1]]),
        ([0.0, 9.0], [True, False], [[0, 1], [0, 0.5], [9, 0.5]]),
    ],
    ids=["no loss", "loss at age 0"],
)
def test_steps_of_small_fleets(
    ages: list[float], is_lost: list[bool], points: list[list[float]]
) -> None:
    found = step_points(kaplan_meier(np.array(ages), np.array(is_lost)))
    assert found[["age_days", "share"]].to_numpy().tolist() == points


def test_no_interval_after_the_last_satellite_is_lost() -> None:
    curve = kaplan_meier(np.array([1.0, 2.0]), np.array([True, True])).curve
    assert curve["share"].tolist() == [0.5, 0.0]
    assert np.isnan(curve["low"].iloc[1])


def test_curve_without_losses_is_empty() -> None:
    assert kaplan_meier(np.array([1.0]), np.array([False])).curve.empty


def test_no_satellites_raise() -> None:
    with pytest.raises(DataError):
        kaplan_meier(np.array([]), np.array([], bool))


def test_launch_survival_matches_the_catalogue(recorded_settings: Settings) -> None:
    """Of the 60 satellites of Starlink v0.9, 55 had re-entered by 2021-10-17."""
    curve = launch_survival(recorded_settings.database, "2019-029").curve
    assert curve["lost"].sum() == 55
    assert curve["share"].iloc[-1] == pytest.approx(5 / 60)


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
    assert compare_launches(three_days, []).empty


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
    end = step_points(launch_survival(recorded_settings.database, launch)).iloc[-1]
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
    curve = launch_survival(with_manifest(100), "2019-029").curve
    assert curve.iloc[0][["age_days", "at_risk", "lost"]].tolist() == [0, 100, 40]
    assert curve["share"].iloc[-1] == pytest.approx(5 / 100)


def test_manifest_below_the_catalogued_number_is_ignored(
    with_manifest: Callable[[int], Path],
) -> None:
    found = launch_survival(with_manifest(40), "2019-029")
    assert (found.satellites, found.curve["at_risk"].iloc[0]) == (60, 60)
