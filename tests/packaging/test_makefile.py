"""Which interpreter make uses, and what it says if there is none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from spacex.settings import PROJECT

VERSION = "{}.{}".format(*sys.version_info)


def make(*arguments: str) -> tuple[int, str]:
    """Run make without its commands, except for `$(UV)`; return exit code and output."""
    # The make that runs the tests passes its own arguments on, each as a variable too.
    passed_on = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "PYTHON", "VENV", "ARGS"}
    environment = {name: value for name, value in os.environ.items() if name not in passed_on}
    done = subprocess.run(
        ["make", "-C", str(PROJECT), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def old_environment(tmp_path: Path) -> Path:
    """A virtual environment of another Python, with uv and all packages."""
    (tmp_path / "bin").mkdir()
    for name in ("bin/python", "bin/uv"):
        (tmp_path / name).write_text("#!/bin/sh\necho 3.9\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "run").touch()
    return tmp_path


def test_another_python_than_that_of_the_environment_is_reported(old_environment):
    code, output = make("-n", "status", f"VENV={old_environment}", f"PYTHON={sys.executable}")
    assert code == 2
    assert f"{old_environment} has Python 3.9, but {sys.executable} is {VERSION}." in output
    assert f"make clean, then make status PYTHON={sys.executable}" in output


def test_a_missing_python_is_reported_beside_an_environment(old_environment):
    code, output = make("-n", "status", f"VENV={old_environment}", "PYTHON=python4")
    assert (code, "but python4 is missing." in output) == (2, True)


@pytest.mark.parametrize(
    "arguments", [("status",), ("status", "PYTHON={venv}/bin/python"), ("clean", "PYTHON=python4")]
)
def test_the_environment_is_used_otherwise(old_environment, arguments):
    given = [each.format(venv=old_environment) for each in arguments]
    assert make("-n", *given, f"VENV={old_environment}")[0] == 0


def test_a_missing_python_says_what_to_install(tmp_path):
    code, output = make("status", f"VENV={tmp_path / 'new'}", "PYTHON=python4")
    assert code == 2
    assert "python4 is missing: install Python 3.11 or newer" in output
    assert not (tmp_path / "new").exists()
