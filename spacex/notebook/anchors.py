"""The places on a page that its list of contents links to."""


def anchor(heading: str) -> str:
    """Return the anchor that the writer of pages gives a heading.

    >>> anchor("How we know")
    'How-we-know'
    """
    return heading.replace(" ", "-")


def opening(heading: str) -> str:
    """Return the anchor inside a folded part below a heading: a browser that goes there opens it.

    >>> opening("How we know")
    'How-we-know-open'
    """
    return f"{anchor(heading)}-open"
