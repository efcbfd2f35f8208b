"""What an analyst gets for an unknown name, a wrong type or a date that is none."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from spacex.analysis import cadence, history, intervals, queries, raising, renewal, survival
from spacex.analysis.data_dates import data_dates
from spacex.analysis.key_figures import key_figures
from spacex.errors import DatabaseError, DataError, SettingsError
from spacex.extract.as_of import as_of_utc
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.instants import instants
from spacex.orbits.place import Place


@pytest.mark.parametrize(
    "day",
    [date(2026, 11, 2), datetime(2026, 11, 2, 23, tzinfo=UTC), pd.Timestamp("2026-11-02T23:00Z")],
)
def test_a_date_may_be_an_object(three_days: Path, day: date) -> None:
    assert len(history.fleet_on(three_days, day)) == len(history.fleet_on(three_days, "2026-11-02"))


@pytest.mark.parametrize("wrong", [20261102, None, "", "yesterday", "2026-13-01", ["2026-11-02"]])
def test_what_is_no_date_is_named(three_days: Path, wrong: object) -> None:
    for function in (history.fleet_on, lambda path, day: renewal.renewal(path, day, day)):
        with pytest.raises(SettingsError, match="is neither a date nor an instant"):
            function(three_days, wrong)
    with pytest.raises(SettingsError, match="is neither a date nor an instant"):
        cadence.launch_rate(three_days, wrong, "2026-11-03")


def test_dates_and_datetimes_are_instants() -> None:
    assert as_of_utc(date(2026, 11, 1)) == "2026-11-01T23:59:59Z"
    assert as_of_utc(datetime(2026, 11, 1, 12, tzinfo=UTC)) == "2026-11-01T12:00:00Z"


def test_an_unknown_launch_is_named_with_the_nearest_one(three_days: Path) -> None:
    with pytest.raises(DataError, match=r"Launch 2026-01 .*; did you mean 2026-001\?"):
        survival.launch_survival(three_days, "2026-01")
    assert raising.profile(three_days, "2026-01").empty


def test_one_launch_in_place_of_a_list_is_an_error(three_days: Path) -> None:
    with pytest.raises(SettingsError, match="are the text '2026-001'") as caught:
        survival.compare_launches(three_days, "2026-001")
    assert caught.value.remedy == "Give a list, such as ['2026-001']."


PATHS = [
    None,
    7,
    ["starlink.db"],
    b"starlink.db",
    "a\0b",
    "\ud800",
    "~nobody-of-this-name/a",
    "a" * 999,
]
READERS = [queries.runs, queries.published_snapshots, key_figures, data_dates, history.gp_lists]


@pytest.mark.parametrize("wrong", PATHS, ids=lambda value: ascii(value)[:20])
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_what_is_no_path_is_named(reader: Callable[[object], pd.DataFrame], wrong: object) -> None:
    if reader is queries.published_snapshots and isinstance(wrong, str):
        assert reader(wrong).empty
        return
    with pytest.raises(DatabaseError, match="is not the path of a database"):
        reader(wrong)


def test_what_keeps_a_database_from_being_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("gone")
    for folder, problem in (("file", "file is not a folder"), ("link", "is a link to gone, which")):
        with pytest.raises(DatabaseError, match=f"There is no database .*{problem}"):
            queries.runs(tmp_path / folder / "starlink.db")


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=f"{tmp_path} is a folder, not a database"):
        queries.runs(tmp_path)


@pytest.mark.parametrize("wrong", ["52", None, float("nan"), 91, True])
def test_a_place_needs_numbers_in_range(wrong: object) -> None:
    with pytest.raises(SettingsError, match="latitude_deg of a place is "):
        Place(wrong, 13)
    assert Place(np.float64(52), np.int64(13)).latitude_deg == 52


@pytest.mark.parametrize("wrong", [5, 5.0, True, np.int64(5), [5, 6]])
def test_a_number_is_no_instant(wrong: object) -> None:
    with pytest.raises(SettingsError, match="is a number, not an instant"):
        instants(wrong)


@pytest.mark.parametrize("wrong", [[1], None, pd.DataFrame({"bstar": [0.1]})])
def test_elements_need_a_frame_with_their_columns(wrong: object) -> None:
    with pytest.raises(DataError, match="Orbital elements lack norad_cat_id"):
        ElementSets.from_frame(wrong)


def test_impossible_counts_are_named() -> None:
    with pytest.raises(SettingsError, match="5 successes in 3 trials"):
        intervals.wilson(5, 3)
    with pytest.raises(SettingsError, match="The count is -1"):
        intervals.garwood(-1)
