import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacex.extract.request_ledger import LedgerEntry
from spacex.extract.sealed_json import seal_of, sealed

FIELDS = frozenset(LedgerEntry.__struct_fields__)
ENTRY = LedgerEntry(requests_utc=["2026-01-01T00:00:00Z"], trouble='"é"\n')


def test_a_sealed_file_can_be_read_by_releases_that_know_no_digest():
    assert msgspec.json.decode(sealed(ENTRY), type=LedgerEntry) == ENTRY
    assert seal_of(sealed(ENTRY), FIELDS) == "intact"


def test_a_file_of_an_earlier_release_has_no_seal():
    assert seal_of(msgspec.json.encode(ENTRY), FIELDS) == "none"
    assert seal_of(msgspec.json.encode(ENTRY), frozenset()) == "broken"


@pytest.mark.attack("change a sidecar or request ledger", "found by its digest")
@given(position=st.integers(0), flip=st.integers(1, 255))
def test_any_changed_byte_breaks_the_seal(position, flip):
    content = bytearray(sealed(ENTRY))
    content[position % len(content)] ^= flip
    assert seal_of(bytes(content), FIELDS) == "broken"


@given(
    content=st.binary() | st.sampled_from([b"[" * 99_999, b"[]", b"1", b"null", b'{"a": 1e999}'])
)
def test_any_bytes_are_judged(content):
    assert seal_of(content, FIELDS) in {"broken", "none"}
