"""What colours the satellites of the globe: their groups, with a colour and a count each.

The globe is dark in both schemes. The colours are those of charts on dark pages: each has a
contrast of at least 3:1 with the land by day.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spacex.dashboard.pages.fleet_model import UNKNOWN, Fleet
from spacex.dashboard.ui.globe_widget import HIDDEN, Group
from spacex.notebook import chart_style as style
from spacex.orbits.propagation import AGE_LIMIT_DAYS

LIGHT = "light"
FIELDS = {
    "status": "Status",
    "shell": "Shell",
    "version": "Version",
    "launch": "Newest launches",
    "age": "Years since launch",
    LIGHT: "Sunlight",
}
"""What the visitor can colour by."""

OTHERS = "others"
TOO_OLD = "elements too old"
LIT, DARK = "in sunlight", "in the shadow of the Earth"
AGES = ("under 1 year", "1 year", "2 years", "3 years", "4 years", "5 years and more")

PALETTE = tuple(
    style.ON_DARK[each]
    for each in (
        *(style.BLUE, style.ORANGE, style.GREEN, style.PINK),
        *(style.YELLOW, style.RED, style.SKY),
    )
)
OLD_GREY = "#95a1ad"
OTHER_GREY = "#a9b4c0"
AGE_COLOURS = ("#fff1a8", "#ffd166", "#ffad7a", "#f090b0", "#c7a0f0", "#9db4ff")
LIGHT_COLOURS = {LIT: "#ffe08a", DARK: "#7fa6d9"}

FEW_SIZE = 2.0
"""Size of the points of the newest launches, which are few among the others."""

_DAY = np.timedelta64(1, "D")
_COLUMNS = {"launch": "launch_label"}


@dataclass(frozen=True)
class Groups:
    """The groups of some satellites.

    Attributes:
        codes: the place of each satellite's group in the legend; HIDDEN for those not selected.
        legend: the groups.
        too_old: satellites selected whose elements are too far from the instant.
    """

    codes: NDArray[np.uint8]
    legend: list[Group]
    too_old: int


def find_groups(
    fleet: Fleet,
    rows: NDArray[np.intp],
    field: str,
    is_selected: NDArray[np.bool_],
    at: np.datetime64,
) -> Groups:
    """Return the groups of satellites by a field, with those of old elements in one of their own.

    Args:
        fleet: the fleet.
        rows: rows of the satellites in it.
        field: one of FIELDS.
        is_selected: whether each satellite of the fleet is selected; shape (n,). Those launched
            later than the instant are not shown.
        at: the instant shown, UTC.
    """
    satellites = fleet.catalogue.iloc[rows]
    is_shown = is_selected[rows] & ~(_launched(satellites) > pd.Timestamp(at)).to_numpy(bool)
    age = np.abs((at - fleet.elements.epoch_utc[rows]) / _DAY)
    names, colours = _named(satellites, field, at)
    names = names.mask(age > AGE_LIMIT_DAYS, TOO_OLD).reset_index(drop=True)
    counts = names[is_shown].value_counts()
    colours = {**colours, TOO_OLD: OLD_GREY}
    kept = [name for name in colours if name in counts.index or (field == LIGHT and name == DARK)]
    if field == LIGHT and LIT not in kept:
        kept.insert(0, LIT)  # the browser moves the points of the first group into the second
    codes = pd.Categorical(names.where(names.isin(kept)), categories=kept).codes
    legend = [
        Group(
            name=name,
            colour=colours[name],
            count=None if name in LIGHT_COLOURS else int(counts[name]),
            size=FEW_SIZE if field == "launch" and name not in (OTHERS, TOO_OLD) else 1.0,
        )
        for name in kept
    ]
    shown = np.where(is_shown & (codes >= 0), codes, HIDDEN).astype(np.uint8)
    return Groups(shown, legend, int(counts.get(TOO_OLD, 0)))


def group_names(fleet: Fleet, rows: NDArray[np.intp], field: str) -> frozenset[str]:
    """Return the names of all groups that satellites can be in.

    Args:
        fleet: the fleet.
        rows: rows of the satellites in it.
        field: one of FIELDS.
    """
    _, colours = _named(fleet.catalogue.iloc[rows], field, fleet.display_instant())
    return frozenset([*colours, TOO_OLD])


def _named(
    satellites: pd.DataFrame, field: str, at: np.datetime64
) -> tuple["pd.Series[str]", Mapping[str, str]]:
    """Return the group of each satellite, and the colours of the groups in their order."""
    if field == LIGHT:
        return pd.Series(LIT, satellites.index), LIGHT_COLOURS
    if field == "age":
        return _ages(satellites, at), {
            **dict(zip(AGES, AGE_COLOURS, strict=True)),
            UNKNOWN: OTHER_GREY,
        }
    values = satellites[_COLUMNS.get(field, field)].astype(str)
    if field == "status":
        return values, {name: style.ON_DARK[each] for name, each in style.STATUSES.items()}
    if field == "launch":
        dated = satellites.assign(label=values).sort_values("launched", ascending=False)
        largest = list(dated["label"].unique()[: len(PALETTE)])
    else:
        largest = sorted(values.value_counts().nlargest(len(PALETTE)).index)
    colours = {**dict(zip(largest, PALETTE, strict=False)), OTHERS: OTHER_GREY}
    return values.where(values.isin(largest), OTHERS), colours


def _launched(satellites: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    """Return the dates of launch; NaT where the day is unknown."""
    return pd.to_datetime(satellites["launched"].str[:10], errors="coerce", format="%Y-%m-%d")


def _ages(satellites: pd.DataFrame, at: np.datetime64) -> "pd.Series[str]":
    """Return the whole years since launch in words, to the precision of the date."""
    years = (pd.Timestamp(at) - _launched(satellites)).dt.days / 365.2425
    whole = years.clip(0, len(AGES) - 1)
    return whole.map(lambda each: UNKNOWN if pd.isna(each) else AGES[int(each)])
