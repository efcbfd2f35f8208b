"""Fusion: what several sources tell of the same things, as one row of one source each.

One rule for all: a row comes from the source preferred for it, and what that source leaves empty
is filled by the other's. Which source that is, and how rows of two sources are known to be of the
same thing, is told in `places`, `launches` and `fleet`. A row that gives way is counted as
superseded in its source's account.
"""

from spacex.transform import TidyTable
from spacex.transform.merge.fleet_status import assess
from spacex.transform.merge.launches import merge_launches
from spacex.transform.merge.places import merge_places
from spacex.transform.merge.run_tables import Tables
from spacex.transform.merge.satellites import merge_satellites

__all__ = ["merge_sources"]


def merge_sources(tables: list[TidyTable]) -> list[TidyTable]:
    """The tables of a run with each thing in one row, whatever number of sources tells of it.

    Args:
        tables: one per table and source.

    Returns:
        The same tables with disjoint keys, parents before children; and `starlink_shells`.
    """
    run = Tables(tables)
    merge_places(run)
    merge_launches(run)
    merge_satellites(run)
    assess(run)
    return run.ordered()
