"""The rows of the database that may not be passed on, and why."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Withheld:
    """Rows of a table that may not be passed on, by a condition, and why."""

    table: str
    condition: str
    reason: str


_OWN_ACCOUNT = (
    "from Space-Track, by a file of a person with an account: its user agreement forbids to pass "
    "them on without approval"
)
ELEMENT_SETS = Withheld(  # CelesTrak states no creation date
    "starlink_elements",
    "source = 'celestrak' AND creation_utc IS NOT NULL",
    f"element sets {_OWN_ACCOUNT}",
)
ENTRIES = Withheld(  # Space-Track's catalogue has no operational status, and CelesTrak's has
    "catalogue_objects",
    "source = 'satcat' AND NOT EXISTS (SELECT 1 FROM catalogue_objects "
    "WHERE source = 'satcat' AND operational_status IS NOT NULL)",
    f"entries of the catalogue {_OWN_ACCOUNT}",
)
WITHHELD = (ELEMENT_SETS, ENTRIES)
