"""What the browser searches: the names and numbers of satellites, launches and boosters."""

from pathlib import Path
from typing import Any

from spacex.analysis import queries
from spacex.dashboard.pages.search import BOOSTERS, LAUNCHES, SATELLITES
from spacex.dashboard.static_edition.links import SATELLITE_PAGE
from spacex.dashboard.static_edition.lives import Lives
from spacex.dashboard.ui.formatting import is_missing, shorten

_SATELLITES = "SELECT norad_cat_id, object_name, object_id FROM starlink ORDER BY norad_cat_id"
_OTHERS = "SELECT norad_cat_id, other_norad_cat_id FROM v_other_numbers"
_LAUNCHES = "SELECT name, date_text, launch_designator FROM v_launches"
_BOOSTERS = "SELECT serial, flights FROM v_boosters WHERE flights AND serial IS NOT NULL"

SATELLITE_SHELL = f"{SATELLITE_PAGE}#"


def search_index(database: Path, lives: Lives) -> list[dict[str, Any]]:
    """Return the rows to search of each kind.

    Args:
        database: the database.
        lives: the files of the pages.

    Returns:
        For each kind, `page`, with which the addresses begin, and rows of the label, the rest of
        the address, the name, and further texts and numbers that find it.
    """

    def rows(sql: str) -> list[tuple[Any, ...]]:
        return list(queries.query(database, sql).itertuples(index=False, name=None))

    numbers = set(lives.satellites)
    others: dict[int, list[int]] = {}
    for number, other in rows(_OTHERS):
        others.setdefault(int(number), []).append(int(other))
    satellites = [
        [
            f"{shorten(name)} ({number})",
            str(number),
            shorten(name),
            *([] if is_missing(designator) else [designator]),
            number,
            *others.get(number, []),
        ]
        for number, name, designator in rows(_SATELLITES)
        if number in numbers
    ]
    launches = [
        [
            shorten(f"{name}, {date}"),
            lives.launches[key],
            shorten(name),
            *([] if is_missing(designator) else [designator]),
        ]
        for name, date, designator in rows(_LAUNCHES)
        if (key := name if is_missing(designator) else designator) in lives.launches
    ]
    boosters = [
        [f"{serial}, flights: {flights:.0f}", lives.boosters[serial], serial]
        for serial, flights in rows(_BOOSTERS)
        if serial in lives.boosters
    ]
    return [
        {"kind": SATELLITES, "page": SATELLITE_SHELL, "rows": satellites},
        {"kind": LAUNCHES, "page": "", "rows": launches},
        {"kind": BOOSTERS, "page": "", "rows": boosters},
    ]
