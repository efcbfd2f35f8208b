"""Manual files of catalogues: SATCAT and GCAT, recognized by their content.

A catalogue is stored once by content and date, and a run uses the newest one. It is stored under
the date in the name of the file; without it, under that of its data: see
`spacex.transform.catalogue_date`.
"""

from functools import partial
from typing import NamedTuple

from spacex.errors import DataError
from spacex.extract.file_name_dates import Dates, date_in_name
from spacex.extract.list_dates import DATE_TOLERANCE, date_of
from spacex.extract.snapshots import SnapshotStore
from spacex.pipeline.manual_snapshots import ManualSnapshots
from spacex.settings import Settings
from spacex.sources import GCAT, SATCAT, Source, gcat, satcat
from spacex.sources.request_rules import OncePerWindow
from spacex.sources.source import Endpoint
from spacex.sources.tsv_records import updated_utc
from spacex.transform.catalogue_date import newest_date
from spacex.transform.manual_content import Fates, ManualContent
from spacex.transform.tables import TidyTable, tidy_tables
from spacex.units import utc_instant, utc_now, utc_text

_TABLES = ("catalogue_objects", "launches")
"""The tables of catalogues."""
_LATE_SHARE = 0.01
"""Share of a catalogue that may be later than its date."""


class Catalogue(NamedTuple):
    """A kind of catalogue: its source and endpoint, and the file of these that it is."""

    source: Source
    endpoint: Endpoint
    part: str = ""


def find_catalogue(body: bytes, name: str) -> Catalogue | None:
    """Return which catalogue a file is; None if it is not one.

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


def catalogue_snapshots(settings: Settings, kind: Catalogue) -> ManualSnapshots:
    """Return the stored files of a catalogue, to add one.

    Raises:
        SnapshotError: a sidecar cannot be read.
    """
    source, endpoint, part = kind
    read = partial(_read, kind=kind)
    return ManualSnapshots(settings.raw_dir, source, endpoint.name, read, part=part)


def _read(body: bytes, name: str, kind: Catalogue) -> ManualContent:
    """Read a file of a catalogue.

    Raises:
        SettingsError: the date in its name is invalid.
        DataError: it has nothing in scope, no date, or one that its content contradicts.
        ResponseError: it does not have the format of the catalogue.
    """
    source, endpoint, part = kind
    tables = tidy_tables(endpoint, source.name, endpoint.records(body, name), utc_text(utc_now()))
    table = next(each for each in tables if each.table.name in _TABLES)
    if table.frame.empty and not part:  # one of several files may have nothing of SpaceX
        content = "Starlink" if table.table.name == "catalogue_objects" else "launch of SpaceX"
        raise DataError(f"{name} contains no {content}.", remedy="Provide another catalogue.")
    newest = _newest(body, table)
    dates = date_in_name(name)
    if dates:
        _check_date(name, dates, updated_utc(body), table)
    dates = dates or newest
    if dates is None:
        raise DataError(
            f"{name} has no date in its name, and its objects have none.",
            remedy="Rename it with the date of the catalogue, such as satcat_2025-05-18.csv.",
        )
    fates = Fates(
        records=table.rows_in,
        loaded=len(table.frame),
        rejected=table.rows_rejected,
        duplicate=table.rows_duplicate,
        out_of_scope=table.rows_out_of_scope,
    )
    return ManualContent(
        dates=dates,
        newest=(newest or dates)[1],
        record_count=endpoint.count(body, name),
        fates=fates,
    )


def _check_date(name: str, dates: Dates, updated: str, table: TidyTable) -> None:
    """Check that a catalogue is not newer than the date in its name.

    Some launches and decays may be later, which are predicted or in error.

    Args:
        name: the name of the file.
        dates: the date in it.
        updated: the instant at the head of the file; empty if it has none.
        table: its objects or launches.

    Raises:
        DataError: it is newer.
    """
    latest = f"{dates[1] + DATE_TOLERANCE:%Y-%m-%d}"
    of_event = "launch_date" if "launch_date" in table.frame else "date_utc"
    events = table.frame[of_event].dropna().str[: len(latest)]
    newest = max(updated[: len(latest)], latest)
    if (events > latest).sum() > max(1, _LATE_SHARE * len(events)):
        newest = str(events.max())
    if newest > latest:
        raise DataError(
            f"{name} is dated {dates[1]:%Y-%m-%d}, but its content is of {newest}.",
            remedy="Rename the file with the date of the catalogue, or download it again.",
        )


def missing_files(settings: Settings, kind: Catalogue) -> list[str]:
    """Return the names of the files without which those of a catalogue are not used."""
    rules = kind.source.rules
    files = rules.files[kind.endpoint.name] if isinstance(rules, OncePerWindow) else ()
    stored = SnapshotStore(settings.raw_dir).all(kind.source.name, kind.endpoint.name)
    return [name for name in files if name not in {each.part for each in stored}]


def _newest(body: bytes, table: TidyTable) -> Dates | None:
    """Return the date at the head of a table of GCAT, or the newest date in it, if any."""
    if updated := updated_utc(body):
        instant = utc_instant(updated)
        return instant, instant
    newest = newest_date(table.frame)
    return date_of(newest) if newest else None
