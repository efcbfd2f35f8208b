"""Search satellites, launches, boosters and places at once."""

from typing import NamedTuple
from urllib.parse import urlencode

from spacex.dashboard.ui.database import Database
from spacex.dashboard.ui.formatting import shorten
from spacex.orbits.cities import cities_like

MATCHES = 6
"""Largest number of matches of one kind."""

_CONTAINS = "LIKE '%' || ?2 || '%' ESCAPE '\\'"
_SATELLITES = f"""
    SELECT object_name || ' (' || norad_cat_id || ')' AS label, norad_cat_id AS value,
           object_name AS name FROM starlink
    WHERE object_name {_CONTAINS} OR object_id {_CONTAINS} OR norad_cat_id = ?1
          OR ?1 NOT GLOB '*[^0-9]*' AND norad_cat_id IN (
              SELECT norad_cat_id FROM v_other_numbers
              WHERE other_norad_cat_id = CAST(?1 AS INTEGER))"""  # noqa: S608 - no value comes from outside
_LAUNCHES = f"""
    SELECT name || ', ' || date_text AS label, name AS value, name FROM v_launches
    WHERE name {_CONTAINS} OR launch_designator = ?1"""  # noqa: S608 - as above
_BOOSTERS = f"""
    SELECT serial || ', flights: ' || flights AS label, serial AS value, serial AS name
    FROM v_boosters WHERE flights AND serial {_CONTAINS}"""  # noqa: S608 - as above
_BEST = """
    ORDER BY name <> ?1 COLLATE NOCASE, instr(lower(name), lower(?1)), length(name), name
    LIMIT ?3"""

_TABLES = (
    ("Satellites", _SATELLITES, "satellite", "satellite"),
    ("Launches", _LAUNCHES, "launches", "launches_search"),
    ("Boosters", _BOOSTERS, "boosters", "booster"),
)
"""A kind, its matches as SQL, its page, and the name of the choice in the page's URL query."""


class Match(NamedTuple):
    """Something that was found.

    Attributes:
        kind: Satellites, Launches, Boosters or Places.
        label: its name.
        query: the URL query of the page that shows it.
    """

    kind: str
    label: str
    query: str


def find(database: Database, text: str) -> list[Match]:
    """Return what contains a text in its name, or has it as its number.

    Args:
        database: the database.
        text: the text, in upper or lower case; nothing matches a blank one.

    Returns:
        At most MATCHES of each kind, the best ones first.

    Raises:
        DatabaseError: the database does not exist or cannot be read.
    """
    wanted = text.strip()
    if not wanted:
        return []
    found = []
    for kind, sql, page, choice in _TABLES:
        rows = database.query(sql + _BEST, (wanted, _escaped(wanted), MATCHES))
        found += [
            Match(kind, shorten(label), urlencode({"page": page, choice: value}))
            for label, value, _ in rows.itertuples(index=False, name=None)
        ]
    for city in cities_like(wanted)[:MATCHES]:
        query = urlencode({"page": "sky", "place": city.unique_name})
        found.append(Match("Places", city.label, query))
    return found


def _escaped(text: str) -> str:
    """Return a text in which the wildcards of LIKE stand for themselves."""
    for special in ("\\", "%", "_"):
        text = text.replace(special, f"\\{special}")
    return text
