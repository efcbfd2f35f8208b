"""The services that the settings name: their addresses, and the client that requests from them."""

from spacex import __version__
from spacex.extract.http_client import Client, Limits
from spacex.settings import Settings
from spacex.sources import SPACEXDATA, Source, services


def http_client(settings: Settings, limits: Limits | None = None) -> Client:
    """Return a client with the settings' contact address, timeouts and retries."""
    contact = f" ({settings.contact})" if settings.contact else ""
    return Client(f"SpaceX-Insights/{__version__}{contact}", limits or limits_of(settings))


def limits_of(settings: Settings) -> Limits:
    """Return the timeouts, retries and size limit of requests."""
    return Limits(
        connect_timeout_s=settings.connect_timeout_s,
        read_timeout_s=settings.read_timeout_s,
        total_timeout_s=settings.total_timeout_s,
        attempts=settings.attempts,
        max_bytes=int(settings.max_response_mb * 2**20),
    )


def base_urls(settings: Settings, base_url: str = "") -> dict[str, str]:
    """Return the base URLs of the services to use, with the archive at `base_url` if given."""
    addresses = settings.addresses | ({SPACEXDATA.name: base_url} if base_url else {})
    return {source.name: addresses[source.name] for source in used_services(settings)}


def used_services(settings: Settings) -> list[Source]:
    """Return the services named in the settings, in the order of requests.

    Raises:
        SettingsError: a service is unknown.
    """
    return services(settings.source_names)
