"""How wrong predictions were, what their bands cover, and which changes of altitude are found."""

from collections import Counter
from collections.abc import Iterator
from math import lgamma, log

import numpy as np
import pandas as pd

from benchmarks.measurement import Measurement
from benchmarks.reentries import Forecasts, deviations, errors, held_out, quantile, share_below
from spacex.analysis.error_laws import GROUPS, error_table
from spacex.analysis.position_errors import SEED, coverage
from spacex.orbits.altitude_changes import floor
from spacex.orbits.coverage import TERMINAL_ELEVATION_DEG, in_sight
from spacex.orbits.place import Place
from spacex.sources.launch_facts import LAST_LAUNCH, gcat_launches
from spacex.units import EARTH_RADIUS_KM
from spacex.warehouse.launch_forecasts import YEAR, forecast, monthly
from tests.conftest import RECORDED
from tests.recorded_altitudes import find, recorded_altitudes, still
from tests.recorded_orbits import all_pairs, medians_km
from tests.recorded_reentries import recorded_sinkings

PUBLISHED_KM = {0.25: 1.0, 1.0: 3.5, 3.0: 12.0, 7.0: 40.0}
"""Age in days → about which median error is published."""
AGE_SPANS_DAYS = (0, 0.5, 1.5, 3.5, 7.2)


def measure() -> Iterator[Measurement]:
    """Measure the medians of the recorded pairs, and the coverage of the satellites held out."""
    for age, median in medians_km(RECORDED).items():
        about = f"about {PUBLISHED_KM[float(str(age))]:g}"
        yield Measurement(f"median error at {age} d", median, "km", about)
    pairs = all_pairs(RECORDED)
    covered = coverage(pairs[pairs["is_held_out"]], error_table().law)
    yield _share("all", covered)
    for span, some in covered.groupby(pd.cut(covered["age_days"], AGE_SPANS_DAYS)):
        yield _share(f"{span.left:g} to {span.right:g} d", some)  # type: ignore[attr-defined]
    for number, some in covered.groupby("group"):
        yield _share(GROUPS[int(str(number))].name, some)
    yield from _reentries(held_out(recorded_sinkings(RECORDED)))
    yield from _altitudes()
    yield from _launches()
    yield from _in_sight()


def _reentries(all_of_them: Forecasts) -> Iterator[Measurement]:
    """Measure forecasts of re-entries by laws that were fitted on other satellites."""
    for name, chosen in (
        ("all", np.ones(len(all_of_them.number), bool)),
        ("several days of elements", all_of_them.is_measured),
        ("one element set", ~all_of_them.is_measured),
    ):
        of = all_of_them.select(chosen)
        title = (
            f"re-entries, {name}: {len(of.number)} forecasts of {len(np.unique(of.number))} "
            f"satellites, of which {len(np.unique(of.number[of.has_ended]))} have re-entered"
        )
        error, naive = (100 * quantile(*errors(of, each), 0.5) for each in (of.expected, of.naive))
        yield Measurement(f"{title}; median error", error, "%", "below 18")
        yield Measurement(f"{title}; constant scale height", naive, "%", "published 23")
        covered = 100 * share_below(*deviations(of), of.spread)
        yield Measurement(f"{title}; 80 % interval", covered, "%", "75 to 85")
    known = all_of_them.select(all_of_them.is_known)
    middle = (known.earliest + known.latest) / 2
    title = f"re-entries, of {len(middle)} known to {len(np.unique(known.number))} satellites"
    for name, expected in (("median error", known.expected), ("naive", known.naive)):
        share = 100 * float(np.median(np.abs(expected / middle - 1)))
        yield Measurement(f"{title}; {name}", share, "%", "")


def _altitudes() -> Iterator[Measurement]:
    """Measure the changes found in the histories of still satellites that were held out."""
    false, years = 0, 0.0
    for period in ("April", "May"):
        of = still(recorded_altitudes(RECORDED, period), held_out=True)
        for name, rate in (("steps of 0.25 km", 0.0), ("descents of 1 km/d", 1.0)):
            found = find(of, lambda days, rate=rate: rate * days + 0.25 * (rate == 0))
            title = f"altitude, {period}: {found.found:,} of {found.put:,} {name} found"
            yield Measurement(title, 100 * found.found / found.put, "%", "95 or more")
        false, years = false + found.false, years + found.years
        yield Measurement(f"altitude, {period}: floor of steps", floor(of).step_km, "km", "0.25")
    title = f"altitude: {false} false changes in {years:.1f} satellite-years"
    yield Measurement(title, false / years, "a year", "below 1")


def _launches() -> Iterator[Measurement]:
    """Measure forecasts of launches from each month of 2014 to 2024, by the launches before it."""
    flown = [
        each["Launch_UTC"] or "" for each in gcat_launches() if (each["LaunchCode"] or "")[0] == "O"
    ]
    months = Counter(each[:7] for each in flown)
    counts = monthly([("2006-01-01", f"{LAST_LAUNCH:%Y-%m}-01")], months)
    first = list(counts.index).index("2014-01")
    found = [
        (forecast(counts[:made]), int(counts[made : made + YEAR].sum()))
        for made in range(first, len(counts) - YEAR + 1)
    ]
    hits = sum(each.low <= happened <= each.high for each, happened in found)
    period = f"{found[0][0].since} to {found[-1][0].since}"
    title = f"launches in 12 months, {len(found)} forecasts of {period}"
    yield Measurement(f"{title}; 80 % interval", 100 * hits / len(found), "%", "75 to 85")
    score = float(np.mean([each.log_probability(happened) for each, happened in found]))
    last = [
        happened * log(each.before) - each.before - lgamma(happened + 1) for each, happened in found
    ]
    yield Measurement(
        f"{title}; log score", score, "", f"above {np.mean(last):.2f}, of last year's rate"
    )


def _in_sight() -> Iterator[Measurement]:
    """Compare the satellites in sight of places with satellites drawn at random."""
    random, number, worst = np.random.default_rng(SEED), 1_000_000, 0.0
    for latitude in (0.0, 35.0, 53.0):
        u, longitude = random.uniform(0, 2 * np.pi, (2, number))
        y = np.arcsin(np.sin(np.radians(53.0)) * np.sin(u))
        across, up = np.cos(y), np.sin(y)
        unit = np.stack((across * np.cos(longitude), across * np.sin(longitude), up), axis=1)
        look = Place(latitude, 0.0).look((EARTH_RADIUS_KM + 550) * unit)
        share = (look.elevation_deg >= TERMINAL_ELEVATION_DEG).mean()
        found = in_sight(*(np.array([each]) for each in (latitude, 53.0, 550.0, 1.0)))[0]
        worst = max(worst, abs(found / share - 1))
    title = "satellites above 25° at 0, 35 and 53°, against 1,000,000 drawn at random"
    yield Measurement(title, 100 * worst, "% off at most", "below 2")


def _share(name: str, covered: pd.DataFrame) -> Measurement:
    satellites = covered["norad_cat_id"].nunique()
    title = f"80 % band, {name}: {len(covered):,} pairs of {satellites:,} satellites"
    return Measurement(title, 100 * covered["is_covered"].mean(), "%", "75 to 85")
