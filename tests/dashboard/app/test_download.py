"""Downloads of tables as CSV."""

import asyncio
import csv
import errno
import io
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pandas as pd
import pytest
from tornado.web import HTTPError

from spacex.analysis import queries
from spacex.dashboard.app.download import DOWNLOADS, write_csv
from spacex.dashboard.app.voila_app import DownloadHandler
from spacex.errors import DatabaseError
from spacex.settings import Settings
from tests.dashboard.app.test_abuse import request
from tests.dashboard.conftest import Site, status


@pytest.mark.parametrize("name", DOWNLOADS)
def test_every_table_and_view_is_complete(sampled: Settings, name: str) -> None:
    file = io.StringIO()
    write_csv(sampled.database, name, file)
    rows = pd.read_csv(io.StringIO(file.getvalue()), low_memory=False)
    whole = queries.query(sampled.database, f"SELECT * FROM {name}")  # noqa: S608
    assert list(rows.columns) == list(whole.columns)
    assert len(rows) == len(whole)


@pytest.mark.attack("download internal tables, or SQL as a table's name", "refused")
@pytest.mark.parametrize("name", ["sqlite_master", "launches; DROP TABLE launches", "nothing"])
def test_other_names_are_refused(sampled: Settings, name: str) -> None:
    with pytest.raises(DatabaseError, match="no table"):
        write_csv(sampled.database, name, io.StringIO())


IGNORED = ("", " ", "   ", "\t", "\n", "\r\n", "\u00a0", "\u200b", "\ufeff", "\0", " \n\t ")
"""What spreadsheets skip at the start of a cell."""
FORMULAS = [f"{ignored}{start}1" for start in "=+-@＝＋－＠" for ignored in IGNORED]  # noqa: RUF001
HARMLESS = ["a=b", "1 + 2", "a-b", "  a", "a\n=1"]


@pytest.mark.attack(
    "have a spreadsheet run text, also after blanks, line breaks, invisible characters",
    "an apostrophe makes it text",
)
def test_formulas_are_escaped_for_spreadsheets(sampled: Settings, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(sampled.database.read_bytes())
    texts = [*FORMULAS, *HARMLESS]
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("DELETE FROM launchpads")
        connection.executemany(
            "INSERT INTO launchpads (launchpad_id, name) VALUES (?, ?)",
            [(f"{number:03}", text) for number, text in enumerate(texts)],
        )
    file = io.StringIO()
    write_csv(copy, "launchpads", file)
    file.seek(0)
    names = [row["name"] for row in csv.DictReader(file)]
    assert names == [*(f"'{text}" for text in FORMULAS), *HARMLESS]


def test_the_server_sends_tables_and_nothing_else(site: Site) -> None:
    with urlopen(f"{site.url}dashboard/tables/rockets.csv", timeout=20) as response:  # noqa: S310
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert response.read().decode().startswith("rocket_id,name")
    assert status(f"{site.url}dashboard/tables/sqlite_master.csv") == 404


@pytest.mark.parametrize("name", ["rockets", "sqlite_master"])
def test_head_has_the_headers_of_a_table(site: Site, name: str) -> None:
    path = f"dashboard/tables/{name}.csv"
    get, head = (request(site, path, method) for method in ("GET", "HEAD"))
    assert head.status == get.status
    assert head.body == b""
    described = ("Content-Type", "Content-Disposition")
    assert [head.headers[each] for each in described] == [get.headers[each] for each in described]
    assert head.headers["Content-Length"] != "0"


def test_head_reads_no_rows(monkeypatch: pytest.MonkeyPatch, sampled: Settings) -> None:
    def read(*_: object) -> None:
        raise AssertionError("rows are read")

    monkeypatch.setattr("spacex.dashboard.app.voila_app.write_csv", read)
    asyncio.run(download_handler(sampled.database).head("rockets"))


def download_handler(database: Path) -> DownloadHandler:
    """Return a handler without a connection."""

    class Handler(DownloadHandler):
        def __init__(self) -> None:
            self.initialize(database)

        def set_header(self, *_: object) -> None:
            pass

        async def flush(self) -> None:  # type: ignore[override]
            pass

    return Handler()


@pytest.mark.attack("fill `/tmp` by downloads that are read slowly", "503; the page goes on")
def test_a_full_disk_is_no_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("spacex.dashboard.app.voila_app.write_csv", full)
    with pytest.raises(HTTPError) as caught:
        asyncio.run(download_handler(tmp_path / "any.db").get("rockets"))
    assert caught.value.status_code == 503


@pytest.mark.parametrize("method", ["get", "head"])
def test_without_a_database_a_table_is_unavailable(tmp_path: Path, method: str) -> None:
    handler = download_handler(tmp_path / "any.db")
    with pytest.raises(HTTPError) as caught:
        asyncio.run(getattr(handler, method)("rockets"))
    assert caught.value.status_code == 503
