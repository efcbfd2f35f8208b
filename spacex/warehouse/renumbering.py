"""Keep one row for a satellite that gets another catalogue number.

The first GP lists of a launch may have temporary numbers, and later ones the definite ones. A list
renumbers a satellite if it has a number that no list before had, with the designator and the number
in the name of exactly one satellite of the lists before, whose old number it could hold and does
not have. Neither may be shared by another satellite, in the list or before, so that names that are
exchanged renumber nothing, and the element sets of the two numbers may not overlap in time.

The satellite takes the new number in all tables, and `_renumberings` keeps the old one.
`_observations.listed` keeps what the lists said; `current_numbers` gives the numbers of now.

A catalogue or archive that has a former number, or one that no list has yet, means the same
satellite. Its row gets the number of the satellite, unless it has that number too: then the row of
the other number is not a Starlink satellite of its own.

Functions take the connection to the database being loaded, with the run's staging database.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from spacex.orbits.element_sets import EPOCH_LEAD_DAYS
from spacex.sources import GCAT, SATCAT
from spacex.warehouse.catalogue_agreement import names_differ


class Renumbering(NamedTuple):
    """A satellite that got another catalogue number.

    Attributes:
        observed_utc: instant of the first GP list with the new number.
        old: the number in the lists before.
        new: the number from then on.
    """

    observed_utc: str
    old: int
    new: int


RENUMBERINGS = """SELECT observed_utc, old_norad_cat_id, new_norad_cat_id FROM _renumberings
                  ORDER BY observed_utc, old_norad_cat_id"""
"""SELECT of every `Renumbering`, oldest first."""

_FORMER_NUMBERS = """
            WITH RECURSIVE chain AS (
                SELECT old_norad_cat_id AS former, observed_utc AS until_utc,
                       new_norad_cat_id AS number, observed_utc, source FROM _renumberings
                UNION ALL
                SELECT c.former, c.until_utc, r.new_norad_cat_id, r.observed_utc, c.source
                FROM chain c JOIN _renumberings r
                     ON r.old_norad_cat_id = c.number AND r.observed_utc > c.observed_utc)
            SELECT number AS norad_cat_id, former AS other_norad_cat_id,
                   max(until_utc) AS until_utc, source
            FROM (SELECT former, until_utc, number, source, max(observed_utc) FROM chain
                  GROUP BY former, until_utc)
            WHERE number <> former GROUP BY number, former"""
"""SELECT of the former numbers of each satellite, with the first list that has another one."""

OTHER_NUMBERS = f"""
        -- One other catalogue number of a satellite: one that GP lists before until_utc had, or one
        -- by which only a catalogue has the satellite
        SELECT * FROM ({_FORMER_NUMBERS})
        UNION ALL
        SELECT norad_cat_id, CAST(ltrim(catalogue_id, 'S') AS INTEGER), NULL, source
        FROM catalogue_objects o
        WHERE source IN ('{SATCAT.name}', '{GCAT.name}') AND is_starlink AND norad_cat_id NOT NULL
              AND ltrim(catalogue_id, 'S') GLOB '[0-9]*'
              AND CAST(ltrim(catalogue_id, 'S') AS INTEGER) <> norad_cat_id
              AND NOT EXISTS (
                  SELECT 1 FROM _renumberings r
                  WHERE r.old_norad_cat_id = CAST(ltrim(o.catalogue_id, 'S') AS INTEGER))"""
"""SELECT of the view `v_other_numbers`."""

_NAME = """CAST(substr(object_name, 10) AS INTEGER) AS name_number"""
_IS_IDENTIFIED = """object_id NOT NULL AND object_name LIKE 'starlink_%'
                    AND CAST(substr(object_name, 10) AS INTEGER) > 0"""
"""SQL: the number in the name of a satellite, such as 1052 of Starlink 1052, and whether a row has
that and a designator."""


def renumber(
    connection: sqlite3.Connection,
    source: str,
    observed_utc: str,
    listed: Collection[int],
    largest: int,
) -> None:
    """Give the satellites that a staged GP list renumbers their new numbers, and record them.

    Args:
        connection: the database being loaded, as it was before the list: see `undo_renumberings`.
        source: the service.
        observed_utc: instant of the list.
        listed: catalogue numbers of the satellites that it lists.
        largest: largest number that its format can hold.
    """
    found = _find_pairs(connection, source, observed_utc, frozenset(listed), largest)
    _change_numbers(connection, observed_utc, found)
    connection.executemany(
        "INSERT INTO main._renumberings VALUES (?, ?, ?, ?)",
        ((source, observed_utc, old, new) for old, new in found.items()),
    )


def undo_renumberings(connection: sqlite3.Connection, source: str, observed_utc: str) -> None:
    """Give satellites the numbers that they had before a GP list, which may be loaded already.

    Args:
        connection: the database being loaded.
        source: the service.
        observed_utc: instant of the list.
    """
    where = "WHERE source = ? AND observed_utc >= ?"
    later = connection.execute(
        f"SELECT observed_utc, new_norad_cat_id, old_norad_cat_id FROM main._renumberings {where} "
        "ORDER BY observed_utc DESC",
        (source, observed_utc),
    ).fetchall()
    for instant, together in groupby(later, key=lambda each: each[0]):
        _change_numbers(connection, instant, {new: old for _, new, old in together})
    connection.execute(f"DELETE FROM main._renumberings {where}", (source, observed_utc))


def renumberings(connection: sqlite3.Connection) -> list[Renumbering]:
    """Return every renumbering, oldest first."""
    return [Renumbering(*row) for row in connection.execute(RENUMBERINGS)]


def current_numbers(
    numbers: Iterable[int], observed_utc: str, renumbered: Sequence[Renumbering]
) -> set[int]:
    """Return the numbers of now of satellites in a GP list.

    Args:
        numbers: catalogue numbers in the list.
        observed_utc: instant of the list.
        renumbered: every renumbering, oldest first.

    >>> current_numbers({1, 2}, "2026-11-02", [Renumbering("2026-11-03", 1, 101)])
    {2, 101}
    """
    found = set(numbers)
    for instant, old, new in renumbered:
        if instant > observed_utc and old in found:
            found.remove(old)
            found.add(new)
    return found


def unite_numbers(connection: sqlite3.Connection) -> None:
    """Give what catalogues and archives have by another number to the satellite that it is.

    Archives' rows in `starlink` with such a number are removed; their attributes are those of
    `catalogue_objects`.
    """
    others = _former_numbers(connection) | _unlisted_numbers(connection)
    if not others:
        return
    _replace_pairs(connection, "other_numbers", others)
    connection.execute("DROP TABLE IF EXISTS temp.other_rows")
    connection.execute(
        """CREATE TEMP TABLE other_rows AS
           SELECT o.source, o.norad_cat_id, n.new, row_number() OVER (
                      PARTITION BY o.source, n.new ORDER BY o.norad_cat_id DESC) = 1
                  AND NOT EXISTS (SELECT 1 FROM main.catalogue_objects c
                                  WHERE c.source = o.source AND c.norad_cat_id = n.new
                                        AND c.is_starlink) AS is_used
           FROM (SELECT DISTINCT source, norad_cat_id FROM main.catalogue_objects
                 WHERE is_starlink) o JOIN temp.other_numbers n ON n.old = o.norad_cat_id"""
    )
    connection.execute(
        """UPDATE main.catalogue_objects AS o SET
               norad_cat_id = iif(r.is_used, r.new, o.norad_cat_id), is_starlink = r.is_used
           FROM temp.other_rows r
           WHERE r.source = o.source AND r.norad_cat_id = o.norad_cat_id AND o.is_starlink"""
    )
    connection.execute(
        "DELETE FROM main.starlink WHERE norad_cat_id IN (SELECT old FROM temp.other_numbers)"
    )
    _change_sets(connection, _ALWAYS, others)
    (is_known,) = connection.execute(_HAS_FLEET_BEFORE).fetchone()
    if is_known:  # the sets of any other number were changed by an earlier load
        before = connection.execute("SELECT norad_cat_id FROM temp.fleet_before").fetchall()
        _note_changes(connection, _ALWAYS, {n: others[n] for (n,) in before if n in others})


def change_again(connection: sqlite3.Connection, changes: Iterable[tuple[str, int, int]]) -> None:
    """Repeat changes of this load on element sets that have come back from the archive.

    Args:
        connection: the database being loaded.
        changes: the changes, as `changed_numbers`.
    """
    for until_utc, together in groupby(changes, key=lambda each: each[0]):
        _change_sets(connection, until_utc, {old: new for _, old, new in together})


def changed_numbers(connection: sqlite3.Connection) -> list[tuple[str, int, int]]:
    """Return what this load has changed in its order: until when, old number and new number."""
    connection.execute(_CHANGED)
    return connection.execute(
        "SELECT until_utc, old, new FROM temp.all_changed_numbers ORDER BY position"
    ).fetchall()


def forget_changed_numbers(connection: sqlite3.Connection) -> None:
    """Begin another load of the same connection."""
    connection.execute("DROP TABLE IF EXISTS temp.all_changed_numbers")


_ALWAYS = "9999"
"""After every instant."""
_HAS_FLEET_BEFORE = "SELECT EXISTS (SELECT 1 FROM temp.sqlite_schema WHERE name = 'fleet_before')"
_CHANGED = """CREATE TEMP TABLE IF NOT EXISTS all_changed_numbers (
                  position INTEGER PRIMARY KEY, until_utc TEXT, old INTEGER, new INTEGER)"""


def _change_sets(connection: sqlite3.Connection, until_utc: str, numbers: dict[int, int]) -> None:
    """Change the numbers of element sets that were observed before an instant.

    Args:
        connection: the database being loaded.
        until_utc: the instant.
        numbers: number → the number in its place.
    """
    _replace_pairs(connection, "changed_sets", numbers)
    connection.execute(
        """UPDATE OR REPLACE main.starlink_elements AS e SET norad_cat_id = n.new
           FROM temp.changed_sets n
           WHERE n.old = e.norad_cat_id AND coalesce(e.observed_utc, '') < ?""",
        (until_utc,),
    )


def _note_changes(connection: sqlite3.Connection, until_utc: str, numbers: dict[int, int]) -> None:
    """Note that this load changes numbers, for the sets in the archive; see `_change_sets`."""
    connection.execute(_CHANGED)
    connection.executemany(
        "INSERT INTO temp.all_changed_numbers (until_utc, old, new) VALUES (?, ?, ?)",
        ((until_utc, *pair) for pair in numbers.items()),
    )


def _find_pairs(
    connection: sqlite3.Connection,
    source: str,
    observed_utc: str,
    listed: frozenset[int],
    largest: int,
) -> dict[int, int]:
    """Return old number → new number of the satellites that a staged GP list renumbers."""
    rows = connection.execute(
        "SELECT norad_cat_id FROM main.starlink WHERE first_listed_utc < ?", (observed_utc,)
    )
    known = {number for (number,) in rows}
    new, absent = listed - known, {each for each in known - listed if each <= largest}
    if not new or not absent:
        return {}
    identity = f"norad_cat_id, object_id, {_NAME}"
    chosen = f"{_IS_IDENTIFIED} AND norad_cat_id IN (SELECT value FROM json_each(?))"
    before = connection.execute(
        f"SELECT {identity} FROM main.starlink WHERE {chosen}", (json.dumps(sorted(absent)),)
    )
    now = connection.execute(
        f"SELECT {identity} FROM staging.starlink WHERE {chosen} AND source = ?",
        (json.dumps(sorted(new)), source),
    )
    pairs = _matched(before, now)
    if not pairs:
        return {}
    shared = _shared(connection, "staging.starlink", "source = ?", source)
    shared |= _shared(connection, "main.starlink", "first_listed_utc < ?", observed_utc)
    return {
        old: number
        for old, number, *identity in pairs
        if not shared & {*identity} and not _overlap(connection, source, old, number)
    }


def _matched(
    some: Iterable[tuple[int, str, int]], others: Iterable[tuple[int, str, int]]
) -> list[tuple[int, int, str, int]]:
    """Return the numbers of satellites with one designator and one number in the name, with these.

    Args:
        some: catalogue number, designator, and number in the name.
        others: the same of other satellites.
    """
    known = {(object_id, name): number for number, object_id, name in some}
    return [
        (known[object_id, name], number, object_id, name)
        for number, object_id, name in others
        if (object_id, name) in known
    ]


def _shared(
    connection: sqlite3.Connection, table: str, condition: str, value: str
) -> set[str | int]:
    """Return the designators and the numbers in names that several satellites of a table have.

    Args:
        connection: the database being loaded.
        table: the table.
        condition: SQL of which rows count, with a parameter.
        value: the value of the parameter.
    """
    rows = connection.execute(
        f"SELECT object_id, {_NAME} FROM {table} WHERE {condition} AND {_IS_IDENTIFIED}", (value,)
    )
    counts: Counter[str | int] = Counter(each for row in rows for each in row)
    return {each for each, count in counts.items() if count > 1}


def _overlap(connection: sqlite3.Connection, source: str, old: int, new: int) -> bool:
    """Return whether the known elements of a number are later than those staged of another one.

    Epochs may be ahead of what was observed.
    """
    (overlap,) = connection.execute(
        f"""SELECT julianday(max(e.epoch_utc)) - {EPOCH_LEAD_DAYS} > (
                       SELECT julianday(min(s.epoch_utc)) FROM staging.starlink_elements s
                       WHERE s.source = :source AND s.norad_cat_id = :new)
            FROM main.starlink_elements e WHERE e.source = :source AND e.norad_cat_id = :old""",
        {"source": source, "old": old, "new": new},
    ).fetchone()
    return bool(overlap)


def _change_numbers(
    connection: sqlite3.Connection, until_utc: str, numbers: dict[int, int]
) -> None:
    """Change catalogue numbers of satellites in all tables, in what was observed before an instant.

    Args:
        connection: the database being loaded.
        until_utc: the instant.
        numbers: number → the number in its place.
    """
    if not numbers:
        return
    _replace_pairs(connection, "changed_numbers", numbers)
    connection.execute(
        """UPDATE OR REPLACE main.starlink AS s SET norad_cat_id = n.new
           FROM temp.changed_numbers n WHERE n.old = s.norad_cat_id"""
    )
    _change_sets(connection, until_utc, numbers)
    _note_changes(connection, until_utc, numbers)
    connection.execute(
        """UPDATE main._changes AS c SET row_key = CAST(n.new AS TEXT)
           FROM temp.changed_numbers n
           WHERE c.table_name = 'starlink' AND c.row_key = CAST(n.old AS TEXT)
                 AND c.observed_utc < ?""",
        (until_utc,),
    )


def _former_numbers(connection: sqlite3.Connection) -> dict[int, int]:
    """Return former number → number of now, but for those that another satellite has since.

    That is a listed one, or one with another designator and another name in a catalogue.
    """
    rows = connection.execute(
        f"""SELECT other_norad_cat_id, norad_cat_id FROM ({_FORMER_NUMBERS}) f
            WHERE other_norad_cat_id NOT IN (
                SELECT norad_cat_id FROM main.starlink WHERE first_listed_utc NOT NULL)
            AND NOT EXISTS (
                SELECT 1 FROM main.catalogue_objects o JOIN main.starlink s
                         ON s.norad_cat_id = f.norad_cat_id AND s.object_id <> o.object_id
                WHERE o.norad_cat_id = f.other_norad_cat_id AND o.is_starlink
                      AND {names_differ("s", "o")})
            ORDER BY until_utc"""
    )
    return dict(rows.fetchall())


def _unlisted_numbers(connection: sqlite3.Connection) -> dict[int, int]:
    """Return number that no GP list has → the listed satellite with its designator and name.

    A catalogue that has this satellite with another designator means another one.
    """
    identity = f"norad_cat_id, object_id, {_NAME}"
    others = connection.execute(
        f"""SELECT DISTINCT {identity}, source FROM main.catalogue_objects
            WHERE is_starlink AND {_IS_IDENTIFIED} AND norad_cat_id NOT IN (
                SELECT norad_cat_id FROM main.starlink WHERE first_listed_utc NOT NULL)
            ORDER BY norad_cat_id"""
    ).fetchall()
    if not others:
        return {}
    listed = connection.execute(
        f"""SELECT {identity} FROM main.starlink
            WHERE first_listed_utc NOT NULL AND {_IS_IDENTIFIED}
                  AND object_id IN (SELECT value FROM json_each(?))""",
        (json.dumps(sorted({object_id for _, object_id, *_ in others})),),
    ).fetchall()
    pairs = [
        pair
        for source, of_source in groupby(sorted(others, key=_source), key=_source)
        for pair in _matched(listed, (each[:3] for each in of_source))
        if not _has_other_designator(connection, source, pair[0], pair[2])
    ]
    if not pairs:
        return {}
    shared = _shared(connection, "main.starlink", "first_listed_utc > ?", "")
    return {other: number for number, other, *identity in pairs if not shared & {*identity}}


def _source(row: tuple[int, str, int, str]) -> str:
    return row[3]


def _has_other_designator(
    connection: sqlite3.Connection, source: str, number: int, object_id: str
) -> bool:
    """Return whether a catalogue has a Starlink by a number, with another designator than this.

    Args:
        connection: the database being loaded.
        source: the catalogue.
        number: the catalogue number.
        object_id: the designator.
    """
    found = connection.execute(
        """SELECT 1 FROM main.catalogue_objects
           WHERE source = ? AND norad_cat_id = ? AND is_starlink AND object_id <> ?""",
        (source, number, object_id),
    ).fetchone()
    return found is not None


def _replace_pairs(connection: sqlite3.Connection, name: str, numbers: dict[int, int]) -> None:
    """Replace a temp table by one of numbers: `old`, `new`."""
    connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
    connection.execute(f"CREATE TEMP TABLE {name} (old INTEGER PRIMARY KEY, new INTEGER)")
    connection.executemany(f"INSERT INTO temp.{name} VALUES (?, ?)", numbers.items())
