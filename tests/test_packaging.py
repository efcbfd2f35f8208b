"""The lock, the environments and the project file agree."""

import re
import tomllib
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from spacex import __version__
from spacex.settings import PROJECT

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())
LOCKS = ("requirements.lock", "requirements-dev.lock")
PYTHONS = ("3.11", "3.12", "3.13")


def locked(name: str) -> list[tuple[Requirement, list[str]]]:
    """The requirements of a lock file, each with its hashes."""
    found = []
    for entry in re.split(r"\n(?=\S)", (PROJECT / name).read_text().strip()):
        requirement, *hashes = re.split(r"\s*\\\n\s*--hash=", entry)
        found.append((Requirement(requirement), hashes))
    return found


def pinned(lock: str, python: str) -> dict[str, str]:
    """Return package → version that a lock, with those it extends, chooses for Linux."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    return {
        canonicalize_name(requirement.name): str(requirement.specifier).removeprefix("==")
        for name in LOCKS[: LOCKS.index(lock) + 1]
        for requirement, _ in locked(name)
        if requirement.marker is None or requirement.marker.evaluate(environment)
    }


def wanted(lock: str) -> list[Requirement]:
    groups = PYPROJECT["dependency-groups"]
    names = [*PYPROJECT["project"]["dependencies"], *groups["build"]]
    return [Requirement(each) for each in names + (groups["dev"] if "dev" in lock else [])]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_by_version_and_hash(lock):
    for requirement, hashes in locked(lock):
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), requirement
        assert hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_to_get_packages_from(lock):
    assert "://" not in (PROJECT / lock).read_text()


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("python", PYTHONS)
def test_a_lock_satisfies_the_project_file(lock, python):
    chosen = pinned(lock, python)
    for requirement in wanted(lock):
        assert requirement.specifier.contains(chosen[canonicalize_name(requirement.name)])


def test_the_development_lock_holds_only_what_development_adds():
    names = [{each.name for each, _ in locked(lock)} for lock in LOCKS]
    assert names[0].isdisjoint(names[1])


def test_what_is_installed_here_is_what_is_locked():
    for requirement, _ in [entry for lock in LOCKS for entry in locked(lock)]:
        if requirement.marker is None or requirement.marker.evaluate():
            assert requirement.specifier.contains(version(requirement.name)), requirement


def test_conda_takes_the_same_lock_and_the_newest_python_of_the_lock():
    lines = [line.strip() for line in (PROJECT / "environment.yml").read_text().splitlines()]
    assert f"- python={PYTHONS[-1]}" in lines
    assert "- --requirement requirements.lock" in lines
    assert not [line for line in lines if re.search(r"[=<>]=", line)]


def test_the_oldest_python_is_the_one_the_lock_begins_with():
    assert PYPROJECT["project"]["requires-python"] == f">={PYTHONS[0]}"
    assert f"--python-version {PYTHONS[0]}" in (PROJECT / "Makefile").read_text()


def test_the_version_is_said_alike():
    assert PYPROJECT["project"]["version"] == __version__
    assert f"## {__version__}" in (PROJECT / "CHANGELOG.md").read_text()
