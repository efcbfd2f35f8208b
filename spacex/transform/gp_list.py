"""Summarize a GP list: its satellites, their epochs, and the fates of its records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from spacex.errors import DataError
from spacex.extract.manual_files import check_date, date_of, is_manual
from spacex.extract.run_folder import Manifest
from spacex.sources import CELESTRAK
from spacex.transform.rows import Reject
from spacex.transform.tables import TidyTable, tidy_tables
from spacex.units import utc_instant

ENDPOINT = CELESTRAK.endpoints["starlink"]


@dataclass(frozen=True)
class GpList:
    """A readable GP list.

    Attributes:
        rows_in: number of records.
        rows_loaded: number of element sets of Starlink satellites.
        rows_rejected: number of records that cannot be read.
        rows_out_of_scope: number of records of other objects.
        newest_epoch: the newest epoch.
        median_epoch: the median of the satellites' newest epochs.
        rejects: reasons for the rejected records.
    """

    rows_in: int
    rows_loaded: int
    rows_rejected: int
    rows_out_of_scope: int
    newest_epoch: datetime
    median_epoch: datetime
    rejects: list[Reject]


def read_gp_list(body: bytes, name: str) -> GpList:
    """Read a GP list.

    Args:
        body: its content.
        name: its name, for messages.

    Raises:
        ResponseError: it is not a GP list.
        DataError: it has no readable element set of a Starlink satellite.
    """
    tables = tidy_tables(ENDPOINT, CELESTRAK.name, ENDPOINT.records(body, name))
    return summary(next(t for t in tables if t.table.name == "starlink_elements"), name)


def summary(elements: TidyTable, name: str) -> GpList:
    """Summarize a GP list by its table of element sets.

    Args:
        elements: the table.
        name: name of the list, for messages.

    Raises:
        DataError: it has no readable element set of a Starlink satellite.
    """
    if elements.frame.empty:
        raise DataError(f"{name} contains {_nothing(elements)}.", remedy="Provide another list.")
    by_epoch = elements.frame.sort_values("epoch_utc")
    epochs = by_epoch.drop_duplicates("norad_cat_id", keep="last")["epoch_utc"]
    return GpList(
        rows_in=elements.rows_in,
        rows_loaded=len(elements.frame),
        rows_rejected=elements.rows_rejected,
        rows_out_of_scope=elements.rows_out_of_scope,
        newest_epoch=utc_instant(epochs.iloc[-1]),
        median_epoch=utc_instant(epochs.iloc[len(epochs) // 2]),
        rejects=elements.rejects,
    )


def check_manual_list(manifest: Manifest, tables: Sequence[TidyTable]) -> None:
    """Check that the date of a manual file agrees with its epochs; earlier releases did not.

    Args:
        manifest: the run.
        tables: its tables, before they are merged.

    Raises:
        DataError: the GP list of the run is a manual file of another date, or has no readable
            element set of a Starlink satellite.
    """
    for item in manifest.extracted:
        snapshot = item.snapshot
        if snapshot.source == CELESTRAK.name and is_manual(snapshot):
            for table in tables:
                if table.source == snapshot.source and table.table.name == "starlink_elements":
                    epoch = summary(table, snapshot.url).median_epoch
                    check_date(snapshot.url, date_of(snapshot.retrieved_utc), epoch)


def _nothing(elements: TidyTable) -> str:
    """Return what a list contains instead of readable element sets."""
    if not elements.rejects:
        return f"no Starlink satellite, but {elements.rows_out_of_scope:,} other objects"
    reasons = pd.Series([f"{each.column_name} {each.reason}".strip() for each in elements.rejects])
    return (
        f"no readable element set of a Starlink satellite; {elements.rows_rejected:,} are "
        f"rejected, most often for this reason: {reasons.mode().iloc[0]}"
    )
