"""The scripts and styles of an edition, each with a digest in its name.

The scripts are those of the live dashboard's widgets. They are no modules, which browsers do not
load from a folder (`file://`).
"""

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from spacex.dashboard.ui import assets
from spacex.notebook import live_charts
from spacex.notebook.chart_style import ON_DARK

_OWN = Path(__file__).with_name("static")
_EXPORT = "export default { render };"
_BEGIN = "globalThis.edition ??= { widgets: {} };"
_OTHER_EXPORT = re.compile(r"^export \{[^}]*\};$", re.MULTILINE)


class Script(NamedTuple):
    """A file of the edition."""

    name: str
    content: str


class Scripts(NamedTuple):
    """The scripts and styles of an edition.

    Attributes:
        style: the stylesheet.
        vega: Vega, which draws the charts.
        widgets: the scripts of markup, charts and the edition.
        globe: the script of the globe.
    """

    style: Script
    vega: Script
    widgets: Script
    globe: Script


def scripts() -> Scripts:
    """Return the scripts and styles."""
    on_dark = json.dumps(dict(ON_DARK), sort_keys=True)
    parts = [
        _BEGIN,
        f"edition.onDark = {on_dark};",
        _widget("markup"),
        _widget("chart"),
        (_OWN / "edition.js").read_text("utf-8"),
    ]
    style = [assets.style(), (_OWN / "edition.css").read_text("utf-8")]
    return Scripts(
        style=_named("style", "css", style),
        vega=_named("vega", "js", [_enclosed(live_charts.vega_source())]),
        widgets=_named("edition", "js", parts),
        globe=_named("globe", "js", [_widget("globe")]),
    )


def _named(name: str, kind: str, parts: Iterable[str]) -> Script:
    content = "\n".join(parts)
    digest = hashlib.sha256(content.encode()).hexdigest()[:12]
    return Script(f"assets/{name}-{digest}.{kind}", content)


def _widget(name: str) -> str:
    """Return the module of a widget as a script that adds it to those of the edition."""
    source = assets.source(name)
    if source.count(_EXPORT) != 1:
        raise ValueError(f"The module {name} does not end as expected.")
    body = _OTHER_EXPORT.sub("", source).replace(_EXPORT, "return { render };")
    return f"{_BEGIN}\nedition.widgets.{name} = (() => {{\n{body}\n}})();"


def _enclosed(source: str) -> str:
    return f"(() => {{\n{source}\n}})();"
