"""Each fault's outcome is that of its line in `docs/reliability.md`.

Where a line is to change, `make reliability` writes the page anew.
"""

import os

import pytest

from tests.faults import machine, services
from tests.faults.outcome import EITHER, NEW, NONE, UNCHANGED, lines, outcome
from tests.faults.world import make

FAULTS = [*services.faults(), *machine.faults()]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    make(folder)
    return folder


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_ends_as_the_page_says(fault, made):
    if fault.needs_root and os.geteuid() != 0:
        pytest.skip("only root can make this fault")
    assert outcome(fault, made).line(fault.name) == lines()[str(fault)]


def test_the_page_tells_of_these_faults_and_no_others():
    told = {name for name in lines() if not name.startswith("Processes: ")}
    assert told == set(map(str, FAULTS))
    assert len(told) >= 120


def test_the_page_knows_whole_databases_only_and_no_traceback():
    for line in lines().values():
        database = line.removesuffix(" |").rpartition(" | ")[2]
        assert database in {NEW, UNCHANGED, NONE, EITHER}
        assert "Traceback" not in line
