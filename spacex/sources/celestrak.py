"""CelesTrak's general perturbations (GP) data of the Starlink group.

The GP list contains the catalogued objects in orbit, without launch dates or satellite generations.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from spacex.sources.mapping import Constant, TableMapping
from spacex.sources.omm import ELEMENT_COLUMNS, omm_records
from spacex.sources.request_rules import OncePerWindow
from spacex.sources.source import Endpoint, Source, endpoints

_NAMES = ("STARLINK", "TINTIN", "NORAD ")
"""Prefixes of Starlink names; the last one names element sets without a name."""


def is_starlink(record: Mapping[str, Any]) -> bool:
    """Return whether a record is of a Starlink satellite; the group contains rideshares too.

    A record without a readable name counts, so that validation rejects it.
    """
    name = record.get("OBJECT_NAME")
    return not isinstance(name, str) or name.upper().startswith(_NAMES)


STARLINK = Endpoint(
    "starlink",
    (
        TableMapping(
            table="starlink",
            columns={
                "norad_cat_id": "NORAD_CAT_ID",
                "object_name": "OBJECT_NAME",
                "object_id": "OBJECT_ID",
                "is_decayed": Constant(0),
                "epoch_utc": "EPOCH",
            },
        ),
        TableMapping(
            table="starlink_elements",
            columns=ELEMENT_COLUMNS,
            expect={"EPHEMERIS_TYPE": 0},
        ),
    ),
    records=omm_records,
    in_scope=is_starlink,
    key="NORAD_CAT_ID",
    version="EPOCH",
)

CELESTRAK = Source(
    name="celestrak",
    title="CelesTrak (orbits today)",
    licence="CelesTrak, free to use with credit; orbital data from Space-Track.org",
    endpoints=endpoints(STARLINK),
    rules=OncePerWindow(
        files={STARLINK.name: {"": "?GROUP=starlink&FORMAT=json"}},
        window=timedelta(hours=2),
        retry_after=timedelta(hours=2),
        unchanged_status=403,
    ),
    is_live=True,
)
