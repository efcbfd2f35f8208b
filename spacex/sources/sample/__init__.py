"""The bundled sample: a history of launches from public facts, and a simulated Starlink fleet.

It replaces the r/SpaceX API if there is neither a network nor a snapshot. It has the API's format,
but none of its records, texts, links or ids.
"""

from spacex.sources.sample.responses import (
    SAMPLE,
    sample_response_bytes,
    sample_responses,
    write_sample,
)

__all__ = ["SAMPLE", "sample_response_bytes", "sample_responses", "write_sample"]
