"""The packages: pinned with their hashes, and of licences that ask nothing of who uses this."""

import re

import pytest

from tests.supply.licences import PAGE, licence, listed
from tests.supply.lock import DEVELOPERS_LOCK, LOCK, packages

FREE = re.compile(r"MIT|BSD|Apache|ISC|PSF|Python Software|MPL|Mozilla|Artistic|Zlib|CC0|0BSD|CNRI")
"""Licences that let this be used and given on; those of them that ask for their own files' source
ask it of who changes these."""


@pytest.mark.parametrize("lock", [LOCK, DEVELOPERS_LOCK], ids=lambda lock: lock.name)
def test_every_package_is_pinned_with_its_hashes(lock):
    found = packages(lock)
    text = lock.read_text()
    assert len(found) == len(re.findall(r"^\S+==", text, re.MULTILINE)) > 10
    assert re.findall(r"^[^\s#]", text, re.MULTILINE) == [each.name[0] for each in found]
    for each in found:
        assert each.hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in each.hashes)


def test_the_page_lists_the_licence_of_every_package():
    known = listed()
    assert list(known) == list(dict.fromkeys(each.name for each in packages(LOCK)))
    stated = {name: licence(name) for name in known}
    differ = {name: told for name, told in stated.items() if told not in {None, known[name]}}
    assert differ == {}, f"{PAGE.name}: python -m tests.supply.licences"


@pytest.mark.parametrize("name", sorted(listed()))
def test_every_licence_is_a_free_one(name):
    assert FREE.search(listed()[name])
