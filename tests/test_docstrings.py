"""The examples in docstrings of the package; those of the door are in `tests/analysis/api`."""

import doctest
import importlib

import pytest

from spacex.settings import PROJECT
from tests.analysis.api.test_door import EXAMPLES

WITH_EXAMPLES = [
    ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((PROJECT / "spacex").rglob("*.py"))
    if ">>> " in path.read_text("utf-8")
]


@pytest.mark.parametrize("module", [each for each in WITH_EXAMPLES if each not in EXAMPLES])
def test_the_examples_of_a_module_are_true(module: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(module))
    assert tried
    assert not failed
