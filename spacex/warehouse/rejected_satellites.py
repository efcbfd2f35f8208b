"""The satellites of rejected records: a satellite whose record cannot be read is not absent.

Functions take the connection to the database being loaded, with the run's staging database.
"""

import json
import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from spacex.schema.starlink import STARLINK
from spacex.transform.repeated_rows import CONTRADICTING, EXISTENCE

_IS_CONTRADICTION = f"reason LIKE '{CONTRADICTING}%'"


class RejectedSatellites(NamedTuple):
    """The satellites of the rejected records of a GP list.

    Attributes:
        numbers: catalogue numbers of those that are known.
        unknown: number of records of other satellites.
        disputed: catalogue numbers of those that one record has in orbit, and another does not.
    """

    numbers: frozenset[int]
    unknown: int
    disputed: frozenset[int] = frozenset()


def rejected_satellites(connection: sqlite3.Connection, source: str) -> RejectedSatellites:
    """Return the satellites in orbit that the staged rejects of a GP list are of.

    A reject is of the known satellite with its catalogue number, or else of the only one with its
    name. Contradicting records are of the satellite with their number and of no other one.
    """
    rejects = connection.execute(
        f"""SELECT row_key, min(upper(trim(record_name))), min({_IS_CONTRADICTION}),
                   min({_IS_CONTRADICTION} AND column_name = '{EXISTENCE}')
            FROM staging._rejects
            WHERE source = ? AND table_name = '{STARLINK.name}' AND lost = 'row'
            GROUP BY iif(row_key LIKE '?%', reject_number, row_key)""",
        (source,),
    ).fetchall()
    known = connection.execute(
        "SELECT norad_cat_id, upper(trim(object_name)) FROM main.starlink WHERE NOT is_decayed"
    ).fetchall()
    numbers = {str(number): number for number, _ in known}
    named: dict[str, set[int]] = {}
    for number, name in known:
        named.setdefault(name, set()).add(number)
    disputed = frozenset(int(key) for key, _, _, is_disputed in rejects if is_disputed)
    found = [
        {numbers[key]} if key in numbers else named.get(name, set())
        for key, name, is_contradiction, _ in rejects
        if key in numbers or not is_contradiction
    ]
    certain = [min(each) for each in found if len(each) == 1]
    return RejectedSatellites(frozenset(certain) - disputed, len(found) - len(certain), disputed)


def highest(
    connection: sqlite3.Connection, numbers: Collection[int], count: int
) -> tuple[int, ...]:
    """Return those satellites that were highest when last known, which are least likely decayed.

    Args:
        connection: the database being loaded.
        numbers: catalogue numbers of satellites.
        count: how many to return.
    """
    if not count:
        return ()
    rows = connection.execute(
        """SELECT norad_cat_id FROM main.starlink s
                  LEFT JOIN main.starlink_elements e USING (norad_cat_id, epoch_utc, source)
           WHERE norad_cat_id IN (SELECT value FROM json_each(?)) AND NOT is_decayed
           ORDER BY semi_major_axis_km DESC, norad_cat_id LIMIT ?""",
        (json.dumps(sorted(numbers)), count),
    )
    return tuple(number for (number,) in rows)
