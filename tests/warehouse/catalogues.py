"""Catalogues and GP lists for tests, and runs that publish them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from spacex.schema import TABLES
from spacex.settings import Settings
from spacex.sources.gcat_launches import LAUNCH_HEADER
from spacex.units import utc_now
from tests.clock import Clock
from tests.conftest import settings_in
from tests.example_records import omm, omm_json
from tests.replica import Replica
from tests.service_replicas import CelesTrak
from tests.sources.test_gcat import SATELLITE, UPDATED, tsv
from tests.sources.test_gcat_launches import LAUNCH
from tests.stages import at, content, publish, rows

EPOCH = "2026-10-31T00:00:00"
VANGUARD = {"JCAT": "S00005", "Name": "Vanguard 1", "Bus": "-", "PLName": "-"}


@dataclass
class Setup:
    """Services whose responses a test sets, and a folder to publish to.

    Attributes:
        used: the services that a run uses, in order.
    """

    settings: Settings
    clock: Clock
    celestrak: CelesTrak
    files: Replica
    used: list[str] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.settings.database

    def serve_satcat(self, body: bytes, *, is_current: bool = True) -> None:
        if is_current:  # something is launched every day
            today = satcat_row(26, name="STARLINK-26 DEB", launch=f"{utc_now():%Y-%m-%d}")
            body += f"{today}\r\n".encode()
        self._serve("satcat", {"satcat.csv": body})

    def serve_gcat(
        self,
        numbered: bytes,
        auxiliary: bytes,
        *,
        updated: str = "2026 Dec 31 0109:52",
        launched: str = LAUNCH["Launch_Date"],
    ) -> None:
        """Serve tables of GCAT, with one launch; their date is at most that of the response."""
        files = {"satcat": numbered, "satcat100k": tsv(SATELLITE | VANGUARD), "auxcat": auxiliary}
        head = f"# Updated {updated}".encode()
        served = {
            f"gcat/tsv/cat/{name}.tsv": body.replace(UPDATED.encode(), head)
            for name, body in files.items()
        }
        launches = tsv(LAUNCH | {"Launch_Date": launched}, header=LAUNCH_HEADER)
        self._serve("gcat", served | {"gcat/tsv/launch/launch.tsv": launches})

    def serve_archive(self, folder: Path) -> None:
        names = [path.stem for path in folder.glob("*.json")]
        self._serve("spacexdata", {name: (folder / f"{name}.json").read_bytes() for name in names})

    def list_satellites(self, date: str, body: bytes) -> None:
        """Serve a list on a date, with element sets of that day unless they have other epochs."""
        self.clock.set(date)
        self.celestrak.publish(body.replace(EPOCH.encode(), f"{date[:10]}T00:00:00".encode()))
        self.used.append("celestrak")

    def publish(self) -> None:
        """Publish a run that uses the services seen so far."""
        self.clock.advance(minutes=1)
        publish(
            at(self.settings, sources=",".join(dict.fromkeys(self.used))),
            "auto",
            f"run{len(list(self.settings.runs_dir.glob('*')))}",
            accept_shrink=True,
        )

    def satellite(self, number: int, columns: str) -> tuple[object, ...]:
        """Return columns of the row of a satellite in `v_starlink`."""
        sql = f"SELECT {columns} FROM v_starlink WHERE norad_cat_id = ?"  # noqa: S608
        (found,) = rows(self.database, sql, number)
        return found

    def _serve(self, source: str, files: dict[str, bytes]) -> None:
        for name, body in files.items():
            self.files.serve(name, body)
        self.used.append(source)


def new_setup(
    folders: pytest.TempPathFactory, clock: Clock, celestrak: CelesTrak, files: Replica
) -> Setup:
    """Return a setup with an empty folder of its own."""
    settings = at(
        settings_in(folders.mktemp("setup")),
        base_url=files.url,
        celestrak_url=celestrak.gp_url,
        satcat_url=f"{files.url}/satcat.csv",
        gcat_url=f"{files.url}/gcat",
    )
    return Setup(settings, clock, celestrak, files)


def gp(*numbers: int, **fields: Any) -> bytes:
    """Return a GP list of satellites of launch 2024-129."""
    common = {"EPOCH": EPOCH} | fields
    pieces = {n: {"OBJECT_ID": f"2024-129{chr(64 + n)}"} for n in numbers}
    return omm_json(*(omm(n, **(pieces[n] | common)) for n in numbers))


def satcat_row(number: int, decay: str = "", name: str = "", launch: str = "2024-07-12") -> str:
    code = "D" if decay else "+"
    name = name or f"STARLINK-{number}"
    piece = f"2024-129{chr(64 + number)}"
    return f"{name},{piece},{number},PAY,{code},US,{launch},AFWTR,{decay},90,53,300,290,,,EA,IMP"


def gcat_row(number: int, **fields: str) -> dict[str, str]:
    piece = f"2024-129{chr(64 + number)}"
    own = {"JCAT": f"S{number:05}", "Launch_Tag": "2024-129", "Piece": piece}
    own |= {"Name": f"Starlink {number}", "PLName": f"Starlink Group 9-3-{number:02}"}
    return SATELLITE | own | {"LDate": "2024 Jul 12", "Bus": "Starlink V2M", "Mass": "730"} | fields


Load = Callable[[Setup], None]


def content_after(setup: Setup, loads: Sequence[Load]) -> dict[str, list[tuple[object, ...]]]:
    """Publish one run after each load; return the content."""
    for load in loads:
        load(setup)
        setup.publish()
    return content_of(setup)


def content_of(setup: Setup) -> dict[str, list[tuple[object, ...]]]:
    """Return the content of a setup, without the instants of responses.

    Forecasts are left out: they depend on what was known when they were made.
    """
    found = content(setup.database)
    del found["forecasts"]
    for table in ("starlink_elements", "catalogue_objects"):
        position = TABLES[table].column_names.index("observed_utc")
        found[table] = [(*row[:position], *row[position + 1 :]) for row in found[table]]
    return found


def ordered(lists: Sequence[Load], others: Sequence[Load], order: Sequence[int]) -> list[Load]:
    """Return the loads with each of the others after so many lists."""
    loads: list[Load] = []
    for count in range(len(lists) + 1):
        loads += [lists[count - 1]] if count else []
        loads += [load for load, after in zip(others, order, strict=True) if after == count]
    return loads
