"""The examples in docstrings of the package; those of the door are in `tests/analysis/api`."""

import doctest
import importlib
from pathlib import Path

import pytest

from spacex.settings import PROJECT

OF_THE_DOOR = (
    "spacex/__init__.py",
    "spacex/analysis/api/door.py",
    "spacex/analysis/api/satellite.py",
)
"""Their examples read the published sample."""
MODULES = [
    path.relative_to(PROJECT)
    for path in sorted((PROJECT / "spacex").rglob("*.py"))
    if ">>> " in path.read_text("utf-8") and str(path.relative_to(PROJECT)) not in OF_THE_DOOR
]


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_the_examples_of_a_module_are_true(path: Path) -> None:
    name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert tried
    assert not failed
