"""Each fault has the outcome of its row in `docs/reliability.md`.

If an outcome changes on purpose, `make reliability` writes the page again.
"""

import os

import pytest

from tests.faults import machine, services
from tests.faults.outcome import EITHER, NEW, NONE, UNCHANGED, outcome, rows

pytestmark = pytest.mark.long

FAULTS = [*services.faults(), *machine.faults()]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_outcome_matches_the_page(fault, made):
    if fault.needs_root and os.geteuid() != 0:
        pytest.skip("only root can inject this fault")
    assert outcome(fault, made).row(fault.name) == rows()[str(fault)]


def test_the_page_has_exactly_these_faults():
    listed = {name for name in rows() if not name.startswith("Processes: ")}
    assert listed == set(map(str, FAULTS))
    assert len(listed) >= 120


def test_the_page_has_no_partial_database_and_no_traceback():
    for row in rows().values():
        database = row.removesuffix(" |").rpartition(" | ")[2]
        assert database in {NEW, UNCHANGED, NONE, EITHER}
        assert "Traceback" not in row
