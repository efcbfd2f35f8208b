"""What a source is: a service, its terms, and how each of its lists becomes tables."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from spacex.errors import SettingsError
from spacex.sources.json_records import list_records
from spacex.sources.mapping import TableMapping
from spacex.sources.request_rules import ByETag, Rules

Record = dict[str, Any]


@dataclass(frozen=True)
class Endpoint:
    """One list of a service, and the tables its records fill.

    Attributes:
        name: its topic, which several services may have a list of.
        mappings: how its records become rows.
        records: the records of an answer, given its bytes and where it came from.
        in_scope: whether a record is one this project is about; None if all are.
        key: field that names a record, where answers may repeat it; the newest one counts.
        version: field that tells the newer of two records, beside the order of the answers.
        adds_to: names of other services' lists whose tables it fills, too. These lists and this
            one make sense only together.
    """

    name: str
    mappings: tuple[TableMapping, ...]
    records: Callable[[bytes, str], Iterator[Record]] = list_records
    in_scope: Callable[[Record], bool] | None = None
    key: str = ""
    version: str = ""
    adds_to: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables this list fills, each once."""
        return tuple(dict.fromkeys(mapping.table for mapping in self.mappings))

    def count(self, body: bytes, origin: str) -> int:
        """The number of records in an answer, each read.

        Raises:
            ResponseError: it is not what the list's answers are.
        """
        return sum(1 for _ in self.records(body, origin))


@dataclass(frozen=True, kw_only=True)
class Source:
    """One service, or the bundled stand-in for one.

    Attributes:
        name: short, as in the `source` columns and in the folders of raw answers.
        title: for people.
        licence: the terms the service gives its data under.
        endpoints: name → list, in the order they are fetched.
        rules: how it wants to be asked.
        is_live: whether it tells of today, not of an archive.
        is_simulated: whether what it tells is made up.
    """

    name: str
    title: str
    licence: str
    endpoints: Mapping[str, Endpoint]
    rules: Rules = field(default_factory=ByETag)
    is_live: bool = False
    is_simulated: bool = False

    def select(self, only: Sequence[str] = ()) -> list[Endpoint]:
        """The endpoints of those names, in fetch order; all of them if none is named.

        Raises:
            SettingsError: a name is not an endpoint of this source.
        """
        unknown = [name for name in only if name not in self.endpoints]
        if unknown:
            known = ", ".join(self.endpoints)
            raise SettingsError(
                f"Unknown endpoint {', '.join(unknown)}.", remedy=f"Choose from: {known}."
            )
        return [e for name, e in self.endpoints.items() if not only or name in only]


def endpoints(*each: Endpoint) -> Mapping[str, Endpoint]:
    """Endpoints by name, in order."""
    return {endpoint.name: endpoint for endpoint in each}
