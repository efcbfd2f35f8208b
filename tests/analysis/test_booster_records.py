"""Landings in a row and the survival of boosters: textbook values, made flights, the true ones."""

import numpy as np
import pandas as pd
import pytest

from spacex.analysis.booster_records import (
    NO_LANDING,
    booster_survival,
    coverage_end,
    falcon_flights,
    kaplan_meier,
    landing_streaks,
    streak_text,
    survival_text,
)
from spacex.settings import Settings

FREIREICH = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


@pytest.fixture(scope="module")
def flown(sampled: Settings) -> pd.DataFrame:
    return falcon_flights(sampled.database)


def flights(*outcomes: str, booster: str = "B1046") -> pd.DataFrame:
    """Return flights with these landings, one each day."""
    dates = pd.date_range("2021-01-01", periods=len(outcomes)).strftime("%Y-%m-%dT00:00:00Z")
    names = [f"L{n}" for n in range(len(outcomes))]
    of = {"date_utc": dates, "launch": names, "booster": booster, "landing": outcomes}
    return pd.DataFrame(of | {"outcome": outcomes})


def test_the_estimate_of_a_textbook():
    """Remission under 6-mercaptopurine (Freireich 1963), with Greenwood's errors."""
    found = kaplan_meier(np.array(FREIREICH), np.array(RELAPSED, bool)).set_index("flights")
    shares = found.loc[[6, 7, 10, 13, 16, 22, 23], "share"]
    assert shares.tolist() == pytest.approx(
        [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4
    )
    assert found.loc[10, ["low", "high"]].tolist() == pytest.approx([0.503, 0.889], abs=1e-3)
    assert found.loc[1, ["share", "low"]].isna().tolist() == [False, True]


def test_a_streak_ends_with_a_miss():
    found = landing_streaks(
        flights("landed", "landed", "missed", *["landed"] * 3, "not tried", "landed")
    )
    assert [(each.landings, each.ended_by, each.unknown) for each in found] == [
        (4, "", 0),
        (2, "L2", 0),
    ]
    assert streak_text(found) == (
        "4 landings in a row, from 4 January 2021 to 8 January 2021, and no miss is known since."
    )
    assert streak_text(found[1:]) == (
        "2 landings in a row, from 1 January 2021 to 2 January 2021, until the miss of L2 on "
        "3 January 2021."
    )
    assert streak_text([]) == NO_LANDING


def test_an_unknown_landing_neither_continues_nor_ends_a_streak():
    (found,) = landing_streaks(flights("landed", "unknown", "landed", "landed"))
    assert (found.landings, found.certain, found.unknown) == (3, 2, 1)
    assert "At least 3 landings" in streak_text([found])


def test_the_267_landings_in_a_row(flown):
    """Published: 267 landings from February 2021 to the miss of B1062 on 28 August 2024.

    The sources tell 70 of them, and later flights 195. The miss is not in them: it is put in.
    """
    missed = flown["booster"].eq("B1062") & flown["date_utc"].str.startswith("2024-08-28")
    assert missed.sum() == 1
    found = landing_streaks(flown.assign(landing=flown["landing"].mask(missed, "missed")))[0]
    assert (found.ended_by, found.ended_on) == ("Starlink Group 8-6", "2024-08-28")
    assert found.since == "2021-03-04"
    assert found.landings == 265
    assert found.landings <= 267 <= found.landings + found.unknown
    assert found.unknown == 14


def test_without_the_miss_nothing_is_claimed_to_be_in_a_row(flown, sampled):
    end = coverage_end(sampled.database)
    longest = landing_streaks(flown, end)[0]
    assert longest.ended_by == ""
    assert longest.certain < 150 < longest.landings
    assert "in a row unless one of" in streak_text([longest])


def test_boosters_stay_in_service(flown, sampled):
    found = booster_survival(flown, coverage_end(sampled.database))
    assert (found["share_low"] <= found["share_high"]).all()
    assert found["at_risk"].iloc[0] >= 40
    inside = found.dropna()
    assert (inside["low"] <= inside["share_low"]).all()
    assert (inside["high"] >= inside["share_high"]).all()
    text = survival_text(found)
    assert text.startswith(f"Of {found['at_risk'].iloc[0]} boosters from B1046 on,")
    assert survival_text(found[:5]) == ""


def test_an_idle_booster_of_unknown_landing_counts_both_ways():
    known = pd.concat(
        [
            flights("landed", "landed", "unknown", booster="B1046"),
            flights("landed", "landed", "landed", booster="B1047"),
        ]
    ).sort_values("date_utc")
    found = booster_survival(known, "2023-01-01")
    assert found["share_low"].tolist() == [1, 1, 0.5]
    assert found["share_high"].tolist() == [1, 1, 1]
    recent = booster_survival(known, "2021-02-01")
    assert recent["at_risk"].tolist() == [2, 2, 1]
    assert recent["share_low"].tolist() == [1, 1, 1]
