"""Files are sent compressed, each compressed once, and are what they were."""

import gzip
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from tornado.web import RequestHandler, StaticFileHandler

from spacex.dashboard.app import compressed_files
from spacex.dashboard.app.compressed_files import CompressedFiles
from tests.dashboard.app.one_request import answer
from tests.dashboard.conftest import Site

SCRIPT = b"let fleet = 10_800;\n" * 20_000  # several chunks of Tornado


class _Page(RequestHandler):
    def get(self) -> None:
        self.finish("<p>secret</p>" * 1000)


@pytest.fixture
def fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., requests.Response]:
    """Return a function that requests a path of a server of a folder with these files."""
    monkeypatch.setattr(CompressedFiles, "_kept", type(CompressedFiles._kept)())
    (tmp_path / "script.js").write_bytes(SCRIPT)
    (tmp_path / "picture.png").write_bytes(SCRIPT)

    handlers = [("/page", _Page), ("/(.*)", StaticFileHandler, {"path": str(tmp_path)})]

    def fetch(
        path: str, method: str = "GET", takes: str = "br, gzip", part: str = ""
    ) -> requests.Response:
        asked_for = {"Range": part} if part else {}
        return answer(handlers, path, method, {"Accept-Encoding": takes, **asked_for})

    return fetch


def test_a_file_is_sent_compressed_and_the_same_again(fetch, monkeypatch) -> None:
    first = fetch("/script.js")
    monkeypatch.setattr(compressed_files.zlib, "compressobj", None)  # not compressed again
    again = fetch("/script.js")
    for each in (first, again):
        assert each.headers["Content-Encoding"] == "gzip"
        assert each.headers["Vary"] == "Accept-Encoding"
        assert each.content == SCRIPT
    assert int(again.headers["Content-Length"]) < len(SCRIPT) / 50


@pytest.mark.parametrize(
    ("path", "method", "takes"),
    [
        ("/script.js", "GET", "identity"),
        ("/script.js", "HEAD", "gzip"),
        ("/picture.png", "GET", "gzip"),
        ("/page", "GET", "gzip"),
    ],
)
def test_other_answers_are_sent_as_they_are(fetch, path: str, method: str, takes: str) -> None:
    found = fetch(path, method, takes)
    assert found.status_code == 200
    assert "Content-Encoding" not in found.headers


def test_a_part_of_a_file_is_not_compressed(fetch) -> None:
    found = fetch("/script.js", part="bytes=0-99")
    assert (found.status_code, found.content) == (206, SCRIPT[:100])
    assert "Content-Encoding" not in found.headers


def test_files_that_were_not_asked_for_the_longest_are_forgotten(fetch, monkeypatch) -> None:
    fetch("/script.js")
    (kept,) = CompressedFiles._kept.values()
    assert gzip.decompress(kept) == zlib.decompress(kept, zlib.MAX_WBITS | 16) == SCRIPT
    monkeypatch.setattr(compressed_files, "KEPT_BYTES", len(kept) - 1)
    monkeypatch.setattr(CompressedFiles, "_kept", type(CompressedFiles._kept)())
    assert fetch("/script.js").content == SCRIPT
    assert not CompressedFiles._kept


def test_the_dashboard_compresses_what_a_page_loads_and_has_widgets_kept(site: Site) -> None:
    page = requests.get(site.url, timeout=60)
    assert "Content-Encoding" not in page.headers
    widgets = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    (entry,) = widgets.glob("anywidget/static/remoteEntry.*.js")
    path = entry.relative_to(widgets).as_posix()
    found = requests.get(f"{site.url.rstrip('/')}/voila/labextensions/{path}", timeout=60)
    assert found.content == entry.read_bytes()
    assert found.headers["Content-Encoding"] == "gzip"
    assert found.headers["Cache-Control"] == "private, max-age=31536000, immutable"
