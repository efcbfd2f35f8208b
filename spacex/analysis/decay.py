"""Decay: how fast satellites sink, and from which launch years.

The altitude rate is da/dt = -(2/3)(a/n)(dn/dt), the derivative of Kepler's third law, with dn/dt
twice the published `mean_motion_dot` (`spacex.orbits.elements`). It is fitted over the days before
the epoch and includes thrust.

A satellite is being lowered by thrust if it sinks faster than drag can make it: the rate is at most
rho B sqrt(mu a), with the ballistic coefficient B of a satellite that turns its whole area to the
wind, and three times the mean density rho of Vallado's exponential model (Fundamentals of
Astrodynamics and Applications, 4th edition, table 8-4), for the solar maximum and storms. Shells
are lowered, and satellites retired, at 5 to 7 km per day from above 450 km, where drag takes away
less.

The same holds if at least three satellites of a launch sink equally fast, within a quarter,
although their altitudes differ by a scale height of the air, 61 km, over which drag changes by a
factor of 2.7. A single list does not distinguish weaker thrust from drag; such satellites count as
sinking.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.analysis.history import fleet_on
from spacex.analysis.intervals import percent, wilson_text
from spacex.analysis.queries import query, query_once
from spacex.extract.as_of import Date
from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array
from spacex.orbits.shells import STEADY_KM_PER_DAY, find_shells
from spacex.orbits.status import DECAYING_BELOW_KM, RAISING_FOR_DAYS, Status, find_status
from spacex.units import EARTH_MU_KM3_S2, EARTH_RADIUS_KM, SECONDS_PER_DAY, counted
from spacex.warehouse.authorities import UNLISTED_THAT_DECAYED
from spacex.warehouse.coverage import DECAYS, coverage_of

_DENSITY_KG_M3, _DENSITY_AT_KM, _SCALE_HEIGHT_KM = 3 * 1.585e-12, 450.0, 60.828
_ALIKE, _LEAST_ALIKE = 0.25, 3
_BALLISTIC_M2_PER_KG = 0.3
"""Drag coefficient 2.2 x area / mass of a V2 mini with its arrays across: 110 m², 800 kg."""


def by_launch_year(database: Path | str, date: Date) -> pd.DataFrame:
    """Return how many satellites listed on a date sink, and how fast, by launch year.

    `sinking_and_raising` gives the rules.

    Returns:
        `launch_year`, null if unknown; `decayed` and `unlisted` by the date; `satellites`, listed;
        and of these `raising`, `lowered` by thrust, `sinking`, `sinking_pct` of those not
        raising, and `median_rate_km_per_day` of the sinking.

    Raises:
        SettingsError, DataError, DatabaseError: as `spacex.analysis.history.fleet_on`.
    """
    fleet = fleet_on(database, date)
    known = query(
        database,
        """SELECT norad_cat_id, catalogue_status, from_date, until_date, CAST(
               substr(coalesce(launch_designator, launch_date), 1, 4) AS INTEGER) AS launch_year
           FROM v_starlink""",
    )
    listed = fleet.merge(known, how="left", on="norad_cat_id")
    elements = ElementSets.from_frame(listed)
    sinking, raising = sinking_and_raising(
        elements, listed["from_date"], listed["launch_designator"]
    )
    lowered = sinking & is_lowered(elements, listed["launch_designator"])
    sinking &= ~lowered
    rate = pd.Series(elements.altitude_rate_km_per_day)
    years = (
        listed.assign(raising=raising, lowered=lowered, sinking=sinking, rate=rate.where(sinking))
        .groupby("launch_year", dropna=False, as_index=False)
        .agg(
            satellites=("norad_cat_id", "size"),
            raising=("raising", "sum"),
            lowered=("lowered", "sum"),
            sinking=("sinking", "sum"),
            median_rate_km_per_day=("rate", "median"),
        )
    )
    raised = years["satellites"] - years["raising"]
    years.insert(5, "sinking_pct", 100 * years["sinking"] / raised.where(raised > 0))
    years.insert(1, "decayed", _lost(known, fleet, "decayed", years["launch_year"]))
    years.insert(2, "unlisted", _lost(known, fleet, "unlisted", years["launch_year"]))
    return years.astype({"launch_year": "Int64"})


def sinking_and_raising(
    elements: ElementSets, launch_date: "pd.Series[str]", launch: "pd.Series[str]"
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return whether each satellite sinks, by thrust or drag, and whether it is still being raised.

    A satellite sinks if it loses more altitude than shells do in a magnetic storm. It is raising if
    it was launched within RAISING_FOR_DAYS and is not in its shell. A satellite to which both apply
    is raising while most of its launch is not in a shell, and sinking after that.

    Args:
        elements: one element set per satellite; n of them.
        launch_date: launch dates in the same order, null if unknown; length n.
        launch: launch designators in the same order; length n.

    Returns:
        Two arrays of shape (n,).
    """
    is_new = _age_days(elements, launch_date) <= RAISING_FOR_DAYS
    in_shell = find_status(elements, find_shells(elements)) == Status.OPERATIONAL
    share_in_shell = pd.Series(in_shell, launch.index).groupby(launch).transform("mean")
    is_climbing_launch = is_new & ~share_in_shell.ge(0.5).to_numpy()
    sinks = (elements.altitude_rate_km_per_day < -STEADY_KM_PER_DAY) & ~is_climbing_launch
    return sinks, is_new & ~in_shell & ~sinks


def is_lowered(elements: ElementSets, launch: "pd.Series[str]") -> NDArray[np.bool_]:
    """Return whether each satellite is lowered by thrust; shape (n,).

    Below DECAYING_BELOW_KM, where drag is strong, none is known to be.

    Args:
        elements: one element set per satellite; n of them.
        launch: launch designators in the same order; length n.
    """
    rate, altitude = elements.altitude_rate_km_per_day, elements.altitude_km
    lowered = rate < -fastest_drag_km_per_day(altitude)
    sinking = pd.Series(np.flatnonzero(rate < -STEADY_KM_PER_DAY))
    for _, group in sinking.groupby(launch.to_numpy()[sinking]):
        rows = group.to_numpy()
        is_alike = np.abs(rate[rows] - rate[rows, None]) <= _ALIKE * np.abs(rate[rows, None])
        span = [np.ptp(altitude[rows[alike]]) for alike in is_alike]
        is_steady = (is_alike.sum(axis=1) >= _LEAST_ALIKE) & (np.array(span) >= _SCALE_HEIGHT_KM)
        lowered[rows] |= is_steady
    return np.asarray(lowered & (altitude >= DECAYING_BELOW_KM))


def fastest_drag_km_per_day(altitude_km: Array) -> Array:
    """Return how fast drag can lower a satellite at most, km/d, from 300 to 600 km."""
    density_kg_m3 = _DENSITY_KG_M3 * np.exp((_DENSITY_AT_KM - altitude_km) / _SCALE_HEIGHT_KM)
    per_km = 1000 * density_kg_m3 * _BALLISTIC_M2_PER_KG
    return np.asarray(
        per_km * np.sqrt(EARTH_MU_KM3_S2 * (EARTH_RADIUS_KM + altitude_km)) * SECONDS_PER_DAY
    )


def _age_days(elements: ElementSets, launch_date: "pd.Series[str]") -> NDArray[np.float64]:
    launched = pd.to_datetime(launch_date).to_numpy("datetime64[us]")
    return np.asarray((elements.epoch_utc - launched) / np.timedelta64(1, "D"), np.float64)


def _lost(
    known: pd.DataFrame, fleet: pd.DataFrame, status: str, years: "pd.Series[float]"
) -> "pd.Series[int]":
    """Count the satellites of each launch year that had a status by the date of the fleet."""
    date = fleet.attrs["observed_utc"][:10]
    is_gone = ~known["norad_cat_id"].isin(fleet["norad_cat_id"]) & (known["until_date"] <= date)
    is_lost = is_gone & (known["catalogue_status"] == status)
    return years.map(known["launch_year"][is_lost].value_counts()).fillna(0).astype(int)


HAS_LOSSES = f"""
    (SELECT count(DISTINCT observed_utc) FROM _observations) > 1
        OR EXISTS ({coverage_of(DECAYS)})
        OR EXISTS (SELECT 1 FROM catalogue_objects WHERE is_decayed NOT NULL)
        OR EXISTS (SELECT 1 FROM v_starlink WHERE catalogue_status <> 'in orbit')"""
"""SQL: whether anything loaded tells of lost satellites, which a single GP list does not."""


def has_losses(database: Path | str) -> bool:
    """Return whether anything loaded tells of lost satellites.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    return bool(query_once(database, f"SELECT {HAS_LOSSES} AS tells")["tells"].iloc[0])


def unlisted_text(database: Path | str) -> str:
    """Return a sentence with the share of unlisted satellites that proved to have decayed.

    It is empty if no catalogue is newer than the lists that lack them.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    unlisted, decayed = unlisted_that_decayed(database)
    if not unlisted:
        return ""
    return (
        f"Unlisted is not decayed: of {counted(unlisted, 'satellite')} no longer listed, and of "
        f"which a newer catalogue is loaded, {percent(decayed, unlisted)} had decayed by it "
        f"({wilson_text(decayed, unlisted)})."
    )


def unlisted_that_decayed(database: Path | str) -> tuple[int, int]:
    """Return how many satellites are no longer listed, and how many of these proved to be decayed.

    Count only satellites for which a catalogue newer than the first GP list without them is loaded.

    Raises:
        DatabaseError: the database is missing or unreadable.
    """
    unlisted, decayed = query_once(database, UNLISTED_THAT_DECAYED).iloc[0]
    return int(unlisted), int(decayed)
