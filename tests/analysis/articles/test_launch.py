"""The report on a launch: each sentence, and each number against SQL."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from spacex.analysis.articles import launch as article
from spacex.analysis.articles.launch import Launch, find_launch, launch
from spacex.errors import DataError
from spacex.notebook import article_charts
from spacex.settings import Settings
from spacex.warehouse.connection import writing
from spacex.warehouse.views import apply_views
from tests.clock import Clock
from tests.example_rows import insert_list, insert_row
from tests.stages import rows, value

RECORD = {
    "name": "Starlink 4-7",
    "date_utc": "2022-02-03T18:13:00Z",
    "date_text": "2022-02-03 18:13",
    "rocket": "Falcon 9",
    "launchpad": "KSC LC 39A",
    "outcome": "success",
    "launch_class": "orbital",
    "payload_mass_kg": 13000.0,
    "payloads_of_unknown_mass": 0,
}
FATES = {
    "launch_date": "2022-02-03",
    "launched": 49,
    "catalogued": 48,
    "never_catalogued": 1,
    "decayed": 40,
    "unlisted": 0,
    "in_orbit": 8,
}
CLIMB = {
    "climb_rate_km_per_day": float("nan"),
    "low_km_per_day": float("nan"),
    "high_km_per_day": float("nan"),
    "longest_gap_days": 12.0,
}
HEIGHTS_KM = [340.2, 549.8, 549.6]
LISTS = pd.DataFrame({"observed_utc": ["2022-02-04", "2022-02-16", "2022-02-28"]})
PAYLOAD = {"payload": "Dragon", "type": None, "orbit": "ISS", "mass_kg": 100.0}
NONE = pd.DataFrame(
    columns=[
        *("catalogue_status", "orbit_status", "mean_altitude_km", "object_name"),
        *("norad_cat_id", "from_date", "known_by_date", "last_known_date", "until_date"),
        "unsure_date",
    ]
)
COVERED = [("2022-02-03T00:00:00Z", "2099-01-01T00:00:00Z")]
BOOSTERS = pd.DataFrame(columns=["booster", "flight", "outcome", "landing_on", "pad"])


def known(**changes: Any) -> Launch:
    """Return a launch of which all is known, with some changes."""
    whole = Launch(
        title="Starlink 4-7",
        designator="2022-010",
        record=RECORD,
        fates=FATES,
        failures=[],
        payloads=pd.DataFrame([PAYLOAD]),
        boosters=BOOSTERS,
        satellites=NONE,
        altitudes=LISTS[:0],
        climb={},
        landings=[],
        covered=COVERED,
        known_until="2099-01-01",
    )
    return replace(whole, **changes)


def plain(sentences: list[str]) -> str:
    return " ".join(sentences).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {},
            (
                "Starlink 4-7, launch 2022-010, flew on 3 February 2022 on a Falcon 9 from KSC "
                "LC 39A and succeeded."
            ),
        ),
        ({"outcome": "failure"}, "from KSC LC 39A and failed."),
        ({"outcome": "unknown"}, "from KSC LC 39A; its outcome is not recorded."),
        (
            {"outcome": "planned", "date_text": "Q3 2026"},
            "is planned for Q3 2026 on a Falcon 9 from KSC LC 39A.",
        ),
        (
            {"outcome": "planned", "date_text": "NET 2022"},
            "is planned for no earlier than 2022 on a Falcon 9 from KSC LC 39A.",
        ),
        (
            {"outcome": "overdue", "date_text": "2022-02-03 18:13"},
            "was planned for 3 February 2022 at 18:13 UTC on a Falcon 9 from KSC LC 39A.",
        ),
        ({"date_text": "Feb 2022"}, "flew in Feb 2022 on a Falcon 9"),
        ({"outcome": "overdue"}, "KSC LC 39A. Whether it has flown is not known."),
        ({"outcome": "superseded"}, "no launch of this name: what became of it is not known."),
        ({"rocket": None, "launchpad": None}, "flew on 3 February 2022 and succeeded."),
        (
            {"launch_class": "suborbital"},
            "2022-010, made a suborbital flight on 3 February 2022 on a Falcon 9 from KSC LC 39A",
        ),
        (
            {"launch_class": "pad loss", "outcome": "failure"},
            "2022-010, was lost on the pad on 3 February 2022, with its Falcon 9.",
        ),
    ],
)
def test_it_says_when_and_how_the_launch_flew(changes: dict[str, Any], sentence: str) -> None:
    assert sentence in plain(known(record=RECORD | changes).headline)


@pytest.mark.parametrize("reasons", [["a leak", "a fire"], ["a leak.", " a fire. "]])
def test_it_says_why_the_launch_failed(reasons: list[str]) -> None:
    failed = known(record=RECORD | {"outcome": "failure"}, failures=reasons)
    assert "and failed: a leak and a fire." in plain(failed.headline)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {},
            (
                "Of its 49 Starlink satellites, 8 are in orbit, 40 have decayed and 1 was never "
                "catalogued."
            ),
        ),
        (
            {"launched": None, "never_catalogued": None, "unlisted": 1, "decayed": 39},
            (
                "Of its 48 known Starlink satellites, 8 are in orbit, 39 have decayed and 1 "
                "is no longer listed."
            ),
        ),
        ({"launched": 8, "in_orbit": 8}, "All 8 Starlink satellites are in orbit."),
        ({"launched": 1, "in_orbit": 1}, "Its one Starlink satellite is in orbit."),
        (
            {"launched": 2, "decayed": 2} | dict.fromkeys(("in_orbit", "never_catalogued"), 0),
            "Both Starlink satellites have decayed.",
        ),
        (
            {"decayed": 49} | dict.fromkeys(("in_orbit", "never_catalogued"), 0),
            "All 49 Starlink satellites have decayed.",
        ),
        (
            {"in_orbit": 0, "launched": 41},
            "Of its 41 Starlink satellites, 40 have decayed and 1 was never catalogued.",
        ),
    ],
)
def test_it_says_what_is_left(changes: dict[str, Any], sentence: str) -> None:
    assert plain(known(fates=FATES | changes).headline).endswith(sentence)


def test_old_data_are_dated() -> None:
    with Clock("2026-11-28"):
        old, new = (
            known(known_until="2026-05-30T05:07:00Z"),
            known(known_until="2026-11-27T00:00:00Z"),
        )
        assert "By data to 30 May 2026, of its 49 Starlink satellites, 8" in plain(old.headline)
        assert " Of its 49 Starlink satellites, 8" in plain(new.headline)


@pytest.mark.parametrize(
    ("changes", "figure", "words"),
    [
        ({}, "at least 8", "of its 49 Starlink satellites, at least 8 are in orbit, 40 have"),
        (
            {"launched": None, "catalogued": 8, "decayed": 0},
            "at least 8",
            "at least 8 of its Starlink satellites are in orbit.",
        ),
        ({"in_orbit": 0, "decayed": 48}, 0, "of its 49 Starlink satellites, 48 have decayed and"),
    ],
)
def test_a_number_in_orbit_outside_the_coverage_is_the_fewest(
    changes: dict[str, Any], figure: object, words: str
) -> None:
    found = known(fates=FATES | changes, known_until="2025-12-01", covered=[])
    assert found.figures["in orbit"] == figure
    assert f"By data to 1 December 2025, {words}" in plain(found.headline)
    covered = replace(found, covered=[("2022-02-03T00:00:00Z", "2025-11-25T00:00:00Z")])
    assert covered.figures["in orbit"] == FATES.get("in_orbit", 0) * bool(figure)


@pytest.mark.parametrize(
    ("observed", "listed", "until", "in_orbit"),
    [
        ("2025-12-01", "", "2025-12-01", "at least 1"),
        ("2022-01-01", "", "2022-02-03", "at least 1"),
        ("2025-12-01", "2022-01-23", "2025-12-01", "at least 1"),
        ("2025-12-01", "2022-01-24", "2022-02-03", 1),
    ],
    ids=["newer", "older", "eleven days after a list", "ten days after a list"],
)
def test_a_launch_that_nothing_covers_is_dated_by_its_catalogue(
    tmp_path: Path, observed: str, listed: str, until: str, in_orbit: int | str
) -> None:
    """A catalogue of satellites in orbit only covers nothing, but has them on its date.

    A GP list covers a launch of up to ten days later.
    """
    path = tmp_path / "starlink.db"
    unseen = dict.fromkeys(
        ("epoch_utc", "first_listed_utc", "last_listed_utc", "unlisted_since_utc", "decay_date")
    )
    satellite = {"norad_cat_id": 1, "launch_date": "2022-02-03", "launch_designator": "2022-010"}
    with writing(path) as connection:
        apply_views(connection)
        insert_row(connection, "_runs", is_simulated=0)
        insert_row(connection, "starlink", source="satcat", **satellite, **unseen)
        catalogue = {"source": "satcat", "observed_utc": f"{observed}T00:00:00Z"}
        catalogue |= {"is_starlink": 1, "decay_date": None}
        insert_row(connection, "catalogue_objects", **satellite, **catalogue)
        if listed:
            insert_list(connection, f"{listed}T00:00:00Z", 2)
    found = launch(path, "2022-010")
    assert found.known_until == until
    assert found.figures["in orbit"] == in_orbit
    is_least = "at least 1 of its Starlink satellite is in orbit" in plain(found.headline)
    assert is_least == (in_orbit == "at least 1")


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("2025-06-01", "By data to 1 June 2025, of its 49 Starlink satellites, 8"),
        (
            "2025-06-14",
            "By the data to 1 June 2025 and the changes known to 14 June 2025, of its 49 Starlink",
        ),
    ],
)
def test_decays_of_after_the_data_are_dated(until: str, words: str) -> None:
    lost = NONE.reindex(range(3)).assign(until_date=["2022-02-09", until, None])
    assert words in plain(known(known_until="2025-06-01", satellites=lost).headline)


@pytest.mark.parametrize(
    ("count", "mass", "sentence"),
    [
        (0, None, "Its payloads are not recorded."),
        (1, None, "It carried P0."),
        (2, 300.0, "It carried P0 and P1, 300 kg."),
        (4, None, "It carried P0, P1, P2 and P3."),
        (5, None, "It carried P0, P1, P2 and 2 more payloads."),
    ],
)
def test_a_launch_without_starlinks_says_what_it_carried(
    count: int, mass: float | None, sentence: str
) -> None:
    payloads = pd.DataFrame([PAYLOAD | {"payload": f"P{n}"} for n in range(count)])
    record = RECORD | {"payload_mass_kg": mass}
    found = known(fates={}, payloads=payloads, record=record, is_simulated=True)
    assert plain(found.headline).endswith(sentence)
    assert "simulated" not in plain(found.headline)
    assert found.figures == ({"payloads": count, "kg, their mass": mass} if count else {})


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("planned", "is to carry"), ("overdue", "was to carry"), ("superseded", "was to carry")],
)
def test_a_plan_has_carried_nothing(outcome: str, words: str) -> None:
    found = known(fates={}, record=RECORD | {"outcome": outcome})
    assert plain(found.headline).endswith(f"It {words} Dragon, 13,000 kg.")
    assert "carried" not in plain(found.headline)


def test_an_unknown_mass_makes_the_sum_unknown() -> None:
    found = known(fates={}, record=RECORD | {"payloads_of_unknown_mass": 1})
    assert plain(found.headline).endswith("It carried Dragon.")
    assert "The mass of 1 payload is not known." in found.limits


def test_a_launch_known_by_its_satellites_says_so() -> None:
    found = known(title="2022-010", record={}, is_simulated=True)
    assert plain(found.headline).startswith(
        "This is the bundled sample: its fleet is simulated. Launch 2022-010 is known by its "
        "satellites, launched on 3 February 2022."
    )
    undated = known(title="2022-010", record={}, fates=FATES | {"launch_date": None})
    assert plain(undated.headline).startswith("Launch 2022-010 is known by its satellites. ")
    assert "No launch of the loaded sources has its designator" in plain(found.limits)


@pytest.mark.parametrize(
    ("heights_km", "changes", "sentence"),
    [
        (HEIGHTS_KM, {}, "Their median altitude rose from 340 to 550 km."),
        (
            HEIGHTS_KM,
            {"climb_rate_km_per_day": 2.51, "low_km_per_day": 2.2, "high_km_per_day": 2.8},
            "rose from 340 to 550 km, by 2.5 km a day (95 % interval 2.2 to 2.8).",
        ),
        ([549.6, 549.8, 550.4], {}, "In every GP list their median altitude is 550 km."),
        ([549.8, 549.5, 548.7], {}, "Their median altitude fell from 550 to 549 km."),
        ([547, 467, 403], {}, "Their median altitude fell from 547 to 403 km."),
        (
            [340, 550, 403],
            {},
            "Their median altitude rose from 340 to 550 km and then fell to 403 km.",
        ),
    ],
)
def test_it_says_how_the_satellites_climbed_and_fell(
    heights_km: list[float], changes: dict[str, float], sentence: str
) -> None:
    found = known(altitudes=LISTS.assign(median_altitude_km=heights_km), climb=CLIMB | changes)
    assert plain(found.headline).endswith(sentence)
    assert "GP lists are up to 12 d apart" in plain(found.limits)


def test_losses_that_no_source_tells_are_unknown() -> None:
    unknown = dict.fromkeys(("launched", "never_catalogued", "decayed", "unlisted"))
    one = pd.DataFrame({name: [None] for name in NONE}).assign(catalogue_status="in orbit")
    found = known(fates=FATES | unknown | {"catalogued": 22, "in_orbit": 22}, satellites=one)
    assert "22 of its Starlink satellites are in orbit." in plain(found.headline)
    assert list(found.figures.values())[:3] == [None, 22, None]
    assert found.no_loss == article.UNKNOWN_LOSS
    assert article.UNKNOWN_LOSS in found.limits


def test_landings_that_are_not_recorded_are_a_limit() -> None:
    flown = pd.DataFrame([["B1", 1, "not recorded", "–", None]], columns=BOOSTERS.columns)
    spans = [
        ("2006-01-01", "2022-10-05T16:00:00Z"),
        ("2026-08-22T07:00:00Z", "2026-08-22T20:00:00Z"),
    ]
    for date, gap in {
        "2022-02-03": "all its boosters.",
        "2024-07-12": "which no source covers from 5 October 2022 to 22 August 2026.",
        "2026-11-28": "which no source covers after 22 August 2026.",
    }.items():
        found = known(boosters=flown, landings=spans, record=RECORD | {"date_utc": date})
        assert gap in plain(found.limits)
    assert "Landings are not recorded for all its boosters." in known(boosters=flown).limits


def test_a_loss_on_the_pad_is_no_flight(sampled: Settings) -> None:
    lost = "Amos-6 was lost on the pad on 1 September 2016, with its Falcon 9: a helium bottle"
    assert lost in plain(launch(sampled.database, "Amos-6").headline)


def test_its_numbers_are_those_of_the_views(sampled: Settings) -> None:
    found = launch(sampled.database, "2022-010")
    ((launched, in_orbit, lost, never),) = rows(
        sampled.database,
        """SELECT launched, in_orbit, decayed + coalesce(unlisted, 0), never_catalogued
           FROM v_fleet_by_launch
           WHERE launch_designator = '2022-010'""",
    )
    assert list(found.figures.values())[:3] == [launched, in_orbit, lost + never]
    assert launched == in_orbit + lost + never
    assert "decayed, no longer listed or never catalogued" in found.figures
    assert found.statuses["satellites"].sum() == len(found.satellites)
    assert len(found.lost) == lost
    assert found.remaining["in_orbit"].tolist() == [len(found.satellites), in_orbit, in_orbit]
    assert found.remaining["day"].iloc[-1] == "2026-08-22"
    assert found.payloads["mass_kg"].sum() == found.record["payload_mass_kg"]


def test_a_loss_between_two_lists_is_a_span_and_no_step() -> None:
    """One of two satellites was listed on 1 May 2025, and not on 8 June."""
    lost = pd.DataFrame(
        {
            "norad_cat_id": [1, 2],
            "object_name": ["STARLINK-1", None],
            "catalogue_status": ["in orbit", "unlisted"],
            "from_date": "2022-02-03",
            "known_by_date": "2022-02-03",
            "last_known_date": [None, "2025-05-01"],
            "until_date": [None, "2025-06-08"],
            "unsure_date": [0, 1],
        }
    )
    covered = [(f"{day}T00:00:00Z", f"{day}T05:00:00Z") for day in ("2025-05-01", "2025-06-08")]
    found = known(satellites=lost, covered=covered, known_until="2025-06-08T05:00:00Z")
    assert plain(found.lost["lost"].tolist()) == "between 1 May and 8 June 2025"
    counts = found.remaining.astype(object).fillna(0)
    assert list(counts.itertuples(index=False, name=None)) == [
        ("2022-02-03", 0),
        ("2025-05-01", 2),
        ("2025-05-02", 0),
        ("2025-06-08", 1),
    ]
    chart = article_charts.remaining(found.remaining, found.title).to_dict()
    assert "from 2 down to 1. Hatched: the number in orbit is not known" in chart["description"]


def test_the_newest_launch_is_that_with_the_latest_date(sampled: Settings) -> None:
    sql = "SELECT launch_designator FROM v_fleet_by_launch ORDER BY launch_date DESC LIMIT 1"
    assert find_launch(sampled.database) == value(sampled.database, sql)


def test_altitudes_are_those_of_the_gp_lists(three_days: Path) -> None:
    found = launch(three_days)
    assert found.title == "2026-001"
    assert len(found.altitudes) == 3
    assert "f its 15 known Starlink satellites" in plain(found.headline)
    chart = article_charts.climb(found.altitudes, found.title, found.no_climb)
    assert "in 3 GP lists" in chart.to_dict()["description"]


def test_several_launches_of_a_name_are_told_apart_by_designator(tmp_path: Path) -> None:
    database = tmp_path / "starlink.db"
    with writing(database) as connection:
        apply_views(connection)
        for number in (1, 2):
            connection.execute(
                """INSERT INTO launches (launch_id, source, name, date_utc, is_upcoming, rocket_id,
                       launchpad_id, launch_designator)
                   VALUES (?, 'a', 'Twin', '2024-01-01T00:00:00Z', 0, 'r', 'p', ?)""",
                (f"{number}", f"2024-00{number}"),
            )
    with pytest.raises(DataError, match=r"2 launches have the name 'twin'. Give a designator"):
        find_launch(database, "twin")


def test_without_launches_it_says_so(three_days: Path) -> None:
    assert known(title="").headline == [article.NO_LAUNCH]
    with pytest.raises(DataError, match=r"There is no launch 'Crew-5'; the nearest is 2026-"):
        find_launch(three_days, "Crew-5")


def test_the_classes_of_a_launch_are_the_counts_of_the_report(sampled: Settings) -> None:
    found = launch(sampled.database, "2020-001")
    classes = found.classes.set_index("class")["satellites"]
    expected = {name: f"{found.fates[name]:,}" for name in ("launched", "catalogued")}
    in_orbit = found.statuses.set_index("status")["satellites"].drop("decayed")
    assert in_orbit.index.tolist() == ["operational"]
    expected |= {"working": f"{in_orbit['operational']}", "lost": f"{found.fates['decayed']}"}
    assert classes.to_dict() == expected
    assert len(found.members) == found.fates["catalogued"]
    assert found.members["lost"].ne("–").sum() == len(found.lost)
    (lost,) = found.classes.loc[found.classes["class"] == "lost", "how_known"]
    decayed = f"{found.fates['decayed']} have decayed."
    assert lost == f"{decayed} How many are no longer listed is not known."


def test_what_no_source_tells_is_no_class_of_zero(sampled: Settings) -> None:
    newest = launch(sampled.database, "").classes.set_index("class")["satellites"]
    assert (newest["launched"], newest["lost"]) == ("–", "–")
    assert launch(sampled.database, "Crew-5").classes.empty
