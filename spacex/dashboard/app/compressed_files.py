"""Compression of the files that the dashboard serves, each once for all visitors."""

import zlib
from collections import OrderedDict
from typing import ClassVar

from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import Application, OutputTransform

TYPES = frozenset(
    (
        *("text/javascript", "application/javascript", "text/css", "application/json"),
        *("image/svg+xml", "text/html"),
        *("application/atom+xml", "text/calendar", "text/csv"),
    )
)
"""The content types that are compressed."""

KEPT_BYTES = 32 << 20
"""Most bytes of compressed files in memory; those of a page are 2 MB."""

_GZIP = zlib.MAX_WBITS | 16


class CompressedFiles(OutputTransform):
    """Sends a file with `gzip` encoding to a client that takes it.

    A file is known by its date. Answers without one, such as the page itself, are sent as they are:
    to compress what is secret beside what a visitor chooses would tell the secret by its length.
    """

    _kept: ClassVar[OrderedDict[str, bytes]] = OrderedDict()

    def __init__(self, request: HTTPServerRequest) -> None:
        """See `OutputTransform`."""
        takes = {each.strip() for each in request.headers.get("Accept-Encoding", "").split(",")}
        self._is_taken = request.method == "GET" and "gzip" in takes
        self._path, self._version = request.path, ""
        self._parts: list[bytes] = []
        self._compressor: zlib._Compress | None = None

    def transform_first_chunk(
        self,
        status_code: int,
        headers: HTTPHeaders,
        chunk: bytes,
        finishing: bool,  # noqa: FBT001
    ) -> tuple[int, HTTPHeaders, bytes]:
        """Return the status, the headers and the beginning of an answer, compressed.

        Args:
            status_code: the status.
            headers: the headers, which it changes.
            chunk: the beginning.
            finishing: whether it is all.
        """
        is_file = headers.get("Content-Type", "").partition(";")[0] in TYPES
        is_file = is_file and "Last-Modified" in headers
        if is_file:
            headers.add("Vary", "Accept-Encoding")
        if not (is_file and self._is_taken and status_code == 200):
            return status_code, headers, chunk
        headers["Content-Encoding"] = "gzip"
        self._version = headers.get("ETag") or f"{self._path} {headers['Last-Modified']}"
        if kept := self._kept.get(self._version):
            self._kept.move_to_end(self._version)
            headers["Content-Length"] = str(len(kept))
            return status_code, headers, kept
        self._compressor = zlib.compressobj(wbits=_GZIP)
        chunk = self.transform_chunk(chunk, finishing)
        if finishing:
            headers["Content-Length"] = str(len(chunk))
        else:
            headers.pop("Content-Length", None)
        return status_code, headers, chunk

    def transform_chunk(self, chunk: bytes, finishing: bool) -> bytes:  # noqa: FBT001
        """See `OutputTransform`."""
        if not self._version:
            return chunk
        if self._compressor is None:
            return b""  # all was sent with the first chunk
        compressed = self._compressor.compress(chunk)
        if finishing:
            compressed += self._compressor.flush()
        self._parts.append(compressed)
        if finishing:
            self._keep(b"".join(self._parts))
        return compressed

    def _keep(self, compressed: bytes) -> None:
        """Keep a compressed file, and forget those that were not asked for the longest."""
        self._kept[self._version] = compressed
        while sum(map(len, self._kept.values())) > KEPT_BYTES:
            self._kept.popitem(last=False)


def compress_files(app: Application) -> None:
    """Compress the files of an application."""
    app.add_transform(CompressedFiles)
