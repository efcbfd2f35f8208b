"""The bundled sample: the history of launches from public facts, and a simulated Starlink fleet.

It stands in for the r/SpaceX API where there is neither network nor stored answer. It has the API's
shape, but none of its records, texts, links or ids.
"""

from spacex.sources.sample.responses import (
    SAMPLE,
    sample_response_bytes,
    sample_responses,
    write_sample,
)

__all__ = ["SAMPLE", "sample_response_bytes", "sample_responses", "write_sample"]
