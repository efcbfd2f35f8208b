"""Merge what the catalogues say about each satellite into `starlink`, attribute by attribute.

`PRECEDENCE` says whose value counts; the source of a value is kept beside it. The merge reads only
`catalogue_objects`, `launches` and the GP lists, and replaces its own earlier result, so that the
order in which they were loaded makes no difference. Satellites that only a catalogue knows are
added, without elements. What they have by another number of a satellite is said of that
satellite (`spacex.warehouse.renumbering`).

A satellite that is listed with elements of after its decay is in orbit: an observation counts more
than a date that may be wrong, and that date is kept as unconfirmed. So is one whose decay has no
exact day, if it is listed with elements of after the catalogues that have it as decayed. Once it is
no longer listed, the decay stands. `v_satellite_contradictions` lists the contradiction in either
case.

A satellite that is not in the newest GP list is unlisted since the first list after it was last
known: since it was last listed; else, since its last epoch, or LISTED_WITHIN_DAYS after its launch.
Without such a list it is not unlisted.

Functions take the connection to the database being loaded.
"""

import sqlite3

from spacex.schema.ddl import literals
from spacex.schema.starlink import UNLISTED
from spacex.sources import GCAT, SATCAT, SOURCES
from spacex.sources.launch_facts import FACTS, starlink_launches
from spacex.sources.object_names import UNNAMED
from spacex.transform.derive import FIRST_GENERATION, FIRST_GENERATION_BUS
from spacex.warehouse.catalogue_agreement import LATE_DAYS
from spacex.warehouse.decay_days import first_day, follows, is_exact, last_day, outdates
from spacex.warehouse.renumbering import unite_numbers

CATALOGUES = (SATCAT.name, GCAT.name)
"""The catalogues, which are newer than an archive and know more."""
CATALOGUES_SQL = literals(CATALOGUES)
VAGUE = ("month", "quarter", "year", "decade")
"""Precisions of a date that do not tell the day."""
ARCHIVES = "archive"
"""The archive of satellites, or the sample in its place."""

PRECEDENCE = {
    "object_id": (*CATALOGUES, ARCHIVES),
    "launch_designator": (*CATALOGUES, ARCHIVES),
    "launch_date": (*CATALOGUES, ARCHIVES),
    "launch_site": (SATCAT.name, ARCHIVES),
    "decay_date": (*CATALOGUES, ARCHIVES),
    "version": (GCAT.name, ARCHIVES, SATCAT.name),
    "bus": (GCAT.name,),
    "mass_kg": (GCAT.name,),
    "group_name": (GCAT.name,),
    "fate": (GCAT.name,),
    "object_name": (*CATALOGUES, ARCHIVES),
    "object_type": (ARCHIVES, *CATALOGUES),
    "country_code": (ARCHIVES,),
    "rcs_size": (ARCHIVES,),
    "launch_id": (ARCHIVES,),
}
"""Attribute → sources, the one whose value counts first.

A precise value counts before a vague one that it agrees with: before the bus of the first
generation in place of a version, or a decay date that is not exact to the day. A launch date
without a day does not count.

The designator and the name of a GP list, if it has them, count before those of the catalogues, and
its decay date after theirs. An archive's decay does not count if a catalogue knows the object, and
is more than LATE_DAYS newer than the decay.
"""
LISTED_WITHIN_DAYS = 30
"""Satellites are not in GP lists for days after their launch: for 4 to 11 in most of those of May
2025, and for 25 at least for 2025-093."""
DIRECT_TO_CELL = "V2 mini direct to cell"
VERSIONS_BY_NUMBER = (
    (11_000, 11_999, DIRECT_TO_CELL),
    (30_000, 33_249, "V2 mini"),
    (33_250, 36_999, "V2 mini optimized"),
)
"""First and last number in the names of satellites, and their version.

These hold in all GP lists of 2024 to May 2026, for the launches to 2025-11-28 whose satellites have
one version by GCAT, besides direct to cell: 11,072 to 11,748; 30,036 to 32,961; 33,531 to 36,076.
"""


UNLISTED_THAT_DECAYED = f"""
    SELECT count(*) AS left_lists, coalesce(sum(is_decayed), 0) AS left_and_decayed
    FROM starlink s
    WHERE last_listed_utc IS NOT NULL AND unlisted_since_utc IS NOT NULL AND EXISTS (
        SELECT 1 FROM catalogue_objects o
        WHERE o.source IN ({CATALOGUES_SQL}) AND o.norad_cat_id = s.norad_cat_id
          AND o.observed_utc > s.unlisted_since_utc)"""
"""SELECT of how many satellites are no longer listed, and how many of these proved to be decayed.

It counts only satellites that a catalogue newer than the first GP list without them has.
"""


def remove_catalogued(connection: sqlite3.Connection) -> None:
    """Remove the satellites that only a catalogue knows; `merge_catalogues` adds them again."""
    connection.execute(f"DELETE FROM main.starlink WHERE source IN ({CATALOGUES_SQL})")


def merge_catalogues(connection: sqlite3.Connection) -> None:
    """Set the attributes and the listing of every satellite; requires `fleet_before`."""
    remove_catalogued(connection)
    unite_numbers(connection)
    _collect(connection)
    _add_catalogued(connection)
    _set_attributes(connection)
    _set_versions(connection)
    _set_listing(connection)


def _collect(connection: sqlite3.Connection) -> None:
    """Create the temp table `facts`: the attributes of each object, with their sources."""
    named = {each: (each,) for each in CATALOGUES}
    for name, sources in {**named, ARCHIVES: _archives()}.items():
        _replace_temp(
            connection,
            f"said_{name}",
            f"""SELECT *, min(catalogue_id) AS first_id FROM main.catalogue_objects
                WHERE source IN ({literals(sources)}) AND is_starlink AND norad_cat_id NOT NULL
                GROUP BY norad_cat_id""",
            key="norad_cat_id",
        )
    first = [
        f"coalesce({', '.join(_value(each, name) for each in _padded(sources))}) AS {name}"
        for name, sources in PRECEDENCE.items()
        if name != "decay_date"
    ]
    dated = {each: f"{each}.is_decayed AND {each}.decay_date IS NOT NULL" for each in CATALOGUES}
    decays = " ".join(
        [
            *(f"WHEN {dated[each]} AND {is_exact(each)} THEN {each}.{{0}}" for each in CATALOGUES),
            *(
                f"WHEN {dated[each]} AND {_is_within(ARCHIVES, each)} THEN {ARCHIVES}.{{0}}"
                for each in CATALOGUES
            ),
            *(f"WHEN {dated[each]} THEN {each}.{{0}}" for each in CATALOGUES),
        ]
    )
    predictions = " ".join(
        f"WHEN NOT {each}.is_decayed AND {each}.decay_date IS NOT NULL THEN {each}.{{0}}"
        for each in CATALOGUES
    )
    predicted = [
        f"CASE {predictions.format(name)} END AS {alias}"
        for name, alias in {
            "decay_date": "unconfirmed_decay_date",
            "decay_precision": "unconfirmed_precision",
            "source": "unconfirmed_source",
        }.items()
    ]
    decides = " OR ".join(
        f"""coalesce(julianday({each}.observed_utc) - julianday({ARCHIVES}.decay_date)
                     > {LATE_DAYS}, {each}.norad_cat_id IS NOT NULL)"""
        for each in CATALOGUES
    )
    decay = [
        f"CASE {decays.format(name)} WHEN {decides} THEN NULL ELSE {ARCHIVES}.{name} END AS {alias}"
        for name, alias in {
            **{name: name for name in ("decay_date", "decay_precision", "decay_is_uncertain")},
            "source": "decay_date_source",
        }.items()
    ]
    newest = ", ".join(
        f"iif({each}.is_decayed, coalesce({each}.observed_utc, ''), '')" for each in CATALOGUES
    )
    _replace_temp(
        connection,
        "facts",
        f"""SELECT k.norad_cat_id, {", ".join((*first, *decay, *predicted))},
                   nullif(max({newest}), '') AS decayed_in_utc,
                   {_source_of("launch_date")}, {_source_of("version")},
                   {ARCHIVES}.catalogue_id AS starlink_id,
                   CASE WHEN {decides} THEN max({
            ", ".join(f"coalesce({each}.is_decayed, 0)" for each in CATALOGUES)
        }) ELSE {ARCHIVES}.is_decayed END AS is_decayed,
                   {GCAT.name}.version = '{DIRECT_TO_CELL}' AS is_direct_to_cell,
                   coalesce({SATCAT.name}.source, {GCAT.name}.source) AS catalogue
            FROM (SELECT DISTINCT norad_cat_id FROM main.catalogue_objects
                  WHERE is_starlink AND norad_cat_id NOT NULL) k
                 {
            " ".join(
                f"LEFT JOIN temp.said_{each} {each} USING (norad_cat_id)"
                for each in (*CATALOGUES, ARCHIVES)
            )
        }""",
        key="norad_cat_id",
    )
    _replace_temp(
        connection,
        "launch_of",
        """SELECT launch_designator, min(launch_id) AS launch_id, source,
                  min(substr(date_utc, 1, 10)) AS launch_date
           FROM main.launches WHERE launch_designator NOT NULL GROUP BY launch_designator""",
        key="launch_designator",
    )
    connection.execute("DROP TABLE IF EXISTS temp.launch_facts")
    connection.execute(
        """CREATE TEMP TABLE launch_facts (
               launch_designator TEXT PRIMARY KEY, launch_date TEXT, version TEXT)"""
    )
    connection.executemany(
        "INSERT INTO temp.launch_facts VALUES (?, ?, ?)",
        [
            (launch.launch_designator, str(launch.launch_date), launch.version)
            for launch in starlink_launches()
            if launch.launch_designator
        ],
    )
    connection.execute("DROP TABLE IF EXISTS temp.versions_flown")
    connection.execute("CREATE TEMP TABLE versions_flown (launch_date TEXT, version TEXT)")
    connection.executemany(
        "INSERT INTO temp.versions_flown VALUES (?, ?)",
        [(str(launch.launch_date), launch.version) for launch in starlink_launches()],
    )


def _add_catalogued(connection: sqlite3.Connection) -> None:
    connection.execute(
        """INSERT INTO main.starlink (norad_cat_id, source, object_name, object_id,
               launch_designator, is_decayed, is_direct_to_cell)
           SELECT norad_cat_id, catalogue, object_name, object_id, launch_designator, is_decayed, 0
           FROM temp.facts
           WHERE catalogue NOT NULL AND coalesce(launch_designator, launch_date) NOT NULL
             AND norad_cat_id NOT IN (SELECT norad_cat_id FROM main.starlink)"""
    )


def _set_attributes(connection: sqlite3.Connection) -> None:
    connection.execute(
        """UPDATE main.starlink AS s SET
                object_id = coalesce(s.object_id, f.object_id),
                launch_designator = coalesce(s.launch_designator, f.launch_designator)
            FROM temp.facts f WHERE f.norad_cat_id = s.norad_cat_id"""
    )
    connection.execute(
        """UPDATE main.starlink AS s SET
                object_id = p.object_id, launch_designator = p.launch_designator
            FROM temp.fleet_before p
            WHERE p.norad_cat_id = s.norad_cat_id AND s.object_id IS NULL
              AND coalesce(s.launch_designator, p.launch_designator) IS p.launch_designator"""
    )
    _judge_decays(connection)
    _judge_launch_dates(connection)
    connection.execute(
        f"""UPDATE main.starlink AS s SET
                object_name = CASE WHEN s.object_name NOT LIKE '{UNNAMED}%' THEN s.object_name
                    ELSE coalesce((SELECT p.object_name FROM temp.fleet_before p
                                   WHERE p.norad_cat_id = s.norad_cat_id
                                     AND p.object_name NOT LIKE '{UNNAMED}%'),
                                  f.object_name, s.object_name) END,
                starlink_id = coalesce(f.starlink_id, s.starlink_id),
                object_type = coalesce(f.object_type, s.object_type),
                country_code = coalesce(f.country_code, s.country_code),
                rcs_size = coalesce(f.rcs_size, s.rcs_size),
                launch_site = f.launch_site,
                launch_id = coalesce(l.launch_id, f.launch_id, s.launch_id),
                launch_date = coalesce(o.launch_date, l.launch_date, b.launch_date),
                launch_date_source = CASE
                    WHEN o.launch_date IS NOT NULL THEN o.launch_date_source
                    WHEN l.launch_date IS NOT NULL THEN l.source
                    WHEN b.launch_date IS NOT NULL THEN '{FACTS}' END,
                bus = f.bus, mass_kg = f.mass_kg, group_name = f.group_name, fate = f.fate,
                version = f.version, version_source = f.version_source,
                is_direct_to_cell = coalesce(f.is_direct_to_cell, s.is_direct_to_cell
                    OR coalesce((SELECT is_direct_to_cell FROM temp.fleet_before p
                                 WHERE p.norad_cat_id = s.norad_cat_id), 0)
                    OR coalesce(f.version = '{DIRECT_TO_CELL}', 0)),
                is_decayed = d.is_decayed AND NOT d.is_contradicted,
                decay_date = CASE WHEN NOT d.is_contradicted THEN d.decay_date END,
                decay_precision = d.decay_precision,
                decay_is_uncertain = d.decay_is_uncertain,
                decay_date_source = CASE WHEN d.is_decayed OR d.unconfirmed_decay_date IS NOT NULL
                                         THEN d.source END,
                unconfirmed_decay_date = CASE WHEN d.is_contradicted THEN d.decay_date
                                              WHEN NOT d.is_decayed THEN d.unconfirmed_decay_date
                                         END
            FROM temp.decays d
                 LEFT JOIN temp.facts f USING (norad_cat_id)
                 LEFT JOIN temp.own_launch o USING (norad_cat_id)
                 LEFT JOIN temp.launch_of l ON l.launch_designator = d.launch
                 LEFT JOIN temp.launch_facts b ON b.launch_designator = d.launch
            WHERE d.norad_cat_id = s.norad_cat_id"""
    )


def _judge_decays(connection: sqlite3.Connection) -> None:
    """Create the temp table `decays`: what is said of each satellite's decay, and whether it holds.

    The GP list of a satellite says what its row has, unless another source has said it.
    """
    others = literals((*CATALOGUES, *_archives()))
    is_within = _is_within("own", "f", "1")
    is_own = f"s.source NOT IN ({others}) AND coalesce(s.decay_date_source, s.source) = s.source"
    _replace_temp(
        connection,
        "decays",
        f"""WITH own AS (
                SELECT norad_cat_id, launch_designator AS launch, is_listed, epoch_utc, source,
                       iif({is_own}, decay_date, NULL) AS decay_date,
                       iif({is_own}, unconfirmed_decay_date, NULL) AS unconfirmed_decay_date
                FROM main.starlink s),
            said AS (
                SELECT norad_cat_id, launch, is_listed, epoch_utc,
                       coalesce(own.unconfirmed_decay_date, f.unconfirmed_decay_date)
                           AS unconfirmed_decay_date,
                       coalesce(f.is_decayed, 0) OR own.decay_date IS NOT NULL AS is_decayed,
                       iif({is_within}, own.decay_date, coalesce(f.decay_date, own.decay_date))
                           AS decay_date,
                       iif({is_within}, NULL, coalesce(decay_precision, unconfirmed_precision))
                           AS decay_precision,
                       iif({is_within}, NULL, decay_is_uncertain) AS decay_is_uncertain,
                       decayed_in_utc,
                       CASE WHEN {is_within} THEN own.source
                            WHEN f.decay_date IS NOT NULL THEN f.decay_date_source
                            WHEN coalesce(own.decay_date, own.unconfirmed_decay_date) IS NOT NULL
                            THEN own.source ELSE f.unconfirmed_source END AS source
                FROM own LEFT JOIN temp.facts f USING (norad_cat_id))
            SELECT *, coalesce(is_listed, 0) AND is_decayed AND (
                       coalesce({follows("epoch_utc", "said")}, 0)
                       OR coalesce({outdates("epoch_utc", "said", "decayed_in_utc")}, 0)
                   ) AS is_contradicted
            FROM said""",
        key="norad_cat_id",
    )


def _judge_launch_dates(connection: sqlite3.Connection) -> None:
    """Create the temp table `own_launch`: the launch date of each satellite by the catalogues.

    A date that a catalogue gives under another designator is that of another launch. A date that
    less than half as many satellites of the launch have as the most frequent one is in error.
    """
    _replace_temp(
        connection,
        "own_launch",
        """WITH own AS (
               SELECT d.norad_cat_id, d.launch, f.launch_date, f.launch_date_source
               FROM temp.decays d JOIN temp.facts f USING (norad_cat_id)
               WHERE f.launch_date IS NOT NULL
                 AND coalesce(f.launch_designator, d.launch) IS d.launch),
           dated AS (
               SELECT launch, launch_date, max(launch_date_source) AS source,
                      count(*) AS satellites, row_number() OVER (
                          PARTITION BY launch ORDER BY count(*) DESC, launch_date) AS position
               FROM own WHERE launch IS NOT NULL GROUP BY launch, launch_date)
           SELECT own.norad_cat_id,
                  iif(2 * mine.satellites < most.satellites, most.launch_date, own.launch_date)
                      AS launch_date,
                  iif(2 * mine.satellites < most.satellites, most.source, own.launch_date_source)
                      AS launch_date_source
           FROM own LEFT JOIN dated most ON most.launch = own.launch AND most.position = 1
                LEFT JOIN dated mine
                     ON mine.launch = own.launch AND mine.launch_date = own.launch_date""",
        key="norad_cat_id",
    )


def _set_versions(connection: sqlite3.Connection) -> None:
    """Set the versions that no source has by the name's tag or number, or by the launch.

    If a source has a vague version, only those count that it can stand for.
    """
    is_possible = (
        f"(bus IS NOT '{FIRST_GENERATION_BUS}' OR {{0}} IN ({literals(FIRST_GENERATION)}))"
    )
    is_missing = f"version IS NULL AND {is_possible}"
    connection.execute(
        f"""UPDATE main.starlink SET version = '{DIRECT_TO_CELL}', version_source = 'name'
            WHERE {is_missing.format(f"'{DIRECT_TO_CELL}'")} AND is_direct_to_cell"""
    )
    connection.executemany(
        f"""UPDATE main.starlink SET
                version = :version, version_source = 'name',
                is_direct_to_cell = :version = '{DIRECT_TO_CELL}'
            WHERE {is_missing.format(":version")} AND object_name LIKE 'STARLINK-%'
              AND CAST(substr(object_name, 10) AS INTEGER) BETWEEN :first AND :last""",
        (
            {"first": first, "last": last, "version": version}
            for first, last, version in VERSIONS_BY_NUMBER
        ),
    )
    connection.execute(
        f"""WITH one_version AS (
                SELECT launch_designator, min(version) AS version FROM main.starlink
                WHERE version <> '{DIRECT_TO_CELL}'
                GROUP BY launch_designator HAVING count(DISTINCT version) = 1),
            of_launch AS (
                SELECT launch_designator, coalesce(o.version, b.version) AS version
                FROM (SELECT DISTINCT launch_designator FROM main.starlink) k
                     LEFT JOIN one_version o USING (launch_designator)
                     LEFT JOIN temp.launch_facts b USING (launch_designator))
            UPDATE main.starlink AS s SET version = k.version, version_source = 'launch'
            FROM of_launch k
            WHERE s.{is_missing.format("k.version")} AND k.launch_designator = s.launch_designator
              AND k.version NOT NULL"""
    )
    connection.execute(
        f"""UPDATE main.starlink AS s SET version = f.version, version_source = 'launch'
            FROM ({_VERSIONS_FLOWN}) f
            WHERE s.{is_missing.format("f.version")} AND f.norad_cat_id = s.norad_cat_id"""
    )
    connection.execute(
        f"""UPDATE main.starlink SET version = bus, version_source = '{GCAT.name}'
            WHERE version IS NULL AND bus = '{FIRST_GENERATION_BUS}'"""
    )


_VERSIONS_FLOWN = """
    WITH undated AS (
            SELECT norad_cat_id,
                   coalesce(date(launch_date, '-1 day'),
                            substr(launch_designator, 1, 4) || '-01-01') AS since,
                   coalesce(date(launch_date, '+1 day'),
                            substr(coalesce(first_listed_utc, epoch_utc), 1, 10)) AS until
            FROM main.starlink WHERE version IS NULL AND launch_designator NOT NULL),
         of_period AS (
            SELECT since, until, min(v.version) AS version
            FROM (SELECT DISTINCT since, until FROM undated)
                 JOIN temp.versions_flown v ON v.launch_date BETWEEN since AND until
            WHERE until <= (SELECT max(launch_date) FROM temp.versions_flown)
            GROUP BY since, until
            HAVING count(v.version) = count(*) AND count(DISTINCT v.version) = 1)
    SELECT norad_cat_id, version FROM undated JOIN of_period USING (since, until)"""
"""SELECT of the version of each satellite that all launches have which can be its own.

Those are the launches of the bundled facts on its launch date, or a day apart; if it is unknown,
those of its year up to the day by which the satellite was known.
"""


def _set_listing(connection: sqlite3.Connection) -> None:
    (newest,) = connection.execute("SELECT max(last_listed_utc) FROM main.starlink").fetchone()
    if newest is not None:
        connection.execute(
            f"""UPDATE main.starlink AS s SET is_listed = 0, shell = NULL, unlisted_since_utc = (
                   SELECT min(observed_utc) FROM main._observations
                   WHERE observed_utc <= :newest AND max_norad_cat_id >= s.norad_cat_id
                     AND observed_utc > coalesce(
                       s.last_listed_utc,
                       max(s.epoch_utc, coalesce(s.launch_date, '')),
                       date(s.launch_date, '+{LISTED_WITHIN_DAYS} days')))
               WHERE is_listed IS NOT 1""",
            {"newest": newest},
        )
    connection.execute(
        f"""UPDATE main.starlink SET orbit_status = CASE
                WHEN is_decayed THEN 'decayed'
                WHEN unlisted_since_utc IS NOT NULL THEN '{UNLISTED}' ELSE orbit_status END"""
    )


def _archives() -> tuple[str, ...]:
    return tuple(name for name, source in SOURCES.items() if not source.is_live)


def _source_of(attribute: str) -> str:
    """Return the SQL of the column with the source of an attribute."""
    cases = " ".join(
        f"WHEN {_value(each, attribute)} IS NOT NULL THEN {each}.source"
        for each in PRECEDENCE[attribute]
    )
    return f"CASE {cases} END AS {attribute}_source"


def _value(source: str, attribute: str) -> str:
    """Return the SQL of what a source says of an attribute, unless it is vague."""
    value = f"{source}.{attribute}"
    if attribute == "version":
        return f"nullif({value}, '{FIRST_GENERATION_BUS}')"
    if attribute != "launch_date":
        return value
    return f"iif({source}.launch_precision IN ({literals(VAGUE)}), NULL, {value})"


def _is_within(exact: str, vague: str, condition: str = "") -> str:
    """Return the SQL condition that an exact decay date agrees with one that is not exact.

    Args:
        exact: the row with a date that may be exact.
        vague: the other row.
        condition: SQL of whether the first date is exact; empty: by its precision.
    """
    return f"""({condition or is_exact(exact)} AND NOT {is_exact(vague)}
                AND coalesce({exact}.decay_date BETWEEN {first_day(vague)} AND {last_day(vague)},
                             0))"""


def _padded(sources: tuple[str, ...]) -> tuple[str, ...]:
    """Return at least two sources, as `coalesce` requires."""
    return sources if len(sources) > 1 else sources * 2


def _replace_temp(connection: sqlite3.Connection, name: str, select: str, key: str) -> None:
    connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
    connection.execute(f"CREATE TEMP TABLE {name} AS {select}")
    connection.execute(f"CREATE UNIQUE INDEX temp.{name}_key ON {name} ({key})")
