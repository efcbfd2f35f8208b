"""Launches of the recorded sources, alone and together, against the bundled facts.

The archive misses no launch until October 2022 and has the in-flight abort test, which is not in
GCAT's list. Launch Library has one flown launch, of 2026-08-22.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pandas as pd
import pytest

from spacex.analysis import cadence, source_comparison, source_coverage
from spacex.analysis.key_figures import key_figures
from spacex.warehouse.coverage import LAUNCHES
from tests import stages
from tests.clock import Clock
from tests.conftest import settings_in
from tests.replica import Replica
from tests.service_replicas import LaunchLibrary
from tests.stages import rows, value

ENDPOINTS = ["launches", "payloads", "cores", "rockets", "launchpads", "landpads"]
SOURCES = {
    "gcat": "gcat",
    "archive and Launch Library": "spacexdata,launchlibrary",
    "all": "spacexdata,launchlibrary,gcat",
}
COVERED = {
    "gcat": [("2006-01-01T00:00:00Z", "2025-11-28T18:43:00Z")],
    "archive and Launch Library": [
        ("2006-01-01T00:00:00Z", "2022-10-05T16:00:00Z"),
        ("2026-08-22T07:25:16Z", "2026-08-22T20:48:17Z"),
    ],
    "all": [
        ("2006-01-01T00:00:00Z", "2025-11-28T18:43:00Z"),
        ("2026-08-22T07:25:16Z", "2026-08-22T20:48:17Z"),
    ],
}
"""Sources → what they cover."""
RENAMED = {
    "Galaxy 31 (23R) & 32 (17R)": "Galaxy 31/32",
    "O3b mPower 3.4": "O3b mPOWER 3/4",
    "SES-18 & SES-19": "SES-18/19",
}
"""Plans of the archive that flew days or months later → their names in GCAT."""
SUPERSEDED = [
    "TTL-1",
    "Viasat-3 & Arcturus",
    "WorldView Legion 1 & 2",
    "ispace Mission 1 & Rashid",
]
"""Plans of the archive that no other source has under such a name."""
PLANS = [
    *("CRS-26", "Eutelsat 10B", "Galaxy 33 (15R) & 34 (12R)", "Hotbird 13F", "Hotbird 13G"),
    *("O3b mPower 1,2", "SWOT", "Starlink 4-36 (v1.5)", "Starlink 4-37 (v1.5)"),
    *("Transporter-6", "USSF-44", *RENAMED, *SUPERSEDED),
]
"""All plans of the archive."""


@pytest.fixture(scope="module")
def facts(recorded_dir: Path) -> pd.DataFrame:
    """The launches of GCAT with their class and outcome, by other rules than the project's."""
    path = recorded_dir.parent / "facts" / "gcat_launches.csv"
    if not path.exists():
        pytest.skip(f"the facts about launches are not at {path}")
    found = pd.read_csv(path)
    is_pad_loss = found["launch_code"] == "OE"
    is_starship = found["vehicle"].str.startswith("Starship")
    kinds = pd.Series("orbital", found.index).mask(is_pad_loss, "pad loss")
    return found.assign(
        launch_class=kinds.mask(is_starship, "suborbital"),
        outcome=found["launch_code"].str[1].map({"S": "success", "F": "failure", "E": "failure"}),
        year=found["launch_date"].str[:4].astype(int),
    )


@pytest.fixture(scope="module", params=SOURCES)
def database(
    request: pytest.FixtureRequest, recorded_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The name of the sources, and the database built from them."""
    with ExitStack() as stack:
        stack.enter_context(Clock("2026-08-22T20:48:17"))
        archive = stack.enter_context(Replica(recorded_dir / "spacexdata"))
        library = stack.enter_context(LaunchLibrary())
        gcat = stack.enter_context(Replica(recorded_dir / "none"))
        page = recorded_dir / "launchlibrary" / "launches_2026-08-22.json.gz"
        library.launches = json.loads(gzip.decompress(page.read_bytes()))["launches"]
        table = recorded_dir / "gcat" / "launch_spacex_form.tsv"
        gcat.serve("tsv/launch/launch.tsv", table.read_bytes())
        settings = stages.at(
            settings_in(tmp_path_factory.mktemp("launches")),
            base_url=archive.url,
            launchlibrary_url=library.url,
            gcat_url=gcat.url,
            sources=SOURCES[request.param],
        )
        only = ENDPOINTS if "spacexdata" in settings.sources else ["launches"]
        stages.publish(settings, "api", only=only)
        yield request.param, settings.database


def flown(database: Path) -> pd.DataFrame:
    sql = "SELECT year, launch_class, outcome, date_utc FROM v_launches WHERE is_flown"
    return pd.DataFrame(rows(database, sql), columns=["year", "class", "outcome", "date_utc"])


def test_launches_per_year_and_class_are_those_of_gcat(
    database: tuple[str, Path], facts: pd.DataFrame
) -> None:
    sources, path = database
    until = COVERED[sources][0][1]
    known = facts[facts["launch_jd"] <= pd.Timestamp(until).to_julian_date() + 0.01]  # as rounded
    found = flown(path)
    found = found[found["date_utc"] <= until]
    expected = Counter(zip(known["year"], known["launch_class"], known["outcome"], strict=True))
    if "gcat" not in SOURCES[sources]:
        expected[2022, "orbital", "unknown"] += 1  # Starlink 3-1, of unknown outcome in the archive
        expected[2022, "orbital", "success"] -= 1
    if "spacexdata" in SOURCES[sources]:
        expected[2020, "suborbital", "success"] += 1  # the in-flight abort test
    assert Counter(zip(found["year"], found["class"], found["outcome"], strict=True)) == expected


def test_whole_years_have_the_launches_of_gcat(
    database: tuple[str, Path], facts: pd.DataFrame
) -> None:
    sources, path = database
    years = cadence.by_year(path).set_index("year")
    whole = years[~years["is_partial"]]
    assert whole.index.min() == 2006
    for column, kind in (
        ("launches", "orbital"),
        ("pad_losses", "pad loss"),
        ("suborbital", "suborbital"),
    ):
        of_class = facts[facts["launch_class"] == kind]["year"].value_counts()
        expected = {year: int(of_class.get(year, 0)) for year in whole.index}
        if kind == "suborbital" and "spacexdata" in SOURCES[sources]:
            expected[2020] += 1
        assert whole[column].to_dict() == expected


def test_sources_cover_until_their_last_or_overdue_launch(database: tuple[str, Path]) -> None:
    sources, path = database
    assert source_coverage.covered(path, LAUNCHES) == COVERED[sources]


def test_each_booster_flight_is_counted_once(database: tuple[str, Path]) -> None:
    sources, path = database
    twice = rows(
        path,
        """SELECT serial, flight, count(*) FROM v_landings
           WHERE serial IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1""",
    )
    expected = [] if "gcat" in SOURCES[sources] else [("B1063", 2, 2)]  # Starlink-28 and DART
    assert twice == expected


def test_landings_are_unknown_where_only_gcat_has_the_launch(database: tuple[str, Path]) -> None:
    sources, path = database
    found = dict(rows(path, "SELECT landing, count(*) FROM v_landings GROUP BY 1"))
    figures = {each.name: str(each) for each in key_figures(path)}
    if "spacexdata" in SOURCES[sources]:
        last = sources != "gcat"  # Starlink Group 15-20
        assert (found["landed"], found["missed"]) == (149 + last, 13)
    if sources == "all":
        assert figures["Booster landings"] == (
            f"150 (of 163 attempts; not known of {found['unknown']} flights)"
        )
    if sources == "gcat":
        assert set(found) == {"lost", "unknown"}
        assert figures["Booster landings"] == "– (no source of landings is loaded)"


def test_key_figures_name_the_covered_years(database: tuple[str, Path]) -> None:
    sources, path = database
    launches = next(each for each in key_figures(path) if each.name == "Orbital launches")
    assert (
        str(launches)
        == {
            "gcat": (
                "584 (2006–2024, part of 2025, 5 failed; "
                "not counted: 11 suborbital, 1 lost on the pad)"
            ),
            "archive and Launch Library": (
                "186 (2006–2021, part of 2022, part of 2026, 4 failed; "
                "not counted: 1 suborbital, 1 lost on the pad)"
            ),
            "all": (
                "585 (2006–2024, part of 2025, part of 2026, 5 failed; "
                "not counted: 12 suborbital, 1 lost on the pad)"
            ),
        }[sources]
    )


def test_starlink_4_19_has_the_day_of_gcat(database: tuple[str, Path]) -> None:
    sources, path = database
    days = rows(
        path, "SELECT substr(date_utc, 1, 10), date_source FROM launches WHERE name LIKE '%4-19%'"
    )
    if "gcat" in SOURCES[sources]:
        assert days == [("2022-06-17", "gcat")]
    else:
        assert days == [("2022-06-01", "spacexdata")]


def test_razaksat_is_one_launch_and_its_contradiction_is_kept(database: tuple[str, Path]) -> None:
    sources, path = database
    found = rows(path, "SELECT date_utc FROM launches WHERE name LIKE 'RazakSat'")
    if sources != "all":
        assert len(found) == 1
        return
    assert found == [("2009-07-14T03:35:00Z",)]
    contradictions = source_comparison.contradictions(path)
    dates = contradictions[contradictions["attribute"] == "date"].set_index("name")
    row = dates.loc["RazakSat"]
    assert (row["source"], row["value"]) == ("gcat", "2009-07-14T03:35:00Z")
    assert (row["other_source"], row["other_value"]) == ("spacexdata", "2009-07-13T03:35:00Z")
    assert row["used"] == "2009-07-14T03:35:00Z"
    assert row["stands"] == "gcat"
    assert contradictions["rule"].notna().all()
    assert (contradictions["stands"] != "another source").all()
    assert len(dates) == 15
    others = contradictions[contradictions["attribute"] != "date"].set_index("name")
    assert others[["attribute", "value", "other_value", "used"]].fillna("").T.to_dict("list") == {
        "DART": ["boosters", "B1063.3", "B1063.2", "B1063.3"],
        "Starlink 4-23 (v1.5)": ["site", "CCSFS SLC 40", "KSC LC 39A", "CCSFS SLC 40"],
        "Starlink 4-25 (v1.5)": ["site", "KSC LC 39A", "CCSFS SLC 40", "KSC LC 39A"],
    }


def test_launches_that_match_are_one_row(database: tuple[str, Path]) -> None:
    sources, path = database
    designators = "SELECT count(*) - count(DISTINCT launch_designator) FROM launches"
    assert value(path, f"{designators} WHERE launch_designator IS NOT NULL") == 0
    plans = rows(
        path, "SELECT name, outcome FROM v_launches WHERE source = 'spacexdata' AND NOT is_flown"
    )
    assert (
        sorted(plans)
        == {
            "gcat": [],
            "archive and Launch Library": [(name, "overdue") for name in sorted(PLANS)],
            "all": [(name, "superseded") for name in sorted(SUPERSEDED)],
        }[sources]
    )


def test_plans_of_the_archive_are_the_launches_that_flew(database: tuple[str, Path]) -> None:
    """By the names of GCAT; whether the others flew under other names, no source says."""
    sources, path = database
    if sources != "all":
        return
    sql = """SELECT p.name, f.name FROM launch_sources p JOIN launch_sources f USING (launch_id)
             WHERE p.source = 'spacexdata' AND p.is_upcoming AND f.source = 'gcat'"""
    found = dict(rows(path, sql))
    assert found.keys() == set(PLANS) - set(SUPERSEDED)
    assert {name: flown for name, flown in found.items() if name in RENAMED} == RENAMED
