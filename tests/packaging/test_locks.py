"""The lock files pin every requirement, and agree with the project file and the environments."""

import re
import tomllib
from importlib.metadata import requires, version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from spacex.analysis.exports import NEEDS
from spacex.settings import PROJECT
from tests.packaging.licences import PAGE, listed, page
from tests.packaging.locks import DEV_LOCK, LOCK, LOCKS, locked, names

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())
EXTRA = PYPROJECT["project"]["optional-dependencies"]["export"]
PYTHONS = ("3.11", "3.12", "3.13")
FREE = re.compile(r"MIT|BSD|Apache|ISC|PSF|Python Software|MPL|Mozilla|Artistic|Zlib|CC0|0BSD|CNRI")
"""Licences that allow use and redistribution without conditions on this project's own code."""


@pytest.mark.attack("replace a package on its index", "refused by its hash")
@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_is_pinned_by_version_and_hash(lock):
    assert len(locked(lock)) >= 15
    assert "://" not in lock.read_text(), "no package index is named"
    for requirement, hashes in locked(lock):
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), requirement
        assert hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes)


@pytest.mark.parametrize("python", PYTHONS)
def test_the_locks_satisfy_the_project_file(python):
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    groups, pinned = PYPROJECT["dependency-groups"], {}
    for lock, added in (LOCK, groups["build"]), (DEV_LOCK, [*groups["dev"], *EXTRA]):
        for requirement, _ in locked(lock):
            if requirement.marker is None or requirement.marker.evaluate(environment):
                pinned[canonicalize_name(requirement.name)] = str(requirement.specifier)[2:]
        for wanted in map(Requirement, PYPROJECT["project"]["dependencies"] + added):
            assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), wanted


def test_the_extra_has_what_exports_need_and_is_no_burden_of_others():
    assert set(EXTRA) == {package for needed in NEEDS.values() for package in needed}
    assert {Requirement(each).name for each in EXTRA}.isdisjoint(names(LOCK))


def test_the_development_lock_holds_only_what_development_adds():
    assert set(names(LOCK)).isdisjoint(names(DEV_LOCK))


def test_the_installed_packages_are_the_locked_ones():
    for requirement, _ in [*locked(LOCK), *locked(DEV_LOCK)]:
        if requirement.marker is None or requirement.marker.evaluate():
            assert requirement.specifier.contains(version(requirement.name)), requirement


def test_the_lock_lacks_only_what_is_overridden():
    overridden = {
        Requirement(each).name for each in PYPROJECT["tool"]["uv"]["override-dependencies"]
    }
    pinned = {canonicalize_name(name) for name in names(LOCK)}
    found, pending = set(), list(map(Requirement, PYPROJECT["project"]["dependencies"]))
    while pending:
        wanted = pending.pop()
        name = canonicalize_name(wanted.name)
        if (name, *sorted(wanted.extras)) in found or name in overridden:
            continue
        found.add((name, *sorted(wanted.extras)))
        assert name in pinned, wanted
        pending += [
            each
            for each in map(Requirement, requires(name) or ())
            if any(
                each.marker is None or each.marker.evaluate({"extra": extra})
                for extra in wanted.extras or {""}
            )
        ]


def test_installers_outside_the_project_do_not_look_for_what_is_overridden():
    assert "--no-deps --require-hashes -r requirements.lock" in (PROJECT / "Dockerfile").read_text()
    assert "PIP_NO_DEPS=1 conda env create" in (PROJECT / "environment.yml").read_text()


def test_conda_uses_the_lock_and_its_newest_python():
    lines = [line.strip() for line in (PROJECT / "environment.yml").read_text().splitlines()]
    assert f"- python={PYTHONS[-1]}" in lines
    assert "- --requirement requirements.lock" in lines
    assert not [line for line in lines if re.search(r"[=<>]=", line)]


def test_the_lock_starts_at_the_oldest_supported_python():
    assert PYPROJECT["project"]["requires-python"] == f">={PYTHONS[0]}"
    assert f"--python-version {PYTHONS[0]}" in (PROJECT / "Makefile").read_text()


def test_the_licence_of_every_package_is_listed_and_free():
    assert PAGE.read_text() == page(), "make licences"
    assert {name: text for name, text in listed().items() if not FREE.search(text)} == {}
