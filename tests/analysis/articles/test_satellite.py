"""The report on a satellite: each sentence, and each number against SQL."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from spacex.analysis.api.fleet_positions import positions
from spacex.analysis.articles import satellite as article
from spacex.analysis.articles.satellite import SatelliteLife, find_satellite, satellite
from spacex.analysis.queries import query
from spacex.analysis.reentry_record import NOT_FORECAST
from spacex.errors import DataError
from spacex.notebook import article_charts
from spacex.settings import Settings
from tests.clock import Clock
from tests.stages import rows, value

RECORD = {
    "norad_cat_id": 48601,
    "object_name": "STARLINK-3181",
    "object_id": "2021-041A",
    "launch": "Starlink-27",
    "launch_designator": "2021-041",
    "launch_date": "2021-05-09",
    "launch_date_source": "gcat",
    "catalogue_status": "in orbit",
    "orbit_status": "operational",
    "epoch_utc": "2026-11-27T12:00:00Z",
    "mean_altitude_km": 549.6,
    "inclination_deg": 53.0534,
    "period_min": 95.62,
}
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
PLACE = {"latitude_deg": -12.34, "longitude_deg": 56.78, "height_km": 551.2}
CHANGES = pd.DataFrame(
    columns=["observed_utc", "since_utc", "kind", "column_name", "old_value", "new_value"]
)
ELEMENTS = pd.DataFrame(
    {"epoch_utc": [f"{day}T12:00:00Z" for day in ("2021-10-07", "2021-10-17", "2026-05-24")]}
)
DECAYED = {"catalogue_status": "decayed", "decay_date": "2022-05-09", "until_date": "2022-05-09"}

UNLISTED = {
    "catalogue_status": "unlisted",
    "last_known_date": "2024-05-03",
    "until_date": "2024-05-04",
}


def known(position: dict[str, float] | None = None, **changes: Any) -> SatelliteLife:
    """Return a satellite with this record; a value of None is missing."""
    record = {name: each for name, each in (RECORD | changes).items() if each is not None}
    return SatelliteLife(record, ELEMENTS, CHANGES, position or {}, NOW)


def plain(sentences: list[str]) -> str:
    return " ".join(sentences).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "STARLINK-3181 (number 48601) was launched on 9 May 2021 with Starlink-27."),
        ({"launch": None}, "was launched on 9 May 2021 with 2021-041."),
        ({"launch_date": None}, "was launched with Starlink-27; the date is not known."),
        ({"object_name": None}, "48601 (number 48601) was launched on 9 May 2021"),
        ({}, "It is in orbit, at a mean altitude of 550 km and operational."),
        ({"orbit_status": None}, "It is in orbit, at a mean altitude of 550 km."),
        (
            {"epoch_utc": "2026-11-01T12:00:00Z"},
            (
                "On 1 November 2026, the date of its newest elements, it was at a mean altitude of "
                "550 km and operational; now it is not known."
            ),
        ),
        ({"epoch_utc": "2026-11-21T12:00:00Z"}, "It is in orbit, at a mean altitude of 550 km"),
        ({"epoch_utc": "2026-11-21T11:59:59Z"}, "On 21 November 2026, the date of its newest"),
        ({"epoch_utc": "2026-12-05T12:00:00Z"}, "It is in orbit, at a mean altitude of 550 km"),
        ({"epoch_utc": "2026-12-05T12:00:01Z"}, "On 5 December 2026, the date of its newest"),
        (
            {"mean_altitude_km": None, "epoch_utc": None},
            "It is in orbit by the catalogues; its orbit is not known.",
        ),
        (DECAYED, "It re-entered on 9 May 2022, 365 days after its launch."),
        (DECAYED | {"launch_date": None}, "It re-entered on 9 May 2022."),
        (DECAYED | {"decay_precision": "month"}, "It re-entered in May 2022."),
        (DECAYED | {"decay_precision": "year"}, "It re-entered in 2022."),
        (DECAYED | {"decay_is_uncertain": 1}, "It re-entered probably on 9 May 2022, 365 days"),
        (
            DECAYED | {"decay_date": None, "until_date": None},
            "It has decayed; the date is not known.",
        ),
        (
            DECAYED
            | {"decay_date": None, "last_known_date": "2022-05-01", "until_date": "2022-06-08"},
            "It re-entered between 1 May and 8 June 2022.",
        ),
        (UNLISTED, "It is no longer listed since 4 May 2024 and its fate is not known."),
        (
            UNLISTED | {"is_presumed_decayed": 1},
            "It is no longer listed since 4 May 2024 and is presumed decayed.",
        ),
        (
            UNLISTED | {"is_presumed_decayed": 1, "unlisted_since_utc": "2026-12-28T12:00:00Z"},
            "and is presumed decayed: it had 31 days to come down from 550 km.",
        ),
        (
            UNLISTED | {"in_orbit_by_catalogue_utc": "2024-06-21T10:00:00Z"},
            "It is no longer listed since 4 May 2024, but in orbit by a catalogue of 21 June 2024.",
        ),
        (
            UNLISTED | {"last_known_date": "2024-03-01"},
            "It is no longer listed since a day between 1 March and 4 May 2024 and its fate is",
        ),
    ],
)
def test_it_says_what_is_known(changes: dict[str, Any], sentence: str) -> None:
    assert sentence in plain(known(**changes).headline)


def test_it_says_where_the_satellite_is() -> None:
    found = known(PLACE)
    assert plain(found.headline).endswith(
        "On 28 November 2026 at 12:00 UTC it is over 12.3° S, 56.8° E, 551 km high, by elements "
        "1.0 days old."
    )
    assert "The position errs by kilometres for each day since the elements." in plain(found.limits)
    known_error = known(PLACE | {"error_km": 3.39})
    assert "551 km high, ± 3.4 km, by elements" in plain(known_error.headline)
    assert "Half of such predictions err by more than the expected error" in plain(
        known_error.limits
    )


@pytest.mark.parametrize(
    ("changes", "times"),
    [({}, 0), ({"launch": None}, 1), ({"launch": None, "launch_designator": None}, 0)],
)
def test_a_launch_that_no_source_has_is_named(changes: dict[str, Any], times: int) -> None:
    sentence = "No launch of the loaded sources has the designator of its launch."
    assert known(**changes).limits.count(sentence) == times


def test_figures_that_are_not_known_are_missing_instead_of_zero() -> None:
    assert list(known().figures.values()) == [550, 53.05, 95.6, 2029, 3]
    assert known().figures["days, since its launch"] == 2029
    old = known(epoch_utc="2026-11-01T12:00:00Z").figures
    assert old["days, from its launch to its newest elements"] == 2002
    unknown = known(mean_altitude_km=None, inclination_deg=None, period_min=None, launch_date=None)
    assert list(unknown.figures.values()) == [None, None, None, None, 3]
    assert "days, from its launch to its re-entry" in known(**DECAYED).figures
    age = "days, from its launch until it was no longer listed"
    assert known(**UNLISTED).figures[age] == 1091
    assert known(**UNLISTED | {"last_known_date": "2024-03-01"}).figures[age] is None
    facts = known(**DECAYED, decay_precision="month").facts.set_index("what")["value"]
    assert facts["decayed in"] == "May 2022"
    assert "decay date" not in facts
    vague = {"decay_precision": "quarter", "last_known_date": "2022-03-31"}
    facts = known(**DECAYED | vague | {"until_date": "2022-06-30"}).facts.set_index("what")["value"]
    assert plain([facts["decayed"]]) == "between 31 March and 30 June 2022"
    assert "decay date" not in facts


def test_each_fact_has_its_source() -> None:
    """Or what else it is from, or why its source is unknown: no dash."""
    found = {"mass_kg": 260.0, "source": "celestrak", "shell": "53.00° 550 km"}
    facts = known(**found).facts.set_index("what")
    assert facts.loc["launch date"].tolist() == ["9\xa0May\xa02021", "GCAT by Jonathan McDowell"]
    assert facts.loc["mass, kg"].tolist() == ["260", "GCAT by Jonathan McDowell"]
    assert facts.loc["number", "source"] == "CelesTrak"
    assert facts.loc["shell", "source"] == "found in the orbits"
    assert facts.loc["designator", "source"].startswith("unknown: ")
    assert known(version="v2").facts.set_index("what").loc["version", "source"] == (
        "unknown: not recorded"
    )
    assert set(known().facts["source"]) & {"–", "", None} == set()
    assert facts.loc["number", "value"] == "48601"
    assert "fate" not in facts.index
    linked = known(version="v1.5", version_source="launch").facts.set_index("what")
    assert linked.loc["version"].tolist() == ["v1.5", "launch"]


def test_without_satellites_it_says_so() -> None:
    empty = SatelliteLife({}, pd.DataFrame(), CHANGES, {}, NOW)
    assert (empty.headline, empty.figures, empty.limits) == ([article.NO_SATELLITE], {}, [])


@pytest.mark.parametrize("status", ["in orbit", "decayed"])
def test_its_numbers_are_those_of_the_views(sampled: Settings, status: str) -> None:
    ((number, altitude, inclination),) = rows(
        sampled.database,
        """SELECT norad_cat_id, mean_altitude_km, inclination_deg FROM v_starlink
           WHERE catalogue_status = ? ORDER BY norad_cat_id LIMIT 1""",
        status,
    )
    found = satellite(sampled.database, str(number))
    height, inclined, *_ = found.figures.values()
    assert height == pytest.approx(altitude, abs=0.51)
    assert inclined == pytest.approx(inclination, abs=0.0051)
    assert found.is_simulated
    assert plain(found.headline).startswith("This is the bundled sample")


def test_its_place_is_that_of_the_positions(three_days: Path) -> None:
    with Clock("2026-11-03"):
        found = satellite(three_days, "starlink-100000")
    sql = "SELECT * FROM v_starlink WHERE norad_cat_id = 100000"
    there = positions(query(three_days, sql), found.now).iloc[0]
    assert found.position["latitude_deg"] == pytest.approx(there["latitude_deg"])
    assert "by elements 2." in plain(found.headline)


def test_changes_are_those_of_the_satellite(three_days: Path) -> None:
    sql = "SELECT row_key FROM v_changes WHERE kind = 'new satellite' LIMIT 1"
    number = value(three_days, sql)
    (event,) = satellite(three_days, str(number)).events.to_dict("records")
    assert event["change"] == "new satellite"
    assert event["seen_on"].replace("\xa0", " ") in {"2 November 2026", "3 November 2026"}


def test_no_line_is_drawn_through_a_time_without_elements() -> None:
    names = ("mean_altitude_km", "perigee_altitude_km", "apogee_altitude_km")
    elements = ELEMENTS.assign(**dict.fromkeys(names, 550.0))
    chart = article_charts.altitude_history(elements, "A", "").to_dict()
    (segments,) = (
        [row["series"] for row in rows]
        for rows in chart["datasets"].values()
        if "series" in rows[0]
    )
    assert segments[0] == segments[1] != segments[2]
    assert "Hatched: no source covers the time." in chart["description"]
    sentence = "No element set of it is loaded from 17 October 2021 to 24 May 2026."
    assert sentence in plain(known().limits)


def test_an_altitude_needs_two_element_sets(three_days: Path) -> None:
    found = satellite(three_days, "100000")
    shown = article_charts.altitude_history(found.elements, found.title, article.NO_HISTORY)
    assert article.NO_HISTORY in shown.data
    twice = pd.concat([found.elements, found.elements])
    chart = article_charts.altitude_history(twice, found.title, "").to_dict()
    assert "from 548 to 548 km" in chart["description"]


def test_a_satellite_that_does_not_exist_is_refused(three_days: Path) -> None:
    assert find_satellite(three_days, "STARLINK-100000") == "100000"
    with pytest.raises(DataError, match="There is no Starlink satellite 'STARLINK-1'"):
        find_satellite(three_days, "STARLINK-1")


def test_a_forecast_of_its_re_entry_is_told_and_why_there_is_none_is_a_limit():
    said = "It is expected to re-enter on 1 January 2027."
    forecast = replace(known(PLACE), reentry=said)
    assert forecast.headline[2] == said
    assert said not in forecast.limits
    refused = replace(known(PLACE), reentry=NOT_FORECAST)
    assert NOT_FORECAST in refused.limits
    assert refused.headline == known(PLACE).headline


def test_only_what_is_in_orbit_may_be_forecast(three_days: Path, sampled: Settings):
    numbers = "SELECT norad_cat_id FROM v_starlink WHERE catalogue_status {} 'in orbit'"
    in_orbit = value(three_days, f"{numbers.format('=')} LIMIT 1")
    assert satellite(three_days, str(in_orbit)).reentry == NOT_FORECAST
    assert {
        satellite(three_days, str(number)).reentry
        for (number,) in rows(three_days, numbers.format("<>"))
    } <= {""}
    assert satellite(sampled.database).reentry == ""
