"""The survival curve, against a textbook's: remission under 6-mercaptopurine (Freireich 1963)."""

import shutil
import sqlite3

import numpy as np
import pytest

from spacex.analytics.survival import kaplan_meier, launch_survival, manifest_size
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


def test_what_never_was_catalogued_is_lost_at_once(recorded_settings, tmp_path):
    """Group 4-7: 49 launched, 17 catalogued; 49 is the denominator."""
    copy = tmp_path / "starlink.db"
    shutil.copyfile(recorded_settings.database, copy)
    with sqlite3.connect(copy) as connection:
        connection.execute(
            """UPDATE launches SET details = 'A batch of 100 satellites for'
               WHERE launch_designator = '2019-029'"""
        )
    connection.close()
    found = launch_survival(copy, "2019-029")
    assert (found.age_days[0], found.at_risk[0], found.lost[0]) == (0, 100, 40)
    assert found.share[-1] == pytest.approx(5 / 100)
