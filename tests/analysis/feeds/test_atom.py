"""Atom feeds are valid, and tell their texts and nothing else."""

import re

import pytest
from lxml import etree

from spacex.analysis.feeds.atom import TAG, Channel, Entry, feed, newest, page
from tests.analysis.feeds.reading import ADDRESS, entries, parsed

CHANNEL = Channel("changes.atom", "Changes", "What changed.", ("CelesTrak: free to use",))
AT = "2026-11-01T12:00:00Z"
HOSTILE = "<script>alert(1)</script> & ]]> \"'\0\x1b[31m\u202e\ud83d\ufffe \N{ROCKET}\nend"


def test_a_feed_is_what_another_reader_reads() -> None:
    entry = Entry(
        "changes/celestrak/2026-11-01T12:00:00Z/unlisted",
        "2 satellites no longer listed",
        AT,
        ("Compared.",),
        ("STARLINK-1 (1)", "STARLINK-2 (2)"),
        page("changes", kind="unlisted"),
        ("unlisted", "CelesTrak"),
    )
    found = parsed(feed(CHANNEL, [entry]))
    assert found.version == "atom10"
    assert found.feed.title == "SpaceX Insights: Changes"
    assert found.feed.id == f"{TAG}feeds/changes.atom"
    assert found.feed.updated == AT
    assert found.feed.rights == "CelesTrak: free to use."
    assert {each.rel: each.href for each in found.feed.links} == {
        "self": ADDRESS,
        "alternate": "http://127.0.0.1:8866/",
    }
    (read,) = found.entries
    assert read.id == f"{TAG}{entry.key}"
    assert (read.title, read.updated) == (entry.title, AT)
    assert read.link == "http://127.0.0.1:8866/?page=changes&kind=unlisted"
    assert [each.term for each in read.tags] == ["unlisted", "CelesTrak"]
    text = re.sub(r"<[^>]+>|\s+", " ", read.content[0].value).split()
    assert text == ["Compared.", "STARLINK-1", "(1)", "STARLINK-2", "(2)"]


def test_a_feed_without_entries_is_valid_and_the_same_each_time() -> None:
    content = feed(CHANNEL, [])
    assert parsed(content).feed.updated == CHANNEL.began_utc
    assert feed(CHANNEL, []) == content


def test_a_feed_is_as_new_as_its_newest_entry_whatever_their_order() -> None:
    mixed = [Entry(f"{day}", "x", f"2026-11-{day:02d}T00:00:00Z") for day in (2, 9, 5)]
    assert [each.key for each in newest(mixed, 2)] == ["9", "5"]
    assert parsed(feed(CHANNEL, mixed)).feed.updated == "2026-11-09T00:00:00Z"


@pytest.mark.attack("put markup and control characters into names, to forge a feed", "escaped")
def test_hostile_text_is_only_text() -> None:
    entry = Entry(HOSTILE, HOSTILE, AT, (HOSTILE,), (HOSTILE,), "../", (HOSTILE,))
    shown = "<script>alert(1)</script> & ]]> \"'[31m \N{ROCKET} end"
    content = feed(CHANNEL, [entry])
    (element,) = etree.fromstring(content).iter("{*}entry")
    tags = {etree.QName(each).localname for each in element.iter()}
    assert "script" not in tags
    assert [each.text for each in element.iter("{*}p", "{*}li", "{*}title")] == [shown] * 3
    (found,) = entries(content)
    assert re.fullmatch(r"[\w%.~/:@!$&'()*+,;=-]+", found)


def test_the_sample_is_marked_and_has_ids_of_its_own() -> None:
    sample = Channel("changes.atom", "Changes", "What changed.", is_simulated=True)
    found = parsed(feed(sample, [Entry("a", "New", AT)]))
    assert found.feed.title == "SpaceX Insights: Changes (simulated sample)"
    (entry,) = found.entries
    assert entry.title == "New (simulated sample)"
    assert entry.id == f"{TAG}sample/a"
    assert "SIMULATED SAMPLE" in entry.content[0].value
