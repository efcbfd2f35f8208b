"""The steps of a run, as the notebooks call them.

Each step finds in the run's folder what the step before left there, so that any of them can be
repeated by hand.
"""

from collections.abc import Sequence

from spacex import __version__
from spacex.errors import SettingsError
from spacex.extract.as_of import EVERY_DAY, as_of_utc
from spacex.extract.extractor import Extractor, Service
from spacex.extract.fetch import FetchContext
from spacex.extract.http_client import Client, Limits
from spacex.extract.manual_files import ManualFiles
from spacex.extract.run_folder import MODES, Manifest, Mode, Run
from spacex.extract.snapshots import Snapshot, SnapshotStore
from spacex.settings import Settings, settings
from spacex.sources import CELESTRAK, SAMPLE, SPACEXDATA, Source, check_endpoints, services
from spacex.transform import TidyTable, transform_run
from spacex.transform.merge import merge_sources
from spacex.warehouse.guards import published_sources
from spacex.warehouse.load import load as publish
from spacex.warehouse.staging import stage


def run_named(run_id: str = "") -> Run:
    """The run of that id; where none is given, the run whose extract was the last to end.

    Raises:
        SettingsError: the id could not be a folder's name.
        SnapshotError: no id is given and there is no run.
    """
    folder = settings().runs_dir
    return Run(folder, run_id) if run_id else Run.latest(folder)


def extract(
    run_id: str = "",
    source: str = "auto",
    base_url: str = "",
    only: Sequence[str] = (),
    as_of: str = "",
) -> Manifest:
    """Get the answers a run is built from, and write its manifest.

    Args:
        run_id: the run; a new one if empty.
        source: one of `spacex.extract.run_folder.MODES`.
        base_url: address of the service, instead of the one in the settings.
        only: names of the lists wanted; all if empty.
        as_of: a date or an instant; the answers stored by then are taken, and no network touched.

    Raises:
        SettingsError: a parameter makes no sense.
        ServiceUnavailableError, ResponseError, SnapshotError: as `Extractor.extract`.
        DatabaseError: the published database is damaged or of another schema version.
    """
    mode, config = check(source, base_url, only, as_of), settings()
    run = Run(config.runs_dir, run_id) if run_id else Run.new(config.runs_dir)
    with Client(_user_agent(config), limits(config)) as client:
        extractor = Extractor(
            store=SnapshotStore(config.raw_dir),
            client=client,
            services=_services(config, base_url),
            published=published_sources(config.database),
            as_of_utc=as_of_utc(as_of) if as_of else "",
        )
        if mode != "sample" and not as_of:
            take_in(config, client)
        manifest = extractor.extract(run.run_id, mode, only)
    run.write_manifest(manifest)
    return manifest


def transform(run_id: str = "") -> list[TidyTable]:
    """Make the run's tables, and put them into its staging database.

    Raises:
        SnapshotError, ResponseError, DataError, DatabaseError: as `transform` and `stage`.
    """
    run = run_named(run_id)
    manifest = run.manifest()
    store = SnapshotStore(settings().raw_dir)
    tables = merge_sources(transform_run(manifest, store))
    stage(run.staging, manifest, tables)
    return tables


def load(run_id: str = "", *, accept_shrink: bool = False) -> None:
    """Publish the run.

    Raises:
        SnapshotError, DataError, DatabaseError: as `spacex.warehouse.load.load`.
    """
    publish(run_named(run_id), settings(), accept_shrink=accept_shrink)


def check(source: str, base_url: str = "", only: Sequence[str] = (), as_of: str = "") -> Mode:
    """The mode a run is asked for, if its parameters make sense.

    Raises:
        SettingsError: the source or a list is unknown, the address is none, or what is to be
            taken as of a date or instant does not come from stored answers.
    """
    if source not in MODES:
        raise SettingsError(
            f"There is no source {source!r}.", remedy=f"Choose from: {', '.join(MODES)}."
        )
    if base_url and not base_url.startswith(("http://", "https://")):
        raise SettingsError(
            f"{base_url!r} is no address of a service.", remedy="Begin it with https://."
        )
    check_endpoints(only, [SAMPLE] if source == "sample" else used_services(settings()))
    if not as_of:
        return source
    if source not in {"auto", "snapshot"}:
        raise SettingsError(
            f"Only stored answers can be taken as of {as_of}, not the source {source!r}.",
            remedy="Leave the source out, or choose snapshot.",
        )
    if as_of != EVERY_DAY:
        as_of_utc(as_of)
    return "snapshot"


def take_in(config: Settings, client: Client) -> list[Snapshot]:
    """Store the files of orbits that were put into the drop-in folder.

    Raises:
        ResponseError: a file is too large, damaged, or none of orbits.
    """
    context = FetchContext(
        CELESTRAK,
        config.addresses[CELESTRAK.name],
        SnapshotStore(config.raw_dir),
        client,
    )
    drop_in = ManualFiles(
        config.drop_in_dir, context, CELESTRAK.endpoints["starlink"], limits(config).max_bytes
    )
    return drop_in.take_in()


def _services(config: Settings, base_url: str) -> tuple[Service, ...]:
    """The services the settings name, the archive at another address if one is given."""
    addresses = config.addresses | ({SPACEXDATA.name: base_url} if base_url else {})
    return tuple(Service(source, addresses[source.name]) for source in used_services(config))


def used_services(config: Settings) -> list[Source]:
    """The services the settings name, in the order they are asked.

    Raises:
        SettingsError: a name is none of a service.
    """
    return services([name.strip() for name in config.sources.split(",") if name.strip()])


def _user_agent(config: Settings) -> str:
    contact = f" ({config.contact})" if config.contact else ""
    return f"SpaceX-Insights/{__version__}{contact}"


def limits(config: Settings) -> Limits:
    """How long to wait for a service, how often to try, and how much to take."""
    return Limits(
        connect_timeout_s=config.connect_timeout_s,
        read_timeout_s=config.read_timeout_s,
        total_timeout_s=config.total_timeout_s,
        attempts=config.attempts,
        max_bytes=int(config.max_response_mb * 2**20),
    )
