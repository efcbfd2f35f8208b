"""GCAT, the General Catalog of Artificial Space Objects by Jonathan McDowell.

The standard catalogue has the objects with a number of the US catalogue (`S46112`), the auxiliary
one those without (`A10836`). GCAT alone knows the satellites that were lost before they got one.
The format is defined at https://planet4589.org/space/gcat/web/cat/cols.html.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from spacex.errors import ResponseError
from spacex.schema.shared import LAUNCH_DESIGNATOR
from spacex.sources.gcat_launches import LAUNCH_HEADER, LAUNCHES
from spacex.sources.mapping import Coded, Parsed, TableMapping, decimal, whole
from spacex.sources.record import NOT_UTF8
from spacex.sources.request_rules import OncePerWindow
from spacex.sources.source import Endpoint, Source, endpoints
from spacex.sources.tsv_records import tsv_records, updated_utc
from spacex.sources.vague_dates import first_day, is_uncertain, precision

OBJECT_HEADER = (
    *("JCAT", "Satcat", "Launch_Tag", "Piece", "Type", "Name", "PLName", "LDate", "Parent"),
    *("SDate", "Primary", "DDate", "Status", "Dest", "Owner", "State", "Manufacturer", "Bus"),
    *("Motor", "Mass", "MassFlag", "DryMass", "DryFlag", "TotMass", "TotFlag", "Length", "LFlag"),
    *("Diameter", "DFlag", "Span", "SpanFlag", "Shape", "ODate", "Perigee", "PF", "Apogee", "AF"),
    *("Inc", "IF", "OpOrbit", "OQUAL", "AltNames"),
)
_OBJECT_FIELDS = (
    *("JCAT", "Launch_Tag", "Piece", "Type", "Name", "PLName", "LDate", "DDate", "Status"),
    *("Bus", "Mass"),
)
_STARLINK = ("Starlink", "Tintin")
_GROUP = re.compile(r"(.*?Group \d+-\d+|.*?)(?:-\d+)?")

OBJECT_TYPES = {
    "P": "payload",
    "C": "component",
    "R": "rocket body",
    "D": "debris",
    "S": "suborbital payload",
    "X": "deleted entry",
    "Z": "spurious entry",
}
"""First byte of `Type` → `object_type`."""

FATES = {
    "O": "in orbit",
    "AO": "in orbit, attached",
    "R": "re-entered",
    "R?": "re-entered",
    "AR": "re-entered, attached",
    "D": "deorbited",
    "L": "landed",
    "AL": "landed, attached",
    "S": "suborbital",
    "AS": "suborbital, attached",
    "E": "exploded",
    "ERR": "spurious entry",
}
"""`Status` → `fate`."""


def is_starlink(record: Mapping[str, Any]) -> bool:
    """Return whether a record is named after Starlink or is on its bus.

    A record that cannot be read counts, so that validation rejects it.
    """
    if "Bus" not in record:
        return True
    names = (record["Name"], record["PLName"], record["Bus"])
    return any(name and (NOT_UTF8 in name or name.startswith(_STARLINK)) for name in names)


def catalogue_number(jcat: str) -> int | None:
    """Return the number in the US catalogue; None if the object has none.

    >>> catalogue_number("S46112"), catalogue_number("S000100000"), catalogue_number("A10836")
    (46112, 100000, None)
    """
    return whole(jcat[1:]) if jcat.startswith("S") else None


def group_name(name: str) -> str:
    """Return the group of a satellite, without its number in it.

    >>> group_name("Starlink Group 4-7-01"), group_name("Starlink V1.0-L1-60")
    ('Starlink Group 4-7', 'Starlink V1.0-L1')
    """
    found = _GROUP.fullmatch(name)
    return found[1] if found else name


def _records(body: bytes, origin: str) -> Iterator[dict[str, Any]]:
    """Yield the records of a table of objects, each with the instant at its head as `Updated`."""
    updated = updated_utc(body) or None
    for record in tsv_records(body, origin, header=OBJECT_HEADER, fields=_OBJECT_FIELDS):
        yield record | {"Updated": updated}


def _piece(text: str) -> str | None:
    """Return a designator; None for a launch alone, which GCAT gives to what has no piece of it."""
    return None if re.fullmatch(LAUNCH_DESIGNATOR.pattern, text) else text


OBJECTS = Endpoint(
    "objects",
    (
        TableMapping(
            table="catalogue_objects",
            columns={
                "catalogue_id": "JCAT",
                "norad_cat_id": Parsed("JCAT", catalogue_number),
                "object_name": "Name",
                "object_id": Parsed("Piece", _piece),
                "launch_designator": "Launch_Tag",
                "object_type": Parsed("Type", lambda text: OBJECT_TYPES.get(text[0], text)),
                "launch_date": Parsed("LDate", first_day),
                "launch_precision": Parsed("LDate", precision),
                "decay_date": Parsed("DDate", first_day),
                "decay_precision": Parsed("DDate", precision),
                "decay_is_uncertain": Parsed("DDate", is_uncertain),
                "fate": Coded("Status", FATES),
                "bus": "Bus",
                "mass_kg": Parsed("Mass", decimal),
                "group_name": Parsed("PLName", group_name),
                "observed_utc": "Updated",
            },
        ),
    ),
    records=_records,
    is_json=False,
    in_scope=is_starlink,
    adds_to=("starlink",),
)


def find_table(body: bytes, name: str) -> tuple[Endpoint, str] | None:
    """Return the endpoint and the file of a table of GCAT; None if the body is not such a table.

    Args:
        body: the content.
        name: its name, for messages.

    Raises:
        ResponseError: it is another table of GCAT, or several in one.
    """
    heading, *lines = body.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    columns = [each.strip() for each in heading.decode(errors="replace").split("\t")]
    if columns[0] == f"#{LAUNCH_HEADER[0]}" and LAUNCH_HEADER[1] in columns:
        return LAUNCHES, ""
    if columns[0] != f"#{OBJECT_HEADER[0]}":
        return None
    rows = (line.partition(b"\t")[0].strip() for line in lines)
    files = {_file(jcat) for jcat in rows if not jcat.startswith(b"#")} - {""}
    if len(set(OBJECT_HEADER) & set(columns)) < len(OBJECT_HEADER) / 2 or len(files) != 1:
        raise ResponseError(
            f"{name} is not one of the tables of GCAT that are used.",
            remedy="Provide satcat.tsv, satcat100k.tsv, auxcat.tsv or launch.tsv, each by itself.",
        )
    return OBJECTS, files.pop()


def _file(jcat: bytes) -> str:
    """Return the file that has an object; empty if it is not used."""
    match jcat[:1]:
        case b"S":
            return "satcat" if len(jcat) <= len("S99999") else "satcat100k"
        case b"A":
            return "auxcat"
    return ""


GCAT = Source(
    name="gcat",
    title="GCAT by Jonathan McDowell (catalogue of objects and launches)",
    licence="CC BY 4.0: McDowell, Jonathan C., General Catalog of Artificial Space Objects, "
    "https://planet4589.org/space/gcat",
    endpoints=endpoints(OBJECTS, LAUNCHES),
    rules=OncePerWindow(
        files={
            OBJECTS.name: {
                name: f"/tsv/cat/{name}.tsv" for name in ("satcat", "satcat100k", "auxcat")
            },
            LAUNCHES.name: {"": "/tsv/launch/launch.tsv"},
        },
        window=timedelta(days=7),
        retry_after=timedelta(days=1),
    ),
    is_live=True,
    lag=timedelta(days=30),
)
