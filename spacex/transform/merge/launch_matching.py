"""Find the launches of a source among those already known.

In this order, launches match if

1. they have the same Launch Library ID;
2. they have the same designator;
3. they have the same name within two months: the same Starlink group, or the same mission;
4. they are from one site within 36 hours, with dates exact to the day. Of several, the nearest in
   time match, so that two launches on one day stay two. Launches that one source has not seen fly
   match within 12 hours only, because plans slip. If the site of one is unknown, they match within
   15 minutes, with a time of day. Launches of two Starlink groups never match;
5. one is a plan of an archive, which no longer follows it, and the other one has flown on the same
   rocket, and the parts of their names are the same, with a number: Galaxy 31 (23R) & 32 (17R) and
   Galaxy 31/32. It may have slipped by two years; within two months, a word and all numbers of the
   plan are enough.

A launch matches one other launch at most, and a name or designator that several have matches none.
"""

import re
from collections.abc import Callable

import pandas as pd

from spacex.sources import SOURCES

_WITH_A_TIME = {"hour", "minute", "second"}
_EXACT_TO_THE_DAY = {"day", *_WITH_A_TIME}
_SAME_NAME_WITHIN = pd.Timedelta(days=60)
_FLOWN_WITHIN, _PLANNED_WITHIN = pd.Timedelta(hours=36), pd.Timedelta(hours=12)
_AT_ONCE = pd.Timedelta(minutes=15)
_SLIPS_BY = pd.Timedelta(days=2 * 365)
_GROUP = re.compile(r"starlink\D{0,8}(\d+-\d+)", re.IGNORECASE)
_ADDED = re.compile(r"^.*\||\(.*?\)|\bdragon\b")
_NOT_IN_NAMES = re.compile(rf"{_ADDED.pattern}|[^a-z0-9]+")
"""What the sources add to the name of a mission: rocket, remarks, spaces and punctuation."""
_PART = re.compile(r"[a-z0-9]+")
_ARCHIVES = [name for name, source in SOURCES.items() if not source.is_live]


def match_launches(known: pd.DataFrame, new: pd.DataFrame) -> dict[str, str]:
    """Return the launch ID of a source → the known ID, for matching launches."""
    ids = _same(known, new, lambda launches: launches["launch_library_id"])
    ids |= _same(*_unmatched(known, new, ids), lambda launches: launches["launch_designator"])
    ids |= _same(*_unmatched(known, new, ids), _names, within=_SAME_NAME_WITHIN)
    ids |= _nearest(*_unmatched(known, new, ids))
    return ids | _flown_plans(*_unmatched(known, new, ids))


def mission(name: str) -> str:
    """Return what the names of a mission have in common over the sources.

    >>> mission("Falcon 9 Block 5 | Starlink Group 4-19"), mission("Starlink 4-19 (v1.5)")
    ('starlink 4-19', 'starlink 4-19')
    >>> mission("Dragon CRS-7"), mission("Falcon 9 v1.1 | CRS-7")
    ('crs7', 'crs7')
    """
    found = _GROUP.search(name)
    return f"starlink {found[1]}" if found else _NOT_IN_NAMES.sub("", name.lower())


def name_parts(name: str) -> frozenset[str]:
    """Return the words and numbers of a name.

    >>> sorted(name_parts("Galaxy 31 (23R) & 32 (17R)")), sorted(name_parts("Galaxy 31/32"))
    (['31', '32', 'galaxy'], ['31', '32', 'galaxy'])
    """
    return frozenset(_PART.findall(_ADDED.sub("", name.lower())))


def _names(launches: pd.DataFrame) -> "pd.Series[str]":
    return launches["name"].map(mission).replace("", None)


def _unmatched(
    known: pd.DataFrame, new: pd.DataFrame, ids: dict[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    return (
        known[~known["launch_id"].isin(list(ids.values()))],
        new[~new["launch_id"].isin(list(ids))],
    )


def _same(
    known: pd.DataFrame,
    new: pd.DataFrame,
    attribute: Callable[[pd.DataFrame], "pd.Series[str]"],
    within: pd.Timedelta = pd.Timedelta.max,
) -> dict[str, str]:
    """Match launches that alone share an attribute."""
    ours, theirs = (_with_key(launches, attribute) for launches in (known, new))
    pairs = theirs.merge(ours, on="key", suffixes=("", "_known"))
    pairs = pairs[(pairs["at"] - pairs["at_known"]).abs() <= within]
    return dict(zip(pairs["launch_id"], pairs["launch_id_known"], strict=True))


def _with_key(
    launches: pd.DataFrame, attribute: Callable[[pd.DataFrame], "pd.Series[str]"]
) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "launch_id": launches["launch_id"],
            "key": attribute(launches),
            "at": pd.to_datetime(launches["date_utc"], utc=True),
        }
    )
    return rows.dropna(subset="key").drop_duplicates("key", keep=False)


def _nearest(known: pd.DataFrame, new: pd.DataFrame) -> dict[str, str]:
    """Match the launches of one site that are nearest in time, closest pairs first."""
    pairs = _of_one_site(_dated(known), _dated(new))
    pairs["apart"] = (pairs["at"] - pairs["at_known"]).abs()
    are_flown = ~pairs["is_upcoming"] & ~pairs["is_upcoming_known"]
    limit = are_flown.map({True: _FLOWN_WITHIN, False: _PLANNED_WITHIN})
    limit = limit.mask(pairs["launchpad_id"].isna() | pairs["launchpad_id_known"].isna(), _AT_ONCE)
    are_groups = pairs["group"].notna() & pairs["group_known"].notna()
    are_other_groups = are_groups & (pairs["group"] != pairs["group_known"])
    pairs = pairs[(pairs["apart"] <= limit) & ~are_other_groups]
    nearest_first = pairs.sort_values("apart", kind="stable")
    ids: dict[str, str] = {}
    for one, other in nearest_first[["launch_id", "launch_id_known"]].to_numpy().tolist():
        if one not in ids and other not in ids.values():
            ids[one] = other
    return ids


def _of_one_site(known: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of launches of one site, or with a time of day and an unknown site."""
    names = ("", "_known")
    sited = known.dropna(subset="launchpad_id")
    sited = sited.assign(launchpad_id_known=sited["launchpad_id"])
    at_site = new.merge(sited, on="launchpad_id", suffixes=names)
    ours, theirs = known[known["has_time"]], new[new["has_time"]]
    lacks = theirs["launchpad_id"].isna()
    others = [
        theirs[lacks].merge(ours, how="cross", suffixes=names),
        theirs[~lacks].merge(ours[ours["launchpad_id"].isna()], how="cross", suffixes=names),
    ]
    return pd.concat([at_site, *(each for each in others if len(each))], ignore_index=True)


def _dated(launches: pd.DataFrame) -> pd.DataFrame:
    exact = launches[launches["date_precision"].isin(_EXACT_TO_THE_DAY)]
    return pd.DataFrame(
        {
            "launch_id": exact["launch_id"],
            "launchpad_id": exact["launchpad_id"],
            "has_time": exact["date_precision"].isin(_WITH_A_TIME),
            "is_upcoming": exact["is_upcoming"].astype(bool),
            "at": pd.to_datetime(exact["date_utc"], utc=True),
            "group": exact["name"].str.extract(_GROUP, expand=False),
        }
    )


def _flown_plans(known: pd.DataFrame, new: pd.DataFrame) -> dict[str, str]:
    """Match flown launches with the plans of an archive that alone have the parts of their name."""
    is_plan = known["source"].isin(_ARCHIVES) & known["is_upcoming"].astype(bool)
    if not is_plan.any():
        return {}
    plans, flown = _in_parts(known[is_plan]), _in_parts(new[~new["is_upcoming"].astype(bool)])
    pairs = flown.dropna(subset="rocket_id").merge(plans, on="rocket_id", suffixes=("", "_known"))
    late = pairs["at"] - pairs["at_known"]
    is_near = late.abs() <= _SAME_NAME_WITHIN
    pairs = pairs[is_near | late.between(pd.Timedelta(0), _SLIPS_BY)]
    columns = (pairs["parts"], pairs["parts_known"], is_near[pairs.index])
    pairs = pairs.loc[[_is_planned(*each) for each in zip(*columns, strict=True)], :]
    for name in ("launch_id", "launch_id_known"):
        pairs = pairs[~pairs[name].duplicated(keep=False)]
    return dict(zip(pairs["launch_id"], pairs["launch_id_known"], strict=True))


def _in_parts(launches: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "launch_id": launches["launch_id"],
            "rocket_id": launches["rocket_id"],
            "parts": launches["name"].map(name_parts),
            "at": pd.to_datetime(launches["date_utc"], utc=True),
        }
    )


def _is_planned(flown: frozenset[str], plan: frozenset[str], is_near: bool) -> bool:  # noqa: FBT001 - of a row
    """Return whether a launch is the one of a plan, by the parts of their names."""
    numbers = {part for part in plan if part.isdigit()}
    if not numbers or not numbers < plan:
        return False
    is_shared = numbers <= flown and not flown.isdisjoint(plan - numbers)
    return flown == plan or (is_near and is_shared)
