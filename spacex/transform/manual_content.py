"""The content of a manual file: its date, and the fates of its records."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from spacex.extract.file_name_dates import Dates
from spacex.extract.list_dates import list_dates
from spacex.transform.gp_list import read_gp_list


class Fates(NamedTuple):
    """The number of records of a file, and how many of them have each fate."""

    records: int
    loaded: int
    rejected: int
    duplicate: int
    out_of_scope: int


@dataclass(frozen=True)
class ManualContent:
    """The content of a manual file that can be used.

    Attributes:
        dates: its date.
        newest: its newest epoch, or the newest date of a catalogue.
        record_count: the number of its records.
        fates: the numbers of its records by fate, if it is loaded.
        median: its median epoch; None for a catalogue.
    """

    dates: Dates
    newest: datetime
    record_count: int
    fates: Fates
    median: datetime | None = None


def read_list(body: bytes, name: str, max_reject_pct: float = 100) -> ManualContent:
    """Read a GP list.

    Args:
        body: the content of the file.
        name: its name.
        max_reject_pct: the largest share of rejected element sets, %.

    Raises:
        ResponseError: it is not a GP list.
        DataError: it has no readable element set of a Starlink satellite, too many are rejected, or
            it has another date than its name.
        SettingsError: the date in its name is invalid.
    """
    found = read_gp_list(body, name, max_reject_pct)
    loaded = found.record_count - found.rejected - found.out_of_scope
    return ManualContent(
        dates=list_dates(name, found.newest_epoch, found.median_epoch),
        newest=found.newest_epoch,
        record_count=found.record_count,
        fates=Fates(found.record_count, loaded, found.rejected, 0, found.out_of_scope),
        median=found.median_epoch,
    )
