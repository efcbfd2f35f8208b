"""Request rules of the services; `spacex.extract.fetch` follows them."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class ByETag:
    """Each endpoint has its own URL, and an ETag that avoids downloading unchanged data."""


@dataclass(frozen=True, kw_only=True)
class OncePerWindow:
    """A single endpoint, requested at most once per window by all processes together.

    Attributes:
        query: the URL's part after the base URL.
        window: the service's update interval.
        unchanged_status: HTTP status that means the data are unchanged since the last download.
    """

    query: str
    window: timedelta
    unchanged_status: int = 403


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
        page_size: records in a full page.
        min_age: interval in which a part is not requested again.
        full_sweep_every: interval after which a part is requested in full.
        overlap: time by which an increment reaches back before the previous one.
    """

    parts: tuple[Part, ...]
    requests_per_hour: int
    page_size: int
    min_age: timedelta
    full_sweep_every: timedelta
    overlap: timedelta


Rules = ByETag | OncePerWindow | Paged
