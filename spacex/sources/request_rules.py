"""How a service wants to be asked. What obeys these rules is in `spacex.extract.fetch`."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class ByETag:
    """Each list has an address of its own; what its ETag says is unchanged is not sent again."""


@dataclass(frozen=True, kw_only=True)
class OncePerWindow:
    """One document, and one request for it per window, by all processes together.

    Attributes:
        query: what is asked, behind the service's address.
        window: how often the document changes.
        unchanged_status: HTTP status that says it has not changed since it was last got.
    """

    query: str
    window: timedelta
    unchanged_status: int = 403


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a paged list.

    Attributes:
        name: short, as in the sidecars of stored answers.
        path: where it is, behind the service's address.
        query: what is asked for.
        since: the parameters that ask for what is new since an instant, one request each; none if
            the part is got whole each time, and what it no longer has is gone.
    """

    name: str
    path: str
    query: str
    since: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Paged:
    """A list in pages, within a budget of requests that all processes share.

    Attributes:
        parts: what the list is made of.
        requests_per_hour: the budget.
        page_size: records in a full page.
        min_age: a part got more lately than this is not asked for again.
        full_sweep_every: a part got whole longer ago than this is got whole again.
        overlap: how far an increment reaches back before the answer it follows.
    """

    parts: tuple[Part, ...]
    requests_per_hour: int
    page_size: int
    min_age: timedelta
    full_sweep_every: timedelta
    overlap: timedelta


Rules = ByETag | OncePerWindow | Paged
