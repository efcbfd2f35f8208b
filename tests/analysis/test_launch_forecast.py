"""Forecasts of the launches in twelve months, against simulations and the true launches."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacex.analysis import launch_forecast as module
from spacex.analysis.launch_forecast import (
    Score,
    covered_months,
    launch_forecasts,
    outlook,
    score,
    stored_launch_forecasts,
    stored_record,
    track_record,
)
from spacex.settings import Settings
from spacex.warehouse.launch_forecasts import ASSUMED_SPREAD, SHARE, YEAR, forecast


def monthly(launches: list[int], first: str = "2010-01") -> "pd.Series[int]":
    return pd.Series(launches, pd.period_range(first, periods=len(launches), freq="M").astype(str))


@pytest.fixture(scope="module")
def known(sampled: Settings) -> pd.DataFrame:
    return launch_forecasts(sampled.database)


def test_eight_of_ten_intervals_have_what_happened(known):
    since_2014 = score(known[known["since"] >= "2014-01"])
    assert (since_2014.count, since_2014.covered) == (131, 107)
    assert 0.75 <= since_2014.covered / since_2014.count <= 0.85


def test_forecasts_score_better_than_the_rate_of_last_year(known):
    since_2014 = score(known[known["since"] >= "2014-01"])
    assert since_2014.log_score == pytest.approx(-3.80, abs=0.01)
    assert since_2014.log_score_of_last_year == pytest.approx(-6.29, abs=0.01)


def test_the_last_forecast_begins_after_the_last_covered_month(known):
    last = known.iloc[-1]
    assert (last["since"], last["until"], last["before"]) == ("2025-11", "2026-10", 168)
    assert (last["low"], last["high"]) == (156, 288)
    assert last[["happened", "is_covered", "log_score"]].isna().all()
    assert known["happened"].isna().sum() == YEAR


def test_the_outlook_has_the_interval_and_its_probability(known):
    assert outlook(known).replace("\xa0", " ") == (
        "From November 2025 to October 2026: 156 to 288 orbital launches, with a probability of "
        "80 %; 220 are expected. The twelve months before had 168."
    )


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            Score(1, 0, -3.0, -3.0),
            (
                "Of 1 earlier forecast, 0 (0 %) had what happened in their interval. What happened "
                "was 1.0 times as probable by the forecasts as by the rate of the twelve months "
                "before (geometric mean)."
            ),
        ),
        (
            Score(8, 7, -3.8, -6.3),
            (
                "Of 8 earlier forecasts, 7 (88 %) had what happened in their interval. What "
                "happened was 12.2 times as probable by the forecasts as by the rate of the twelve "
                "months before (geometric mean)."
            ),
        ),
    ],
)
def test_the_track_record_compares_with_the_rate_of_last_year(found, sentence):
    assert track_record(found).replace("\xa0", " ") == sentence


def test_a_forecast_knows_nothing_of_later_months(known, sampled, monkeypatch):
    counts = covered_months(sampled.database)
    shown = ["since", "until", "expected", "low", "high", "before"]
    for made in (30, 100, len(counts) - 1):
        monkeypatch.setattr(module, "covered_months", lambda _, made=made: counts[:made])
        then = launch_forecasts(sampled.database)
        pd.testing.assert_frame_equal(then[shown], known[shown].head(len(then)))
        assert then["since"].iloc[-1] == counts.index[made]


def test_intervals_are_those_of_rates_that_scatter():
    """The oracle draws rates from a gamma distribution, and launches from Poisson ones."""
    found = forecast(monthly([3, 5, 4] * 16))
    rng, variance = np.random.default_rng(1), np.expm1(found.spread**2)
    rates = rng.gamma(1 / variance, found.expected * variance, 400_000)
    drawn = rng.poisson(rates)
    assert drawn.mean() == pytest.approx(found.expected, rel=0.01)
    assert (drawn < found.low).mean() <= (1 - SHARE) / 2 <= (drawn <= found.low).mean() + 0.002
    assert (drawn > found.high).mean() <= (1 - SHARE) / 2 + 0.002
    at = int(found.expected)
    assert np.exp(found.log_probability(at)) == pytest.approx((drawn == at).mean(), rel=0.03)


def test_steady_launches_give_a_steady_forecast():
    found = forecast(monthly([4] * 60))
    assert found.before == 48
    assert found.expected == pytest.approx(48.5)
    assert found.learned_from == 36
    assert found.spread == pytest.approx(ASSUMED_SPREAD * (2 / 5) ** 0.5)


def test_growth_is_that_of_the_last_three_years_and_two_assumed_ones_without():
    """Launches double each year: three of five years of evidence say so."""
    found = forecast(monthly([2**year for year in range(9) for _ in range(YEAR)]))
    assert found.expected == pytest.approx(12.0 * 2**8 * 2 ** (3 / 5), rel=0.01)


@given(st.lists(st.integers(0, 40), min_size=24, max_size=90))
def test_any_history_gives_a_forecast(launches):
    found = forecast(monthly(launches))
    assert found.before == sum(launches[-YEAR:])
    assert 0 <= found.low <= found.high
    assert found.low - 1 <= found.expected <= found.high + 1
    assert found.log_probability(found.high) < 0


@pytest.mark.parametrize(("months", "forecasts"), [(23, 0), (24, 1), (36, 13)])
def test_a_forecast_needs_two_covered_years(monkeypatch, months, forecasts):
    monkeypatch.setattr(module, "covered_months", lambda _: monthly([1] * months))
    found = launch_forecasts("any.db")
    assert len(found) == forecasts
    assert found["happened"].notna().sum() == max(forecasts - YEAR, 0)
    assert score(found).count == max(forecasts - YEAR, 0)


@pytest.mark.parametrize(
    ("spans", "first", "last"),
    [
        ([("2011-01-01T00:00:00Z", "2012-03-31T23:00:00Z")], "2011-01", "2012-02"),
        ([("2011-01-02T00:00:00Z", "2012-04-01T00:00:00Z")], "2011-02", "2012-03"),
        (
            [
                ("2006-01-01T00:00:00Z", "2009-01-01T00:00:00Z"),
                ("2011-01-01T00:00:00Z", "2011-06-15T00:00:00Z"),
            ],
            "2011-01",
            "2011-05",
        ),
    ],
    ids=["part of the last month", "part of the first month", "a gap"],
)
def test_only_whole_months_of_the_newest_period_count(sampled, monkeypatch, spans, first, last):
    monkeypatch.setattr(module, "covered", lambda *_: spans)
    months = covered_months(sampled.database).index
    assert (months[0], months[-1]) == (first, last)


def test_without_coverage_there_is_no_forecast(sampled, monkeypatch):
    monkeypatch.setattr(module, "covered", lambda *_: [])
    assert launch_forecasts(sampled.database).empty


def test_the_sample_stores_no_forecast(sampled):
    found = stored_launch_forecasts(sampled.database)
    assert found.empty
    assert stored_record(found).startswith("No forecast of launches is stored yet")


@pytest.mark.parametrize(
    ("happened", "ends"),
    [
        ([pd.NA, pd.NA], "from January 2020 to January 2021: none is over yet."),
        (
            [26, pd.NA],
            (
                "1 over, and 100.0 % of these intervals (95 % interval 20.7 to 100.0 %) had what "
                "happened, where 80 % should."
            ),
        ),
    ],
)
def test_the_stored_record_counts_what_is_over(happened, ends):
    found = pd.DataFrame({"since": ["2020-01", "2021-01"], "happened": happened})
    found["is_covered"] = found["happened"].notna()
    sentence = stored_record(found).replace("\xa0", " ")
    assert sentence.startswith("2 forecasts of launches stored")
    assert sentence.endswith(ends)
