"""Request rules of the services; `spacex.extract.fetch` follows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class ByETag:
    """Each endpoint has its own URL, and an ETag that avoids downloading unchanged data."""


@dataclass(frozen=True, kw_only=True)
class OncePerWindow:
    """Files, each requested at most once per window by all processes together.

    A file is requested with its ETag, so that unchanged data are not downloaded.

    Attributes:
        files: endpoint → name of the file → the URL's part after the base URL. The name is that in
            the sidecars; it is empty if the endpoint is a single file.
        window: the service's update interval.
        retry_after: interval in which a file is not requested again after an error.
        host: name of the service whose request ledger this one shares, as both are on one host;
            empty if the service has a ledger of its own.
        unchanged_status: HTTP status that means the data are unchanged since the last download,
            besides 304.
    """

    files: Mapping[str, Mapping[str, str]]
    window: timedelta
    retry_after: timedelta
    host: str = ""
    unchanged_status: int = 304


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a paged endpoint.

    Attributes:
        name: short name, as in the sidecars of its snapshots.
        path: the URL's path after the base URL.
        query: the URL's query.
        since: parameters that request what changed since an instant, one request each; none if
            every sweep of the part is a full one and replaces the previous.
    """

    name: str
    path: str
    query: str
    since: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Paged:
    """A paged endpoint with an hourly request budget that all processes share.

    Attributes:
        host: host in the addresses of the next pages, also of those that a mirror serves.
        page_size: records in a full page.
        min_age: interval in which a part is not requested again.
        full_sweep_every: interval after which a part is requested in full.
        overlap: time by which an increment reaches back before the previous one.
    """

    parts: tuple[Part, ...]
    host: str
    requests_per_hour: int
    page_size: int
    min_age: timedelta
    full_sweep_every: timedelta
    overlap: timedelta


Rules = ByETag | OncePerWindow | Paged
