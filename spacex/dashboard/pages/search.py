"""Search satellites, launches, boosters and places by a part of their names."""

from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from spacex.analysis.queries import query
from spacex.dashboard.ui.controls import Option
from spacex.dashboard.ui.database import Database
from spacex.dashboard.ui.formatting import shorten
from spacex.files import Fingerprint, fingerprint
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
    SELECT name || ', ' || date_text AS label, coalesce(launch_designator, name) AS value, name
    FROM v_launches WHERE name {_CONTAINS} OR launch_designator {_CONTAINS}"""  # noqa: S608 - as above
_BOOSTERS = f"""
    SELECT serial || ', flights: ' || flights AS label, serial AS value, serial AS name
    FROM v_boosters WHERE flights AND serial {_CONTAINS}"""  # noqa: S608 - as above
_BEST = """
    ORDER BY name <> ?1 COLLATE NOCASE, instr(lower(name), lower(?1)), length(name), name
    LIMIT ?3"""

SATELLITES, LAUNCHES, BOOSTERS, PLACES = "Satellites", "Launches", "Boosters", "Places"
_TABLES = {
    SATELLITES: (_SATELLITES, "satellite", "satellite"),
    LAUNCHES: (_LAUNCHES, "launch", "mission"),
    BOOSTERS: (_BOOSTERS, "booster", "booster"),
}
"""A kind → its matches as SQL, its page, and the name of the choice in the page's URL query."""

_EXAMPLES = {
    SATELLITES: "SELECT object_name AS name FROM starlink ORDER BY norad_cat_id LIMIT 1",
    LAUNCHES: "SELECT name FROM v_launches WHERE is_flown ORDER BY date_utc DESC LIMIT 1",
    BOOSTERS: """SELECT serial AS name FROM v_boosters WHERE flights AND serial IS NOT NULL
                 ORDER BY flights DESC, serial LIMIT 1""",
}
_CITY = "Berlin"
_ALSO_FOUND_BY = {SATELLITES: ("a number", "a designator"), LAUNCHES: ("a designator",)}


def life_query(kind: str, key: object) -> str:
    """Return the URL query of the page of a satellite, launch or booster.

    Args:
        kind: SATELLITES, LAUNCHES or BOOSTERS.
        key: its number, its designator or name, or its serial.
    """
    _, page, choice = _TABLES[kind]
    return urlencode({"page": page, choice: str(key)})


def hint(database: Database, *kinds: str) -> str:
    """Return what a visitor can search for: a name of each kind, as the database has them.

    Args:
        database: the database.
        kinds: what is searched; by default, everything.

    Raises:
        DatabaseError: the database does not exist or cannot be read.
    """
    known = {**_examples(database.path, fingerprint(database.path)), PLACES: _CITY}
    words = [known[kind] for kind in kinds or known if kind in known]
    return ", ".join([*words, *(_ALSO_FOUND_BY.get(kinds[0], ()) if len(kinds) == 1 else ())])


@lru_cache(maxsize=1)
def _examples(database: Path, _fingerprint: Fingerprint | None) -> dict[str, str]:
    """Return a name of each kind of which the database has any."""
    named = {kind: query(database, sql)["name"] for kind, sql in _EXAMPLES.items()}
    return {kind: shorten(names.iloc[0]) for kind, names in named.items() if len(names)}


def find(database: Database, text: str, *kinds: str) -> list[Option]:
    """Return what contains a text in its name, or has it as its number.

    Args:
        database: the database.
        text: the text, in upper or lower case; nothing matches a blank one.
        kinds: what to search; by default, everything.

    Returns:
        At most MATCHES of each kind, the best ones first, with the URL queries of their pages.
        Kinds of which the text is a whole name or key come first.

    Raises:
        DatabaseError: the database does not exist or cannot be read.
    """
    wanted = text.strip()
    if not wanted:
        return []
    whole: list[Option] = []
    others: list[Option] = []
    for kind in filter(_TABLES.get, kinds or _TABLES):
        sql, _, _ = _TABLES[kind]
        rows = database.query(sql + _BEST, (wanted, _escaped(wanted), MATCHES))
        named = map(str, rows[["value", "name"]].to_numpy().ravel())
        is_whole = any(each.casefold() == wanted.casefold() for each in named)
        (whole if is_whole else others).extend(
            Option(kind if len(kinds) != 1 else "", shorten(label), life_query(kind, value))
            for label, value, _ in rows.itertuples(index=False, name=None)
        )
    for city in cities_like(wanted)[:MATCHES] if PLACES in kinds or not kinds else []:
        link = urlencode({"page": "sky", "place": city.unique_name})
        others.append(Option(PLACES, city.label, link))
    return whole + others


def _escaped(text: str) -> str:
    """Return a text in which the wildcards of LIKE stand for themselves."""
    for special in ("\\", "%", "_"):
        text = text.replace(special, f"\\{special}")
    return text
