"""The sources of the data: one module per service, and the bundled sample."""

from collections.abc import Iterable, Sequence

from spacex.errors import SettingsError
from spacex.sources.celestrak import CELESTRAK
from spacex.sources.gcat import GCAT
from spacex.sources.launchlibrary import LAUNCHLIBRARY
from spacex.sources.sample import SAMPLE
from spacex.sources.satcat import SATCAT
from spacex.sources.source import Source
from spacex.sources.spaceweather import SPACEWEATHER
from spacex.sources.spacexdata import SPACEXDATA

SERVICES: dict[str, Source] = {
    source.name: source
    for source in (SPACEXDATA, CELESTRAK, LAUNCHLIBRARY, SATCAT, GCAT, SPACEWEATHER)
}
"""Name → service, in request order; `spacex.transform.merge` resolves overlaps."""

SOURCES: dict[str, Source] = {**SERVICES, SAMPLE.name: SAMPLE}

__all__ = [
    "CELESTRAK",
    "GCAT",
    "LAUNCHLIBRARY",
    "SAMPLE",
    "SATCAT",
    "SERVICES",
    "SOURCES",
    "SPACEWEATHER",
    "SPACEXDATA",
    "Source",
    "check_endpoints",
    "credited",
    "credits_of",
    "services",
    "titles",
]


def services(names: Sequence[str]) -> list[Source]:
    """Return the services of these names, in request order; all if none is named.

    Raises:
        SettingsError: a name is unknown.
    """
    unknown = [name for name in names if name not in SERVICES]
    if unknown:
        raise SettingsError(
            f"There is no service {', '.join(unknown)}.",
            remedy=f"Choose from: {', '.join(SERVICES)} (SPACEX_SOURCES).",
        )
    return [source for name, source in SERVICES.items() if not names or name in names]


def check_endpoints(only: Sequence[str], sources: Sequence[Source]) -> None:
    """Check the names of endpoints.

    Raises:
        SettingsError: no source has an endpoint of that name.
    """
    known = list(dict.fromkeys(name for source in sources for name in source.endpoints))
    unknown = [name for name in only if name not in known]
    if unknown:
        raise SettingsError(
            f"Unknown endpoint {', '.join(unknown)}.", remedy=f"Choose from: {', '.join(known)}."
        )


def credits_of(names: Iterable[str]) -> list[str]:
    """Return the title of each source, with the terms and credit of its data.

    GCAT is always included: the facts that the package bundles come from it.
    """
    return [f"{each.title}: {each.licence}" for each in credited(names)]


def credited(names: Iterable[str]) -> list[Source]:
    """Return the sources that data from those of these names are credited to."""
    used = set(names) | {GCAT.name}
    return [each for name, each in SOURCES.items() if name in used]


def short_title(name: str) -> str:
    """Return the title of a source without what it has: `CelesTrak`."""
    return SOURCES[name].title.partition(" (")[0]


def titles(names: str) -> str:
    """Return the titles of the sources in a run record, such as `celestrak,spacexdata`."""
    return "; ".join(SOURCES[name].title for name in names.split(","))
