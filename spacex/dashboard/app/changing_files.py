"""Files that runs replace, with the version of each as it is now."""

from tornado.web import StaticFileHandler

from spacex.files import fingerprint


class ChangingFileHandler(StaticFileHandler):
    """Sends files that change; Tornado's handler takes the first version of a file for the last.

    With its tags, browsers and `CompressedFiles` would keep that version until the server ends.
    """

    def compute_etag(self) -> str | None:
        """Return a tag of the file itself; see `StaticFileHandler`."""
        version = fingerprint(self.absolute_path or "")
        return f'"{"-".join(f"{each:x}" for each in version)}"' if version else None
