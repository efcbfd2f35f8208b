"""Charts as pictures, which can be seen without a network and without scripts.

The first picture of a process starts an engine, which takes half a second. A notebook that the
runner executes therefore keeps its charts as specifications, and the runner draws them all.
"""

import base64
import json
import os
from html import escape
from typing import Any

from spacex.errors import NotebookError

SPECIFICATION = "text/x-vegalite"
"""Type of a chart that is not drawn yet: JSON, but as text, because the notebook is saved often."""

_ROW = "display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start"
_IN_ROW = "flex:1 1 440px;min-width:0;max-width:min(100%,640px);"
_OF_ROWS = ("hconcat", "resolve", "description")
"""Properties of charts side by side that a single one does not have."""

DRAWN_BY_RUNNER = {"NOTEBOOK_PICTURES": "runner"}
"""Variable of kernels whose charts the runner draws."""


def start() -> None:
    """Start the engine that draws pictures."""
    _image({"data": {"values": []}, "mark": "point"}, None)


def output(specification: dict[str, Any], **_: object) -> dict[str, Any]:
    """Return what a cell shows of a chart: a picture, unless the runner will draw it."""
    if os.environ.items() >= DRAWN_BY_RUNNER.items():
        return {SPECIFICATION: json.dumps(specification)}
    return {"text/html": picture(specification)}


def picture(specification: dict[str, Any]) -> str:
    """Return a chart as an image with a text alternative, in HTML.

    Charts side by side are an image each, which a narrow page shows one below the other.

    Raises:
        ValueError: the chart cannot be drawn.
    """
    return _pictures(_parts(specification))


def _parts(specification: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the charts of a specification; several if they stand side by side."""
    charts = specification.get("hconcat")
    if not charts:
        return [specification]
    shared = {name: value for name, value in specification.items() if name not in _OF_ROWS}
    return [shared | each | {"datasets": _datasets(specification, each)} for each in charts]


def _datasets(specification: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Return the datasets of a specification that a part of it names."""
    text = json.dumps(part)
    datasets = specification.get("datasets", {})
    return {name: rows for name, rows in datasets.items() if json.dumps(name) in text}


def _pictures(charts: list[dict[str, Any]], first: int | None = None) -> str:
    """Return the images of charts.

    Args:
        charts: one, or several side by side.
        first: number of the first one on the page; None if it has no live charts.
    """
    numbers = [None if first is None else first + at for at in range(len(charts))]
    if len(charts) == 1:
        return _image(charts[0], numbers[0])
    images = "".join(
        _image(each, number, _IN_ROW) for each, number in zip(charts, numbers, strict=True)
    )
    return f"<div style='{_ROW}'>{images}</div>"


def _image(
    specification: dict[str, Any], number: int | None, style: str = "max-width:100%;"
) -> str:
    import vl_convert  # noqa: PLC0415 - only reports render without a browser

    svg = base64.b64encode(vl_convert.vegalite_to_svg(specification).encode()).decode()
    alternative = escape(specification.get("description", "Chart"))
    source = f"data:image/svg+xml;base64,{svg}"
    place = "" if number is None else f" data-chart='{number}'"
    return f"<img alt='{alternative}'{place} style='{style}background:white' src='{source}'>"


def draw(notebook: Any) -> list[dict[str, Any]]:
    """Replace the specifications among the outputs of a notebook by pictures.

    Returns:
        The specification of each picture, which has its number in `data-chart`.

    Raises:
        NotebookError: a chart cannot be drawn.
    """
    drawn: list[dict[str, Any]] = []
    for cell in notebook.cells:
        for shown in (output.get("data", {}) for output in cell.get("outputs", ())):
            if specification := shown.pop(SPECIFICATION, None):
                try:
                    charts = _parts(json.loads(specification))
                    shown["text/html"] = _pictures(charts, len(drawn))
                    drawn += charts
                except ValueError as error:
                    raise NotebookError(f"A chart cannot be drawn: {error}") from None
    return drawn
