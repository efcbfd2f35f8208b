"""The view of what two sources say differently of one object; shown, not repaired."""

from spacex.schema.ddl import literals
from spacex.sources import CELESTRAK, SOURCES
from spacex.transform.derive import FIRST_GENERATION, FIRST_GENERATION_BUS
from spacex.warehouse.decay_days import follows, outdates
from spacex.warehouse.launch_dates import end_of_period

LATE_DAYS = 10
"""A catalogue is complete some days after an event."""


def _dates_differ(name: str) -> str:
    """Return the SQL condition that two dates exclude each other, by their precisions."""
    precision = f"{name.removesuffix('_date')}_precision"
    (begins, ends), (other_begins, other_ends) = (
        (f"{row}.{name}", f"substr({end_of_period(f'{row}.{name}', f'{row}.{precision}')}, 1, 10)")
        for row in "ab"
    )
    return f"({begins} > {other_ends} OR {other_begins} > {ends})"


def _days(name: str) -> str:
    return f"abs(julianday(a.{name}) - julianday(b.{name}))"


_SAME_DAY = "a day apart: the hour of the event decides"
_RECORDS = "the records differ"


def _silent(decayed: str, other: str) -> str:
    """Return the SQL of why another source does not have a decay."""
    return f"""{other}.source || CASE
        WHEN {decayed}.decay_date > substr({other}.data_utc, 1, 10) THEN '{_OLDER}'
        WHEN julianday({other}.data_utc) - julianday({decayed}.decay_date) <= {LATE_DAYS}
        THEN '{_LATE}'
        ELSE ' does not know the decay' END"""


_OLDER, _LATE = " is older", " is some days late"
_SILENT = f"CASE WHEN a.is_decayed THEN {_silent('a', 'b')} ELSE {_silent('b', 'a')} END"
_FIRST_VERSIONS = literals(FIRST_GENERATION)
_ARCHIVES = literals(name for name, source in SOURCES.items() if not source.is_live)
_ARCHIVE_DATES = f"""
            SELECT source, max(data_utc) AS data_utc FROM (
                SELECT source, max(epoch_utc) AS data_utc FROM starlink GROUP BY source
                UNION ALL
                SELECT source, max(decay_date) FROM catalogue_objects
                WHERE decay_date <= substr(observed_utc, 1, 10) GROUP BY source)
            WHERE source IN ({_ARCHIVES}) GROUP BY source"""
"""SELECT of the date of an archive's data, which is older than its response."""


def _number(row: str) -> str:
    """Return the SQL of the number in the name of a satellite, such as 1052 of Starlink 1052."""
    return f"CAST(substr({row}.object_name, 10) AS INTEGER)"


def names_differ(one: str, other: str) -> str:
    """Return the SQL condition that two names have other numbers; their spelling differs."""
    numbers = f"min({_number(one)}, {_number(other)}) > 0 AND {_number(one)} <> {_number(other)}"
    named = [f"{row}.object_name LIKE 'starlink_%'" for row in (one, other)]
    return f"{' AND '.join(named)} AND {numbers}"


_COMPARED = {
    "name": ("object_name", names_differ("a", "b"), f"'{_RECORDS}'"),
    "decay date": (
        "decay_date",
        _dates_differ("decay_date"),
        f"""CASE WHEN coalesce(a.decay_is_uncertain, 0) OR coalesce(b.decay_is_uncertain, 0)
                 THEN 'a source marks its date as uncertain'
                 WHEN {_days("decay_date")} <= 1 THEN '{_SAME_DAY}'
                 ELSE 'the sources estimate the re-entry differently' END""",
    ),
    "decayed": ("is_decayed", "a.is_decayed <> b.is_decayed", _SILENT),
    "launch date": (
        "launch_date",
        _dates_differ("launch_date"),
        f"CASE WHEN {_days('launch_date')} <= 1 THEN '{_SAME_DAY}' ELSE '{_RECORDS}' END",
    ),
    "designator": ("object_id", "a.object_id <> b.object_id", f"'{_RECORDS}'"),
    "version": (
        "version",
        f"""a.version <> b.version AND NOT (
                '{FIRST_GENERATION_BUS}' IN (a.version, b.version)
                AND (a.version IN ({_FIRST_VERSIONS}) OR b.version IN ({_FIRST_VERSIONS})))""",
        f"'{_RECORDS}'",
    ),
    "is a Starlink": (
        "is_starlink",
        "a.is_starlink <> b.is_starlink",
        "'a source calls it a Starlink, the other one not'",
    ),
}
"""Attribute → column, condition of a contradiction between objects `a` and `b`, and its reason."""
_USED = {"is_starlink": "s.norad_cat_id IS NOT NULL"}
"""Column → the value used, where `starlink` has no such column."""

_FOLLOWS = f"""coalesce({follows("s.epoch_utc", "s")}, 0)
                   OR coalesce({follows("s.epoch_utc", "s", "unconfirmed_decay_date")}, 0)"""
_NO_LONGER = "iif(s.is_decayed, ', but it is no longer listed', '')"
_LISTED_AFTER_DECAY = f"""
            SELECT norad_cat_id, object_name, 'decayed' AS attribute, source, '0' AS value,
                   decay_date_source AS other_source, '1' AS other_value,
                   CAST(is_decayed AS TEXT) AS used,
                   'elements of ' || substr(epoch_utc, 1, 10) || ' follow the decay of '
                       || coalesce(decay_date, unconfirmed_decay_date) || {_NO_LONGER} AS reason
            FROM starlink s WHERE first_listed_utc IS NOT NULL AND ({_FOLLOWS})"""
_LISTED_AFTER_CATALOGUE = f"""
            SELECT s.norad_cat_id, s.object_name, 'decayed' AS attribute, s.source, '0' AS value,
                   o.source AS other_source, '1' AS other_value,
                   CAST(s.is_decayed AS TEXT) AS used,
                   'elements of ' || substr(s.epoch_utc, 1, 10) || ' are newer than ' || o.source
                       || ', which gives no day of the decay' || {_NO_LONGER} AS reason
            FROM starlink s JOIN catalogue_objects o USING (norad_cat_id)
            WHERE s.first_listed_utc IS NOT NULL AND o.is_decayed AND NOT ({_FOLLOWS})
              AND {outdates("s.epoch_utc", "o", "o.observed_utc")}"""

_UNLISTED_IN_ORBIT = f"""
            SELECT s.norad_cat_id, s.object_name, 'in orbit' AS attribute,
                   '{CELESTRAK.name}' AS source, '0' AS value, o.source AS other_source,
                   '1' AS other_value, NULL AS used,
                   'no GP list since ' || substr(s.unlisted_since_utc, 1, 10) || ' has it, '
                       || o.source || ' does on ' || substr(o.observed_utc, 1, 10) AS reason
            FROM v_starlink s JOIN catalogue_objects o
                 ON o.norad_cat_id = s.norad_cat_id AND NOT o.is_decayed
                    AND o.observed_utc = s.in_orbit_by_catalogue_utc
            WHERE s.in_orbit_by_catalogue_utc IS NOT NULL"""

_LISTED_DESIGNATOR = f"""
            SELECT s.norad_cat_id, s.object_name, 'designator' AS attribute, s.source,
                   s.object_id AS value, o.source AS other_source, o.object_id AS other_value,
                   s.object_id AS used, '{_RECORDS}' AS reason
            FROM starlink s JOIN catalogue_objects o USING (norad_cat_id)
            WHERE s.source = '{CELESTRAK.name}' AND s.object_id <> o.object_id"""
_LISTED_NAME = f"""
            SELECT s.norad_cat_id, s.object_name, 'name' AS attribute, s.source,
                   s.object_name AS value, o.source AS other_source, o.object_name AS other_value,
                   s.object_name AS used, '{_RECORDS}' AS reason
            FROM starlink s JOIN catalogue_objects o USING (norad_cat_id)
            WHERE s.source = '{CELESTRAK.name}' AND {names_differ("s", "o")}"""
_DATE_OF_LAUNCH = """
            SELECT s.norad_cat_id, s.object_name, 'launch date' AS attribute, o.source,
                   o.launch_date AS value, s.launch_date_source AS other_source,
                   s.launch_date AS other_value, s.launch_date AS used,
                   'the other satellites of its launch have another date' AS reason
            FROM starlink s JOIN catalogue_objects o USING (norad_cat_id)
            WHERE o.source = s.launch_date_source AND o.launch_date <> s.launch_date"""

SATELLITE_CONTRADICTIONS = (
    """
        -- What two sources say differently of one catalogued object, why, the value used, and the
        -- source it is from. A GP list contradicts a decay if it has elements of after it; then no
        -- decay date is used. is_outdated tells that a source does not have a decay because its
        -- data are older, or of some days later: an archive is as old as its newest epoch or decay
        WITH data AS MATERIALIZED ("""
    + _ARCHIVE_DATES
    + f"""),
        object AS MATERIALIZED (
            SELECT o.*, coalesce(d.data_utc, o.observed_utc) AS data_utc
            FROM catalogue_objects o LEFT JOIN data d USING (source)
            WHERE norad_cat_id IS NOT NULL)
        SELECT *, CASE WHEN used = value THEN source WHEN used = other_value THEN other_source
                       WHEN used IS NOT NULL THEN 'another source' END AS stands,
               reason LIKE '%{_OLDER}' OR reason LIKE '%{_LATE}' AS is_outdated
        FROM ("""
    + " UNION ALL ".join(
        [
            *(
                f"""SELECT a.norad_cat_id, a.object_name, '{attribute}' AS attribute, a.source,
                   CAST(a.{column} AS TEXT) AS value, b.source AS other_source,
                   CAST(b.{column} AS TEXT) AS other_value,
                   CAST({_USED.get(column, f"s.{column}")} AS TEXT) AS used,
                   {reason} AS reason
            FROM object a JOIN object b ON b.norad_cat_id = a.norad_cat_id AND a.source < b.source
                 LEFT JOIN starlink s ON s.norad_cat_id = a.norad_cat_id
            WHERE {condition}"""
                for attribute, (column, condition, reason) in _COMPARED.items()
            ),
            _LISTED_AFTER_DECAY,
            _LISTED_AFTER_CATALOGUE,
            _UNLISTED_IN_ORBIT,
            _LISTED_DESIGNATOR,
            _LISTED_NAME,
            _DATE_OF_LAUNCH,
        ]
    )
    + ")"
)
