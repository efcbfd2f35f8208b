"""Live charts over the pictures of a page: tooltips, and legends that switch their series.

A page holds Vega, the specifications of its charts, and a script that draws them; all three are
in the page, so that it is one file. Vega and the specifications are compressed. Without scripts
the pictures remain.
"""

import base64
import gzip
import hashlib
import json
import zlib
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from platformdirs import user_cache_path

from spacex.files import write_atomically

SCRIPT = Path(__file__).with_name("page_template") / "live_charts.js"
"""Draws the charts of a page."""

_GLOBAL = "Object.assign(globalThis, { vegaEmbed });"
_SWITCH = "legend"
_FAINT = 0.12


def prepare() -> None:
    """Bundle Vega if no page of this user did before."""
    _vega()


def vega_source() -> str:
    """Return Vega as a script that gives `vegaEmbed` to all others."""
    return gzip.decompress(_vega().compressed).decode()


def script_digests() -> list[str]:
    """Return the digests of the script and of Vega, for a policy that lets only these two run."""
    return [_digest(SCRIPT.read_bytes()), _vega().digest]


def _digest(source: bytes) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(source).digest()).decode()}"


def blocks(charts: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return what a page needs to draw charts: Vega and their specifications, and the script.

    Args:
        charts: a specification for each picture of the page.
    """
    switched = [_with_switch(each) for each in charts]
    vega = _vega()
    return {
        "vega": _text(vega.compressed),
        "integrity": vega.digest,
        "charts": _text(gzip.compress(json.dumps(switched).encode(), mtime=0)),
        "script": SCRIPT.read_text("utf-8"),
    }


def _text(compressed: bytes) -> str:
    return base64.b64encode(compressed).decode()


class _Module(NamedTuple):
    """A compressed module and the digest of its source."""

    compressed: bytes
    digest: str


@cache
def _vega() -> _Module:
    """Return Vega, bundled once by each user: it takes two seconds."""
    import vl_convert  # noqa: PLC0415 - only pages need it

    folder = user_cache_path("spacex-insights", appauthor=False)
    path = folder / f"vega-{version('vl-convert-python')}.gz"
    with suppress(OSError, EOFError, zlib.error):
        found = path.read_bytes()
        if source := gzip.decompress(found):
            return _Module(found, _digest(source))
    source = vl_convert.javascript_bundle(_GLOBAL).encode()
    bundle = gzip.compress(source, mtime=0)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(path, bundle)
    return _Module(bundle, _digest(source))


def _with_switch(chart: dict[str, Any]) -> dict[str, Any]:
    """Return a chart in which a click on an entry of its legend makes the other series faint."""
    units = chart.get("layer", [chart])
    coloured = [each for each in units if _legend_field(each)]
    if not coloured or len({_legend_field(each) for each in coloured}) > 1:
        return chart
    field = _legend_field(coloured[0])
    select = {"type": "point", "fields": [field]}
    switch = {"name": _SWITCH, "select": select, "bind": "legend"}
    opacity = {"condition": {"param": _SWITCH, "value": 1}, "value": _FAINT}
    switched = [
        each | {"encoding": each["encoding"] | {"opacity": opacity}} if each in coloured else each
        for each in units
    ]
    first = units.index(coloured[0])
    switched[first] = switched[first] | {"params": [*switched[first].get("params", ()), switch]}
    return chart | {"layer": switched} if "layer" in chart else switched[0]


def _legend_field(unit: dict[str, Any]) -> str:
    """Return the field that the legend of a unit explains; empty if it has none to switch."""
    encoding = unit.get("encoding", {})
    color = encoding.get("color", {})
    has_legend = color.get("type") == "nominal" and color.get("legend", {}) is not None
    return str(color.get("field", "")) if has_legend and "opacity" not in encoding else ""
