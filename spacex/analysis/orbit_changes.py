"""Changes of the altitude of a satellite, and the least one that its element sets would show.

`spacex.orbits.altitude_changes` has the rule. Element sets of one source are compared, those of the
newest one.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from spacex.analysis.history import elements
from spacex.orbits.altitude_changes import (
    AFTER,
    BEFORE,
    FOUND_SHARE,
    LONGEST_AFTER_DAYS,
    LONGEST_BEFORE_DAYS,
    MANOEUVRES,
    AltitudeChange,
    Altitudes,
    Change,
    Floor,
    altitude_changes,
    floor,
)
from spacex.units import EARTH_RADIUS_KM, counted, date_text

TOLD = 3
"""Newest changes that are told."""
MEASURED = (
    "Measured in April and May 2026 on satellites that the least step was not fitted on: of 2,880 "
    "steps of 0.25 km put into their histories, 97 % were found (95 %: 96 to 97 %), and where "
    "nothing was, 4 changes in 16.9 satellite-years (95 %: 0.06 to 0.61 a year), all smaller."
)

_NBSP = "\N{NO-BREAK SPACE}"
_OF_SETS = ("epoch_utc", "source", "observed_utc", "semi_major_axis_km")
_END = "9999"
_VERBS = {
    Change.RAISED: "was raised by",
    Change.LOWERED: "was lowered by",
    Change.CLIMBS: "began to climb",
    Change.SINKS: "began to sink",
    Change.HOLDS: "began to keep its altitude",
    Change.DRIFTS: "no longer kept its altitude",
}


def altitude_history(database: Path | str, norad_cat_id: int, as_of_utc: str = _END) -> Altitudes:
    """Return the altitudes of a satellite in the element sets known at an instant.

    Args:
        database: the database.
        norad_cat_id: the satellite.
        as_of_utc: the instant; by default now.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    sets = elements(database, satellites=[norad_cat_id], columns=_OF_SETS)
    sets = sets[sets["observed_utc"].fillna("") <= as_of_utc]
    sets = sets[sets["source"] == sets["source"].iloc[-1]] if len(sets) else sets
    epochs = pd.to_datetime(sets["epoch_utc"], utc=True, format="ISO8601").dt.tz_localize(None)
    altitude = sets["semi_major_axis_km"].to_numpy(float) - EARTH_RADIUS_KM
    number = np.full(len(sets), norad_cat_id, np.int64)
    return Altitudes.of(number, epochs.to_numpy("datetime64[us]"), altitude)


def changes_table(found: list[AltitudeChange]) -> pd.DataFrame:
    """Return changes as a table: the fields of `AltitudeChange`, and `is_certain`."""
    columns = [*AltitudeChange._fields, "is_certain"]
    rows = [(*each, each.is_certain) for each in found]
    return pd.DataFrame(rows, columns=columns).astype({"kind": "str", "is_certain": "bool"})


def altitude_sentences(of: Altitudes) -> list[str]:
    """Return the newest changes of a satellite's altitude in sentences, the newest first."""
    return [_sentence(each) for each in reversed(altitude_changes(of)[-TOLD:])]


def floor_sentence(of: Altitudes) -> str:
    """Return the least change that the element sets of a satellite show, in a sentence."""
    known = floor(of)
    if not known.tested:
        return _too_sparse(of)
    days = [str(np.datetime_as_string(each, "D")) for each in of.epoch_utc[[0, -1]]]
    sets = f"{counted(len(of.epoch_utc), 'element set')} from {' to '.join(map(date_text, days))}"
    return f"{_least(known)} Measured on {sets}."


def _least(known: Floor) -> str:
    if np.isnan(known.step_km):
        return (
            f"Its altitude varies too much for any single step to be found with a probability of "
            f"{100 * FOUND_SHARE:.0f}{_NBSP}%."
        )
    return (
        f"Single steps of its altitude are found from {known.step_km:g}{_NBSP}km on, with a "
        f"probability of {100 * FOUND_SHARE:.0f}{_NBSP}%; smaller ones may be missing "
        f"({counted(known.tested, 'element set')} could be tested)."
    )


def _too_sparse(of: Altitudes) -> str:
    apart = np.diff(of.days)
    days = f"are {np.median(apart):.0f}{_NBSP}days apart (median)" if len(apart) else "are too few"
    return (
        f"Its element sets {days}: changes of its altitude cannot be told. This needs {BEFORE} "
        f"sets within {LONGEST_BEFORE_DAYS:.0f} days, and {AFTER} in the "
        f"{LONGEST_AFTER_DAYS:.0f} days after them."
    )


def _sentence(change: AltitudeChange) -> str:
    days = dict.fromkeys(
        date_text(str(np.datetime_as_string(each, "D")))
        for each in (change.after_utc, change.until_utc)
    )
    when = f"on {next(iter(days))}" if len(days) == 1 else f"between {' and '.join(days)}"
    certainty = "" if change.is_certain else "probably "
    much = f" {abs(change.change_km):.2f}{_NBSP}km" if change.kind in MANOEUVRES else ""
    rate = f", by {abs(change.rate_km_per_day):.1f}{_NBSP}km a day"
    is_moving = change.kind in {Change.CLIMBS, Change.SINKS, Change.DRIFTS}
    return (
        f"It {certainty}{_VERBS[change.kind]}{much} {when}, at a mean altitude of "
        f"{change.altitude_km:,.1f}{_NBSP}km{rate if is_moving else ''}."
    )
