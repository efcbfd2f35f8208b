"""The bundled sample: true launches and numbers of satellites, and a simulated Starlink fleet.

It replaces the services if there is neither a network nor a snapshot. It has the format of the
r/SpaceX API, but none of its records, texts, links or ids. These are facts, drawn up from public
lists: the launches, their boosters, outcomes and payload masses; how many satellites each launched,
of which version, and how many of them were catalogued, had decayed, or were in orbit by a few known
days. All else about satellites is simulated: names, numbers, elements, and the days of decay
between the known ones. What the facts do not cover, such as landings after October 2022, is null.
"""

from spacex.sources.sample.histories import History, archive_history, current_history
from spacex.sources.sample.responses import (
    NOTE,
    SAMPLE,
    SIMULATED,
    sample_response_bytes,
    sample_responses,
    write_sample,
)

__all__ = [
    "NOTE",
    "SAMPLE",
    "SIMULATED",
    "History",
    "archive_history",
    "current_history",
    "sample_response_bytes",
    "sample_responses",
    "write_sample",
]
