"""The services the data come from, one module each; the rest of the package does not know them."""

from spacex.sources.sample import SAMPLE
from spacex.sources.source import Source
from spacex.sources.spacexdata import SPACEXDATA

SERVICES: dict[str, Source] = {SPACEXDATA.name: SPACEXDATA}
SOURCES: dict[str, Source] = {**SERVICES, SAMPLE.name: SAMPLE}

__all__ = ["SAMPLE", "SERVICES", "SOURCES", "SPACEXDATA", "Source"]
