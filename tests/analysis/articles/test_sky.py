"""The report on a place: each sentence, and its passes against those of `spacex.passes`."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from spacex.analysis.api.door import open_database
from spacex.analysis.articles import sky as report
from spacex.analysis.articles.sky import NO_ORBITS, Sky, sky
from spacex.analysis.error_laws import MEANING
from spacex.analysis.sightings import NO_PASSES, with_trains
from spacex.errors import SettingsError
from spacex.notebook import article_charts
from spacex.orbits.cities import City, find_place
from spacex.orbits.nights import DarkSpan
from spacex.settings import Settings
from spacex.warehouse.connection import writing
from spacex.warehouse.views import apply_views
from tests.clock import Clock
from tests.stages import value

BERLIN = find_place("Berlin")
DARK = [(np.datetime64("2026-05-04T20:00"), np.datetime64("2026-05-05T02:00"))]


def seen(
    seconds: list[float],
    status: str = "operational",
    where: City = BERLIN,
    magnitude: float = np.nan,
    **fields: object,
) -> Sky:
    """Return a night with passes of one launch, at these seconds after 22:00 UTC."""
    start = pd.Timestamp("2026-05-04T22:00Z")
    culmination = start + pd.to_timedelta(pd.Series(seconds, dtype=float), unit="s")
    passes = NO_PASSES.reindex(range(len(seconds))).assign(
        norad_cat_id=range(len(seconds)),
        object_name=[f"S-{number}" for number in range(len(seconds))],
        launch_designator="2026-001",
        orbit_status=status,
        rise_utc=culmination - pd.Timedelta(minutes=4),
        culmination_utc=culmination,
        set_utc=culmination + pd.Timedelta(minutes=4),
        culmination_elevation_deg=[40.0 + number for number in range(len(seconds))],
        rise_azimuth_deg=270.0,
        culmination_azimuth_deg=180.0,
        set_azimuth_deg=90.0,
        is_visible=True,
        magnitude=magnitude,
        error_km=3.39,
        error_s=0.446,
    )
    found = Sky(where, 1, DARK[0][0], "2026-05-04", "2026-05-04T06:00:00", DARK, passes)
    return replace(found, passes=report.with_nights(with_trains(passes), where), **fields)


def headline(found: Sky) -> list[str]:
    return [sentence.replace("\xa0", " ") for sentence in found.headline]


def test_it_says_what_can_be_seen_with_local_times() -> None:
    assert headline(seen([0, 600])) == [
        (
            "From Berlin, 2 Starlink passes in the next night are in sunlight and a dark sky: 0 "
            "bright enough for the naked eye in a dark place, 0 in a town."
        ),
        "There is no train of new satellites among them.",
        "The highest single pass is that of S-1, on 5 May, 00:10, 41° high.",
    ]
    bright = seen([0, 600], magnitude=3.96)
    assert headline(bright)[0].endswith(
        "2 bright enough for the naked eye in a dark place, 2 in a town."
    )
    assert headline(bright)[2].endswith("S-1, on 5 May, 00:10, 41° high, of magnitude 4.0 ± 1.")
    assert "brightest" in headline(bright)[2]
    assert bright.best.to_dict("records")[0] == {
        "satellite": "S-1",
        "magnitude": 4.0,
        "highest": "5\xa0May, 00:10",
        "elevation_deg": 41,
        "towards": "S",
        "rises": "00:06 W",
        "sets": "00:14 E",
        "expected_error": "±\xa03.4\xa0km, ±\xa00.4\xa0s",
    }


def test_a_train_is_five_new_satellites_of_a_launch_that_follow_each_other() -> None:
    found = seen([0, 60, 120, 180, 240, 301], "raising")
    assert headline(found)[1:] == [
        (
            "The longest train has 5 satellites of launch 2026-001: on 5 May, 00:00 to 00:04, "
            "up to 44° high."
        ),
        "The highest single pass is that of S-5, on 5 May, 00:05, 45° high.",
    ]
    assert found.figures["trains, of 5 satellites or more"] == 1
    assert report.TRAINS_CLIMB in found.limits
    assert found.trains_table["rises"].tolist() == ["W"]


@pytest.mark.parametrize(
    ("seconds", "status"),
    [([0, 60, 120, 180], "raising"), ([0, 61, 122, 183, 244], "raising"), ([0] * 9, "operational")],
)
def test_fewer_slower_and_old_satellites_are_no_train(seconds: list[float], status: str) -> None:
    assert seen(seconds, status).trains.empty


@pytest.mark.parametrize(
    ("dark", "why"),
    [
        (DARK, "all pass in twilight, daylight or shadow"),
        ([], "the sky is not dark before 4\xa0May\xa02026"),
    ],
)
def test_without_passes_it_says_why(dark: list[DarkSpan], why: str) -> None:
    found = seen([], dark=dark)
    assert found.headline == [
        f"From Berlin, no Starlink satellite can be seen in the next night: {why}."
    ]
    assert found.by_night["dark_sky"].tolist() == ["22:00 to 04:00" if dark else "never"]
    assert article_charts.passes_by_hour(found.by_hour, "UTC").to_dict()


def test_old_orbits_and_simulated_ones_are_named_first() -> None:
    found = seen([0], is_now=False, is_simulated=True, nights=2)
    assert headline(found)[:3] == [
        "This is the bundled sample: its orbits are simulated, and so are these passes.",
        (
            "The newest orbits are of 4 May 2026, too old for tonight: shown are the nights "
            "after 4 May 2026."
        ),
        (
            "From Berlin, 1 Starlink pass in 2 nights is in sunlight and a dark sky: 0 bright "
            "enough for the naked eye in a dark place, 0 in a town."
        ),
    ]


def test_the_limits_name_the_time_zone_old_orbits_and_what_is_known_of_the_brightness() -> None:
    assert seen([], age="Old.").limits == [
        "Times are those of Europe/Berlin.",
        report.LEFT_OUT,
        MEANING,
        "Old.",
    ]
    coordinates = seen([0], where=City(52.5, 13.4))
    assert coordinates.limits == ["Times are UTC.", report.LEFT_OUT, MEANING]
    assert coordinates.headline[0].startswith("From 52.5°, 13.4°, 1 Starlink pass in")
    assert "good to ± 1; some versions have none" in report.LEFT_OUT


@pytest.mark.parametrize("storage", ["python", "pyarrow"])
def test_without_orbits_it_says_so(storage: str, tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    with writing(path) as connection:
        apply_views(connection)
    with pd.option_context("mode.string_storage", storage):
        found = sky(path)
        assert (found.headline, found.figures) == ([NO_ORBITS], {})
        assert all(each.empty for each in (found.trains_table, found.best, found.by_night))
        assert article_charts.passes_by_hour(found.by_hour, "UTC").to_dict()


@pytest.mark.parametrize(
    ("where", "nights", "message"),
    [
        ("Berln", 1, "There is no city 'Berln' in the list; did you mean Berlin?"),
        ("95, 13", 1, "latitude_deg of a place is 95.0."),
        ("Berlin", 0, "nights is 0."),
        ("Berlin", 11, "nights is 11."),
        ("Berlin", 1.5, "nights is 1.5."),
    ],
)
def test_impossible_places_and_nights_are_refused(
    sampled: Settings, where: str, nights: int, message: str
) -> None:
    with pytest.raises(SettingsError) as error:
        sky(sampled.database, where, nights)
    assert error.value.message == message


@pytest.mark.filterwarnings("ignore::spacex.errors.DataWarning")
@pytest.mark.parametrize("where", ["Berlin", "-33.9, 151.2"])
def test_its_passes_are_those_of_the_fleet(sampled: Settings, where: str) -> None:
    with Clock("2026-08-23T12:00:00"):  # after noon in Berlin, night in Sydney
        found = sky(sampled.database, where, 1)
        hours = 24 - (2 if where == "Berlin" else 10)
        all_seen = open_database(sampled.database).passes(where, hours, visible=True)
    assert found.is_now
    assert found.passes["norad_cat_id"].tolist() == all_seen["norad_cat_id"].tolist()
    bright = [(all_seen["magnitude"] <= faintest).sum() for faintest in (6.5, 4.0)]
    assert list(found.figures.values()) == [len(all_seen), *bright, all_seen["train"].nunique()]
    assert found.passes["train"].nunique() == all_seen["train"].nunique()
    assert found.by_night["passes"].tolist() == [len(all_seen)]
    assert found.by_hour["passes"].sum() == len(all_seen)
    alone = all_seen[all_seen["train"].isna()]
    assert found.best["magnitude"].iloc[0] == round(alone["magnitude"].min(), 1)


def test_the_nights_after_old_orbits_begin_at_the_middle_of_their_epochs(sampled: Settings) -> None:
    found = sky(sampled.database, "Berlin", 1)
    assert not found.is_now
    epochs = "SELECT epoch_utc FROM v_starlink WHERE catalogue_status = 'in orbit' ORDER BY 1"
    middle = value(sampled.database, f"{epochs} LIMIT 1 OFFSET 787")
    assert str(found.start)[:19] == f"{middle[:16]}:00"
    assert found.evening == "2026-08-22"


def test_in_the_polar_night_every_night_is_dark(sampled: Settings) -> None:
    with Clock("2026-08-23T15:00:00"):
        found = sky(sampled.database, "-89.9, 0", 2)
    assert found.by_night["dark_sky"].tolist() == ["15:00 to 12:00", "all day"]
    assert found.by_night["passes"].sum() == len(found.passes)
