"""`/feeds/`: the feeds that the last run wrote, as they are; nobody is asked for them."""

import re

from spacex.analysis.feeds import FEEDS
from spacex.dashboard.app.changing_files import ChangingFileHandler
from spacex.dashboard.app.feed_urls import FOLDER

PATH = rf"/{FOLDER}/({'|'.join(map(re.escape, FEEDS))})"


class FeedHandler(ChangingFileHandler):
    """Sends a feed; a program that has its newest version gets status 304."""

    def get_content_type(self) -> str:
        """See `StaticFileHandler`."""
        media_type = FEEDS[self.path].media_type
        is_text = media_type.startswith("text/")
        return f"{media_type}; charset=utf-8" if is_text else media_type

    def set_extra_headers(self, path: str) -> None:  # noqa: ARG002 - Tornado's
        """Let programs keep it, and ask each time whether it has changed."""
        self.set_header("Cache-Control", "no-cache")
        self.set_header("X-Content-Type-Options", "nosniff")
