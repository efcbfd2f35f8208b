"""The files the browser needs: where they come from, with and without the dashboard's server.

The server writes them into one folder, with Vega in one bundle, and says in the environment where
the browser finds that folder. A widget then sends one line that names its module. Without the
server, as in JupyterLab, it sends the module itself, and a chart brings Vega along.
"""

import hashlib
import os
import shutil
from functools import cache
from pathlib import Path

import vl_convert

STATIC_PATH = "dashboard/static"
"""Where the server serves the files, below the page's address."""

SERVED = "SPACEX_DASHBOARD_ASSETS"
"""The environment variable that holds the served folder's version; unset without the server."""

_SOURCES = Path(__file__).with_name("static")
_VEGA = "vega.js"


def write_assets(folder: Path) -> str:
    """Write all files into a new folder; return their version, which changes with any of them."""
    shutil.copytree(_SOURCES, folder)
    bundle = vl_convert.javascript_bundle("export { vegaEmbed };")
    (folder / _VEGA).write_text(bundle, encoding="utf-8")
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def module(name: str) -> str:
    """The JavaScript module of a widget, as its `_esm`."""
    version = os.environ.get(SERVED)
    return _alone(name) if version is None else _served(name, version)


def stylesheet() -> str:
    """The style of the dashboard, for where no page brings it; empty under the server."""
    return "" if SERVED in os.environ else (_SOURCES / "style.css").read_text(encoding="utf-8")


def _served(name: str, version: str) -> str:
    """A module that fetches the real one, which the browser then keeps."""
    needs_vega = _needs_vega(name)
    bring = f'Object.assign(globalThis, await load("{_VEGA}"));' if needs_vega else ""
    return f"""
        const base = document.body.dataset.baseUrl.replace(/voila\\/$/, "{STATIC_PATH}/");
        const load = (name) => import(new URL(`${{base}}${{name}}?v={version}`, location.href));
        {bring}
        const widget = await load("{name}.js");
        export default widget.default;
    """


def _alone(name: str) -> str:
    source = (_SOURCES / f"{name}.js").read_text(encoding="utf-8")
    return vl_convert.javascript_bundle(source) if _needs_vega(name) else source


def _needs_vega(name: str) -> bool:
    return "vegaEmbed(" in (_SOURCES / f"{name}.js").read_text(encoding="utf-8")
