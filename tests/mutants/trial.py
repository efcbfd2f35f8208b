"""Try mutants: the tests that reach one are executed until one of them fails."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

from coverage import CoverageData

from spacex.settings import PROJECT
from tests.mutants.mutants import Mutant

SELECTED = "not browser and not long"
MOST_S = 60.0
"""Tests are executed for about this long, the closest ones first."""
PATIENCE_S = 60.0
"""How much longer than usual they may take, before a mutant counts as killed by the time limit."""
DASHBOARD = "dashboard"
"""Part that is tried with all its tests without a browser, if those known to reach a fault miss it:
in many of them servers and kernels are processes of their own, whose lines are not recorded."""
DASHBOARD_TEST_S = 1.0
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "default")

KILLED, SURVIVED, UNREACHED = "killed", "survived", "unreached"


class Test(NamedTuple):
    """A test that reaches a mutant."""

    name: str
    duration_s: float


class Reach:
    """Which tests reach which lines."""

    def __init__(self, folder: Path) -> None:
        self.tests: dict[str, dict[str, Any]] = {}
        for path in folder.glob("tests.*.json"):
            self.tests |= json.loads(path.read_text())
        self._data = CoverageData(str(folder / "all"))
        for path in folder.glob("coverage.*"):
            part = CoverageData(str(path))
            part.read()
            self._data.update(part)
        self._by_fixture: dict[str, set[str]] = defaultdict(set)
        for name, test in self.tests.items():
            for fixture in test["fixtures"]:
                self._by_fixture[fixture].add(name)

    def of(self, mutant: Mutant) -> list[Test]:
        """Return the tests that reach a mutant: those of the same name first, then quick ones.

        A statement of a module is executed at import. Of a constant, the tests count that reach a
        line of the module that names it, otherwise every test that reaches the module; if it has
        constants alone, every test of its folder.
        """
        by_line = self._data.contexts_by_lineno(str(PROJECT / mutant.path))
        for lines in (mutant.lines, mutant.uses(), by_line):
            contexts = {context for line in lines for context in by_line.get(line, ())}
            if contexts - {""}:
                break
        names = set().union(*map(self._names, contexts))
        if not names:
            folder = f"tests/{Path(mutant.path).parent.as_posix().removeprefix('spacex/')}/"
            names = {name for name in self.tests if name.startswith(folder)}
        stem = Path(mutant.path).stem
        tests = [Test(name, self.tests[name]["s"]) for name in names]
        tests.sort(key=lambda test: (f"test_{stem}.py" not in test.name, test.duration_s))
        return list(_within(tests, MOST_S))

    def _names(self, context: str) -> set[str]:
        """Return the tests of a context: one test, or all that use a fixture."""
        if context.startswith("fixture "):
            return self._by_fixture[context.removeprefix("fixture ")]
        return {context} & self.tests.keys()


def _within(tests: list[Test], seconds: float) -> Iterator[Test]:
    """Yield tests until they take longer than some seconds; one at least."""
    total_s = 0.0
    for test in tests:
        total_s += test.duration_s
        if total_s > seconds and total_s > test.duration_s:
            return
        yield test


def reach(folder: Path) -> Reach:
    """Return which lines each test reaches, as recorded in a folder, or by a run of the tests."""
    folder.mkdir(exist_ok=True)
    if not any(folder.iterdir()):
        command = [*PYTEST, "-p", "tests.mutants.reach", "-n", "2", "-m", SELECTED]
        environment = {**os.environ, "SPACEX_REACH": str(folder.resolve())}
        subprocess.run(command, cwd=PROJECT, env=environment, check=False)
    return Reach(folder)


def try_all(mutants: list[Mutant], found: Reach, jobs: int) -> Iterator[tuple[Mutant, str]]:
    """Try mutants in copies of the project, and yield each with its end."""
    with tempfile.TemporaryDirectory() as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(jobs):
            copies.put(copy := _copy(Path(folder) / str(number) / "project"))
        check_tests(copy, found.tests)
        dashboard = dashboard_tests(copy)

        def attempt(mutant: Mutant) -> tuple[Mutant, str]:
            copy = copies.get()
            tests = found.of(mutant) + (dashboard if mutant.part == DASHBOARD else [])
            try:
                return mutant, end_in(copy, mutant, tests)
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(attempt, mutants)


def _copy(folder: Path) -> Path:
    """Copy the project's files, with the recorded responses beside."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in listed.stdout.splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(PROJECT / name, folder / name)
    shared = PROJECT.parent / "shared"
    if shared.is_dir():
        (folder.parent / "shared").symlink_to(shared)
    return folder


def check_tests(copy: Path, names: Iterable[str]) -> None:
    """Check that the tests still exist; each mutant would count as killed by one that does not.

    Raises:
        SystemExit: some are missing.
    """
    command = [*PYTEST, "-n", "0", "--collect-only", f"@{_listed(copy, names)}"]
    done = subprocess.run(command, cwd=copy, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}Record anew what the tests reach.")


def dashboard_tests(copy: Path) -> list[Test]:
    """Return the tests of the dashboard without a browser."""
    command = [*PYTEST, "-n", "0", "--collect-only", "-m", SELECTED, "tests/dashboard"]
    found = subprocess.run(command, cwd=copy, check=False, capture_output=True, text=True)
    return [Test(name, DASHBOARD_TEST_S) for name in found.stdout.splitlines() if "::" in name]


def _listed(copy: Path, names: Iterable[str]) -> Path:
    """Write the names of tests to a file."""
    selection = copy.parent / "tests.txt"
    selection.write_text("".join(f"{name}\n" for name in names))
    return selection


def end_in(copy: Path, mutant: Mutant, tests: list[Test]) -> str:
    """Put a mutant into a copy of the project, execute the tests, and put the code back."""
    if not tests:
        return UNREACHED
    module = copy / mutant.path
    original = module.read_text("utf-8")
    module.write_text(mutant.code(), "utf-8")
    try:
        return end_of(copy, tests)
    finally:
        module.write_text(original, "utf-8")


def end_of(copy: Path, tests: list[Test]) -> str:
    """Execute tests until one fails."""
    selection = _listed(copy, [test.name for test in tests])
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        [*PYTEST, "-x", "-n", "0", f"@{selection}"],
        cwd=copy,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        code = process.wait(2 * sum(test.duration_s for test in tests) + PATIENCE_S)
    except subprocess.TimeoutExpired:
        code = 1
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return KILLED if code else SURVIVED
