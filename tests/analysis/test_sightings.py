"""Trains and events, from passes made for the purpose."""

import pandas as pd
import pytest

from spacex.analysis.sightings import NO_PASSES, events, with_trains

START = pd.Timestamp("2026-05-04T22:00Z")


def made(seconds: list[float], **fields: object) -> pd.DataFrame:
    """Return visible passes of one launch being raised, at these seconds after `START`."""
    culmination = START + pd.to_timedelta(pd.Series(seconds, dtype=float), unit="s")
    values = {
        "norad_cat_id": range(1, len(seconds) + 1),
        "object_name": [f"S-{number}" for number in range(1, len(seconds) + 1)],
        "launch_designator": "2026-001",
        "launch": None,
        "orbit_status": "raising",
        "rise_utc": culmination - pd.Timedelta(minutes=4),
        "culmination_utc": culmination,
        "set_utc": culmination + pd.Timedelta(minutes=4),
        "culmination_elevation_deg": 40.0,
        "culmination_azimuth_deg": 180.0,
        "is_visible": True,
        "magnitude": 5.0,
    }
    return with_trains(NO_PASSES.reindex(range(len(seconds))).assign(**(values | fields)))


def trains(passes: pd.DataFrame) -> list[int | None]:
    return [None if pd.isna(each) else int(each) for each in passes["train"]]


def test_a_train_is_five_that_follow_each_other_within_a_minute() -> None:
    assert trains(made([0, 60, 120, 180, 240, 301])) == [1, 1, 1, 1, 1, None]
    assert trains(made([0, 60, 120, 180])) == [None] * 4


def test_trains_are_numbered_in_the_order_of_time() -> None:
    """The first by designator is the second in time."""
    launch = ["2026-002"] * 5 + ["2026-001"] * 5
    passes = made([*range(0, 50, 10), *range(1000, 1050, 10)], launch_designator=launch)
    assert trains(passes) == [1] * 5 + [2] * 5


@pytest.mark.parametrize(
    "fields",
    [
        {"orbit_status": "operational"},
        {"orbit_status": ["operational", *["raising"] * 4]},
        {"orbit_status": ["raising", "raising", "lowering", "raising", "raising"]},
        {"is_visible": [True, True, False, True, True]},
        {"launch_designator": ["a", "a", "b", "a", "a"]},
        {"launch_designator": None},
        {"culmination_elevation_deg": [40.0, 40.0, 50.1, 40.0, 40.0]},
    ],
)
def test_others_are_no_train(fields: dict[str, object]) -> None:
    assert trains(made([0, 10, 20, 30, 40], **fields)) == [None] * 5


def test_a_track_may_turn_slowly() -> None:
    turning = made([0, 10, 20, 30, 40], culmination_elevation_deg=[40.0, 49.9, 59.8, 69.7, 79.6])
    assert trains(turning) == [1] * 5


def test_across_the_zenith_the_azimuth_turns_but_not_the_track() -> None:
    fields = {"culmination_elevation_deg": 88.0, "culmination_azimuth_deg": [0.0, 180, 0, 180, 0]}
    assert trains(made([0, 10, 20, 30, 40], **fields)) == [1] * 5


def test_a_train_is_one_event() -> None:
    status = ["raising"] * 5 + ["operational"]
    magnitude = [4.0, 3.5, None, 4.0, 4.0, None]
    found = events(made([0, 10, 20, 30, 40, 20], orbit_status=status, magnitude=magnitude))
    assert found["name"].tolist() == ["Train of 5 satellites of launch 2026-001", "S-6"]
    train = found.iloc[0]
    assert (train["satellites"], train["norad_cat_id"], train["magnitude"]) == (5, 1, 3.5)
    assert train["rise_utc"] == START - pd.Timedelta(minutes=4)
    assert train["last_culmination_utc"] == START + pd.Timedelta(seconds=40)
    assert train["set_utc"] == START + pd.Timedelta(seconds=280)
    assert found["magnitude"].isna().tolist() == [False, True]


def test_no_passes_are_no_events() -> None:
    assert events(with_trains(NO_PASSES)).empty
