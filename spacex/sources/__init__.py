"""The services the data come from, one module each; the rest of the package does not know them."""

from spacex.sources.sample import SAMPLE
from spacex.sources.source import Source
from spacex.sources.spacexdata import SPACEXDATA

SOURCES: dict[str, Source] = {source.name: source for source in (SPACEXDATA, SAMPLE)}

__all__ = ["SAMPLE", "SOURCES", "SPACEXDATA", "Source"]
