"""A page of a paged endpoint: whether the list is whole, and where the next page starts.

The address of the next page is compared with what must follow, and never requested.
"""

from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import msgspec

from spacex.errors import ResponseError
from spacex.sources.json_records import LATER, decoded

_REMEDY = f"The database is unchanged, and the stored pages stay in use. {LATER}"


class Page(msgspec.Struct):
    """A page.

    Attributes:
        results: the records.
        next: address of the next page; None if this is the last one.
        count: number of records on all pages; None if it is not stated.
    """

    results: list[msgspec.Raw]
    next: str | None = None
    count: int | None = None

    @property
    def digest(self) -> bytes:
        """The digest of the records."""
        return sha256(b",".join(map(bytes, self.results))).digest()


_DECODER = msgspec.json.Decoder(Page)


def read_page(body: bytes, url: str, host: str) -> Page:
    """Return a page whose next one is the one that must follow.

    Args:
        body: the response.
        url: its URL.
        host: a host that may be named in the address of the next page, besides that of the URL.

    Raises:
        ResponseError: it is no page; it is the last one, and records are lacking; or the next one
            is on another host, was read before, or leaves out records.
    """
    try:
        page = decoded(_DECODER, body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ResponseError(
            f"{url} returned no page of records: {error}.",
            remedy=f"The database is unchanged. {LATER}",
        ) from None
    end = offset_of(url) + len(page.results)
    if page.next is None:
        if end < (page.count or 0):
            raise wrong_page(
                f"{url} returned the last page after {end:,} of {page.count:,} records: the list "
                "is incomplete."
            )
    elif problem := _wrong_next(page.next, url, host, end):
        raise wrong_page(f"{url} names {page.next[:200]} as the next page, {problem}.")
    return page


def offset_of(url: str) -> int:
    """Return the number of records before a page; 0 if its URL does not tell.

    >>> offset_of("https://x.org/launches/?limit=100&offset=300")
    300
    """
    text = parse_qs(urlsplit(url).query).get("offset", ["0"])[0]
    return int(text) if text.isascii() and text.isdigit() else 0


def wrong_page(problem: str) -> ResponseError:
    """Return the error that says what is wrong with a page."""
    return ResponseError(problem, remedy=_REMEDY)


def _wrong_next(following: str, url: str, host: str, end: int) -> str:
    """Return what is wrong with the address of the next page; empty if nothing is."""
    try:
        address = urlsplit(following)
        name, offset = address.hostname, offset_of(following)
    except ValueError:
        return "which is no address"
    if address.scheme not in {"http", "https"}:
        return "which is no address on the web"
    if name not in {urlsplit(url).hostname, host}:
        return "which is on another host"
    if offset == offset_of(url):
        return "which is this page itself"
    if offset < end:
        return "which was read before"
    return "which leaves out records" if offset > end else ""
