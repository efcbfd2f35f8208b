"""Merge the tables of several sources into one row for each thing.

A row comes from the source that has precedence, and its gaps are filled from the other source.
`places`, `launches` and `satellites` define how rows are matched and which source has precedence.
The replaced row counts as superseded.
"""

from spacex.transform import TidyTable
from spacex.transform.merge.fleet_status import add_fleet_status
from spacex.transform.merge.launches import merge_launches
from spacex.transform.merge.places import merge_places
from spacex.transform.merge.run_tables import RunTables
from spacex.transform.merge.satellites import merge_satellites

__all__ = ["merge_sources"]


def merge_sources(tables: list[TidyTable]) -> list[TidyTable]:
    """Merge the tables of a run's sources, and derive the fleet's shells and statuses.

    Returns:
        The same tables with disjoint keys, and `launch_sources` and `starlink_shells`; parents
        before children.
    """
    run = RunTables(tables)
    merge_places(run)
    merge_launches(run)
    merge_satellites(run)
    add_fleet_status(run)
    return run.ordered()
