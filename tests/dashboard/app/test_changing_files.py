"""Files that runs replace are sent as they are now, whoever had the ones before."""

from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from spacex.analysis.feeds import FEEDS
from spacex.dashboard.app import feeds, reports
from spacex.dashboard.app.compressed_files import CompressedFiles
from spacex.files import write_atomically
from tests.dashboard.app.one_request import answer

Fetch = Callable[..., requests.Response]
OLD, NEW = b"<p>the old list of runs</p>" * 100, b"<p>the new list of runs</p>" * 100


@pytest.fixture
def fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fetch:
    """Return a function that requests a path, with headers, of a server of what runs write."""
    monkeypatch.setattr(CompressedFiles, "_kept", type(CompressedFiles._kept)())
    folder = str(tmp_path)
    handlers = [
        (reports.PATH, reports.ReportHandler, {"path": folder, "made": folder}),
        (feeds.PATH, feeds.FeedHandler, {"path": folder}),
    ]

    def fetch(path: str, method: str = "GET", **headers: str) -> requests.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return answer(handlers, path, method, named)

    return fetch


@pytest.mark.parametrize("path", ["/reports/index.html", "/feeds/launches.atom"])
@pytest.mark.parametrize("takes", ["gzip", "identity"])
def test_a_file_that_a_run_replaces_is_sent_anew(
    fetch: Fetch, tmp_path: Path, path: str, takes: str
) -> None:
    file = tmp_path / Path(path).name
    write_atomically(file, OLD)
    first = fetch(path, Accept_Encoding=takes)
    assert first.content == OLD
    assert first.headers.get("Content-Encoding", "identity") == takes
    same = fetch(path, Accept_Encoding=takes, If_None_Match=first.headers["ETag"])
    assert (same.status_code, same.content) == (304, b"")

    write_atomically(file, NEW)
    assert fetch(path, Accept_Encoding=takes).content == NEW
    changed = fetch(path, Accept_Encoding=takes, If_None_Match=first.headers["ETag"])
    assert (changed.status_code, changed.content) == (200, NEW)


TYPES = {
    "atom": "application/atom+xml",
    "ics": "text/calendar; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}


@pytest.mark.parametrize("name", FEEDS)
def test_feeds_have_their_types_and_are_asked_for_again(
    fetch: Fetch, tmp_path: Path, name: str
) -> None:
    path = f"/feeds/{name}"
    assert fetch(path).status_code == 404
    write_atomically(tmp_path / name, NEW)
    for method in ("GET", "HEAD"):
        found = fetch(path, method)
        assert (found.status_code, found.content) == (200, NEW if method == "GET" else b"")
        assert found.headers["Content-Type"] == TYPES[name.partition(".")[2]]
        assert found.headers["Cache-Control"] == "no-cache"
        assert found.headers["X-Content-Type-Options"] == "nosniff"
    since = fetch(path, If_Modified_Since=found.headers["Last-Modified"])
    assert since.status_code == 304


@pytest.mark.attack("read other files of the data folder as a feed", "404")
@pytest.mark.parametrize(
    "name",
    ["", ".lock", "launches.atom.abcdefgh.tmp", "../starlink.db", "%2e%2e/starlink.db", "x.atom"],
)
def test_other_files_are_no_feeds(fetch: Fetch, tmp_path: Path, name: str) -> None:
    for each in (".lock", "launches.atom.abcdefgh.tmp", "x.atom", "../starlink.db"):
        (tmp_path / each).write_text("secret")
    assert fetch(f"/feeds/{name}").status_code == 404
