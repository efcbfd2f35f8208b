"""What the ledger of a host says of the services on it."""

import pytest

from spacex.extract.request_ledger import Ledger, LedgerEntry, Pause

FILES = {
    "gcat/objects/satcat.tsv": Pause("2026-11-25T14:00:00Z", "first file"),
    "gcat/objects/auxcat.tsv": Pause("2026-11-25T15:00:00Z", "second file"),
    "other/objects/gcat": Pause("2026-11-25T16:00:00Z", "another service"),
}


@pytest.mark.parametrize(
    ("source", "host_until", "trouble"),
    [
        ("gcat", "", "first file"),
        ("gcat", "2026-11-25T13:59:59Z", "first file"),
        ("gcat", "2026-11-25T14:00:01Z", "host"),
        ("other", "2026-11-25T14:00:00Z", "another service"),
        ("objects", "2026-11-25T14:00:00Z", "host"),
    ],
)
def test_a_service_waits_for_its_host_and_the_first_of_its_files(source, host_until, trouble):
    entry = LedgerEntry(next_utc=host_until, trouble="host", files=FILES)
    assert entry.pause_of(source).trouble == trouble


def test_what_a_killed_process_left_unfinished_is_removed(tmp_path):
    for name in ("ledger.json.o1_2x3y4.tmp", "mine.tmp"):
        (tmp_path / name).write_bytes(b"half")
    Ledger(tmp_path / "ledger.json").count(is_refused=False)
    assert {path.name for path in tmp_path.iterdir()} == {"ledger.json", "ledger.lock", "mine.tmp"}
