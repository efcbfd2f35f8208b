"""To which precision a launch was dated, when its date was another one."""

import json
import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable

from spacex.warehouse.launch_dates import DATE_TEXT

DAY_OR_BETTER = ("day", "hour", "minute", "second")
_CHANGES = """SELECT source, row_key, observed_utc, old_value, new_value FROM _changes
              WHERE table_name = 'launches' AND column_name = 'date_precision'
              ORDER BY observed_utc"""
_PRESENT = "SELECT source, launch_id, date_precision FROM launch_sources"

Dated = tuple[str, str]
"""A date, and its precision; empty if it is not known."""


class Precisions:
    """The precisions of the dates that the sources gave.

    Args:
        connection: the database.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._changes: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
        for source, launch, *change in connection.execute(_CHANGES):
            instant, old, new = (each or "" for each in change)
            self._changes[source, launch].append((instant, old, new))
        rows = connection.execute(_PRESENT)
        self._present = {(source, launch): precision or "" for source, launch, precision in rows}

    def around(self, source: str, launch: str, instant: str) -> tuple[str, str]:
        """Return the precision before a response, and that in it; empty where it is not known.

        Args:
            source: the source.
            launch: the ID of the launch.
            instant: that of the response.
        """
        changes = self._changes.get((source, launch), [])
        at = bisect_right(changes, instant, key=lambda change: change[0])
        if at and changes[at - 1][0] == instant:
            return changes[at - 1][1], changes[at - 1][2]
        if at:
            same = changes[at - 1][2]
        else:
            same = changes[0][1] if changes else self._present.get((source, launch), "")
        return same, same


def date_texts(connection: sqlite3.Connection, dates: Iterable[Dated]) -> dict[Dated, str]:
    """Return dates as the dashboard writes them, to their precision; to the day if it is unknown.

    Args:
        connection: the database.
        dates: the dates.
    """
    listed = [*dict.fromkeys(dates)]
    sql = f"""SELECT {DATE_TEXT} FROM (
                  SELECT key, json_extract(value, '$[0]') AS date_utc,
                         coalesce(nullif(json_extract(value, '$[1]'), ''), 'day') AS date_precision
                  FROM json_each(?)) l ORDER BY key"""
    texts = connection.execute(sql, (json.dumps(listed),))
    return {dated: text for dated, (text,) in zip(listed, texts, strict=True)}
