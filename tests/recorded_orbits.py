"""The recorded element sets that predictions are measured on."""

import gzip
import re
from dataclasses import fields
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from spacex.analysis.position_errors import grouped, measure, successions
from spacex.orbits.element_sets import ElementSets
from spacex.sources.launch_facts import starlink_launches
from spacex.sources.omm import ELEMENT_COLUMNS
from spacex.sources.tle import tle_records
from spacex.warehouse.authorities import VERSIONS_BY_NUMBER

PAIRS = Path("elements_dense", "starlink_pairs_2026-04.parquet")
LISTS = Path("celestrak_tle")
SOURCE = (
    "12,368 pairs of element sets of 252 satellites from Space-Track, as published by the authors "
    "of paper-tle-divergence-atlas (MIT), and the GP lists of CelesTrak of 24 to 30 May 2026"
)
PERIOD = "2026-04-01 to 2026-05-30"
AGES_DAYS = (0.25, 1.0, 3.0, 7.0)
"""The pairs were chosen within two hours of these ages."""
_OF_2026 = "V2 mini optimized"
"""Every Starlink launch of 2026 carried them alone."""
_OURS = {each.name for each in fields(ElementSets)}
FIELDS = {field: column for column, field in ELEMENT_COLUMNS.items() if column in _OURS}
"""Field of a recorded element set → column."""


def recorded_pairs(recorded: Path) -> tuple[ElementSets, ElementSets, "pd.Series[str]"]:
    """Return the recorded pairs, and the versions of their satellites."""
    import duckdb  # noqa: PLC0415 - benchmarks leave pyarrow out

    lines = duckdb.read_parquet(str(recorded / PAIRS)).fetchnumpy()
    first, later = (
        _sets("\n".join(np.stack((lines[f"line1_{of}"], lines[f"line2_{of}"]), 1).ravel()))
        for of in "ij"
    )
    return ElementSets.from_frame(first), ElementSets.from_frame(later), first["version"]


def medians_km(recorded: Path) -> "pd.Series[float]":
    """Return the median errors of the recorded pairs by the age that they were chosen for, d."""
    earlier, later, _ = recorded_pairs(recorded)
    pairs = measure(earlier, later)
    ages = pd.Index(AGES_DAYS)
    chosen = ages[ages.get_indexer(pd.Index(pairs["age_days"]), method="nearest")]
    return pairs["error_km"].groupby(chosen).median()


def recorded_lists(recorded: Path) -> tuple[ElementSets, "pd.Series[str]"]:
    """Return the element sets of the daily GP lists, and the versions of their satellites."""
    parts = [_sets(gzip.decompress(each.read_bytes()).decode()) for each in _files(recorded)]
    sets = pd.concat(parts, ignore_index=True).drop_duplicates(["norad_cat_id", "epoch_utc"])
    return ElementSets.from_frame(sets), sets["version"].reset_index(drop=True)


def all_pairs(recorded: Path) -> pd.DataFrame:
    """Return the pairs of both recordings that laws are fitted on, or compared with."""
    earlier, later, version = recorded_pairs(recorded)
    sets, versions = recorded_lists(recorded)
    found = successions(sets)
    parts = [
        (earlier, later, version, np.zeros(len(earlier), bool)),
        (
            sets.select(found.earlier),
            sets.select(found.later),
            versions.iloc[found.earlier].reset_index(drop=True),
            found.is_disturbed,
        ),
    ]
    both = ElementSets.from_frame(pd.concat([_frame(each[0]) for each in parts]))
    return grouped(
        pd.concat([measure(a, b) for a, b, *_ in parts], ignore_index=True),
        both,
        pd.concat([part[2] for part in parts], ignore_index=True),
        np.concatenate([part[3] for part in parts]),
    )


def _frame(sets: ElementSets) -> pd.DataFrame:
    return pd.DataFrame({name: getattr(sets, name) for name in FIELDS.values()})


def _files(recorded: Path) -> list[Path]:
    return sorted((recorded / LISTS).glob("*.tle.gz"))


def _sets(text: str) -> pd.DataFrame:
    found = tle_records(text, "recorded")
    records = pd.DataFrame([each for each in found if isinstance(each, dict)])
    known = zip(records["OBJECT_NAME"], records["OBJECT_ID"], strict=True)
    sets = records[[*FIELDS]].rename(columns=FIELDS)
    return sets.assign(version=[_version(name, of) for name, of in known])


def _version(name: str, designator: str | None) -> str:
    number = re.match(r"STARLINK-(\d+)", name)
    for first, last, version in VERSIONS_BY_NUMBER:
        if number and first <= int(number[1]) <= last:
            return version
    return _versions().get((designator or "")[:8], _OF_2026) or "unknown"


@cache
def _versions() -> dict[str, str | None]:
    known = [each for each in starlink_launches() if each.launch_designator]
    return {str(each.launch_designator): each.version for each in known}
