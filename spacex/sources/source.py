"""Declarations of a source and its endpoints."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from spacex.sources.json_records import list_records
from spacex.sources.mapping import TableMapping
from spacex.sources.record import Record, Unreadable
from spacex.sources.request_rules import ByETag, Rules


@dataclass(frozen=True)
class Endpoint:
    """An endpoint of a source, and the tables its records fill.

    Attributes:
        name: its name; endpoints of several sources may share it.
        mappings: the mappings of its records to rows.
        records: parses a response, given its bytes and its URL or file for messages.
        is_json: whether responses are JSON; they are tables in text otherwise.
        in_scope: whether a record is in scope, by the fields that can be read; None if all are.
        key: field that identifies a record if snapshots repeat it; the newest record counts.
        version: field that orders the versions of a record, before the order of the snapshots.
            Tables with history get every version.
        revision: field that orders records of one version that the source has corrected.
        adds_to: names of endpoints whose tables it also fills, or whose rows the merge needs. These
            endpoints must be loaded together.
    """

    name: str
    mappings: tuple[TableMapping, ...]
    records: Callable[[bytes, str], Iterator[Record | Unreadable]] = list_records
    is_json: bool = True
    in_scope: Callable[[Mapping[str, object]], bool] | None = None
    key: str = ""
    version: str = ""
    revision: str = ""
    adds_to: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The distinct names of the tables it fills."""
        return tuple(dict.fromkeys(mapping.table for mapping in self.mappings))

    def count(self, body: bytes, origin: str) -> int:
        """Parse a response and return its number of records, unreadable ones included.

        Raises:
            ResponseError: the response is not what the endpoint promises.
        """
        return sum(1 for _ in self.records(body, origin))


@dataclass(frozen=True, kw_only=True)
class Source:
    """A service, or the bundled sample.

    Attributes:
        name: short name, as in `source` columns and in the folders of snapshots.
        title: name for readers.
        licence: terms under which it provides its data.
        endpoints: name → endpoint, in request order.
        rules: its request rules.
        is_live: whether it is updated; False for an archive.
        is_optional: whether runs go on without a response that they cannot use, because nothing
            but its own table depends on it.
        lag: age that its newest launch, decay or epoch may have while it is up to date.
        is_simulated: whether its data are simulated.
        complete_until: the date of the last launch of which it has every satellite; of later ones,
            it has those alone that were still in orbit. None if this does not limit it.
    """

    name: str
    title: str
    licence: str
    endpoints: Mapping[str, Endpoint]
    rules: Rules = field(default_factory=ByETag)
    is_live: bool = False
    is_optional: bool = False
    lag: timedelta = timedelta(0)
    is_simulated: bool = False
    complete_until: date | None = None

    def select(self, only: Sequence[str] = ()) -> list[Endpoint]:
        """Return the endpoints of these names, in request order; all if none is named."""
        return [e for name, e in self.endpoints.items() if not only or name in only]


def endpoints(*each: Endpoint) -> Mapping[str, Endpoint]:
    """Return the endpoints by name, in order."""
    return {endpoint.name: endpoint for endpoint in each}
