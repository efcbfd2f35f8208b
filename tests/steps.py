"""The stages of a run on explicit settings."""

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from spacex.extract.extractor import Extractor, Service
from spacex.extract.http_client import Client, Limits
from spacex.extract.run_folder import Manifest, Mode, Run
from spacex.extract.snapshots import SnapshotStore
from spacex.schema import CONTENT_TABLES
from spacex.settings import Settings
from spacex.sources import services
from spacex.transform import TidyTable, transform_run
from spacex.transform.merge import merge_sources
from spacex.warehouse.connection import reading
from spacex.warehouse.guards import published_sources
from spacex.warehouse.load import load
from spacex.warehouse.staging import stage


def limits(settings: Settings) -> Limits:
    """The settings' limits, with waits too short to notice."""
    return Limits(
        connect_timeout_s=settings.connect_timeout_s,
        read_timeout_s=settings.read_timeout_s,
        total_timeout_s=settings.total_timeout_s,
        attempts=settings.attempts,
        backoff_s=0.01,
        longest_wait_s=0.1,
        max_bytes=int(settings.max_response_mb * 2**20),
    )


def extract(
    settings: Settings,
    mode: Mode,
    run_id: str = "one",
    only: Sequence[str] = (),
    as_of_utc: str = "",
) -> Manifest:
    """Extract, from the services that the settings name, at their addresses."""
    used = services(settings.sources.split(","))
    with Client("SpaceX-Insights/test", limits(settings)) as client:
        extractor = Extractor(
            store=SnapshotStore(settings.raw_dir),
            client=client,
            services=tuple(Service(each, settings.addresses[each.name]) for each in used),
            published=published_sources(settings.database),
            as_of_utc=as_of_utc,
        )
        manifest = extractor.extract(run_id, mode, only)
    Run(settings.runs_dir, run_id).write_manifest(manifest)
    return manifest


def staged(settings: Settings, manifest: Manifest) -> tuple[Run, list[TidyTable]]:
    """Transform: the run with its staging database, and its tables."""
    run = Run(settings.runs_dir, manifest.run_id)
    store = SnapshotStore(settings.raw_dir)
    tables = merge_sources(transform_run(manifest, store))
    stage(run.staging, manifest, tables)
    return run, tables


def publish(
    settings: Settings,
    mode: Mode,
    run_id: str = "one",
    only: Sequence[str] = (),
    *,
    accept_shrink: bool = False,
    as_of_utc: str = "",
) -> Manifest:
    """A whole run: extract, transform, load."""
    manifest = extract(settings, mode, run_id, only, as_of_utc)
    run, _ = staged(settings, manifest)
    load(run, settings, accept_shrink=accept_shrink)
    return manifest


def at(settings: Settings, **changes: object) -> Settings:
    """The settings with some of them changed."""
    return settings.model_copy(update=changes)


def rows(database: Path, sql: str, *parameters: object) -> list[tuple[object, ...]]:
    """The rows of a SELECT."""
    with reading(database) as connection:
        return connection.execute(sql, parameters).fetchall()


def value(database: Path, sql: str) -> object:
    """The one value a SELECT gives."""
    ((found,),) = rows(database, sql)
    return found


def content(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every content table."""
    with closing(sqlite3.connect(database)) as connection:
        return {
            table.name: connection.execute(
                f"SELECT * FROM {table.name} ORDER BY {', '.join(table.key)}"  # noqa: S608
            ).fetchall()
            for table in CONTENT_TABLES
        }


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
