"""The stages of a run: extract, transform and load.

The stages exchange data through the run's folder, so each can be repeated separately.
"""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from time import sleep

from spacex.errors import (
    DamagedDatabaseError,
    ImplausibleListError,
    SettingsError,
    StorageError,
)
from spacex.extract.as_of import EVERY_DAY, as_of_utc
from spacex.extract.extractor import Extractor
from spacex.extract.http_client import Limits
from spacex.extract.run_folder import MODES, Manifest, Mode, Run
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.pipeline.drop_in import add_notes, take_drop_in
from spacex.pipeline.implausible_list import use_loaded_list
from spacex.pipeline.later_records import SET_CLOCK, later_record
from spacex.pipeline.proxies import check_network
from spacex.pipeline.rewind import rewind
from spacex.pipeline.services import base_urls, http_client, used_services
from spacex.pipeline.unloaded_lists import unusable_lists
from spacex.pipeline.upgrade import upgrade
from spacex.settings import Settings
from spacex.sources import SAMPLE, check_endpoints
from spacex.transform import TidyTable, transform_run
from spacex.transform.merge import merge_sources
from spacex.warehouse.guards import published_endpoints
from spacex.warehouse.load import load as publish
from spacex.warehouse.staging import stage


def extract(  # noqa: PLR0913 - the parameters of a run, and what tests replace
    settings: Settings,
    run_id: str = "",
    source: str = "auto",
    base_url: str = "",
    only: Sequence[str] = (),
    as_of: str = "",
    *,
    drop_in: bool = True,
    limits: Limits | None = None,
) -> Manifest:
    """Collect the snapshots of a run and write its manifest.

    Args:
        settings: the folders, the services, and their addresses.
        run_id: the run; empty: a new one.
        source: one of `spacex.extract.run_folder.MODES`.
        base_url: address of the r/SpaceX API; empty: the one in the settings.
        only: names of the endpoints to take; empty: all.
        as_of: a date or an instant: take the snapshots stored by then and send no request.
        drop_in: whether to load the manual files first; the flow has loaded them.
        limits: timeouts and retries; None: those in the settings.

    Raises:
        SettingsError: a parameter is invalid, or a proxy of the environment cannot be used.
        ServiceUnavailableError, ResponseError, SnapshotError: see `Extractor.extract`.
        DatabaseError: the published database is damaged or has another schema version.
    """
    mode = check(settings, source, base_url, only, as_of)
    check_network()
    is_current = mode != "sample" and not as_of
    notes = [] if mode == "sample" else [rewind(settings, as_of)]
    unusable: dict[Snapshot, str] = {}
    if is_current:
        with suppress(StorageError):  # no reason to stop a run
            SnapshotStore(settings.raw_dir).settle()
        later = later_record(settings)
        notes += [f"{later} {SET_CLOCK}"] if later else []
        notes += take_drop_in(settings) if drop_in else []
        unusable = unusable_lists(settings)
    run = Run(settings.runs_dir, run_id) if run_id else Run.new(settings.runs_dir)
    with http_client(settings, limits) as client:
        manifest = Extractor(
            store=SnapshotStore(settings.raw_dir, without=[each.path for each in unusable]),
            client=client,
            base_urls=base_urls(settings, base_url),
            published=published_endpoints(settings.database) if is_current else frozenset(),
            as_of_utc=as_of_utc(as_of) if as_of else "",
            sample_satellites=settings.sample_satellites,
        ).extract(run.run_id, mode, only)
    run.write_manifest(manifest)
    add_notes(run, [*notes, *unusable.values()])
    return run.manifest()


def transform(settings: Settings, run_id: str = "") -> list[TidyTable]:
    """Build the run's tables and write them to its staging database.

    Args:
        settings: the folders.
        run_id: the run; empty: the one extracted last.

    Raises:
        SnapshotError, ResponseError, DataError, DatabaseError: see `transform_run` and `stage`.
    """
    run = _run(settings, run_id)
    manifest = run.manifest()
    tables = merge_sources(transform_run(manifest, SnapshotStore(settings.raw_dir)))
    stage(run.staging, manifest, tables)
    return tables


def load(
    settings: Settings,
    run_id: str = "",
    *,
    accept_shrink: bool = False,
    tables_may_shrink: bool = False,
) -> None:
    """Publish the run; first rebuild a damaged database from the snapshots.

    In place of an implausible GP list, publish the one in the database, with a note and a finding.

    Args:
        settings: the folders, and the limits of the guards.
        run_id: the run; empty: the one extracted last.
        accept_shrink: publish even if tables lost many rows, or the GP list lost or gained many.
        tables_may_shrink: publish even if a table has lost many rows, but guard the GP list.

    Raises:
        ImplausibleListError: the run has only a GP list, which is implausible.
        SnapshotError, DataError, DatabaseError: see `spacex.warehouse.load.load`.
    """
    run = _run(settings, run_id)
    load_run = partial(
        publish, run, settings, accept_shrink=accept_shrink, tables_may_shrink=tables_may_shrink
    )
    try:
        try:
            load_run()
        except DamagedDatabaseError:
            run.add_note(upgrade(settings))
            if as_of := run.manifest().as_of_utc:
                rewind(settings, as_of)
            sleep(1)  # the last run is that of the latest second
            load_run()
    except ImplausibleListError as error:
        use_loaded_list(settings, run, error)
        transform(settings, run.run_id)
        load_run(findings=[error.finding])


def check(
    settings: Settings,
    source: str = "auto",
    base_url: str = "",
    only: Sequence[str] = (),
    as_of: str = "",
) -> Mode:
    """Return the mode of a run after checking its parameters.

    Args:
        settings: the stored snapshots and the services.
        source: one of `spacex.extract.run_folder.MODES`.
        base_url: address of the r/SpaceX API; empty: the one in the settings.
        only: names of the endpoints to take; empty: all.
        as_of: a date or an instant; empty: the present.

    Raises:
        SettingsError: the source or an endpoint is unknown, the address is not a URL, or `as_of`
            is not a date, is before the first snapshot, or is combined with a source other than
            stored snapshots.
    """
    if source not in MODES:
        raise SettingsError(
            f"There is no source {source!r}.", remedy=f"Choose from: {', '.join(MODES)}."
        )
    if base_url and not base_url.startswith(("http://", "https://")):
        raise SettingsError(
            f"{base_url!r} is not the address of a service.", remedy="Start it with https://."
        )
    check_endpoints(only, [SAMPLE] if source == "sample" else used_services(settings))
    if not as_of:
        return source
    if source not in {"auto", "snapshot"}:
        raise SettingsError(
            f"A run as of {as_of} takes stored snapshots, not the source {source!r}.",
            remedy="Leave the source out, or choose snapshot.",
        )
    if as_of != EVERY_DAY:
        _check_date(settings, as_of, only)
    return "snapshot"


def _check_date(settings: Settings, as_of: str, only: Sequence[str]) -> None:
    with http_client(settings) as client:
        store = SnapshotStore(settings.raw_dir)
        first_utc = Extractor(store, client, base_urls(settings)).first_utc(only)
    if as_of_utc(as_of) < first_utc:
        raise SettingsError(
            f"Nothing was stored by {as_of}: the first snapshot is of {first_utc}.",
            remedy=f"Choose {first_utc[:10]} or a later date.",
        )


def _run(settings: Settings, run_id: str) -> Run:
    folder = settings.runs_dir
    return Run(folder, run_id) if run_id else Run.latest(folder)
