"""What a source is: a service, its terms, and how each of its lists becomes tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spacex.errors import SettingsError
from spacex.sources.mapping import TableMapping


@dataclass(frozen=True)
class Endpoint:
    """One list of a service, and the tables its records fill."""

    name: str
    mappings: tuple[TableMapping, ...]

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables this list fills, each once."""
        return tuple(dict.fromkeys(mapping.table for mapping in self.mappings))


@dataclass(frozen=True, kw_only=True)
class Source:
    """One service, or the bundled stand-in for one.

    Attributes:
        name: short, as in the `source` columns and in the folders of raw answers.
        title: for people.
        licence: the terms the service gives its data under.
        endpoints: name → list, in the order they are fetched.
        is_simulated: whether what it tells is made up.
    """

    name: str
    title: str
    licence: str
    endpoints: Mapping[str, Endpoint]
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
