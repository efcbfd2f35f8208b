"""The header: key figures, and badges for reasons to be careful."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from spacex.analysis.data_age import DataAge
from spacex.analysis.key_figures import key_figures
from spacex.dashboard.app.header import badges, header
from spacex.settings import Settings
from tests.dashboard.browser import changed

NOW = "2026-03-01T00:00:00Z"


ENDS = ["source", "subject", "newest_utc"]
LIVE = [
    ("gcat", "launches", "2025-11-28T18:43:00Z"),
    ("launchlibrary", "launches", "2026-08-22T07:25:16Z"),
]
ARCHIVE = [
    ("spacexdata", "launches", "2022-10-05T16:00:00Z"),
    ("spacexdata", "decays", "2022-12-03T00:00:00Z"),
]


def labels(age: DataAge | None = None, launches: object = (), **run: object) -> list[str]:
    known = {"is_simulated": 0, "reject_count": 0, **run}
    ages = [age] if age else []
    covered = pd.DataFrame(launches, columns=ENDS)
    return [badge[2] for badge in badges(pd.Series(known), ages, covered)]


OLD = DataAge("celestrak", NOW, 39.5, 38, NOW, 0, 38)
UNCHECKED = DataAge("gcat", NOW, 500, 756, NOW, 205, 204)
MISSING = DataAge("gcat", "", None, 756, "", None, 204)


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ([], labels()),
        ([], labels(replace(OLD, age_h=38))),
        (["Stale: CelesTrak, 39 hours old"], labels(OLD)),
        (["Stale: CelesTrak, 2 days old"], labels(replace(OLD, age_h=71.9))),
        (["Stale: GCAT by Jonathan McDowell, last checked 8 days ago"], labels(UNCHECKED)),
        (["No data: GCAT by Jonathan McDowell"], labels(MISSING)),
        (["Simulated sample"], labels(OLD, is_simulated=1)),
        ([], labels(launches=LIVE)),
        (["Archive: r/SpaceX API v4 ends October 2022"], labels(launches=[*LIVE, *ARCHIVE])),
        (["1 record rejected"], labels(reject_count=1)),
        (["1,200 records rejected"], labels(reject_count=1200)),
    ],
)
def test_each_reason_to_be_careful_has_a_badge(label: list[str], found: list[str]) -> None:
    assert found == label


def test_the_key_figures_are_those_of_the_database(sampled: Settings) -> None:
    shown = str(header(sampled.database).nodes(is_folded=True))
    for figure in key_figures(sampled.database):
        least, number = re.fullmatch("(at least )?(.+)", figure.value).groups("")
        texts = (figure.name, number, figure.note, *(["≥"] if least else []))
        assert all(repr(text) in shown for text in texts)
    assert "Simulated sample" in shown


def test_the_note_of_a_run_names_hosts_in_place_of_addresses(
    sampled: Settings, tmp_path: Path
) -> None:
    note = (
        "https://celestrak.org/NORAD/gp.php?GROUP=starlink&FORMAT=csv returned 404 «<p>Not here.». "
        "Stored snapshots are used instead. See https://example.org/a."
    )
    path = changed(sampled.database, tmp_path, ("UPDATE _runs SET note = ?", note))
    *_, caution = header(path).figures
    assert caution[2] == (
        "celestrak.org returned 404. Stored snapshots are used instead. See example.org."
    )
