"""Read files of element sets into the engine: OMM in JSON or CSV, TLE, and Parquet.

DuckDB reads them column by column, which takes a hundredth of the time that the records of
`spacex.sources` take. The rules are the same: a set needs every required column, within the limits
that `spacex.schema` declares, and a line of a TLE its checksum.
"""

import gzip
from dataclasses import dataclass
from pathlib import Path

from spacex.errors import ResponseError
from spacex.schema import Column
from spacex.schema.starlink import MEAN_ALTITUDES_KM
from spacex.sources import CELESTRAK
from spacex.sources.omm import ELEMENT_COLUMNS
from spacex.sources.tle import is_tle
from spacex.units import EARTH_MU_KM3_S2, EARTH_RADIUS_KM, SECONDS_PER_DAY
from spacex.warehouse.archive.engine import STORED, TYPES, declared
from spacex.warehouse.archive.files import Writer

_FIELDS = {
    **ELEMENT_COLUMNS,
    "creation_utc": "CREATION_DATE",
    "gp_id": "GP_ID",
}
_NAME, _KIND = "OBJECT_NAME", "EPHEMERIS_TYPE"
_TEXTS = (*dict.fromkeys(_FIELDS.values()), _NAME, _KIND)
_OBJECT_BYTES = 2**25
_HEAD = 4096
_AXIS = (
    f"(({EARTH_MU_KM3_S2!r} / (mean_motion_rev_per_day * 2 * pi() / {SECONDS_PER_DAY!r}) ** 2) "
    f"** (1 / 3.0) - {EARTH_RADIUS_KM!r})"
)
_IS_PLAUSIBLE = " AND ".join(
    [
        *(f"{each.name} IS NOT NULL" for each in STORED if each.required and each.name != "source"),
        *(
            f"coalesce({each.name} BETWEEN {each.minimum} AND {each.maximum or 1e18}, true)"
            for each in STORED
            if each.minimum is not None
        ),
        f"{_AXIS} BETWEEN {MEAN_ALTITUDES_KM[0]} AND {MEAN_ALTITUDES_KM[1]}",
        f"({_AXIS} + {EARTH_RADIUS_KM!r}) * (1 - eccentricity) >= {EARTH_RADIUS_KM!r}",
        "coalesce(kind, 0) = 0",
    ]
)


@dataclass(frozen=True)
class Incoming:
    """The fates of the element sets of a file.

    Attributes:
        records: all of them.
        rejected: those that lack a value or are out of its limits.
        out_of_scope: those of other satellites.
        taken: those that are added to the table `incoming`.
    """

    records: int
    rejected: int
    out_of_scope: int
    taken: int


def begin(to: Writer) -> None:
    """Create the tables `incoming` and `known`, of sets and of the numbers of Starlinks."""
    numbers = to.connection.execute(
        """SELECT norad_cat_id FROM main.starlink
           UNION SELECT norad_cat_id FROM main.catalogue_objects
                 WHERE is_starlink AND norad_cat_id NOT NULL
           UNION SELECT old_norad_cat_id FROM main._renumberings"""
    ).fetchall()
    to.duck.execute("CREATE OR REPLACE TABLE known (norad_cat_id BIGINT)")
    if numbers:
        listed = ", ".join(f"({number})" for (number,) in numbers)
        to.duck.execute(f"INSERT INTO known VALUES {listed}")
    to.duck.execute(f"CREATE OR REPLACE TABLE incoming ({declared()})")


def read_file(to: Writer, path: Path) -> Incoming:
    """Add the element sets of Starlinks in a file to the table `incoming`.

    Args:
        to: the archive, with the tables of `begin`.
        path: a file, also with the name `….gz` of one that is gzipped.

    Raises:
        ResponseError: the file has another format.
        DatabaseError: it cannot be read.
    """
    to.duck.execute(f"CREATE OR REPLACE TEMP TABLE read AS {_source(path)}")
    counts = to.duck.execute(
        f"""SELECT count(*), count(*) FILTER (NOT coalesce({_IS_PLAUSIBLE}, false)),
                   count(*) FILTER (coalesce({_IS_PLAUSIBLE}, false) AND NOT {_IN_SCOPE})
            FROM read"""
    ).fetchone() or (0, 0, 0)
    before = _count(to)
    names = ", ".join(each.name for each in STORED)
    to.duck.execute(
        f"INSERT INTO incoming SELECT {names} FROM read WHERE {_IS_PLAUSIBLE} AND {_IN_SCOPE}"
    )
    records, rejected, others = counts
    return Incoming(records, rejected, others, _count(to) - before)


_IN_SCOPE = """(norad_cat_id IN (SELECT norad_cat_id FROM known)
                OR coalesce(upper(name) LIKE 'STARLINK-%', false))"""


def _count(to: Writer) -> int:
    (count,) = to.duck.execute("SELECT count(*) FROM incoming").fetchone() or (0,)
    return int(count)


def _source(path: Path) -> str:
    """Return a SELECT of the sets in a file: the columns of files, `name` and `kind`."""
    head = _head(path)
    quoted = "'" + f"{path}".replace("'", "''") + "'"
    if head.startswith(b"PAR1"):
        return f"SELECT {_of_parquet()} FROM read_parquet({quoted})"
    text = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    columns = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in _TEXTS) + "}"
    if text.startswith((b"[", b"{")):
        options = f"columns = {columns}, maximum_object_size = {_OBJECT_BYTES}"
        return f"SELECT {_of_texts()} FROM read_json({quoted}, {options})"
    if is_tle(text.decode(errors="replace")):
        return _of_lines(quoted)
    if b"NORAD_CAT_ID" in text.split(b"\n", 1)[0]:
        options = "header = true, all_varchar = true, union_by_name = true"
        present = [each.strip().strip('"') for each in text.split(b"\n", 1)[0].decode().split(",")]
        missing = "".join(f", NULL::VARCHAR AS {name}" for name in _TEXTS if name not in present)
        return f"SELECT {_of_texts()} FROM (SELECT *{missing} FROM read_csv({quoted}, {options}))"
    raise ResponseError(
        f"{path.name} has no element sets: it is neither OMM in JSON or CSV, nor TLE, nor Parquet.",
        remedy="Provide gp_history of Space-Track, yearly TLE files, or files of this archive.",
    )


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"\x1f\x8b"):
        with gzip.open(path) as unpacked:
            return unpacked.read(_HEAD)
    return head


def _of_texts() -> str:
    columns = [f"{_of_text(each)} AS {each.name}" for each in STORED]
    return ", ".join([*columns, f"{_NAME} AS name", f"TRY_CAST(trim({_KIND}) AS BIGINT) AS kind"])


def _of_text(column: Column) -> str:
    if column.name == "source":
        return f"'{CELESTRAK.name}'"
    if column.name in _FIELDS:
        return f"TRY_CAST(trim({_FIELDS[column.name]}) AS {TYPES[column.kind]})"
    return f"NULL::{TYPES[column.kind]}"


def _of_parquet() -> str:
    """Return the columns of a file of the archive, which tells nothing of lists here."""
    columns = [
        f"NULL::{TYPES[each.kind]} AS {each.name}"
        if each.name == "observed_utc"
        else f"CAST({each.name} AS {TYPES[each.kind]}) AS {each.name}"
        for each in STORED
    ]
    return ", ".join([*columns, "NULL::VARCHAR AS name", "0::BIGINT AS kind"])


def _of_lines(quoted: str) -> str:
    """Return a SELECT of the sets in TLE, of which both lines have their checksum and number."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    number = f"""CASE WHEN regexp_matches(substr(a, 3, 1), '[A-Z]')
                 THEN 10000 * (9 + position(substr(a, 3, 1) IN '{letters}'))
                      + TRY_CAST(substr(a, 4, 4) AS BIGINT)
                 ELSE TRY_CAST(trim(substr(a, 3, 5)) AS BIGINT) END"""
    year = "TRY_CAST(substr(a, 19, 2) AS BIGINT)"
    epoch = (
        f"make_timestamp(CASE WHEN {year} >= 57 THEN 1900 ELSE 2000 END + {year}, 1, 1, 0, 0, 0)"
        " + to_days((TRY_CAST(trim(substr(a, 21, 3)) AS INTEGER) - 1)::INTEGER)"
        " + to_microseconds(864 * TRY_CAST(substr(a, 25, 8) AS BIGINT))"
    )
    values = {
        "epoch_utc": epoch,
        "norad_cat_id": number,
        "source": f"'{CELESTRAK.name}'",
        "observed_utc": "NULL::TIMESTAMP",
        "creation_utc": "NULL::TIMESTAMP",
        "mean_motion_rev_per_day": "TRY_CAST(trim(substr(b, 53, 11)) AS DOUBLE)",
        "eccentricity": "TRY_CAST('0.' || trim(substr(b, 27, 7)) AS DOUBLE)",
        "inclination_deg": "TRY_CAST(trim(substr(b, 9, 8)) AS DOUBLE)",
        "raan_deg": "TRY_CAST(trim(substr(b, 18, 8)) AS DOUBLE)",
        "arg_of_pericenter_deg": "TRY_CAST(trim(substr(b, 35, 8)) AS DOUBLE)",
        "mean_anomaly_deg": "TRY_CAST(trim(substr(b, 44, 8)) AS DOUBLE)",
        "bstar": _implied(54),
        "mean_motion_dot": "TRY_CAST(trim(substr(a, 34, 10)) AS DOUBLE)",
        "mean_motion_ddot": _implied(45),
        "rev_at_epoch": "coalesce(TRY_CAST(trim(substr(b, 64, 5)) AS BIGINT), 0)",
        "element_set_no": "coalesce(TRY_CAST(trim(substr(a, 65, 4)) AS BIGINT), 0)",
    }
    columns = ", ".join(f"{values.get(each.name, 'NULL')} AS {each.name}" for each in STORED)
    return f"""
        SELECT {columns}, trim(CASE WHEN before LIKE '0 %' THEN substr(before, 3) ELSE before END)
                   AS name,
               CASE WHEN {_is_sound("a")} AND {_is_sound("b")}
                         AND substr(a, 3, 5) = substr(b, 3, 5)
                    THEN coalesce(TRY_CAST(substr(a, 63, 1) AS BIGINT), 0) END AS kind_or_null,
               coalesce(kind_or_null, 9) AS kind
        FROM (SELECT line AS a, lead(line) OVER (ORDER BY number) AS b,
                     lag(line) OVER (ORDER BY number) AS before
              FROM (SELECT rtrim(line, chr(13) || ' ') AS line, row_number() OVER () AS number
                    FROM read_csv({quoted}, columns = {{'line': 'VARCHAR'}}, header = false,
                                  delim = '\x01', quote = '', escape = '', auto_detect = false,
                                  strict_mode = false)))
        WHERE a LIKE '1 %' AND b LIKE '2 %'"""


def _implied(start: int) -> str:
    """Return SQL of a number with an implied decimal point and an exponent."""
    mantissa = f"trim(substr(a, {start + 1}, 5))"
    sign = f"CASE WHEN substr(a, {start}, 1) = '-' THEN '-' ELSE '' END"
    exponent = f"trim(substr(a, {start + 6}, 2))"
    return f"TRY_CAST({sign} || '0.' || {mantissa} || 'e' || {exponent} AS DOUBLE)"


def _is_sound(line: str) -> str:
    """Return SQL of whether a line has its length, and its checksum if it has one."""
    body = f"left({line}, 68)"
    total = " + ".join(
        f"{digit} * (68 - length(replace({body}, '{digit}', '')))" for digit in range(1, 10)
    )
    minus = f"(68 - length(replace({body}, '-', '')))"
    return f"""(length({line}) = 68 OR length({line}) = 69
                AND substr({line}, 69, 1) = (({total} + {minus}) % 10)::VARCHAR)"""
