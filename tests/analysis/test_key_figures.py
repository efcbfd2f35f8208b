"""Key figures of the recorded r/SpaceX API data, against counts made by hand."""

from pathlib import Path

import pandas as pd
import pytest

from spacex.analysis.key_figures import Counts, key_figures
from spacex.settings import Settings
from spacex.warehouse.connection import writing
from spacex.warehouse.views import apply_views
from tests.example_rows import insert_row


def test_key_figures_match_the_recorded_data(recorded_settings: Settings) -> None:
    found = key_figures(recorded_settings.database)
    assert {each.name: str(each).replace("\xa0", " ") for each in found} == {
        "Orbital launches": "185 (2006–2021, part of 2022, 4 failed; "
        "not counted: 1 suborbital, 1 lost on the pad)",
        "Success rate": "97.8 % (of 184 orbital launches with known outcome, "
        "95 % interval 94.5 to 99.2 %)",
        "Booster landings": "149 (of 162 attempts)",
        "Booster reflights": "119 (flights of used boosters)",
        "Satellites in orbit": "at least 1,673 (of 1,791 known, on 17 October 2021)",
        "Decayed or unlisted": "at least 118 (118 re-entered, no GP list is loaded)",
    }


@pytest.mark.parametrize(
    ("decays", "newest", "date"),
    [
        ("2022-11-06", None, "on 7 November 2022"),
        ("2022-11-06", "2022-11-07", "on 7 November 2022"),
        (
            "2022-11-06",
            "2022-11-08",
            "on 7 November 2022 by the orbits, with decays to 8 November 2022",
        ),
        ("2022-11-08", None, "on 7 November 2022 by the orbits, with decays to 8 November 2022"),
    ],
)
def test_satellites_in_orbit_have_the_date_of_every_source_of_them(
    decays: str, newest: str | None, date: str
) -> None:
    found = pd.DataFrame(
        {"subject": ["satellites listed", "decays"], "to_utc": ["2022-11-07T23:41:00Z", decays]}
    )
    assert (
        Counts(pd.Series({"newest_loss": newest, "newest_launch": None}), found).fleet_date()
        == date
    )


def test_without_data_every_key_figure_is_unknown_instead_of_zero(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    with writing(path) as connection:
        apply_views(connection)
    without_launches = {
        **dict.fromkeys(
            ("Orbital launches", "Success rate"), "– (no source of launches is loaded)"
        ),
        "Booster landings": "– (no source of landings is loaded)",
        "Booster reflights": "– (no source of booster flights is loaded)",
        "Satellites in orbit": "– (no GP list or catalogue is loaded)",
        "Decayed or unlisted": "– (no second GP list or catalogue is loaded)",
    }
    assert {each.name: str(each) for each in key_figures(path)} == without_launches
    with writing(path) as connection:  # of a catalogue without any decay
        insert_row(connection, "starlink", is_decayed=0, decay_date=None, unlisted_since_utc=None)
    found = {each.name: str(each) for each in key_figures(path)}
    assert found["Satellites in orbit"] == "– (what is loaded covers no time)"


@pytest.mark.parametrize(
    ("days", "launched", "value"),
    [((1,), "2026-01-01", "–"), ((1, 2), "2026-01-01", "0"), ((1, 2), "2025-01-01", "–")],
)
def test_a_single_gp_list_tells_nothing_of_losses(
    tmp_path: Path, days: tuple[int, ...], launched: str, value: str
) -> None:
    """Two lists do not tell of losses before them: "at least 0" is no number."""
    path = tmp_path / "starlink.db"
    with writing(path) as connection:
        dates = [f"2026-01-{day:02}T00:00:00Z" for day in days]
        listing = {"first_listed_utc": dates[0], "last_listed_utc": dates[-1], "is_listed": 1}
        listing |= {"unlisted_since_utc": None, "launch_date": launched}
        insert_row(connection, "starlink", norad_cat_id=1, is_decayed=0, decay_date=None, **listing)
        for date in dates:
            seen = {"observed_utc": date, "data_utc": date}
            insert_row(connection, "_observations", source="celestrak", **seen)
        apply_views(connection)
    (found,) = (each for each in key_figures(path) if each.name == "Decayed or unlisted")
    assert found.value == value


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["Starlink 1", "Transporter-9"], ""),
        (["Starlink 1", "Starlink, failed"], ""),
        (
            ["Starlink 1", "Starlink 2"],
            "The satellites of at least 1 Starlink launch, from 2 May 2025 on, are missing. ",
        ),
        (
            ["Starlink 1", "Starlink 2", "Starlink 3"],
            "The satellites of at least 2 Starlink launches, from 2 May 2025 on, are missing. ",
        ),
    ],
)
def test_satellites_of_the_last_launches_are_not_catalogued_yet(
    tmp_path: Path, names: list[str], words: str
) -> None:
    path = tmp_path / "starlink.db"
    with writing(path) as connection:
        apply_views(connection)
        for day, name in enumerate(names, 1):
            dated = {"launch_id": name, "name": name, "date_utc": f"2025-05-0{day}T00:00:00Z"}
            insert_row(
                connection, "launches", **dated, date_precision="day", success="failed" not in name
            )
        seen = dict.fromkeys(("observed_utc", "data_utc"), "2025-05-20T00:00:00Z")
        insert_row(connection, "_observations", source="celestrak", **seen)
        insert_row(
            connection, "starlink", launch_date="2025-05-01", unlisted_since_utc=None, is_decayed=0
        )
    found = {each.name: each for each in key_figures(path)}["Satellites in orbit"]
    assert found.uncertainty.replace("\xa0", " ").endswith(
        f"Satellites are listed days after their launch. {words}Decays are catalogued some days "
        "late."
    )


@pytest.mark.parametrize(
    ("numbers", "first", "note"),
    [
        ((1, 3), {}, "; 1 flight more by the boosters' flight numbers"),
        ((1, 3), {"flight": None}, "; 1 flight more by the boosters' flight numbers"),
        ((9,), {}, "; 7 flights more by the boosters' flight numbers"),
        ((2, 3), {}, ""),
        ((2,), {}, ""),
        ((1, 2), {}, ""),
    ],
)
def test_reflights_that_no_source_lists_are_named(
    tmp_path: Path, numbers: tuple[int, ...], first: dict[str, object], note: str
) -> None:
    """The first flight of a booster is none, whether a source lists it or not."""
    path = tmp_path / "starlink.db"
    with writing(path) as connection:
        apply_views(connection)
        insert_row(connection, "cores", core_id="B1")
        for number in numbers:
            launch = {"launch_id": f"{number}", "date_utc": f"2025-05-0{number}T00:00:00Z"}
            insert_row(connection, "launches", **launch, is_upcoming=0)
            insert_row(connection, "launch_sources", **launch, source="spacexdata", is_upcoming=0)
            flight = {"launch_id": f"{number}", "core_id": "B1", "flight": number}
            flight |= {"is_reused": int(number > 1)} | (first if number == 1 else {})
            insert_row(connection, "launch_cores", **flight)
        checked = {"checked_utc": "2026-01-01T00:00:00Z"}
        insert_row(connection, "_snapshots", source="spacexdata", endpoint="launches", **checked)
        insert_row(connection, "_runs")
    found = {each.name: each for each in key_figures(path)}["Booster reflights"]
    assert found.value == f"{sum(number > 1 for number in numbers)}"
    assert found.note == f"flights of used boosters{note}"
    assert ("No source lists" in found.uncertainty) == bool(note)
