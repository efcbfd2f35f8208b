"""The fleet as orbit mean-elements messages (OMM), in the forms that CelesTrak gives them.

The keywords are those of the standard (CCSDS 502.0). Only satellites in orbit with a current
element set are in the files, each with its newest one.
"""

import csv
import io
import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from spacex.analysis.feeds.atom import plain
from spacex.analysis.withheld import ELEMENT_SETS
from spacex.sources import short_title
from spacex.sources.omm import ELEMENT_COLUMNS

_FIELDS = (
    *("OBJECT_NAME", "OBJECT_ID", "EPOCH", "MEAN_MOTION", "ECCENTRICITY", "INCLINATION"),
    *("RA_OF_ASC_NODE", "ARG_OF_PERICENTER", "MEAN_ANOMALY", "EPHEMERIS_TYPE"),
    *("CLASSIFICATION_TYPE", "NORAD_CAT_ID", "ELEMENT_SET_NO", "REV_AT_EPOCH", "BSTAR"),
    *("MEAN_MOTION_DOT", "MEAN_MOTION_DDOT", "ORIGINATOR"),
)
"""The fields in CelesTrak's order; its files lack the last one."""
_BETWEEN = b",\n"
_NO_NUMBERS = {"ELEMENT_SET_NO": 999, "REV_AT_EPOCH": 0}
"""What programs read where the number is not known."""
_CURRENT = """
    FROM starlink s JOIN starlink_elements e USING (norad_cat_id, epoch_utc, source)
    WHERE NOT s.is_decayed AND s.unlisted_since_utc IS NULL
          AND coalesce(s.orbit_status, '') NOT IN ('stale', 'decayed', 'unlisted')"""
_WITHHELD = f"""(norad_cat_id, epoch_utc, source) IN (
    SELECT norad_cat_id, epoch_utc, source FROM starlink_elements WHERE {ELEMENT_SETS.condition})"""
_ELEMENTS = f"""
    SELECT s.object_name AS OBJECT_NAME, coalesce(s.object_id, '') AS OBJECT_ID,
           {", ".join(f"e.{column} AS {field}" for column, field in ELEMENT_COLUMNS.items())},
           e.source AS ORIGINATOR
    {_CURRENT} AND NOT {_WITHHELD} ORDER BY norad_cat_id"""


LEFT_OUT = f"SELECT count(*) AS satellites {_CURRENT} AND {_WITHHELD}"
"""SQL: the satellites in orbit whose newest element set may not be passed on."""


def messages(connection: sqlite3.Connection, *, is_simulated: bool) -> Iterator[dict[str, Any]]:
    """Yield the message of each satellite, by its number.

    Args:
        connection: the database.
        is_simulated: whether it has the bundled sample. The names of its satellites begin with
            SIMULATED, because programs show little else of a message.
    """
    found = connection.execute(_ELEMENTS)
    names = [column for column, *_ in found.description]
    for values in found:
        row = dict(zip(names, values, strict=True))
        yield (
            dict.fromkeys(_FIELDS)
            | row
            | {
                "OBJECT_NAME": plain(row["OBJECT_NAME"]),
                "OBJECT_ID": plain(row["OBJECT_ID"]),
                "EPOCH": row["EPOCH"].removesuffix("Z"),
                "EPHEMERIS_TYPE": 0,
                "CLASSIFICATION_TYPE": "U",
                "ORIGINATOR": "simulated sample"
                if is_simulated
                else short_title(row["ORIGINATOR"]),
                **{field: each for field, each in _NO_NUMBERS.items() if row[field] is None},
            }
        )


def omm_json(connection: sqlite3.Connection, *, is_simulated: bool) -> bytes:
    """Return the messages as an array of JSON, each in a line.

    Args:
        connection: the database.
        is_simulated: see `messages`.
    """
    found = messages(connection, is_simulated=is_simulated)
    return b"[" + _BETWEEN.join(map(msgspec.json.encode, found)) + b"]\n"


def omm_csv(connection: sqlite3.Connection, *, is_simulated: bool) -> bytes:
    """Return the messages as CSV.

    Args:
        connection: the database.
        is_simulated: see `messages`.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(_FIELDS)
    writer.writerows(each.values() for each in messages(connection, is_simulated=is_simulated))
    return file.getvalue().encode()
