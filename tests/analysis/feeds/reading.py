"""Read feeds as other programs do, and check them against the schema of Atom."""

import re
from functools import cache
from html import unescape
from pathlib import Path

import feedparser
from lxml import etree

from spacex.analysis.feeds import ATOM
from spacex.analysis.feeds.atom import TAG

ADDRESS = "http://127.0.0.1:8866/feeds/changes.atom"
"""Where readers have a feed from."""
HEADERS = {"content-location": ADDRESS, "content-type": ATOM}
Entry = feedparser.FeedParserDict


@cache
def _schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))


def parsed(content: bytes) -> feedparser.FeedParserDict:
    """Return a feed as a reader sees it, after the schema has accepted it."""
    _schema().assertValid(etree.fromstring(content))
    found = feedparser.parse(content, response_headers=HEADERS)
    assert found.bozo == 0
    return found


def entries(content: bytes) -> dict[str, Entry]:
    """Return the entries of a feed by what identifies each; two of one ID are an error."""
    found = parsed(content).entries
    named = {each.id.removeprefix(TAG): each for each in found}
    assert len(named) == len(found)
    return named


def items(entry: Entry) -> list[str]:
    """Return the items that an entry lists."""
    return [unescape(each) for each in re.findall("<li>(.*?)</li>", entry.content[0].value)]
