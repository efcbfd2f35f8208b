"""Charts as data for scripts: their specifications and rows, with numbers as a chart shows them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from spacex.dashboard.ui.chart_widget import ChartWidget, Dataset

DIGITS = 7
"""Significant digits of numbers that are not whole: more than a chart or its tooltips show."""


def chart_drawing(widget: ChartWidget) -> Mapping[str, Any]:
    """Return what `chart.js` needs to draw a chart."""
    return {
        "kind": "chart",
        "spec": widget.spec,
        "datasets": {name: plain(columns) for name, columns in widget.datasets.items()},
        "alt_text": widget.alt_text,
        "renderer": widget.renderer,
    }


def plain(columns: Dataset) -> Dataset:
    """Return the columns of a dataset as lists.

    >>> plain({"a": np.array([1.0, np.nan, 2 / 3]).tobytes(), "b": ["x", None, "y"]})
    {'a': [1, None, 0.6666667], 'b': ['x', None, 'y']}
    """
    return {
        name: _numbers(column) if isinstance(column, bytes) else column
        for name, column in columns.items()
    }


def _numbers(column: bytes) -> list[float | int | None]:
    return [_number(each) for each in np.frombuffer(column, "<f8").tolist()]


def _number(value: float) -> float | int | None:
    if not np.isfinite(value):
        return None
    return int(value) if value.is_integer() else float(f"{value:.{DIGITS}g}")
