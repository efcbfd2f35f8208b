"""The addresses of the feeds, for the pages, which need no server."""

import os

from spacex.dashboard.ui.assets import VERSION_VARIABLE

FOLDER = "feeds"
"""URL path of the feeds, relative to the page."""


def feed_url(name: str) -> str | None:
    """Return the URL of a feed, relative to the page; None without the server."""
    return f"{FOLDER}/{name}" if VERSION_VARIABLE in os.environ else None
