"""Atom feeds (RFC 4287) of facts, each told by one entry with an ID of its own (RFC 4151).

The ID is made of what identifies the fact in the database, so that whoever makes the feed again,
after a kill or on another machine, gives the fact the same ID. A reader tells each ID once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from spacex.analysis.feeds import ATOM
from spacex.sources.object_names import visible

AUTHOR = "SpaceX Insights"
TAG = "tag:spacex-insights.invalid,2026:"
"""Beginning of the IDs. Nobody else can make such ones, because nobody gets a name in `.invalid`.

Never change it: readers would tell everything again."""
SAMPLE = "sample/"
"""What the IDs of facts of the bundled sample continue with, which are none of the real fleet."""
SIMULATED = "SIMULATED SAMPLE, not the data of a service"

_NAMESPACE, _XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
_IN_TAGS = "/:@!$&'()*+,;="


@dataclass(frozen=True)
class Entry:
    """A fact that a feed tells.

    Attributes:
        key: what identifies it, for good; the feeds share their entries.
        title: the fact in a line.
        updated: its instant.
        lines: the fact in full: sentences.
        items: what it is made of, to be listed after the sentences.
        link: the page that shows it, relative to the folder of the feeds.
        categories: its kind and its sources.
    """

    key: str
    title: str
    updated: str
    lines: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    link: str = "../"
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Channel:
    """What a feed says of itself.

    Attributes:
        name: the name of its file.
        title: what it is about.
        subtitle: what its entries are.
        credits: the terms and credit of each source.
        is_simulated: whether the facts are those of the bundled sample.
        began_utc: the instant of a feed without entries.
    """

    name: str
    title: str
    subtitle: str
    credits: tuple[str, ...] = ()
    is_simulated: bool = False
    began_utc: str = "2026-01-01T00:00:00Z"


def page(name: str, **choices: object) -> str:
    """Return the address of a page of the dashboard, relative to the folder of the feeds."""
    return f"../?{urlencode({'page': name, **choices})}"


def newest(entries: Iterable[Entry], most: int) -> list[Entry]:
    """Return the newest entries, in their order in a feed.

    Args:
        entries: the entries, in any order.
        most: how many.
    """
    return sorted(entries, key=lambda each: (each.updated, each.key), reverse=True)[:most]


def feed(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """Return a feed; the same entries make the same bytes.

    Args:
        channel: what it says of itself.
        entries: its entries, the newest first.
    """
    root = Element("feed", {"xmlns": _NAMESPACE, "xml:lang": "en"})
    sample = SAMPLE if channel.is_simulated else ""
    _text(root, "id", _tag(f"{sample}feeds/{channel.name}"))
    _text(root, "title", _marked(f"{AUTHOR}: {channel.title}", channel))
    _text(root, "subtitle", channel.subtitle)
    _text(root, "updated", max((each.updated for each in entries), default=channel.began_utc))
    _text(SubElement(root, "author"), "name", AUTHOR)
    SubElement(root, "link", rel="self", type=ATOM, href=channel.name)
    SubElement(root, "link", rel="alternate", type="text/html", href="../")
    _text(root, "generator", AUTHOR)
    if channel.credits:
        _text(root, "rights", " ".join(sentences(channel.credits)))
    for each in entries:
        _add(root, each, channel)
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _add(root: Element, entry: Entry, channel: Channel) -> None:
    sample = SAMPLE if channel.is_simulated else ""
    element = SubElement(root, "entry")
    _text(element, "id", _tag(f"{sample}{entry.key}"))
    _text(element, "title", _marked(entry.title, channel))
    _text(element, "updated", entry.updated)
    SubElement(element, "link", rel="alternate", type="text/html", href=entry.link)
    for each in entry.categories:
        SubElement(element, "category", term=plain(each))
    content = SubElement(element, "content", type="xhtml")
    division = SubElement(content, "div", xmlns=_XHTML)
    lines = (f"{SIMULATED}.", *entry.lines) if channel.is_simulated else entry.lines
    for line in lines or (entry.title,):
        _text(division, "p", line)
    if entry.items:
        items = SubElement(division, "ul")
        for item in entry.items:
            _text(items, "li", item)


def plain(text: str) -> str:
    r"""Return a text in one line, without characters that are invisible or not allowed in XML.

    >>> plain("Starlink\0 7-1\n\u202egnp.exe")
    'Starlink 7-1 gnp.exe'
    """
    words = " ".join(visible(text).split())
    return words if words.isprintable() else "".join(filter(str.isprintable, words))


def sentences(credits_: Iterable[str]) -> list[str]:
    """Return terms and credits as sentences."""
    return [f"{each.rstrip('.')}." for each in credits_]


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = plain(text)


def _marked(title: str, channel: Channel) -> str:
    return f"{title} (simulated sample)" if channel.is_simulated else title


def _tag(specific: str) -> str:
    return f"{TAG}{quote(plain(specific), safe=_IN_TAGS)}"
