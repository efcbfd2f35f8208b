"""A plugin of pytest: record which lines each test reaches, and how long it takes.

Lines that a shared fixture reaches count for each test that uses it. The folder is named by
`SPACEX_REACH`.
"""

import json
import os
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import coverage
import pytest


class Reach:
    """Switches the context of coverage to the test or the shared fixture that is executed."""

    def __init__(self) -> None:
        self.folder = Path(os.environ["SPACEX_REACH"])
        self.coverage = coverage.Coverage(
            data_file=str(self.folder / "coverage"),
            data_suffix=True,
            config_file=False,
            source_pkgs=["spacex", "flows"],
        )
        self.contexts = [""]
        self.tests: dict[str, dict[str, Any]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Record a test with its fixtures and its duration, s."""
        started = time.monotonic()
        self._enter(item.nodeid)
        outcome = yield
        self._leave()
        fixtures = getattr(item, "fixturenames", [])
        self.tests[item.nodeid] = {"s": time.monotonic() - started, "fixtures": fixtures}
        return outcome

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any]
    ) -> Generator[None, object, object]:
        """Record a shared fixture on its own."""
        shared = fixturedef.scope != "function"
        if shared:
            self._enter(f"fixture {fixturedef.argname}")
        try:
            return (yield)
        finally:
            if shared:
                self._leave()

    def pytest_sessionfinish(self) -> None:
        """Write what was recorded."""
        self.coverage.stop()
        self.coverage.save()
        (self.folder / f"tests.{os.getpid()}.json").write_text(json.dumps(self.tests))

    def _enter(self, context: str) -> None:
        self.contexts.append(context)
        self.coverage.switch_context(context)

    def _leave(self) -> None:
        self.contexts.pop()
        self.coverage.switch_context(self.contexts[-1])


def pytest_configure(config: pytest.Config) -> None:
    """Start to record in each process that executes tests."""
    if hasattr(config, "workerinput"):
        reach = Reach()
        reach.coverage.start()
        config.pluginmanager.register(reach)
