"""How wrong predictions were: the errors of SGP4, and what the bands of the laws cover."""

from collections.abc import Iterator

import pandas as pd

from benchmarks.measurement import Measurement
from spacex.analysis.error_laws import GROUPS, error_table
from spacex.analysis.position_errors import coverage
from tests.conftest import RECORDED
from tests.recorded_orbits import all_pairs, medians_km

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


def _share(name: str, covered: pd.DataFrame) -> Measurement:
    satellites = covered["norad_cat_id"].nunique()
    title = f"80 % band, {name}: {len(covered):,} pairs of {satellites:,} satellites"
    return Measurement(title, 100 * covered["is_covered"].mean(), "%", "75 to 85")
