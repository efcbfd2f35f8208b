"""Manual files of catalogues: SATCAT and GCAT, recognized by their content.

A catalogue is stored once by content, and a run uses the newest one. Its date is the one in the
name of the file; without it, the one at the head of a table of GCAT, or else the newest launch or
decay date.
"""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from spacex.errors import DataError, SettingsError
from spacex.extract.manual_files import date_in_name, manual_response, shown_name
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.pipeline.services import used_services
from spacex.settings import Settings
from spacex.sources import GCAT, SATCAT, Source, gcat, satcat
from spacex.sources.request_rules import OncePerWindow
from spacex.sources.source import Endpoint
from spacex.sources.tsv_records import updated_utc
from spacex.transform.tables import TidyTable, tidy_tables
from spacex.units import utc_instant, utc_now, utc_text

_DATES = {"catalogue_objects": ("launch_date", "decay_date"), "launches": ("date_utc",)}
"""Table of a catalogue → its columns with dates of the past."""


class Catalogue(NamedTuple):
    """A kind of catalogue: its source and endpoint, and the file of these that it is."""

    source: Source
    endpoint: Endpoint
    part: str = ""


def find_catalogue(body: bytes, name: str) -> Catalogue | None:
    """Return which catalogue a file is; None if it is none.

    Args:
        body: the content of the file.
        name: its name, for messages.

    Raises:
        ResponseError: it is a table of GCAT that is not used.
    """
    if satcat.is_satcat(body):
        return Catalogue(SATCAT, satcat.OBJECTS)
    if found := gcat.find_table(body, name):
        return Catalogue(GCAT, *found)
    return None


def store_catalogue(
    settings: Settings, path: Path, body: bytes, kind: Catalogue
) -> tuple[Snapshot, TidyTable]:
    """Store a file of a catalogue, unless its content is stored; return its snapshot and table.

    Args:
        settings: the folder of snapshots, and the sources.
        path: the file.
        body: its content.
        kind: which catalogue it is.

    Raises:
        SettingsError: its source is not used, or the date in its name is invalid.
        DataError: it has nothing in scope, or no date.
        ResponseError: it does not have the format of the catalogue.
        StorageError: a file cannot be written.
    """
    source, endpoint, part = kind
    name = shown_name(path)
    if source not in used_services(settings):
        raise SettingsError(
            f"{name} is of the source {source.name}, which SPACEX_SOURCES leaves out.",
            remedy=f"Add {source.name} to SPACEX_SOURCES.",
        )
    now = utc_now()
    records = endpoint.records(body, name)
    tables = tidy_tables(endpoint, source.name, records, utc_text(now))
    table = next(each for each in tables if each.table.name in _DATES)
    if table.frame.empty and not part:  # one of several files may have nothing of SpaceX
        content = "Starlink" if table.table.name == "catalogue_objects" else "launch of SpaceX"
        raise DataError(f"{name} contains no {content}.", remedy="Provide another catalogue.")
    store = SnapshotStore(settings.raw_dir)
    sha256 = hashlib.sha256(body).hexdigest()
    for known in store.all(source.name, endpoint.name):
        if (known.sha256, known.part) == (sha256, part):
            return known, table
    response = manual_response(path, min(_date(body, name, table), now), body)
    count = endpoint.count(body, name)
    return store.save(source, endpoint.name, response, count, part=part), table


def missing_files(settings: Settings, kind: Catalogue) -> list[str]:
    """Return the names of the files without which those of a catalogue are not used."""
    rules = kind.source.rules
    files = rules.files[kind.endpoint.name] if isinstance(rules, OncePerWindow) else ()
    stored = SnapshotStore(settings.raw_dir).all(kind.source.name, kind.endpoint.name)
    return [name for name in files if name not in {each.part for each in stored}]


def _date(body: bytes, name: str, table: TidyTable) -> datetime:
    """Return the instant of a catalogue.

    Raises:
        SettingsError: the date in its name is invalid.
        DataError: it has no date.
    """
    if dates := date_in_name(name):
        return dates[1]
    if updated := updated_utc(body):
        return utc_instant(updated)
    known = pd.concat([table.frame[column] for column in _DATES[table.table.name]]).dropna()
    if known.empty:
        raise DataError(
            f"{name} has no date in its name, and its objects have none.",
            remedy="Rename it with the date of the catalogue, such as satcat_2025-05-18.csv.",
        )
    return utc_instant(f"{known.max()[:10]}T23:59:59Z")
