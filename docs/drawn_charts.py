"""Sphinx extension: draw the chart of each example of the gallery below its code.

The charts are made from the bundled sample, which is published in a temporary folder.
"""

import ast
import os
import tempfile
import warnings
from html import escape
from pathlib import Path
from typing import Any

import altair as alt
from docutils import nodes
from sphinx.application import Sphinx

from spacex.errors import DataWarning
from spacex.pipeline import stages
from spacex.settings import settings

PAGE = "docs/gallery"


def draw(app: Sphinx, doctree: nodes.document) -> None:
    """Add the charts to the gallery as pictures."""
    if app.env.docname != PAGE:
        return
    folder = Path(app.outdir, "_images")
    folder.mkdir(parents=True, exist_ok=True)
    names: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as data, warnings.catch_warnings(category=DataWarning):
        warnings.simplefilter("ignore", DataWarning)
        _publish_sample(data)
        for number, block in enumerate(list(doctree.findall(nodes.literal_block))):
            if (chart := _result(block.astext(), names)) is not None:
                name = f"gallery-{number}.png"
                with alt.data_transformers.enable("default", max_rows=None):
                    chart.save(folder / name, scale_factor=2)
                text = chart.description if isinstance(chart.description, str) else "A chart."
                picture = f'<img srcset="../_images/{name} 2x" alt="{escape(text)}">'
                block.parent.insert(
                    block.parent.index(block) + 1, nodes.raw("", picture, format="html")
                )


def _publish_sample(folder: str) -> None:
    """Make `import spacex` read the sample, published in a folder."""
    os.environ["SPACEX_DATA_DIR"] = folder
    settings.cache_clear()
    stages.extract(settings(), "sample", "sample")
    stages.transform(settings(), "sample")
    stages.load(settings(), "sample")


def _result(code: str, names: dict[str, Any]) -> Any:
    """Execute code; return the value of its last line, or None if that is no expression."""
    *statements, last = ast.parse(code).body
    if not isinstance(last, ast.Expr):
        statements, last = [*statements, last], None
    exec(ast.unparse(ast.Module(statements, [])), names)  # noqa: S102 - our own page
    return eval(ast.unparse(last), names) if last else None  # noqa: S307


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension."""
    app.connect("doctree-read", draw)
    return {"parallel_read_safe": False}
