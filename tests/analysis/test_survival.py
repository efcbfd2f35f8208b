"""The survival curve, against a textbook's: remission under 6-mercaptopurine (Freireich 1963)."""

import shutil
import sqlite3

import numpy as np
import pytest

from spacex.analysis.survival import (
    compared,
    kaplan_meier,
    launch_survival,
    manifest_size,
    oldest_launches,
    steps,
)
from spacex.errors import DataError

WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
CENSORED = {3, 5, 7, 8, 11, 12, 13, 16, 17, 18, 19, 20}
"""Places of those still in remission."""
IS_LOST = np.array([place not in CENSORED for place in range(len(WEEKS))])


def test_the_curve_is_that_of_the_textbook():
    """Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, section 1.4."""
    found = kaplan_meier(np.array(WEEKS, float), IS_LOST)
    assert found.age_days.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert found.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert found.share == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert found.low == pytest.approx([0.620, 0.563, 0.503, 0.432, 0.368, 0.268, 0.188], abs=6e-4)
    assert found.high == pytest.approx([0.952, 0.923, 0.889, 0.849, 0.805, 0.747, 0.680], abs=6e-4)
    assert len(found.frame()) == 7


def test_the_steps_begin_with_all_and_end_at_the_last_look():
    found = steps(kaplan_meier(np.array(WEEKS, float), IS_LOST))
    assert found["age_days"].tolist() == [0, 6, 7, 10, 13, 16, 22, 23, 35]
    assert found.iloc[0].tolist() == [0, 1, 1, 1]
    assert found.iloc[-1].tolist() == [35, *found.iloc[-2, 1:]]
    assert found["share"].iloc[-1] == pytest.approx(0.448, abs=5e-4)


def test_the_steps_can_end_earlier_but_never_after_the_last_look():
    curve = kaplan_meier(np.array(WEEKS, float), IS_LOST)
    cut = steps(curve, until_days=15)
    assert cut["age_days"].tolist() == [0, 6, 7, 10, 13, 15]
    assert cut["share"].iloc[-1] == pytest.approx(0.690, abs=5e-4)
    assert steps(curve, until_days=99)["age_days"].iloc[-1] == 35


def test_where_none_is_lost_the_steps_are_a_level_line():
    found = steps(kaplan_meier(np.array([5.0, 9.0]), np.array([False, False])))
    assert found[["age_days", "share"]].to_numpy().tolist() == [[0, 1], [9, 1]]


def test_what_is_lost_at_once_is_a_step_at_age_0():
    found = steps(kaplan_meier(np.array([0.0, 9.0]), np.array([True, False])))
    assert found[["age_days", "share"]].to_numpy().tolist() == [[0, 1], [0, 0.5], [9, 0.5]]


def test_where_all_are_lost_nothing_is_left_and_there_is_no_interval():
    found = kaplan_meier(np.array([1.0, 2.0]), np.array([True, True]))
    assert found.share.tolist() == [0.5, 0.0]
    assert np.isnan(found.low[1])


def test_where_none_is_lost_the_curve_is_empty():
    assert len(kaplan_meier(np.array([1.0]), np.array([False])).age_days) == 0


def test_without_satellites_there_is_no_curve():
    with pytest.raises(DataError):
        kaplan_meier(np.array([]), np.array([], bool))


def test_a_batch_survives_as_the_catalogue_says(recorded_settings):
    """Starlink v0.9: of the 60 launched, 55 had re-entered by 2021-10-17."""
    found = launch_survival(recorded_settings.database, "2019-029")
    assert found.lost.sum() == 55
    assert found.share[-1] == pytest.approx(5 / 60)


def test_a_launch_that_is_not_known_has_no_curve(recorded_settings):
    with pytest.raises(DataError):
        launch_survival(recorded_settings.database, "1999-001")


REENTERED = {"2019-029": 55, "2019-074": 4, "2020-001": 6, "2020-006": 6}
"""Of the 60 of each of the first four launches, by 2021-10-17; as catalogued."""


def test_the_first_launches_of_a_batch_are_found_without_the_two_prototypes(recorded_settings):
    assert oldest_launches(recorded_settings.database, 4) == list(REENTERED)


def test_another_launch_is_named_once_and_only_if_its_day_is_known(recorded_settings):
    first = list(REENTERED)[:2]
    for also, found in {
        "2018-020": ["2018-020", *first],
        "2019-074": first,
        "1999-001": first,
    }.items():
        assert oldest_launches(recorded_settings.database, 2, also) == found


def test_where_no_launch_is_known_none_is_named_or_compared(three_days):
    assert oldest_launches(three_days, 3) == []
    assert compared(three_days, []).empty


def test_launches_are_compared_up_to_the_age_that_all_have_reached(recorded_settings):
    """2020-006 was launched last, 626 days before its satellites were last seen."""
    found = compared(recorded_settings.database, list(REENTERED))
    ends = found.groupby("launch_designator")["age_days"].max()
    assert ends.nunique() == 1
    assert ends.iloc[0] == pytest.approx(626, abs=1)
    assert set(found["satellites"]) == {60}


def test_at_an_age_a_launch_has_lost_no_more_than_by_the_last_look(recorded_settings):
    """v0.9 lost 55 of its 60 in 877 days, 47 of them in the 626 that 2020-006 had."""
    ends = (
        compared(recorded_settings.database, list(REENTERED)).groupby("launch_designator").tail(1)
    )
    lost = (60 * (1 - ends.set_index("launch_designator")["share"])).round().astype(int)
    assert (lost <= list(REENTERED.values())).all()
    assert (lost["2019-029"], lost["2020-006"]) == (47, 6)


@pytest.mark.parametrize(("launch", "lost"), REENTERED.items())
def test_the_curve_ends_with_what_the_catalogue_says(recorded_settings, launch, lost):
    end = steps(launch_survival(recorded_settings.database, launch)).iloc[-1]
    assert end["share"] == pytest.approx(1 - lost / 60)


@pytest.mark.parametrize(
    ("details", "size"),
    [
        ("A batch of 49 satellites for", 49),
        ("Batch of 7", 7),
        ("Satellites", 0),
        (None, 0),
        (np.nan, 0),
    ],
)
def test_a_manifest_is_read_from_the_description(details, size):
    assert manifest_size(details) == size


def test_a_manifest_is_never_smaller_than_what_was_catalogued():
    assert manifest_size("Batch of 7", catalogued=10) == 10
    assert manifest_size("Batch of 12", catalogued=10) == 12
    assert manifest_size(None, catalogued=10) == 10


@pytest.fixture
def described(recorded_settings, tmp_path):
    """A database in which the description of Starlink v0.9 says how many it carried."""

    def database(satellites):
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


def test_what_never_was_catalogued_is_lost_at_once(described):
    """Group 4-7: 49 launched, 17 catalogued; 49 is the denominator."""
    found = launch_survival(described(100), "2019-029")
    assert (found.age_days[0], found.at_risk[0], found.lost[0]) == (0, 100, 40)
    assert found.share[-1] == pytest.approx(5 / 100)


def test_a_description_that_says_fewer_than_were_catalogued_is_not_believed(described):
    found = launch_survival(described(40), "2019-029")
    assert (found.satellites, found.at_risk[0]) == (60, 60)
