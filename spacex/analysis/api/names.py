"""Satellites by name, catalogue number or designator; tables and views by name."""

import re
from pathlib import Path

from spacex.analysis.queries import query
from spacex.errors import DataError, QueryError
from spacex.schema import TABLES
from spacex.settings.values import nearest, nearest_of_all
from spacex.units import plain_text
from spacex.warehouse.views import VIEWS

_DESIGNATOR = re.compile(r"(\d{4})-?(\d{3})([A-Z]{1,3})")
_LAUNCH = re.compile(r"\d{4}-\d{3}")
_OTHER_NUMBER = """
    SELECT DISTINCT norad_cat_id FROM v_other_numbers
    WHERE CAST(other_norad_cat_id AS TEXT) = ? ORDER BY 1"""


def find_number(database: Path, which: int | str) -> int:
    """Return the catalogue number of a satellite.

    Args:
        database: the database.
        which: name, catalogue number or international designator, in upper or lower case. A number
            may be a former one, or one by which only a catalogue has the satellite.

    Raises:
        DataError: there is no such satellite, or several have the name.
        DatabaseError: the database is missing or unreadable.
    """
    text = re.sub(r"\s+", "-", plain_text(str(which)).strip().upper())
    if text.isdecimal():
        column, name = "CAST(norad_cat_id AS TEXT)", text.lstrip("0")
    elif found := _DESIGNATOR.fullmatch(text):
        column, name = "object_id", f"{found[1]}-{found[2]}{found[3]}"
    else:
        column, name = "upper(replace(object_name, ' ', '-'))", text
    rows = query(database, f"SELECT norad_cat_id FROM starlink WHERE {column} = ?", [name])
    numbers = rows["norad_cat_id"].tolist()
    if not numbers and text.isdecimal():
        numbers = query(database, _OTHER_NUMBER, [name])["norad_cat_id"].tolist()
    if len(numbers) == 1:
        return int(numbers[0])
    if numbers:
        listed = ", ".join(map(str, numbers[:10]))
        raise DataError(
            f"{len(numbers)} satellites have the name {which}.", f"Give a number: {listed}."
        )
    _require_no_launch(database, plain_text(str(which)).strip())
    known = query(database, f"SELECT {column} AS known FROM starlink")["known"].dropna().tolist()
    hint = nearest_of_all(name, known) if re.search("[A-Z]", text) else "."
    raise DataError(
        f"There is no Starlink satellite {which!r}{hint}",
        "Give a name, a catalogue number or a designator such as 2021-040B.",
    )


def _require_no_launch(database: Path, which: str) -> None:
    """Check that a text is neither the designator nor the name of a launch.

    Raises:
        DataError: it is.
    """
    sql = """SELECT name, launch_designator FROM launches
             WHERE launch_designator = ?1 OR lower(name) = lower(?1) LIMIT 1"""
    found = [*query(database, sql, [which]).itertuples(index=False, name=None)]
    if not (found or _LAUNCH.fullmatch(which)):
        return
    name, designator = found[0] if found else ("", which)
    column, value = ("launch_designator", designator) if designator else ("launch", name)
    raise DataError(
        f"{which} is a launch{f' ({name})' if name and name != which else ''}, not a satellite.",
        f"Its satellites are those with {column} {value!r} in `spacex.satellites()`.",
    )


def table_name(name: object) -> str:
    """Return the name of a table or view.

    Raises:
        QueryError: there is none of that name.
    """
    if isinstance(name, str) and name in {*TABLES, *VIEWS}:
        return name
    near = nearest(str(name), [*TABLES, *VIEWS]) or nearest(f"v_{name}", list(VIEWS))
    raise QueryError(
        f"There is no table or view {name!r}{near or '.'}", "docs/data-dictionary.md lists them."
    )
