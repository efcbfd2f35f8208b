"""The widgets' files for the browser, with and without the dashboard's server.

The server serves them from one folder, with Vega in one bundle, and sets an environment variable.
A widget's module then only imports the served one. Without the server, as in JupyterLab, a widget
sends its whole module, and a chart includes Vega.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import vl_convert

STATIC_PATH = "dashboard/static"
"""URL path of the files, relative to the page."""

VERSION_VARIABLE = "DASHBOARD_ASSETS_VERSION"
"""Environment variable with the version of the served files; unset without the server."""

_STATIC = Path(__file__).with_name("static")
_VEGA = "vega.js"
_PARTS = {"globe": "globe_painters"}
"""The file with the first part of a module that is in two."""


def write_assets(folder: Path, extra: Iterable[Path] = ()) -> str:
    """Write the widgets' files, and extra ones, into a new folder; return their version."""
    shutil.copytree(_STATIC, folder)
    for path in extra:
        shutil.copy(path, folder)
    for name, part in _PARTS.items():
        (folder / f"{name}.js").write_text(source(name), encoding="utf-8")
        (folder / f"{part}.js").unlink()
    bundle = vl_convert.javascript_bundle("export { vegaEmbed };")
    (folder / _VEGA).write_text(bundle, encoding="utf-8")
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def module(name: str) -> str:
    """Return the JavaScript module of a widget, as its `_esm`."""
    version = os.environ.get(VERSION_VARIABLE)
    return _whole_module(name) if version is None else _import_of_served(name, version)


def stylesheet() -> str:
    """Return the stylesheet for pages that lack it; empty under the server."""
    is_served = VERSION_VARIABLE in os.environ
    return "" if is_served else style()


def style() -> str:
    """Return the stylesheet."""
    return (_STATIC / "style.css").read_text(encoding="utf-8")


def _import_of_served(name: str, version: str) -> str:
    load_vega = f'Object.assign(globalThis, await load("{_VEGA}"));' if _needs_vega(name) else ""
    return f"""
        const base = document.body.dataset.baseUrl.replace(/voila\\/$/, "{STATIC_PATH}/");
        const load = (name) => import(new URL(`${{base}}${{name}}?v={version}`, location.href));
        {load_vega}
        const widget = await load("{name}.js");
        export default widget.default;
    """


def _whole_module(name: str) -> str:
    return vl_convert.javascript_bundle(source(name)) if _needs_vega(name) else source(name)


def _needs_vega(name: str) -> bool:
    return "vegaEmbed(" in source(name)


def source(name: str) -> str:
    """Return the JavaScript module of a widget, without Vega."""
    names = [_PARTS[name], name] if name in _PARTS else [name]
    return "\n".join((_STATIC / f"{each}.js").read_text(encoding="utf-8") for each in names)
