"""The header: key figures, and badges for reasons to be careful."""

from datetime import timedelta

import pandas as pd
import pytest

from spacex.analysis.key_figures import key_figures
from spacex.dashboard.app.header import badges, header
from spacex.settings import Settings
from spacex.units import utc_instant, utc_text

NOW = utc_instant("2026-03-01T00:00:00Z")


def labels(*, age_days: float = 0, **run: object) -> list[str]:
    known = {"is_simulated": 0, "reject_count": 0, **run}
    now = NOW + timedelta(age_days)
    data = {
        "celestrak": NOW,
        "launchlibrary": NOW,
        "spacexdata": utc_instant("2022-10-05T16:00:00Z"),
    }
    rows = [(name, utc_text(end), utc_text(now)) for name, end in data.items()]
    sources = pd.DataFrame(rows, columns=["source", "data_utc", "checked_utc"])
    return [badge[2] for badge in badges(pd.Series(known), sources, "2026-02-01T00:00:00Z", now)]


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ([], labels()),
        ([], labels(age_days=6.9)),
        (["Stale: celestrak, 7 days old"], labels(age_days=7)),
        (["Stale: celestrak, 29 days old"], labels(age_days=29.9)),
        (
            ["Stale: celestrak, 30 days old", "Stale: launchlibrary, 30 days old"],
            labels(age_days=30),
        ),
        (["Simulated sample"], labels(is_simulated=1, age_days=40)),
        (["1 record rejected"], labels(reject_count=1)),
        (["1,200 records rejected"], labels(reject_count=1200)),
        (["Simulated sample"], labels(is_simulated=1, age_days=61.9)),
        (["Simulated sample", "Archive: ends February 2026"], labels(is_simulated=1, age_days=62)),
    ],
)
def test_each_reason_to_be_careful_has_a_badge(label: list[str], found: list[str]) -> None:
    assert found == label


def test_the_key_figures_are_those_of_the_database(sampled: Settings) -> None:
    shown = str(header(sampled.database))
    for figure in key_figures(sampled.database):
        assert all(repr(text) in shown for text in (figure.name, figure.value, figure.note))
    assert "Simulated sample" in shown
