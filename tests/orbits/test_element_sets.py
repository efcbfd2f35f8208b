import numpy as np
import pandas as pd
import pytest

from spacex.errors import DataError
from spacex.orbits.element_sets import ElementSets
from spacex.schema.starlink import STARLINK_ELEMENTS
from tests.orbits.fleets import EPOCH, ONE, element_sets


def frame(**columns: object) -> pd.DataFrame:
    return pd.DataFrame([ONE | columns])


def test_columns_match_the_table():
    assert set(ONE) <= {column.name for column in STARLINK_ELEMENTS.columns}


def test_element_sets_from_a_frame():
    fleet = ElementSets.from_frame(frame(epoch_utc="2022-11-07T00:00:00.000000Z"))
    assert len(fleet) == 1
    assert fleet.norad_cat_id.dtype == np.int64
    assert fleet.epoch_utc.tolist() == [EPOCH.item()]
    assert fleet.raan_deg.tolist() == [120.0]


TEXTS = ["2022-11-07T00:00:00", "2022-11-07T02:00:00+02:00", "2022-11-07"]
TIMESTAMPS = [pd.Timestamp("2022-11-07"), pd.Timestamp("2022-11-07T01:00", tz="Europe/Paris")]


@pytest.mark.parametrize("epoch", TEXTS + TIMESTAMPS)
def test_epoch_formats(epoch):
    assert ElementSets.from_frame(frame(epoch_utc=epoch)).epoch_utc[0] == EPOCH


def test_catalogue_numbers_have_up_to_nine_digits():
    fleet = ElementSets.from_frame(frame(norad_cat_id=799_999_999))
    assert fleet.norad_cat_id.tolist() == [799_999_999]


def test_missing_column_is_named():
    with pytest.raises(DataError, match=r"lack bstar, mean_motion_ddot\. Select these columns"):
        ElementSets.from_frame(frame().drop(columns=["bstar", "mean_motion_ddot"]))


@pytest.mark.parametrize(
    ("column", "value"),
    [("mean_motion_rev_per_day", "fast"), ("epoch_utc", "yesterday"), ("norad_cat_id", "T0001")],
)
def test_non_numeric_value_raises(column, value):
    with pytest.raises(DataError, match=f"{column} has invalid values"):
        ElementSets.from_frame(frame(**{column: value}))


@pytest.mark.parametrize(
    ("column", "value", "complaint"),
    [
        ("bstar", np.nan, "bstar is missing or not finite"),
        ("raan_deg", np.inf, "raan_deg is missing or not finite"),
        ("epoch_utc", np.datetime64("NaT"), "epoch_utc is missing"),
        ("mean_motion_rev_per_day", 0.0, "mean_motion_rev_per_day is not positive"),
        ("eccentricity", 1.0, "eccentricity is not from 0 to below 1"),
        ("eccentricity", -0.1, "eccentricity is not from 0 to below 1"),
        ("inclination_deg", 180.1, "inclination_deg is not from 0 to 180"),
        ("inclination_deg", -0.1, "inclination_deg is not from 0 to 180"),
    ],
)
def test_invalid_element_raises_with_its_satellite(column, value, complaint):
    with pytest.raises(DataError, match=rf"{complaint}.*in 1 element set \(NORAD 44713\)"):
        element_sets(**{column: value})


def test_no_satellites_raise():
    with pytest.raises(DataError, match="There are no orbital elements"):
        ElementSets.from_frame(frame().iloc[:0])
    with pytest.raises(DataError, match="There are no orbital elements"):
        element_sets().select(np.array([False]))


def test_columns_of_different_lengths_raise():
    columns = {name: getattr(element_sets(), name) for name in ONE}
    with pytest.raises(DataError, match="differ in length"):
        ElementSets(**columns | {"bstar": np.zeros(2)})


def test_newest_keeps_the_latest_epoch():
    days = np.array([0, 2, 1, 5], "timedelta64[D]")
    fleet = element_sets(norad_cat_id=[7, 7, 7, 3], epoch_utc=EPOCH + days, bstar=[0, 2, 1, 5])
    newest = fleet.newest()
    assert newest.norad_cat_id.tolist() == [3, 7]
    assert newest.bstar.tolist() == [5, 2]


def test_selection_keeps_its_order():
    fleet = element_sets(norad_cat_id=[1, 2, 3])
    assert fleet.select(np.array([2, 0])).norad_cat_id.tolist() == [3, 1]
    assert fleet.select(slice(1)).norad_cat_id.tolist() == [1]


def test_node_precesses_to_another_instant():
    day = np.timedelta64(1, "D")
    fleet = element_sets(raan_deg=[1.0, 300.0])
    drift = fleet.raan_at_deg(EPOCH + day) - fleet.raan_deg
    assert fleet.raan_at_deg(EPOCH).tolist() == [1.0, 300.0]
    assert (drift + 180) % 360 - 180 == pytest.approx([-4.49, -4.49], abs=0.01)
