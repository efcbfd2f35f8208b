"""Summarize a GP list: its satellites, their epochs, and the fates of its records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from math import isfinite

import pandas as pd

from spacex.errors import DataError
from spacex.extract.list_dates import check_date, date_of
from spacex.extract.run_folder import Manifest
from spacex.sources import CELESTRAK
from spacex.sources.omm import ELEMENT_COLUMNS
from spacex.sources.record import Record, Unreadable, fields
from spacex.transform.rows import FEW, Reject
from spacex.transform.tables import TidyTable, tidy_tables
from spacex.units import counted, utc_instant

ENDPOINT = CELESTRAK.endpoints["starlink"]
GP_LIST = (CELESTRAK.name, ENDPOINT.name)
"""The source and the endpoint of GP lists."""
_GLANCE = 300
"""Records of a GP list that are looked at first, to find whether many are rejected."""
_ELEMENTS = "starlink_elements"
_SOURCE_AND_TABLE = (CELESTRAK.name, _ELEMENTS)
_NUMBER = (int, float)
_NUMBERS = [name for name in ELEMENT_COLUMNS.values() if name != "EPOCH"]


@dataclass(frozen=True)
class GpList:
    """A readable GP list.

    Attributes:
        record_count: number of records.
        rejected: number of records that cannot be read.
        out_of_scope: number of records of other objects.
        newest_epoch: the newest epoch.
        median_epoch: the median of the satellites' newest epochs.
    """

    record_count: int
    rejected: int
    out_of_scope: int
    newest_epoch: datetime
    median_epoch: datetime


def read_gp_list(body: bytes, name: str, max_reject_pct: float = 100) -> GpList:
    """Read a GP list.

    Args:
        body: its content.
        name: its name, for messages.
        max_reject_pct: the largest share of rejected element sets, %.

    Raises:
        ResponseError: it is not a GP list.
        DataError: it has no readable element set of a Starlink satellite, or too many are rejected.
    """
    records = list(ENDPOINT.records(body, name))
    is_in_scope = ENDPOINT.in_scope or (lambda _: True)
    ours = [record for record in records if is_in_scope(fields(record))]
    epochs = _newest_epochs(ours)
    if not epochs:
        raise DataError(f"{name} contains {_nothing(ours, len(records))}.")
    step = max(1, len(ours) // _GLANCE)
    if _too_many(ours[::step], max_reject_pct) and (found := _too_many(ours, max_reject_pct)):
        raise DataError(
            f"{name}: {found}.",
            remedy="The file may be damaged or of another kind; SPACEX_MAX_REJECT_PCT sets the "
            "limit.",
        )
    return GpList(
        record_count=len(records),
        rejected=sum(isinstance(record, Unreadable) for record in ours),
        out_of_scope=len(records) - len(ours),
        newest_epoch=epochs[-1],
        median_epoch=epochs[len(epochs) // 2],
    )


def check_manual_list(manifest: Manifest, tables: Sequence[TidyTable]) -> None:
    """Check that the date of a manual file agrees with its epochs; earlier releases did not.

    Args:
        manifest: the run.
        tables: its tables, before they are merged.

    Raises:
        DataError: the GP list of the run is a manual file of another date.
    """
    snapshots = [item.snapshot for item in manifest.extracted]
    manual = [each for each in snapshots if each.source == CELESTRAK.name and each.manual_name]
    frames = [t.frame for t in tables if (t.source, t.table.name) == _SOURCE_AND_TABLE]
    for snapshot, frame in product(manual, frames):
        by_epoch = frame.sort_values("epoch_utc")
        epochs = by_epoch.drop_duplicates("norad_cat_id", keep="last")["epoch_utc"]
        if len(epochs):
            median = utc_instant(epochs.iloc[len(epochs) // 2])
            check_date(snapshot.manual_name, date_of(snapshot.retrieved_utc), median)


def _newest_epochs(records: Sequence[Record | Unreadable]) -> list[datetime]:
    """Return the newest epoch of each satellite with a complete element set, in order."""
    newest: dict[int, datetime] = {}
    for record in records:
        if not isinstance(record, Unreadable) and _is_complete(record):
            try:
                epoch = utc_instant(record["EPOCH"])
            except (KeyError, TypeError, ValueError):
                continue
            number = record["NORAD_CAT_ID"]
            newest[number] = max(epoch, newest.get(number, epoch))
    return sorted(newest.values())


def _is_complete(record: Mapping[str, object]) -> bool:
    values = [record.get(name) for name in _NUMBERS]
    return all(isinstance(value, _NUMBER) and isfinite(value) for value in values)


def _nothing(ours: Sequence[Record | Unreadable], record_count: int) -> str:
    """Return what a list contains instead of readable element sets."""
    if not ours:
        return f"no Starlink satellite, but {counted(record_count, 'other object')}"
    reason = _most_frequent(_elements(ours).rejects)
    found = "no readable element set of a Starlink satellite"
    return f"{found}; {len(ours):,} rejected, most often for: {reason}" if reason else found


def _too_many(records: Sequence[Record | Unreadable], max_reject_pct: float) -> str:
    """Return how many element sets are rejected if these are more than a run accepts, and why."""
    table = _elements(records)
    share_pct = 100 * table.rows_rejected / max(table.rows_in, 1)
    if share_pct <= max_reject_pct or table.rows_rejected <= (FEW if max_reject_pct else 0):
        return ""
    sets = counted(table.rows_in, "element set")
    return (
        f"{table.rows_rejected:,} of {sets} are rejected, over the limit of "
        f"{max_reject_pct:g} %, most often for: {_most_frequent(table.rejects)}"
    )


def _elements(records: Sequence[Record | Unreadable]) -> TidyTable:
    tables = tidy_tables(ENDPOINT, CELESTRAK.name, records)
    (elements,) = (each for each in tables if each.table.name == _ELEMENTS)
    return elements


def _most_frequent(rejects: Sequence[Reject]) -> str:
    """Return the most frequent reason, with its column; empty if there is none."""
    reasons = pd.Series([f"{each.column_name} {each.reason}".strip() for each in rejects])
    return "" if reasons.empty else str(reasons.mode().iloc[0])
