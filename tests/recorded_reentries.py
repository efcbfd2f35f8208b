"""Recorded element sets of satellites that sank, and what became of them.

The truth is the day of the re-entry in SATCAT, for the satellites in the recorded part of it,
which ends on 21 June 2025. Of the others it is the time between the last element set and the first
GP list without the satellite, if that came within LONGEST_GAP_DAYS. Those still in orbit are
censored.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.orbits.element_sets import ElementSets
from spacex.orbits.elements import Array
from spacex.orbits.reentry import WEATHER_DAYS, WINDOW_DAYS, Histories, Weather, histories
from spacex.orbits.status import RAISING_FOR_DAYS
from spacex.sources.launch_facts import starlink_launches
from spacex.sources.tle import tle_records
from tests.recorded_orbits import FIELDS

PERIOD = "2021-10-17 to 2026-05-30"
LONGEST_GAP_DAYS = 8
LEAST_REV_PER_DAY = 15.55
"""Mean motion at 400 km; satellites that were never lower are left out of the daily lists."""
_ARCHIVE_UTC = pd.Timestamp("2021-10-17T14:00:00")
_SATCAT_UTC = pd.Timestamp("2025-06-21")
_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Sinking:
    """Satellites that sank by one GP list.

    Attributes:
        of: their histories; n of them.
        weather: the space weather known then.
        earliest_days: from the epoch to the earliest end of each orbit; shape (n,).
        latest_days: to the latest one; infinite if it is not known to have ended; shape (n,).
    """

    of: Histories
    weather: Weather
    earliest_days: Array
    latest_days: Array

    def select(self, chosen: NDArray[np.bool_]) -> "Sinking":
        """Return some of the satellites."""
        of = Histories(**{name: value[chosen] for name, value in vars(self.of).items()})
        return Sinking(of, self.weather, self.earliest_days[chosen], self.latest_days[chosen])


def recorded_sinkings(recorded: Path) -> list[Sinking]:
    """Return the satellites of each recorded list that can be forecast, oldest list first."""
    lists = dict(_lists(recorded))
    sets = pd.concat([each.assign(list=at) for at, each in lists.items()], ignore_index=True)
    ends = _ends(sets, sorted(lists), _decays(recorded))
    found = []
    for at in sorted(lists):
        chosen = sets[(sets["list"] <= at) & sets["norad_cat_id"].isin(_old(lists[at], at))]
        recent = chosen[chosen["epoch_utc"] > at - 2 * WINDOW_DAYS * _DAY]
        of = histories(
            ElementSets.from_frame(recent.drop_duplicates(["norad_cat_id", "epoch_utc"]))
        )
        earliest, latest = (
            ((ends[side].loc[of.norad_cat_id].to_numpy() - of.epoch_utc) / _DAY).astype(float)
            for side in ("earliest", "latest")
        )
        weather = _weather(recorded, at)
        here = Sinking(of, weather, earliest, np.where(np.isnan(latest), np.inf, latest))
        found.append(here.select(of.can_be_forecast))
    return found


def _old(listed: pd.DataFrame, at: pd.Timestamp) -> "pd.Series[int]":
    """Return the satellites of a list that are no longer raised."""
    launched = {each.launch_designator: each.launch_date for each in starlink_launches()}
    launch = pd.to_datetime(listed["launch"].map(launched))
    return listed["norad_cat_id"][(at - launch) / _DAY > RAISING_FOR_DAYS]


def _ends(sets: pd.DataFrame, lists: list[pd.Timestamp], decay: "pd.Series[str]") -> pd.DataFrame:
    """Return the earliest and the latest end of each satellite's orbit, NaT if it has none."""
    of = sets.groupby("norad_cat_id")
    last = of["list"].max()
    following = {a: b for a, b in pairwise(lists) if b - a <= LONGEST_GAP_DAYS * _DAY}
    latest = last.map(following)
    epoch = of["epoch_utc"].max()
    known = pd.DataFrame({"earliest": epoch.where(latest.notna(), last), "latest": latest})
    day = pd.to_datetime(decay.reindex(known.index))
    in_satcat = known.index.isin(decay.index)
    known.loc[in_satcat, "earliest"] = day[in_satcat].fillna(_SATCAT_UTC)
    known.loc[in_satcat, "latest"] = day[in_satcat] + _DAY
    return known.astype("datetime64[us]")


def _decays(recorded: Path) -> "pd.Series[str]":
    """Return the day of the re-entry of each satellite in SATCAT, null if in orbit."""
    path = recorded / "satcat" / "starlink_2025-06-21_part.json.gz"
    rows = pd.DataFrame(json.loads(gzip.decompress(path.read_bytes())))
    return rows.astype({"NORAD_CAT_ID": int}).set_index("NORAD_CAT_ID")["DECAY"]


def _weather(recorded: Path, at: pd.Timestamp) -> Weather:
    """Return the means of the observed days before a list."""
    days = pd.read_csv(recorded / "spaceweather" / "SW-Last5Years.csv")
    observed = days[
        days["F10.7_DATA_TYPE"].isin(["OBS", "INT"]) & (days["DATE"] < f"{at:%Y-%m-%d}")
    ]
    last = observed.tail(WEATHER_DAYS)
    return Weather(float(last["F10.7_OBS"].mean()), float(last["AP_AVG"].mean()))


def _lists(recorded: Path) -> Iterator[tuple[pd.Timestamp, pd.DataFrame]]:
    """Yield the instant and the satellites in orbit of each recorded list."""
    archive = json.loads((recorded / "spacexdata" / "starlink.json").read_bytes())
    listed = [each["spaceTrack"] for each in archive if not each["spaceTrack"]["DECAYED"]]
    yield _ARCHIVE_UTC, _frame(listed)
    for path in sorted((recorded / "celestrak").glob("*.json.gz")):
        day = path.name.removesuffix(".json.gz")[-len("2026-01-01") :]
        yield pd.Timestamp(day), _frame(json.loads(gzip.decompress(path.read_bytes())))
    texts = {
        path.name.removeprefix("starlink_").removesuffix(".tle.gz"): gzip.decompress(
            path.read_bytes()
        ).decode()
        for path in sorted((recorded / "celestrak_tle").glob("*.tle.gz"))
    }
    low = {line[2:7] for text in texts.values() for line in text.splitlines() if _is_low(line)}
    for instant, text in texts.items():
        lines = text.splitlines()
        sets = [lines[at : at + 3] for at in range(0, len(lines), 3)]
        kept = "\n".join("\n".join(each) for each in sets if each[1][2:7] in low)
        found = [each for each in tle_records(kept, "recorded") if isinstance(each, dict)]
        yield pd.to_datetime(instant, format="%Y-%m-%d_%H-%M"), _frame(found)


def _is_low(line: str) -> bool:
    """Return whether a line is the second one of an element set below 400 km."""
    return line.startswith("2 ") and float(line[52:63]) > LEAST_REV_PER_DAY


def _frame(records: list[dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(records)
    frame = frame[frame["OBJECT_NAME"].str.startswith("STARLINK")]
    sets = frame[[*FIELDS]].rename(columns=FIELDS)
    epoch = pd.to_datetime(sets["epoch_utc"], format="ISO8601").astype("datetime64[us]")
    numbers = sets.drop(columns="epoch_utc").apply(pd.to_numeric)
    return numbers.assign(epoch_utc=epoch, launch=frame["OBJECT_ID"].str[:8])
