"""Names of objects in GP lists, without what programs, spreadsheets and web pages add to them."""

import re

UNNAMED = "NORAD "
"""Beginning of the name of an object without one; its catalogue number follows."""

_INVISIBLE = re.compile(
    "[\0-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\ufffe\U000e0000-\U000e0fff]|\xef\xbb\xbf"
)
"""Zero-width and control characters, fillers, and byte order marks, also read as Latin-1.

Ends of lines are none of them."""
_BLANK = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]")
"""Blanks other than that of ASCII."""
_BEFORE = re.compile("(?:[^\\w\N{REPLACEMENT CHARACTER}]|0(?=\\s|[A-Z]{3}))+")
"""What no name begins with: quotes, marks, and the line number of TLE."""
_PROSE = re.compile("[a-z:=]")
_QUOTES = " \t\"'`\N{RIGHT SINGLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"


def visible(text: str) -> str:
    r"""Return a text without invisible characters, with blanks of ASCII.

    >>> visible("\ufeffSTARLINK-\u200b1007\xa0")
    'STARLINK-1007 '
    """
    if text.isascii() and text.isprintable():
        return text
    return _BLANK.sub(" ", _INVISIBLE.sub("", text))


def object_name(text: str) -> str:
    """Return the name in a text: without the `0` of TLE, quotes and invisible characters.

    >>> object_name('0 "STARLINK-1007"')
    'STARLINK-1007'
    """
    name = " ".join(visible(text).split())
    found = _BEFORE.match(f"{name} ")
    return name[found.end() if found else 0 :].rstrip(_QUOTES)


def name_stem(name: str) -> str:
    """Return the letters that a name begins with, which all names of a constellation share.

    >>> name_stem("STARLINK-1007")
    'STARLINK'
    """
    found = re.match(r"[A-Za-z]+", name)
    return found[0].upper() if found else name


def prose_signs(text: str) -> frozenset[str]:
    """Return the signs of prose in a text, `a` for small letters; the names of a list lack them.

    >>> sorted(prose_signs("Starlink: 20 objects")), sorted(prose_signs("STARLINK-1007"))
    ([':', 'a'], [])
    """
    return frozenset("a" if sign.islower() else sign for sign in _PROSE.findall(text))
