"""The pages of each launch, booster and satellite.

Launches and boosters have a page each. The satellites are too many for that: one page shows any of
them, from files of data with some satellites each.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacex.analysis import queries
from spacex.analysis.withheld import ELEMENT_SETS
from spacex.dashboard.pages.satellite.satellite_data import prepared
from spacex.dashboard.static_edition.links import SATELLITE_PAGE, Links, life_file
from spacex.dashboard.static_edition.session_pages import SessionPages, Shown
from spacex.dashboard.ui.markup import tag
from spacex.dashboard.ui.page import Page
from spacex.dashboard.ui.static_tree import Part
from spacex.errors import DataError

_WITHHELD = f"""
    SELECT norad_cat_id FROM starlink WHERE (norad_cat_id, epoch_utc, source) IN (
        SELECT norad_cat_id, epoch_utc, source FROM starlink_elements
        WHERE {ELEMENT_SETS.condition})"""  # noqa: S608 - declared
_ELEMENTS = "Orbital elements"

SHARD = 100
"""Satellites in a file of data."""

Shard = dict[str, Any]


@dataclass(frozen=True)
class Lives:
    """The keys of all launches, boosters and satellites, and their files."""

    launches: dict[str, str]
    boosters: dict[str, str]
    satellites: list[int]

    @classmethod
    def read(cls, database: Path) -> "Lives":
        """Return those of a database."""

        def column(sql: str) -> list[Any]:
            return queries.query(database, sql).iloc[:, 0].tolist()

        launches = column("SELECT DISTINCT coalesce(launch_designator, name) FROM v_launches")
        boosters = column("SELECT serial FROM v_boosters WHERE flights AND serial IS NOT NULL")
        return cls(
            {key: life_file("launch", key) for key in sorted(filter(None, launches))},
            {key: life_file("booster", key) for key in sorted(boosters)},
            column("SELECT norad_cat_id FROM v_starlink ORDER BY norad_cat_id"),
        )

    def links(self, pages: dict[str, str], launch: Page, database: Path) -> Links:
        """Return the files to which links lead.

        Args:
            pages: the name of a page → its file.
            launch: the page of a launch, which knows launches by their names as well.
            database: the database.
        """
        numbers = {str(each) for each in self.satellites}
        subject = launch.subject

        def of_launch(text: str) -> str | None:
            if text not in self.launches and subject:
                try:
                    text = subject.find(database, text)
                except DataError:
                    return None
            return self.launches.get(text)

        def of_satellite(text: str) -> str | None:
            return f"{SATELLITE_PAGE}#{text}" if text in numbers else None

        found: dict[tuple[str, str], Callable[[str], str | None]] = {
            ("launch", "mission"): of_launch,
            ("booster", "booster"): self.boosters.get,
            ("satellite", "satellite"): of_satellite,
        }
        return Links(pages, found)

    def shards(self) -> Iterator[list[int]]:
        """Yield the numbers of the satellites of each file of data."""
        for start in range(0, len(self.satellites), SHARD):
            yield self.satellites[start : start + SHARD]


def shard(pages: SessionPages, database: Path, numbers: Sequence[int]) -> Shard:
    """Return the lives of some satellites: their pages, and a pool of what these share.

    Args:
        pages: the pages of the dashboard.
        database: the database.
        numbers: the catalogue numbers.
    """
    pool = _Pool()
    lives = {}
    withheld = set(queries.query(database, _WITHHELD)["norad_cat_id"])
    with prepared(database, list(map(str, numbers))):
        for number in numbers:
            shown = pages.show(f"page=satellite&satellite={number}")
            grid = shown.body.parts[0].parts[-1]
            panels = [each for each in grid.parts if "finder" not in each.classes]
            if number in withheld:
                panels = [_without_elements(each) for each in panels]
            lives[str(number)] = {
                "title": shown.title,
                "parts": [_part_data(each, pool) for each in panels],
            }
    return {"pool": pool.values, "lives": lives}


def shell(shown: Shown, numbers: Sequence[int], fallback: int) -> None:
    """Make the page of one satellite the page of any.

    Args:
        shown: the page of one satellite, which is changed.
        numbers: the first number of each file of data.
        fallback: the number of the satellite to show if the address names none.
    """
    grid = shown.body.parts[0].parts[-1]
    grid.parts = [each for each in grid.parts if "finder" in each.classes]
    lives = Part(
        ["grid"],
        [["noscript", {}, ["p", {}, "The lives of satellites need JavaScript."]]],
        drawing={"kind": "lives", "firsts": list(numbers), "fallback": fallback},
    )
    shown.body.parts[0].parts.append(lives)


def _without_elements(panel: Part) -> Part:
    """Return a panel; why it is left out, if it has elements that may not be passed on."""
    if not any(["h3", {}, _ELEMENTS] in each.nodes for each in panel.all()):
        return panel
    reason = tag("p", f"Left out: {ELEMENT_SETS.reason}.", class_="note")
    return Part(panel.classes, parts=[Part(["markup"], [tag("h3", _ELEMENTS), reason])])


class _Pool:
    """Values that are kept once, by their number."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._numbers: dict[str, int] = {}

    def number(self, value: Any) -> int:
        text = json.dumps(value)
        if text not in self._numbers:
            self._numbers[text] = len(self.values)
            self.values.append(value)
        return self._numbers[text]


def _part_data(part: Part, pool: _Pool) -> dict[str, Any]:
    """Return a part for `made` of edition.js."""
    found: dict[str, Any] = {"c": " ".join(part.classes)}
    if part.nodes:
        found["n"] = part.nodes
    if part.parts:
        found["p"] = [_part_data(each, pool) for each in part.parts]
    if part.drawing is not None:
        found["d"] = pool.number(_drawing_data(dict(part.drawing), pool))
    return found


def _drawing_data(drawing: dict[str, Any], pool: _Pool) -> dict[str, Any]:
    if drawing["kind"] != "chart":
        return drawing
    datasets = {
        name: {key: pool.number(column) for key, column in columns.items()}
        for name, columns in drawing["datasets"].items()
    }
    return {**drawing, "spec": pool.number(drawing["spec"]), "datasets": datasets}
